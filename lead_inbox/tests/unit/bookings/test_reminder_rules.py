"""When whom to remind of a booking: requirement BO-7."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.rules import Status
from lead_inbox.bookings.telling.reminder_rules import (
	OUTCOME_AFTER,
	Audience,
	Key,
	Kind,
	Planned,
	Row,
	RowStatus,
	Skip,
	Time,
	planned,
	skip,
	steps,
)

START = datetime(2026, 12, 2, 10, 0)
END = datetime(2026, 12, 2, 11, 0)
DAY, HOUR = Time(1440, "Email or SMS", True), Time(60, "SMS", False)
CUSTOMER_DAY = Key(Kind.REMINDER, Audience.CUSTOMER, 1440)
STAFF_DAY = Key(Kind.REMINDER, Audience.STAFF, 1440)
CUSTOMER_HOUR = Key(Kind.REMINDER, Audience.CUSTOMER, 60)
OUTCOME = Key(Kind.OUTCOME, Audience.STAFF, 0)

MINUTES = st.integers(0, 60 * 24 * 30)
TIMES = st.lists(
	st.builds(Time, MINUTES, st.sampled_from(["", "Email", "SMS", "Email or SMS"]), st.booleans())
)
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31))


def plan_of(*times: Time, status: Status = Status.CONFIRMED, tell_customer: bool = True):
	return planned(times, status, START, END, tell_customer=tell_customer)


def as_rows(plans, status: RowStatus = RowStatus.WAITING) -> dict[Key, Row]:
	return {key: Row(status, plan.due_on, plan.medium) for key, plan in plans.items()}


def test_customer_and_staff_are_reminded_at_the_times_of_the_administrator():
	assert plan_of(DAY, HOUR) == {
		CUSTOMER_DAY: Planned(START - timedelta(days=1), "Email or SMS"),
		STAFF_DAY: Planned(START - timedelta(days=1)),
		CUSTOMER_HOUR: Planned(START - timedelta(hours=1), "SMS"),
		OUTCOME: Planned(END + OUTCOME_AFTER),
	}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CONFIRMED])
def test_only_what_is_agreed_is_reminded_of(status):
	assert plan_of(DAY, HOUR, status=status) == {}


def test_a_customer_who_hears_from_somebody_else_is_not_reminded():
	assert set(plan_of(DAY, HOUR, tell_customer=False)) == {STAFF_DAY, OUTCOME}


def test_the_first_of_two_rows_with_the_same_time_counts():
	assert plan_of(HOUR, Time(60, "Email", True))[CUSTOMER_HOUR].medium == "SMS"


def test_nobody_is_reminded_of_what_has_passed():
	done = steps(plan_of(DAY, HOUR), {}, START - timedelta(hours=2))
	assert set(done.write) == {CUSTOMER_HOUR, OUTCOME}
	assert not done.drop


def test_what_was_sent_is_sent_again_only_for_another_time():
	wanted = plan_of(DAY)
	now = START - timedelta(days=3)
	assert not steps(wanted, as_rows(wanted, RowStatus.SENT), now).write
	earlier = {key: Row(RowStatus.SENT, plan.due_on - timedelta(days=7)) for key, plan in wanted.items()}
	assert set(steps(wanted, earlier, now).write) == set(wanted)


def test_a_reminder_whose_new_time_has_passed_is_dropped():
	stored = {CUSTOMER_DAY: Row(RowStatus.WAITING, START + timedelta(days=6), "Email or SMS")}
	done = steps(plan_of(DAY), stored, START - timedelta(hours=2))
	assert done.drop == {CUSTOMER_DAY} and CUSTOMER_DAY not in done.write


def test_another_medium_is_for_what_still_waits():
	now = START - timedelta(days=3)
	changed = plan_of(Time(1440, "SMS", True))
	waiting = steps(changed, as_rows(plan_of(DAY)), now)
	assert set(waiting.write) == {CUSTOMER_DAY}
	assert not steps(changed, as_rows(plan_of(DAY), RowStatus.SENT), now).write


@given(times=TIMES, now=MOMENTS)
def test_to_plan_twice_changes_nothing(times, now):
	wanted = plan_of(*times)
	rows = as_rows(steps(wanted, {}, now).write)
	again = steps(wanted, rows, now)
	assert not again.write and not again.drop


@given(times=TIMES, now=MOMENTS, moved=st.timedeltas(timedelta(days=-20), timedelta(days=20)))
def test_nothing_that_waits_is_for_the_past_or_another_time(times, now, moved):
	before = planned(times, Status.CONFIRMED, START + moved, END + moved, tell_customer=True)
	rows = as_rows(steps(before, {}, now).write)
	wanted = plan_of(*times)
	done = steps(wanted, rows, now)
	left = {key: row for key, row in rows.items() if key not in done.drop} | as_rows(done.write)
	assert all(left[key].due_on == wanted[key].due_on > now for key in left)
	assert {key for key, plan in wanted.items() if plan.due_on > now} == set(left)


@given(
	times=TIMES, now=MOMENTS, status=st.sampled_from([Status.CANCELLED, Status.DECLINED, Status.COMPLETED])
)
def test_none_is_left_after_a_cancellation(times, now, status):
	rows = as_rows(plan_of(*times))
	done = steps(plan_of(*times, status=status), rows, now)
	assert not done.write and done.drop == set(rows)


@pytest.mark.parametrize(
	("minutes_before", "late", "expected"),
	[
		(1440, timedelta(hours=1), None),
		(1440, timedelta(hours=12), None),
		(1440, timedelta(hours=12, seconds=1), Skip.TOO_LATE),
		(1440, timedelta(hours=24), Skip.BEGUN),
		(60, timedelta(minutes=30), None),
		(60, timedelta(minutes=31), Skip.TOO_LATE),
		(5, timedelta(minutes=4), None),
		(5, timedelta(minutes=5), Skip.BEGUN),
		(0, timedelta(minutes=1), None),
		(0, timedelta(minutes=6), Skip.TOO_LATE),
	],
)
def test_what_became_due_while_nobody_looked_is_skipped(minutes_before, late, expected):
	due_on = START - timedelta(minutes=minutes_before)
	key = Key(Kind.REMINDER, Audience.CUSTOMER, minutes_before)
	assert skip(key, due_on, START, due_on + late) is expected


def test_to_ask_what_came_of_it_is_never_too_late():
	assert skip(OUTCOME, END + OUTCOME_AFTER, START, END + timedelta(days=9)) is None
