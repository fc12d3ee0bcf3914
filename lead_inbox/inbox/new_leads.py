"""Which Leads must not be made, whoever tries: doubles, and what a machine mailed (RE-2)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import comma_and, get_link_to_form

from lead_inbox.channels.mail_nature import judge


def refused_because(lead: Any) -> str | None:
	"""Return why a new Lead must not be inserted, None when it may.

	lead: the document, before it has a name.
	"""
	return _double_of(lead) or _mailed_by_machine(lead)


def forget_contact(lead: Any) -> None:
	"""Delete the Contact that ERPNext has just made for a Lead that is refused.

	One that it found, a customer's, is linked to that customer.
	"""
	contact = lead.get("contact_doc")
	if contact and not contact.links:
		frappe.delete_doc(
			"Contact", contact.name, force=True, ignore_permissions=True, delete_permanently=True
		)
		lead.contact_doc = None


def _double_of(lead: Any) -> str | None:
	"""What ERPNext's own check would say, in its words, which are translated there."""
	if not lead.email_id or lead.flags.ignore_validate:
		return None
	if frappe.db.get_single_value("CRM Settings", "allow_lead_duplication_based_on_emails", cache=True):
		return None
	doubles = frappe.get_all(
		"Lead", filters={"email_id": lead.email_id}, pluck="name", order_by="creation asc", limit=5
	)
	links = [frappe.bold(get_link_to_form("Lead", name)) for name in doubles]
	if not links:
		return None
	return _("Email Address must be unique, it is already used in {0}").format(comma_and(links))


def _mailed_by_machine(lead: Any) -> str | None:
	"""Whether Frappe's mail receiver makes a Lead of a bounce or an automatic answer.

	It does for each new thread on an Email Account that appends to Lead: with the sender as the address and
	the subject as the title, which a person leaves to ERPNext, and with open mandatory fields.
	"""
	if not lead.flags.ignore_mandatory or not lead.title:
		return None
	if judge(lead.email_id or "", lead.title, "").nature == "Person":
		return None
	return _("A mail that no person wrote makes no lead.")
