"""Records that a lead, or somebody else, may be already: Customers, Contacts and Opportunities, each with the
reason (CO-3).

Names are found by an index that folds spellings, addresses and the usual ways to write a number by theirs.
A number that is written in another way is found only among the Contacts of Customers that were found by
something else: no index knows it. The caller has checked the right to the lead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from lead_inbox.channels.phone import fold_email
from lead_inbox.conversion.matching import customer_names, person
from lead_inbox.conversion.matching.company_keys import stored_key
from lead_inbox.conversion.matching.found import Found
from lead_inbox.conversion.matching.name_rules import person_key
from lead_inbox.conversion.matching.person import Person
from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.identity import PHONE_KEY_FIELDS

LIMIT = 10
CANDIDATES = 50  # a kind; some of them are not the user's to see
MOST_CONTACTS = 500  # of the Customers at hand
SETTLED = ("Lost", "Closed", "Converted")


@dataclass(frozen=True)
class Match:
	"""A record that may be the one meant.

	reasons: in words, translated, the strongest first. details: what helps to tell it from others, masked
	like everything else that the user sees of a customer.
	"""

	name: str
	label: str
	reasons: tuple[str, ...]
	details: dict[str, Any] = field(default_factory=dict)


def customers(lead: str) -> list[Match]:
	"""Return Customers that the lead may be already, as `customers_like` does."""
	return customers_like(person.of_lead(lead), Found())


def customers_like(who: Person, found: Found) -> list[Match]:
	"""Return Customers that somebody may be already, best first; only what the user may read.

	found: those that the caller has found by what it alone knows. details: customer_group, territory,
	disabled. Disabled ones come last.
	"""
	# A person's name alone is many people's: it finds those that are spelled the same.
	if key := stored_key(who.company or who.name):
		found.add(customer_names.same_key(key), _("Same company name") if who.company else _("Same name"))
	if key and who.company:
		found.add(customer_names.alike(key), _("A company name that is spelled alike"))
	found.add(filter(None, [who.customer]), _("The lead names it as its customer"))
	found.add(_customers_of(who.contacts), _("It has the same contact"))
	found.add(_customers_of(_by_email(who)), _("One of its contacts has the same e-mail address"))
	by_phone = {*_by_phone(who), *_numbers_among(who, _contacts_of(found.reasons))}
	found.add(_customers_of(by_phone), _("One of its contacts has the same phone number"))
	found.add(_became(who), _("Another lead with the same phone number became this customer"))
	return _customer_matches(found)


def contacts(lead: str, customer: str | None) -> list[Match]:
	"""Return Contacts that the lead's person may be already, as `contacts_like` does."""
	return contacts_like(person.of_lead(lead), customer)


def contacts_like(who: Person, customer: str | None) -> list[Match]:
	"""Return Contacts that a person may be already, best first; only what the user may read.

	customer: an existing Customer, whose Contacts are also compared by name, and by numbers however they
	are written. The Contacts that stand for the person already are not among them. details: email, phone,
	company.
	"""
	theirs = _contacts_of([customer]) if customer else []
	found = Found()
	found.add(_by_email(who), _("Same e-mail address"))
	found.add([*_by_phone(who), *_numbers_among(who, theirs)], _("Same phone number"))
	found.add(_by_name(who, theirs), _("Same name, and a contact of this customer"))
	found.drop(who.contacts)
	return _contact_matches(found)


def opportunities(lead: str, customer: str | None) -> list[dict[str, Any]]:
	"""Return open Opportunities of the lead and of an existing Customer: name, title, status. Newest first;
	only what the user may read."""
	if not frappe.has_permission("Opportunity"):
		return []
	parties = [("Lead", lead), *([("Customer", customer)] if customer else [])]
	rows = [row for kind, party in parties for row in _opportunities_of(kind, party)]
	return [{**row, "title": masking.name(row.title)} for row in rows][:LIMIT]


def _opportunities_of(kind: str, party: str) -> list[Any]:
	return frappe.get_list(
		"Opportunity",
		filters={"party_name": party, "opportunity_from": kind, "status": ["not in", SETTLED]},
		fields=["name", "title", "status"],
		order_by="creation desc",
		limit=LIMIT,
	)


def _became(who: Person) -> list[str]:
	"""However a number is written, a lead keeps its normal form, and that has an index."""
	if not who.phones:
		return []
	return [
		customer
		for key in PHONE_KEY_FIELDS
		for customer in frappe.get_all(
			"Lead",
			filters={
				key: ["in", sorted(who.phones)],
				"inbox_customer": ["is", "set"],
				"name": ["!=", who.lead],
			},
			pluck="inbox_customer",
			order_by="creation desc",
			limit=CANDIDATES,
		)
	]


def _by_email(who: Person) -> list[str]:
	"""The column folds accents as well as case, so the answer is compared once more."""
	rows = _contact_rows("Contact Email", "email_id", who.emails)
	return [contact for contact, email in rows if fold_email(email) in who.emails]


def _by_phone(who: Person) -> list[str]:
	rows = _contact_rows("Contact Phone", "phone", who.written)
	return [contact for contact, number in rows if who.has_number(number)]


def _contact_rows(doctype: str, column: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
	if not values:
		return []
	return frappe.get_all(
		doctype,
		filters={column: ["in", values], "parenttype": "Contact"},
		fields=["parent", column],
		order_by="parent asc",
		limit=CANDIDATES,
		as_list=True,
	)


def _numbers_among(who: Person, contacts: list[str]) -> list[str]:
	"""Return those of the Contacts that have a number of the lead's, however it is written."""
	if not (contacts and who.phones):
		return []
	rows = frappe.get_all(
		"Contact Phone",
		filters={"parent": ["in", contacts]},
		fields=["parent", "phone"],
		order_by="parent asc",
		limit=MOST_CONTACTS,
	)
	return [row.parent for row in rows if row.phone and who.has_number(row.phone)]


def _by_name(who: Person, contacts: list[str]) -> list[str]:
	key = person_key(who.name)
	if not (key and contacts):
		return []
	rows = frappe.get_all(
		"Contact",
		filters={"name": ["in", contacts]},
		fields=["name", "full_name"],
		order_by="creation asc",
		limit=MOST_CONTACTS,
	)
	return [row.name for row in rows if person_key(row.full_name or "") == key]


def _contacts_of(customers: Iterable[str]) -> list[str]:
	return _links({"link_doctype": "Customer", "link_name": ["in", list(customers)]}, "parent")


def _customers_of(contacts: Iterable[str]) -> list[str]:
	return _links({"parent": ["in", list(contacts)], "link_doctype": "Customer"}, "link_name")


def _links(filters: dict[str, Any], column: str) -> list[str]:
	if any(value == ["in", []] for value in filters.values()):
		return []
	return frappe.get_all(
		"Dynamic Link",
		filters={**filters, "parenttype": "Contact"},
		pluck=column,
		order_by="parent asc",
		limit=MOST_CONTACTS,
	)


def _customer_matches(found: Found) -> list[Match]:
	details = ("customer_group", "territory", "disabled")
	rows = _readable("Customer", found, ("name", "customer_name", *details))
	ranked = sorted(found.ranked(rows), key=lambda name: rows[name].disabled)
	return [
		Match(
			name,
			masking.name(rows[name].customer_name),
			tuple(found.reasons[name]),
			{field: rows[name][field] for field in details},
		)
		for name in ranked[:LIMIT]
	]


def _contact_matches(found: Found) -> list[Match]:
	rows = _readable(
		"Contact", found, ("name", "full_name", "email_id", "phone", "mobile_no", "company_name")
	)
	return [
		Match(
			name,
			masking.name(rows[name].full_name or name),
			tuple(found.reasons[name]),
			{
				"email": masking.address(rows[name].email_id),
				"phone": masking.number(rows[name].mobile_no or rows[name].phone),
				"company": rows[name].company_name,
			},
		)
		for name in found.ranked(rows)[:LIMIT]
	]


def _readable(doctype: str, found: Found, fields: tuple[str, ...]) -> dict[str, Any]:
	"""Return the rows of those that the user may read."""
	if not found.reasons or not frappe.has_permission(doctype):
		return {}
	rows = frappe.get_list(
		doctype,
		filters={"name": ["in", list(found.reasons)]},
		fields=list(fields),
		order_by="name asc",
		limit=len(found.reasons),
	)
	return {row.name: row for row in rows}
