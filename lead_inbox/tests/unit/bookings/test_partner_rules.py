from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.partners.partner_rules import (
	LONGEST_WAIT_SECONDS,
	RETRY_SECONDS,
	Step,
	Version,
	merged,
	step_of,
	wait_seconds,
)
from lead_inbox.channels.event import BookingDetails

NOON = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def told(hours: int, **values: object) -> Version:
	"""What a source told, with the hour at which it changed the appointment."""
	return Version(
		BookingDetails(external_id="1", changed_on=NOON + hours * HOUR, **values), NOON + 100 * HOUR
	)


def test_the_newest_change_counts_whatever_arrives_last() -> None:
	versions = [told(2, starts_on=NOON), told(1, starts_on=NOON + HOUR)]
	assert merged(versions).starts_on == NOON


def test_what_is_not_repeated_has_not_changed() -> None:
	full = told(1, starts_on=NOON, ends_on=NOON + HOUR, service="Tap", status="New", is_off=False)
	present = merged([full, told(2, status="Accepted", is_off=False)])
	assert (present.starts_on, present.ends_on, present.service) == (NOON, NOON + HOUR, "Tap")
	assert present.status == "Accepted"


def test_a_new_start_does_not_keep_the_old_end() -> None:
	present = merged([told(1, starts_on=NOON, ends_on=NOON + HOUR), told(2, starts_on=NOON + 5 * HOUR)])
	assert (present.starts_on, present.ends_on) == (NOON + 5 * HOUR, None)


def test_a_source_without_times_of_its_own_is_taken_in_the_order_of_hearing() -> None:
	first = Version(BookingDetails(external_id="1", starts_on=NOON), NOON)
	second = Version(BookingDetails(external_id="1", starts_on=NOON + HOUR), NOON + HOUR)
	assert merged([first, second]).starts_on == NOON + HOUR
	assert merged([]) is None


moments = st.sampled_from([None, NOON, NOON + HOUR, NOON + 2 * HOUR])
versions = st.lists(
	st.builds(
		told,
		st.integers(0, 50),
		starts_on=moments,
		service=st.sampled_from(["", "Tap", "Sink"]),
		is_off=st.sampled_from([None, True, False]),
	),
	min_size=1,
	max_size=6,
	unique_by=lambda version: version.on,
)


@given(versions, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(heard: list[Version], chance: object) -> None:
	shuffled = list(heard)
	chance.shuffle(shuffled)
	assert merged(shuffled) == merged(heard)


def details(**values: object) -> BookingDetails:
	return BookingDetails(external_id="1", **values)


def test_what_follows() -> None:
	at_noon, at_one, off = details(starts_on=NOON), details(starts_on=NOON + HOUR), details(is_off=True)
	assert step_of(None, at_noon, False) is Step.BOOK
	assert step_of(None, details(), False) is Step.NOTHING
	assert step_of(details(), at_noon, False) is Step.BOOK
	assert step_of(at_noon, at_one, True) is Step.MOVE
	assert step_of(at_noon, at_noon, True) is Step.NOTHING
	assert step_of(None, at_noon, True) is Step.MOVE
	assert step_of(at_noon, off, True) is Step.CANCEL
	assert step_of(None, off, False) is Step.NOTE_OFF
	assert step_of(off, off, True) is Step.NOTHING
	assert step_of(off, at_noon, True) is Step.NOTE_BACK
	assert step_of(off, at_noon, False) is Step.BOOK


@given(st.integers(0, 20), st.none() | st.integers(-5, 10**8))
def test_waiting_ends(attempts: int, asked_for: int | None) -> None:
	wait = wait_seconds(attempts, asked_for)
	assert (wait is None) == (attempts > len(RETRY_SECONDS))
	assert wait is None or wait >= 1
	if wait and asked_for is not None:
		assert wait <= LONGEST_WAIT_SECONDS
