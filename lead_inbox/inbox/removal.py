"""What goes with a lead when it goes."""

from __future__ import annotations

import frappe

OWNED_BY_LEAD = ("Lead Message", "Lead Transition", "Lead Read Marker")


def delete_traces(lead: str) -> None:
	"""Delete what belongs to a lead alone. Its events stay for their retention, without the link:
	a second delivery of the same event must not bring back what a person deleted."""
	for doctype in OWNED_BY_LEAD:
		frappe.db.delete(doctype, {"lead": lead})
	frappe.db.set_value("Lead Event", {"lead": lead}, {"lead": None, "lead_message": None})
