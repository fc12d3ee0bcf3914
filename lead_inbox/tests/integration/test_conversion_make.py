"""ERPNext's own Make leaves the lead in the same state as Convert: requirement CO-2."""

import frappe
from erpnext.crm.doctype.lead import lead as erpnext_lead
from erpnext.crm.doctype.opportunity.opportunity import make_quotation as quotation_of_opportunity

from lead_inbox.conversion import records
from lead_inbox.tests.integration.builders import make_lead, state_of
from lead_inbox.tests.integration.conversion_builders import (
	convert,
	entries_of,
	linked_with,
	make_business_lead,
	make_item,
	make_opportunity,
)


def lead_row(lead: str) -> frappe._dict:
	fields = [
		"status",
		"inbox_converted",
		"inbox_customer",
		"inbox_contact",
		"inbox_opportunity",
		"inbox_stage",
	]
	return frappe.db.get_value("Lead", lead, fields, as_dict=True)


def test_make_customer_converts_the_lead():
	lead = make_business_lead()
	customer = erpnext_lead.make_customer(lead.name).insert()
	contact = frappe.db.get_value("Contact", {"email_id": "naree@phan.example"})

	assert lead_row(lead.name) == {
		"status": "Converted",
		"inbox_converted": 1,
		"inbox_customer": customer.name,
		"inbox_contact": contact,
		"inbox_opportunity": None,
		"inbox_stage": "Customer",
	}
	assert state_of(lead.name) == ("Closed", "Converted")
	conversion = frappe.get_doc("Lead Conversion", records.in_force(lead.name))
	assert (conversion.origin, conversion.customer) == ("ERPNext", customer.name)
	assert ("Customer", customer.name) in linked_with("Contact", contact)
	assert frappe.db.get_value("Contact", contact, "inbox_lead") == lead.name


def test_make_customer_links_the_lead_s_opportunity_and_makes_nothing():
	lead = make_business_lead()
	opportunity = erpnext_lead.make_opportunity(lead.name).insert()
	assert opportunity.inbox_lead == lead.name
	assert lead_row(lead.name).inbox_converted == 0

	erpnext_lead.make_customer(lead.name).insert()
	assert lead_row(lead.name).inbox_opportunity == opportunity.name
	assert frappe.db.count("Opportunity") == 1
	assert entries_of(records.in_force(lead.name), "Created") == []


def test_an_opportunity_from_before_learns_of_its_lead():
	lead = make_business_lead()
	opportunity = make_opportunity(lead)
	frappe.db.set_value("Opportunity", opportunity.name, "inbox_lead", None)
	erpnext_lead.make_customer(lead.name).insert()
	assert frappe.db.get_value("Opportunity", opportunity.name, "inbox_lead") == lead.name


def test_a_quotation_of_a_lead_names_the_lead():
	lead = make_business_lead()
	quotation = erpnext_lead.make_quotation(lead.name)
	quotation.append("items", {"item_code": make_item(), "qty": 1, "rate": 10})
	quotation.insert()
	assert quotation.inbox_lead == lead.name
	assert lead_row(lead.name).inbox_converted == 0


def test_what_is_made_of_a_converted_lead_s_deal_names_the_lead():
	lead = make_business_lead()
	opportunity = convert(lead.name).opportunity
	quotation = quotation_of_opportunity(opportunity)
	quotation.append("items", {"item_code": make_item(), "qty": 1, "rate": 10})
	quotation.submit()
	assert quotation.inbox_lead == lead.name
	quotation.cancel()
	amended = frappe.copy_doc(quotation, ignore_no_copy=False)
	amended.update({"docstatus": 0, "amended_from": quotation.name, "opportunity": None})
	assert amended.insert().inbox_lead == lead.name


def test_saving_the_customer_again_changes_nothing():
	"""A customer who has written since is in work again, and stays so."""
	lead = make_business_lead()
	customer = erpnext_lead.make_customer(lead.name).insert()
	frappe.db.set_value("Lead", lead.name, {"inbox_status": "Active", "inbox_reason": "Returned"})
	frappe.get_doc("Customer", customer.name).save()
	assert state_of(lead.name) == ("Active", "Returned")
	assert frappe.db.count("Lead Conversion") == 1


def test_a_customer_that_is_given_its_lead_later_converts_it():
	customer = frappe.get_doc(doctype="Customer", customer_name="Phan", customer_type="Company").insert()
	lead = make_business_lead()
	customer.lead_name = lead.name
	customer.save()
	assert lead_row(lead.name).inbox_customer == customer.name


def test_a_second_customer_of_one_lead_leaves_it_with_the_first():
	lead = make_business_lead()
	first = convert(lead.name).customer
	erpnext_lead.make_customer(lead.name).insert()
	assert lead_row(lead.name).inbox_customer == first


def test_a_customer_of_a_lead_that_was_merged_away_only_closes_it():
	lead, winner = make_business_lead(), make_lead(first_name="Winner")
	frappe.db.set_value("Lead", lead.name, "inbox_merged_into", winner.name)
	erpnext_lead.make_customer(lead.name).insert()
	assert lead_row(lead.name).inbox_converted == 0
	assert state_of(lead.name) == ("Closed", "Converted")
