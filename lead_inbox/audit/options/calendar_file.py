"""The whole days of a calendar's file (iCalendar, RFC 5545), as calendars of public holidays have them.

A small part of the format: whole days, each with a date of its own. The library that writes the app's
invitations is not among what the command installs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

BEGIN_CALENDAR = "BEGIN:VCALENDAR"
BEGIN_EVENT, END_EVENT = "BEGIN:VEVENT", "END:VEVENT"
REPEATING = ("RRULE", "RDATE")
LONGEST_DAYS = 366
DAY = timedelta(days=1)

_FOLDED = re.compile(r"\r?\n[ \t]")
_WHOLE_DAY = re.compile(r"\d{8}", re.ASCII)


class WrongCalendar(ValueError):
	"""The days can't be told. Its text says why and what to do."""


def is_calendar(content: str) -> bool:
	return content.lstrip().upper().startswith(BEGIN_CALENDAR)


def days_of_calendar(content: str) -> Iterator[date]:
	"""Yield the days of its events that last whole days; others, and cancelled ones, are no holidays.

	Raises WrongCalendar.
	"""
	for event in _events(content):
		begins = event.get("DTSTART", "")
		if event.get("STATUS", "").upper() == "CANCELLED" or not _WHOLE_DAY.fullmatch(begins):
			continue
		if any(name in event for name in REPEATING):
			raise WrongCalendar("An event repeats, and how often is not read. List its dates.")
		yield from _days_between(_day(begins), event.get("DTEND", ""))


def _events(content: str) -> Iterator[dict[str, str]]:
	"""Yield the properties of each event, by name, without their parameters."""
	event: dict[str, str] | None = None
	for line in _FOLDED.sub("", content).splitlines():
		mark = line.strip().upper()
		if mark == BEGIN_EVENT:
			event = {}
		elif mark == END_EVENT and event is not None:
			yield event
			event = None
		elif event is not None:
			name, _colon, value = line.partition(":")
			event[name.partition(";")[0].upper()] = value.strip()


def _days_between(first: date, ends: str) -> Iterator[date]:
	"""ends: the day after the last one, "" for one day only."""
	after = _day(ends) if _WHOLE_DAY.fullmatch(ends) else first + DAY
	length = max(1, (after - first).days)
	if length > LONGEST_DAYS:
		raise WrongCalendar("An event lasts longer than a year.")
	yield from (first + number * DAY for number in range(length))


def _day(text: str) -> date:
	try:
		return datetime.strptime(text, "%Y%m%d").date()
	except ValueError:
		raise WrongCalendar(f"There is no day {text}.") from None
