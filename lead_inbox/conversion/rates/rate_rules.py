"""Periods, shares and what is known of a group of leads, as pure functions (CO-10).

What can't be divided is None, never zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from lead_inbox.inbox.response.quantiles import quantile


class Interval(str, Enum):
	DAY = "Day"
	WEEK = "Week"
	MONTH = "Month"
	QUARTER = "Quarter"


def period_start(day: date, interval: Interval) -> date:
	"""Return the first day of the period that a day belongs to. Weeks begin on Monday, as in ISO 8601."""
	match interval:
		case Interval.DAY:
			return day
		case Interval.WEEK:
			return day - timedelta(days=day.weekday())
		case Interval.MONTH:
			return day.replace(day=1)
		case Interval.QUARTER:
			return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_period(start: date, interval: Interval) -> date:
	"""Return the first day of the period after the one that begins on `start`."""
	longest = {Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: 31, Interval.QUARTER: 92}
	return period_start(start + timedelta(days=longest[interval]), interval)


def periods(since: date, until: date, interval: Interval) -> list[date]:
	"""Return the first days of all periods that have a day from `since` to before `until`."""
	starts = []
	start = period_start(since, interval)
	while start < until:
		starts.append(start)
		start = next_period(start, interval)
	return starts


def period_label(start: date, interval: Interval) -> str:
	"""Return a short name that sorts by time: 2026-03-09, 2026-W11, 2026-03, 2026-Q1."""
	match interval:
		case Interval.DAY:
			return start.isoformat()
		case Interval.WEEK:
			year, week, _day = start.isocalendar()
			return f"{year}-W{week:02}"
		case Interval.MONTH:
			return f"{start:%Y-%m}"
		case Interval.QUARTER:
			return f"{start.year}-Q{(start.month + 2) // 3}"


def prorated(amount: float, first: date, last: date, since: date, until: date) -> float:
	"""Return the part of an amount that belongs to a period, by days.

	first, last: the days, both included, that the amount is of. since, until: the period, without `until`.
	"""
	end = min(last + timedelta(days=1), until)
	days = (end - max(first, since)).days
	return amount * max(0, days) / ((last - first).days + 1)


def ratio(part: float | None, whole: float | None) -> float | None:
	"""Return the quotient; None when nothing is divided, or by nothing."""
	return part / whole if part is not None and whole else None


def percent(part: float | None, whole: float | None) -> float | None:
	"""Return the share in percent, to one decimal."""
	quotient = ratio(part, whole)
	return None if quotient is None else round(100 * quotient, 1)


def plus(one: float | None, other: float | None) -> float | None:
	"""Add what is known; None when nothing is."""
	return other if one is None else one if other is None else one + other


@dataclass
class Visits:
	"""Unique visitors and sessions; None where nobody counted."""

	visitors: float | None = None
	sessions: float | None = None

	def add(self, visitors: float | None, sessions: float | None) -> None:
		self.visitors = plus(self.visitors, visitors)
		self.sessions = plus(self.sessions, sessions)


@dataclass
class Figures:
	"""What is known of a group of leads.

	leads: that arrived. mql, sql, converted: how many came at least that far. times: seconds from arrival to
	conversion, each with how often. counted, typed: visits by Web Page View and by Lead Visits, which hold
	what the site itself does not count, so they are added. cost: None where none is known. revenue: None for
	a user who may not see it.
	"""

	leads: int = 0
	mql: int = 0
	sql: int = 0
	converted: int = 0
	times: Counter[int] = field(default_factory=Counter)
	counted: Visits = field(default_factory=Visits)
	typed: Visits = field(default_factory=Visits)
	cost: float | None = None
	revenue: float | None = None

	@property
	def visitors(self) -> float | None:
		return plus(self.counted.visitors, self.typed.visitors)

	@property
	def sessions(self) -> float | None:
		return plus(self.counted.sessions, self.typed.sessions)

	def time_to_convert(self, part: float) -> int | None:
		"""Seconds within which that part of the conversions happened: 0.5 for the median."""
		return quantile(sorted(self.times.items()), part)

	@property
	def is_empty(self) -> bool:
		return not (self.leads or self.converted or self.visitors or self.sessions or self.cost)


def total(groups: Iterable[Figures]) -> Figures:
	"""Return the sums of groups that have no lead in common.

	Without visits: who came in two months is one visitor.
	"""
	whole = Figures()
	for group in groups:
		for name in ("leads", "mql", "sql", "converted"):
			setattr(whole, name, getattr(whole, name) + getattr(group, name))
		whole.times.update(group.times)
		whole.cost = plus(whole.cost, group.cost)
		whole.revenue = plus(whole.revenue, group.revenue)
	return whole


@dataclass(frozen=True)
class Outcomes:
	"""Opportunities: won, lost, and those that nobody has decided."""

	won: int = 0
	lost: int = 0
	undecided: int = 0

	@property
	def win_rate(self) -> float | None:
		"""Won of the decided ones, in percent."""
		return percent(self.won, self.won + self.lost)

	def plus(self, other: Outcomes) -> Outcomes:
		return Outcomes(self.won + other.won, self.lost + other.lost, self.undecided + other.undecided)
