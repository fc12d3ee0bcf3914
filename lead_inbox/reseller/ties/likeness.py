"""Records that a Reseller Customer may be already, each with the reason, as a lead's are found (CO-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.phone import fold_email
from lead_inbox.conversion.matching import matching, person
from lead_inbox.conversion.matching.found import Found
from lead_inbox.conversion.matching.matching import Match
from lead_inbox.conversion.matching.person import Person
from lead_inbox.reseller import reading
from lead_inbox.reseller.records import RESELLER_CUSTOMER

CONTACT = "Contact"


def customers(doc: Any, became: str | None = None) -> list[Match]:
	"""Return Customers that a Reseller Customer may be, best first; only what the user may read.

	doc: the Reseller Customer. became: the Customer that its lead is already, which comes first. details:
	customer_group, territory, disabled. Of the others, disabled ones come last.
	"""
	found = Found()
	found.add([became] if became else [], _("Its lead became this customer"))
	found.add(_of_same_domain(doc), _("It has this domain with another product family"))
	matches = matching.customers_like(_person(doc), found)
	return sorted(matches, key=lambda match: match.name != became)


def contacts(doc: Any, customer: str | None) -> list[Match]:
	"""Return Contacts that the administrator may be, best first; only what the user may read.

	customer: an existing Customer, whose Contacts are also compared by name. details: email, phone, company.
	"""
	return matching.contacts_like(_person(doc), customer)


def same_contact(doc: Any, customer: str | None) -> str | None:
	"""Return the Contact of a Customer that has an address of the administrator or the lead, the oldest of
	several; None where there is none that the user may read."""
	names = _with_address(customer, _person(doc).emails) if customer else []
	if not names or not frappe.has_permission(CONTACT):
		return None
	filters = {"name": ["in", names]}
	return next(iter(frappe.get_list(CONTACT, filters, pluck="name", order_by="creation asc", limit=1)), None)


def _with_address(customer: str, emails: tuple[str, ...]) -> list[str]:
	"""Return the Contacts of a Customer that have one of these addresses, which are folded. The column folds
	accents as well as case, so the answer is compared once more."""
	if not emails:
		return []
	link, email = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType("Contact Email")
	rows = (
		frappe.qb.from_(link)
		.join(email)
		.on((email.parent == link.parent) & (email.parenttype == link.parenttype))
		.select(link.parent, email.email_id)
		.where((link.link_doctype == "Customer") & (link.link_name == customer))
		.where((link.parenttype == CONTACT) & email.email_id.isin(emails))
		.orderby(link.parent)
	).run()
	return [contact for contact, address in rows if fold_email(address) in emails]


def _person(doc: Any) -> Person:
	"""Return who is looked for: what the Reseller Customer says, and what its lead says beyond that."""
	own = person.described(
		lead=doc.lead,
		name=" ".join(filter(None, (doc.first_name, doc.last_name))),
		company=doc.organization_name,
		emails=[doc.primary_email, doc.alternate_email],
		numbers=[doc.phone],
		contacts=[doc.contact] if doc.contact else [],
		customer=None,
		country=doc.country,
	)
	return _with_lead(own, person.of_lead(doc.lead)) if doc.lead else own


def _with_lead(own: Person, lead: Person) -> Person:
	return replace(
		own,
		name=own.name or lead.name,
		company=own.company or lead.company,
		emails=tuple(sorted({*own.emails, *lead.emails})),
		phones=own.phones | lead.phones,
		written=tuple(sorted({*own.written, *lead.written})),
		contacts=own.contacts | lead.contacts,
		customer=lead.customer,
	)


def _of_same_domain(doc: Any) -> list[str]:
	"""Return the Customers of others with this domain, by the index on their keys."""
	domain = reading.ascii_domain(doc)
	if not domain:
		return []
	return frappe.get_all(
		RESELLER_CUSTOMER,
		filters={"domain_key": ["like", f"{domain}|%"], "customer": ["is", "set"], "name": ["!=", doc.name]},
		pluck="customer",
		order_by="creation asc",
	)
