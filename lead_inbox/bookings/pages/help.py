"""Whom customers turn to when the page can't help them."""

from __future__ import annotations

import frappe

from lead_inbox.inbox.replies import mailing


def contact(lead: str) -> dict[str, str]:
	"""Return phone and email, each empty where none is known. lead: empty for a booking without one.

	The phone is the company's. The mail is the address that the lead's channel is answered at, so what is
	written there reaches the inbox; without one the company's.
	"""
	row = frappe.db.get_value("Lead", lead, ["company", "inbox_channel"], as_dict=True) if lead else None
	name = (row and row.company) or frappe.db.get_single_value("Global Defaults", "default_company")
	company = frappe.db.get_value("Company", name, ["phone_no", "email"], as_dict=True) if name else None
	company = company or frappe._dict()
	email = _address(row.inbox_channel if row else None)
	return {"phone": company.phone_no or "", "email": email or company.email or ""}


def _address(channel: str | None) -> str:
	try:
		return mailing.account_for(channel).email_id or ""
	except frappe.ValidationError:
		frappe.clear_last_message()
		return ""
