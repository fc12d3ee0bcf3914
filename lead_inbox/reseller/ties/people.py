"""The Contact of a Reseller Customer's Customer: one that is there, filled up, or one made of its fields."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from lead_inbox.conversion.making import reading
from lead_inbox.conversion.rules import Mode, Pick
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType, Origin
from lead_inbox.reseller.ties import likeness, presence, tie_rules

CONTACT = "Contact"


def own(doc: Any, customer: str) -> str | None:
	"""Return the Contact that stands for the administrator already: the Reseller Customer's, else the one of its
	Customer with an address of the person, else its lead's."""
	if presence.is_there(CONTACT, doc.contact):
		return doc.contact
	return likeness.same_contact(doc, customer) or (_of_lead(doc.lead) if doc.lead else None)


def tie(doc: Any, pick: Pick, customer: str) -> str | None:
	"""Return the Contact, made if need be; None where there is no name to make one of.

	Of one that is there empty fields are filled, if the user may write it; nothing is overwritten. Raises
	ResellerRefused for a chosen one that is gone, frappe.PermissionError for who may not read or create it.
	"""
	if pick.mode is Mode.NONE:
		return None
	if pick.mode is Mode.EXISTING:
		return _fill(doc, _chosen(pick.name))
	if present := own(doc, customer):
		return _fill(doc, frappe.get_doc(CONTACT, present, for_update=True))
	return _make(doc) if doc.first_name or doc.last_name else None


def _of_lead(name: str) -> str | None:
	lead = frappe.get_doc("Lead", name)
	if presence.is_there(CONTACT, lead.inbox_contact):
		return lead.inbox_contact
	return reading.own_contact(lead, reading.contacts_of(name))


def _chosen(name: str) -> Any:
	if not presence.is_there(CONTACT, name):
		refuse(_("Contact {0} does not exist any more. Choose another one.").format(escape_html(name)))
	contact = frappe.get_doc(CONTACT, name, for_update=True)
	contact.check_permission("read")
	return contact


def _fill(doc: Any, contact: Any) -> str:
	lacks_reach = (not contact.email_ids and _emails(doc)) or (not contact.phone_nos and doc.phone)
	if lacks_reach and contact.has_permission("write"):
		_add_reach(doc, contact)
		_as_part_of_conversion(contact).save()
	return contact.name


def _make(doc: Any) -> str:
	contact = frappe.get_doc(
		doctype=CONTACT,
		first_name=doc.first_name or doc.last_name,
		last_name=doc.last_name if doc.first_name else None,
		company_name=doc.organization_name,
	)
	_add_reach(doc, contact)
	return _as_part_of_conversion(contact).insert().name


def _add_reach(doc: Any, contact: Any) -> None:
	if not contact.email_ids:
		for place, email in enumerate(_emails(doc)):
			contact.append("email_ids", {"email_id": email, "is_primary": int(place == 0)})
	if doc.phone and not contact.phone_nos:
		contact.append("phone_nos", {"phone": doc.phone, "is_primary_phone": 1})


def _emails(doc: Any) -> list[str]:
	return tie_rules.emails_in_order(
		Origin(doc.origin),
		CustomerType(doc.customer_type),
		doc.primary_email or "",
		doc.alternate_email or "",
	)


def _as_part_of_conversion(contact: Any) -> Any:
	"""So that saving it neither commits in the middle of our transaction nor rewrites the numbers of a lead."""
	contact.flags.lead_inbox_conversion = True
	return contact
