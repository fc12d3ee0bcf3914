"""Declining and restoring leads: requirement RE-6."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox import install
from lead_inbox.api import decisions
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	state_of,
	transitions_of,
)

NUMBER = "+14155550123"
REASON = "Fully Booked"


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


@pytest.fixture
def lead() -> str:
	return arrive(type="message", name="Naree", phone=NUMBER, email="naree@example.com", message="Hi")


@pytest.fixture
def sms_gateway() -> None:
	settings = frappe.get_doc("SMS Settings")
	settings.update(
		{
			"sms_gateway_url": "http://127.0.0.1:9/",
			"message_parameter": "text",
			"receiver_parameter": "to",
		}
	)
	settings.save()


def told(lead: str) -> list[tuple[str, str, str, int]]:
	"""What was written to the customer: kind, recipient, text, whether by itself."""
	rows = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "direction": "Out", "delivery_status": "Queued"},
		fields=["kind", "recipient", "content", "automated"],
		order_by="creation asc",
	)
	return [(row.kind, row.recipient, row.content, row.automated) for row in rows]


def notes(lead: str) -> list[str]:
	return frappe.get_all(
		"Lead Message", filters={"lead": lead, "kind": "Note"}, pluck="content", order_by="creation asc"
	)


def text_of(reason: str) -> str:
	return frappe.db.get_value("Lead Decline Reason", reason, "message")


def decline(lead: str, reason: str = REASON, message: str | None = None) -> dict:
	answer = decisions.decline([lead], reason, message)
	assert answer["failed"] == [] and answer["done"] == [lead]
	return answer


def test_a_declined_lead_leaves_the_working_tabs_and_its_customer_is_told(lead):
	answer = decline(lead)

	assert state_of(lead) == ("Declined", REASON)
	assert transitions_of(lead)[-1] == ("New", "Declined", REASON)
	assert told(lead) == [("Email", "naree@example.com", text_of(REASON), 1)]
	assert answer["untold"] == []


def test_a_standard_text_is_no_response_of_a_person(lead):
	decline(lead)
	assert not frappe.db.get_value("Lead", lead, "inbox_first_response_on")


def test_the_user_s_own_text_goes_instead_and_is_the_first_response(lead):
	user = make_user("jun@company.example")
	frappe.set_user(user)
	decline(lead, message="Sorry, we are away until June.")

	frappe.set_user("Administrator")
	assert told(lead) == [("Email", "naree@example.com", "Sorry, we are away until June.", 0)]
	assert state_of(lead) == ("Declined", REASON)
	assert frappe.db.get_value("Lead", lead, "inbox_first_response_by") == user


def test_a_reason_without_a_text_uses_the_one_of_the_settings(lead):
	frappe.get_doc(doctype="Lead Decline Reason", reason="Other").insert()
	frappe.db.set_single_value("Lead Inbox Settings", "decline_message", "We can't, sorry.")
	decline(lead, "Other")

	assert [text for _kind, _to, text, _auto in told(lead)] == ["We can't, sorry."]


def test_the_customer_is_told_even_where_no_text_was_ever_saved(lead):
	frappe.get_doc(doctype="Lead Decline Reason", reason="Other").insert()
	frappe.db.delete("Singles", {"doctype": "Lead Inbox Settings", "field": "decline_message"})
	frappe.clear_document_cache("Lead Inbox Settings", "Lead Inbox Settings")
	decline(lead, "Other")

	assert "can't take it on" in told(lead)[0][2]


def test_a_silent_reason_tells_nothing(lead):
	answer = decline(lead, "Spam")

	assert told(lead) == [] and notes(lead) == []
	assert answer["untold"] == []


def test_with_a_silent_reason_the_user_s_own_text_still_goes(lead):
	decline(lead, "Spam", "Please stop writing to us.")
	assert len(told(lead)) == 1


def test_the_customer_is_told_by_the_medium_used_last(lead, sms_gateway):
	frappe.get_doc(
		doctype="Lead Message",
		lead=lead,
		kind="SMS",
		direction="In",
		sent_on=add_to_date(now_datetime(), seconds=5),
		message_key="by sms",
	).insert()
	decline(lead)

	assert [(kind, to) for kind, to, _text, _auto in told(lead)] == [("SMS", NUMBER)]


def test_a_customer_without_an_address_is_told_by_sms(sms_gateway):
	lead = arrive(type="message", name="Ada", phone=NUMBER, message="Hi")
	decline(lead)
	assert [(kind, to) for kind, to, _text, _auto in told(lead)] == [("SMS", NUMBER)]


def test_who_can_t_be_reached_is_declined_all_the_same_and_the_user_hears_of_it():
	lead = arrive(type="message", name="Ada", message="Hi")
	(untold,) = decline(lead)["untold"]

	assert state_of(lead)[0] == "Declined"
	assert untold["name"] == lead and "no e-mail address" in untold["message"]
	assert "was not told" in notes(lead)[-1]


def test_who_does_not_want_mail_is_not_told_and_a_note_says_so(lead):
	decisions.refuse_contact(lead, "Email", 1)
	(untold,) = decline(lead, message="Sorry")["untold"]

	assert told(lead) == []
	assert untold["message"] == "The customer does not want mails."
	assert notes(lead)[-1] == "The customer was not told: The customer does not want mails."
	assert not frappe.db.get_value("Lead", lead, "inbox_first_response_on")


def test_who_does_not_want_mail_may_be_told_by_sms(lead, sms_gateway):
	decisions.refuse_contact(lead, "Email", 1)
	decline(lead)
	assert [kind for kind, *_rest in told(lead)] == ["SMS"]


def test_a_text_that_can_t_go_is_said_and_the_lead_is_declined(lead, sms_gateway):
	frappe.db.set_value("Lead", lead, "email_id", None)
	(untold,) = decline(lead, message="x" * 2000)["untold"]

	assert "at most" in untold["message"]
	assert state_of(lead)[0] == "Declined" and told(lead) == []


def test_scheduled_messages_are_cancelled(lead):
	scheduled = outbox.submit(lead, "Email", "See you on Friday", send_on=add_to_date(now_datetime(), days=1))
	decline(lead)

	assert frappe.db.get_value("Lead Message", scheduled, "delivery_status") == "Cancelled"
	assert any("were cancelled" in note for note in notes(lead))


@pytest.mark.parametrize("reason", ["Whatever", "", "Out of Use"])
def test_only_a_reason_in_use_will_do(lead, reason):
	frappe.get_doc(doctype="Lead Decline Reason", reason="Out of Use", enabled=0).insert()
	(failed,) = decisions.decline([lead], reason)["failed"]

	assert "Choose one of the reasons" in failed["message"]
	assert state_of(lead)[0] == "New" and told(lead) == []


def test_a_converted_lead_can_t_be_declined(lead):
	lifecycle.apply(lead, Happening.CONVERTED)
	(failed,) = decisions.decline([lead], REASON)["failed"]

	assert failed == {"name": lead, "message": "This lead is Closed, so it can't be declined."}
	assert told(lead) == []


def test_several_leads_are_declined_and_one_that_fails_does_not_stop_the_others(lead):
	closed, other = make_lead().name, make_lead(email_id="other@example.com").name
	lifecycle.apply(closed, Happening.CONVERTED)
	answer = decisions.decline([lead, closed, other], REASON)

	assert answer["done"] == [lead, other]
	assert [failed["name"] for failed in answer["failed"]] == [closed]
	assert len(told(lead)) == len(told(other)) == 1


def test_restoring_brings_back_the_state_and_tells_nobody(lead):
	lifecycle.apply(lead, Happening.REPLIED)
	decline(lead)
	before = told(lead)
	assert decisions.restore([lead]) == {"done": [lead], "failed": [], "untold": []}

	assert state_of(lead)[0] == "Active"
	assert told(lead) == before


def test_restoring_with_a_message_answers_the_customer(lead):
	decline(lead)
	decisions.restore([lead], "Good news: we can come after all.")

	assert told(lead)[-1] == ("Email", "naree@example.com", "Good news: we can come after all.", 0)
	assert transitions_of(lead)[-2:] == [("Declined", "New", ""), ("New", "Active", "")]


def test_only_a_declined_lead_is_restored(lead):
	(failed,) = decisions.restore([lead], "Hello")["failed"]
	assert "This lead is New" in failed["message"] and told(lead) == []


def test_who_may_not_write_leads_declines_none(lead):
	frappe.set_user(make_user("guest@company.example", "Employee"))
	for action in (lambda: decisions.decline([lead], REASON), lambda: decisions.restore([lead])):
		with pytest.raises(frappe.PermissionError):
			action()


def test_the_reasons_are_records_that_installing_makes_once():
	names = {values["reason"] for values in install.DECLINE_REASONS}
	assert names <= set(frappe.get_all("Lead Decline Reason", pluck="name", order_by="name"))

	frappe.delete_doc("Lead Decline Reason", "Spam")
	install.after_migrate()
	assert not frappe.db.exists("Lead Decline Reason", "Spam")
