"""Which places a booking takes (BO-3): the lowest that are free, of the user with fewest bookings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.services.claim_rules import (
	Choice,
	Claim,
	Taken,
	choose,
	service_resource,
	user_resource,
)
from lead_inbox.bookings.services.slot_rules import TICK

NOON = datetime(2026, 6, 1, 12, tzinfo=timezone.utc)
USERS = ("ann", "bob", "cy")
SERVICE = "Boiler Service"


def ticks(minutes: int = 10, start: datetime = NOON) -> list[datetime]:
	return [start + TICK * number for number in range(minutes // 5)]


def choice(*taken: Choice, users: Sequence[str] = (), **options: Any) -> Choice | None:
	values = {"service": SERVICE, "capacity": 1, "ticks": ticks(), "bookings_that_day": {}, "over": False}
	claims = (claim for other in taken for claim in other.claims)
	return choose(users=users, taken=Taken(claims), **{**values, **options})


def seats(of: Choice) -> list[int]:
	return [claim.seat for claim in of.claims if claim.resource == service_resource(SERVICE)]


def test_a_booking_takes_each_tick_of_its_time():
	assert choice() == Choice(None, tuple(Claim("service:Boiler Service", tick, 0) for tick in ticks()))


def test_there_are_as_many_as_places():
	first = choice(capacity=2)
	second = choice(first, capacity=2)
	assert (seats(first), seats(second)) == ([0, 0], [1, 1])
	assert choice(first, second, capacity=2) is None


def test_a_place_that_was_left_is_taken_again():
	first = choice(capacity=2)
	second = choice(first, capacity=2)
	assert seats(choice(second, capacity=2)) == [0, 0]


def test_bookings_of_different_length_need_no_place_in_common():
	long = choice(capacity=2, ticks=ticks(20))
	early = choice(long, capacity=2, ticks=ticks(10))
	late = choice(early, capacity=2, ticks=ticks(20, NOON + 2 * TICK))
	# seat 0 is free for two ticks, then seat 1
	assert seats(choice(early, late, capacity=2, ticks=ticks(20))) == [0, 0, 1, 1]
	assert choice(long, early, late, capacity=2, ticks=ticks(20)) is None


def test_a_user_does_one_thing_at_a_time_for_whichever_service():
	other = choice(users=["ann"], service="Another")
	assert choice(other, users=["ann"]) is None
	assert choice(other, users=["ann", "bob"]).user == "bob"


def test_it_falls_to_whoever_has_fewest_bookings_that_day():
	counts = {"ann": 2, "bob": 1, "cy": 1}
	assert choice(users=USERS, bookings_that_day=counts).user == "bob"
	assert choice(users=USERS, bookings_that_day={}).user == "ann"


def test_a_booking_by_hand_is_never_refused():
	first = choice(users=["ann"])
	second = choice(first, users=["ann"], over=True)
	assert second.user == "ann"
	assert {claim.seat for claim in second.claims} == {1}


def test_a_booking_by_hand_falls_to_whom_it_hinders_least():
	anns = choice(users=["ann"], capacity=2)
	bobs = choice(users=["bob"], capacity=2, ticks=ticks(5))
	assert choice(anns, bobs, users=["ann", "bob"], over=True).user == "bob"
	assert choice(anns, users=["ann", "bob"], bookings_that_day={"bob": 9}, over=True).user == "bob"


def test_one_too_many_still_counts_when_a_place_below_it_is_left():
	"""Of two where one is possible, the first is called off: the other one is still there."""
	first = choice()
	second = choice(first, over=True)
	assert choice(second) is None


def test_nothing_is_taken_for_nobody_and_nothing():
	assert choice(service=None, capacity=0) == Choice(None, ())
	assert choice(service=None, capacity=0, users=["ann"], over=True).claims == tuple(
		Claim("user:ann", tick, 0) for tick in ticks()
	)


requests = st.tuples(
	st.sampled_from(["A", "B"]),
	st.integers(0, 6),
	st.integers(1, 5),
	st.sets(st.sampled_from(USERS)).map(sorted),
	st.booleans(),
	st.booleans(),
)
CAPACITY = {"A": 1, "B": 3}


@given(st.lists(requests, max_size=25))
def test_whoever_comes_and_goes_nothing_is_taken_twice(asked):
	"""Two services that share users. gone: an earlier booking has been called off before this one."""
	held: list[tuple[str, bool, Choice]] = []
	for service, first, length, users, over, gone in asked:
		if gone and held:
			held.pop(0)
		wanted = ticks(5 * length, NOON + first * TICK)
		claims = [claim for _service, _over, other in held for claim in other.claims]
		made = choose(service, CAPACITY[service], users, wanted, Taken(claims), {}, over)
		per_tick = Counter((claim.resource, claim.tick) for claim in claims)
		has_place = all(per_tick[service_resource(service), tick] < CAPACITY[service] for tick in wanted)
		is_free = [user for user in users if not any(per_tick[user_resource(user), tick] for tick in wanted)]
		if not over:
			assert bool(made) == (has_place and bool(is_free or not users))
		if made:
			assert (made.user in users) or (made.user is None and not users)
			held.append((service, over, made))
	everything = [claim for _service, _over, other in held for claim in other.claims]
	assert len(set(everything)) == len(everything)
	in_turn = Counter(
		(claim.resource, claim.tick) for _service, over, other in held if not over for claim in other.claims
	)
	for (resource, _tick), number in in_turn.items():
		kind, _colon, name = resource.partition(":")
		assert number <= (CAPACITY[name] if kind == "service" else 1)


def test_the_seat_is_the_lowest_free_at_each_tick_by_itself():
	resource = service_resource(SERVICE)
	others = Taken(Claim(resource, ticks()[number], seat) for number, seat in ((0, 0), (0, 1), (1, 1)))
	made = choose(SERVICE, 3, [], ticks(), others, {}, False)
	assert [claim.seat for claim in made.claims] == [2, 0]
