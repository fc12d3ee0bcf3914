"""Feedback on a lead and disputes of its charge, for the inbox page."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.inbox.charges import charges


@frappe.whitelist(methods=["GET"])
def get_reasons(name: str) -> dict[str, Any]:
	"""Return what may be said about a lead, and why its charge can't be disputed if so."""
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	return charges.choices(name)


@frappe.whitelist(methods=["POST"])
def file(
	name: str, kind: str, reason: str, satisfaction: str | None = None, comment: str | None = None
) -> str:
	"""File feedback or a dispute for a lead; return the Lead Dispute."""
	frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
	return charges.file(name, kind, reason, satisfaction, comment)
