"""Feeds the demo sample leads of every kind, each through the door that its source would use.

Run by the bench's Python from the sites folder, while the site is served. Sending them again makes no doubles.
"""

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

import frappe
from frappe.email.receive import InboundMail
from frappe.utils import now
from standardwebhooks.webhooks import Webhook

from tools import demo_bookings, demo_sequences, demo_setup
from tools.live import Answer, ServedSite
from tools.services import wait_until
from tools.sites import ADMIN_PASSWORD

WEBHOOK_DOOR = "/api/method/lead_inbox.api.v1.webhook.receive/"
GOOGLE_DOOR = "/api/method/lead_inbox.api.v1.google_lead_form.receive/"


def main(site: str, port: int) -> None:
	served = ServedSite(site, port, ".")
	for event in webhook_events():
		send_webhook(served, event)
	send_google_form(served)
	send_web_form(served)
	send_call_log(served)
	served.run(receive_mail)
	if not wait_until(lambda: not served.run(waiting_events), timeout_seconds=60):
		raise SystemExit(
			"The sample leads have arrived, but no worker has processed them all within a minute."
		)
	reply_as_sales(served)
	served.run(quote_as_sales)
	served.run(book_as_sales)


def ago(**distance: float) -> str:
	return (datetime.now(timezone.utc) - timedelta(**distance)).isoformat(timespec="seconds")


def webhook_events() -> Iterator[dict[str, Any]]:
	yield from messages()
	yield from calls_and_bookings()


def messages() -> Iterator[dict[str, Any]]:
	"""Two of one thread, one that has waited for days, and one of a company that is a Customer already."""
	yield {
		"id": "demo-message-1",
		"type": "message",
		"thread_id": "demo-thread-1",
		"occurred_at": ago(minutes=50),
		"name": "Maria Lopez",
		"phone": "+1 212 555 0142",
		"email": "maria.lopez@customer.example",
		"postal_code": "10025",
		"service": "Water heater repair",
		"message": "Hi, our water heater has stopped working. Could someone come this week?",
	}
	yield {
		"id": "demo-message-2",
		"type": "message",
		"thread_id": "demo-thread-1",
		"occurred_at": ago(minutes=20),
		"name": "Maria Lopez",
		"phone": "+1 212 555 0142",
		"message": "It is a 50 gallon gas heater, about eight years old.",
	}
	yield {
		"id": "demo-message-3",
		"type": "message",
		"occurred_at": ago(days=13),
		"name": "Tom Becker",
		"email": "tom.becker@customer.example",
		"service": "Bathroom remodel",
		"message": "What would a new bathroom of 60 square feet cost, roughly?",
	}
	yield {
		"id": "demo-message-4",
		"type": "message",
		"occurred_at": ago(hours=2),
		"name": "Nina Castillo",
		"company": "HARBOR DENTAL GROUP, LLC",
		"email": "nina.castillo@customer.example",
		"service": "Plumbing for three treatment rooms",
		"message": "We are fitting out a second practice. Whom may I send the plans to?",
	}


def calls_and_bookings() -> Iterator[dict[str, Any]]:
	yield {
		"id": "demo-call-1",
		"type": "call",
		"occurred_at": ago(minutes=35),
		"phone": "+1 917 555 0177",
		"call": {"answered": False, "direction": "in", "duration_seconds": 0},
	}
	yield {
		"id": "demo-call-2",
		"type": "call",
		"occurred_at": ago(hours=3),
		"name": "Priya Shah",
		"phone": "+1 646 555 0118",
		"service": "Drain cleaning",
		"call": {
			"answered": True,
			"direction": "in",
			"duration_seconds": 214,
			"recording_url": "https://calls.example/recordings/demo-call-2",
			"announced": True,
		},
	}
	yield {
		"id": "demo-booking-1",
		"type": "booking",
		"occurred_at": ago(hours=5),
		"name": "Daniel Osei",
		"phone": "+1 347 555 0163",
		"email": "daniel.osei@customer.example",
		"postal_code": "11215",
		"service": "Annual boiler check",
		"price": 180,
		"currency": "USD",
		"message": "Mornings are best.",
	}


def send_webhook(site: ServedSite, event: dict[str, Any]) -> None:
	"""Signed with the channel's secret, as a partner's server does it."""
	secret = site.run(webhook_secret)
	body, now = json.dumps(event), datetime.now(timezone.utc)
	headers = {
		"Content-Type": "application/json",
		"webhook-id": event["id"],
		"webhook-timestamp": str(int(now.timestamp())),
		"webhook-signature": Webhook(secret).sign(event["id"], now, body),
	}
	path = WEBHOOK_DOOR + quote(demo_setup.WEBHOOK_CHANNEL)
	require_success(event["id"], site.request("POST", path, body.encode(), headers))


def webhook_secret() -> str:
	return frappe.get_doc("Lead Channel", demo_setup.WEBHOOK_CHANNEL).get_password("signing_secret")


def send_google_form(site: ServedSite) -> None:
	columns = {
		"FULL_NAME": ("Full Name", "Grace Miller"),
		"EMAIL": ("User Email", "grace.miller@customer.example"),
		"PHONE_NUMBER": ("User Phone", "+12125550190"),
		"POSTAL_CODE": ("Postal Code", "10003"),
		"what_do_you_need": ("What do you need?", "A quote for two air conditioners"),
	}
	payload = {
		"lead_id": "demo-google-1",
		"user_column_data": [
			{"column_id": column, "column_name": name, "string_value": value}
			for column, (name, value) in columns.items()
		],
		"api_version": "1.0",
		"form_id": 40000001,
		"campaign_id": 30000001,
		"google_key": demo_setup.GOOGLE_KEY,
		"is_test": False,
		"gcl_id": "demo-click-1",
	}
	headers = {"Content-Type": "application/json"}
	path = GOOGLE_DOOR + quote(demo_setup.GOOGLE_CHANNEL)
	require_success("Google form", site.request("POST", path, json.dumps(payload).encode(), headers))


def send_web_form(site: ServedSite) -> None:
	"""As the form's page in the browser of a guest posts it."""
	email = "henry.adams@customer.example"
	if site.run(exists, "Lead", {"email_id": email}):
		return
	values = {"lead_name": "Henry Adams", "email_id": email, "phone": "+1 718 555 0155", "city": "Brooklyn"}
	form = {"web_form": demo_setup.WEB_FORM, "data": json.dumps(values)}
	door = "/api/method/frappe.website.doctype.web_form.web_form.accept"
	require_success("web form", site.post_form(door, form))


def send_call_log(site: ServedSite) -> None:
	"""Through the REST API, as a telephony system that logs in to ERPNext."""
	if site.run(exists, "Call Log", {"id": "demo-call-log-1"}):
		return
	call = {
		"id": "demo-call-log-1",
		"from": "+12125550111",
		"to": "+12125550100",
		"type": "Incoming",
		"status": "No Answer",
		"medium": "Office",
		"start_time": site.run(now),
	}
	session = site.log_in("Administrator", ADMIN_PASSWORD)
	headers = {"Content-Type": "application/json", "Cookie": f"sid={session}"}
	answer = site.request("POST", "/api/resource/Call Log", json.dumps(call).encode(), headers)
	require_success("call log", answer)


def receive_mail() -> None:
	"""Through the code that Frappe runs for each mail it fetches."""
	mail = EmailMessage()
	mail["From"] = "Olivia Chen <olivia.chen@customer.example>"
	mail["To"] = demo_setup.EMAIL_ADDRESS
	mail["Subject"] = "Kitchen sink leaking"
	mail["Message-ID"] = "<demo-mail-1@customer.example>"
	mail["Date"] = datetime.now(timezone.utc).strftime("%a, %d %b %Y %H:%M:%S +0000")
	mail.set_content(
		"Hello,\n\nour kitchen sink leaks under the cabinet. Are you free on Thursday?\n\nOlivia Chen"
	)
	account = frappe.get_doc("Email Account", demo_setup.EMAIL_ACCOUNT)
	InboundMail(mail.as_bytes(), account).process()


def exists(doctype: str, filters: dict[str, Any]) -> bool:
	return bool(frappe.db.exists(doctype, filters))


def lead_of(email: str) -> str:
	return frappe.db.get_value("Lead", {"email_id": email})


def waiting_events() -> int:
	return frappe.db.count("Lead Event", {"status": "Received"})


def reply_as_sales(site: ServedSite) -> None:
	"""One lead gets an answer from the desk, so that not all are new."""
	lead = site.run(lead_of, "grace.miller@customer.example")
	if site.run(exists, "Communication", {"reference_name": lead, "sent_or_received": "Sent"}):
		return
	user = next(iter(demo_setup.SALES_USERS))
	mail = {
		"doctype": "Lead",
		"name": lead,
		"recipients": "grace.miller@customer.example",
		"subject": "Your two air conditioners",
		"content": "Hello Grace,<br><br>may we come and measure on Friday?<br><br>Jun Kim",
		"send_email": "1",
	}
	headers = {"Cookie": f"sid={site.log_in(user, ADMIN_PASSWORD)}"}
	door = "/api/method/frappe.core.doctype.communication.email.make"
	require_success("reply", site.post_form(door, mail, headers))


def quote_as_sales() -> None:
	"""The customer who was spoken with has got a quotation, whose Opportunity enters a sequence."""
	demo_sequences.quote(frappe.db.get_value("Lead", {"lead_name": "Priya Shah"}))


def book_as_sales() -> None:
	"""She asked for a visit, and has one."""
	demo_bookings.book_visit(frappe.db.get_value("Lead", {"lead_name": "Maria Lopez"}))


def require_success(what: str, answer: Answer) -> None:
	"""On a second run a sample's time differs: the door says that its id is taken, so it is there already."""
	if answer.status >= 300 and b"id_reused" not in answer.body:
		raise SystemExit(
			f"The sample {what} was refused: {answer.status} {answer.body.decode(errors='replace')}"
		)


if __name__ == "__main__":
	main(sys.argv[1], int(sys.argv[2]))
