"""The Address of a Reseller Customer's Customer: one that is there, or one made of its fields."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from lead_inbox.conversion.matching.matching import Match
from lead_inbox.conversion.rules import Mode, Pick
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.ties import presence, tie_rules
from lead_inbox.reseller.ties.beginning import ADDRESS_FIELDS

ADDRESS = "Address"
MOST = 100  # of one lead or Customer


def matches(doc: Any, customer: str | None) -> list[Match]:
	"""Return Addresses of the lead and of a Customer, the same place first; only what the user may read."""
	found = {row.name: row for row in _known(doc, customer)}
	rows = (
		frappe.get_list(
			ADDRESS,
			filters={"name": ["in", list(found)]},
			fields=["name", *ADDRESS_FIELDS],
			order_by="name asc",
			limit=len(found),
		)
		if found and frappe.has_permission(ADDRESS)
		else []
	)
	same = {row.name for row in rows if tie_rules.is_same_place(doc.as_dict(), _place(row))}
	ordered = sorted(rows, key=lambda row: row.name not in same)
	return [Match(row.name, _line(row), (_reason(row.name in same, found[row.name]),)) for row in ordered]


def tie(doc: Any, pick: Pick, customer: str) -> str | None:
	"""Return the Address of a Customer, made if need be; None where there is too little to make one of.

	Raises ResellerRefused for a chosen one that is gone, frappe.PermissionError for who may not read or
	create it.
	"""
	if pick.mode is Mode.NONE:
		return None
	if pick.mode is Mode.EXISTING:
		return _chosen(pick.name)
	if presence.is_there(ADDRESS, doc.address):
		return doc.address
	values = doc.as_dict()
	same = (row.name for row in _known(doc, customer) if tie_rules.is_same_place(values, _place(row)))
	found = next(same, None)
	return found or (_make(doc, customer) if tie_rules.is_whole_place(values) else None)


def _chosen(name: str) -> str:
	if not presence.is_there(ADDRESS, name):
		refuse(_("Address {0} does not exist any more. Choose another one.").format(escape_html(name)))
	frappe.has_permission(ADDRESS, ptype="read", doc=name, throw=True)
	return name


def _make(doc: Any, customer: str) -> str:
	values = {source: doc.get(target) for source, target in ADDRESS_FIELDS.items()}
	address = frappe.get_doc(
		doctype=ADDRESS,
		address_title=doc.organization_name,
		address_type="Billing",
		links=[{"link_doctype": "Customer", "link_name": customer}],
		**values,
	)
	return address.insert().name


def _known(doc: Any, customer: str | None) -> list[frappe._dict]:
	"""Return the Addresses of the lead and of the Customer, the Customer's first."""
	parties = [("Customer", customer), ("Lead", doc.lead)]
	found: dict[str, frappe._dict] = {}
	for doctype, name in parties:
		for row in _linked(doctype, name) if name else ():
			found.setdefault(row.name, row)
	return list(found.values())


def _linked(doctype: str, name: str) -> list[frappe._dict]:
	link, address = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType(ADDRESS)
	return (
		frappe.qb.from_(link)
		.join(address)
		.on(link.parent == address.name)
		.select(address.name, link.link_doctype, *(address[field] for field in ADDRESS_FIELDS))
		.where((link.link_doctype == doctype) & (link.link_name == name) & (link.parenttype == ADDRESS))
		.where(address.disabled == 0)
		.orderby(address.creation, address.name)
		.limit(MOST)
	).run(as_dict=True)


def _place(row: Any) -> dict[str, Any]:
	return {target: row.get(source) for source, target in ADDRESS_FIELDS.items()}


def _line(row: Any) -> str:
	return ", ".join(filter(None, (row.address_line1, row.city, row.pincode, row.country)))


def _reason(is_same: bool, row: Any) -> str:
	if is_same:
		return _("The same place")
	return _("An address of the customer") if row.link_doctype == "Customer" else _("An address of the lead")
