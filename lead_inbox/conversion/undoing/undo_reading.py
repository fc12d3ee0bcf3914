"""What a conversion did and what has become of it since: the facts that undoing decides by."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import frappe
from frappe.utils import cint

from lead_inbox.conversion.ledger import content_of, fingerprint
from lead_inbox.conversion.records import CONVERSION, ENTRY, SETTINGS, Action
from lead_inbox.conversion.undoing import dependents, undo_rules
from lead_inbox.conversion.undoing.undo_rules import Fates, Made, Record

FIELDS = (
	*("name", "creation", "lead", "status", "converted_on", "converted_by", "lead_changes"),
	*("customer", "contact", "opportunity", "quotation"),
)
# What names the Customer that its lead has become, and lets go of it when the lead does.
FOLLOWING_THE_LEAD = ("Booking", "Booking Review", "Reseller Customer")


@dataclass(frozen=True)
class Entry:
	"""One line of the ledger."""

	action: Action
	record: Record
	field: str
	detail: dict[str, Any]


@dataclass
class Facts:
	"""A conversion with its ledger, and what is found of both now. All but `row` and `entries` is read when it
	is first asked for."""

	row: frappe._dict
	entries: list[Entry]
	_own_rows: set[tuple[str, str]] = field(init=False)

	def __post_init__(self) -> None:
		self._own_rows = {(each.record.doctype, each.record.name) for each in self.of(Action.LINKED)}
		for each in self.of(Action.MOVED):
			self._own_rows.update((each.record.doctype, name) for name in each.detail["names"])

	def of(self, action: Action) -> list[Entry]:
		return [each for each in self.entries if each.action is action]

	@cached_property
	def present(self) -> dict[Record, str]:
		"""The records that the conversion made and that are still there, with their fingerprints of then."""
		found = {}
		for each in self.of(Action.CREATED):
			if record := self._under_present_name(each.record):
				found[record] = each.detail["content"]
		return found

	@cached_property
	def emptied(self) -> dict[Record, list[str]]:
		"""The fields that the conversion filled and that still hold what it wrote, by record."""
		filled: dict[Record, dict[str, str]] = {}
		for each in self.of(Action.FILLED):
			filled.setdefault(each.record, {})[each.field] = each.detail["value"]
		found = {}
		for record, fields in filled.items():
			if fields_left := undo_rules.still_filled(fields, _present_values(record, list(fields))):
				found[record] = fields_left
		return found

	@cached_property
	def fates(self) -> Fates:
		"""What becomes of the records that the conversion made."""
		return undo_rules.fates([self._made(record, content) for record, content in self.present.items()])

	def _under_present_name(self, record: Record) -> Record | None:
		"""Return a record that is still there; one that was renamed is found by the conversion's link to it."""
		if frappe.db.exists(record.doctype, record.name):
			return record
		name = self.row.get(record.doctype.lower())
		return Record(record.doctype, name) if name and frappe.db.exists(record.doctype, name) else None

	def _made(self, record: Record, content: str) -> Made:
		doc = frappe.get_doc(record.doctype, record.name)
		return Made(
			record,
			is_submitted=doc.docstatus.is_submitted(),
			is_changed=fingerprint(content_of(doc)) != content,
			has_more=dependents.has_more(record, self.row.creation),
			named_by=dependents.of(record, self._is_own),
		)

	def _is_own(self, doctype: str, name: str, fieldname: str, holder: Record) -> bool:
		"""Whether a row that names a record goes with undoing, or tells of this conversion."""
		if holder == Record("Lead", self.row.lead) or holder.doctype == CONVERSION:
			return True
		if doctype in FOLLOWING_THE_LEAD and frappe.db.get_value(doctype, name, "lead") == self.row.lead:
			return True
		if fieldname in self.emptied.get(holder, ()):
			return True
		batch = name.partition("-")[0]
		return (doctype, name) in self._own_rows or (doctype, batch) in self._own_rows


def read(conversion: str, *, for_update: bool = False) -> Facts:
	"""Return what is known of a conversion. Raises frappe.DoesNotExistError.

	for_update: its row is held until the transaction ends. The caller holds the lead's then.
	"""
	row = frappe.db.get_value(CONVERSION, conversion, FIELDS, as_dict=True, for_update=for_update)
	if not row:
		raise frappe.DoesNotExistError
	found = frappe.get_all(
		ENTRY,
		filters={"parent": conversion, "parenttype": CONVERSION},
		fields=["action", "document_type", "document_name", "field", "detail"],
		order_by="idx asc",
	)
	return Facts(row, [_entry(each) for each in found])


def days() -> int:
	"""Return for how many days a conversion can be undone; 0 for never."""
	value = frappe.db.get_single_value(SETTINGS, "undo_days")
	return undo_rules.DEFAULT_DAYS if value is None else cint(value)


def _entry(row: frappe._dict) -> Entry:
	record = Record(row.document_type, row.document_name)
	return Entry(Action(row.action), record, row.field or "", json.loads(row.detail or "{}"))


def _present_values(record: Record, fields: list[str]) -> dict[str, str]:
	"""Return the fingerprints of what fields hold now; nothing for fields and records that are gone."""
	columns = frappe.db.get_table_columns(record.doctype)
	fields = [name for name in fields if name in columns]
	values = frappe.db.get_value(record.doctype, record.name, fields, as_dict=True) if fields else None
	return {name: fingerprint(value) for name, value in (values or {}).items()}
