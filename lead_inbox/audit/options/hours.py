"""The hours of --hours, such as `Mon-Fri 09:00-12:30 13:30-17:00, Sat 10:00-13:00`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from click import BadParameter

from lead_inbox.inbox.response.working_time import DAYS, END_OF_DAY, Hours, have_overlap

Week = tuple[tuple[Hours, ...], ...]

SHORTEST_NAME = 2

_AROUND_DASH = re.compile(r"\s*[-\u2013]\s*")
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?", re.ASCII)
_END_OF_DAY = (24, 0)


def read_hours(text: str) -> Week:
	"""Return the hours of Monday to Sunday, each day's sorted; days that are not named are closed.

	Raises BadParameter.
	"""
	week: list[list[Hours]] = [[] for _day in DAYS]
	for entry in _AROUND_DASH.sub("-", text).split(","):
		days, spans = _entry(entry)
		for day in days:
			week[day] += spans
	for name, hours in zip(DAYS, week, strict=True):
		if have_overlap(hours):
			raise _wrong(f"The hours of {name} overlap. Write them as one.")
	return tuple(tuple(sorted(hours)) for hours in week)


def _entry(entry: str) -> tuple[list[int], list[Hours]]:
	"""Read days and the hours that follow them."""
	words = entry.split()
	days = [day for word in words if not word[0].isdigit() for day in _days(word)]
	spans = [_span(word) for word in words if word[0].isdigit()]
	if not (days and spans):
		raise _wrong(f"{entry.strip()!r} needs days and then hours.")
	return days, spans


def _days(word: str) -> Iterator[int]:
	"""Yield the numbers of a day or of days such as Fri-Mon, 0 for Monday."""
	first, dash, last = word.partition("-")
	day, end = _day(first), _day(last if dash else first)
	yield day
	while day != end:
		day = (day + 1) % len(DAYS)
		yield day


def _day(name: str) -> int:
	for number, day in enumerate(DAYS):
		if len(name) >= SHORTEST_NAME and day.lower().startswith(name.lower()):
			return number
	raise _wrong(f"{name!r} is not a day of the week.")


def _span(word: str) -> Hours:
	match = _SPAN.fullmatch(word)
	if not match:
		raise _wrong(f"{word!r} is not from a time to a time.")
	opens, closes = _time(match[1], match[2], word), _time(match[3], match[4], word)
	if closes != END_OF_DAY and closes <= opens:
		raise _wrong(
			f"{word!r} closes before it opens. Close at 24:00 and give the rest of the night to the next day."
		)
	return opens, closes


def _time(hour: str, minute: str | None, word: str) -> time:
	numbers = int(hour), int(minute or 0)
	if numbers == _END_OF_DAY:
		return END_OF_DAY
	try:
		return time(*numbers)
	except ValueError:
		raise _wrong(f"{word!r} is not from a time to a time.") from None


def _wrong(reason: str) -> BadParameter:
	return BadParameter(
		f'{reason} Write hours like "Mon-Fri 09:00-12:30 13:30-17:00, Sat 10:00-13:00".', param_hint="--hours"
	)
