"""Hearing that a customer opened a mail of ours or followed a link in it (SQ-1).

Both are asked of: Lead Inbox Settings, which is off unless somebody wants it, and "Track Email Status" of
the Email Account that the mail goes out from. The latter is Frappe's own word on whether mails may tell of
their readers; the view tracking of Website Settings is about pages. Without either, links stay as they are,
and what still comes in by older ones is not written down.

Opens are heard by the pixel that Frappe itself puts into mails of such an account.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import frappe
from frappe.utils import get_url, now_datetime
from frappe.utils.password import get_encryption_key

from lead_inbox.inbox import lifecycle, listeners, messages
from lead_inbox.inbox.replies import tracking_rules

FOLLOW = "/api/method/lead_inbox.api.links.follow"
ROW_FIELDS = ("name", "communication", "opened_on", "clicked_on")


def is_allowed(account: Any) -> bool:
	"""Whether mails of an Email Account may tell what their readers do. account: its document or row."""
	settings = frappe.get_cached_doc("Lead Inbox Settings")
	return bool(settings.track_mails and account.track_email_status)


def as_html(message: Mapping[str, Any]) -> str:
	"""Return a message's text as HTML whose links tell when they are followed. message: row of Lead Message."""
	key = _key()

	def through(target: str) -> str:
		signature = tracking_rules.sign(key, message["name"], target)
		query = {"message": message["name"], "target": target, "signature": signature}
		return get_url(f"{FOLLOW}?{urlencode(query)}")

	return tracking_rules.as_html(messages.as_text(message["content"]), through)


def is_genuine(message: str, target: str, signature: str) -> bool:
	"""Whether this site has put the link into that mail."""
	return tracking_rules.is_genuine(_key(), message, target, signature)


def clicked(message: str) -> None:
	"""Note that the customer followed a link, the first time. message: name of a Lead Message, or of none.

	They have the mail open, whether or not their mail program loads the pixel.
	"""
	row = _tracked(message)
	if not row or row.clicked_on:
		return
	_note_opened(row)
	_note(row, "clicked_on")
	listeners.link_clicked(row.name)


def opened(communication: str) -> None:
	"""Note that the customer opened a mail to a lead, the first time. communication: of any mail."""
	mail = {"communication": communication, "direction": "Out"}
	message = frappe.db.get_value("Lead Message", mail) if communication else None
	row = _tracked(message) if message else None
	if row:
		_note_opened(row)


def _note_opened(row: frappe._dict) -> None:
	if not row.opened_on:
		_note(row, "opened_on")
		listeners.mail_opened(row.name)


def _note(row: frappe._dict, field: str) -> None:
	frappe.db.set_value("Lead Message", row.name, field, now_datetime(), update_modified=False)


def _tracked(message: str) -> frappe._dict | None:
	"""Return a message's row, locked after its lead's; None where nothing is to be written down."""
	lead = frappe.db.get_value("Lead Message", message, "lead")
	if not lead:
		return None
	lifecycle.stored_state(lead)
	row = frappe.db.get_value("Lead Message", message, ROW_FIELDS, as_dict=True, for_update=True)
	return row if row and _is_allowed_for(row.communication) else None


def _is_allowed_for(communication: str | None) -> bool:
	account = frappe.db.get_value("Communication", communication, "email_account") if communication else None
	known = account and frappe.db.get_value("Email Account", account, ["track_email_status"], as_dict=True)
	return bool(known) and is_allowed(known)


def _key() -> bytes:
	return tracking_rules.key_from(get_encryption_key())
