"""The days of --holidays: dates separated by commas, or a file with a date a line or a calendar's .ics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from click import BadParameter

from lead_inbox.audit.options.calendar_file import WrongCalendar, days_of_calendar, is_calendar

LARGEST_BYTES = 10_000_000
COMMENT = "#"

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# A name of the day may follow its date.
_DATE_IN_LINE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[\s,;].*)?", re.ASCII)


def read_holidays(text: str, folder: Path) -> frozenset[date]:
	"""folder: where a relative path starts. Raises BadParameter."""
	parts = [part.strip() for part in text.split(",") if part.strip()]
	if parts and all(map(_DATE.fullmatch, parts)):
		return frozenset(_date(part) for part in parts)
	path = folder / text
	content = _content(path, text)
	try:
		days = days_of_calendar(content) if is_calendar(content) else _days_of_lines(content)
		return frozenset(days)
	except WrongCalendar as error:
		raise _wrong(f"{text}: {error}") from None


def _content(path: Path, text: str) -> str:
	try:
		if path.stat().st_size > LARGEST_BYTES:
			raise _wrong(f"{text} is too large for a list of holidays.")
		return path.read_text(encoding="utf-8-sig")
	except UnicodeDecodeError:
		raise _wrong(f"{text} is not a text in UTF-8. Save it as one.") from None
	except (OSError, ValueError) as error:
		reason = getattr(error, "strerror", None) or "not a path"
		raise _wrong(f"{text!r} is no list of dates, and no file that can be read ({reason}).") from None


def _days_of_lines(content: str) -> Iterator[date]:
	for number, line in enumerate(content.splitlines(), start=1):
		entry = line.strip()
		if not entry or entry.startswith(COMMENT):
			continue
		match = _DATE_IN_LINE.fullmatch(entry)
		if not match:
			raise _wrong(f"Line {number} does not begin with a date.")
		yield _date(match[1])


def _date(text: str) -> date:
	try:
		return date.fromisoformat(text)
	except ValueError:
		raise _wrong(f"There is no day {text}.") from None


def _wrong(reason: str) -> BadParameter:
	return BadParameter(
		f"{reason} Write dates like 2026-12-25,2027-01-01, or name a file with a date a line, or an .ics file.",
		param_hint="--holidays",
	)
