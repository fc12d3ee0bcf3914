"""What goes with a lead when it goes."""

from __future__ import annotations

import frappe

OWNED_BY_LEAD = ("Lead Message", "Lead Transition", "Lead Read Marker", "Lead Dispute")


def delete_traces(lead: str) -> None:
	"""Delete what belongs to a lead alone. Its events stay for their retention, without the link:
	a second delivery of the same event must not bring back what a person deleted."""
	_delete_attachments(lead)
	for doctype in OWNED_BY_LEAD:
		frappe.db.delete(doctype, {"lead": lead})
	frappe.db.set_value("Lead Event", {"lead": lead}, {"lead": None, "lead_message": None})
	_delete_merges(lead)


def _delete_attachments(lead: str) -> None:
	"""Files that wait for a scheduled message; those of a mail that went belong to its Communication."""
	file, message = frappe.qb.DocType("File"), frappe.qb.DocType("Lead Message")
	files = (
		frappe.qb.from_(file)
		.join(message)
		.on((file.attached_to_doctype == "Lead Message") & (file.attached_to_name == message.name))
		.select(file.name)
		.where(message.lead == lead)
	).run(pluck=True)
	for name in files:
		frappe.delete_doc("File", name, ignore_permissions=True)  # whoever may delete the lead may this


def _delete_merges(lead: str) -> None:
	"""Leads that were merged into a deleted one stand for themselves again: arrivals find them."""
	losers = frappe.get_all(
		"Lead Merge",
		filters={"winner": lead, "undone_on": ["is", "not set"]},
		pluck="loser",
		order_by="loser asc",
	)
	if losers:
		frappe.db.set_value(
			"Lead", {"name": ["in", losers]}, "inbox_merged_into", None, update_modified=False
		)
	for column in ("winner", "loser"):
		frappe.db.delete("Lead Merge", {column: lead})
