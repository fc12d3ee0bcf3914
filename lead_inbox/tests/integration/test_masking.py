"""Who may not see how to reach a customer: requirement RE-3."""

import json

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from lead_inbox.api import desk
from lead_inbox.inbox.contact.masking import NUMBER_FIELDS
from lead_inbox.tests.integration.builders import arrive, make_channel, make_user

HIDDEN_LEVEL = 7
NUMBER, ADDRESS = "+14155550123", "naree@customer.example"


@pytest.fixture
def lead() -> str:
	make_channel()
	return arrive(type="message", phone=NUMBER, email=ADDRESS, message="It drips")


@pytest.fixture
def hidden() -> None:
	"""An administrator has given the fields a level that sales users have no right to."""
	for field in ("email_id", *NUMBER_FIELDS):
		make_property_setter(
			"Lead", field, "permlevel", HIDDEN_LEVEL, "Int", validate_fields_for_doctype=False
		)
	frappe.clear_cache(doctype="Lead")


def as_jun() -> None:
	frappe.set_user(make_user("jun@company.example"))


def test_sales_people_see_how_to_reach_a_customer(lead):
	as_jun()
	seen = desk.get_lead(lead)
	assert (seen["lead"]["email_id"], seen["lead"]["numbers"][0]["number"]) == (ADDRESS, NUMBER)
	assert not seen["lead"]["masked"]
	assert desk.get_row(lead)["title"] == NUMBER


def test_who_may_not_sees_enough_to_tell_two_apart(lead, hidden):
	as_jun()
	seen = desk.get_lead(lead)
	assert (seen["lead"]["email_id"], seen["lead"]["numbers"][0]["number"]) == ("n•••@•••.example", "•••23")
	assert seen["lead"]["masked"]
	assert desk.get_row(lead)["title"] == "•••23"


def test_nothing_that_the_page_asks_for_holds_the_number_or_the_address(lead, hidden):
	as_jun()
	answers = [desk.get_lead(lead), desk.get_leads("New"), desk.get_row(lead), desk.get_context()]
	text = json.dumps(answers, default=str)
	assert ADDRESS not in text and NUMBER not in text and "4155550123" not in text


def test_a_message_s_recipient_is_for_managers_through_every_door_of_frappe(lead):
	as_jun()
	fields = frappe.get_meta("Lead Message").get_permitted_fieldnames(permission_type="read")
	assert "content" in fields
	assert not {"recipient", "lead_email"} & set(fields)
