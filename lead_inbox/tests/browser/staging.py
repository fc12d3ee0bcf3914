"""What the browser tests put on the site: users, a channel, and leads in every state.

Called through ServedSite.run, inside Frappe, as Administrator.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import frappe
from frappe.email.receive import InboundMail
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import update_password

from lead_inbox.inbox import aging, conversation, lifecycle, messages
from lead_inbox.inbox.replies import outbox, relay
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import arrive, make_channel, make_outgoing_account, make_user
from lead_inbox.tests.integration.outgoing import point_account_at

CHANNEL = "Google Local"
OTHER_CHANNEL = "Website Form"
JUN = "jun@company.example"
SARA = "sara@company.example"
MALLORY = "mallory@company.example"
PASSWORD = "a sales person's password"
TABLES_OF_LEADS = (
	*("Lead", "Lead Message", "Lead Event", "Lead Transition", "Lead Read Marker", "ToDo"),
	*("Contact", "Contact Email", "Contact Phone", "Dynamic Link", "Communication", "Notification Log"),
	*("Lead Dispute", "Lead Merge", "Call Log", "Email Unsubscribe"),
	*("Sales Activity", "Sequence Enrollment", "Event", "Event Participants", "Reminder", "Comment"),
	*("Opportunity", "Sequence", "Sequence Step"),
)


def prepare() -> None:
	"""What lasts for the whole run."""
	if frappe.db.exists("User", JUN):
		return
	for user, last_name in ((JUN, "Kim"), (SARA, "Moss")):
		make_user(user)
		frappe.db.set_value("User", user, {"last_name": last_name, "full_name": full_name(user)})
		update_password(user, PASSWORD)
	make_user(MALLORY)
	make_channel(CHANNEL)
	make_channel(OTHER_CHANNEL)
	frappe.flags.in_test = True  # else Frappe would try to reach the account's mail server
	make_outgoing_account()
	frappe.get_doc(
		doctype="Email Template",
		name="Offer a visit",
		subject="Our visit",
		response="Hello {{ lead_name }}, we can come.",
	).insert()


def send_mail_to(port: int) -> None:
	"""Let mail go out through a server on this machine, and answers come to relay addresses."""
	point_account_at(port)
	frappe.db.set_single_value("Lead Inbox Settings", "relay", "Plus Address")
	frappe.clear_document_cache("Lead Inbox Settings", "Lead Inbox Settings")


def full_name(user: str) -> str:
	return {JUN: "Jun Kim", SARA: "Sara Moss"}[user]


def empty_inbox() -> None:
	"""Tests must not see each other's leads."""
	if not frappe.conf.allow_tests:
		raise RuntimeError(f"{frappe.local.site} is not for tests: its site_config.json lacks allow_tests.")
	for table in TABLES_OF_LEADS:
		frappe.db.delete(table)
	frappe.clear_cache()


def lead(text: str = "Do you come on Saturdays?", **payload: Any) -> str:
	"""A lead that has just arrived. Its name."""
	return arrive(**{"channel": CHANNEL, "type": "message", "name": "Naree Phan", "message": text, **payload})


def leads(count: int) -> list[str]:
	"""Leads of one second each, the last one the newest."""
	names = [
		lead(name=f"Customer {number:03d}", email=f"{number}@customer.example") for number in range(count)
	]
	for number, name in enumerate(names):
		date_back(name, seconds=count - number)
	return names


def date_back(name: str, **distance: float) -> None:
	"""Pretend that the lead and its messages are that old: date_back(name, days=2)."""
	then = add_to_date(now_datetime(), **{unit: -number for unit, number in distance.items()})
	fields = ("inbox_arrived_on", "inbox_last_interaction_on", "inbox_last_inbound_on", "inbox_aging_from")
	frappe.db.set_value("Lead", name, dict.fromkeys(fields, then), update_modified=False)
	frappe.db.set_value("Lead Message", {"lead": name}, "sent_on", then, update_modified=False)
	frappe.db.set_value("Lead Transition", {"lead": name}, "transition_on", then, update_modified=False)


def assign(name: str, user: str) -> None:
	frappe.desk.form.assign_to.add({"doctype": "Lead", "name": name, "assign_to": [user]})


def answer(name: str, text: str, user: str = JUN) -> str:
	"""A mail to the lead's customer, which the worker sends. The name of its message."""
	return as_user(user, outbox.submit, name, "Email", text)


def reply_on_its_way(name: str) -> str:
	"""A mail whose next attempt is an hour away, so that no worker interferes."""
	message = answer(name, "We can come on Thursday.")
	frappe.db.set_value("Lead Message", message, "next_attempt_on", add_to_date(now_datetime(), hours=1))
	return message


def become_sent(message: str) -> None:
	"""Without a word to anybody."""
	frappe.db.set_value("Lead Message", message, "delivery_status", "Sent")


def write_to_relay(sender: str, text: str) -> None:
	"""A mail to the relay address of the only lead, through Frappe's own receive path."""
	(lead,) = frappe.get_all("Lead", pluck="name", order_by="name asc")
	account = frappe.get_doc("Email Account", "Outgoing")
	mail = EmailMessage()
	mail["From"], mail["Subject"] = sender, "Our appointment"
	mail["To"] = relay.reply_address(lead, CHANNEL, account.email_id)
	mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
	mail.set_content(text)
	receive(mail.as_bytes())


def receive(mail: bytes) -> None:
	"""A mail of RFC 822 comes in by the site's Email Account."""
	InboundMail(mail, frappe.get_doc("Email Account", "Outgoing")).process()


def text_through(url: str | None) -> None:
	"""Let SMS go out through a gateway, or through none; its users may choose between two senders."""
	settings = {"message_parameter": "text", "receiver_parameter": "to", "use_post": 1}
	sms = frappe.get_doc("SMS Settings").update({**settings, "sms_gateway_url": url or ""})
	sms.flags.ignore_mandatory = True
	sms.save()
	inbox = frappe.get_doc("Lead Inbox Settings")
	inbox.update({"sms_sender_parameter": "from", "sms_senders": "+14155550100\nCompany"}).save()


def talk(name: str, count: int) -> None:
	"""A long conversation, one message a minute."""
	for number in range(count):
		messages.record(
			name,
			kind="Message",
			direction="In",
			external_id=frappe.generate_hash(length=12),
			lead_email=None,
			channel=CHANNEL,
			sent_on=add_to_date(now_datetime(), minutes=number - count),
			text=f"Message number {number}.",
		)


def probe(room: str) -> None:
	"""An event of which our pages know nothing."""
	frappe.publish_realtime("lead_inbox_probe", room=room, after_commit=True)


def tell_of_changes(names: list[str], status: str) -> None:
	for name in names:
		lifecycle.publish(name, status, status)


def assignees(name: str) -> list[str]:
	return frappe.get_all(
		"ToDo", {"reference_name": name, "status": "Open"}, pluck="allocated_to", order_by="name"
	)


def set_user(user: str, **values: Any) -> None:
	frappe.db.set_value("User", user, values)
	frappe.clear_cache(user=user)


def sent_on_of_only_message(name: str) -> datetime:
	return frappe.db.get_value("Lead Message", {"lead": name}, "sent_on")


def snoozed_until(name: str) -> datetime | None:
	return frappe.db.get_value("Lead", name, "inbox_snoozed_until")


def showcase() -> str:
	"""The leads of the screenshots. The name of the one with a whole conversation."""
	quiet = lead(
		"Do you also install heat pumps in Chania?",
		name="Γιώργος Παπαδάκης",
		phone="+30 2821 055 555",
		type="message",
	)
	contract = lead(
		"How much is the yearly service contract for four air conditioners?",
		name="Trần Văn An",
		email="an@customer.example",
		type="email",
		subject="Service contract",
	)
	form = arrive(
		OTHER_CHANNEL,
		type="form",
		name="Delta Mills Ltd.",
		email="it@delta.example",
		message="40 seats of Workspace, transfer from another reseller",
	)
	call = arrive(CHANNEL, type="call", phone="+1 415 555 0142", call={"answered": False, "direction": "in"})
	ages = {quiet: {"hours": 14 * 24 + 6}, contract: {"days": 2}, form: {"hours": 1}, call: {"minutes": 14}}
	for name, age in ages.items():
		lifecycle.apply(name, Happening.CALL_ANSWERED)
		if name == call:
			lifecycle.apply(name, Happening.CALL_MISSED)
		date_back(name, **age)
	assign(quiet, JUN)
	assign(form, SARA)
	be_inactive(lead("Is the offer still good?", name="Henry Adams", email="henry@customer.example"))
	for number in range(3):
		lead(
			"What would a new bathroom cost?",
			name=f"Tom Becker {number}",
			email=f"tom{number}@customer.example",
		)
	return full_conversation()


def full_conversation() -> str:
	"""Message, assignment, answered call with a recording, note, reply."""
	name = lead(
		"The air conditioner in the bedroom drips. Can someone come before Friday?",
		phone="+1 415 555 0123",
		email="naree@customer.example",
		postal_code="94110",
		service="HVAC repair",
		price=38,
		currency="USD",
	)
	date_back(name, minutes=26)
	assign(name, JUN)
	called_on = add_to_date(now_datetime(), minutes=-8)
	call = messages.record(
		name,
		kind="Call",
		direction="In",
		external_id=frappe.generate_hash(length=12),
		lead_email="naree@customer.example",
		channel=CHANNEL,
		sent_on=called_on,
		sender_name="Naree Phan",
		call_status="Answered",
		duration_seconds=134,
		recording_url="/assets/frappe/sounds/alert.mp3",
		recording_announced=1,
	)
	lifecycle.apply(name, Happening.CALL_ANSWERED, on=called_on, message=call)
	as_user(JUN, conversation.add_note, name, "Gate code 4411, ask for Mali.")
	answer(name, "Hello Naree, we can come on Thursday at 9:00 or 14:30. Which suits you?")
	lead(
		"Thursday at 9:00 is fine, thank you. Please ring at the side door.",
		phone="+1 415 555 0123",
		email="naree@customer.example",
	)
	return name


def as_user(user: str, function: Callable[..., Any], *arguments: Any) -> Any:
	frappe.set_user(user)
	result = function(*arguments)
	frappe.set_user("Administrator")
	return result


def be_inactive(name: str) -> None:
	date_back(name, days=20)
	aging.age_leads()


def oldest_new_lead() -> str:
	return frappe.get_all(
		"Lead", {"inbox_status": "New"}, pluck="name", order_by="inbox_arrived_on asc", limit=1
	)[0]


def poison(name: str, text: str) -> None:
	"""As if what cleans incoming texts had let one through, in every field that the page shows."""
	fields = (
		"title",
		"lead_name",
		"company_name",
		"phone",
		"inbox_service",
		"inbox_location",
	)
	frappe.db.set_value("Lead", name, dict.fromkeys(fields, text[:140]), update_modified=False)
	frappe.db.set_value("Lead Message", {"lead": name}, {"sender_name": text[:140], "subject": text[:140]})
	frappe.db.set_value("User", MALLORY, "full_name", text[:140])
