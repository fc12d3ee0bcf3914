"""What names a record that a conversion made: everything that Frappe would refuse to delete it for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import frappe
from frappe.model.dynamic_links import fetch_distinct_link_doctypes, get_dynamic_links
from frappe.model.rename_doc import get_link_fields

from lead_inbox.conversion.undoing.undo_rules import Record

# A row that names a record: DocType, name and field of the row, and the document that it is in.
IsOwn = Callable[[str, str, str, Record], bool]


def of(record: Record, is_own: IsOwn) -> tuple[Record, ...]:
	"""Return the documents that name a record, each once.

	is_own: whether a row, given by DocType, name, field and document, is one that does not count.
	"""
	ignored = set(frappe.get_hooks("ignore_links_on_delete"))
	found: dict[Record, None] = {}
	for doctype, field, filters in _fields_naming(record, ignored):
		for name, holder in _rows(doctype, filters, ignored):
			if holder != record and not is_own(doctype.name, name, field, holder):
				found[holder] = None
	return tuple(found)


def has_more(record: Record, since: datetime) -> bool:
	"""Whether somebody has added something to a record that would go with it, or be left without it."""
	about = {"reference_doctype": record.doctype, "reference_name": record.name}
	later = {"creation": [">", since]}
	file = {"attached_to_doctype": record.doctype, "attached_to_name": record.name}
	task = {"reference_type": record.doctype, "reference_name": record.name}
	additions = (
		("Communication", about | later),
		("Comment", about | later | {"comment_type": "Comment"}),
		("File", file | later),
		("ToDo", task | later),
		("Sales Activity", about | later | {"enrollment": ["is", "not set"]}),
	)
	return any(frappe.db.exists(doctype, filters) for doctype, filters in additions)


def _fields_naming(record: Record, ignored: set[str]) -> Iterator[tuple[frappe._dict, str, dict[str, str]]]:
	"""Yield the DocType, with its name and istable, the field and the filters of each column that may name
	a record. No meta is loaded: there are some hundred DocTypes, and a form asks each time it is opened."""
	links, dynamic = get_link_fields(record.doctype), get_dynamic_links()
	doctypes = _stored({field["parent"] for field in (*links, *dynamic)} - ignored)
	for field in links:
		if doctype := doctypes.get(field["parent"]):
			yield doctype, field["fieldname"], {field["fieldname"]: record.name}
	for field in dynamic:
		doctype = doctypes.get(field.parent)
		if doctype and record.doctype in fetch_distinct_link_doctypes(field.parent, field.options):
			yield doctype, field.fieldname, {field.options: record.doctype, field.fieldname: record.name}


def _stored(names: set[str]) -> dict[str, frappe._dict]:
	"""Return the DocTypes that have a table, by name. An app that was removed may have left its fields."""
	table = frappe.qb.DocType("DocType")
	query = frappe.qb.from_(table).select(table.name, table.istable)
	stored = (table.issingle == 0) & (table.is_virtual == 0)
	return {row.name: row for row in query.where(table.name.isin(names) & stored).run(as_dict=True)}


def _rows(doctype: frappe._dict, filters: dict[str, str], ignored: set[str]) -> list[tuple[str, Record]]:
	"""Return the rows that match, each with the document that it is in, or is. Cancelled ones don't count."""
	table = frappe.qb.DocType(doctype.name)
	query = frappe.qb.from_(table).select(table.name).where(table.docstatus != 2)
	if doctype.istable:
		query = query.select(table.parent, table.parenttype).where(table.parenttype.notin(ignored))
	for column, value in filters.items():
		query = query.where(table[column] == value)
	return [
		(row.name, Record(row.parenttype, row.parent) if doctype.istable else Record(doctype.name, row.name))
		for row in query.orderby(table.name).run(as_dict=True)
	]
