"""The shapes in which exports write a moment, and what their parts mean whatever the order of day and month."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

UNKNOWN_ZONE = "A date names a time zone that is not known. Write an offset such as +02:00, or a name such as Europe/Athens."

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_MONTH = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK = r"""(?:(?:,?\s+(?:at\s+)?|t)
	(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?
	(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?
	\s*(?P<zone>[a-z+-][\w/+:-]*(?:\s?[+-][\d:]+)?)?(?:\s*\([^()]*\))?)?"""
_DAYS = (
	r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)",
	r"(?P<first>\d\d?)(?P<mark>[/.-])(?P<second_part>\d\d?)(?P=mark)(?P<year>\d{4}|\d\d)",
	rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
	rf"{_WEEKDAY}(?P<day>\d\d?)(?:st|nd|rd|th)?[\s.-]+{_MONTH},?[\s-]+(?P<year>\d{{4}}|\d\d)",
)
# Python's \s takes the narrow space that browsers set before AM and PM.
SHAPES = tuple(re.compile(rf"{day}{_CLOCK}", re.IGNORECASE | re.VERBOSE) for day in _DAYS)

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII)
# Those that the standard of mail defines; others mean several zones.
_HOURS = {
	"Z": 0,
	"UT": 0,
	"UTC": 0,
	"GMT": 0,
	"EDT": -4,
	"EST": -5,
	"CDT": -5,
	"CST": -6,
	"MDT": -6,
	"MST": -7,
	"PDT": -7,
	"PST": -8,
}


def match_of(text: str) -> re.Match[str] | None:
	"""The parts of a moment, None when it has no such shape. They may be no date, as 2026-02-30."""
	return next((match for shape in SHAPES if (match := shape.fullmatch(text))), None)


@lru_cache(maxsize=100)
def zone_of(text: str) -> tzinfo:
	"""What an offset, an abbreviation or the name of a zone stands for. Raises ValueError."""
	if text.upper() in _HOURS:
		return timezone(timedelta(hours=_HOURS[text.upper()]))
	if offset := _OFFSET.fullmatch(text.upper()):
		minutes = int(offset[2]) * 60 + int(offset[3] or 0)
		return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
	if "/" not in text:
		raise ValueError(UNKNOWN_ZONE)
	try:
		return ZoneInfo(text)
	except (KeyError, OSError, ValueError):
		raise ValueError(UNKNOWN_ZONE) from None


def clock_of(match: re.Match[str]) -> tuple[int, int, int, int] | None:
	"""Hour, minute, second and microsecond of the day, None when only a date is given. Raises ValueError."""
	if match["hour"] is None:
		return None
	hour = int(match["hour"])
	if match["half"]:
		if not 1 <= hour <= 12:
			raise ValueError("no hour of a clock of twelve")
		hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
	microsecond = int((match["fraction"] or "").ljust(6, "0")[:6])
	return hour, int(match["minute"]), int(match["second"] or 0), microsecond


def year_of(match: re.Match[str]) -> int:
	"""Years of two digits are of this century: leads are younger than it is."""
	year = int(match["year"])
	return year + 2000 if len(match["year"]) == 2 else year
