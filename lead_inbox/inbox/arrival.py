"""Arrivals that ERPNext itself stores: web forms, mails and calls.

Their document is in the caller's transaction; the event is written beside it, so both are committed or
neither is, and a worker takes it from there.
"""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.channels.event import MalformedEvent
from lead_inbox.inbox import events, intake
from lead_inbox.inbox.admission import refusal

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
	"sent_or_received",
	"in_reply_to",
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


def mail_received(communication: Any) -> None:
	"""Note an incoming mail: one on a lead, or a new one on a channel's Email Account."""
	lead = communication.reference_name if communication.reference_doctype == "Lead" else None
	channel = _channel(EMAIL, "email_account", communication.email_account, only_own=not lead)
	if channel and (lead or not communication.reference_doctype):
		values = {field: communication.get(field) for field in COMMUNICATION_FIELDS}
		_store(channel, communication.message_id or communication.name, values, lead)


def call_ended(call_log: Any, lead: str | None) -> None:
	"""Note a call that is over.

	lead: the Lead that ERPNext linked the call to, None for an unknown number.
	"""
	channel = _channel(TELEPHONY, None, None)
	if channel and (lead or channel.unknown_callers_become_leads):
		values = {field: call_log.get(field) for field in CALL_LOG_FIELDS}
		_store(channel, call_log.id or call_log.name, values, lead)


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
		frappe.db.after_commit.add(events.wake_workers)
