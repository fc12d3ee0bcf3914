"""What goes with a lead to its customer, once and without a copy: requirement CO-5."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.doctype.tag.tag import DocTags
from frappe.utils import add_days, now_datetime

from lead_inbox.conversion.carrying import carrying, timeline
from lead_inbox.conversion.carrying.carrying import Targets
from lead_inbox.conversion.ledger import Ledger
from lead_inbox.conversion.undoing import undo
from lead_inbox.inbox import alerts, conversation, lifecycle, messages
from lead_inbox.overrides import email_campaign
from lead_inbox.sequences.activities import next_contact
from lead_inbox.tests.integration.builders import make_user, process_all, receive_mail
from lead_inbox.tests.integration.conversion_builders import (
	NONE,
	convert,
	existing,
	make_business_lead,
	make_customer,
	make_opportunity,
)
from lead_inbox.tests.integration.sequence_builders import (
	enroll,
	enrollment_of,
	make_sequence,
	open_activities,
)
from lead_inbox.tests.integration.test_conversion_undo import furnish, make_email_campaign, make_file


@pytest.fixture
def seller() -> str:
	return make_user("seller@company.example", "Sales User")


@pytest.fixture
def lead() -> Any:
	return make_business_lead()


def records_of(converted: Any) -> list[tuple[str, str]]:
	return [
		(doctype, name)
		for doctype in ("Customer", "Contact", "Opportunity", "Quotation")
		if (name := getattr(converted, doctype.lower()))
	]


def shown(doctype: str, name: str) -> list[str]:
	return [entry["content"] for entry in timeline.of_leads(doctype, name)]


def shown_with(text: str, doctype: str, name: str) -> int:
	return sum(text in content for content in shown(doctype, name))


def test_mails_are_linked_with_all_that_the_lead_became(lead):
	mail = receive_mail(lead.email_id, "A mail", reference_doctype="Lead", reference_name=lead.name)
	receive_mail("other@example.com", "Another").add_link("Lead", lead.name, autosave=True)
	other = frappe.db.get_value("Communication", {"sender": "other@example.com"})
	converted = convert(lead.name, quotation=True)
	for doctype, name in records_of(converted):
		links = frappe.get_all(
			"Communication Link",
			filters={"link_doctype": doctype, "link_name": name},
			fields=["parent", "communication_date"],
			order_by="parent asc",
		)
		assert {link.parent for link in links} == {mail.name, other}, doctype
		assert len(links) == 2
		assert all(link.communication_date for link in links)
	assert frappe.db.get_value("Communication", mail.name, ["reference_doctype", "reference_name"]) == (
		"Lead",
		lead.name,
	)


def test_carrying_over_twice_adds_nothing(lead, seller):
	furnish(lead, seller)
	converted = convert(lead.name)
	ledger = Ledger()
	targets = Targets(converted.customer, converted.contact, converted.opportunity)
	carrying.carry_over(lead.name, targets, ledger, now_datetime())
	assert ledger.entries == []


def test_a_mail_is_not_shown_twice_and_a_message_is_shown_everywhere(lead):
	receive_mail(lead.email_id, "Text of the mail")
	process_all()
	conversation.add_note(lead.name, "Has a <b>dog</b>")
	converted = convert(lead.name, quotation=True)
	for doctype, name in records_of(converted):
		assert shown_with("Has a &lt;b&gt;dog&lt;/b&gt;", doctype, name) == 1, doctype
		assert shown_with("Text of the mail", doctype, name) == 0, doctype
		assert shown_with(f"/app/lead-inbox/{lead.name}", doctype, name) >= 1


def test_what_a_stranger_wrote_is_shown_as_text(lead):
	messages.record(
		lead.name,
		lead_email=None,
		kind="Message",
		direction="In",
		external_id="1",
		sender_name="<img src=x onerror=alert(1)>",
		subject="<script>alert(1)</script>",
		text="<script>alert(2)</script>",
	)
	frappe.db.set_value("Lead", lead.name, "title", "<script>alert(3)</script>")
	html = "".join(shown("Customer", convert(lead.name).customer))
	assert "<script" not in html
	assert "<img" not in html
	assert "&lt;script&gt;alert(2)" in html


def test_comments_notes_and_files_are_shown_from_the_lead(lead):
	lead.reload().add_comment("Comment", "Call in the afternoon")
	lead.append("notes", {"note": "Prefers steel", "added_by": "Administrator", "added_on": now_datetime()})
	lead.save()
	file = make_file("Lead", lead.name)
	converted = convert(lead.name)
	assert shown_with("Call in the afternoon", "Customer", converted.customer) == 1
	assert shown_with("Prefers steel", "Opportunity", converted.opportunity) == 1
	assert shown_with(file.file_name, "Opportunity", converted.opportunity) == 1
	# the Customer has the file among its own
	assert shown_with(file.file_name, "Customer", converted.customer) == 0
	assert not frappe.db.exists("Comment", {"reference_name": converted.customer, "comment_type": "Comment"})
	assert not frappe.db.exists("CRM Note", {"parent": converted.opportunity})


def test_what_erpnext_copies_is_not_shown_twice(lead):
	frappe.db.set_single_value("CRM Settings", "carry_forward_communication_and_comments", 1)
	lead.reload().add_comment("Comment", "Call in the afternoon")
	customer = make_customer(lead_name=lead.name)
	assert shown_with("Call in the afternoon", "Customer", customer.name) == 0
	assert frappe.db.count("Comment", {"reference_name": customer.name, "comment_type": "Comment"}) == 1


def test_who_may_not_read_the_lead_is_shown_nothing_of_it(lead, seller):
	lead.reload().add_comment("Comment", "Call in the afternoon")
	other = make_business_lead(first_name="Sal", email_id="sal@other.example", company_name="Other")
	converted = convert(lead.name)
	frappe.get_doc(
		doctype="User Permission", user=seller, allow="Lead", for_value=other.name, apply_to_all_doctypes=1
	).insert()
	frappe.set_user(seller)
	assert shown("Customer", converted.customer) == []


def test_a_file_is_attached_without_a_copy_of_its_content(lead):
	file = make_file("Lead", lead.name)
	converted = convert(lead.name)
	attached = frappe.get_all(
		"File",
		filters={"attached_to_doctype": "Customer", "attached_to_name": converted.customer},
		fields=["name", "file_url", "is_private"],
		order_by="name asc",
	)
	assert [(row.file_url, row.is_private) for row in attached] == [(file.file_url, 1)]
	frappe.delete_doc("File", file.name)
	assert frappe.get_doc("File", attached[0].name).get_content() == "A plan of the house"


def test_the_last_of_a_content_goes_when_the_conversion_is_undone(lead):
	customer = make_customer()
	file = make_file("Lead", lead.name, content=f"Plan {frappe.generate_hash()}")
	path = file.get_full_path()
	converted = convert(lead.name, customer=existing(customer.name))
	frappe.delete_doc("File", file.name)
	undo.undo(converted.conversion)
	assert not frappe.db.exists("File", {"file_url": file.file_url})
	with pytest.raises(OSError), open(path):
		pass


def test_an_assignment_goes_to_the_opportunity_and_leaves_the_inbox(lead, seller):
	furnish(lead, seller)
	converted = convert(lead.name)
	task = frappe.get_doc("ToDo", {"allocated_to": seller, "status": "Open"})
	assert (task.reference_type, task.reference_name) == ("Opportunity", converted.opportunity)
	assert seller in frappe.db.get_value("Opportunity", converted.opportunity, "_assign")
	assert not frappe.db.get_value("Lead", lead.name, "inbox_assignee")


def test_without_an_opportunity_it_goes_to_the_customer_and_an_activity_stays(lead, seller):
	furnish(lead, seller)
	converted = convert(lead.name, opportunity=NONE)
	assert frappe.db.exists("ToDo", {"reference_type": "Customer", "reference_name": converted.customer})
	assert open_activities(lead) == ["Ask again"]


def test_a_planned_activity_goes_on_with_the_opportunity_and_so_does_its_calendar_entry(lead, seller):
	due_on = add_days(now_datetime(), 1)
	activity = next_contact.add_by_hand("Lead", lead.name, "Task", "Send a leaflet", due_on, seller)
	converted = convert(lead.name)
	assert open_activities(frappe.get_doc("Opportunity", converted.opportunity)) == ["Send a leaflet"]
	event = frappe.db.get_value("Sales Activity", activity, "event")
	assert frappe.db.get_value("Event", event, "reference_docname") == converted.opportunity


def test_a_sequence_ends_and_its_step_is_not_carried_over(lead):
	sequence = make_sequence(["Call"], exit_on_conversion=1)
	enrollment = enroll(sequence, lead)
	converted = convert(lead.name)
	assert enrollment_of(enrollment).status not in ("Active", "Paused")
	assert open_activities(frappe.get_doc("Opportunity", converted.opportunity)) == []
	assert open_activities(lead) == []


def test_an_email_campaign_goes_on_with_the_contact_and_heeds_the_lead_s_wish(lead):
	campaign = make_email_campaign(lead.name)
	converted = convert(lead.name)
	campaign.reload()
	assert (campaign.email_campaign_for, campaign.recipient) == ("Contact", converted.contact)
	mail = frappe._dict(
		reference_doctype="Email Campaign", reference_name=campaign.name, sent_or_received="Sent"
	)
	email_campaign.before_send(mail)
	lifecycle.refuse_contact(lead.name, "Email", True)
	with pytest.raises(frappe.ValidationError):
		email_campaign.before_send(mail)


def test_tags_are_added_to_what_the_record_has(lead):
	customer = make_customer()
	DocTags("Customer").add(customer.name, "Big")
	DocTags("Lead").add(lead.name, "Urgent")
	converted = convert(lead.name, customer=existing(customer.name))
	assert frappe.db.get_value("Customer", customer.name, "_user_tags") == ",Big,Urgent"
	assert frappe.db.get_value("Opportunity", converted.opportunity, "_user_tags") == ",Urgent"


def test_who_looks_after_the_deal_hears_of_a_customer_who_comes_back(lead, seller):
	customer = make_customer()
	opportunity = make_opportunity(customer, opportunity_owner=seller)
	convert(lead.name, customer=existing(customer.name), opportunity=existing(opportunity.name))
	assert seller in alerts.business_owners(lead.name)


def test_thousands_of_mails_take_no_more_statements_than_one(lead):
	def statements_of(converted_lead: str) -> int:
		before = int(frappe.db.sql("show session status like 'Questions'")[0][1])
		convert(converted_lead)
		return int(frappe.db.sql("show session status like 'Questions'")[0][1]) - before

	few = make_business_lead(first_name="Sal", email_id="sal@one.example", company_name="One")
	receive_mail(few.email_id, "A mail", reference_doctype="Lead", reference_name=few.name)
	for number in range(40):
		receive_mail(lead.email_id, f"{number}", reference_doctype="Lead", reference_name=lead.name)
	with_few = statements_of(few.name)
	assert statements_of(lead.name) <= with_few
