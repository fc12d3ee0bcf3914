"""A reply that is sent later: it waits, can be changed or taken back, and goes once: requirement RE-7."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox.api import replies
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import make_lead, make_user, receive_mail, state_of
from lead_inbox.tests.integration.outgoing import as_user, deliver, delivery_of, let_time_pass, mails_leave


@pytest.fixture
def server(monkeypatch):
	with mails_leave(monkeypatch) as double:
		yield double


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def lead(jun) -> str:
	name = make_lead(first_name="Naree", email_id="naree@customer.example").name
	frappe.set_user(jun)
	return name


def tomorrow() -> str:
	return str(add_to_date(now_datetime(), days=1))


def schedule(lead: str, content: str = "We come on Friday.", **values) -> str:
	return replies.send(lead, "Email", content, send_on=tomorrow(), **values)["message"]["name"]


def test_a_scheduled_reply_waits_and_leaves_the_lead_as_it_is(lead, server):
	message = schedule(lead)
	deliver()
	assert delivery_of(message) == ("Scheduled", "")
	assert server.attempts == 0 and state_of(lead)[0] == "New"
	assert frappe.db.get_value("Lead Message", message, "sent_on") > now_datetime()


def test_when_its_time_comes_it_goes_once_and_is_its_author_s_response(lead, server, jun):
	message = schedule(lead)
	let_time_pass(message)
	deliver()
	deliver()

	assert delivery_of(message) == ("Sent", "") and len(server.mails) == 1
	row = frappe.db.get_value(
		"Lead", lead, ["inbox_status", "inbox_first_response_by", "inbox_last_message"], as_dict=True
	)
	assert (row.inbox_status, row.inbox_first_response_by, row.inbox_last_message) == ("Active", jun, message)
	assert frappe.db.get_value("Lead Message", message, "sent_on") <= now_datetime()
	communication = frappe.db.get_value("Lead Message", message, "communication")
	assert frappe.db.get_value("Communication", communication, "user") == jun
	assert frappe.db.get_value("Lead Transition", {"lead": lead, "to_status": "Active"}, "user") == jun


def test_it_can_be_changed_before(lead, server):
	message = schedule(lead, subject="Your tap")
	later = add_to_date(now_datetime(), days=2)
	changed = replies.change(message, "We come on <Monday>.", send_on=str(later))["message"]
	assert changed["content"] == "We come on <Monday>."
	assert frappe.db.get_value("Lead Message", message, "next_attempt_on") == later

	replies.change(message, "We come on Tuesday.", subject="Your\nsink")
	let_time_pass(message)
	deliver()
	assert server.mails[0].text.startswith("We come on Tuesday.")
	assert server.mails[0].message["Subject"] == "Your sink"


def test_it_can_be_taken_back_before(lead, server):
	message = schedule(lead)
	replies.cancel(message)
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Cancelled", "") and server.attempts == 0


@pytest.mark.parametrize(
	"action",
	[replies.cancel, replies.send_now, lambda message: replies.change(message, "Too late")],
	ids=["cancel", "send_now", "change"],
)
def test_afterwards_nothing_can_be_done_about_it(lead, server, action):
	message = schedule(lead)
	let_time_pass(message)
	deliver()
	with pytest.raises(frappe.ValidationError, match="not waiting for its time any more: it is Sent"):
		action(message)
	assert len(server.mails) == 1


def test_it_can_be_sent_at_once_after_all(lead, server):
	message = schedule(lead)
	replies.send_now(message)
	assert state_of(lead)[0] == "Active"
	deliver()
	assert delivery_of(message) == ("Sent", "") and len(server.mails) == 1


@pytest.mark.parametrize("when", ["2001-01-01 10:00:00", "now"])
def test_a_time_that_has_passed_is_refused(lead, when):
	send_on = str(now_datetime()) if when == "now" else when
	with pytest.raises(frappe.ValidationError, match="time in the future"):
		replies.send(lead, "Email", "Hello", send_on=send_on)
	with pytest.raises(frappe.ValidationError, match="time in the future"):
		replies.change(schedule(lead), "Hello", send_on=send_on)


@pytest.mark.parametrize(
	("happening", "reason"),
	[
		(Happening.DECLINED, "has become Declined"),
		(Happening.CONVERTED, "has become Closed"),
		(Happening.CONTACT_REFUSED, "has become Closed"),
	],
)
def test_it_fails_visibly_when_the_lead_has_come_to_rest_meanwhile(lead, server, jun, happening, reason):
	message = schedule(lead)
	lifecycle.apply(lead, happening)
	let_time_pass(message)
	deliver()
	assert delivery_of(message)[0] == "Failed" and reason in delivery_of(message)[1]
	assert server.attempts == 0
	assert frappe.db.exists("Notification Log", {"for_user": jun, "subject": ["like", "%could not be sent%"]})

	replies.retry(message, anyway=1)
	deliver()
	assert delivery_of(message) == ("Sent", "")


def test_it_fails_visibly_when_the_customer_has_refused_mail_meanwhile(lead, server):
	message = schedule(lead)
	lifecycle.refuse_contact(lead, "Email", True)
	let_time_pass(message)
	deliver()
	assert delivery_of(message)[0] == "Failed" and "does not want mails" in delivery_of(message)[1]
	assert server.attempts == 0 and state_of(lead)[0] == "New"


def test_who_writes_to_a_closed_lead_knows_it_and_the_message_goes(lead, server):
	lifecycle.apply(lead, Happening.CONVERTED)
	message = schedule(lead)
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Sent", "")


def test_it_goes_although_the_customer_has_written_meanwhile(lead, server):
	message = schedule(lead)
	as_user(
		"Administrator",
		receive_mail,
		"naree@customer.example",
		"Hello?",
		reference_doctype="Lead",
		reference_name=lead,
	)
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Sent", "")


def test_an_author_who_has_left_the_company_does_not_stop_it(lead, server, jun):
	message = schedule(lead)
	as_user("Administrator", frappe.db.set_value, "User", jun, "enabled", 0)
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Sent", "")


def test_the_job_goes_on_when_one_message_can_t_be_prepared(lead, server):
	broken, fine = schedule(lead), schedule(lead)
	frappe.db.set_value("Lead Message", broken, "recipient", "not an address")
	for message in (broken, fine):
		let_time_pass(message)
	deliver()
	assert delivery_of(broken)[0] == "Failed" and "not an address" in delivery_of(broken)[1]
	assert delivery_of(fine) == ("Sent", "")
	assert outbox.deliver_due(60) is True
