"""How the report says when a business is open."""

from __future__ import annotations

from datetime import date, time

from lead_inbox.audit.opening_hours import in_words
from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.tests.unit.audit.exports import ATHENS

MORNING, AFTERNOON, NIGHT = (time(9), time(12, 30)), (time(13, 30), time(17)), (time(20), time.min)


def test_days_in_a_row_with_the_same_hours_are_said_once() -> None:
	week = (((MORNING, AFTERNOON),) * 5) + ((MORNING,), (NIGHT,))
	assert in_words(Calendar(ATHENS, ATHENS, week)) == (
		"Mon-Fri 09:00-12:30 13:30-17:00, Sat 09:00-12:30, Sun 20:00-24:00"
	)


def test_nothing_is_said_of_a_business_that_is_always_open() -> None:
	assert in_words(Calendar(ATHENS, ATHENS)) == ""


def test_holidays_are_counted() -> None:
	days = frozenset((date(2026, 12, 25), date(2026, 12, 26)))
	assert in_words(Calendar(ATHENS, ATHENS, holidays=days)) == "closed on 2 holidays"
