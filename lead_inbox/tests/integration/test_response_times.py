"""How long customers waited for us: requirement IN-9."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.api import decisions
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user, open_on

FRIDAY, MONDAY = datetime(2026, 5, 8, 16, 30), datetime(2026, 5, 11, 9, 30)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
HOUR = 3600


@pytest.fixture(autouse=True)
def channel():
	return make_channel(hours=open_on(*((day, "09:00:00", "17:00:00") for day in WEEKDAYS)))


def lead_of(arrived_on: datetime, **payload) -> str:
	lead = arrive(**{"type": "message", "name": frappe.generate_hash(length=8), "message": "Hi", **payload})
	frappe.db.set_value("Lead", lead, "inbox_arrived_on", arrived_on, update_modified=False)
	frappe.db.set_value("Lead Message", {"lead": lead}, "sent_on", arrived_on)
	return lead


def say(lead: str, sent_on: datetime, direction: str = "In", kind: str = "Message", **fields) -> str:
	return messages.record(
		lead,
		lead_email=None,
		kind=kind,
		direction=direction,
		external_id=frappe.generate_hash(length=12),
		sent_on=sent_on,
		**fields,
	)


def first_response(lead: str) -> tuple:
	fields = ("on", "by", "seconds", "business_seconds")
	return frappe.db.get_value("Lead", lead, [f"inbox_first_response_{field}" for field in fields])


def is_answered(lead: str) -> bool:
	return bool(frappe.db.get_value("Lead", lead, "inbox_first_response_on"))


def wait_of(message: str) -> tuple:
	fields = ["answered_on", "response_seconds", "response_business_seconds"]
	return frappe.db.get_value("Lead Message", message, fields)


def test_the_first_response_is_timed_in_elapsed_and_in_business_seconds():
	lead = lead_of(FRIDAY)
	jun = make_user("jun@company.example")
	frappe.set_user(jun)
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert first_response(lead) == (MONDAY, jun, 65 * HOUR, HOUR)


def test_only_the_first_response_counts():
	lead = lead_of(FRIDAY)
	lifecycle.apply(lead, Happening.CALL_ANSWERED, on=FRIDAY + timedelta(minutes=10))
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert first_response(lead)[2:] == (600, 600)


def test_a_lead_without_a_channel_waits_around_the_clock():
	lead = make_lead().name
	frappe.db.set_value("Lead", lead, "inbox_arrived_on", FRIDAY, update_modified=False)
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert first_response(lead)[2:] == (65 * HOUR, 65 * HOUR)


def test_the_hour_that_the_clocks_skip_is_not_waited_for():
	frappe.db.set_single_value("System Settings", "time_zone", "America/New_York")
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.local.system_settings = None
	lead = lead_of(datetime(2026, 3, 7, 22))  # Saturday before the change
	lifecycle.apply(lead, Happening.REPLIED, on=datetime(2026, 3, 9, 10))
	assert first_response(lead)[2:] == (35 * HOUR, HOUR)
	frappe.local.system_settings = None


@pytest.mark.parametrize(
	"happening", [Happening.CALL_ATTEMPTED, Happening.INBOUND, Happening.CONVERTED, Happening.DECLINED]
)
def test_what_tells_the_customer_nothing_is_no_response(happening):
	lead = lead_of(FRIDAY)
	lifecycle.apply(lead, happening, on=MONDAY)
	assert not is_answered(lead)


def test_changing_the_status_by_hand_is_no_response():
	lead = lead_of(FRIDAY)
	doc = frappe.get_doc("Lead", lead)
	doc.status = "Replied"
	doc.save()
	assert not is_answered(lead)


def test_a_decline_is_a_response_with_a_message_of_the_user_s_only():
	reason = frappe.get_doc(doctype="Lead Decline Reason", reason="Too far", silent=1).insert().name
	silent, told = (lead_of(now_datetime(), email=f"{name}@customer.example") for name in ("kim", "max"))
	decisions.decline([silent], reason)
	decisions.decline([told], reason, message="You live too far away, sorry.")
	assert [is_answered(lead) for lead in (silent, told)] == [False, True]


def test_each_message_of_the_customer_gets_the_time_until_a_person_answered():
	lead = lead_of(FRIDAY)
	second = say(lead, FRIDAY + timedelta(minutes=20))
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert wait_of(second) == (MONDAY, 65 * HOUR - 1200, HOUR - 1200)

	third = say(lead, MONDAY)
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY + timedelta(minutes=5))
	assert wait_of(third) == (MONDAY + timedelta(minutes=5), 300, 300)
	assert wait_of(second)[0] == MONDAY


@pytest.mark.parametrize(
	("values", "waits"),
	[
		({"kind": "Call", "call_status": "Missed"}, True),
		({"kind": "Call", "call_status": "Answered"}, False),
		({"automated": 1}, False),
		({"direction": "Out"}, False),
		({"direction": "Internal", "kind": "Note"}, False),
	],
)
def test_only_what_a_customer_waits_an_answer_for_is_timed(values, waits):
	lead = lead_of(FRIDAY)
	message = say(lead, FRIDAY, **values)
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert bool(wait_of(message)[0]) is waits


def test_answering_many_messages_takes_one_query_to_find_and_one_to_write(monkeypatch):
	lead = lead_of(FRIDAY)
	for minute in range(20):
		say(lead, FRIDAY + timedelta(minutes=minute))
	statements = []
	run = frappe.db.sql
	monkeypatch.setattr(
		frappe.db,
		"sql",
		lambda query, *args, **kw: (statements.append(str(query)), run(query, *args, **kw))[1],
	)
	lifecycle.apply(lead, Happening.REPLIED, on=MONDAY)
	assert len([query for query in statements if "tabLead Message" in query]) == 2
	assert frappe.db.count("Lead Message", {"lead": lead, "answered_on": MONDAY}) == 21
