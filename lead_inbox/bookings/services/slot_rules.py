"""Which times of a service are free: BO-2. Pure.

Naive datetimes are moments in the site's time zone, as Frappe keeps them; aware ones are instants in UTC, on
which all sums are done. Hours and starts are local times of the service's zone.

What the database cannot tell apart is not offered: a naive moment in the hour that the clocks repeat means
its first coming, so nothing starts or ends in the second one. Bookings hold whole ticks: what is free here
can be claimed, and the other way round.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from lead_inbox.bookings.rules import Refusal, time_refusal
from lead_inbox.inbox.response.working_time import (
	DAY,
	Calendar,
	closing_of,
	instant_of,
	instants_of,
	spans_between,
)

TICK = timedelta(minutes=5)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# A service keeps at most so much free on either side of a booking.
MOST_BUFFER = DAY
# Readings of clocks that are kept: services share most of their starts, and to look one up takes microseconds.
REMEMBERED = 20_000


@dataclass(frozen=True)
class Service:
	"""A Bookable Service as far as others need it.

	step: between two starts. users: who can do it at present, in order. by_users: whether somebody has to; a
	service of which all users are disabled has by_users and no users.
	"""

	name: str
	item: str
	enabled: bool
	online: bool
	needs_confirmation: bool
	duration: timedelta
	step: timedelta
	buffer_before: timedelta
	buffer_after: timedelta
	capacity: int
	lead_time: timedelta
	horizon: timedelta
	change_until_minutes: int
	users: tuple[str, ...]
	by_users: bool
	calendar: Calendar
	time_zone: str
	place: str
	price_list: str


@dataclass(frozen=True)
class Slot:
	"""A time that can be booked. Naive, site time.

	users: who is free then; empty where nobody has to be. places: how many bookings still fit.
	"""

	starts_on: datetime
	ends_on: datetime
	users: tuple[str, ...]
	places: int


@dataclass(frozen=True)
class Span:
	"""From an instant until before another one."""

	begins: datetime
	ends: datetime


@dataclass(frozen=True)
class Window:
	"""Which starts are asked for: from `since` until before `until`. Naive, site time.

	by_customer: who has to keep to the service's limits.
	"""

	since: datetime
	until: datetime
	now: datetime
	by_customer: bool


@dataclass(frozen=True)
class Candidate:
	"""A time within a service's hours, whether or not somebody else has it. Naive, site time."""

	starts_on: datetime
	ends_on: datetime
	held: Span


class Occupancy:
	"""How many of some spans there are at each instant."""

	def __init__(self, spans: Iterable[Span] = ()) -> None:
		changes: Counter[datetime] = Counter()
		for span in spans:
			changes[span.begins] += 1
			changes[span.ends] -= 1
		self._instants = sorted(changes)
		self._counts = list(accumulate(changes[instant] for instant in self._instants))

	def most(self, span: Span) -> int:
		"""Return how many there are at once at most, within a span."""
		first = bisect_right(self._instants, span.begins) - 1
		last = bisect_left(self._instants, span.ends)
		return max(self._counts[max(first, 0) : last], default=0)


NOTHING = Occupancy()


def span_of(starts_on: datetime, ends_on: datetime, site_zone: ZoneInfo) -> Span:
	"""Return a booking's time. An end in the hour that comes twice is the second one if the first is over."""
	return Span(*instants_of(starts_on, ends_on, site_zone))


def held_span(
	starts_on: datetime, ends_on: datetime, before: timedelta, after: timedelta, site_zone: ZoneInfo
) -> Span:
	"""Return what a booking holds: its time and what is kept free around it, in whole ticks; never empty."""
	span = span_of(starts_on, ends_on, site_zone)
	return _whole_ticks(span.begins - before, span.ends + after)


def held_by(service: Service | None, starts_on: datetime, ends_on: datetime, site_zone: ZoneInfo) -> Span:
	"""Return what a booking of a service holds, or one of none that we know."""
	before, after = (service.buffer_before, service.buffer_after) if service else (timedelta(), timedelta())
	return held_span(starts_on, ends_on, before, after, site_zone)


def ticks(span: Span) -> list[datetime]:
	"""Return when each tick of a span of whole ticks begins."""
	return [span.begins + number * TICK for number in range((span.ends - span.begins) // TICK)]


def candidates(service: Service, window: Window) -> list[Candidate]:
	"""Return the times within a service's hours and limits that start in a window, in order."""
	begins, ends, now = (
		instant_of(moment, service.calendar.site_zone) for moment in (window.since, window.until, window.now)
	)
	if service.duration <= timedelta() or service.step <= timedelta() or ends <= begins:
		return []
	found = (
		_candidate(service, start)
		for start in _starts(service, begins, ends)
		if begins <= start < ends and not _limit_refusal(service, start, now, window.by_customer)
	)
	return sorted(filter(None, found), key=lambda candidate: candidate.starts_on)


def free_slot(
	service: Service,
	candidate: Candidate,
	taken: Occupancy,
	busy: Mapping[str, Occupancy],
	user: str | None = None,
) -> Slot | None:
	"""Return what is left of a time, None when it is nothing.

	taken: by bookings of the service. busy: what each user has to do. user: who is asked for.
	"""
	places = service.capacity - taken.most(candidate.held)
	if places <= 0:
		return None
	if not service.by_users:
		return None if user else Slot(candidate.starts_on, candidate.ends_on, (), places)
	asked = (name for name in service.users if user in (None, name))
	free = tuple(name for name in asked if not busy.get(name, NOTHING).most(candidate.held))
	return Slot(candidate.starts_on, candidate.ends_on, free, min(places, len(free))) if free else None


def hours_refusal(
	service: Service, starts_on: datetime, ends_on: datetime, now: datetime, by_customer: bool
) -> Refusal | None:
	"""Return why a time is none that the service offers, whoever else has it."""
	if refusal := time_refusal(starts_on, ends_on, now):
		return refusal
	start, asked_at = (instant_of(moment, service.calendar.site_zone) for moment in (starts_on, now))
	if refusal := _limit_refusal(service, start, asked_at, by_customer):
		return refusal
	if not is_within_hours(service, starts_on, ends_on):
		return Refusal.OUTSIDE_HOURS
	window = Window(starts_on, starts_on + timedelta(seconds=1), now, by_customer)
	offered = {(offer.starts_on, offer.ends_on) for offer in candidates(service, window)}
	return None if (starts_on, ends_on) in offered else Refusal.NO_SUCH_SLOT


def is_within_hours(service: Service, starts_on: datetime, ends_on: datetime) -> bool:
	time_of_it = span_of(starts_on, ends_on, service.calendar.site_zone)
	return any(
		span.begins <= time_of_it.begins and time_of_it.ends <= span.ends
		for span in _open(service.calendar, time_of_it.begins, time_of_it.ends)
	)


def local_day(calendar: Calendar, moment: datetime) -> date:
	"""Return the day in the calendar's zone of a moment of the site's."""
	return instant_of(moment, calendar.site_zone).astimezone(calendar.zone).date()


def _limit_refusal(service: Service, start: datetime, now: datetime, by_customer: bool) -> Refusal | None:
	if start <= now:
		return Refusal.IN_THE_PAST
	if by_customer and start < now + service.lead_time:
		return Refusal.TOO_SOON
	if by_customer and start > now + service.horizon:
		return Refusal.TOO_FAR_AHEAD
	return None


def _candidate(service: Service, start: datetime) -> Candidate | None:
	"""Return a time that starts at an instant; None for one that a database could not tell from another."""
	end = start + service.duration
	starts_on, ends_on = (_written(instant, service.calendar.site_zone) for instant in (start, end))
	if not starts_on or not ends_on:
		return None
	held = _whole_ticks(start - service.buffer_before, end + service.buffer_after)
	return Candidate(starts_on, ends_on, held)


def _starts(service: Service, begins: datetime, ends: datetime) -> Iterator[datetime]:
	"""Yield the instants between two at which the service could start and still end within its hours.

	One day more on either side, as in working_time.
	"""
	calendar = service.calendar
	spans = _open(calendar, begins, ends + service.duration)
	opens = [span.begins for span in spans]
	day = begins.astimezone(calendar.zone).date() - DAY
	last_day = ends.astimezone(calendar.zone).date() + DAY
	while day <= last_day:
		for local in _local_starts(calendar, day, service.step):
			start = _instant_read(local, calendar.zone)
			position = bisect_right(opens, start) - 1 if start else -1
			if position >= 0 and start + service.duration <= spans[position].ends:
				yield start
		day += DAY


def _local_starts(calendar: Calendar, day: date, step: timedelta) -> Iterator[datetime]:
	"""Yield the local times of a day's starts: from each opening on, by the clock, at whole ticks."""
	for opens, closes in calendar.hours_of(day):
		local = _whole_tick(datetime.combine(day, opens))
		closing = closing_of(day, closes)
		while local < closing:
			yield local
			local += step


@lru_cache(maxsize=REMEMBERED)
def _instant_read(local: datetime, zone: ZoneInfo) -> datetime | None:
	"""Return the instant of a local time, None for one that the clocks skip."""
	instant = instant_of(local, zone)
	return instant if instant.astimezone(zone).replace(tzinfo=None, fold=0) == local else None


@lru_cache(maxsize=REMEMBERED)
def _written(instant: datetime, site_zone: ZoneInfo) -> datetime | None:
	"""Return an instant as the database keeps it, None for one that would be read as another."""
	moment = instant.astimezone(site_zone).replace(tzinfo=None, fold=0)
	return moment if instant_of(moment, site_zone) == instant else None


def _open(calendar: Calendar, begins: datetime, ends: datetime) -> list[Span]:
	"""Return when it is open around two instants, hours that touch as one.

	From a day before until a day after, so that a span which has either in it is whole there.
	"""
	found: list[Span] = []
	for span in spans_between(begins - DAY, ends + DAY, calendar):
		if found and span.opens <= found[-1].ends:
			found[-1] = Span(found[-1].begins, max(found[-1].ends, span.closes))
		else:
			found.append(Span(span.opens, span.closes))
	return found


def _whole_tick(local: datetime) -> datetime:
	"""Return the first whole tick from a local time on."""
	midnight = datetime.combine(local.date(), time.min)
	return midnight - (midnight - local) // TICK * TICK


def _whole_ticks(begins: datetime, ends: datetime) -> Span:
	first = _tick_at(begins)
	return Span(first, max(_tick_from(ends), first + TICK))


def _tick_at(instant: datetime) -> datetime:
	"""Return the beginning of the tick that an instant is in."""
	return EPOCH + (instant - EPOCH) // TICK * TICK


def _tick_from(instant: datetime) -> datetime:
	"""Return the first tick that begins at an instant or after it."""
	return EPOCH - (EPOCH - instant) // TICK * TICK
