"""A mail to a customer goes out once, and says what became of it: requirements RE-1 and RE-3."""

import frappe
import pytest
from frappe.core.doctype.communication.email import update_communication_as_read
from frappe.email.queue import flush
from frappe.utils import add_to_date, now_datetime

from lead_inbox.api import replies
from lead_inbox.inbox import conversation, lifecycle
from lead_inbox.inbox.replies import mailing, outbox
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.doubles.smtp import DROP, HANG
from lead_inbox.tests.integration.builders import make_lead, make_user, receive_mail, state_of
from lead_inbox.tests.integration.outgoing import (
	as_user,
	deliver,
	delivery_of,
	let_time_pass,
	mails_leave,
	point_account_at,
)


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


def send(lead: str, content: str = "We come on Friday.", **values) -> str:
	return replies.send(lead, "Email", content, **values)["message"]["name"]


def test_a_reply_is_queued_at_once_and_sent_by_a_job(lead, server, jobs):
	outbox.WAKING.is_awake()
	message = send(lead)
	assert delivery_of(message) == ("Queued", "")
	assert state_of(lead)[0] == "Active"
	assert server.mails == [] and jobs == []

	frappe.db.commit()
	assert [method for method, _arguments in jobs] == ["lead_inbox.tasks.deliver_messages"]
	deliver()
	assert delivery_of(message) == ("Sent", "")
	assert [mail.recipients for mail in server.mails] == [["naree@customer.example"]]
	deliver()
	assert len(server.mails) == 1


def test_the_customer_sees_the_text_as_it_was_typed_and_no_address_of_the_staff(lead, server, jun):
	typed = "1. We come <on> Friday_9 & *bring* tools.\n\nJun"
	send(lead, typed, subject="Your tap")
	deliver()
	mail = server.mails[0]

	assert jun.encode() not in mail.raw and "jun@" not in mail.text + mail.html
	assert mail.envelope_from == "inbox@company.example"
	assert mail.message["From"].addresses[0].addr_spec == "inbox@company.example"
	assert mail.message["From"].addresses[0].display_name == "Jun"
	assert mail.message["Reply-To"].addresses[0].domain == "company.example"
	assert mail.message["Sender"] is None and mail.message["Return-Path"] is None
	assert mail.message["Subject"] == "Your tap"
	assert mail.text.replace("\r\n", "\n").startswith(typed)
	assert "&lt;on&gt; Friday_9 &amp; *bring* tools." in mail.html


def test_a_user_without_a_name_is_not_named_by_an_address(lead, server, jun):
	frappe.db.set_value("User", jun, {"full_name": "", "first_name": ""})
	frappe.local.cache = {}
	send(lead)
	deliver()
	assert b"jun@company.example" not in server.mails[0].raw


def test_a_mail_answers_the_customer_s_newest_one(lead, server):
	as_user(
		"Administrator",
		receive_mail,
		"naree@customer.example",
		"It drips",
		reference_doctype="Lead",
		reference_name=lead,
	)
	newest = as_user(
		"Administrator",
		receive_mail,
		"naree@customer.example",
		"Hello?",
		reference_doctype="Lead",
		reference_name=lead,
	)
	message = send(lead)
	deliver()

	assert server.mails[0].message["In-Reply-To"] == f"<{newest.message_id}>"
	communication = frappe.get_doc(
		"Communication", frappe.db.get_value("Lead Message", message, "communication")
	)
	assert server.mails[0].message["Message-Id"] == f"<{communication.message_id}>"
	assert (communication.reference_name, communication.in_reply_to) == (lead, newest.name)
	assert frappe.db.count("Lead Message", {"lead": lead, "direction": "Out"}) == 1


def test_a_subject_can_forge_no_header(lead, server):
	send(lead, subject="Hello\r\nBcc: all@victim.example\r\n\r\nBuy")
	deliver()
	assert server.mails[0].message["Bcc"] is None
	assert server.mails[0].recipients == ["naree@customer.example"]
	assert server.mails[0].message["Subject"] == "Hello Bcc: all@victim.example Buy"


def test_a_mail_goes_out_from_its_channel_s_own_account(lead, server):
	def set_up_channel():
		frappe.get_doc(
			doctype="Email Account",
			email_account_name="Berlin",
			email_id="berlin@company.example",
			enable_outgoing=1,
			smtp_server="127.0.0.1",
			smtp_port=server.port,
			no_smtp_authentication=1,
		).insert()
		frappe.db.set_value("Lead Channel", "Website", "email_account", "Berlin")
		lifecycle.adopt_channel(lead, "Website")

	as_user("Administrator", set_up_channel)
	mailing.account_for(None)  # Frappe remembers the default account and would use it for all that follow
	message = send(lead)
	deliver()
	assert server.mails[0].envelope_from == "berlin@company.example"
	queued = frappe.db.get_value("Lead Message", message, "email_queue")
	assert frappe.db.get_value("Email Queue", queued, "email_account") == "Berlin"


def test_a_file_goes_with_the_mail_and_stays_with_it(lead, server, jun):
	file = as_user(
		jun,
		lambda: frappe.get_doc(
			doctype="File", file_name="offer.txt", content="9 baht", is_private=1
		).insert(),
	)
	message = send(lead, attachments=[file.name])
	deliver()

	attached = next(server.mails[0].message.iter_attachments())
	assert (attached.get_filename(), attached.get_content().strip()) == ("offer.txt", "9 baht")
	communication = frappe.db.get_value("Lead Message", message, "communication")
	assert frappe.db.exists("File", {"attached_to_name": communication, "file_name": ["like", "offer%"]})


def test_a_file_that_the_user_may_not_read_does_not_go(lead, server):
	secret = as_user(
		"Administrator",
		lambda: frappe.get_doc(doctype="File", file_name="wages.txt", content="x", is_private=1).insert(),
	)
	with pytest.raises(frappe.PermissionError):
		send(lead, attachments=[secret.name])


def test_files_above_the_limit_are_refused_with_words(lead, server):
	file = frappe.get_doc(doctype="File", file_name="film.txt", content="x", is_private=1).insert()
	frappe.db.set_value("File", file.name, "file_size", 40 * 1024 * 1024)
	with pytest.raises(frappe.ValidationError, match="20 MB too large"):
		send(lead, attachments=[file.name])


def test_a_server_that_is_down_is_tried_three_times_and_then_the_author_is_told(lead, server, jun):
	point_account_at(1)
	message = send(lead)
	for attempts in (1, 2):
		deliver()
		assert delivery_of(message)[0] == "Queued"
		assert "can't be reached" in delivery_of(message)[1]
		assert frappe.db.get_value("Lead Message", message, "attempts") == attempts
		deliver()  # not before its time
		assert frappe.db.get_value("Lead Message", message, "attempts") == attempts
		let_time_pass(message)
	deliver()

	assert delivery_of(message)[0] == "Failed"
	alert = {"for_user": jun, "document_name": lead, "subject": ["like", "%could not be sent%"]}
	assert frappe.db.count("Notification Log", alert) == 1
	let_time_pass(message)
	deliver()
	assert frappe.db.count("Notification Log", alert) == 1


def test_a_server_that_is_busy_gets_the_mail_later_and_once(lead, server):
	server.answers = ["451 Try again later"]
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Queued" and "451 Try again later" in delivery_of(message)[1]
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Sent", "")
	assert (server.attempts, len(server.mails)) == (2, 1)


def test_what_the_server_refuses_fails_with_its_words_and_is_sent_again_by_hand(lead, server):
	server.answers = ["554 5.7.1 Looks like <b>spam</b>"]
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Failed"
	assert "554 5.7.1 Looks like <b>spam</b>" in delivery_of(message)[1]
	communication = frappe.db.get_value("Lead Message", message, "communication")
	assert frappe.db.get_value("Communication", communication, "delivery_status") == "Error"

	replies.retry(message)
	deliver()
	assert delivery_of(message) == ("Sent", "")
	assert len(server.mails) == 1
	assert frappe.db.count("Communication", {"reference_name": lead}) == 1


def test_a_mail_that_the_customer_has_opened_is_delivered(lead, server):
	message = send(lead)
	deliver()
	assert conversation.read_message(message)["delivery_status"] == "Sent"
	update_communication_as_read(frappe.db.get_value("Lead Message", message, "communication"))
	assert conversation.read_message(message)["delivery_status"] == "Delivered"


@pytest.mark.parametrize("address", ["naree@customer.example", "naree@new.example"])
def test_a_mail_that_came_back_goes_again_to_the_address_that_the_lead_has_by_now(lead, server, address):
	message = send(lead)
	deliver()
	came_back = {"delivery_status": "Failed", "delivery_error": "The mail came back."}
	frappe.db.set_value("Lead Message", message, came_back)
	frappe.db.set_value("Lead", lead, "email_id", address)

	replies.retry(message, anyway=1)
	deliver()
	assert delivery_of(message) == ("Sent", "")
	assert [mail.recipients for mail in server.mails] == [["naree@customer.example"], [address]]
	assert frappe.db.get_value("Lead Message", message, "recipient") == address


def test_an_unknown_recipient_fails_at_once(lead, server):
	server.refused_recipients = {"naree@customer.example": "550 No such user here"}
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Failed" and "No such user here" in delivery_of(message)[1]


@pytest.mark.parametrize("answer", [DROP, HANG])
def test_a_line_that_breaks_mid_way_is_never_tried_again_by_itself(lead, server, monkeypatch, answer):
	monkeypatch.setattr(mailing, "SMTP_TIMEOUT_SECONDS", 0.5)
	server.answers = [answer]
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Failed" and "may have arrived" in delivery_of(message)[1]
	let_time_pass(message)
	deliver()
	as_user("Administrator", flush)
	assert server.mails_to("naree@customer.example") == []  # but the alert to the author


def test_frappe_s_own_flush_leaves_our_mails_alone(lead, server):
	message = send(lead)
	server.answers = ["451 Try again later"]
	deliver()
	as_user("Administrator", flush)
	assert (server.attempts, delivery_of(message)[0]) == (1, "Queued")


def test_a_muted_site_keeps_the_mail_and_says_why(lead, server):
	frappe.flags.mute_emails = True
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Queued" and "mute_emails" in delivery_of(message)[1]
	assert frappe.db.get_value("Lead Message", message, "attempts") == 0

	frappe.flags.mute_emails = False
	let_time_pass(message)
	deliver()
	assert delivery_of(message) == ("Sent", "") and len(server.mails) == 1


def test_a_suspended_queue_keeps_the_mail_too(lead, server):
	frappe.db.set_default("suspend_email_queue", 1)
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Queued" and "suspended" in delivery_of(message)[1]
	assert server.attempts == 0


def test_a_message_of_a_job_that_died_is_looked_up_not_sent_again(lead, server):
	lost, arrived = send(lead), send(lead)
	frappe.flags.mute_emails = True
	deliver()  # makes the queue rows
	frappe.flags.mute_emails = False
	for message in (lost, arrived):
		frappe.db.set_value("Lead Message", message, "delivery_status", "Sending")
		let_time_pass(message)
	row = frappe.db.get_value("Lead Message", arrived, "email_queue")
	frappe.db.set_value("Email Queue Recipient", {"parent": row}, "status", "Sent")

	deliver()
	assert delivery_of(arrived) == ("Sent", "")
	assert delivery_of(lost)[0] == "Failed" and "may have arrived" in delivery_of(lost)[1]
	assert server.attempts == 0


def test_a_lead_without_an_address_gets_no_mail_and_the_user_hears_why(jun):
	lead = make_lead(first_name="Naree").name
	frappe.set_user(jun)
	with pytest.raises(frappe.ValidationError, match="has no e-mail address"):
		send(lead)
	assert state_of(lead)[0] == "New"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_message_is_refused(lead, text):
	with pytest.raises(frappe.ValidationError, match="Write a message"):
		send(lead, text)


def test_mail_goes_to_the_lead_s_own_address_only(lead):
	with pytest.raises(frappe.ValidationError, match="own address only"):
		send(lead, recipient="somebody@else.example")


def test_who_left_the_conversation_gets_a_mail_only_when_the_user_insists(lead, server):
	leave(lead, reference_doctype="Lead", reference_name=lead)
	assert "does not want mails" in replies.send(lead, "Email", "Hello")["confirm"]
	assert frappe.db.count("Lead Message", {"lead": lead, "direction": "Out"}) == 0

	message = send(lead, anyway=1)
	deliver()
	assert delivery_of(message) == ("Sent", "")
	assert len(server.mails) == 1
	communication = frappe.db.get_value("Lead Message", message, "communication")
	assert frappe.db.get_value("Communication", communication, "reference_name") == lead


def test_who_wants_no_mail_from_the_site_gets_none_at_all(lead, server):
	leave(lead, global_unsubscribe=1)
	with pytest.raises(frappe.ValidationError, match="wants no mail from this site"):
		send(lead, anyway=1)


def leave(lead: str, **values) -> None:
	as_user(
		"Administrator",
		lambda: frappe.get_doc(
			doctype="Email Unsubscribe", email="naree@customer.example", **values
		).insert(),
	)


def test_what_goes_out_by_itself_asks_the_gate_twice(lead, server):
	message = as_user("Administrator", submit_automatic, lead)
	lifecycle.refuse_contact(lead, "Email", True)
	deliver()
	assert delivery_of(message)[0] == "Cancelled" and "does not want mails" in delivery_of(message)[1]
	with pytest.raises(outbox.ContactRefused, match="does not want mails"):
		submit_automatic(lead)
	assert server.attempts == 0


def submit_automatic(lead: str) -> str:
	return outbox.submit(lead, "Email", "We are closed until Monday.", automated=True)


def test_an_automatic_message_is_no_response(lead, server):
	message = as_user("Administrator", submit_automatic, lead)
	deliver()
	assert state_of(lead)[0] == "New"
	assert frappe.db.get_value("Lead", lead, "inbox_first_response_on") is None
	assert delivery_of(message) == ("Sent", "")
	assert server.mails[0].message["From"].addresses[0].display_name == "Outgoing"


def test_a_mail_from_the_lead_s_form_is_in_the_conversation_and_not_of_the_outbox(lead, server, jun):
	from frappe.core.doctype.communication.email import make

	made = make(
		"Lead",
		lead,
		content="<p>From the form</p>",
		subject="Hi",
		recipients="naree@customer.example",
		send_email=True,
	)
	message = frappe.get_doc("Lead Message", {"communication": made["name"]})
	assert (message.direction, message.automated, message.user) == ("Out", 0, jun)
	deliver()
	assert server.attempts == 0
	as_user("Administrator", flush)
	assert len(server.mails) == 1


def test_a_colleague_s_answer_asks_before_a_second_one_goes(lead, server, jun):
	sara = as_user("Administrator", make_user, "sara@company.example")
	note = conversation.add_note(lead, "Who takes it?")
	frappe.db.set_value("Lead Message", note, "creation", add_to_date(now_datetime(), seconds=-20))
	as_user(sara, send, lead, "I come at nine")

	question = replies.send(lead, "Email", "We come at ten", seen=note)["confirm"]
	assert "Sara has answered" in question and "I come at nine" in question
	assert (
		replies.send(lead, "Email", "We come at ten", seen=note, anyway=1)["message"]["content"]
		== "We come at ten"
	)
	assert "confirm" not in as_user(jun, replies.send, lead, "Email", "And again")


def test_only_a_message_that_failed_is_sent_again(lead, server):
	message = send(lead)
	deliver()
	with pytest.raises(frappe.ValidationError, match="Only a message that failed"):
		replies.retry(message)
	assert len(server.mails) == 1


def test_a_mail_whose_queue_row_was_cleared_can_be_sent_again(lead, server):
	server.answers = ["554 no"]
	message = send(lead)
	deliver()
	frappe.db.delete("Email Queue", {"name": frappe.db.get_value("Lead Message", message, "email_queue")})
	replies.retry(message)
	deliver()
	assert delivery_of(message) == ("Sent", "") and len(server.mails) == 1


def test_a_deleted_lead_takes_its_waiting_messages_along(lead, server):
	file = frappe.get_doc(doctype="File", file_name="offer.txt", content="x", is_private=1).insert()
	message = send(lead, attachments=[file.name], send_on=str(add_to_date(now_datetime(), days=1)))
	as_user("Administrator", frappe.delete_doc, "Lead", lead)
	deliver()
	assert server.attempts == 0
	assert not frappe.db.exists("File", {"attached_to_name": message})


def test_uninstalling_leaves_no_mail_that_waits_for_ever(lead, server):
	server.answers = ["451 later"]
	send(lead)
	deliver()
	as_user("Administrator", mailing.release_held)
	as_user("Administrator", flush)
	assert len(server.mails) == 1


def test_decline_messages_do_not_count_as_reply(lead, server):
	lifecycle.apply(lead, Happening.DECLINED)
	message = outbox.submit(lead, "Email", "Sorry.", responds=False)
	deliver()
	assert state_of(lead)[0] == "Declined"
	assert delivery_of(message) == ("Sent", "")


ENDPOINTS = {
	"send": lambda lead, message: replies.send(lead, "Email", "Hello"),
	"change": lambda lead, message: replies.change(message, "Hello"),
	"cancel": lambda lead, message: replies.cancel(message),
	"send_now": lambda lead, message: replies.send_now(message),
	"retry": lambda lead, message: replies.retry(message),
	"suggest_time": lambda lead, message: replies.suggest_time(lead),
}


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("medium", ["Email", "SMS"])
def test_a_partner_s_user_is_refused_at_every_endpoint(lead, endpoint, medium):
	message = send(lead, send_on=str(add_to_date(now_datetime(), days=1)))
	frappe.db.set_value("Lead Message", message, "kind", medium)
	partner = as_user("Administrator", make_user, "partner@partner.example", "Lead Partner")
	with pytest.raises(frappe.PermissionError):
		as_user(partner, ENDPOINTS[endpoint], lead, message)


def test_the_list_above_names_every_endpoint():
	whitelisted = {name for name, value in vars(replies).items() if value in frappe.whitelisted}
	assert whitelisted == set(ENDPOINTS)


def test_a_customer_s_message_can_be_neither_changed_nor_sent(lead):
	inbound = conversation.add_note(lead, "x")
	frappe.db.set_value("Lead Message", inbound, {"direction": "In", "kind": "Email"})
	with pytest.raises(frappe.DoesNotExistError):
		replies.retry(inbound)
