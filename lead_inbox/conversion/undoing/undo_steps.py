"""Doing what undo.py has decided. The caller holds the lead and the conversion."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.conversion.carrying import belongings, history, work
from lead_inbox.conversion.records import CONVERSION, Action, Status
from lead_inbox.conversion.undoing import undo_rules
from lead_inbox.conversion.undoing.undo_reading import Entry, Facts
from lead_inbox.conversion.undoing.undo_rules import Record
from lead_inbox.custom_fields import CONVERSION_FIELDS, STATE_FIELDS
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.merging.merging import FOLLOWING

# The field by which a record says which lead it came from.
LEAD_FIELDS = {
	"Customer": "lead_name",
	"Contact": "inbox_lead",
	"Opportunity": "inbox_lead",
	"Quotation": "inbox_lead",
}
QUALIFICATION = "qualification_status"
NUMBERS = ("Check", "Int", "Long Int", "Float", "Currency", "Percent", "Duration", "Rating")
BATCHES = {"File": belongings.detach, "Tag Link": belongings.untag}


def take_back(facts: Facts, *, remove: bool) -> None:
	"""Undo all that the conversion did. remove: delete what it made and nobody needs; else it stays."""
	removed = facts.fates.removed if remove else ()
	emptied = facts.emptied
	_end(facts.row.name)
	for entry in facts.of(Action.MOVED):
		work.move_back(entry.record.doctype, entry.detail)
	for entry in facts.of(Action.LINKED):
		_take_away(entry)
	for record, fields in emptied.items():
		_empty(record, fields)
	_cut_from_lead(facts)
	_give_back(facts)  # what the lead names can't be deleted
	_unlink(removed)
	for record in removed:
		# the user's own conversion made it, and nobody has touched it since
		frappe.delete_doc(record.doctype, record.name, ignore_permissions=True)


def forget(facts: Facts, record: Record) -> None:
	"""Let a conversion, its lead and the rows that it added to the lead's history not name a record any more.

	record: a Contact, an Opportunity or a Quotation.
	"""
	part = record.doctype.lower()
	lifecycle.absorb(facts.row.lead, {f"inbox_{part}": None})
	frappe.db.set_value(CONVERSION, facts.row.name, part, None)
	for links in history.ALL:
		for entry in facts.of(Action.LINKED):
			if entry.record.doctype == links.table:
				names = {links.type_column: record.doctype, links.name_column: record.name}
				frappe.db.delete(links.table, {"name": _names(entry), **names})


def _end(conversion: str) -> None:
	values = {
		"status": Status.UNDONE.value,
		"undone_on": now_datetime(),
		"undone_by": frappe.session.user,
		"in_force_key": None,
	}
	frappe.db.set_value(CONVERSION, conversion, values)


def _take_away(entry: Entry) -> None:
	"""Delete a row, or a batch of rows, that the conversion added to something. A document that it linked
	with the lead is none of those and stays."""
	doctype = entry.record.doctype
	if doctype in BATCHES:
		BATCHES[doctype](entry.record.name)
	elif frappe.get_meta(doctype).istable:
		_touch_parents(doctype, _names(entry))
		frappe.db.delete(doctype, {"name": _names(entry)})


def _names(entry: Entry) -> Any:
	"""Return the filter for the row, or the batch of rows, of an entry."""
	return ["like", f"{entry.record.name}-%"] if "rows" in entry.detail else entry.record.name


def _touch_parents(doctype: str, names: Any) -> None:
	"""Let open forms notice that a row is gone. Nobody edits the mails, of which there may be thousands."""
	if doctype == "Communication Link":
		return
	rows = frappe.get_all(
		doctype, filters={"name": names}, fields=["parent", "parenttype"], order_by="parent asc"
	)
	for parenttype in {row.parenttype for row in rows}:
		parents = [row.parent for row in rows if row.parenttype == parenttype]
		frappe.db.set_value(
			parenttype, {"name": ["in", parents]}, "modified", now_datetime(), update_modified=False
		)
		for parent in parents:
			frappe.clear_document_cache(parenttype, parent)


def _empty(record: Record, fields: Iterable[str]) -> None:
	meta = frappe.get_meta(record.doctype)
	nothing = {field: 0 if meta.get_field(field).fieldtype in NUMBERS else None for field in fields}
	frappe.db.set_value(record.doctype, record.name, nothing)


def _cut_from_lead(facts: Facts) -> None:
	"""Let nothing that stays say that it came of the lead. By its Customer ERPNext would call the lead
	Converted again, whoever made that."""
	for record in {Record("Customer", facts.row.customer), *facts.present}:
		field = LEAD_FIELDS[record.doctype]
		if frappe.db.get_value(record.doctype, record.name, field) == facts.row.lead:
			frappe.db.set_value(record.doctype, record.name, field, None)


def _unlink(removed: Iterable[Record]) -> None:
	"""Take apart what goes: two records that name each other could not be deleted one after the other."""
	table = frappe.qb.DocType("Dynamic Link")
	removed = list(removed)
	for record in removed:
		parents = [other.name for other in removed if other != record]
		if parents:
			names = (table.link_doctype == record.doctype) & (table.link_name == record.name)
			frappe.qb.from_(table).delete().where(names & table.parent.isin(parents)).run()


def _give_back(facts: Facts) -> None:
	"""Give the lead the state it had."""
	lead, changes = facts.row.lead, json.loads(facts.row.lead_changes or "{}")
	fields = ["status", QUALIFICATION, "inbox_first_response_on", *STATE_FIELDS]
	present = frappe.db.get_value("Lead", lead, fields, as_dict=True)
	answered = bool(present.inbox_first_response_on)
	changes = {field: change for field, change in changes.items() if field not in FOLLOWING}
	plain = {field: str(value) if isinstance(value, datetime) else value for field, value in present.items()}
	values = undo_rules.given_back(changes, plain, CONVERSION_FIELDS, answered)
	qualification = values.pop(QUALIFICATION, None)
	lifecycle.absorb(lead, values | {"inbox_converted": 0})
	if qualification:
		frappe.db.set_value("Lead", lead, QUALIFICATION, qualification)
