"""How a report says when a business is open: as --hours is written."""

from __future__ import annotations

from itertools import groupby

from lead_inbox.inbox.response.working_time import DAYS, END_OF_DAY, Calendar, Hours

LETTERS = 3  # of a day's name


def in_words(calendar: Calendar) -> str:
	"""Return hours and the number of holidays; "" for one that is always open."""
	holidays = len(calendar.holidays)
	closed = f"closed on {holidays} {'holiday' if holidays == 1 else 'holidays'}" if holidays else ""
	return ", ".join(filter(None, (_week(calendar), closed)))


def _week(calendar: Calendar) -> str:
	return ", ".join(
		f"{_days([day for day, _hours in days])} {' '.join(map(_span, hours))}"
		for hours, days in _groups(calendar)
		if hours
	)


def _groups(calendar: Calendar) -> list[tuple[tuple[Hours, ...], list[tuple[str, tuple[Hours, ...]]]]]:
	"""Days in a row that are alike."""
	named = zip((day[:LETTERS] for day in DAYS), calendar.week, strict=False)
	return [(hours, list(days)) for hours, days in groupby(named, key=lambda day: day[1])]


def _days(names: list[str]) -> str:
	return names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"


def _span(hours: Hours) -> str:
	opens, closes = hours
	return f"{opens:%H:%M}-{'24:00' if closes == END_OF_DAY else f'{closes:%H:%M}'}"
