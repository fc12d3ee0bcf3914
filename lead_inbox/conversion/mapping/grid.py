"""The grid of Lead Inbox Settings that says where fields of a lead go, and what is wrong with it.

Read and judged each time: a field may be deleted, or get another type, long after it was mapped.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion.mapping import mapping_rules, reading_fields
from lead_inbox.conversion.mapping.mapping_rules import TARGETS, Fields, Refusal, Row
from lead_inbox.conversion.records import SETTINGS


def problems() -> list[str]:
	"""Return, translated, which rows of the mapping can't be followed any more and why."""
	return [
		_("The mapping of fields in Lead Inbox Settings is followed without its row {0}. {1}").format(
			place, words
		)
		for place, words in _complaints(rows())
	]


def check(settings: Any) -> None:
	"""Raise for the rows of Lead Inbox Settings' field_mapping that can't be followed."""
	complaints = [
		frappe.utils.escape_html(_("Row {0}: {1}").format(place, words))
		for place, words in _complaints(_as_rows(settings.field_mapping))
	]
	if complaints:
		frappe.throw(complaints, title=_("These Fields Can't Be Mapped So"), as_list=True)


def taken(doctypes: Collection[str] = TARGETS) -> frozenset[str]:
	"""Return the fields of Lead that a row of the mapping takes to one of the doctypes."""
	return frozenset(
		row.lead_field for row, refused in judged(rows()) if refused is None and row.doctype in doctypes
	)


def rows() -> list[Row]:
	return _as_rows(frappe.get_cached_doc(SETTINGS).field_mapping)


def _as_rows(children: Any) -> list[Row]:
	return [
		Row(child.lead_field or "", child.target_doctype or "", child.target_field or "")
		for child in children or ()
	]


def judged(rows: list[Row]) -> list[tuple[Row, Refusal | None]]:
	if not rows:
		return []
	lead_fields = reading_fields.named("Lead", (row.lead_field for row in rows))
	refused = mapping_rules.refusals(rows, lead_fields, _target_fields(rows))
	return list(zip(rows, refused, strict=True))


def _target_fields(rows: list[Row]) -> dict[str, Fields]:
	return {
		doctype: reading_fields.named(doctype, (row.target_field for row in rows if row.doctype == doctype))
		for doctype in {row.doctype for row in rows}.intersection(TARGETS)
	}


def _complaints(rows: list[Row]) -> list[tuple[int, str]]:
	"""Return the places, from 1, of the rows that can't be followed, with what to do about each."""
	return [
		(place, _words(refused, row))
		for place, (row, refused) in enumerate(judged(rows), start=1)
		if refused is not None
	]


def _words(refused: Refusal, row: Row) -> str:
	if refused is Refusal.NO_SOURCE:
		words = _("Lead has no field {0}. Choose another field or remove the row.")
	elif refused is Refusal.NOT_A_SOURCE:
		words = _(
			"{0} can't be mapped. Choose a field that this site added to Lead: standard fields flow by themselves."
		)
	elif refused is Refusal.NO_TARGET:
		words = _("{2} has no field {1}. Choose another field or remove the row.")
	elif refused is Refusal.NOT_A_TARGET:
		words = _("{1} of {2} is not for people to fill in. Choose another field.")
	elif refused is Refusal.TYPE:
		words = _(
			"Not every value of {0} is good for {1} of {2}. Choose a field of the same type, with the same options and no shorter."
		)
	elif refused is Refusal.SECOND_TARGET:
		words = _("{0} is in another row already. A field goes to one place: remove one of the rows.")
	else:
		words = _("{1} of {2} is in another row already. It takes one field: remove one of the rows.")
	return words.format(_label("Lead", row.lead_field), _label(row.doctype, row.target_field), _(row.doctype))


def _label(doctype: str, fieldname: str) -> str:
	"""Return a field as people know it, by its name where there is none any more."""
	docfield = frappe.get_meta(doctype).get_field(fieldname) if doctype in ("Lead", *TARGETS) else None
	return f"{_(docfield.label)} ({fieldname})" if docfield and docfield.label else fieldname
