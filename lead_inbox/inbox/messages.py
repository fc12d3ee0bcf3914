"""Storing and reading Lead Messages.

Their texts are stored HTML-escaped: the desk's forms and reports print fields as HTML, and what a
stranger wrote must come out there as the text it is. `as_text` gives the text back.
"""

from __future__ import annotations

import html
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.channels.keys import key_of as key_of

SUBJECT_LENGTH = 140
NAME_LENGTH = 140
PREVIEW_LENGTH = 140


def as_stored(text: str | None, limit: int | None = None) -> str:
	"""Escape a plain text for storage; `limit` is the length of the escaped form."""
	escaped = html.escape(text or "", quote=False)
	if limit is None or len(escaped) <= limit:
		return escaped
	shortened = (text or "")[:limit]
	while len(html.escape(shortened, quote=False)) > limit:
		shortened = shortened[:-1]
	return html.escape(shortened, quote=False)


def as_text(stored: str | None) -> str:
	"""Return the plain text of a stored one."""
	return html.unescape(stored or "")


def preview(stored: str | None) -> str:
	"""Return the first words of a message on one line."""
	return " ".join(as_text((stored or "")[: 4 * PREVIEW_LENGTH]).split())[:PREVIEW_LENGTH]


def record(
	lead: str,
	*,
	lead_email: str | None,
	kind: str,
	direction: str,
	external_id: str,
	channel: str | None = None,
	thread_id: str = "",
	sent_on: datetime | None = None,
	sender_name: str = "",
	subject: str = "",
	text: str = "",
	**fields: Any,
) -> str | None:
	"""Store one thing said and return its name, or None when it is stored already.

	lead_email: the lead's address, by which requests for personal data find the message.
	external_id: unique within the channel; the database refuses a second one.
	sent_on: site time, default now. fields: further fields of Lead Message, as they are.
	"""
	message = frappe.get_doc(
		doctype="Lead Message",
		lead=lead,
		lead_email=lead_email,
		kind=kind,
		direction=direction,
		channel=channel,
		external_id=external_id,
		message_key=key_of(channel, external_id),
		thread_key=key_of(channel, thread_id) if thread_id else None,
		sent_on=sent_on or now_datetime(),
		sender_name=as_stored(sender_name, NAME_LENGTH),
		subject=as_stored(subject, SUBJECT_LENGTH),
		content=as_stored(text),
		**fields,
	)
	message.flags.ignore_links = True  # written from documents that were just read
	try:
		# people have no right to write messages; what may be recorded was decided by the caller
		message.insert(ignore_permissions=True)
	except frappe.UniqueValidationError:
		frappe.clear_last_message()
		return None
	return message.name


def rewrite(name: str, *, subject: str, text: str) -> None:
	"""Replace what a message says that has not gone out yet."""
	changes = {"subject": as_stored(subject, SUBJECT_LENGTH), "content": as_stored(text)}
	frappe.db.set_value("Lead Message", name, changes)
