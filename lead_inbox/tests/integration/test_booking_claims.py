"""No place is given to two bookings (BO-3): within one transaction, and by many at once with their own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.bookings.services import claims, services
from lead_inbox.bookings.services.claims import SlotTaken
from lead_inbox.tests.integration.booking_builders import insert_booking, make_service
from lead_inbox.tests.integration.builders import make_user

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TEN = datetime(2035, 6, 4, 10)
ASKERS, WORKERS = 200, 24
TAKEN = "taken"


def take(
	service: str,
	starts_on: datetime = TEN,
	users: Sequence[str] = (),
	booking: str = "",
	length: timedelta = HOUR,
	**options: Any,
) -> str:
	"""Claim a place for a booking, a new one unless told which, and return the booking."""
	booking = booking or insert_booking(service, starts_on, ends_on=starts_on + length)
	user = claims.take(booking, services.read(service), starts_on, starts_on + length, users, **options)
	values = {"starts_on": starts_on, "ends_on": starts_on + length, "user": user}
	frappe.db.set_value("Booking", booking, values, update_modified=False)
	return booking


def user_of(booking: str) -> str | None:
	return frappe.db.get_value("Booking", booking, "user")


def is_free(service: str, starts_on: datetime = TEN, **options: Any) -> bool:
	"""Whether a place can be had; it is given back."""
	try:
		claims.release(take(service, starts_on, **options))
	except SlotTaken:
		return False
	return True


@pytest.fixture
def ann() -> str:
	return make_user("ann@company.example")


@pytest.fixture
def bob() -> str:
	return make_user("bob@company.example")


def test_the_last_place_is_given_once():
	service = make_service(capacity=2)
	take(service), take(service)
	with pytest.raises(SlotTaken, match="Choose another one"):
		take(service)


def test_times_that_touch_do_not_meet_and_those_that_overlap_do():
	service = make_service()
	take(service)
	assert (is_free(service, TEN - HOUR), is_free(service, TEN + HOUR)) == (True, True)
	overlapping = (TEN - 30 * MINUTE, TEN + 55 * MINUTE)
	assert not any(is_free(service, start) for start in overlapping)
	assert not is_free(service, TEN + 20 * MINUTE, length=10 * MINUTE)
	assert not is_free(service, TEN - HOUR, length=5 * HOUR)


def test_what_is_kept_free_around_a_booking_is_held_too():
	service = make_service(buffer_before_minutes=15, buffer_after_minutes=30)
	take(service)
	assert not is_free(service, TEN + HOUR + 40 * MINUTE)
	assert is_free(service, TEN + HOUR + 45 * MINUTE)


def test_a_released_place_can_be_booked_again():
	service = make_service()
	claims.release(take(service))
	assert is_free(service)
	claims.release("no such booking")


def test_a_user_does_one_thing_at_a_time_for_whichever_service(ann, bob):
	one, other = make_service("", ann, bob), make_service("", ann, bob)
	assert user_of(take(one, users=[ann, bob])) == ann
	assert user_of(take(other, users=[ann, bob])) == bob
	assert not is_free(make_service("", ann, bob), users=[ann, bob])


def test_it_falls_to_whoever_has_fewest_bookings_that_day(ann, bob):
	service = make_service("", ann, bob, capacity=2)
	take(service, TEN - 2 * HOUR, [ann])
	assert user_of(take(service, users=[ann, bob])) == bob
	assert user_of(take(service, TEN + timedelta(days=1), [ann, bob])) == ann


def test_a_moved_booking_leaves_its_old_place_and_has_its_new_one(ann):
	service = make_service("", ann)
	booking = take(service, users=[ann])
	take(service, TEN + 30 * MINUTE, [ann], booking=booking)
	assert is_free(service, TEN - 30 * MINUTE, users=[ann])
	assert not is_free(service, TEN + HOUR, users=[ann])


def test_a_booking_that_cannot_be_moved_keeps_its_place():
	service = make_service()
	booking = take(service)
	take(service, TEN + 2 * HOUR)
	with pytest.raises(SlotTaken):
		take(service, TEN + 90 * MINUTE, booking=booking)
	assert (is_free(service), is_free(service, TEN + HOUR)) == (False, True)


def test_a_booking_can_be_given_to_somebody_else(ann, bob):
	service = make_service("", ann, bob, capacity=2)
	booking = take(service, users=[ann])
	take(service, users=[bob], booking=booking)
	assert is_free(service, users=[ann])
	assert not is_free(service, users=[bob])


def test_a_time_by_hand_is_never_refused_and_counts(ann):
	service = make_service("", ann)
	first, second = take(service, users=[ann]), take(service, users=[ann], over=True)
	assert user_of(second) == ann
	claims.release(first)
	assert not is_free(service)
	claims.release(second)
	assert is_free(service)


def test_a_booking_of_a_service_that_we_do_not_know_takes_its_users_time(ann):
	booking = insert_booking(None, TEN, user=ann)
	assert claims.take(booking, None, TEN, TEN + HOUR, [ann], over=True) == ann
	assert not is_free(make_service("", ann), users=[ann])


def test_the_buffers_may_have_changed_since_a_booking_was_made():
	service = make_service(buffer_after_minutes=1440)
	booking = take(service)
	frappe.get_doc("Bookable Service", service).update({"buffer_after_minutes": 0}).save()
	claims.release(booking)
	assert is_free(service, TEN + 20 * HOUR)


def test_a_service_and_a_user_that_are_renamed_keep_their_bookings(ann):
	service = make_service("", ann, capacity=2)
	booking = take(service, users=[ann])
	renamed = frappe.rename_doc("Bookable Service", service, "Another Name")
	anna = frappe.rename_doc("User", ann, "anna@company.example")
	assert not is_free(renamed, users=[anna])
	claims.release(booking)
	assert is_free(renamed, users=[anna])


def test_services_that_become_one_keep_all_their_bookings():
	one, other = make_service(), make_service()
	take(one), take(other)
	frappe.rename_doc("Bookable Service", one, other, merge=True)
	assert not is_free(other)


def test_claims_on_the_past_are_forgotten_and_no_others():
	service = make_service()
	now = now_datetime()
	for ago in (timedelta(days=3), 2 * HOUR, -2 * HOUR):
		take(service, now - ago)
	claims.forget_past()
	held = frappe.get_all(
		"Booking Claim", {"booking": ["!=", ""]}, ["min(tick_on) as first", "max(tick_on) as last"]
	)[0]
	assert held.first > now_datetime() - timedelta(days=2)
	assert not is_free(service, now + 2 * HOUR)


# At once, each in a transaction of its own


def outcome(site: Any, function: Any, *arguments: Any) -> Any:
	"""What it returns, or the class of what it raises: then its transaction is undone."""
	try:
		return site.run(function, *arguments)
	except Exception as error:
		return type(error)


def prepare(capacity: int, users: Sequence[str], bookings: int) -> tuple[str, list[str]]:
	service = make_service("", *(make_user(user) for user in users), capacity=capacity)
	return service, [insert_booking(service, TEN) for _number in range(bookings)]


def claim(service: str, booking: str, starts_on: datetime, users: Sequence[str], over: bool = False) -> str:
	"""As a request does it: it has read before it is its turn, and writes the booking afterwards."""
	frappe.db.count("Booking Claim")
	frappe.db.get_value("Booking", booking, "name", for_update=True)
	take(service, starts_on, users, booking, over=over)
	return TAKEN


def drop(booking: str) -> str:
	frappe.db.get_value("Booking", booking, "name", for_update=True)
	claims.release(booking)
	return "released"


def held_seats() -> list[tuple[str, datetime, int]]:
	return frappe.db.sql("select resource, tick_on, booking from `tabBooking Claim` where booking != ''")


def test_of_200_who_want_3_places_at_once_3_have_one(live_site):
	users = [f"{name}@company.example" for name in ("ann", "bob", "cy")]
	service, bookings = live_site.run(prepare, 3, users, ASKERS)
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = Counter(
			threads.map(lambda name: outcome(live_site, claim, service, name, TEN, users), bookings)
		)
	assert outcomes == {TAKEN: 3, SlotTaken: ASKERS - 3}
	doers = live_site.run(frappe.get_all, "Booking", {"user": ["is", "set"]}, ["user"])
	assert sorted(row.user for row in doers) == users


def test_whoever_books_moves_and_cancels_at_once_nobody_meets_an_error(live_site):
	"""Bookings of two services that share their users, moved and released in any order."""
	users = [f"{name}@company.example" for name in ("ann", "bob", "cy")]
	service, bookings = live_site.run(prepare, 2, users, 40)
	other, others = live_site.run(prepare, 3, (), 40)
	service_of = {**dict.fromkeys(bookings, service), **dict.fromkeys(others, other)}
	chance = random.Random(8)
	deeds = [
		(name, TEN + 15 * MINUTE * chance.randrange(12), chance.sample(users, 3), chance.random())
		for name in chance.choices(list(service_of), k=ASKERS)
	]

	def do(deed: tuple[str, datetime, list[str], float]) -> Any:
		name, starts_on, asked, kind = deed
		if kind < 0.25:
			return outcome(live_site, drop, name)
		return outcome(live_site, claim, service_of[name], name, starts_on, asked, kind > 0.95)

	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = set(threads.map(do, deeds))
	assert outcomes == {TAKEN, SlotTaken, "released"}
	ticks_of = Counter(booking for _resource, _tick_on, booking in live_site.run(held_seats))
	assert set(ticks_of.values()) == {2 * HOUR // (5 * MINUTE)}
