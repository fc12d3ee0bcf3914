"""Taking a conversion back, field by field: requirement CO-8."""

from __future__ import annotations

import base64
from typing import Any

import frappe
import pytest
from frappe.desk.doctype.tag.tag import DocTags
from frappe.desk.form import assign_to
from frappe.utils import add_days, now_datetime

from lead_inbox.api import conversion_undo
from lead_inbox.conversion.undoing import undo
from lead_inbox.conversion.undoing.undo import UndoRefused
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.merging.merging import MergeRefused
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import next_contact
from lead_inbox.tests.integration.builders import (
	make_user,
	process_all,
	receive_mail,
	set_back,
	state_of,
	transitions_of,
)
from lead_inbox.tests.integration.conversion_builders import (
	NONE,
	convert,
	existing,
	make_address,
	make_business_lead,
	make_contact,
	make_customer,
	make_opportunity,
)

# All that a conversion writes to, but for its own records and the lead's history.
TABLES = (
	*("Lead", "Customer", "Contact", "Contact Email", "Contact Phone", "Address", "Opportunity", "Quotation"),
	*("Dynamic Link", "Communication", "Communication Link", "Call Log", "Event", "Event Participants"),
	*("File", "Tag Link", "ToDo", "Sales Activity", "Reminder", "Email Campaign", "CRM Note"),
)
# When a row was touched and who has seen it say nothing of what it holds.
TOUCH = ("modified", "modified_by", "_seen")


def contents(doctype: str) -> dict[str, dict[str, Any]]:
	"""All rows of a table as they are; nothing and an empty text are the same."""
	rows = frappe.db.sql(f"select * from `tab{doctype}`", as_dict=True)
	return {
		row.name: {field: value or None for field, value in row.items() if field not in TOUCH} for row in rows
	}


def snapshot() -> dict[str, dict[str, dict[str, Any]]]:
	return {doctype: contents(doctype) for doctype in TABLES}


def differences(before: dict, after: dict) -> list[str]:
	"""Where two snapshots differ, so that a failure says so in a line."""
	found = []
	for doctype in TABLES:
		old, new = before[doctype], after[doctype]
		found += [f"{doctype} {name} is new" for name in new.keys() - old.keys()]
		found += [f"{doctype} {name} is gone" for name in old.keys() - new.keys()]
		found += [
			f"{doctype} {name} {field}: {old[name][field]!r} → {new[name][field]!r}"
			for name in old.keys() & new.keys()
			for field in old[name]
			if old[name][field] != new[name][field]
		]
	return found


def make_file(doctype: str, name: str, content: str = "A plan of the house") -> Any:
	return frappe.get_doc(
		doctype="File",
		file_name=f"plan-{frappe.generate_hash(length=6)}.txt",
		content=base64.b64encode(content.encode()).decode(),
		decode=True,
		is_private=1,
		attached_to_doctype=doctype,
		attached_to_name=name,
	).insert()


def make_email_campaign(lead: str) -> Any:
	template = frappe.get_doc(
		doctype="Email Template", name=frappe.generate_hash(length=8), subject="Hi", response="Hello"
	).insert()
	campaign = frappe.get_doc(
		doctype="Campaign",
		campaign_name=f"Spring {frappe.generate_hash(length=6)}",
		campaign_schedules=[{"email_template": template.name, "send_after_days": 3}],
	).insert()
	return frappe.get_doc(
		doctype="Email Campaign",
		campaign_name=campaign.name,
		email_campaign_for="Lead",
		recipient=lead,
		start_date=frappe.utils.today(),
		sender="Administrator",
	).insert()


def furnish(lead: Any, user: str) -> None:
	"""Give a lead one of everything that goes with it to its customer."""
	lead.reload()
	lead.add_comment("Comment", "Call in the afternoon")
	lead.append("notes", {"note": "Has a dog", "added_by": "Administrator", "added_on": now_datetime()})
	lead.save()
	make_address("Lead", lead.name)
	make_contact_of_lead(lead.name)
	assign_to.add({"doctype": "Lead", "name": lead.name, "assign_to": [user]})
	DocTags("Lead").add(lead.name, "Urgent")
	receive_mail(lead.email_id, "A mail", reference_doctype="Lead", reference_name=lead.name)
	process_all()
	receive_mail("other@example.com", "Another mail").add_link("Lead", lead.name, autosave=True)
	event = frappe.get_doc(doctype="Event", subject="Visit", starts_on=now_datetime(), event_type="Public")
	event.add_participant("Lead", lead.name)
	event.insert()
	make_call_log(lead.name)
	make_file("Lead", lead.name)
	next_contact.add_by_hand("Lead", lead.name, "Phone Call", "Ask again", add_days(now_datetime(), 1), user)
	make_email_campaign(lead.name)


def make_contact_of_lead(lead: str) -> Any:
	links = [{"link_doctype": "Lead", "link_name": lead}]
	return frappe.get_doc(doctype="Contact", first_name="Colleague", links=links).insert()


def make_call_log(lead: str) -> Any:
	call = frappe.get_doc(
		{
			"doctype": "Call Log",
			"id": frappe.generate_hash(length=10),
			"from": "+14155550123",
			"to": "+14155550999",
			"status": "Completed",
			"type": "Incoming",
			"links": [{"link_doctype": "Lead", "link_name": lead}],
		}
	)
	return call.insert(ignore_permissions=True)


@pytest.fixture
def seller() -> str:
	return make_user("seller@company.example", "Sales User")


@pytest.fixture
def lead(seller: str) -> Any:
	doc = make_business_lead()
	furnish(doc, seller)
	return doc.reload()


def test_undoing_restores_every_record_field_by_field(lead):
	before = snapshot()
	converted = convert(lead.name, quotation=True)
	assert differences(before, snapshot())
	undo.undo(converted.conversion)
	assert not differences(before, snapshot())


def test_undoing_restores_an_existing_customer_contact_and_opportunity(lead):
	customer = make_customer()
	contact = make_contact(customer.name)
	opportunity = make_opportunity(customer)
	DocTags("Customer").add(customer.name, "Big")
	before = snapshot()
	converted = convert(
		lead.name,
		customer=existing(customer.name),
		contact=existing(contact.name),
		opportunity=existing(opportunity.name),
	)
	assert converted.customer == customer.name
	undo.undo(converted.conversion)
	assert not differences(before, snapshot())


def test_undoing_gives_an_opportunity_of_the_lead_s_own_back_to_it(lead):
	opportunity = make_opportunity(lead)
	before = snapshot()
	converted = convert(lead.name, opportunity=existing(opportunity.name))
	undo.undo(converted.conversion)
	assert not differences(before, snapshot())
	assert opportunity.reload().party_name == lead.name


def test_the_lead_comes_back_to_its_state_and_that_is_recorded(lead, seller):
	lifecycle.apply(lead.name, Happening.REPLIED)
	converted = convert(lead.name)
	assert state_of(lead.name) == ("Closed", "Converted")
	assert frappe.db.get_value("Lead", lead.name, ["inbox_converted", "inbox_customer"])[0] == 1
	undo.undo(converted.conversion)
	assert state_of(lead.name)[0] == "Active"
	assert transitions_of(lead.name)[-1][:2] == ("Closed", "Active")
	row = frappe.db.get_value("Lead", lead.name, ["status", "inbox_stage", "inbox_assignee"], as_dict=True)
	assert (row.status, row.inbox_stage, row.inbox_assignee) == ("Replied", "Lead", seller)


def test_a_lead_that_was_undone_can_be_saved_and_converted_again(lead):
	undo.undo(convert(lead.name).conversion)
	lead.reload().update({"website": "https://new.example"})
	lead.save()
	assert lead.status == "Lead"
	again = convert(lead.name)
	assert frappe.db.exists("Customer", again.customer)
	assert state_of(lead.name) == ("Closed", "Converted")


def test_a_customer_who_came_back_meanwhile_stays_in_work(lead):
	lifecycle.apply(lead.name, Happening.REPLIED)
	converted = convert(lead.name)
	receive_mail(lead.email_id, "One more question")
	process_all()
	assert state_of(lead.name) == ("Active", "Returned")
	undo.undo(converted.conversion)
	assert state_of(lead.name)[0] == "Active"
	assert state_of(lead.name)[1] != "Returned"
	assert frappe.db.get_value("Lead", lead.name, "status") != "Converted"


def test_what_depends_on_the_customer_is_named_and_hinders_all(lead):
	converted = convert(lead.name)
	project = frappe.get_doc(
		doctype="Project", project_name="New bathroom", customer=converted.customer, company=lead.company
	).insert()
	before = snapshot()
	what = undo.what_undo_does(converted.conversion)
	assert not what["allowed"]
	assert project.name in what["refused_because"]
	with pytest.raises(UndoRefused, match=project.name):
		undo.undo(converted.conversion)
	assert not differences(before, snapshot())
	project.delete()
	undo.undo(converted.conversion)
	assert not frappe.db.exists("Customer", converted.customer)


def test_another_lead_of_the_same_customer_hinders(lead):
	converted = convert(lead.name, opportunity=NONE)
	other = make_business_lead(first_name="Sal", email_id="sal@phan.example", phone=None, mobile_no=None)
	second = convert(other.name, customer=existing(converted.customer), opportunity=NONE)
	with pytest.raises(UndoRefused, match=other.name):
		undo.undo(converted.conversion)
	undo.undo(second.conversion)
	assert frappe.db.exists("Customer", converted.customer)
	undo.undo(converted.conversion)
	assert not frappe.db.exists("Customer", converted.customer)


def test_an_opportunity_that_somebody_worked_on_stays_with_its_customer_and_is_named_before(lead):
	converted = convert(lead.name)
	opportunity = frappe.get_doc("Opportunity", converted.opportunity)
	opportunity.update({"opportunity_amount": 900})
	opportunity.save()
	what = undo.what_undo_does(converted.conversion)
	assert what["allowed"]
	kept = {(row["doctype"], row["name"]) for row in what["kept"]}
	assert kept == {("Opportunity", converted.opportunity), ("Customer", converted.customer)}
	undo.undo(converted.conversion)
	assert opportunity.reload().opportunity_amount == 900
	assert not opportunity.inbox_lead
	assert not frappe.db.get_value("Customer", converted.customer, "lead_name")
	assert state_of(lead.name)[0] == "New"


def test_a_comment_on_the_customer_keeps_it(lead):
	converted = convert(lead.name, opportunity=NONE)
	frappe.get_doc("Customer", converted.customer).add_comment("Comment", "Pays late")
	undo.undo(converted.conversion)
	assert frappe.db.exists("Customer", converted.customer)
	assert not frappe.db.get_value("Lead", lead.name, "inbox_converted")


def test_a_renamed_customer_stays(lead):
	converted = convert(lead.name, opportunity=NONE)
	frappe.rename_doc("Customer", converted.customer, "Phan and Daughters")
	kept = {row["name"] for row in undo.what_undo_does(converted.conversion)["kept"]}
	assert kept == {"Phan and Daughters"}
	undo.undo(converted.conversion)
	assert not frappe.db.get_value("Customer", "Phan and Daughters", "lead_name")
	assert state_of(lead.name)[0] == "New"


def test_a_filled_field_that_somebody_changed_keeps_the_change(lead):
	customer = make_customer()
	converted = convert(lead.name, customer=existing(customer.name), opportunity=NONE)
	assert frappe.db.get_value("Customer", customer.name, "website") == "https://phan.example"
	frappe.db.set_value("Customer", customer.name, "website", "https://better.example")
	what = undo.what_undo_does(converted.conversion)
	assert [row["name"] for row in what["emptied"] if row["doctype"] == "Customer"] == [customer.name]
	undo.undo(converted.conversion)
	row = frappe.db.get_value("Customer", customer.name, ["website", "lead_name", "territory"], as_dict=True)
	assert row.website == "https://better.example"
	assert not row.lead_name


def test_a_task_that_was_done_meanwhile_comes_back_done(lead, seller):
	converted = convert(lead.name)
	task = frappe.db.get_value("ToDo", {"reference_name": converted.opportunity, "allocated_to": seller})
	frappe.get_doc("ToDo", task).update({"status": "Closed"}).save()
	undo.undo(converted.conversion)
	row = frappe.db.get_value("ToDo", task, ["reference_type", "reference_name", "status"])
	assert row == ("Lead", lead.name, "Closed")
	assert not frappe.db.get_value("Lead", lead.name, "inbox_assignee")


def test_a_task_that_went_elsewhere_stays_there(lead, seller):
	converted = convert(lead.name)
	task = frappe.db.get_value("ToDo", {"reference_name": converted.opportunity, "allocated_to": seller})
	frappe.db.set_value("ToDo", task, {"reference_type": None, "reference_name": None})
	undo.undo(converted.conversion)
	assert not frappe.db.get_value("ToDo", task, "reference_name")


def test_it_is_undone_once(lead):
	converted = convert(lead.name)
	undo.undo(converted.conversion)
	with pytest.raises(UndoRefused, match="already"):
		undo.undo(converted.conversion)
	row = frappe.db.get_value("Lead Conversion", converted.conversion, ["status", "undone_by"], as_dict=True)
	assert (row.status, row.undone_by) == ("Undone", "Administrator")


@pytest.mark.parametrize(("days", "allowed"), [(6.9, True), (7.1, False)])
def test_it_can_be_undone_for_seven_days(lead, days, allowed):
	converted = convert(lead.name)
	converted_on = frappe.utils.add_to_date(now_datetime(), days=-days)
	frappe.db.set_value("Lead Conversion", converted.conversion, "converted_on", converted_on)
	assert undo.what_undo_does(converted.conversion)["allowed"] is allowed


def test_a_site_can_turn_undoing_off(lead):
	frappe.db.set_single_value("Lead Inbox Settings", "undo_days", 0)
	converted = convert(lead.name)
	with pytest.raises(UndoRefused):
		undo.undo(converted.conversion)


def test_who_converted_may_undo_it_without_the_right_to_delete_customers(lead, seller):
	frappe.set_user(seller)
	converted = convert(lead.name)
	assert not frappe.has_permission("Customer", ptype="delete", doc=converted.customer)
	assert conversion_undo.get_undo(converted.conversion)["allowed"]
	conversion_undo.undo(converted.conversion)
	assert not frappe.db.exists("Customer", converted.customer)


def test_a_colleague_may_not_undo_it_and_a_manager_may(lead, seller):
	manager = make_user("manager@company.example", "Sales User", "Sales Manager")
	converted = convert(lead.name)
	frappe.set_user(seller)
	assert not conversion_undo.get_undo(converted.conversion)["allowed"]
	with pytest.raises(frappe.PermissionError):
		conversion_undo.undo(converted.conversion)
	frappe.set_user(manager)
	conversion_undo.undo(converted.conversion)
	assert state_of(lead.name)[0] == "New"


def test_who_may_not_see_the_lead_sees_nothing_of_its_conversion(lead, seller):
	other = make_business_lead(first_name="Sal", email_id="sal@other.example", company_name="Other")
	converted, visible = convert(lead.name), convert(other.name)
	frappe.get_doc(
		doctype="User Permission", user=seller, allow="Lead", for_value=other.name, apply_to_all_doctypes=1
	).insert()
	frappe.set_user(seller)
	assert frappe.get_list("Lead Conversion", pluck="name", order_by="name asc") == [visible.conversion]
	with pytest.raises(frappe.PermissionError):
		conversion_undo.get_undo(converted.conversion)


def test_a_deleted_customer_ends_the_conversion(lead):
	lifecycle.apply(lead.name, Happening.REPLIED)
	converted = convert(lead.name, opportunity=NONE)
	frappe.delete_doc("Customer", converted.customer)
	row = frappe.db.get_value(
		"Lead", lead.name, ["status", "inbox_converted", "inbox_customer"], as_dict=True
	)
	assert (row.status, row.inbox_converted, row.inbox_customer) == ("Replied", 0, None)
	assert state_of(lead.name)[0] == "Active"
	assert frappe.db.get_value("Lead Conversion", converted.conversion, "status") == "Undone"


def test_a_customer_with_an_opportunity_is_not_deleted(lead):
	converted = convert(lead.name)
	frappe.db.commit()
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Customer", converted.customer)
	frappe.db.rollback()
	assert frappe.db.get_value("Lead", lead.name, "inbox_customer") == converted.customer


def test_a_deleted_opportunity_is_forgotten_and_the_conversion_goes_on(lead):
	converted = convert(lead.name)
	frappe.delete_doc("Opportunity", converted.opportunity)
	row = frappe.db.get_value("Lead", lead.name, ["inbox_converted", "inbox_opportunity"], as_dict=True)
	assert (row.inbox_converted, row.inbox_opportunity) == (1, None)
	undo.undo(converted.conversion)
	assert not frappe.db.exists("Customer", converted.customer)


def test_a_lead_that_is_deleted_leaves_its_customer_and_opportunity():
	lead = make_business_lead()
	converted = convert(lead.name)
	frappe.delete_doc("Lead", lead.name)
	assert frappe.db.get_value("Customer", converted.customer, ["name", "lead_name"]) == (
		converted.customer,
		None,
	)
	assert frappe.db.get_value("Opportunity", converted.opportunity, "inbox_lead") is None
	assert not frappe.db.exists("Lead Conversion", {"lead": lead.name})
	assert not frappe.db.exists("Lead Conversion Entry", {"parent": converted.conversion})


def test_the_days_until_inactive_go_on_as_if_nothing_had_been(lead):
	set_back(lead.name, inbox_aging_from=1)
	before = frappe.db.get_value("Lead", lead.name, "inbox_aging_from")
	undo.undo(convert(lead.name).conversion)
	assert frappe.db.get_value("Lead", lead.name, "inbox_aging_from") == before


def test_a_converted_lead_is_not_merged_away_and_keeps_its_customer_as_a_winner(lead):
	customer = make_customer(lead_name=make_business_lead(email_id="first@phan.example").name)
	convert(lead.name, customer=existing(customer.name), opportunity=NONE)
	other = make_business_lead(first_name="Sal", email_id="sal@phan.example")
	with pytest.raises(MergeRefused):
		merging.merge(other.name, lead.name)
	merging.merge(lead.name, other.name)
	row = frappe.db.get_value("Lead", lead.name, ["inbox_converted", "inbox_customer", "inbox_stage"])
	assert row == (1, customer.name, "Customer")
