"""Taking a conversion back (CO-8): one transaction, under the lead's row, so that it happens once.

Who converted may undo that, and so may a Sales Manager or a System Manager. What the conversion made is then
deleted whatever the user may delete otherwise: nobody has touched it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, get_fullname, now_datetime

from lead_inbox.conversion.records import CONVERSION, Status
from lead_inbox.conversion.undoing import undo_reading, undo_rules, undo_steps
from lead_inbox.conversion.undoing.undo_reading import Facts
from lead_inbox.conversion.undoing.undo_rules import Keeping, Record, Refusal

MANAGERS = ("Sales Manager", "System Manager")
NAMED_AT_MOST = 10


class UndoRefused(frappe.ValidationError):
	"""The conversion can't be taken back; the words name what stands in the way."""


def what_undo_does(conversion: str) -> dict[str, Any]:
	"""Return what taking a conversion back would remove, empty and leave, or why it can't be.

	Raises frappe.DoesNotExistError. The caller has checked that the user may read the conversion.
	"""
	facts = undo_reading.read(conversion)
	refusal = _refusal(facts)
	plan = {"removed": [], "emptied": [], "kept": []}
	if not refusal:
		plan = _plan(facts)
	return {
		"allowed": not refusal,
		"refused_because": refusal and _words(refusal, facts),
		"until": undo_rules.until(facts.row.converted_on, undo_reading.days()),
		**plan,
	}


def undo(conversion: str) -> None:
	"""Take a conversion back in the caller's transaction. Raises UndoRefused with words for the user,
	frappe.PermissionError, frappe.DoesNotExistError."""
	facts = _hold(conversion)
	if refusal := _refusal(facts):
		error = frappe.PermissionError if refusal is Refusal.NO_RIGHT else UndoRefused
		frappe.throw(_words(refusal, facts), error, title=_("Not Possible Now"))
	undo_steps.take_back(facts, remove=True)


def customer_deleted(customer: str) -> None:
	"""End the conversions of a Customer that is about to be deleted: their leads get their state back.

	What else they made stays; where it belongs to the Customer, Frappe refuses to delete that.
	"""
	for conversion in _in_force_of("customer", customer):
		undo_steps.take_back(_hold(conversion), remove=False)


def record_deleted(doc: Any, _method: str | None = None) -> None:
	"""Let nothing that conversions wrote name a Contact, an Opportunity or a Quotation that is about to be
	deleted: neither its leads nor their history. The conversions go on without it."""
	for conversion in _in_force_of(doc.doctype.lower(), doc.name):
		undo_steps.forget(undo_reading.read(conversion), Record(doc.doctype, doc.name))


def _in_force_of(part: str, name: str) -> list[str]:
	filters = {part: name, "status": Status.CONVERTED.value}
	return frappe.get_all(CONVERSION, filters=filters, pluck="name", order_by="converted_on asc, name asc")


def _hold(conversion: str) -> Facts:
	"""Return a conversion as it is now; it and its lead are locked until the transaction ends."""
	lead = frappe.db.get_value(CONVERSION, conversion, "lead")
	frappe.db.get_value("Lead", lead, "name", for_update=True)
	return undo_reading.read(conversion, for_update=True)


def _refusal(facts: Facts) -> Refusal | None:
	row = facts.row
	refusal = undo_rules.refused(
		undone=row.status == Status.UNDONE.value,
		converted_on=row.converted_on,
		days=undo_reading.days(),
		may=_may_undo(row),
		now=now_datetime(),
	)
	if refusal:
		return refusal
	return Refusal.DEPENDED_ON if facts.fates.hindered_by else None


def _may_undo(row: frappe._dict) -> bool:
	is_theirs = row.converted_by == frappe.session.user or set(MANAGERS) & set(frappe.get_roles())
	return bool(is_theirs) and bool(frappe.has_permission("Lead", ptype="write", doc=row.lead))


def _words(refusal: Refusal, facts: Facts) -> str:
	row = facts.row
	if refusal is Refusal.DEPENDED_ON:
		return _("This can't be undone, because other records depend on what came of it: {0}.").format(
			_listed(facts.fates.hindered_by)
		)
	return {
		Refusal.UNDONE: _("This conversion has been undone already."),
		Refusal.NEVER: _("Lead Inbox Settings don't allow to undo a conversion."),
		Refusal.TOO_LATE: _("This could be undone until {0}.").format(
			format_datetime(undo_rules.until(row.converted_on, undo_reading.days()))
		),
		Refusal.NO_RIGHT: _("Only {0}, a Sales Manager or a System Manager can undo this.").format(
			get_fullname(row.converted_by)
		),
	}[refusal]


def _listed(records: Iterable[Record]) -> str:
	records = list(records)
	names = [f"{_(record.doctype)} {record.name}" for record in records[:NAMED_AT_MOST]]
	return ", ".join([*names, "…"] if len(records) > NAMED_AT_MOST else names)


def _plan(facts: Facts) -> dict[str, list[dict[str, Any]]]:
	fates = facts.fates
	reasons = {
		Keeping.CHANGED: _("It has been changed since."),
		Keeping.ADDED_TO: _("Something has been added to it since."),
		Keeping.NEEDED: _("It is named by another record that stays."),
	}
	emptied = {record: fields for record, fields in facts.emptied.items() if record not in facts.present}
	return {
		"removed": [_shown(record) for record in fates.removed],
		"emptied": [
			{**_shown(record), "fields": _labels(record.doctype, fields)}
			for record, fields in emptied.items()
		],
		"kept": [
			{**_shown(record), "reason": reasons[reason]} for record, reason in (fates.kept or {}).items()
		],
	}


def _shown(record: Record) -> dict[str, str]:
	field = frappe.get_meta(record.doctype).get_title_field()
	label = frappe.db.get_value(record.doctype, record.name, field)
	return {"doctype": record.doctype, "name": record.name, "label": label or record.name}


def _labels(doctype: str, fields: Iterable[str]) -> list[str]:
	meta = frappe.get_meta(doctype)
	return [_(meta.get_label(field)) for field in fields]
