"""The time that is suggested for a reply: requirement RE-7."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.replies.send_time_rules import Because, suggest, usual_hour
from lead_inbox.inbox.response.working_time import Calendar, Hours, is_open
from lead_inbox.tests.unit.inbox.strategies import moments

UTC = ZoneInfo("UTC")
NINE_TO_FIVE: Hours = (time(9), time(17))
WEEKDAYS = Calendar(UTC, UTC, ((NINE_TO_FIVE,),) * 5 + ((),) * 2)
ALWAYS = Calendar(UTC, UTC)
NEVER = Calendar(UTC, UTC, ((),) * 7)
MONDAY_TEN = datetime(2026, 11, 23, 10)
FRIDAY_EVENING = datetime(2026, 11, 20, 19)


def spoken_at(*hours: int) -> list[datetime]:
	"""The newest first, a day apart."""
	return [datetime(2026, 11, 10 - days, hour, 20) for days, hour in enumerate(hours)]


def test_the_hour_at_which_the_customer_spoke_most_comes_next() -> None:
	found = suggest(MONDAY_TEN, spoken_at(9, 14, 14, 14, 20), WEEKDAYS)
	assert (found.on, found.because) == (datetime(2026, 11, 23, 14), Because.USUAL_HOUR)


def test_an_hour_that_is_too_near_or_over_comes_tomorrow() -> None:
	for hour in (9, 10):
		found = suggest(MONDAY_TEN, spoken_at(hour, hour, hour), WEEKDAYS)
		assert found.on == datetime(2026, 11, 24, hour)
	assert suggest(MONDAY_TEN.replace(minute=31), spoken_at(11, 11, 11), ALWAYS).on == datetime(
		2026, 11, 24, 11
	)


def test_a_day_that_is_closed_is_passed_over() -> None:
	assert suggest(FRIDAY_EVENING, spoken_at(14, 14, 14), WEEKDAYS).on == datetime(2026, 11, 23, 14)


def test_a_customer_who_speaks_when_we_are_closed_is_still_written_to_at_their_hour() -> None:
	assert suggest(MONDAY_TEN, spoken_at(21, 21, 21), WEEKDAYS).on == datetime(2026, 11, 23, 21)


def test_of_equally_usual_hours_the_one_used_last_counts() -> None:
	assert usual_hour(spoken_at(15, 9, 9, 15)) == 15


def test_two_times_are_no_habit() -> None:
	found = suggest(FRIDAY_EVENING, spoken_at(14, 14), WEEKDAYS)
	assert (found.on, found.because) == (datetime(2026, 11, 23, 9), Because.OPENING)


def test_an_open_channel_is_used_in_an_hour() -> None:
	found = suggest(MONDAY_TEN, [], WEEKDAYS)
	assert (found.on, found.because) == (MONDAY_TEN + timedelta(hours=1), Because.SOON)


def test_a_channel_without_any_open_time_does_not_keep_the_reply_for_ever() -> None:
	found = suggest(MONDAY_TEN, [], NEVER)
	assert (found.on, found.because) == (MONDAY_TEN + timedelta(hours=1), Because.NEVER_OPEN)


@given(moments, st.lists(moments, max_size=8), st.sampled_from([WEEKDAYS, ALWAYS, NEVER]))
def test_it_is_always_in_the_coming_week_and_in_the_customer_s_hour_where_there_is_one(
	now: datetime, spoke_on: list[datetime], calendar: Calendar
) -> None:
	found = suggest(now, spoke_on, calendar)
	assert now < found.on <= now + timedelta(days=7)
	if found.because is Because.USUAL_HOUR:
		assert found.on.hour in {moment.hour for moment in spoke_on}
		assert found.on >= now + timedelta(minutes=30)
	elif calendar is WEEKDAYS and found.because is Because.OPENING:
		assert is_open(found.on, calendar)
