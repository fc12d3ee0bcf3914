"""People's own saves of a Reseller Customer: with the form of the DocType, by REST, by an import.

They may fill in what the guided form asks for, while that is open, by the same rules. All else is the one
writer's: customers.py.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import cstr

from lead_inbox.reseller import completing, reading, words
from lead_inbox.reseller.reading import FORM_FIELDS, TIES
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType, Origin

THEIRS = (*FORM_FIELDS, *TIES)
CHOICES = {"origin": Origin, "customer_type": CustomerType}


def check(doc: Any) -> None:
	"""Raise ResellerRefused for a change that is not for people to make, or that is no good."""
	_refuse_unknown_choices(doc)
	before = doc.get_doc_before_save()
	if before:  # a comparison notes it without a new `modified`: an open form may have an older one
		doc.vendor_checked_on = before.vendor_checked_on
	different = [df.fieldname for df in _fields(doc) if _value(doc, df) != _value_before(before, df)]
	allowed = (*THEIRS, "origin") if not before else THEIRS
	if foreign := [field for field in different if field not in allowed]:
		labels = ", ".join(_(doc.meta.get_label(field)) for field in foreign)
		refuse(_("{0} can't be changed here. Use the buttons of the customer.").format(labels))
	filled_in = [field for field in different if field in FORM_FIELDS]
	if filled_in and before:
		completing.refuse_unless_open(doc)
	_refuse_faults(doc, filled_in)


def _refuse_unknown_choices(doc: Any) -> None:
	"""Frappe looks at them later than the rules that judge by them, and takes a blank for a choice."""
	for field, choices in CHOICES.items():
		known = [choice.value for choice in choices]
		if doc.get(field) not in known:
			label = _(doc.meta.get_label(field))
			refuse(_("{0}: choose one of {1}.").format(label, ", ".join(map(_, known))))


def _refuse_faults(doc: Any, filled_in: list[str]) -> None:
	"""A Draft may lack anything, but holds nothing that is wrong."""
	faults = {
		field: fault
		for field, fault in reading.form_faults(doc).items()
		if field in filled_in and cstr(doc.get(field)).strip()
	}
	if faults:
		refuse(" ".join(words.with_labels(faults)))


def _fields(doc: Any) -> list[Any]:
	return [
		df for df in doc.meta.fields if df.fieldtype in table_fields or df.fieldtype not in no_value_fields
	]


def _value_before(before: Any, df: Any) -> Any:
	if before:
		return _value(before, df)
	return [] if df.fieldtype in table_fields else _text(df.default)


def _value(doc: Any, df: Any) -> Any:
	"""Return what a field says, so that a form's text and a stored value compare."""
	if df.fieldtype not in table_fields:
		return _text(doc.get(df.fieldname))
	columns = [column.fieldname for column in frappe.get_meta(df.options).fields]
	return [[row.name, *(_text(row.get(column)) for column in columns)] for row in doc.get(df.fieldname)]


def _text(value: Any) -> str:
	return "" if value in (None, 0, "0") else cstr(value)
