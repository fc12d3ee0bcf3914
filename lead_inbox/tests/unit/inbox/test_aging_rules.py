"""When an untouched lead rests, and what its countdown says (requirements IN-4 and IN-6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.rules import (
	AgingDays,
	Countdown,
	Happening,
	Reason,
	Status,
	countdown,
	cutoff,
	restarts_clock,
)
from lead_inbox.tests.unit.inbox.strategies import moments

NOW = datetime(2026, 3, 1, 12)
DAY = timedelta(days=1)
DAYS = AgingDays(unanswered=15, quiet=20)
AGES = (Status.NEW, Status.ACTIVE)

aging_days = st.builds(AgingDays, st.integers(1, 400), st.integers(1, 400))
near_now = st.timedeltas(-900 * DAY, 900 * DAY)


def left(status: Status, since: timedelta, days: AgingDays = DAYS) -> Countdown:
	found = countdown(status, NOW - since, NOW, days)
	assert found is not None
	return found


def test_a_new_lead_counts_down_to_unanswered() -> None:
	found = left(Status.NEW, timedelta(0))
	assert (found.reason, found.on, found.days_left) == (Reason.UNANSWERED, NOW + 15 * DAY, 15)


def test_an_active_lead_counts_down_to_quiet_by_its_own_days() -> None:
	found = left(Status.ACTIVE, timedelta(0))
	assert (found.reason, found.on, found.days_left) == (Reason.QUIET, NOW + 20 * DAY, 20)


@pytest.mark.parametrize("status", [*(status for status in Status if status not in AGES), None])
def test_a_lead_that_does_not_age_has_no_countdown(status: Status | None) -> None:
	assert countdown(status, NOW, NOW, DAYS) is None


def test_a_lead_of_an_exempt_channel_has_no_countdown() -> None:
	assert countdown(Status.NEW, NOW, NOW, None) is None


def test_a_lead_whose_clock_never_started_has_no_countdown() -> None:
	assert countdown(Status.NEW, None, NOW, DAYS) is None


@pytest.mark.parametrize(
	("since", "days_left"),
	[
		(timedelta(0), 15),
		(timedelta(seconds=1), 15),
		(DAY, 14),
		(14 * DAY - timedelta(seconds=1), 2),
		(14 * DAY, 1),
		(15 * DAY - timedelta(microseconds=1), 1),
		(15 * DAY, 0),
		(40 * DAY, 0),
	],
)
def test_started_days_are_counted(since: timedelta, days_left: int) -> None:
	assert left(Status.NEW, since).days_left == days_left


@pytest.mark.parametrize(
	("since", "soon"), [(14 * DAY - timedelta(seconds=1), False), (14 * DAY, True), (16 * DAY, True)]
)
def test_the_warning_comes_with_the_last_day(since: timedelta, soon: bool) -> None:
	assert left(Status.NEW, since).soon is soon


@given(st.sampled_from(AGES), moments, near_now, aging_days)
def test_the_countdown_ends_exactly_when_the_job_takes_the_lead(
	status: Status, now: datetime, since: timedelta, days: AgingDays
) -> None:
	aging_from = now - since
	found = countdown(status, aging_from, now, days)
	assert found is not None
	wait = days.unanswered if status is Status.NEW else days.quiet
	is_due = aging_from <= cutoff(now, wait)
	assert (found.on <= now) is is_due
	assert (found.days_left == 0) is is_due


@given(st.sampled_from(AGES), moments, near_now, aging_days)
def test_the_warning_covers_the_last_day_whole(
	status: Status, now: datetime, since: timedelta, days: AgingDays
) -> None:
	found = countdown(status, now - since, now, days)
	assert found is not None
	wait = days.unanswered if status is Status.NEW else days.quiet
	assert found.soon is (now - since <= cutoff(now + DAY, wait))
	assert found.soon is (found.days_left <= 1)


@given(moments, near_now, st.timedeltas(timedelta(0), 400 * DAY))
def test_days_never_grow_while_nothing_happens(now: datetime, since: timedelta, later: timedelta) -> None:
	first = countdown(Status.NEW, now - since, now, DAYS)
	second = countdown(Status.NEW, now - since, now + later, DAYS)
	assert first is not None and second is not None
	assert second.days_left <= first.days_left and second.on == first.on


@pytest.mark.parametrize(
	"happening",
	[Happening.INBOUND, Happening.REPLIED, Happening.CALL_ANSWERED, Happening.CALL_ATTEMPTED],
)
def test_every_interaction_in_or_out_starts_the_days_of_an_active_lead_again(happening: Happening) -> None:
	assert restarts_clock(happening, Status.ACTIVE)


def test_an_attempted_call_is_no_response_to_a_new_lead() -> None:
	assert not restarts_clock(Happening.CALL_ATTEMPTED, Status.NEW)


@pytest.mark.parametrize(
	("happening", "status"),
	[
		(Happening.INBOUND, Status.INACTIVE),
		(Happening.INBOUND, Status.CLOSED),
		(Happening.REPLIED, Status.INACTIVE),
		(Happening.BOOKINGS_ENDED, Status.BOOKED),
		(Happening.RESTORED, Status.DECLINED),
		(Happening.CLOSING_UNDONE, Status.CLOSED),
	],
)
def test_a_lead_that_comes_back_has_all_its_days_again(happening: Happening, status: Status) -> None:
	assert restarts_clock(happening, status)


@pytest.mark.parametrize("happening", [Happening.WENT_UNANSWERED, Happening.WENT_QUIET])
@pytest.mark.parametrize("status", Status)
def test_coming_to_rest_starts_nothing(happening: Happening, status: Status) -> None:
	assert not restarts_clock(happening, status)
