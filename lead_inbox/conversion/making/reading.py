"""What hangs on a lead, and what became of it."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion import records
from lead_inbox.custom_fields import CONVERSION_FIELDS


def contacts_of(lead: str) -> list[frappe._dict]:
	"""Return the Contacts that are linked with a lead, the oldest first: name and email_id."""
	return _linked(lead, "Contact", "email_id")


def addresses_of(lead: str) -> list[str]:
	"""Return the Addresses that are linked with a lead, the oldest first."""
	return [row.name for row in _linked(lead, "Address")]


def own_contact(lead: Any, contacts: list[frappe._dict]) -> str | None:
	"""Return the Contact that is the lead's person: the one with its e-mail, else the oldest."""
	same = [row.name for row in contacts if lead.email_id and row.email_id == lead.email_id]
	return next(iter([*same, *(row.name for row in contacts)]), None)


def _linked(lead: str, doctype: str, *fields: str) -> list[frappe._dict]:
	link, table = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType(doctype)
	return (
		frappe.qb.from_(link)
		.join(table)
		.on(link.parent == table.name)
		.select(table.name, *(table[field] for field in fields))
		.where((link.link_doctype == "Lead") & (link.link_name == lead) & (link.parenttype == doctype))
		.orderby(table.creation, table.name)
	).run(as_dict=True)


def carried(lead: str) -> list[dict[str, Any]]:
	"""Return what goes with the lead to its customer: a label and a count for each kind that there is."""
	about = {"reference_doctype": "Lead", "reference_name": lead}
	attached = {
		"attached_to_doctype": "Lead",
		"attached_to_name": lead,
		"attached_to_field": ["is", "not set"],
	}
	activities = {**about, "enrollment": ["is", "not set"], "status": ["in", ["Open", "Scheduled"]]}
	calls = {"parenttype": "Call Log", "link_doctype": "Lead", "link_name": lead}
	kinds = (
		(_("Messages"), "Lead Message", {"lead": lead}),
		(_("E-mails"), "Communication", {**about, "communication_type": "Communication"}),
		(_("Calls"), "Dynamic Link", calls),
		(_("Comments"), "Comment", {**about, "comment_type": "Comment"}),
		(_("Attachments"), "File", attached),
		(_("Notes"), "CRM Note", {"parenttype": "Lead", "parent": lead}),
		(_("Assignments"), "ToDo", {"reference_type": "Lead", "reference_name": lead, "status": "Open"}),
		(_("Activities"), "Sales Activity", activities),
		(_("Events"), "Event Participants", {"reference_doctype": "Lead", "reference_docname": lead}),
		(_("Tags"), "Tag Link", {"document_type": "Lead", "document_name": lead}),
		(_("Campaigns"), "Email Campaign", {"email_campaign_for": "Lead", "recipient": lead}),
	)
	counted = ((label, frappe.db.count(doctype, filters)) for label, doctype, filters in kinds)
	return [{"label": label, "count": count} for label, count in counted if count]


def conversion_of(lead: str) -> dict[str, Any] | None:
	"""Return what a lead became, by whom and when; None if it is not converted.

	conversion is None for a lead that was converted before conversions were kept.
	"""
	row = frappe.db.get_value("Lead", lead, ["inbox_converted", *CONVERSION_FIELDS], as_dict=True)
	if not row or not row.inbox_converted:
		return None
	parts = ("customer", "contact", "opportunity", "quotation", "converted_on", "converted_by")
	return {"conversion": records.in_force(lead), **{part: row[f"inbox_{part}"] for part in parts}}
