"""Leads that a site converted before conversions were kept: requirement CO-6."""

import frappe

from lead_inbox.conversion.making.adoption import adopt_conversions
from lead_inbox.tests.integration.builders import make_lead
from lead_inbox.tests.integration.conversion_builders import (
	linked_with,
	make_business_lead,
	make_customer,
	make_opportunity,
)


def converted_before(**values) -> str:
	"""A lead with a Customer that named it while nobody kept what became of leads."""
	lead = make_business_lead(**values)
	customer = make_customer(f"Customer of {lead.name}")
	frappe.db.set_value("Customer", customer.name, "lead_name", lead.name)
	before = {"inbox_stage": None, "modified": "2026-01-02 10:00:00"}
	frappe.db.set_value("Lead", lead.name, before, update_modified=False)
	return lead.name


def adopted(lead: str) -> frappe._dict:
	adopt_conversions()
	fields = ["inbox_converted", "inbox_customer", "inbox_converted_on", "inbox_stage"]
	return frappe.db.get_value("Lead", lead, fields, as_dict=True)


def test_a_lead_with_a_customer_says_so():
	lead = converted_before()
	found = adopted(lead)
	assert (found.inbox_converted, found.inbox_stage) == (1, "Customer")
	assert found.inbox_customer == f"Customer of {lead}"
	assert str(found.inbox_converted_on) == "2026-01-02 10:00:00"


def test_the_time_is_when_the_inbox_closed_it():
	lead = converted_before()
	frappe.get_doc(
		doctype="Lead Transition",
		lead=lead,
		from_status="Active",
		to_status="Closed",
		reason="Converted",
		user="Administrator",
		transition_on="2025-12-24 12:00:00",
	).insert(ignore_permissions=True)
	assert str(adopted(lead).inbox_converted_on) == "2025-12-24 12:00:00"


def test_of_two_customers_the_first_counts():
	lead = converted_before()
	second = make_customer("A Second One")
	frappe.db.set_value("Customer", second.name, "lead_name", lead)
	assert adopted(lead).inbox_customer == f"Customer of {lead}"


def test_another_lead_is_a_lead():
	lead = make_lead().name
	frappe.db.set_value("Lead", lead, "inbox_stage", None)
	found = adopted(lead)
	assert (found.inbox_converted, found.inbox_customer, found.inbox_stage) == (0, None, "Lead")


def test_what_was_made_of_a_lead_names_it():
	lead = converted_before()
	opportunity = make_opportunity(frappe.get_doc("Lead", lead))
	frappe.db.set_value("Opportunity", opportunity.name, "inbox_lead", None)
	contact = frappe.db.get_value("Dynamic Link", {"link_name": lead, "parenttype": "Contact"}, "parent")
	assert linked_with("Contact", contact) == {("Lead", lead)}
	adopt_conversions()
	assert frappe.db.get_value("Opportunity", opportunity.name, "inbox_lead") == lead
	assert frappe.db.get_value("Contact", contact, "inbox_lead") == lead


def test_done_twice_it_changes_nothing():
	lead = converted_before()
	assert adopted(lead) == adopted(lead)
