"""Time as a business counts it: only while a channel is open (IN-9). Pure.

Moments come in and go out as naive datetimes in the site's time zone, as Frappe keeps them; a channel's
hours are local times in a zone of its own. All sums are done on instants in UTC, so an hour that the
clocks skip or repeat is counted as it passes. Everything is in whole seconds: the fractions are dropped
before anything is measured, so that parts add up to the whole.

Two kinds of local time need a decision. One that the clocks skip means the moment they change. One that
comes twice means the first; Python's `fold` says otherwise, a moment that goes out carries it, but a
database does not keep it. An end that would lie before its start is taken for the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
END_OF_DAY = time.min

# How far to look for a day that is open. A calendar closed for longer counts as never open.
HORIZON_DAYS = 800

# When it opens and when it closes on one day, local times; closing at 00:00 is the end of that day.
Hours = tuple[time, time]
ALL_DAY: Hours = (time.min, END_OF_DAY)


class NeverOpen(ValueError):
	"""The calendar has no open moment within HORIZON_DAYS."""


@dataclass(frozen=True)
class Calendar:
	"""When a channel is open.

	zone: of the hours and holidays. site_zone: of the moments that are asked about.
	week: the hours of Monday to Sunday, each day's sorted and apart from each other; empty when it is
	open at all hours. holidays: closed all day, in either case.
	"""

	zone: ZoneInfo
	site_zone: ZoneInfo
	week: tuple[tuple[Hours, ...], ...] = ()
	holidays: frozenset[date] = frozenset()

	def __post_init__(self) -> None:
		if len(self.week) not in (0, 7):
			raise ValueError("A week has seven days.")

	def hours_of(self, day: date) -> tuple[Hours, ...]:
		if day in self.holidays:
			return ()
		return self.week[day.weekday()] if self.week else (ALL_DAY,)


@dataclass(frozen=True)
class OpenSpan:
	"""An open span between two instants."""

	opens: datetime
	closes: datetime


def elapsed_seconds(start: datetime, end: datetime, site_zone: ZoneInfo) -> int:
	"""Return how many seconds passed between two moments, 0 when `end` is before `start`."""
	begins, ends = instants_of(start, end, site_zone)
	return _seconds(ends - begins)


def business_seconds(start: datetime, end: datetime, calendar: Calendar) -> int:
	"""Return how many of the seconds between two moments the channel was open; never negative."""
	if not calendar.week and not calendar.holidays:
		return elapsed_seconds(start, end, calendar.site_zone)
	begins, ends = instants_of(start, end, calendar.site_zone)
	if ends <= begins:
		return 0
	spans = spans_between(begins, ends, calendar)
	return sum(_seconds(min(span.closes, ends) - max(span.opens, begins)) for span in spans)


def add_business_seconds(start: datetime, seconds: int, calendar: Calendar) -> datetime:
	"""Return the first moment by which the channel was open for `seconds` since `start`.

	Raises NeverOpen, and ValueError for a negative number of seconds.
	"""
	if seconds < 0:
		raise ValueError("Business time can only be added.")
	begins = instant_of(start, calendar.site_zone)
	if seconds == 0:
		return site_time_of(begins, calendar)
	for span in _spans_from(begins, calendar):
		opens = max(span.opens, begins)
		open_for = _seconds(span.closes - opens)
		if open_for >= seconds:
			return site_time_of(opens + seconds * SECOND, calendar)
		seconds -= open_for
	raise NeverOpen


def add_open_days(start: datetime, days: int, calendar: Calendar) -> datetime:
	"""Return the same local time `days` days later, of which only those count that are open at all.

	A time at which that day is closed becomes the next opening. No days are no time, open or not. Raises
	NeverOpen, and ValueError for a negative number of days.
	"""
	if days < 0:
		raise ValueError("Days can only be added.")
	if days == 0:
		return start
	begins = instant_of(start, calendar.site_zone)
	day = _nth_open_day(_local_day(begins, calendar), days, calendar)
	local_time = begins.astimezone(calendar.zone).time()
	wanted = instant_of(datetime.combine(day, local_time), calendar.zone)
	span = next(_spans_from(wanted, calendar), None)
	if not span:
		raise NeverOpen
	return site_time_of(max(span.opens, wanted), calendar)


def _nth_open_day(day: date, number: int, calendar: Calendar) -> date:
	"""Return the `number`-th open day after a local day."""
	closed_days = 0
	while number:
		day += DAY
		is_closed = not calendar.hours_of(day)
		closed_days = closed_days + 1 if is_closed else 0
		if closed_days > HORIZON_DAYS:
			raise NeverOpen
		number -= not is_closed
	return day


def is_open(at: datetime, calendar: Calendar) -> bool:
	"""Whether the channel is open at a moment. It is at the second it opens, not at the one it closes."""
	instant = instant_of(at, calendar.site_zone)
	return any(span.opens <= instant < span.closes for span in spans_between(instant, instant, calendar))


def next_opening(at: datetime, calendar: Calendar) -> datetime | None:
	"""Return the first moment from `at` on that is open, `at` itself if it is; None if there is none."""
	instant = instant_of(at, calendar.site_zone)
	span = next(_spans_from(instant, calendar), None)
	return site_time_of(max(span.opens, instant), calendar) if span else None


def closed_since(at: datetime, calendar: Calendar) -> datetime | None:
	"""Return when the channel closed, None while it is open.

	For one that was not open within HORIZON_DAYS before, the moment that long ago.
	"""
	if is_open(at, calendar):
		return None
	instant = instant_of(at, calendar.site_zone)
	last_day = _local_day(instant, calendar)
	for days_ago in range(HORIZON_DAYS):
		spans = _spans_of(last_day - days_ago * DAY, calendar)
		if closings := [span.closes for span in spans if span.closes <= instant]:
			return site_time_of(max(closings), calendar)
	return site_time_of(instant - HORIZON_DAYS * DAY, calendar)


def have_overlap(hours: Iterable[Hours]) -> bool:
	"""Whether two of one day's hours have a moment in common."""
	ordered = sorted(hours)
	return any(_end(first) > _start(second) for first, second in pairwise(ordered))


def _start(hours: Hours) -> datetime:
	return datetime.combine(date.min, hours[0])


def _end(hours: Hours) -> datetime:
	return closing_of(date.min, hours[1])


def closing_of(day: date, closes: time) -> datetime:
	"""Return the local time at which hours of a day end."""
	return datetime.combine(day + DAY if closes == END_OF_DAY else day, closes)


def spans_between(begins: datetime, ends: datetime, calendar: Calendar) -> Iterator[OpenSpan]:
	"""Yield the spans that have a moment between two instants, in order.

	One day more than the local dates say: where clocks went back just after midnight, as St. John's
	once did, the old day comes again after the new one has opened.
	"""
	day, last_day = _local_day(begins, calendar), _local_day(ends, calendar) + DAY
	while day <= last_day:
		yield from (s for s in _spans_of(day, calendar) if s.closes > begins and s.opens <= ends)
		day += DAY


def _spans_from(instant: datetime, calendar: Calendar) -> Iterator[OpenSpan]:
	"""Yield the spans that end after an instant, in order, until HORIZON_DAYS pass without one."""
	day = _local_day(instant, calendar)
	closed_days = 0
	while closed_days < HORIZON_DAYS:
		spans = [span for span in _spans_of(day, calendar) if span.closes > instant]
		closed_days = 0 if spans else closed_days + 1
		yield from spans
		day += DAY


def _spans_of(day: date, calendar: Calendar) -> list[OpenSpan]:
	"""Return the open spans of one local day, without those that the clocks skip."""
	placed = (
		OpenSpan(
			instant_of(datetime.combine(day, opens), calendar.zone),
			instant_of(closing_of(day, closes), calendar.zone),
		)
		for opens, closes in calendar.hours_of(day)
	)
	return [span for span in placed if span.opens < span.closes]


def instants_of(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
	"""Return the instants in UTC of two local times of which the second one is not the earlier."""
	begins, ends = instant_of(start, zone), instant_of(end, zone)
	if ends < begins:
		ends = instant_of(end.replace(fold=1), zone)
	return begins, ends


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
	"""Return the instant in UTC of a local time, to the second. A later time is never an earlier instant."""
	local = local.replace(microsecond=0, tzinfo=zone)
	by_old_offset, by_new_offset = (local.replace(fold=fold).astimezone(timezone.utc) for fold in (0, 1))
	if by_new_offset < by_old_offset:  # only for a local time that the clocks skip
		return _clock_change(by_new_offset, by_old_offset, zone)
	return local.astimezone(timezone.utc)


def _clock_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
	"""Return the first instant with the new offset, between one before the change and one from it on."""
	old_offset = before.astimezone(zone).utcoffset()
	while after - before > SECOND:
		middle = before + (after - before) // 2
		middle = middle.replace(microsecond=0)
		if middle.astimezone(zone).utcoffset() == old_offset:
			before = middle
		else:
			after = middle
	return after


def _local_day(instant: datetime, calendar: Calendar) -> date:
	return instant.astimezone(calendar.zone).date()


def site_time_of(instant: datetime, calendar: Calendar) -> datetime:
	"""Return an instant as the site's clock shows it; with `fold`, where that time comes twice."""
	return instant.astimezone(calendar.site_zone).replace(tzinfo=None)


def _seconds(duration: timedelta) -> int:
	return max(0, duration // SECOND)
