"""Personal data of a lead: keeping it findable, and erasing it."""

from __future__ import annotations

import frappe

from lead_inbox.inbox import listeners
from lead_inbox.inbox.identity import merged_into
from lead_inbox.inbox.personal_fields import PERSONAL_FIELDS, REDACTED
from lead_inbox.inbox.removal import delete_calendar_entries

FOLLOWING = (
	*("Lead Message", "Lead Event", "Lead Dispute", "Sales Activity"),
	*("Booking", "Booking Review"),
)
# Rows of a lead without an address of their own: only whoever knows the lead finds them.
WITHOUT_ADDRESS = ("Sequence Enrollment", "Bulk Lead Conversion Row", "Booking Reminder")


def follow_email(lead: str, email: str | None) -> None:
	"""Let what belongs to a lead be found by its present e-mail address: Frappe's requests for
	personal data look for documents by an address in one of their own fields."""
	for doctype in FOLLOWING:
		frappe.db.set_value(doctype, {"lead": lead}, "lead_email", email, update_modified=False)


def erase(lead: str) -> None:
	"""Erase what a lead's source has wiped (IN-11): the person goes, the figures stay.

	The person is also in the leads that were merged into this one.
	"""
	names = (lead, *merged_into(lead))
	nobody = {**_emptied("Lead"), "lead_name": REDACTED, "title": REDACTED, "email_id": None}
	for name in names:  # all leads first: whoever writes what follows a lead holds the lead already
		frappe.db.set_value("Lead", name, nobody)
	for name in names:
		_erase_followers(name)


def _erase_followers(lead: str) -> None:
	for doctype in FOLLOWING:
		emptied = {**_emptied(doctype), "lead_email": None}
		frappe.db.set_value(doctype, {"lead": lead}, emptied, update_modified=False)
	for doctype in WITHOUT_ADDRESS:
		frappe.db.set_value(doctype, {"lead": lead}, _emptied(doctype), update_modified=False)
	delete_calendar_entries({"lead": lead})
	listeners.erased(lead)
	_erase_contacts(lead)


def _emptied(doctype: str) -> dict[str, None]:
	meta = frappe.get_meta(doctype)
	return {field: None for field in PERSONAL_FIELDS[doctype] if meta.has_field(field)}


def _erase_contacts(lead: str) -> None:
	"""Delete the Contacts that stand for this lead alone."""
	contacts = frappe.get_all(
		"Dynamic Link",
		filters={"link_doctype": "Lead", "link_name": lead, "parenttype": "Contact"},
		pluck="parent",
		order_by="parent asc",
	)
	for contact in contacts:
		if frappe.db.count("Dynamic Link", {"parenttype": "Contact", "parent": contact}) == 1:
			frappe.delete_doc("Contact", contact, force=True, ignore_permissions=True)  # the source's order
