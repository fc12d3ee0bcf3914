"""When customers are asked again: requirements RS-3, RS-7."""

from datetime import date, datetime, timedelta

import pytest

from lead_inbox.reseller.follow_up import follow_up_rules as rules

TODAY = date(2026, 3, 10)
NOW = datetime(2026, 3, 10, 9, 0)


def test_the_terms_are_reminded_of_after_as_many_days_as_the_family_says():
	assert rules.terms_reminder_on(TODAY, 3) == date(2026, 3, 13)
	assert rules.terms_reminder_on(TODAY, 0) is None


@pytest.mark.parametrize(
	("due_on", "asked_on", "asked"),
	[
		(None, None, False),
		(TODAY + timedelta(days=1), None, False),
		(TODAY, None, True),
		(TODAY, NOW - timedelta(days=180), True),
		(TODAY - timedelta(days=3), NOW - timedelta(days=3), False),
		(TODAY - timedelta(days=9), NOW - timedelta(days=7), True),
		(TODAY - timedelta(days=9), NOW - timedelta(days=7) + timedelta(minutes=1), False),
	],
)
def test_details_are_asked_for_once_when_due_and_each_week_until_the_answer(due_on, asked_on, asked):
	assert rules.must_ask_for_details(due_on, asked_on, NOW) is asked


def test_only_what_differs_has_changed():
	was = {"organization_name": "Acme", "domain": "acme.example", "phone": None}
	now = {"organization_name": "Acme Ltd", "domain": "acme.example", "phone": ""}
	assert rules.changes(("organization_name", "domain", "phone"), was, now) == {
		"organization_name": ("Acme", "Acme Ltd")
	}
