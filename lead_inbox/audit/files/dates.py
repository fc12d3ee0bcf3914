"""Reads the moments of one file, whichever way round it writes day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from lead_inbox.audit.files.date_shapes import MONTHS, UNKNOWN_ZONE, clock_of, match_of, year_of, zone_of
from lead_inbox.audit.told import Unreadable
from lead_inbox.channels.values import WrongValue, to_moment

NO_MOMENT = (
	"A date can't be read. Write it as 2026-03-31 14:05:00, with an offset such as +02:00 if it has one."
)
A_NUMBER = (
	"A date is a bare number, as spreadsheets keep it. Save the column as dates or texts, such as 2026-03-31."
)

_LONGEST = 80
_NOTHING = frozenset({"", "-", "--", "—", "n/a"})
_ISO_BEGINS = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH = re.compile(r"\d{9,13}(?:\.\d{1,9})?", re.ASCII)  # in seconds or milliseconds
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


class Order(Enum):
	"""Which of the two numbers before the year comes first."""

	MONTH_FIRST = "the month first"
	DAY_FIRST = "the day first"


class DateReader:
	"""Learns from dates such as 28/11/2026, which have one meaning only, what 3/4/2026 means in the same file.

	That is learnt for slashes, dots and hyphens apart, as one file may hold texts of several programs.
	"""

	def __init__(self, zone: ZoneInfo) -> None:
		"""zone: that of moments which name none."""
		self._zone = zone
		self._shown: dict[str, Counter[Order]] = {}
		self._guessed: Counter[tuple[str, Order]] = Counter()
		self._days_only = 0

	def learn(self, values: Iterable[object]) -> None:
		"""values: of the file's first rows, before any is read; those that are no dates are passed over."""
		for value in values:
			if not isinstance(value, str) or len(value) > _LONGEST:
				continue
			match = match_of(value.strip())
			if match and "first" in match.re.groupindex:
				self._notice(match)

	def read(self, value: object) -> datetime | None:
		"""The moment, aware; None where there is none. Raises Unreadable."""
		if value is None:
			return None
		if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
			raise Unreadable(NO_MOMENT)
		text = str(value).strip()
		if text.lower() in _NOTHING:
			return None
		try:
			return self._moment(text)
		except WrongValue:
			raise Unreadable(NO_MOMENT) from None

	@property
	def notes(self) -> tuple[str, ...]:
		"""What was assumed up to now, in sentences for users. Ask when all is read."""
		return tuple(self._order_notes()) + tuple(self._day_notes())

	def _moment(self, text: str) -> datetime | None:
		if len(text) > _LONGEST:
			raise Unreadable(NO_MOMENT)
		if _EPOCH.fullmatch(text):
			return to_moment(text, self._zone)
		if _NUMBER.fullmatch(text):
			raise Unreadable(A_NUMBER)
		if _ISO_BEGINS.match(text):
			try:
				return self._iso(text)
			except WrongValue:
				pass  # it may name its zone otherwise
		return to_moment(self._shaped(text), self._zone)

	def _iso(self, text: str) -> datetime | None:
		moment = to_moment(text, self._zone)
		self._days_only += _ISO_BEGINS.fullmatch(text) is not None
		return moment

	def _shaped(self, text: str) -> datetime:
		match = match_of(text)
		if match is None:
			raise Unreadable(NO_MOMENT)
		zone = self._zone_of(match["zone"])
		try:
			month, day = self._month_and_day(match)
			clock = clock_of(match)
			moment = datetime(year_of(match), month, day, *(clock or ()), tzinfo=zone)
		except ValueError:
			raise Unreadable(NO_MOMENT) from None
		self._days_only += clock is None
		return moment

	def _zone_of(self, name: str | None) -> tzinfo:
		try:
			return zone_of(name) if name else self._zone
		except ValueError:
			raise Unreadable(UNKNOWN_ZONE) from None

	def _month_and_day(self, match: re.Match[str]) -> tuple[int, int]:
		parts = match.re.groupindex
		if "name" in parts:
			return MONTHS.index(match["name"].lower()) + 1, int(match["day"])
		if "month" in parts:
			return int(match["month"]), int(match["day"])
		first, second = int(match["first"]), int(match["second_part"])
		order = self._notice(match) or (Order.MONTH_FIRST if first == second else self._guess(match))
		return (first, second) if order is Order.MONTH_FIRST else (second, first)

	def _notice(self, match: re.Match[str]) -> Order | None:
		"""The order that a date shows by itself."""
		first, second = int(match["first"]), int(match["second_part"])
		if (first <= 12) == (second <= 12):
			return None
		order = Order.MONTH_FIRST if first <= 12 else Order.DAY_FIRST
		self._shown.setdefault(match["mark"], Counter())[order] += 1
		return order

	def _guess(self, match: re.Match[str]) -> Order:
		"""By the other dates of the file; where they say nothing, by what is the custom."""
		mark = match["mark"]
		shown = self._shown.get(mark, Counter())
		if len(shown) == 1:
			return next(iter(shown))
		order = shown.most_common(1)[0][0] if shown else _custom(mark, bool(match["half"]))
		self._guessed[mark, order] += 1
		return order

	def _order_notes(self) -> Iterator[str]:
		for (mark, order), count in sorted(
			self._guessed.items(), key=lambda item: (item[0][0], item[0][1].value)
		):
			read = "1 such date was read" if count == 1 else f"{count:,} such dates were read"
			yield f"Nothing shows for sure what 3{mark}4{mark}2026 means: {read} with {order.value}."

	def _day_notes(self) -> Iterator[str]:
		if self._days_only:
			read = "1 date" if self._days_only == 1 else f"{self._days_only:,} dates"
			yield f"{read} without a time of day: midnight was taken, so waits that begin or end there are inexact."


def _custom(mark: str, has_half: bool) -> Order:
	"""Americans write slashes and a clock of twelve hours, others dots and hyphens."""
	return Order.MONTH_FIRST if mark == "/" or has_half else Order.DAY_FIRST
