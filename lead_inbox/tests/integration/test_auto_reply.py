"""The automatic reply of a closed channel: requirement IN-8."""

from __future__ import annotations

import frappe
import pytest

from lead_inbox.inbox import lifecycle
from lead_inbox.tests.integration.builders import (
	arrive,
	closed_now,
	make_channel,
	make_lead,
	process_all,
	receive_mail,
	set_back,
	state_of,
)

CUSTOMER = "kim@customer.example"
NUMBER = "+14155550123"


def make_template(text: str = "Dear {{ first_name }}, we open tomorrow.") -> str:
	return (
		frappe.get_doc(doctype="Email Template", name="Closed", subject="We are closed", response=text)
		.insert()
		.name
	)


def make_closed_channel(name: str = "Partner", **values):
	values = {"hours": closed_now(), "auto_reply": 1, **values}
	values.setdefault("auto_reply_template", "Closed")
	return make_channel(name, **values)


@pytest.fixture
def template() -> str:
	return make_template()


@pytest.fixture
def channel(template):
	return make_closed_channel()


def set_up_sms() -> None:
	settings = frappe.get_doc("SMS Settings")
	settings.update(
		{
			"sms_gateway_url": "http://127.0.0.1:9/sms",
			"message_parameter": "text",
			"receiver_parameter": "to",
		}
	)
	settings.save()


def message_of(email: str | None = CUSTOMER, phone: str | None = None, **values) -> str:
	contact = {"email": email, "phone": phone}
	return arrive(**{"type": "message", "name": "Kim", "message": "Are you there?", **contact, **values})


def replies_to(lead: str) -> list[tuple]:
	rows = frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "direction": "Out"},
		fields=["kind", "recipient", "subject", "content", "automated", "delivery_status"],
		order_by="creation asc",
	)
	return [tuple(row.values()) for row in rows]


def remarks_on(lead: str) -> list[str]:
	return frappe.get_all(
		"Lead Message", filters={"lead": lead, "kind": "Note"}, pluck="content", order_by="creation asc"
	)


def test_who_writes_while_it_is_closed_is_answered_at_once(channel):
	lead = message_of()
	assert replies_to(lead) == [
		("Email", CUSTOMER, "We are closed", "Dear Kim, we open tomorrow.", 1, "Queued")
	]


def test_it_is_no_response(channel):
	lead = message_of()
	assert state_of(lead)[0] == "New"
	assert not frappe.db.get_value("Lead", lead, "inbox_first_response_on")
	assert not frappe.db.exists("Lead Message", {"lead": lead, "answered_on": ["is", "set"]})


def test_nobody_is_answered_while_it_is_open_or_where_nobody_asked_for_it(template):
	make_closed_channel("Open", hours=[])
	make_closed_channel("Silent", auto_reply=0)
	for name in ("Open", "Silent"):
		assert replies_to(message_of(f"{name}@customer.example", channel=name)) == []


def test_a_customer_is_told_once_in_each_closed_period(channel):
	lead = message_of()
	assert message_of(message="Hello?") == lead
	assert len(replies_to(lead)) == 1

	set_back(lead, inbox_auto_replied_on=8)  # before it was open for the last time
	message_of(message="Hello again?")
	assert len(replies_to(lead)) == 2


def test_a_mail_is_answered_by_mail(template):
	set_up_sms()
	general = frappe.get_doc("Lead Channel", "E-mail")
	general.update({"auto_reply": 1, "auto_reply_template": "Closed"})
	general.set("hours", closed_now())
	general.save()
	lead = make_lead(email_id=CUSTOMER, phone=NUMBER).name
	receive_mail(CUSTOMER, "Hello", reference_doctype="Lead", reference_name=lead)
	process_all()
	assert [reply[:2] for reply in replies_to(lead)] == [("Email", CUSTOMER)]


def test_a_message_is_answered_by_sms_where_a_gateway_is_set_up(channel):
	assert [reply[0] for reply in replies_to(message_of(phone=NUMBER))] == ["Email"]
	set_up_sms()
	other = "+14155550124"
	assert [reply[:2] for reply in replies_to(message_of(None, other))] == [("SMS", other)]


def test_a_missed_call_is_answered_by_sms_and_a_call_that_was_taken_is_not(channel):
	set_up_sms()
	missed, taken = (
		arrive(
			type="phone_call",
			name="Kim",
			phone=number,
			call={"answered": answered, "duration_seconds": 60 * answered},
		)
		for number, answered in ((NUMBER, False), ("+14155550124", True))
	)
	assert [reply[:2] for reply in replies_to(missed)] == [("SMS", NUMBER)]
	assert replies_to(taken) == []


def test_a_customer_who_wants_no_mail_gets_none(channel):
	lead = make_lead(email_id=CUSTOMER).name
	lifecycle.refuse_contact(lead, "Email", True)
	assert message_of() == lead
	assert replies_to(lead) == []


def test_a_customer_who_left_no_address_can_not_be_answered(channel):
	assert replies_to(message_of(None, NUMBER)) == []


@pytest.mark.parametrize("text", ["{{ first_name", "{{ nobody.name.first }}", "   "])
def test_a_broken_template_keeps_no_lead_from_arriving_and_is_told_of(channel, template, text):
	frappe.db.set_value("Email Template", template, "response", text)
	lead = message_of()
	assert state_of(lead)[0] == "New"
	assert replies_to(lead) == []
	assert frappe.db.exists("Error Log", {"reference_doctype": "Lead", "reference_name": lead})
	assert "No automatic reply was sent" in remarks_on(lead)[0]
