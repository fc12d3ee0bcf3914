"""Where a booking may go, and who may take it there: requirements BO-1, BO-4, BO-5."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings import rules
from lead_inbox.bookings.rules import HOLDING, Origin, Refusal, Status

START = datetime(2026, 11, 25, 10)
DAY = timedelta(days=1)
OVER = [status for status in Status if status not in HOLDING]
statuses = st.sampled_from(Status)
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1))
minutes = st.integers(min_value=0, max_value=100_000)


@pytest.mark.parametrize("origin", Origin)
def test_only_what_customers_book_themselves_has_to_be_confirmed(origin):
	asked_for = rules.first_status(origin, needs_confirmation=True) is Status.REQUESTED
	assert asked_for == (origin in (Origin.CUSTOMER, Origin.GOOGLE))
	assert rules.first_status(origin, needs_confirmation=False) is Status.CONFIRMED


@pytest.mark.parametrize(
	"status, wanted",
	[
		(Status.REQUESTED, Status.CONFIRMED),
		(Status.REQUESTED, Status.DECLINED),
		(Status.REQUESTED, Status.CANCELLED),
		(Status.CONFIRMED, Status.CANCELLED),
		(Status.CONFIRMED, Status.COMPLETED),
		(Status.CONFIRMED, Status.NO_SHOW),
		(Status.COMPLETED, Status.NO_SHOW),
		(Status.NO_SHOW, Status.COMPLETED),
	],
)
def test_a_booking_takes_these_steps_once_its_time_has_come(status, wanted):
	assert rules.step_refusal(status, wanted, START, START + DAY) is None


@given(statuses, statuses, moments, moments)
def test_a_booking_that_was_called_off_stays_so_and_none_becomes_requested(status, wanted, start, now):
	if status in (Status.CANCELLED, Status.DECLINED) or wanted is Status.REQUESTED:
		assert rules.step_refusal(status, wanted, start, now) is Refusal.IS_OVER


@given(statuses, statuses, moments, moments)
def test_what_came_of_it_is_told_once_it_has_begun(status, wanted, start, now):
	happened = wanted in (Status.COMPLETED, Status.NO_SHOW)
	if happened and rules.step_refusal(status, wanted, start, now) is None:
		assert now >= start


@given(statuses, st.lists(statuses, max_size=8), moments)
def test_a_place_that_was_given_up_is_never_held_again(status, path, start):
	"""Somebody else may have it by then."""
	gave_up = False
	for wanted in path:
		if rules.step_refusal(status, wanted, start, start + DAY) is None:
			status = wanted
		gave_up = gave_up or status not in HOLDING
		assert not (gave_up and status in HOLDING)


@pytest.mark.parametrize("status", HOLDING)
def test_what_holds_a_place_can_be_moved(status):
	assert rules.move_refusal(status) is None


@pytest.mark.parametrize("status", OVER)
def test_what_is_over_can_not_be_moved(status):
	assert rules.move_refusal(status) is Refusal.IS_OVER


@pytest.mark.parametrize("status", OVER)
def test_customers_can_not_change_what_is_over(status):
	assert rules.own_change_refusal(status, START, 0, START - DAY) is Refusal.IS_OVER


@given(st.sampled_from(HOLDING), moments, minutes, minutes)
def test_customers_may_change_it_until_so_many_minutes_before(status, now, limit, ahead):
	start = now + timedelta(minutes=ahead)
	refusal = rules.own_change_refusal(status, start, limit, now)
	assert refusal is (Refusal.TOO_LATE_TO_CHANGE if ahead < limit else None)


@given(st.sampled_from(HOLDING), moments)
def test_a_limit_of_no_minutes_is_the_start(status, start):
	assert rules.own_change_refusal(status, start, 0, start) is None
	late = start + timedelta(seconds=1)
	assert rules.own_change_refusal(status, start, 0, late) is Refusal.TOO_LATE_TO_CHANGE


@given(moments, moments, moments)
def test_a_time_that_may_be_booked_lies_ahead_and_has_a_length(start, end, now):
	if rules.time_refusal(start, end, now) is None:
		assert now < start < end


def test_an_end_that_is_no_end_is_told_before_a_start_that_has_passed():
	assert rules.time_refusal(START, START, START + DAY) is Refusal.ENDS_BEFORE_START
	assert rules.time_refusal(START, START + DAY, START) is Refusal.IN_THE_PAST
	assert rules.time_refusal(START, START + DAY, START - DAY) is None
