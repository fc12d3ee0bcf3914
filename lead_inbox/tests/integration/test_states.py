"""States, snooze and the tie to ERPNext's status: requirements IN-4 and IN-5."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox.inbox import lifecycle, reconcile
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	process_all,
	receive_mail,
	set_back,
	state_of,
	transitions_of,
)


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


@pytest.fixture
def lead() -> str:
	return arrive(
		type="message", name="Naree Phan", phone="+14155550123", email="naree@example.com", message="Hi"
	)


def mail_from_form(lead: str) -> None:
	"""What the Lead form's New Email does."""
	from frappe.core.doctype.communication.email import make

	make(
		doctype="Lead",
		name=lead,
		content="Hello",
		subject="Hello",
		recipients="naree@example.com",
		send_email=False,
	)


def test_a_mail_from_the_lead_form_makes_it_active_and_replied(lead):
	mail_from_form(lead)

	assert state_of(lead)[0] == "Active"
	assert frappe.db.get_value("Lead", lead, "status") == "Replied"
	assert frappe.db.get_value("Lead", lead, "inbox_first_response_on")
	assert transitions_of(lead) == [("", "New", ""), ("New", "Active", "")]
	assert frappe.db.get_value("Lead Message", {"lead": lead, "direction": "Out"}, "content") == "Hello"


def test_an_automated_mail_is_no_reply(lead):
	frappe.get_doc(
		doctype="Communication",
		communication_medium="Email",
		communication_type="Automated Message",
		sent_or_received="Sent",
		reference_doctype="Lead",
		reference_name=lead,
		subject="Thanks",
		content="Thanks",
	).insert(ignore_permissions=True)

	assert state_of(lead)[0] == "New"


def test_a_mail_that_a_job_sends_is_no_reply_and_is_in_the_conversation(lead, monkeypatch):
	monkeypatch.setattr(frappe.local, "job", frappe._dict(method="a campaign"), raising=False)
	mail_from_form(lead)

	assert state_of(lead)[0] == "New"
	assert frappe.db.get_value("Lead Message", {"lead": lead, "direction": "Out"}, "automated") == 1


def test_a_message_of_the_customer_opens_a_replied_lead(lead):
	mail_from_form(lead)
	arrive(type="message", phone="+14155550123", message="When?")

	assert frappe.db.get_value("Lead", lead, "status") == "Open"


def test_a_resting_lead_that_was_never_answered_is_new_again(lead):
	lifecycle.apply(lead, Happening.WENT_UNANSWERED)
	assert state_of(lead) == ("Inactive", "Unanswered")
	arrive(type="message", phone="+14155550123", message="Anybody?")

	assert state_of(lead) == ("New", "")


def test_a_resting_lead_that_was_answered_is_active_again(lead):
	mail_from_form(lead)
	lifecycle.apply(lead, Happening.WENT_QUIET)
	arrive(type="message", phone="+14155550123", message="Back again")

	assert state_of(lead) == ("Active", "")


def test_a_declined_lead_stays_declined_and_restores_to_what_it_was(lead):
	lifecycle.require(lead, Happening.DECLINED)
	arrive(type="message", phone="+14155550123", message="Please!")
	assert state_of(lead)[0] == "Declined"

	lifecycle.require(lead, Happening.RESTORED)
	assert state_of(lead)[0] == "New"


def test_what_is_not_possible_says_why_and_changes_nothing(lead):
	with pytest.raises(lifecycle.TransitionRefused, match="This lead is New"):
		lifecycle.require(lead, Happening.RESTORED)
	assert transitions_of(lead) == [("", "New", "")]


def test_a_new_customer_closes_the_lead_without_any_save_of_it(lead):
	frappe.get_doc(
		doctype="Customer", customer_name="Naree", customer_type="Individual", lead_name=lead
	).insert()

	assert state_of(lead) == ("Closed", "Converted")


def test_a_customer_who_comes_back_reopens_the_lead_until_it_rests(lead):
	frappe.get_doc(
		doctype="Customer", customer_name="Naree", customer_type="Individual", lead_name=lead
	).insert()
	arrive(type="message", phone="+14155550123", message="One more thing")
	assert state_of(lead) == ("Active", "Returned")

	frappe.get_doc("Lead", lead).save()
	reconcile.reconcile()
	assert state_of(lead) == ("Active", "Returned")


def test_do_not_contact_closes_and_lifting_it_gives_the_state_back(lead):
	doc = frappe.get_doc("Lead", lead)
	doc.status = "Do Not Contact"
	doc.save()
	assert state_of(lead) == ("Closed", "Do Not Contact")

	doc.reload()
	doc.status = "Open"
	doc.save()
	assert state_of(lead)[0] == "New"


def test_a_job_that_lifts_do_not_contact_is_put_right(lead):
	frappe.get_doc("Lead", lead).update({"status": "Do Not Contact"}).save()
	frappe.db.set_value("Lead", lead, "status", "Open")  # what ERPNext's daily job does
	reconcile.reconcile()

	assert frappe.db.get_value("Lead", lead, "status") == "Do Not Contact"
	assert state_of(lead) == ("Closed", "Do Not Contact")


def test_a_status_written_behind_our_back_is_followed(lead):
	frappe.db.set_value("Lead", lead, "status", "Converted")
	reconcile.reconcile()

	assert state_of(lead) == ("Closed", "Converted")


def test_a_converted_lead_that_a_job_opened_is_converted_again(lead):
	frappe.get_doc(
		doctype="Customer", customer_name="Naree", customer_type="Individual", lead_name=lead
	).insert()
	frappe.db.set_value("Lead", lead, "status", "Open")
	reconcile.reconcile()

	assert frappe.db.get_value("Lead", lead, "status") == "Converted"


def test_nobody_writes_inbox_fields_through_the_document(lead):
	doc = frappe.get_doc("Lead", lead)
	doc.update({"inbox_status": "Closed", "inbox_first_response_on": now_datetime(), "job_title": "Boss"})
	doc.save()

	assert state_of(lead)[0] == "New"
	assert frappe.db.get_value("Lead", lead, "job_title") == "Boss"


def test_a_form_that_was_open_meanwhile_saves_and_keeps_the_new_state(lead):
	form = frappe.get_doc("Lead", lead)
	mail_from_form(lead)
	form.status = frappe.db.get_value("Lead", lead, "status")
	form.job_title = "Owner"
	form.save()

	assert state_of(lead)[0] == "Active"


def test_a_lead_made_by_hand_is_new():
	assert state_of(make_lead().name) == ("New", "")


def test_a_lead_imported_as_converted_is_closed():
	assert state_of(make_lead(status="Converted").name) == ("Closed", "Converted")


def test_a_snoozed_lead_wakes_at_its_time_and_has_not_aged(lead):
	set_back(lead, inbox_aging_from=10)
	before = frappe.db.get_value("Lead", lead, "inbox_aging_from")
	lifecycle.snooze(lead, add_to_date(now_datetime(), days=3))
	after = frappe.db.get_value("Lead", lead, "inbox_aging_from")

	assert abs((after - before).total_seconds() - 3 * 86400) < 5


def test_a_snooze_in_the_past_is_refused(lead):
	with pytest.raises(frappe.ValidationError, match="future"):
		lifecycle.snooze(lead, add_to_date(now_datetime(), days=-1))


def test_the_customer_speaking_ends_a_snooze(lead):
	lifecycle.snooze(lead, add_to_date(now_datetime(), days=3))
	arrive(type="message", phone="+14155550123", message="Hello?")

	assert frappe.db.get_value("Lead", lead, "inbox_snoozed_until") is None


def test_mail_from_a_known_sender_joins_the_lead_without_another_contact(lead):
	contacts = frappe.db.count("Contact")
	frappe.get_doc("Lead Channel", "E-mail").db_set("email_account", mail_account())
	frappe.clear_document_cache("Lead Channel", "E-mail")
	mail = receive_mail(
		"Naree Phan <naree@example.com>", "<p>A <b>new</b> question</p>", email_account=mail_account()
	)
	process_all()

	mail.reload()
	assert (mail.reference_doctype, mail.reference_name) == ("Lead", lead)
	assert frappe.db.get_value("Lead Message", {"communication": mail.name}, "content") == "A new question"
	assert frappe.db.count("Contact") == contacts


def mail_account() -> str:
	name = "Sales mail"
	if not frappe.db.exists("Email Account", name):
		frappe.get_doc(
			doctype="Email Account",
			email_account_name=name,
			email_id="sales@company.example",
			enable_incoming=0,
		).insert()
	return name


def test_a_status_that_the_site_took_away_is_not_written(lead):
	options = frappe.get_meta("Lead").get_field("status").options.replace("Replied\n", "")
	frappe.get_doc(
		doctype="Property Setter",
		doctype_or_field="DocField",
		doc_type="Lead",
		field_name="status",
		property="options",
		property_type="Text",
		value=options,
	).insert()
	frappe.clear_cache(doctype="Lead")
	mail_from_form(lead)

	assert state_of(lead)[0] == "Active"
	frappe.get_doc("Lead", lead).save()


def test_a_returned_customer_who_is_declined_and_restored_stays_in_work(lead):
	"""ERPNext calls the lead Converted all the time; only the reason keeps it from being closed again."""
	lifecycle.apply(lead, Happening.CONVERTED)
	frappe.db.set_value("Lead", lead, "status", "Converted", update_modified=False)
	lifecycle.apply(lead, Happening.INBOUND)
	assert state_of(lead) == ("Active", "Returned")

	lifecycle.require(lead, Happening.DECLINED, reason="Fully booked")
	assert state_of(lead) == ("Declined", "Fully booked")
	lifecycle.require(lead, Happening.RESTORED)
	reconcile.reconcile()
	assert state_of(lead) == ("Active", "Returned")


def test_a_missed_call_waits_to_be_called_back_until_a_call_is_answered(lead):
	lifecycle.apply(lead, Happening.CALL_MISSED)
	since = frappe.db.get_value("Lead", lead, "inbox_call_back_on")
	lifecycle.apply(lead, Happening.CALL_MISSED)
	lifecycle.apply(lead, Happening.CALL_ATTEMPTED)
	assert since and frappe.db.get_value("Lead", lead, "inbox_call_back_on") == since

	lifecycle.apply(lead, Happening.CALL_ANSWERED)
	assert frappe.db.get_value("Lead", lead, "inbox_call_back_on") is None
