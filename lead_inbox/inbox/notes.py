"""Remarks that the app itself puts into a conversation; the customer never sees them."""

from __future__ import annotations

import frappe
from frappe.utils import get_fullname

from lead_inbox.inbox import messages


def remark(lead: str, text: str, *, user: str | None = None) -> str:
	"""Keep a remark on the lead in the caller's transaction and return the Lead Message.

	text: plain and translated. user: whose doing it is, None for a customer's or the app's own.
	"""
	return messages.record(
		lead,
		lead_email=frappe.db.get_value("Lead", lead, "email_id"),
		kind="Note",
		direction="Internal",
		external_id=frappe.generate_hash(length=20),
		sender_name=get_fullname(user) if user else "",
		text=text,
		user=user,
		automated=1,
	)
