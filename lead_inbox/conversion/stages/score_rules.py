"""What a lead's score is made of, as pure functions (CO-1).

A field's condition or a source counts while it holds; its points fade from the lead's arrival on. Something
that the customer did counts once, however often it happened; its points fade from the latest time on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

DAY_SECONDS = 86_400
MAX_POINTS = 10_000
NUMBER_TYPES = ("Int", "Long Int", "Float", "Currency", "Percent", "Check", "Rating", "Duration")
DATE_TYPES = ("Date", "Datetime")


class Operator(str, Enum):
	SET = "Set"
	NOT_SET = "Not Set"
	EQUAL_TO = "Equal To"
	NOT_EQUAL_TO = "Not Equal To"
	CONTAINS = "Contains"
	GREATER_THAN = "Greater Than"
	LESS_THAN = "Less Than"


class Engagement(str, Enum):
	"""What a customer can do. REPLIED: wrote after we had written or called; an arrival is no reply."""

	REPLIED = "Replied"
	CLICKED = "Clicked a Link"
	OPENED = "Opened a Mail"
	CALL_ANSWERED = "Answered a Call"
	BOOKED = "Booked"


class Problem(str, Enum):
	"""Why a rule can't be asked of any lead."""

	NO_FIELD = "no field"
	NO_VALUE = "no value"
	NOT_A_NUMBER = "not a number"
	NOT_A_DATE = "not a date"
	NO_ORDER = "no order"
	NO_TEXT = "no text"
	NO_SOURCE = "no source"
	NO_ENGAGEMENT = "no engagement"


@dataclass(frozen=True)
class FieldIs:
	"""A condition on a field of the lead. fieldtype: Frappe's, by which values are compared."""

	field: str
	fieldtype: str
	operator: Operator
	value: str = ""


@dataclass(frozen=True)
class SourceIs:
	source: str


@dataclass(frozen=True)
class ScoreRule:
	"""decay_days: 0 for points that stay."""

	points: int
	asks: FieldIs | SourceIs | Engagement
	decay_days: int = 0


@dataclass(frozen=True)
class Facts:
	"""What is known of a lead. engaged_on: the latest time of each thing that the customer did."""

	values: Mapping[str, Any]
	source: str = ""
	arrived_on: datetime | None = None
	engaged_on: Mapping[Engagement, datetime] | None = None


def score(rules: Iterable[ScoreRule], facts: Facts, now: datetime) -> int:
	"""Return the lead's score at a moment. It does not depend on the order of the rules."""
	return round(math.fsum(_points(rule, facts, now) for rule in rules))


def _points(rule: ScoreRule, facts: Facts, now: datetime) -> float:
	if not holds(rule.asks, facts):
		return 0.0
	return rule.points * remaining_share(_since(rule.asks, facts), rule.decay_days, now)


def holds(asked: FieldIs | SourceIs | Engagement, facts: Facts) -> bool:
	if isinstance(asked, Engagement):
		return asked in (facts.engaged_on or {})
	if isinstance(asked, SourceIs):
		return same_source(asked.source, facts.source)
	return compare(asked, facts.values.get(asked.field))


def _since(asked: FieldIs | SourceIs | Engagement, facts: Facts) -> datetime | None:
	if isinstance(asked, Engagement):
		return (facts.engaged_on or {}).get(asked)
	return facts.arrived_on


def remaining_share(since: datetime | None, decay_days: int, now: datetime) -> float:
	"""Return how much of its points a rule still gives, from 1 to 0.

	since: None where nobody knows, and in the future where a source's clock is wrong: all of it.
	"""
	if not decay_days or since is None:
		return 1.0
	age = max(0.0, (now - since).total_seconds())
	return max(0.0, 1.0 - age / (decay_days * DAY_SECONDS))


def same_source(asked: str | None, source: str | None) -> bool:
	return bool(asked) and _folded(asked) == _folded(source)


def compare(condition: FieldIs, value: Any) -> bool:
	"""Whether a condition holds for a value of its field. One that can't be compared does not hold."""
	operator = condition.operator
	if operator in (Operator.SET, Operator.NOT_SET):
		return _is_set(value) is (operator is Operator.SET)
	if condition_problem(condition):
		return False
	if operator is Operator.CONTAINS:
		return _folded(condition.value) in _folded(value)
	own, wanted = _comparable(condition, value)
	if operator is Operator.EQUAL_TO:
		return own == wanted
	if operator is Operator.NOT_EQUAL_TO:
		return own != wanted
	if own is None:
		return False
	return own > wanted if operator is Operator.GREATER_THAN else own < wanted


def condition_problem(condition: FieldIs) -> Problem | None:
	"""Return why a condition can't be asked, None when it can."""
	operator, fieldtype = condition.operator, condition.fieldtype
	if operator in (Operator.SET, Operator.NOT_SET):
		return None
	if not (condition.value or "").strip():
		return Problem.NO_VALUE
	is_text = fieldtype not in (*NUMBER_TYPES, *DATE_TYPES)
	if operator is Operator.CONTAINS and not is_text:
		return Problem.NO_TEXT
	if operator in (Operator.GREATER_THAN, Operator.LESS_THAN) and is_text:
		return Problem.NO_ORDER
	if fieldtype in NUMBER_TYPES and _number(condition.value) is None:
		return Problem.NOT_A_NUMBER
	if fieldtype in DATE_TYPES and _moment(condition.value) is None:
		return Problem.NOT_A_DATE
	return None


def _comparable(condition: FieldIs, value: Any) -> tuple[Any, Any]:
	"""Return the lead's value and the one it is compared with, as what the field's type makes of them."""
	if condition.fieldtype in NUMBER_TYPES:
		return _number(value or 0), _number(condition.value)
	if condition.fieldtype in DATE_TYPES:
		own, wanted = _moment(value), _moment(condition.value)
		if condition.fieldtype == "Date" or ":" not in condition.value:
			return own and own.date(), wanted and wanted.date()
		return own, wanted
	return _folded(value), _folded(condition.value)


def _is_set(value: Any) -> bool:
	return bool(value.strip()) if isinstance(value, str) else bool(value)


def _folded(value: Any) -> str:
	return str(value if value is not None else "").strip().casefold()


def _number(value: Any) -> Decimal | None:
	try:
		number = Decimal(str(value).strip())
	except InvalidOperation:
		return None
	return number if number.is_finite() else None


def _moment(value: Any) -> datetime | None:
	if isinstance(value, datetime):
		return value
	if isinstance(value, date):
		return datetime(value.year, value.month, value.day)
	try:
		moment = datetime.fromisoformat(str(value).strip())
	except ValueError:
		return None
	return None if moment.tzinfo else moment
