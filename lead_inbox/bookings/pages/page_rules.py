"""What a customer's browser asks of the booking page, and which days it shows: BO-5. Pure.

What a browser sends may be anything: what can't be read counts as not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TypeVar

WEEK = timedelta(days=7)
KEY_LENGTH = 40
YEARS = range(1970, 9000)  # beyond them a day more, or another zone, is no date any more

T = TypeVar("T")


class Step(str, Enum):
	"""What the customer of a booking is about to do."""

	SEE = ""
	MOVE = "move"
	CANCEL = "cancel"


@dataclass(frozen=True)
class Asked:
	"""Where on the page a customer is.

	service: name of a Bookable Service, or anything. since: the first day to show, in the service's zone.
	starts_on: the chosen slot, site time. key: of the form that was sent.
	"""

	service: str
	since: date | None
	starts_on: datetime | None
	step: Step
	key: str


@dataclass(frozen=True)
class Week:
	"""Seven days to choose from, in the service's zone. earlier, later: first days of the weeks beside it."""

	first: date
	until: date
	earlier: date | None
	later: date | None


def read(sent: Mapping[str, object]) -> Asked:
	steps = {step.value: step for step in Step}
	return Asked(
		service=text_of(sent, "service"),
		since=_date(text_of(sent, "from")),
		starts_on=_moment(text_of(sent, "start")),
		step=steps.get(text_of(sent, "step"), Step.SEE),
		key=text_of(sent, "key")[:KEY_LENGTH],
	)


def text_of(sent: Mapping[str, object], name: str) -> str:
	value = sent.get(name)
	return value.strip() if isinstance(value, str) else ""


def week_of(since: date | None, today: date, horizon: timedelta) -> Week:
	"""Return the week to show. It begins no earlier than today, and no later than what can be booked."""
	last = today + horizon
	first = min(max(since or today, today), last)
	return Week(
		first=first,
		until=first + WEEK,
		earlier=max(first - WEEK, today) if first > today else None,
		later=first + WEEK if first + WEEK <= last else None,
	)


def by_day(timed: Iterable[tuple[datetime, T]]) -> dict[date, list[T]]:
	"""Group what has a local time by its day, in order."""
	days: dict[date, list[T]] = {}
	for local, value in sorted(timed, key=lambda pair: pair[0]):
		days.setdefault(local.date(), []).append(value)
	return days


def moment_text(moment: datetime) -> str:
	"""Return a slot's start as `read` takes it."""
	return moment.isoformat(timespec="minutes")


def _date(text: str) -> date | None:
	try:
		return date.fromisoformat(text)
	except ValueError:
		return None


def _moment(text: str) -> datetime | None:
	try:
		moment = datetime.fromisoformat(text)
	except ValueError:
		return None
	return moment if not moment.tzinfo and moment.year in YEARS else None
