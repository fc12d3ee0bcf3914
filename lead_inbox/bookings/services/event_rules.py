"""When an Event of a calendar takes its user's time. Pure. Moments are naive, in the site's time zone."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lead_inbox.inbox.response.working_time import DAY

# As long as Frappe's calendar draws an Event without an end.
USUAL_LENGTH = timedelta(hours=1)


@dataclass(frozen=True)
class Repetition:
	"""How an Event repeats itself, in the words of its field. weekdays: for weekly ones, Monday is 0."""

	every: str
	weekdays: frozenset[int] = frozenset()
	until: date = date.max


@dataclass(frozen=True)
class Appointment:
	"""An Event, as far as time is concerned."""

	starts_on: datetime
	ends_on: datetime | None
	all_day: bool = False
	repetition: Repetition | None = None


def times(appointment: Appointment, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
	"""Yield when it takes place, as far as that has a moment between two, in order."""
	starts_on, length = _first_time(appointment)
	for day in _days(appointment, (since - length).date(), until.date()):
		begins = datetime.combine(day, starts_on.time())
		if begins < until and begins + length > since:
			yield begins, begins + length


def _first_time(appointment: Appointment) -> tuple[datetime, timedelta]:
	"""Return when it first begins and how long it takes."""
	starts_on, ends_on = appointment.starts_on, appointment.ends_on
	if appointment.all_day:
		last_day = max(ends_on or starts_on, starts_on).date()
		return datetime.combine(starts_on.date(), time.min), last_day - starts_on.date() + DAY
	is_usable = ends_on and ends_on > starts_on
	return starts_on, ends_on - starts_on if is_usable else USUAL_LENGTH


def _days(appointment: Appointment, since: date, until: date) -> Iterator[date]:
	"""Yield the days on which it begins, of those from one to another."""
	first = appointment.starts_on.date()
	if not appointment.repetition:
		yield first
		return
	day, last = max(first, since), min(until, appointment.repetition.until)
	while day <= last:
		if _recurs(appointment.repetition, first, day):
			yield day
		day += DAY


def _recurs(repetition: Repetition, first: date, day: date) -> bool:
	"""Whether it begins on a day, of those since the first one. The 31st is a shorter month's last day."""
	if repetition.every == "Weekly":
		return day.weekday() in repetition.weekdays
	on_its_day = day.day == min(first.day, monthrange(day.year, day.month)[1])
	if repetition.every == "Monthly":
		return on_its_day
	if repetition.every == "Yearly":
		return on_its_day and day.month == first.month
	return repetition.every == "Daily" or day == first
