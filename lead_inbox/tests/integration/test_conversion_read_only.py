"""A converted lead is read-only but for the role for it, by every way in: requirement CO-6."""

from __future__ import annotations

import frappe
import pytest
from frappe import client
from frappe.api import v1, v2
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.desk.form import assign_to
from frappe.utils import add_days, now_datetime

from lead_inbox.api import desk
from lead_inbox.conversion.read_only import EDITOR, ConvertedLead
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import make_user, process_all, receive_mail, state_of
from lead_inbox.tests.integration.conversion_builders import convert, make_business_lead


@pytest.fixture
def seller() -> str:
	return make_user("seller@company.example", "Sales User", "Sales Manager")


@pytest.fixture
def lead(seller: str) -> str:
	name = make_business_lead().name
	convert(name)
	frappe.db.commit()
	frappe.set_user(seller)
	return name


def save_form(lead: str) -> None:
	doc = frappe.get_doc("Lead", lead)
	doc.update({"city": "Berkeley", "inbox_converted": 0})
	doc.save()


def set_one_value(lead: str) -> None:
	client.set_value("Lead", lead, "city", "Berkeley")


def edit_in_bulk(lead: str) -> None:
	"""It catches the error of each document and returns which failed; the words are shown."""
	if submit_cancel_or_update_docs("Lead", [lead], "update", {"city": "Berkeley"}) == [lead]:
		raise ConvertedLead


def update_by_rest(lead: str) -> None:
	frappe.local.form_dict = frappe._dict(data='{"city": "Berkeley"}')
	v1.update_doc("Lead", lead)


def update_by_rest_2(lead: str) -> None:
	frappe.local.form_dict = frappe._dict(city="Berkeley")
	v2.update_doc("Lead", lead)


def import_file(lead: str) -> None:
	doc = frappe.get_doc("Lead", lead)
	frappe.flags.in_import = True
	try:
		doc.update({"city": "Berkeley"}).save()
	finally:
		frappe.flags.in_import = False


def delete(lead: str) -> None:
	frappe.delete_doc("Lead", lead)


WAYS = (save_form, set_one_value, edit_in_bulk, update_by_rest, update_by_rest_2, import_file, delete)


@pytest.mark.parametrize("change", WAYS, ids=lambda way: way.__name__)
def test_nobody_without_the_role_changes_it(lead, change):
	with pytest.raises(ConvertedLead):
		change(lead)
	assert frappe.db.get_value("Lead", lead, ["city", "inbox_converted"]) == ("Oakland", 1)


def test_the_words_say_where_to_go_on(lead):
	with pytest.raises(ConvertedLead, match="Phan Plumbing"):
		save_form(lead)


def test_who_has_the_role_changes_it_and_it_stays_converted(lead, seller):
	frappe.set_user("Administrator")
	frappe.get_doc("User", seller).add_roles(EDITOR)
	frappe.set_user(seller)
	save_form(lead)
	row = frappe.db.get_value("Lead", lead, ["city", "inbox_converted", "status"], as_dict=True)
	assert (row.city, row.inbox_converted, row.status) == ("Berkeley", 1, "Converted")


def test_who_has_the_role_deletes_it(lead, seller):
	frappe.set_user("Administrator")
	frappe.get_doc("User", seller).add_roles(EDITOR)
	frappe.set_user(seller)
	customer = frappe.db.get_value("Lead", lead, "inbox_customer")
	delete(lead)
	assert frappe.db.exists("Customer", customer)


def test_the_role_opens_the_desk():
	assert frappe.db.get_value("Role", EDITOR, "desk_access") == 1
	assert frappe.db.get_value("Role", "Lead Partner", "desk_access") == 0


def test_what_the_system_saves_by_itself_passes(lead):
	doc = frappe.get_doc("Lead", lead)
	doc.flags.ignore_permissions = True
	doc.save()


def test_its_inbox_fields_follow_the_customer_s_messages(lead):
	frappe.set_user("Administrator")
	receive_mail("naree@phan.example", "One more question", email_account="Outgoing")
	process_all()
	assert state_of(lead) == ("Active", "Returned")
	assert frappe.db.get_value("Lead", lead, "inbox_last_inbound_on")


def test_colleagues_go_on_working_on_a_customer_who_came_back(lead, seller):
	lifecycle.apply(lead, Happening.INBOUND)
	desk.add_note(lead, "Wants a second boiler")
	lifecycle.snooze(lead, add_days(now_datetime(), 1))
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [seller]})
	lifecycle.apply(lead, Happening.REPLIED)
	row = frappe.db.get_value("Lead", lead, ["inbox_assignee", "inbox_first_response_on"], as_dict=True)
	assert row.inbox_assignee == seller
	assert row.inbox_first_response_on
	assert frappe.db.exists("Lead Message", {"lead": lead, "kind": "Note"})


def test_it_is_found_and_counted_like_any_other(lead):
	assert frappe.get_list("Lead", filters={"inbox_converted": 1}, pluck="name", order_by="name asc") == [
		lead
	]
