"""The demo's ready sequences are accepted, and what arrives in the demo enters them."""

from __future__ import annotations

import frappe
import pytest

from lead_inbox.tests.integration.builders import arrive, make_channel
from tools import demo_sequences, demo_setup


@pytest.fixture(autouse=True)
def ready_sequences() -> None:
	demo_setup.make_templates()
	demo_sequences.make_sequences()


def sequences_of(doctype: str, name: str) -> list[str]:
	return frappe.get_all(
		"Sequence Enrollment",
		filters={"reference_doctype": doctype, "reference_name": name, "status": "Active"},
		pluck="sequence_name",
		order_by="sequence_name asc",
	)


def test_made_again_they_stay_as_they_are():
	demo_sequences.make_sequences()
	names = [values["sequence_name"] for values in demo_sequences.SEQUENCES]
	found = frappe.get_all("Sequence", {"status": "Active"}, pluck="sequence_name", order_by="name asc")
	assert sorted(found) == sorted(names)
	assert frappe.db.count("Sequence") == len(names)


def test_lead_from_a_form_enters():
	make_channel()
	lead = arrive(type="form", name="Grace Miller", email="grace@customer.example", phone="+12125550190")
	assert sequences_of("Lead", lead) == ["New Web Lead"]


def test_missed_call_enters_and_an_answered_one_does_not():
	make_channel()
	missed = arrive(type="call", phone="+19175550177", call={"answered": False, "direction": "in"})
	answered = arrive(type="call", phone="+16465550118", call={"answered": True, "direction": "in"})
	assert sequences_of("Lead", missed) == ["Missed Call"]
	assert sequences_of("Lead", answered) == []


def test_quotation_that_was_sent_enters_with_its_opportunity():
	make_channel()
	lead = arrive(
		type="call", name="Priya Shah", phone="+16465550118", call={"answered": True, "direction": "in"}
	)
	opportunity = demo_sequences.quote(lead)
	assert frappe.db.get_value("Opportunity", opportunity, "status") == "Quotation"
	assert sequences_of("Opportunity", opportunity) == ["Quotation Sent"]
	assert demo_sequences.quote(lead) == opportunity
