"""Arrivals through ERPNext itself: web form, telephony, mail, the desk. Requirements IN-1 and IN-2."""

import json

import frappe
import pytest
from frappe.website.doctype.web_form.web_form import accept

from lead_inbox.tests.integration.builders import (
	make_lead,
	make_user,
	process_all,
	receive_mail,
	state_of,
)

CALLER = "+14155550142"


@pytest.fixture
def web_form() -> str:
	fields = [
		{"fieldname": "first_name", "fieldtype": "Data", "label": "Your name"},
		{"fieldname": "email_id", "fieldtype": "Data", "label": "E-mail"},
		{"fieldname": "phone", "fieldtype": "Data", "label": "Phone"},
	]
	form = frappe.get_doc(
		doctype="Web Form",
		title="Ask us",
		route="ask-us",
		doc_type="Lead",
		published=1,
		web_form_fields=fields,
	).insert()
	return form.name


def submit(web_form: str, **values: str) -> str:
	frappe.set_user("Guest")
	frappe.local.form_dict = frappe._dict(web_form=web_form, data=json.dumps(values))
	try:
		return accept(web_form=web_form, data=json.dumps(values)).name
	finally:
		frappe.set_user("Administrator")
		frappe.flags.in_web_form = False


def test_a_web_form_makes_a_new_lead_with_the_form_as_its_message(web_form):
	lead = submit(web_form, first_name="Ada", email_id="ada@example.com", phone="+14155550123")
	process_all()

	doc = frappe.get_doc("Lead", lead)
	assert (doc.inbox_status, doc.inbox_type, doc.inbox_channel) == ("New", "Form", "Website")
	said = frappe.get_doc("Lead Message", {"lead": lead})
	assert (said.kind, said.direction) == ("Form", "In")
	assert "Your name: Ada" in said.content


def test_a_web_form_s_lead_alerts_sales(web_form):
	jun = make_user("jun@company.example")
	submit(web_form, first_name="Ada", email_id="ada@example.com", phone="+14155550123")
	process_all()

	assert (
		frappe.db.count("Notification Log", {"for_user": jun, "subject": ["like", "New lead from Website%"]})
		== 1
	)


def call(status: str, **values) -> frappe._dict:
	return frappe.get_doc(
		{
			"doctype": "Call Log",
			"id": frappe.generate_hash(length=10),
			"from": CALLER,
			"to": "+14155550000",
			"type": "Incoming",
			"status": status,
			**values,
		}
	).insert(ignore_permissions=True)


def test_an_unknown_caller_whom_nobody_answered_is_a_new_lead():
	call("No Answer")
	process_all()

	lead = frappe.get_doc("Lead", {"phone": CALLER})
	assert (lead.inbox_status, lead.inbox_type, lead.inbox_channel) == ("New", "Phone Call", "Telephone")
	assert frappe.db.get_value("Lead Message", {"lead": lead.name}, "call_status") == "Missed"


def test_a_call_counts_once_it_is_over_and_once_only():
	log = call("Ringing")
	process_all()
	assert not frappe.db.exists("Lead", {"phone": CALLER})

	log.update({"status": "Completed", "duration": 134}).save()
	log.save()
	process_all()
	said = frappe.get_all(
		"Lead Message", fields=["call_status", "duration_seconds", "call_log"], order_by="name"
	)
	assert [tuple(row.values()) for row in said] == [("Answered", 134, log.name)]
	assert state_of(frappe.db.get_value("Lead", {"phone": CALLER}))[0] == "Active"


def test_a_call_of_a_known_lead_joins_its_conversation():
	lead = make_lead(phone=CALLER).name
	call("Completed", duration=60)
	process_all()

	assert frappe.db.count("Lead") == 1
	assert state_of(lead)[0] == "Active"


def test_an_unanswered_call_out_is_no_response():
	lead = make_lead(phone=CALLER).name
	call("No Answer", type="Outgoing", to=CALLER, **{"from": "+14155550000"})
	process_all()

	assert state_of(lead)[0] == "New"
	assert frappe.db.count("Lead Message", {"lead": lead, "direction": "Out", "call_status": "Missed"}) == 1


def test_a_supplier_who_calls_is_no_lead():
	supplier = frappe.get_doc(
		doctype="Supplier", supplier_name="Parts Ltd", supplier_group="All Supplier Groups"
	).insert()
	frappe.get_doc(
		doctype="Contact",
		first_name="Parts",
		phone_nos=[{"phone": CALLER, "is_primary_phone": 1}],
		links=[{"link_doctype": "Supplier", "link_name": supplier.name}],
	).insert()
	call("No Answer")
	process_all()

	assert frappe.db.count("Lead") == 0


def test_unknown_callers_can_be_left_out():
	frappe.get_doc("Lead Channel", "Telephone").update({"unknown_callers_become_leads": 0}).save()
	call("No Answer")
	process_all()
	assert frappe.db.count("Lead") == 0


def account(name: str = "Sales mail", **values) -> str:
	return (
		frappe.get_doc(
			doctype="Email Account",
			email_account_name=name,
			email_id=f"{frappe.scrub(name)}@company.example",
			**values,
		)
		.insert()
		.name
	)


def test_a_mail_on_a_channel_s_account_makes_a_lead_without_an_orphan_contact():
	mailbox = account(create_contact=0)
	frappe.get_doc("Lead Channel", "E-mail").update({"email_account": mailbox}).save()
	contacts = frappe.db.count("Contact")
	mail = receive_mail(
		"an@example.vn", "<p>How much is it?</p>", sender_full_name="Trần Văn An", email_account=mailbox
	)
	process_all()

	lead = frappe.get_doc("Lead", {"email_id": "an@example.vn"})
	assert (lead.lead_name, lead.inbox_type, lead.inbox_status) == ("Trần Văn An", "Email", "New")
	assert frappe.db.count("Contact") == contacts + 1
	assert frappe.db.get_value("Communication", mail.name, "reference_name") == lead.name


@pytest.mark.parametrize(
	"setting", [{"create_contact": 1}, {"create_contact": 0, "append_to": "Lead", "enable_incoming": 0}]
)
def test_a_channel_tells_which_settings_of_its_account_make_doubles(setting):
	channel = frappe.get_doc("Lead Channel", "E-mail")
	channel.update({"email_account": account(**setting)}).save()
	assert "makes doubles" in str(frappe.local.message_log)


def test_mail_on_other_accounts_is_nobody_s_lead():
	receive_mail("invoice@supplier.example", "An invoice", email_account=account("Bills"))
	process_all()
	assert frappe.db.count("Lead") == 0


def test_a_reply_by_mail_on_a_lead_joins_it_once():
	lead = make_lead(email_id="ada@example.com").name
	mail = receive_mail("ada@example.com", "Yes please", reference_doctype="Lead", reference_name=lead)
	mail.save(ignore_permissions=True)
	process_all()

	assert frappe.db.count("Lead Message", {"lead": lead}) == 1


def test_a_lead_made_by_hand_waits_in_new_and_alerts_nobody():
	make_user("jun@company.example")
	assert state_of(make_lead().name)[0] == "New"
	assert frappe.db.count("Notification Log", {"document_type": "Lead"}) == 0
