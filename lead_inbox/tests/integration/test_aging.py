"""Aging and nudges: requirement IN-6."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import add_to_date, now_datetime

from lead_inbox.inbox import aging, lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_user,
	set_back,
	state_of,
	transitions_of,
)


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


def new_lead(channel: str = "Partner", days_ago: float = 0) -> str:
	lead = arrive(channel, type="message", name=frappe.generate_hash(length=8), message="Hi")
	set_back(lead, inbox_aging_from=days_ago)
	return lead


def active_lead(days_ago: float) -> str:
	lead = new_lead()
	lifecycle.apply(lead, Happening.REPLIED)
	set_back(lead, inbox_aging_from=days_ago)
	return lead


def test_leads_come_to_rest_after_fifteen_days_and_not_before():
	unanswered, fresh = new_lead(days_ago=15.01), new_lead(days_ago=14.9)
	quiet, lively = active_lead(15.01), active_lead(14.9)

	assert aging.age_leads() == 2
	assert [state_of(lead) for lead in (unanswered, quiet)] == [
		("Inactive", "Unanswered"),
		("Inactive", "Quiet"),
	]
	assert [state_of(lead)[0] for lead in (fresh, lively)] == ["New", "Active"]


def test_the_transition_is_recorded():
	lead = new_lead(days_ago=16)
	aging.age_leads()
	assert transitions_of(lead)[-1] == ("New", "Inactive", "Unanswered")


def test_a_second_run_finds_nothing_to_do():
	lead = new_lead(days_ago=16)
	aging.age_leads()
	assert aging.age_leads() == 0
	assert len(transitions_of(lead)) == 2


def test_a_channel_has_its_own_days():
	make_channel("Patient", days_unanswered=30)
	lead = new_lead("Patient", days_ago=20)
	aging.age_leads()
	assert state_of(lead)[0] == "New"
	set_back(lead, inbox_aging_from=31)
	aging.age_leads()
	assert state_of(lead)[0] == "Inactive"


def test_an_exempt_channel_never_ages():
	make_channel("Affiliate", exempt_from_aging=1)
	lead = new_lead("Affiliate", days_ago=400)
	aging.age_leads()
	assert state_of(lead)[0] == "New"


def test_changing_the_site_s_days_counts_at_once():
	lead = new_lead(days_ago=4)
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.days_unanswered = 3
	settings.save()
	aging.age_leads()
	assert state_of(lead)[0] == "Inactive"


def test_all_batches_are_done(monkeypatch):
	monkeypatch.setattr(aging, "BATCH", 2)
	leads = [new_lead(days_ago=16 + index) for index in range(5)]
	assert aging.age_leads() == 5
	assert {state_of(lead)[0] for lead in leads} == {"Inactive"}


def test_a_snoozed_lead_does_not_age_until_its_days_awake_are_over():
	lead = new_lead(days_ago=14)
	lifecycle.snooze(lead, add_to_date(now_datetime(), days=20))
	aging.age_leads(now=add_to_date(now_datetime(), days=20))
	assert state_of(lead)[0] == "New"
	aging.age_leads(now=add_to_date(now_datetime(), days=22))
	assert state_of(lead)[0] == "Inactive"


def test_a_snooze_that_is_over_shows_the_lead_again():
	lead = new_lead()
	lifecycle.snooze(lead, add_to_date(now_datetime(), days=1))
	aging.wake_snoozed(now=add_to_date(now_datetime(), days=2))
	assert frappe.db.get_value("Lead", lead, "inbox_snoozed_until") is None


def test_the_assignee_is_nudged_once_the_day_before():
	user = make_user("jun@company.example")
	lead = new_lead()
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [user]})
	set_back(lead, inbox_aging_from=14.5)

	assert aging.nudge_assignees() == 1
	assert aging.nudge_assignees() == 0
	nudges = {"for_user": user, "subject": ["like", "%turns Unanswered in a day%"]}
	assert frappe.db.count("Notification Log", nudges) == 1


def test_nobody_is_nudged_two_days_before_or_of_an_unassigned_lead():
	user = make_user("jun@company.example")
	early = new_lead()
	assign_to.add({"doctype": "Lead", "name": early, "assign_to": [user]})
	set_back(early, inbox_aging_from=13)
	set_back(new_lead(), inbox_aging_from=14.5)

	assert aging.nudge_assignees() == 0
