"""Where an item stands in a worklist and why there: requirement SQ-6."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.sequences.activities.activity_rules import Status
from lead_inbox.sequences.worklist.worklist_rules import (
	DONE,
	GOES_BY_ITSELF,
	Bucket,
	Customer,
	Place,
	Urgency,
	bucket,
	days_at,
	place,
	urgency,
)

NOW = datetime(2026, 3, 31, 12)
DUE = (Bucket.OLD, Bucket.OVERDUE, Bucket.TODAY)
ORDER = (*DUE, Bucket.UPCOMING)

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
statuses = st.sampled_from(Status)
customers = st.builds(
	Customer,
	waits_for_call=st.booleans(),
	unanswered=st.booleans(),
	is_new=st.booleans(),
	heard_on=st.none() | moments,
)
places = st.builds(
	place,
	st.sampled_from([NOW, NOW + timedelta(hours=1), NOW + timedelta(days=1)]),
	st.sampled_from(Urgency),
	st.sampled_from(["activity/a", "activity/b", "call_back/a", "event/a"]),
)


@given(statuses, moments, st.none() | moments, moments)
def test_what_is_done_is_completed_and_nothing_else_is(
	status: Status, due_on: datetime, snoozed_until: datetime | None, now: datetime
) -> None:
	found = bucket(status, due_on, snoozed_until, days_at(now))
	assert (found is Bucket.COMPLETED) == (status in DONE)


@given(moments, moments, moments)
def test_what_is_due_later_never_stands_in_an_earlier_bucket(
	one: datetime, other: datetime, now: datetime
) -> None:
	early, late = sorted([one, other])
	days = days_at(now)
	assert ORDER.index(bucket(Status.OPEN, early, None, days)) <= ORDER.index(
		bucket(Status.OPEN, late, None, days)
	)


@given(moments, moments, moments)
def test_an_open_item_only_moves_towards_old_as_time_passes(
	due_on: datetime, one: datetime, other: datetime
) -> None:
	early, late = sorted([one, other])
	before, after = (bucket(Status.OPEN, due_on, None, days_at(now)) for now in (early, late))
	assert ORDER.index(after) <= ORDER.index(before)


@given(st.sampled_from([Status.OPEN, *GOES_BY_ITSELF]), moments, moments)
def test_what_is_snoozed_or_goes_by_itself_is_upcoming_until_then(
	status: Status, until: datetime, now: datetime
) -> None:
	found = bucket(status, until, until, days_at(now))
	if until > now or status in GOES_BY_ITSELF:
		assert found is Bucket.UPCOMING
	else:
		assert found in DUE


@pytest.mark.parametrize(
	("due_on", "expected"),
	[
		(datetime(2026, 4, 1), Bucket.UPCOMING),
		(datetime(2026, 3, 31, 23, 59, 59), Bucket.TODAY),
		(datetime(2026, 3, 31), Bucket.TODAY),
		(datetime(2026, 3, 30, 23, 59, 59), Bucket.OVERDUE),
		(datetime(2026, 3, 1), Bucket.OVERDUE),
		(datetime(2026, 2, 28, 23, 59, 59), Bucket.OLD),
	],
)
def test_days_are_the_site_s_and_a_month_later_it_is_old(due_on: datetime, expected: Bucket) -> None:
	assert bucket(Status.OPEN, due_on, None, days_at(NOW)) is expected


@given(customers, moments)
def test_the_reason_that_is_told_holds_and_none_that_is_stronger_does(
	customer: Customer, now: datetime
) -> None:
	told = urgency(customer, now)
	holding = {
		Urgency.CALL_BACK: customer.waits_for_call,
		Urgency.UNANSWERED: customer.unanswered,
		Urgency.NEW: customer.is_new,
		Urgency.RECENT: customer.heard_on is not None and now - customer.heard_on < timedelta(days=1),
	}
	assert told is Urgency.NONE or holding[told]
	assert not any(holds for reason, holds in holding.items() if reason.value > told.value)


@given(customers, moments, st.integers(-1800, 1800))
def test_nothing_is_more_urgent_than_a_meeting_that_begins(
	customer: Customer, starts_on: datetime, seconds: int
) -> None:
	assert urgency(customer, starts_on + timedelta(seconds=seconds), starts_on) is Urgency.MEETING_SOON


@given(customers, moments, st.integers(1801, 10_000) | st.integers(-10_000, -1801))
def test_a_meeting_at_another_time_is_as_urgent_as_its_customer(
	customer: Customer, starts_on: datetime, seconds: int
) -> None:
	now = starts_on + timedelta(seconds=seconds)
	assert urgency(customer, now, starts_on) is urgency(customer, now)


@given(st.lists(places, unique=True))
def test_the_order_is_total_and_goes_by_day_then_score_then_time(some: list[Place]) -> None:
	for one, other in pairwise(sorted(some)):
		assert one != other
		assert one[0] <= other[0]
		if one[0] == other[0]:
			assert one[1] <= other[1]
			if one[1] == other[1]:
				assert one[2] <= other[2]


@given(st.sampled_from(Urgency), st.sampled_from(Urgency), moments, moments)
def test_no_reason_moves_an_item_before_one_of_an_earlier_day(
	one: Urgency, other: Urgency, due_on: datetime, later_on: datetime
) -> None:
	if due_on.date() < later_on.date():
		assert place(due_on, one, "activity/z") < place(later_on, other, "activity/a")


@given(moments, st.sampled_from(Urgency), st.sampled_from(Urgency))
def test_on_one_day_the_stronger_reason_comes_first(due_on: datetime, one: Urgency, other: Urgency) -> None:
	if one.value > other.value:
		end_of_day = due_on.replace(hour=23, minute=59, second=59, microsecond=999999)
		assert place(end_of_day, one, "activity/z") < place(due_on, other, "activity/a")
