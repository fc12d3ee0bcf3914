"""The preview of a conversion tells what converting does: requirements CO-2 and CO-3."""

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import fmt_money

from lead_inbox.api import conversion as api
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.contact.masking import NUMBER_FIELDS
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.conversion_builders import (
	NEW,
	NONE,
	convert,
	entries_of,
	existing,
	make_address,
	make_business_lead,
	make_contact,
	make_customer,
	make_opportunity,
)
from lead_inbox.tests.integration.test_conversion import contact_of, require


def label(doctype: str, fieldname: str) -> str:
	return frappe.get_meta(doctype).get_label(fieldname)


def shown(doctype: str, name: str, fields: list[dict[str, str]]) -> list[dict[str, str]]:
	"""What the stored document says in the fields that a preview listed."""
	doc = frappe.get_doc(doctype, name)
	labels = {label(doctype, field.fieldname): field.fieldname for field in doc.meta.fields if field.label}
	stored = {row["label"]: doc.get(labels[row["label"]]) for row in fields}
	money = label("Opportunity", "annual_revenue")
	return [
		{"label": name, "value": fmt_money(value, currency="USD") if name == money else str(value)}
		for name, value in stored.items()
	]


def part(rows: list[dict], doctype: str) -> dict:
	return next(row for row in rows if row["doctype"] == doctype)


def by_erpnext(doctype: str, name: str, fields: list[str], customer: str) -> bool:
	"""Whether ERPNext fills these fields itself: a Customer's from its primary Contact, an Opportunity's from
	its Customer."""
	doc, source = frappe.get_doc(doctype, name), frappe.get_doc("Customer", customer)
	if doctype == "Customer":
		return all(
			(doc.meta.get_field(field).fetch_from or "").startswith("customer_primary_") for field in fields
		)
	return all(doc.get(field) == source.get(field) for field in fields)


def as_set(fields: list[dict[str, str]]) -> set[tuple[str, str]]:
	return {(row["label"], row["value"]) for row in fields}


def choices(of_customer: str, contact: str, opportunity: str) -> list[dict]:
	customer = existing(of_customer)
	return [
		{},
		{"opportunity": NONE},
		{"customer": customer},
		{"customer": customer, "contact": existing(contact), "opportunity": existing(opportunity)},
		{"quotation": True},
	]


@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize("with_contact", [0, 1])
def test_what_is_previewed_is_what_is_done(turn, with_contact):
	"""The same documents are created and the same fields filled, with the values that were shown."""
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", with_contact)
	customer = make_customer()
	contact = make_contact(customer.name, last_name="Phan")
	opportunity = make_opportunity(customer)
	lead = make_business_lead(annual_revenue=5000)
	make_address("Lead", lead.name)
	choice = choices(customer.name, contact.name, opportunity.name)[turn]

	told = api.get_preview(lead.name, choice)
	made = convert(lead.name, **choice)

	assert told["problems"] == []
	created = entries_of(made.conversion, "Created")
	assert [row["doctype"] for row in told["created"]] == [doctype for doctype, _name, _field in created]
	for row, (doctype, name, _field) in zip(told["created"], created, strict=True):
		assert as_set(row["fields"]) == as_set(shown(doctype, name, row["fields"]))
	filled = {(doctype, name) for doctype, name, _field in entries_of(made.conversion, "Filled")}
	assert {(row["doctype"], row["name"]) for row in told["filled"]} == filled
	for row in told["filled"]:
		done = [f for doctype, name, f in entries_of(made.conversion, "Filled") if name == row["name"]]
		told_labels = {field["label"] for field in row["fields"]}
		assert told_labels <= {label(row["doctype"], f) for f in done}
		by_itself = [f for f in done if label(row["doctype"], f) not in told_labels]
		assert by_erpnext(row["doctype"], row["name"], by_itself, made.customer)
		assert as_set(row["fields"]) == as_set(shown(row["doctype"], row["name"], row["fields"]))


def test_a_preview_writes_nothing():
	lead = make_business_lead()
	before = frappe.db.get_value("Lead", lead.name, "*", as_dict=True)
	counts = {doctype: frappe.db.count(doctype) for doctype in ("Customer", "Contact", "Opportunity")}
	api.get_preview(lead.name)
	assert frappe.db.get_value("Lead", lead.name, "*", as_dict=True) == before
	assert {doctype: frappe.db.count(doctype) for doctype in counts} == counts


def test_what_is_used_is_listed():
	customer, lead = make_customer(), make_business_lead()
	address = make_address("Lead", lead.name)
	told = api.get_preview(lead.name, {"customer": existing(customer.name)})
	assert {(row["doctype"], row["name"]) for row in told["linked"]} == {
		("Customer", customer.name),
		("Contact", contact_of(lead)),
		("Address", address.name),
	}


def test_what_goes_with_it_is_counted():
	lead = make_business_lead(notes=[{"note": "Called at noon"}])
	lead = frappe.get_doc("Lead", lead.name)
	lead.add_comment("Comment", "A good one")
	assert {row["label"]: row["count"] for row in api.get_preview(lead.name)["carried"]} == {
		"Comments": 1,
		"Notes": 1,
	}


def test_the_choice_comes_back_whole():
	lead = make_business_lead()
	assert api.get_preview(lead.name)["choice"] == {
		"customer": NEW,
		"contact": {"mode": "own"},
		"opportunity": NEW,
		"quotation": False,
		"owner": "",
		"qualification": "",
	}


def test_a_site_may_want_no_opportunity():
	frappe.db.set_single_value("Lead Inbox Settings", "make_opportunity", 0)
	lead = make_business_lead()
	assert api.get_preview(lead.name)["choice"]["opportunity"] == NONE
	assert api.get_preview(lead.name, {"opportunity": NEW})["choice"]["opportunity"] == NEW
	assert api.convert(lead.name)["opportunity"] == ""


def test_a_required_field_is_told_with_how_to_mend_it():
	frappe.db.set_single_value("CRM Settings", "auto_creation_of_contact", 0)
	require("Customer", "tax_id")
	require("Contact", "department")
	told = api.get_preview(make_business_lead().name)["problems"]
	assert [words.partition(".")[0] for words in told] == [
		"Customer needs a value for Tax ID",
		"Contact needs a value for Department",
	]
	assert all("Lead Inbox Settings" in words for words in told)


def test_a_required_field_that_is_filled_while_it_is_saved_stands_in_nobody_s_way():
	"""An Opportunity takes over what its Customer has in a field of the same name."""
	customer = make_customer(industry="Energy")
	require("Opportunity", "industry")
	made = convert(make_business_lead().name, customer=existing(customer.name))
	assert frappe.db.get_value("Opportunity", made.opportunity, "industry") == "Energy"


def test_missing_rights_are_told_with_whom_to_ask():
	lead = make_business_lead()
	frappe.set_user(make_user("member@company.example", "Sales Manager"))
	told = api.get_preview(lead.name)
	assert told["may"] == {"customer": False, "opportunity": True, "quotation": True}
	assert "Sales Master Manager" in told["problems"][0]


def test_a_converted_lead_says_so():
	lead = make_business_lead()
	convert(lead.name)
	told = api.get_preview(lead.name)
	assert told["lead"]["converted"] is True
	assert "is converted already: to the customer Phan Plumbing" in told["problems"][0]


def test_what_one_ought_to_know_is_no_problem():
	lead = make_business_lead(status="Do Not Contact")
	frappe.db.set_value("Lead", lead.name, "territory", "Atlantis")
	told = api.get_preview(lead.name)
	assert told["problems"] == []
	assert "Phan Plumbing does not want to be contacted." in told["notices"]
	assert any("Atlantis does not exist any more" in words for words in told["notices"])
	declined = make_business_lead(email_id="other@phan.example")
	lifecycle.apply(declined.name, Happening.DECLINED)
	assert "Phan Plumbing has been declined." in api.get_preview(declined.name)["notices"]


def test_numbers_are_masked_for_who_may_not_see_them():
	lead = make_business_lead()
	for fieldname in ("email_id", *NUMBER_FIELDS):
		make_property_setter("Lead", fieldname, "permlevel", 7, "Int", validate_fields_for_doctype=False)
	frappe.clear_cache(doctype="Lead")
	frappe.set_user(make_user("member@company.example", "Sales User"))
	told = str(api.get_preview(lead.name))
	assert "14155550123" not in told and "naree@phan.example" not in told and "•••23" in told
