"""How the reports say numbers, times and waits. The same in each of them, whatever the locale. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from lead_inbox.inbox.match_rules import By

NOTHING = "–"
MINUTE, HOUR, DAY = 60, 3600, 86400
# Of longer waits the smaller unit says nothing.
LONG_DAYS = 10 * DAY
LONG_HOURS = 24 * HOUR
LONGEST_LABEL = 60

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

JOINED_BY = {
	"": "came first",
	By.THREAD.value: "conversation",
	By.PHONE.value: "phone",
	By.EMAIL.value: "e-mail",
}

# Characters that turn the direction of the text around them: a name must not rearrange the report.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")


def number(value: int) -> str:
	return f"{value:,}"


def short_number(value: int) -> str:
	"""Return a number in at most four characters, for the head of a narrow column."""
	for unit, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
		if value >= 10 * unit:
			return f"{value // unit}{letter}"
		if value >= unit:
			return f"{value // (unit // 10) / 10:g}{letter}"
	return str(value)


def counted(value: int, one: str, many: str) -> str:
	return f"{number(value)} {one if value == 1 else many}"


def percent(part: int, whole: int) -> str:
	"""Return a share. Some is never shown as none, and nearly all never as all."""
	if not whole:
		return NOTHING
	share = round(100 * part / whole)
	if share == 0 and part:
		return "< 1 %"
	if share == 100 and part < whole:
		return "> 99 %"
	return f"{share} %"


def with_share(part: int, whole: int) -> str:
	return f"{number(part)} ({percent(part, whole)})" if part else number(part)


def elapsed(seconds: int | None) -> str:
	"""Return a wait in at most two units, rounded down."""
	if seconds is None:
		return NOTHING
	if seconds >= LONG_DAYS:
		return f"{number(seconds // DAY)} d"
	if seconds >= DAY:
		return _units(seconds, (DAY, "d"), (HOUR, "h"))
	return _within_a_day(seconds)


def business(seconds: int | None) -> str:
	"""Return a wait in business time. Never in days: a day of business isn't 24 hours long."""
	if seconds is None:
		return NOTHING
	if seconds >= LONG_HOURS:
		return f"{number(seconds // HOUR)} h"
	return _within_a_day(seconds)


def moment(on: datetime) -> str:
	return f"{day(on)} {on:%H:%M}"


def day(on: date) -> str:
	return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
	return f"{WEEKDAYS[on.weekday()]} {day(on)}"


def month(group: str) -> str:
	"""Return a month such as 2026-03 in words."""
	year, number_of_month = group.split("-")
	return f"{MONTHS[int(number_of_month) - 1]} {year}"


def days(count: int) -> str:
	return counted(count, "day", "days")


def label(text: str) -> str:
	"""Return who a lead is, cut where somebody entered a letter as a name."""
	return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"


def source(name: str) -> str:
	"""Return a source's name as short as a column of many rows wants it."""
	return name.removeprefix("Google ")


def joined_by(by: str) -> str:
	return JOINED_BY.get(by, by)


def place(file: str, row: int) -> str:
	return f"{file} row {number(row)}" if row else file


def more(total: int, shown: int) -> str:
	"""Return where the rest of a list is that was cut; "" for one that is whole."""
	rest = total - shown
	return f"And {number(rest)} more: --format json lists them all." if rest > 0 else ""


def printable(text: str) -> str:
	"""Return a text from a file without what a terminal or a browser would obey instead of showing it."""
	if text.isascii() and text.isprintable():
		return text
	return "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in text if c not in _TURNING)


def _within_a_day(seconds: int) -> str:
	if seconds >= HOUR:
		return _units(seconds, (HOUR, "h"), (MINUTE, "min"))
	return f"{seconds // MINUTE} min" if seconds >= MINUTE else f"{seconds} s"


def _units(seconds: int, first: tuple[int, str], second: tuple[int, str]) -> str:
	whole, rest = divmod(seconds, first[0])
	smaller = rest // second[0]
	return f"{whole} {first[1]} {smaller} {second[1]}" if smaller else f"{whole} {first[1]}"
