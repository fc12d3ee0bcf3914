"""An SMS to a customer: which number, from where, and what becomes of it: requirements RE-1 and RE-5."""

import frappe
import pytest

from lead_inbox.api import replies
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.replies import outbox, reply, texting
from lead_inbox.tests.doubles.sms_gateway import HANG
from lead_inbox.tests.integration.builders import make_lead, make_user, state_of
from lead_inbox.tests.integration.outgoing import as_user, deliver, delivery_of, let_time_pass, texts_leave
from tools.services import free_port

pytestmark = pytest.mark.usefixtures("jobs")

BUSINESS, PERSONAL = "+14155550101", "+14155550102"


@pytest.fixture
def gateway():
	with texts_leave() as double:
		yield double


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", phone=BUSINESS, mobile_no=PERSONAL).name


def send(lead: str, content: str = "We come on Friday.", **values) -> str:
	return replies.send(lead, "SMS", content, **values)["message"]["name"]


def offer_senders(*senders: str) -> None:
	frappe.db.set_single_value(
		"Lead Inbox Settings", {"sms_senders": "\n".join(senders), "sms_sender_parameter": "from"}
	)
	frappe.clear_document_cache("Lead Inbox Settings", "Lead Inbox Settings")


def test_an_sms_reaches_the_gateway_once_and_counts_as_response(lead, gateway):
	message = send(lead, "Friday & <9>? €5")
	assert gateway.requests == []
	deliver()
	deliver()
	assert [sent.values for sent in gateway.taken] == [
		{"text": "Friday & <9>? €5", "to": BUSINESS, "key": "s3cret"}
	]
	assert delivery_of(message) == ("Sent", "")
	assert state_of(lead)[0] == "Active"
	assert frappe.db.get_value("SMS Log", {"sent_to": BUSINESS}, "message") == "Friday & <9>? €5"


@pytest.mark.parametrize(
	("settings", "method", "content_type"),
	[
		({"use_post": 0}, "GET", None),
		({"use_post": 1}, "POST", "application/x-www-form-urlencoded"),
		(
			{"parameters": [{"parameter": "Content-Type", "value": "application/json", "header": 1}]},
			"POST",
			"application/json",
		),
	],
)
def test_the_request_is_what_sms_settings_describe(lead, settings, method, content_type):
	with texts_leave(**settings) as gateway:
		send(lead, "Bis Freitag: äöü ж")
		deliver()
	request = gateway.taken[0]
	assert (request.method, request.headers.get("Content-Type")) == (method, content_type)
	assert request.values == {"text": "Bis Freitag: äöü ж", "to": BUSINESS, "key": "s3cret"}


def test_automatic_sms_goes_to_a_business_number_before_a_personal_one(gateway):
	both = make_lead(first_name="Both", phone=BUSINESS, mobile_no=PERSONAL).name
	mobile = make_lead(first_name="Mobile", mobile_no="(415) 555-0103", country="United States").name
	for lead in (both, mobile):
		outbox.submit(lead, "SMS", "We are closed.", automated=True)
	deliver()
	assert sorted(sent.values["to"] for sent in gateway.taken) == [BUSINESS, "+14155550103"]
	assert state_of(both)[0] == "New"


def test_without_a_number_nothing_is_sent_and_the_user_hears_why(gateway):
	lead = make_lead(first_name="Naree", email_id="naree@customer.example").name
	with pytest.raises(frappe.ValidationError, match="has no phone number"):
		send(lead)
	deliver()
	assert gateway.requests == [] and frappe.db.count("Lead Message", {"lead": lead}) == 0


def test_without_a_gateway_the_user_is_told_to_set_it_up(lead):
	frappe.db.set_single_value("SMS Settings", "sms_gateway_url", "")
	with pytest.raises(frappe.ValidationError, match="SMS Settings"):
		send(lead)


def test_the_user_chooses_the_number_to_send_to(lead, gateway):
	send(lead, recipient=PERSONAL)
	send(lead, recipient="+1 415 555 0199")
	deliver()
	assert sorted(sent.values["to"] for sent in gateway.taken) == [PERSONAL, "+14155550199"]
	with pytest.raises(frappe.ValidationError, match="is no phone number"):
		send(lead, recipient="call me")


def test_who_may_not_see_numbers_chooses_by_their_masked_form(lead, gateway):
	jun = make_user("jun@company.example")
	frappe.make_property_setter(
		{
			"doctype": "Lead",
			"fieldname": "mobile_no",
			"property": "permlevel",
			"value": 2,
			"property_type": "Int",
		}
	)
	frappe.clear_cache(doctype="Lead")
	frappe.set_user(jun)
	row = frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True)
	shown = [number["number"] for number in reply.choices(row)["sms"]["numbers"]]
	assert shown == ["•••01", "•••02"]
	send(lead, recipient=shown[1])
	deliver()
	assert [sent.values["to"] for sent in gateway.taken] == [PERSONAL]


def test_the_user_chooses_the_number_to_send_from(lead, gateway):
	offer_senders("ACME", "+14155559999")
	send(lead, sender="+14155559999")
	send(lead)
	deliver()
	assert sorted(sent.values["from"] for sent in gateway.taken) == ["+14155559999", "ACME"]
	with pytest.raises(frappe.ValidationError, match="Choose one of ACME"):
		send(lead, sender="Somebody Else")


def test_a_channel_s_own_sender_comes_first(lead, gateway):
	offer_senders("ACME")
	frappe.db.set_value("Lead Channel", "Website", "sms_sender", "BERLIN")
	frappe.clear_document_cache("Lead Channel", "Website")
	lifecycle.adopt_channel(lead, "Website")
	send(lead)
	deliver()
	assert gateway.taken[0].values["from"] == "BERLIN"


def test_a_gateway_that_fails_twice_gets_the_sms_a_third_time_and_delivers_it_once(lead, gateway):
	gateway.answers = [500, 500, 200]
	message = send(lead)
	for _attempt in range(4):
		deliver()
		if delivery_of(message)[0] == "Queued":
			let_time_pass(message)
	assert [sent.status for sent in gateway.requests] == [500, 500, 200]
	assert delivery_of(message) == ("Sent", "")
	assert frappe.db.count("SMS Log", {"sent_to": BUSINESS}) == 1


def test_what_the_gateway_refuses_fails_at_once_without_a_secret_in_the_error(lead):
	with texts_leave(use_post=0) as gateway:
		gateway.answers = [401]
		message = send(lead)
		deliver()
		status, error = delivery_of(message)
		assert status == "Failed" and "401" in error
		assert "s3cret" not in error and BUSINESS not in error
		replies.retry(message)
		deliver()
	assert delivery_of(message) == ("Sent", "") and len(gateway.taken) == 1


def test_a_gateway_that_is_down_is_tried_again(lead, gateway):
	frappe.db.set_single_value(
		"SMS Settings", "sms_gateway_url", f"http://127.0.0.1:{free_port()}/?key=s3cret"
	)
	frappe.clear_document_cache("SMS Settings", "SMS Settings")
	message = send(lead)
	deliver()
	status, error = delivery_of(message)
	assert status == "Queued" and "can't be reached" in error and "s3cret" not in error


def test_a_gateway_that_stays_silent_may_have_sent_it(lead, gateway, monkeypatch):
	monkeypatch.setattr(texting, "READ_SECONDS", 0.3)
	gateway.answers = [HANG]
	message = send(lead)
	deliver()
	assert delivery_of(message)[0] == "Failed" and "may have arrived" in delivery_of(message)[1]
	let_time_pass(message)
	deliver()
	assert len(gateway.requests) == 1


def test_an_sms_of_a_job_that_died_is_not_sent_again(lead, gateway):
	message = send(lead)
	frappe.db.set_value("Lead Message", message, "delivery_status", "Sending")
	let_time_pass(message)
	deliver()
	assert delivery_of(message)[0] == "Failed" and "may have arrived" in delivery_of(message)[1]
	assert gateway.requests == []


def test_2000_characters_are_refused_with_words(lead, gateway):
	with pytest.raises(
		frappe.ValidationError, match=r"at most 1600 characters\. This one has 2000 .* 14 messages"
	):
		send(lead, "a" * 2000)
	send(lead, "a" * 1600)


def test_files_go_by_mail_only(lead, gateway):
	file = frappe.get_doc(doctype="File", file_name="offer.txt", content="x", is_private=1).insert()
	with pytest.raises(frappe.ValidationError, match="by mail only"):
		send(lead, attachments=[file.name])


def test_who_refuses_sms_gets_one_only_when_the_user_insists(lead, gateway):
	lifecycle.refuse_contact(lead, "SMS", True)
	assert "text messages" in replies.send(lead, "SMS", "Hello")["confirm"]
	send(lead, anyway=1)
	with pytest.raises(outbox.ContactRefused):
		outbox.submit(lead, "SMS", "We are closed.", automated=True)
	deliver()
	assert len(gateway.taken) == 1


def test_a_reply_goes_the_way_the_customer_wrote_last(lead, gateway):
	def choices():
		return reply.choices(frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True))

	assert (choices()["medium"], choices()["email"]["possible"]) == ("SMS", False)
	frappe.db.set_value("Lead", lead, "email_id", "naree@customer.example")
	assert choices()["medium"] == "Email"
	heard = send(lead)
	frappe.db.set_value("Lead Message", heard, "direction", "In")
	assert choices()["medium"] == "SMS"


def test_a_user_without_write_permission_sends_no_sms(lead, gateway):
	reader = make_user("reader@company.example", "Lead Partner")
	frappe.share.add("Lead", lead, reader, read=1)
	with pytest.raises(frappe.PermissionError):
		as_user(reader, send, lead)
