"""When a customer of a reseller is asked for something, and asked again: RS-3, RS-7. Pure.

Days are dates of the site; moments naive datetimes in its time zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

DETAILS_AGAIN_AFTER = timedelta(days=7)


def terms_reminder_on(today: date, every_days: int) -> date | None:
	"""Return the day of the next reminder of the terms of service, None where nobody wants any."""
	return today + timedelta(days=every_days) if every_days else None


def must_ask_for_details(due_on: date | None, asked_on: datetime | None, now: datetime) -> bool:
	"""Return whether to ask now: once when it is due, then each week until there is an answer.

	asked_on: the last time, which may have been months ago, before the last answer.
	"""
	if not due_on or due_on > now.date():
		return False
	return not asked_on or asked_on <= now - DETAILS_AGAIN_AFTER


def changes(
	fields: Iterable[str], was: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
	"""Return, by field, what it was and what it is, of those that differ. Nothing and an empty text are one."""
	pairs = {field: (was.get(field) or "", now.get(field) or "") for field in fields}
	return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}
