"""The site's own fields go where an administrator has said (requirement CO-4)."""

from __future__ import annotations

from html import unescape
from typing import Any

import frappe
import pytest
from erpnext.crm.doctype.lead.lead import make_customer as map_to_customer
from erpnext.crm.doctype.lead.lead import make_opportunity as map_to_opportunity
from erpnext.crm.doctype.opportunity.opportunity import make_customer as map_opportunity_to_customer

from lead_inbox.api import field_mapping
from lead_inbox.conversion.mapping import mapping
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.conversion_builders import make_business_lead, make_opportunity

# As an administrator adds them with Customize Form.
SITE_FIELDS = {
	"Lead": [
		{"fieldname": "site_vat", "label": "VAT Number", "fieldtype": "Data"},
		{"fieldname": "site_staff", "label": "Staff", "fieldtype": "Int"},
		{"fieldname": "site_size", "label": "Size", "fieldtype": "Select", "options": "\nSmall\nLarge"},
		{"fieldname": "site_wants_mail", "label": "Wants Mail", "fieldtype": "Check"},
		{"fieldname": "site_twin", "label": "Twin", "fieldtype": "Data"},
		{"fieldname": "site_secret", "label": "Secret", "fieldtype": "Data", "permlevel": 7},
	],
	"Customer": [
		{"fieldname": "site_size", "label": "Size", "fieldtype": "Select", "options": "\nSmall\nLarge"},
		{"fieldname": "site_shown", "label": "Shown", "fieldtype": "Data", "read_only": 1},
		{"fieldname": "site_twin", "label": "Twin", "fieldtype": "Data"},
	],
	"Opportunity": [{"fieldname": "site_staff_there", "label": "Staff", "fieldtype": "Float"}],
	"Contact": [{"fieldname": "site_mails", "label": "Mails", "fieldtype": "Check"}],
}
JUN = "jun@company.example"
VAT = ("site_vat", "Customer", "tax_id")


@pytest.fixture
def site_fields() -> None:
	"""Known to the forms, and rolled back with the test: without columns, so nothing is inserted after them."""
	make_user(JUN)
	for doctype, fields in SITE_FIELDS.items():
		for field in fields:
			frappe.get_doc(
				{"doctype": "Custom Field", "dt": doctype, "insert_after": "language", **field}
			).db_insert()
		frappe.clear_cache(doctype=doctype)


def map_fields(*rows: tuple[str, str, str]) -> Any:
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.set("field_mapping", [])
	for lead_field, doctype, target_field in rows:
		settings.append(
			"field_mapping",
			{"lead_field": lead_field, "target_doctype": doctype, "target_field": target_field},
		)
	return settings.save()


def forget_field(doctype: str, fieldname: str) -> None:
	"""Somebody deletes the field after it was mapped."""
	frappe.db.delete("Custom Field", {"dt": doctype, "fieldname": fieldname})
	frappe.clear_cache(doctype=doctype)


def lead_with(**values: Any) -> Any:
	return frappe.new_doc("Lead", **values)


def left(lead: Any, *doctypes: str) -> dict[str, str]:
	return {row["field"]: row["value"] for row in mapping.leftovers(lead, *([doctypes] if doctypes else []))}


@pytest.mark.parametrize(
	("rows", "words"),
	[
		(
			[VAT, ("site_vat", "Contact", "department")],
			"Row 2: VAT Number (site_vat) is in another row already",
		),
		([VAT, ("site_twin", "Customer", "tax_id")], "Row 2: Tax ID (tax_id) of Customer is in another row"),
		([("site_gone", "Customer", "tax_id")], "Row 1: Lead has no field site_gone"),
		([("site_vat", "Customer", "site_gone")], "Row 1: Customer has no field site_gone"),
		(
			[("site_vat", "Customer", "site_size")],
			"Not every value of VAT Number (site_vat) is good for Size",
		),
		([("lead_name", "Customer", "tax_id")], "can't be mapped. Choose a field that this site added"),
		([("inbox_reason", "Customer", "tax_id")], "can't be mapped. Choose a field that this site added"),
		([("site_vat", "Customer", "inbox_company_key")], "is not for people to fill in"),
		([("site_vat", "Customer", "site_shown")], "is not for people to fill in"),
	],
)
def test_the_grid_refuses_what_can_t_be_followed_and_says_which_row(site_fields, rows, words):
	with pytest.raises(frappe.ValidationError) as refused:
		map_fields(*rows)
	assert words in unescape(str(refused.value))


def test_a_good_grid_is_saved_and_followed(site_fields):
	map_fields(
		VAT, ("site_staff", "Opportunity", "site_staff_there"), ("site_wants_mail", "Contact", "site_mails")
	)
	lead = lead_with(site_vat="DE123", site_staff=7, site_wants_mail=1)
	assert mapping.mapped_values(lead, "Customer") == {"tax_id": "DE123"}
	assert mapping.mapped_values(lead, "Opportunity") == {"site_staff_there": 7}
	assert mapping.mapped_values(lead, "Contact") == {"site_mails": 1}
	assert mapping.problems() == []


def test_what_a_customer_asked_for_may_be_mapped_too(site_fields):
	map_fields(("inbox_service", "Opportunity", "state"))
	assert mapping.mapped_values(lead_with(inbox_service="Boiler"), "Opportunity") == {"state": "Boiler"}


def test_only_empty_fields_are_filled(site_fields):
	map_fields(VAT)
	lead = lead_with(site_vat="DE123")
	empty, full = (frappe.new_doc("Customer", tax_id=tax_id) for tax_id in (None, "FR9"))
	for customer in (empty, full):
		mapping.fill_mapped(lead, customer)
	assert (empty.tax_id, full.tax_id) == ("DE123", "FR9")


def test_a_lead_that_says_nothing_fills_nothing(site_fields):
	map_fields(VAT, ("site_wants_mail", "Contact", "site_mails"))
	lead = lead_with(site_vat="", site_wants_mail=0)
	assert mapping.mapped_values(lead, "Customer") == mapping.mapped_values(lead, "Contact") == {}


@pytest.fixture
def stored_vat() -> Any:
	"""A lead that holds a VAT number in the database, in a field that may be mapped."""
	return make_business_lead(inbox_service="DE123")


def test_erpnext_s_own_make_follows_the_mapping(stored_vat):
	map_fields(("inbox_service", "Customer", "tax_id"))
	assert map_to_customer(stored_vat.name).tax_id == "DE123"
	assert map_to_opportunity(stored_vat.name).get("tax_id") is None


def test_so_does_make_opportunity(stored_vat):
	map_fields(("inbox_service", "Opportunity", "state"))
	assert map_to_opportunity(stored_vat.name).state == "DE123"


def test_a_customer_made_of_the_lead_s_opportunity_gets_it_too(stored_vat):
	map_fields(("inbox_service", "Customer", "tax_id"))
	opportunity = make_opportunity(stored_vat)
	assert map_opportunity_to_customer(opportunity.name).tax_id == "DE123"


def test_a_field_that_was_deleted_is_passed_over_told_of_and_left(site_fields):
	map_fields(VAT, ("site_size", "Customer", "site_size"))
	forget_field("Customer", "site_size")
	lead = lead_with(site_vat="DE123", site_size="Small")
	assert mapping.mapped_values(lead, "Customer") == {"tax_id": "DE123"}
	assert left(lead) == {"site_size": "Small"}
	(problem,) = mapping.problems()
	assert "row 2" in problem and "Customer has no field site_size" in problem
	assert field_mapping.get_problems() == [problem]


def test_a_lead_field_that_was_deleted_is_passed_over_too(site_fields):
	map_fields(VAT)
	forget_field("Lead", "site_vat")
	lead = lead_with(site_vat="DE123")
	assert mapping.mapped_values(lead, "Customer") == {}
	assert left(lead) == {}
	assert "Lead has no field site_vat" in mapping.problems()[0]


def test_what_has_no_place_to_go_is_listed_with_its_value_in_words(site_fields):
	lead = lead_with(site_vat="<b>DE123</b>", site_staff=7, site_wants_mail=1, site_twin="flows by itself")
	assert left(lead) == {"site_vat": "DE123", "site_staff": "7", "site_wants_mail": "Yes"}


def test_what_is_mapped_or_empty_is_not_listed(site_fields):
	map_fields(VAT)
	assert left(lead_with(site_vat="DE123", site_staff=0, site_wants_mail=0)) == {}


def test_a_mapping_to_a_record_that_is_not_made_leads_nowhere(site_fields):
	map_fields(("site_staff", "Opportunity", "site_staff_there"))
	lead = lead_with(site_staff=7)
	assert left(lead) == {}
	assert left(lead, "Customer", "Contact") == {"site_staff": "7"}


def test_what_the_user_may_not_read_is_not_listed(site_fields):
	lead = lead_with(site_secret="hush")
	frappe.set_user(JUN)
	assert left(lead) == {}


def test_the_grid_offers_the_site_s_fields_and_those_that_they_fit(site_fields):
	offered = {item["value"] for item in field_mapping.search_lead_fields("")}
	assert {"site_vat", "site_size", "inbox_service"} <= offered
	assert not {"lead_name", "inbox_status", "inbox_tab"} & offered
	fitting = {item["value"] for item in field_mapping.search_target_fields("Customer", "site_size", "")}
	assert {"site_size", "tax_id"} <= fitting
	assert not {"site_shown", "customer_type", "territory", "inbox_company_key", "naming_series"} & fitting
	assert [item["value"] for item in field_mapping.search_lead_fields("vat num")] == ["site_vat"]
	assert field_mapping.search_target_fields("User", "site_size", "") == []


def test_only_who_may_change_the_settings_is_told(site_fields):
	frappe.set_user(JUN)
	for ask in (
		field_mapping.search_lead_fields,
		field_mapping.search_target_fields,
		field_mapping.get_problems,
	):
		with pytest.raises(frappe.PermissionError):
			ask()


def test_following_the_mapping_asks_the_database_nothing_for_each_row(site_fields, monkeypatch):
	map_fields(
		VAT, ("site_staff", "Opportunity", "site_staff_there"), ("site_wants_mail", "Contact", "site_mails")
	)
	lead = lead_with(site_vat="DE123", site_staff=7, site_wants_mail=1)
	mapping.mapped_values(lead, "Customer")
	asked: list[str] = []
	ask = frappe.db.sql
	monkeypatch.setattr(
		frappe.db, "sql", lambda query, *args, **options: asked.append(query) or ask(query, *args, **options)
	)
	mapping.mapped_values(lead, "Customer")
	mapping.leftovers(lead)
	assert asked == []
