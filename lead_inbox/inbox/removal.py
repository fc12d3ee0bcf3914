"""What goes with a lead when it goes."""

from __future__ import annotations

from collections.abc import Mapping

import frappe

OWNED_BY_LEAD = (
	*("Lead Message", "Lead Transition", "Lead Read Marker", "Lead Dispute"),
	*("Sales Activity", "Sequence Enrollment", "Bulk Lead Conversion Row"),
)


def delete_traces(lead: str) -> None:
	"""Delete what belongs to a lead alone. Its events stay for their retention, without the link:
	a second delivery of the same event must not bring back what a person deleted."""
	_delete_attachments(lead)
	delete_calendar_entries({"lead": lead})
	for doctype in OWNED_BY_LEAD:
		frappe.db.delete(doctype, {"lead": lead})
	frappe.db.set_value("Lead Event", {"lead": lead}, {"lead": None, "lead_message": None})
	_delete_merges(lead)
	_delete_conversions(lead)


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


def delete_calendar_entries(activities: Mapping[str, str]) -> None:
	"""Delete what activities have put into people's calendars: it says whom to contact, and why.

	activities: filters that tell those of a record.
	"""
	entries = frappe.get_all(
		"Sales Activity", filters=activities, fields=["event", "reminder"], order_by="name asc"
	)
	for event in {row.event for row in entries if row.event}:
		if frappe.db.exists("Event", event):
			# whoever may delete the record may this, though the calendar is somebody else's
			frappe.delete_doc("Event", event, ignore_permissions=True, force=True)
	if reminders := [row.reminder for row in entries if row.reminder]:
		frappe.db.delete("Reminder", {"name": ["in", reminders]})


def _delete_conversions(lead: str) -> None:
	"""What became of the lead stays, and says no more that it came from it. A Customer that names a lead
	which was never converted here keeps it, and Frappe refuses to delete that lead."""
	filters = {"lead": lead}
	found = frappe.get_all(
		"Lead Conversion", filters=filters, fields=["name", "customer"], order_by="creation asc"
	)
	for doctype in ("Contact", "Opportunity", "Quotation"):
		frappe.db.set_value(doctype, {"inbox_lead": lead}, "inbox_lead", None)
	if not found:
		return
	customers = [row.customer for row in found]
	frappe.db.set_value("Customer", {"name": ["in", customers], "lead_name": lead}, "lead_name", None)
	frappe.db.delete("Lead Conversion Entry", {"parent": ["in", [row.name for row in found]]})
	frappe.db.delete("Lead Conversion", filters)


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
