"""Channels whose leads are not answered: requirement IN-9."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox import tasks
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.admission import refusal
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import arrive, make_channel, make_user

LEADS = 10


@pytest.fixture(autouse=True)
def manager() -> str:
	return make_user("mo@company.example", "Sales Manager")


def watched(**values):
	return make_channel(min_response_rate=80, **values)


def leads_of(channel: str = "Partner", count: int = LEADS, answered: int = 0) -> list[str]:
	names = []
	for number in range(count):
		lead = arrive(channel, type="message", name=frappe.generate_hash(length=8), message="Hi")
		on = add_to_date(now_datetime(), days=-5)
		frappe.db.set_value("Lead", lead, "inbox_arrived_on", on, update_modified=False)
		if number < answered:
			lifecycle.apply(lead, Happening.REPLIED)
		names.append(lead)
	return names


def answer(leads: list[str]) -> None:
	for lead in leads:
		lifecycle.apply(lead, Happening.REPLIED)


def warnings(manager: str) -> list[str]:
	return frappe.get_all(
		"Notification Log",
		filters={"for_user": manager, "document_type": "Lead Channel"},
		pluck="subject",
		order_by="creation asc",
	)


def the_channel(name: str = "Partner"):
	return frappe.get_doc("Lead Channel", name)


def test_a_channel_below_its_threshold_is_warned_of_once(manager):
	watched()
	leads_of(answered=7)
	tasks.watch_response_rates()
	tasks.watch_response_rates()
	assert len(warnings(manager)) == 1
	assert "Only 70% of the leads of the last 90 days were answered" in warnings(manager)[0]
	assert the_channel().message_leads


@pytest.mark.parametrize(
	("values", "count", "answered"),
	[
		({"min_response_rate": 80}, LEADS, 8),
		({"min_response_rate": 80}, LEADS - 1, 0),
		({"min_response_rate": 0}, LEADS, 0),
		({"min_response_rate": 80, "switch_off_below": 1}, 0, 0),
	],
)
def test_nobody_is_warned_for_nothing(manager, values, count, answered):
	make_channel(**values)
	leads_of(count=count, answered=answered)
	tasks.watch_response_rates()
	assert warnings(manager) == []
	assert the_channel().message_leads


def test_after_it_recovered_it_is_warned_of_again(manager):
	watched()
	leads = leads_of(answered=7)
	tasks.watch_response_rates()
	answer(leads)
	tasks.watch_response_rates()
	leads_of(count=5)
	tasks.watch_response_rates()
	assert len(warnings(manager)) == 2


def test_a_channel_that_was_to_be_switched_off_takes_no_message_leads_and_says_why(manager):
	watched(switch_off_below=1)
	leads_of()
	tasks.watch_response_rates()
	channel = the_channel()
	assert not channel.message_leads
	assert "Only 0% of the leads" in channel.messages_off_because
	assert refusal(channel, "Message")[0] == "messages_off"
	assert refusal(channel, "Phone Call") is None
	assert "no more message leads" in warnings(manager)[0]


def test_who_switches_message_leads_on_again_has_decided():
	watched(switch_off_below=1)
	leads = leads_of()
	tasks.watch_response_rates()
	channel = the_channel()
	channel.message_leads = 1
	channel.save()
	assert not the_channel().messages_off_because

	tasks.watch_response_rates()
	assert the_channel().message_leads, "the same fall has no second consequence"

	answer(leads)
	tasks.watch_response_rates()
	leads_of(count=5)
	tasks.watch_response_rates()
	assert not the_channel().message_leads, "a new fall has"


def test_asking_more_of_a_channel_judges_it_anew(manager):
	watched()
	leads_of()
	tasks.watch_response_rates()
	channel = the_channel()
	channel.switch_off_below = 1
	channel.save()
	tasks.watch_response_rates()
	assert not the_channel().message_leads
	assert len(warnings(manager)) == 2


def test_an_open_form_can_t_switch_message_leads_on_by_accident():
	watched(switch_off_below=1)
	leads_of()
	open_form = the_channel()
	tasks.watch_response_rates()
	with pytest.raises(frappe.TimestampMismatchError):
		open_form.save()
	assert not the_channel().message_leads


def test_one_channel_that_can_t_be_judged_leaves_the_others_to_be(manager, monkeypatch):
	watched()
	make_channel("Second", min_response_rate=80)
	leads_of()
	leads_of("Second")
	tell = frappe.get_attr("lead_inbox.inbox.alerts.channel_warned")

	def fail_first(channel: str, sentence: str) -> None:
		if channel == "Partner":
			raise RuntimeError("no way")
		tell(channel, sentence)

	monkeypatch.setattr("lead_inbox.inbox.alerts.channel_warned", fail_first)
	tasks.watch_response_rates()
	assert not the_channel().rate_warned_on
	assert the_channel("Second").rate_warned_on
	assert frappe.db.exists("Error Log", {"reference_doctype": "Lead Channel", "reference_name": "Partner"})
