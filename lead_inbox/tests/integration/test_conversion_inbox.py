"""What the inbox page is told about converting a lead, and of one that is converted."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from lead_inbox.api import desk
from lead_inbox.conversion.stages import stages
from lead_inbox.inbox.merging import merging
from lead_inbox.tests.integration.builders import arrive, make_channel, make_user
from lead_inbox.tests.integration.conversion_builders import convert, make_business_lead


@pytest.fixture
def lead() -> str:
	return make_business_lead().name


def seen_by(user: str, lead: str) -> dict[str, Any]:
	frappe.set_user(user)
	seen = desk.get_lead(lead)
	frappe.set_user("Administrator")
	return seen


def test_converted_lead_tells_what_it_became(lead: str) -> None:
	assert desk.get_lead(lead)["lead"]["conversion"] is None
	converted = convert(lead)
	conversion = desk.get_lead(lead)["lead"]["conversion"]
	assert conversion["on"] and conversion["by"] == "Administrator"
	assert [(row["doctype"], row["name"]) for row in conversion["records"]] == [
		("Customer", converted.customer),
		("Contact", converted.contact),
		("Opportunity", converted.opportunity),
	]
	assert conversion["records"][2]["label"] == "Phan Plumbing"


def test_who_may_create_customers_may_convert_what_is_not_over(lead: str) -> None:
	sales = make_user("sales@company.example")
	assert seen_by(sales, lead)["can"]["convert"]
	convert(lead)
	can = seen_by(sales, lead)["can"]
	assert not can["convert"] and not can["set_stage"]


def test_merged_lead_is_converted_under_its_other_name(lead: str) -> None:
	other = make_business_lead(email_id="other@phan.example").name
	merging.merge(other, lead)
	assert not desk.get_lead(lead)["can"]["convert"]
	assert desk.get_lead(other)["can"]["convert"]


def test_without_the_right_to_create_customers_nothing_is_offered(lead: str) -> None:
	sales = make_user("sales@company.example")
	frappe.db.set_value("DocPerm", {"parent": "Customer", "role": "Sales User"}, "create", 0)
	frappe.clear_cache(doctype="Customer")
	can = seen_by(sales, lead)["can"]
	assert not can["convert"] and can["set_stage"]


def test_row_says_that_a_lead_waits_for_sales() -> None:
	make_channel()
	lead = arrive(type="message", name="Naree Phan", message="Hello")
	assert not desk.get_row(lead)["handed_over"]
	stages.set_stage(lead, "SQL")
	assert desk.get_row(lead)["handed_over"]
	stages.accept(lead)
	assert not desk.get_row(lead)["handed_over"]
