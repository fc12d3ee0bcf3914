"""Arrivals that ERPNext itself stores: web forms, mails and calls.

Their document is in the caller's transaction; the event is written beside it, so both are committed or
neither is, and a worker takes it from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from lead_inbox.channels import mail
from lead_inbox.channels.event import ChannelContext, MailNature, MalformedEvent
from lead_inbox.inbox import events, intake
from lead_inbox.inbox.admission import refusal
from lead_inbox.inbox.identity import match_lead, winner_of
from lead_inbox.inbox.replies import held_mail, relay

WEB_FORM, EMAIL, TELEPHONY = "Web Form", "Email", "Telephony"
COMMUNICATION_FIELDS = (
	"name",
	"message_id",
	"subject",
	"sender",
	"sender_full_name",
	"text_content",
	"content",
	"communication_date",
	"recipients",
	"cc",
	"sent_or_received",
	"in_reply_to",
	"has_attachment",
)
CALL_LOG_FIELDS = (
	"name",
	"id",
	"from",
	"to",
	"status",
	"type",
	"duration",
	"start_time",
	"recording_url",
	"medium",
)


@dataclass(frozen=True)
class PlacedMail:
	"""The lead that an incoming mail is about, if one is known yet, and whether it waits for a decision."""

	lead: str | None
	held: bool


def web_form_sent(lead: Any) -> None:
	"""Note that a guest or customer sent a Web Form that made this Lead."""
	form = frappe.form_dict.get("web_form")
	channel = _channel(WEB_FORM, "web_form", form)
	if not channel:
		return
	fields = frappe.get_cached_doc("Web Form", form).web_form_fields if form else []
	payload = {
		"name": lead.name,
		"title": frappe.get_cached_value("Web Form", form, "title") if form else "",
		"submitted_on": str(lead.creation),
		"values": {field.fieldname: lead.get(field.fieldname) for field in fields if field.fieldname},
		"labels": {field.fieldname: field.label for field in fields if field.fieldname},
	}
	_store(channel, lead.name, payload, lead.name)


def place_mail(communication: Any) -> None:
	"""Decide, before an incoming mail is inserted, which lead it is about and whether ERPNext hears of it.

	A relay address among its recipients decides, else the thread that Frappe found, else the sender. A mail
	that waits for a person's decision, or that no person wrote, is taken off its document: ERPNext would
	reopen a Replied lead for it and mail it to the lead's followers. The intake links it again.
	"""
	sender, judged = parseaddr(communication.sender or "")[1], _judged(communication)
	is_bounce = judged.nature == "Bounce"
	relayed = relay.lead_of_recipients((communication.recipients, communication.cc))
	about = judged.failed if is_bounce else (sender,)
	lead = relayed or _lead_of_thread(communication) or _lead_of_addresses(communication, about)
	held = bool(relayed) and not is_bounce and not relay.knows_sender(relayed, sender)
	communication.flags.lead_inbox_mail = PlacedMail(lead, held)
	about_lead = lead and communication.reference_doctype in (None, "", "Communication", "Lead")
	if about_lead and channel_of_mail(communication):
		is_shown = judged.nature == "Person" and not held
		communication.reference_doctype = "Lead" if is_shown else None
		communication.reference_name = lead if is_shown else None


def mail_received(communication: Any) -> None:
	"""Note an incoming mail that was just inserted: one on a lead, or a new one on a channel's account."""
	channel = channel_of_mail(communication)
	if not channel:
		return
	placed = communication.flags.lead_inbox_mail
	values = {field: communication.get(field) for field in COMMUNICATION_FIELDS}
	event_id = communication.message_id or communication.name
	if placed.held:
		held_mail.hold(channel.name, event_id, values, placed.lead)
	else:
		_store(channel, event_id, values, placed.lead)


def channel_of_mail(communication: Any) -> Any:
	"""Return the channel that a placed mail arrives on, None when it is not the inbox's.

	A mail about a lead may come by any account, by way of any mail channel; a new one by a channel's own.
	What Frappe put on another document is that document's.
	"""
	if communication.flags.lead_inbox_mail.lead:
		own = _channel(EMAIL, "email_account", communication.email_account)
		return own or _channel(EMAIL, None, None)
	if communication.reference_doctype:
		return None
	return _channel(EMAIL, "email_account", communication.email_account, only_own=True)


def makes_own_contact(communication: Any) -> bool:
	"""Whether the sender of an incoming mail gets their Contact with their lead, and from nobody else."""
	placed = communication.flags.lead_inbox_mail
	about_lead = communication.reference_doctype == "Lead" or bool(placed and placed.lead)
	return about_lead or bool(_channel(EMAIL, "email_account", communication.email_account, only_own=True))


def call_ended(call_log: Any, lead: str | None) -> None:
	"""Note a call that is over.

	lead: the Lead that ERPNext linked the call to, None for an unknown number.
	"""
	channel = _channel(TELEPHONY, None, None)
	if channel and (lead or channel.unknown_callers_become_leads):
		values = {field: call_log.get(field) for field in CALL_LOG_FIELDS}
		_store(channel, call_log.id or call_log.name, values, lead)


def _lead_of_thread(communication: Any) -> str | None:
	is_on_lead = communication.reference_doctype == "Lead" and communication.reference_name
	return winner_of(communication.reference_name) if is_on_lead else None


def _lead_of_addresses(communication: Any, addresses: Iterable[str]) -> str | None:
	"""Return the lead of a mail to an account that leads are answered from, if an address is a lead's.

	addresses: the sender, or those that a bounce says mail did not reach. A channel's own account is left to
	the intake, which matches and makes leads under its locks. On other accounts a customer writes about
	other things, invoices for instance.
	"""
	account = communication.email_account
	if communication.reference_doctype or not account or _channel(EMAIL, "email_account", account, True):
		return None
	answers_from = frappe.db.exists("Lead Channel", {"email_account": account}) or frappe.db.exists(
		"Email Account", {"name": account, "default_outgoing": 1}
	)
	return match_lead(None, (), addresses) if answers_from else None


def _judged(communication: Any) -> MailNature:
	values = {field: communication.get(field) for field in COMMUNICATION_FIELDS}
	try:
		return mail.parse(values, ChannelContext(zone=ZoneInfo(get_system_timezone()))).mail
	except MalformedEvent:
		return MailNature()  # its event will say what is wrong with it


def _channel(provider: str, field: str | None, value: str | None, only_own: bool = False) -> Any:
	"""Return the channel that stands for a document: its own, else the provider's general one.

	only_own: leave out the general one.
	"""
	names = []
	if field and value:
		names = _channel_names({"provider": provider, field: value})
	if not names and not only_own:
		general = {"provider": provider} | ({field: ["is", "not set"]} if field else {})
		names = _channel_names(general)
	return frappe.get_cached_doc("Lead Channel", names[0]) if names else None


def _channel_names(filters: dict[str, Any]) -> list[str]:
	return frappe.get_all(
		"Lead Channel", filters=filters, pluck="name", order_by="enabled desc, creation asc", limit=1
	)


def _store(channel: Any, event_id: str, payload: dict[str, Any], lead: str | None) -> None:
	text = frappe.as_json(payload)
	try:
		refused = refusal(channel, intake.parse(channel, event_id, text).kind)
	except MalformedEvent as error:
		refused = ("malformed", str(error))
	status, reason = (events.REJECTED, refused[1]) if refused else (events.RECEIVED, "")
	events.store(channel.name, event_id, text, status=status, reason=reason, lead=lead)
	if not refused:
		frappe.db.after_commit.add(events.WAKING.wake)
