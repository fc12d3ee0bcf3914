"""The demo's rules are accepted, and its lead of a known company is offered that Customer."""

from __future__ import annotations

import frappe

from lead_inbox.conversion.matching import matching
from lead_inbox.tests.integration.builders import arrive, make_channel
from tools import demo_conversion


def test_made_again_it_stays_as_it_is():
	demo_conversion.make_conversion()
	frappe.db.set_single_value("Lead Inbox Settings", "sql_score", 70)
	demo_conversion.make_conversion()
	assert frappe.db.count("Lead Score Rule") == len(demo_conversion.SCORE_RULES)
	assert frappe.db.count("Customer", {"customer_name": demo_conversion.CUSTOMER}) == 1
	assert frappe.db.get_single_value("Lead Inbox Settings", "sql_score") == 70


def test_lead_of_a_known_company_is_qualified_and_matched():
	demo_conversion.make_conversion()
	make_channel()
	lead = arrive(
		type="message",
		name="Nina Castillo",
		company="HARBOR DENTAL GROUP, LLC",
		email="nina@customer.example",
		service="Plumbing",
		message="Whom may I send the plans to?",
	)
	assert [match.label for match in matching.customers(lead)] == [demo_conversion.CUSTOMER]
	assert frappe.db.get_value("Lead", lead, "inbox_stage") == "SQL"
