"""What Reseller Customers do when what they are tied to becomes something else, or goes (RS-8).

Somebody may have one open in a form: it has to be loaded again then, or it would save the old tie.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from lead_inbox.conversion import records
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Status, is_there
from lead_inbox.reseller.ties import tie_rules

FIELDS = ("name", "status", "customer", "contact", "crm_id")


def identity_changed(lead: str) -> None:
	"""A listener of the inbox: a lead has become a Customer, or has got what was another lead's, or that was
	taken back. Those without a Customer get the lead's; one that they got so goes with it."""
	rows = _rows({"lead": lead})
	if not rows:
		return
	became = frappe.db.get_value("Lead", lead, ["inbox_customer", "inbox_contact"], as_dict=True)
	if became.inbox_customer:
		_give(rows, lead, became.inbox_customer, became.inbox_contact)
	else:
		_take_back(rows, lead)


def lead_deleted(lead: str) -> None:
	"""Let go of a lead that is being deleted: what the vendor knows does not end with it."""
	for row in _rows({"lead": lead}):
		_write(row, {"lead": None}, lead, row.customer)


def customer_renamed(old: str, new: str) -> None:
	"""Frappe itself has put the new name into the links, also when one Customer became a part of another."""
	for row in _rows({"customer": new, "crm_id": old}):
		_write(row, {}, old, new)


def customer_deleted(customer: str) -> None:
	"""Let go of a Customer that is being deleted, unless the vendor has an account for it: then Frappe refuses
	to delete it, and names the Reseller Customer."""
	for row in _rows({"customer": customer}):
		if not is_there(Status(row.status)):
			lead = frappe.db.get_value(RESELLER_CUSTOMER, row.name, "lead")
			_write(row, {"customer": None}, customer, lead)


def contact_deleted(doc: Any, _method: str | None = None) -> None:
	"""Let go of a Contact that is being deleted. The administrator's name and addresses stay."""
	_empty("contact", doc.name)


def address_deleted(doc: Any, _method: str | None = None) -> None:
	"""Let go of an Address that is being deleted. What it said stays."""
	_empty("address", doc.name)


def _give(rows: list[frappe._dict], lead: str, customer: str, contact: str | None) -> None:
	for row in rows:
		if not row.customer:
			_write(row, {"customer": customer, "contact": row.contact or contact}, lead, customer)


def _take_back(rows: list[frappe._dict], lead: str) -> None:
	"""A Customer or Contact that the user chose stays."""
	given = _once_given(lead)
	for row in rows:
		if row.customer in given["customer"]:
			gone = {part: None for part in given if row[part] in given[part]}
			_write(row, gone, row.customer, lead)


def _once_given(lead: str) -> dict[str, set[str]]:
	"""Return the Customers and Contacts of the lead's conversions that were taken back, and of the leads that
	it was a part of for a while."""
	parts = ("customer", "contact")
	undone = frappe.get_all(
		records.CONVERSION,
		filters={"lead": lead, "status": records.Status.UNDONE.value},
		fields=list(parts),
		order_by="undone_on asc",
	)
	winners = frappe.get_all("Lead Merge", filters={"loser": lead}, pluck="winner", order_by="merged_on asc")
	became = frappe.get_all(
		"Lead",
		filters={"name": ["in", winners]},
		fields=[f"inbox_{part} as {part}" for part in parts],
		order_by="name asc",
	)
	return {part: {row[part] for row in (*undone, *became) if row[part]} for part in parts}


def _rows(filters: Mapping[str, str]) -> list[frappe._dict]:
	return frappe.get_all(RESELLER_CUSTOMER, filters=filters, fields=list(FIELDS), order_by="name asc")


def _write(row: frappe._dict, values: Mapping[str, Any], before: str | None, after: str | None) -> None:
	"""before, after: by what the vendor was to know the customer, and is now."""
	crm_id = tie_rules.crm_id(row.crm_id, before, after, Status(row.status))
	frappe.db.set_value(RESELLER_CUSTOMER, row.name, {**values, "crm_id": crm_id})


def _empty(field: str, name: str) -> None:
	frappe.db.set_value(RESELLER_CUSTOMER, {field: name}, field, None)
