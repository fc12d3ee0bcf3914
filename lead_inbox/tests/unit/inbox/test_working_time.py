"""Business time, across holidays and both changes of the clocks: requirement IN-9."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.response.working_time import (
	HORIZON_DAYS,
	Calendar,
	Hours,
	NeverOpen,
	add_business_seconds,
	add_open_days,
	business_seconds,
	closed_since,
	elapsed_seconds,
	have_overlap,
	is_open,
	next_opening,
)
from lead_inbox.tests.unit.inbox.calendars import ATHENS, NEW_YORK, UTC, calendars, zones

HOUR = 3600
NINE_TO_FIVE: Hours = (time(9), time(17))
WEEKDAYS = ((NINE_TO_FIVE,),) * 5 + ((),) * 2
ALL_WEEK = (((time(0), time(0)),),) * 7


def calendar(
	week: tuple[tuple[Hours, ...], ...] = WEEKDAYS,
	zone: ZoneInfo = UTC,
	site_zone: ZoneInfo | None = None,
	holidays: tuple[date, ...] = (),
) -> Calendar:
	return Calendar(zone, site_zone or zone, week, frozenset(holidays))


def daily(opens: time, closes: time, zone: ZoneInfo = UTC, site_zone: ZoneInfo | None = None) -> Calendar:
	return calendar((((opens, closes),),) * 7, zone, site_zone)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(timezone.utc))


def local(instant: datetime, zone: ZoneInfo) -> datetime:
	"""A naive time that knows which one it is when the clocks repeat it."""
	return instant.astimezone(zone).replace(tzinfo=None)


def test_friday_half_past_four_and_an_hour_is_monday_half_past_nine() -> None:
	friday, monday = datetime(2026, 11, 20, 16, 30), datetime(2026, 11, 23, 9, 30)
	assert add_business_seconds(friday, HOUR, calendar()) == monday
	assert business_seconds(friday, monday, calendar()) == HOUR


def test_a_weekend_and_a_holiday_take_no_time() -> None:
	thursday, tuesday = datetime(2026, 12, 24, 16), datetime(2026, 12, 29, 10)
	closed_on = calendar(holidays=(date(2026, 12, 25), date(2026, 12, 28)))
	assert business_seconds(thursday, tuesday, closed_on) == 2 * HOUR


def test_a_lunch_break_takes_no_time() -> None:
	split = calendar((((time(9), time(12)), (time(13), time(17))),) * 7)
	assert business_seconds(datetime(2026, 5, 4, 11), datetime(2026, 5, 4, 14), split) == 2 * HOUR


def test_closing_at_midnight_is_the_end_of_the_day() -> None:
	evening = daily(time(20), time(0))
	assert business_seconds(datetime(2026, 5, 4, 12), datetime(2026, 5, 5, 12), evening) == 4 * HOUR


def test_without_hours_only_holidays_are_closed() -> None:
	always = calendar((), holidays=(date(2026, 5, 5),))
	assert business_seconds(datetime(2026, 5, 4, 12), datetime(2026, 5, 6, 12), always) == 24 * HOUR
	assert next_opening(datetime(2026, 5, 5, 8), always) == datetime(2026, 5, 6)


def test_hours_are_those_of_the_channel_s_zone_and_moments_those_of_the_site_s() -> None:
	in_new_york = calendar(zone=NEW_YORK, site_zone=ATHENS)
	assert next_opening(datetime(2026, 11, 23, 12), in_new_york) == datetime(2026, 11, 23, 16)
	assert business_seconds(datetime(2026, 11, 23, 12), datetime(2026, 11, 23, 17, 30), in_new_york) == 5400


@pytest.mark.parametrize(
	("zone", "saturday_noon", "hours"),
	[
		(ATHENS, datetime(2026, 3, 28, 12), 23),
		(ATHENS, datetime(2026, 10, 24, 12), 25),
		(NEW_YORK, datetime(2026, 3, 7, 12), 23),
		(NEW_YORK, datetime(2026, 10, 31, 12), 25),
	],
)
def test_a_day_on_which_the_clocks_change_has_an_hour_less_or_more(
	zone: ZoneInfo, saturday_noon: datetime, hours: int
) -> None:
	sunday_noon = saturday_noon + timedelta(days=1)
	for always in (calendar((), zone), calendar(ALL_WEEK, zone)):
		assert business_seconds(saturday_noon, sunday_noon, always) == hours * HOUR
		assert add_business_seconds(saturday_noon, hours * HOUR, always) == sunday_noon


@pytest.mark.parametrize(
	("opens", "closes", "open_seconds"),
	[
		(time(1), time(2, 30), HOUR),  # closes in the hour that is skipped: at 02:00
		(time(2, 30), time(4), HOUR),  # opens in it: at 03:00
		(time(2, 15), time(2, 45), 0),  # is wholly in it
		(time(1, 30), time(3, 30), HOUR),  # spans it
	],
)
def test_hours_that_the_clocks_skip_are_not_open(opens: time, closes: time, open_seconds: int) -> None:
	sunday, monday = datetime(2026, 3, 8), datetime(2026, 3, 9)
	assert business_seconds(sunday, monday, daily(opens, closes, NEW_YORK)) == open_seconds


def test_hours_that_are_skipped_altogether_open_the_next_day() -> None:
	night = daily(time(2, 15), time(2, 45), NEW_YORK)
	assert next_opening(datetime(2026, 3, 8, 1), night) == datetime(2026, 3, 9, 2, 15)


@pytest.mark.parametrize(
	("opens", "closes", "open_seconds"),
	[
		(time(1, 15), time(1, 45), HOUR // 2),  # open once, the first time
		(time(1, 30), time(2, 30), 2 * HOUR),  # from the first 01:30 on, the repeated hour included
		(time(0, 30), time(1, 30), HOUR),
		(time(0), time(3), 4 * HOUR),
	],
)
def test_a_time_that_comes_twice_means_the_first(opens: time, closes: time, open_seconds: int) -> None:
	sunday, monday = datetime(2026, 11, 1), datetime(2026, 11, 2)
	assert business_seconds(sunday, monday, daily(opens, closes, NEW_YORK)) == open_seconds


def test_a_moment_in_the_second_of_two_equal_hours_says_so() -> None:
	half_past_midnight = datetime(2026, 11, 1, 0, 30)
	first = add_business_seconds(half_past_midnight, HOUR, calendar((), NEW_YORK))
	second = add_business_seconds(half_past_midnight, 2 * HOUR, calendar((), NEW_YORK))
	assert (first, first.fold) == (datetime(2026, 11, 1, 1, 30), 0)
	assert (second, second.fold) == (datetime(2026, 11, 1, 1, 30), 1)
	assert elapsed_seconds(first, second, NEW_YORK) == HOUR


def test_an_answer_whose_clock_shows_less_than_the_question_s_came_in_the_second_hour() -> None:
	asked, answered = datetime(2026, 11, 1, 1, 50), datetime(2026, 11, 1, 1, 10)
	assert elapsed_seconds(asked, answered, NEW_YORK) == 20 * 60
	assert business_seconds(asked, answered, calendar((), NEW_YORK)) == 20 * 60


def test_an_end_before_the_start_takes_no_time() -> None:
	assert business_seconds(datetime(2026, 5, 5, 12), datetime(2026, 5, 4, 12), calendar()) == 0
	assert elapsed_seconds(datetime(2026, 5, 5), datetime(2026, 5, 4), UTC) == 0


def test_it_is_open_from_the_second_it_opens_until_before_the_one_it_closes() -> None:
	monday = datetime(2026, 5, 4)
	open_at = {
		clock: is_open(datetime.combine(monday, clock), calendar())
		for clock in (time(8, 59, 59), time(9), time(16, 59, 59), time(17))
	}
	assert list(open_at.values()) == [False, True, True, False]


def test_what_is_open_opens_now_and_what_is_closed_at_the_next_opening() -> None:
	assert next_opening(datetime(2026, 5, 4, 10), calendar()) == datetime(2026, 5, 4, 10)
	assert next_opening(datetime(2026, 5, 8, 17), calendar()) == datetime(2026, 5, 11, 9)


def test_a_closed_period_starts_when_it_closed_last() -> None:
	assert closed_since(datetime(2026, 5, 10, 12), calendar()) == datetime(2026, 5, 8, 17)
	assert closed_since(datetime(2026, 5, 8, 17), calendar()) == datetime(2026, 5, 8, 17)
	assert closed_since(datetime(2026, 5, 4, 10), calendar()) is None


def test_midnight_between_two_open_days_is_no_closing() -> None:
	weekend_off = calendar((*ALL_WEEK[:5], (), ()))
	assert closed_since(datetime(2026, 5, 9, 12), weekend_off) == datetime(2026, 5, 9)
	assert is_open(datetime(2026, 5, 5), weekend_off)


def test_a_calendar_that_is_never_open_says_so() -> None:
	never = calendar(((),) * 7)
	now = datetime(2026, 5, 4, 12)
	assert business_seconds(now, now + timedelta(days=5000), never) == 0
	assert next_opening(now, never) is None
	assert closed_since(now, never) == now - timedelta(days=HORIZON_DAYS)
	with pytest.raises(NeverOpen):
		add_business_seconds(now, 1, never)


def test_years_of_waiting_are_measured_at_once() -> None:
	monday = datetime(2026, 5, 4)
	assert business_seconds(monday, monday + timedelta(weeks=1000), calendar()) == 1000 * 40 * HOUR


@pytest.mark.parametrize(
	("hours", "overlap"),
	[
		([(time(9), time(12)), (time(12), time(17))], False),
		([(time(12), time(17)), (time(9), time(12, 1))], True),
		([(time(9), time(0)), (time(23), time(23, 30))], True),
		([(time(9), time(17))], False),
	],
)
def test_hours_overlap_when_they_share_a_moment(hours: list[Hours], overlap: bool) -> None:
	assert have_overlap(hours) is overlap


@given(moments, moments, calendars)
def test_business_time_is_never_negative_nor_longer_than_what_passed(
	start: datetime, end: datetime, open_at: Calendar
) -> None:
	assert 0 <= business_seconds(start, end, open_at) <= elapsed_seconds(start, end, open_at.site_zone)


@given(st.lists(moments, min_size=3, max_size=3).map(sorted), calendars)
def test_parts_of_business_time_add_up_to_the_whole(three: list[datetime], open_at: Calendar) -> None:
	first, second, third = three
	parts = business_seconds(first, second, open_at) + business_seconds(second, third, open_at)
	assert parts == business_seconds(first, third, open_at)


@given(instants, instants, zones, zones, st.sampled_from([(), ALL_WEEK]))
def test_a_calendar_that_is_always_open_counts_what_passed(
	one: datetime, other: datetime, zone: ZoneInfo, site_zone: ZoneInfo, week: tuple[tuple[Hours, ...], ...]
) -> None:
	start, end = sorted(moment.replace(microsecond=0) for moment in (one, other))
	passed = int((end - start).total_seconds())
	always = calendar(week, zone, site_zone)
	assert business_seconds(local(start, site_zone), local(end, site_zone), always) == passed


@given(moments, st.integers(0, 40 * 24 * HOUR), calendars)
def test_time_that_was_added_is_measured_again(start: datetime, seconds: int, open_at: Calendar) -> None:
	try:
		end = add_business_seconds(start, seconds, open_at)
	except NeverOpen:
		assert not any(open_at.week)
		return
	assert business_seconds(start, end, open_at) == seconds


@given(moments, calendars)
def test_nothing_is_open_before_the_next_opening(at: datetime, open_at: Calendar) -> None:
	opening = next_opening(at, open_at)
	if opening is None:
		assert not any(open_at.week)
		return
	assert is_open(opening, open_at)
	assert business_seconds(at, opening, open_at) == 0


@given(moments, calendars)
def test_nothing_was_open_since_it_closed(at: datetime, open_at: Calendar) -> None:
	since = closed_since(at, open_at)
	assert (since is None) is is_open(at, open_at)
	if since is not None:
		assert business_seconds(since, at, open_at) == 0


quarters = st.integers(0, 95).map(lambda quarter: time(*divmod(quarter * 15, 60)))


@given(
	st.sampled_from([(ATHENS, 3), (NEW_YORK, 1)]),  # the hour that comes twice in autumn
	st.sampled_from([ATHENS, NEW_YORK, UTC]),
	st.sampled_from([date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 31)]),
	st.tuples(quarters, quarters).filter(lambda pair: pair[0] < pair[1]),
	st.integers(0, 4 * 96),
)
def test_it_agrees_with_looking_at_the_channel_s_clock_every_quarter_of_an_hour(
	place: tuple[ZoneInfo, int], site_zone: ZoneInfo, saturday: date, hours: Hours, quarters_of_waiting: int
) -> None:
	zone, repeated_hour = place
	opens, closes = (clock.replace(minute=0) if clock.hour == repeated_hour else clock for clock in hours)
	start = datetime.combine(saturday, time(12), tzinfo=zone).astimezone(timezone.utc)
	step = timedelta(minutes=15)
	clocks = [local(start + step * n, zone).time() for n in range(quarters_of_waiting)]
	looked_at = 900 * sum(opens <= clock < closes for clock in clocks)

	ends = start + step * quarters_of_waiting
	open_at = (
		daily(opens, closes, zone, site_zone) if opens < closes else calendar(((),) * 7, zone, site_zone)
	)
	assert business_seconds(local(start, site_zone), local(ends, site_zone), open_at) == looked_at


@pytest.mark.parametrize(
	("started", "days", "ends"),
	[
		(datetime(2026, 11, 20, 16, 30), 1, datetime(2026, 11, 23, 16, 30)),  # Friday: on Monday
		(datetime(2026, 11, 18, 10), 2, datetime(2026, 11, 20, 10)),
		(datetime(2026, 11, 21, 10), 1, datetime(2026, 11, 23, 10)),  # Saturday: Monday is the first day
		(datetime(2026, 11, 20, 18), 1, datetime(2026, 11, 24, 9)),  # Monday is closed by then
		(datetime(2026, 11, 20, 7), 1, datetime(2026, 11, 23, 9)),  # before it opens on Monday
		(datetime(2026, 11, 20, 9), 5, datetime(2026, 11, 27, 9)),
		(datetime(2026, 11, 20, 17), 1, datetime(2026, 11, 24, 9)),  # the second it closes is closed
	],
)
def test_an_open_day_ends_at_the_same_time_of_the_next_day_that_is_worked(
	started: datetime, days: int, ends: datetime
) -> None:
	assert add_open_days(started, days, calendar()) == ends


def test_an_open_day_leaves_out_holidays_and_the_weekend_between_them() -> None:
	christmas = calendar(holidays=(date(2026, 12, 25), date(2026, 12, 28)))
	thursday = datetime(2026, 12, 24, 16)
	assert add_open_days(thursday, 1, christmas) == datetime(2026, 12, 29, 16)
	always = calendar((), holidays=(date(2026, 12, 25),))
	assert add_open_days(thursday, 1, always) == datetime(2026, 12, 26, 16)


def test_an_open_day_that_ends_in_the_lunch_break_ends_after_it() -> None:
	split = calendar((((time(9), time(12)), (time(13), time(17))),) * 7)
	assert add_open_days(datetime(2026, 5, 4, 12, 30), 1, split) == datetime(2026, 5, 5, 13)


@pytest.mark.parametrize(
	("zone", "saturday", "sunday"),
	[
		# a day is a day, whether it has 23 hours or 25
		(ATHENS, datetime(2026, 3, 28, 12), datetime(2026, 3, 29, 12)),
		(ATHENS, datetime(2026, 10, 24, 12), datetime(2026, 10, 25, 12)),
		(NEW_YORK, datetime(2026, 3, 7, 12), datetime(2026, 3, 8, 12)),
		(NEW_YORK, datetime(2026, 10, 31, 12), datetime(2026, 11, 1, 12)),
		# the clocks skip it: the moment they change
		(ATHENS, datetime(2026, 3, 28, 3, 30), datetime(2026, 3, 29, 4)),
		(NEW_YORK, datetime(2026, 3, 7, 2, 30), datetime(2026, 3, 8, 3)),
		# it comes twice: the first
		(ATHENS, datetime(2026, 10, 24, 3, 30), datetime(2026, 10, 25, 3, 30)),
		(NEW_YORK, datetime(2026, 10, 31, 1, 30), datetime(2026, 11, 1, 1, 30)),
	],
)
def test_an_open_day_keeps_its_time_when_the_clocks_change(
	zone: ZoneInfo, saturday: datetime, sunday: datetime
) -> None:
	for always in (calendar((), zone), calendar(ALL_WEEK, zone)):
		ends = add_open_days(saturday, 1, always)
		assert (ends, ends.fold) == (sunday, 0)


def test_an_open_day_keeps_the_time_of_the_channel_s_zone() -> None:
	"""Friday 16:30 in New York, whose clocks change on Sunday and those of Athens three weeks later."""
	in_new_york = calendar(zone=NEW_YORK, site_zone=ATHENS)
	assert add_open_days(datetime(2026, 3, 6, 23, 30), 1, in_new_york) == datetime(2026, 3, 9, 22, 30)


def test_no_open_days_are_no_time_and_fewer_cannot_be_added() -> None:
	never, sunday = calendar(((),) * 7), datetime(2026, 5, 10, 12, 30, 15, 250)
	assert add_open_days(sunday, 0, never) == sunday
	with pytest.raises(ValueError, match="only be added"):
		add_open_days(sunday, -1, calendar())


def test_an_open_day_of_a_calendar_that_is_never_open_says_so() -> None:
	with pytest.raises(NeverOpen):
		add_open_days(datetime(2026, 5, 4, 12), 1, calendar(((),) * 7))
	closed_for_years = [date(2026, 5, 5) + timedelta(days=ahead) for ahead in range(HORIZON_DAYS + 1)]
	with pytest.raises(NeverOpen):
		add_open_days(datetime(2026, 5, 4, 12), 1, calendar((), holidays=tuple(closed_for_years)))


@given(moments, st.integers(1, 30), calendars)
def test_open_days_are_counted_as_on_a_wall_calendar(start: datetime, days: int, open_at: Calendar) -> None:
	"""Crossing out one day after the other; the time of the last one, or when it opens next."""
	if open_at.week and not any(open_at.week):
		with pytest.raises(NeverOpen):
			add_open_days(start, days, open_at)
		return
	end = add_open_days(start, days, open_at)
	there = start.replace(tzinfo=open_at.site_zone, microsecond=0).astimezone(open_at.zone)
	ahead = (there.date() + timedelta(days=number) for number in range(1, 500))
	worked = [day for day in ahead if open_at.hours_of(day)]
	wanted = datetime.combine(worked[days - 1], there.time(), tzinfo=open_at.zone)
	assert is_open(end, open_at)
	assert end == next_opening(local(wanted, open_at.site_zone), open_at)


@given(moments, st.integers(0, 29), calendars)
def test_one_open_day_more_never_ends_earlier(start: datetime, days: int, open_at: Calendar) -> None:
	if open_at.week and not any(open_at.week):
		return
	sooner, later = (add_open_days(start, number, open_at) for number in (days, days + 1))
	assert start <= sooner <= later  # the same where both days are closed by that time
