"""The Contact of a conversion, and what links people and places of the lead with the Customer.

The lead's person has one Contact. What ERPNext made with the lead goes on as the Customer's; when the user
picks one that the Customer has already, the lead's stays the lead's, so that nobody appears twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.contacts.doctype.contact.contact import get_full_name
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum
from frappe.utils import now_datetime

from lead_inbox.conversion.ledger import Ledger
from lead_inbox.conversion.making import filling, filling_rules
from lead_inbox.conversion.making.parts import Record, Request
from lead_inbox.conversion.mapping import mapping
from lead_inbox.conversion.rules import Mode, Pick

CONTACT = "Contact"
FROM_LEAD = {
	"salutation": "salutation",
	"first_name": "first_name",
	"middle_name": "middle_name",
	"last_name": "last_name",
	"gender": "gender",
	"job_title": "designation",
	"company_name": "company_name",
}


def plan(request: Request, pick: Pick, own: str | None) -> Record | None:
	"""Return the Contact of the lead's person. Nothing is stored. own: the one that the lead has."""
	name = pick.name if pick.mode is Mode.EXISTING else own
	draft = _draft(request)
	if not name:
		return Record(draft, _values(draft, request.lead) | _add_reach(draft, request.lead), freely=True)
	is_own = name == own
	contact = filling.stored(request, CONTACT, name, freely=is_own)
	if not contact:
		return None
	record = Record(contact, {}, freely=is_own)
	filling.fill(record, request.lead, _values(draft, request.lead))
	record.values.update(_add_reach(contact, request.lead))
	return record


def store(contact: Record, ledger: Ledger) -> str:
	"""Write the Contact and return its name."""
	was_new = contact.is_new
	added = [row for row in _rows(contact.doc) if row.is_new()]
	name = filling.store(contact, ledger)
	if not was_new:
		for row in added:
			ledger.linked(row.doctype, row.name)
	return name


def link(customer: str, title: str, parents: Mapping[str, Iterable[str]], ledger: Ledger) -> None:
	"""Link Contacts and Addresses with the Customer, those that are not yet.

	parents: names by DocType. Written as rows, without saving their documents: nothing about them changes,
	and saving a Contact has ERPNext rewrite the numbers of its lead. An open form must be reloaded, though,
	or it would save the row away.
	"""
	for doctype, names in parents.items():
		unlinked = _not_linked(customer, doctype, list(names))
		for name, count in unlinked.items():
			row = frappe.get_doc(
				doctype="Dynamic Link",
				parenttype=doctype,
				parent=name,
				parentfield="links",
				idx=count + 1,
				link_doctype="Customer",
				link_name=customer,
				link_title=title,
			)
			row.db_insert()
			ledger.linked(row.doctype, row.name)
		if unlinked:
			parts = {"name": ["in", list(unlinked)]}
			frappe.db.set_value(doctype, parts, "modified", now_datetime(), update_modified=False)


def note_lead(contact: str | None, lead: str, ledger: Ledger) -> None:
	"""Let a Contact name the lead that it came from, if it names none."""
	if contact and not frappe.db.get_value(CONTACT, contact, "inbox_lead"):
		frappe.db.set_value(CONTACT, contact, "inbox_lead", lead)
		ledger.filled(CONTACT, contact, {"inbox_lead": lead})


def _draft(request: Request) -> Any:
	"""A Contact as ERPNext would make it of the lead, without how the person is reached."""
	lead, draft = request.lead, frappe.new_doc(CONTACT)
	draft.update({target: lead.get(source) for source, target in FROM_LEAD.items() if lead.get(source)})
	draft.first_name = draft.first_name or lead.lead_name
	draft.full_name = get_full_name(draft.first_name, draft.middle_name, draft.last_name, draft.company_name)
	draft.inbox_lead = lead.name
	mapping.fill_mapped(lead, draft)
	filling.drop_gone_links(request, draft)
	return draft


def _values(draft: Any, lead: Any) -> dict[str, Any]:
	return filling.carried(lead, draft) | {"inbox_lead": lead.name}


def _add_reach(contact: Any, lead: Any) -> dict[str, str]:
	"""Add the lead's address and numbers where the Contact has none, and return them by the field that shows them."""
	added = {}
	if lead.email_id and not contact.email_ids:
		contact.append("email_ids", {"email_id": lead.email_id, "is_primary": 1})
		added["email_id"] = lead.email_id
	listed = {row.phone for row in contact.phone_nos}
	numbers = filling_rules.numbers_to_add(
		lead, {"phone": contact.phone, "mobile_no": contact.mobile_no, "listed": listed}
	)
	for number in dict.fromkeys(numbers.values()):
		purposes = {f"is_primary_{field}": 1 for field, value in numbers.items() if value == number}
		contact.append("phone_nos", {"phone": number, **purposes})
	contact.update(added | numbers)
	return added | numbers


def _rows(contact: Any) -> list[Any]:
	return [*contact.email_ids, *contact.phone_nos]


def _not_linked(customer: str, doctype: str, names: list[str]) -> dict[str, int]:
	"""Return those that are not linked with the Customer, with the number of links that they have."""
	link = frappe.qb.DocType("Dynamic Link")
	is_customers = (link.link_doctype == "Customer") & (link.link_name == customer)
	rows = (
		frappe.qb.from_(link)
		.select(link.parent, Count("*"), Sum(Case().when(is_customers, 1).else_(0)))
		.where((link.parenttype == doctype) & link.parent.isin([*names, ""]))
		.groupby(link.parent)
	).run()
	counts = dict.fromkeys(names, 0) | {parent: count for parent, count, _linked in rows}
	linked = {parent for parent, _count, is_linked in rows if is_linked}
	return {name: count for name, count in counts.items() if name not in linked}
