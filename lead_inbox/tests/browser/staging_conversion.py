"""What the tests of converting in the browser need beside staging.py, and what they look up afterwards.
Called as that is."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_field

from lead_inbox.conversion.stages import stages
from lead_inbox.tests.browser import staging
from lead_inbox.tests.integration.conversion_builders import COMPANY, convert, make_customer

TABLES = (
	*("Lead Conversion", "Lead Conversion Entry", "Bulk Lead Conversion", "Bulk Lead Conversion Row"),
	*("Customer", "Quotation", "Quotation Item", "Address", "Communication Link", "Party Link"),
)
TEXT = "We need three boilers serviced, before the winter."
NEEDED = "tax_office"


def remove_conversions() -> None:
	for table in TABLES:
		frappe.db.delete(table)


def business_lead(**payload: Any) -> str:
	"""A lead of a company, as a channel brings it. Its name."""
	person = {"email": "naree@phan.example", "phone": "+1 415 555 0123", "company": "PHAN Plumbing, Ltd."}
	name = staging.lead(TEXT, **{**person, **payload})
	frappe.db.set_value("Lead", name, {"company": COMPANY, "website": "https://phan.example"})
	staging.assign(name, staging.JUN)
	return name


def lead_of_known_company() -> str:
	"""Its company is a Customer already, under another spelling. The lead's name."""
	make_customer("Phan Plumbing Limited")
	return business_lead()


def showcase() -> str:
	"""The lead of the screenshots: a match, something to carry over, and something that has no place to go."""
	name = lead_of_known_company()
	create_custom_field("Lead", {"fieldname": "boiler", "label": "Boiler", "fieldtype": "Data"})
	frappe.db.set_value("Lead", name, "boiler", "Vaillant ecoTEC, 2009")
	staging.as_user(staging.JUN, lambda: frappe.get_doc("Lead", name).add_comment("Comment", "Ask for Mali."))
	return name


def require_field_of_customer() -> None:
	"""As a site has it that an administrator has customized; no field of Lead flows into it."""
	field = {"fieldname": NEEDED, "label": "Tax Office", "fieldtype": "Data", "reqd": 1}
	create_custom_field("Customer", field)


def remove_fields() -> None:
	for doctype, fieldname in (("Customer", NEEDED), ("Lead", "boiler")):
		frappe.delete_doc_if_exists("Custom Field", f"{doctype}-{fieldname}")


def hand_over(name: str) -> None:
	stages.set_stage(name, "SQL")


def converted_lead() -> str:
	"""By Jun, to a new Customer, with a Quotation. Its name."""
	name = business_lead()
	staging.as_user(staging.JUN, lambda: convert(name, quotation=True))
	return name


def handed_over_lead() -> str:
	person = {"name": "Cid Ash", "email": "cid@cedar.example", "phone": "+1 415 555 0177"}
	name = business_lead(**person, company="Cedar Roofing")
	hand_over(name)
	return name


def customers() -> list[str]:
	return frappe.get_all("Customer", pluck="customer_name", order_by="creation asc")


def handover_of(name: str) -> str:
	return frappe.db.get_value("Lead", name, "inbox_handover")


def lead_values(name: str, *fields: str) -> tuple[Any, ...]:
	return frappe.db.get_value("Lead", name, fields)


def converted_to(name: str) -> tuple[Any, ...]:
	"""Customer, Contact, Opportunity and Quotation of a lead."""
	parts = ("inbox_customer", "inbox_contact", "inbox_opportunity", "inbox_quotation")
	return frappe.db.get_value("Lead", name, parts)
