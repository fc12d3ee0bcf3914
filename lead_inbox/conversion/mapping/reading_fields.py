"""The fields of a DocType, as the rules of the mapping ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe

from lead_inbox.conversion.mapping.mapping_rules import Field
from lead_inbox.custom_fields import CUSTOM_FIELDS

# What a customer asks for, in fields that this app adds to Lead: the site may map them like its own.
REQUEST_FIELDS = ("inbox_service", "inbox_description", "inbox_location", "inbox_postal_code")
OWN_FIELDS = {
	doctype: frozenset(field["fieldname"] for field in fields) for doctype, fields in CUSTOM_FIELDS.items()
}
KEPT_BY_THE_SYSTEM = ("read_only", "hidden", "is_virtual", "fetch_from")


def named(doctype: str, names: Iterable[str]) -> dict[str, Field]:
	"""Return those of the named fields that the DocType has."""
	meta = frappe.get_meta(doctype)
	return {name: as_field(doctype, docfield) for name in names if (docfield := meta.get_field(name))}


def all_of(doctype: str) -> list[tuple[Field, Any]]:
	"""Return every field with its docfield, in the order of the form."""
	return [(as_field(doctype, docfield), docfield) for docfield in frappe.get_meta(doctype).fields]


def added_to_lead() -> list[Any]:
	"""Return the docfields of Lead that the site may map, and the tables that it added."""
	return [docfield for docfield in frappe.get_meta("Lead").get_custom_fields() if _is_site_added(docfield)]


def as_field(doctype: str, docfield: Any) -> Field:
	return Field(
		fieldname=docfield.fieldname,
		fieldtype=docfield.fieldtype,
		options=docfield.options or "",
		length=docfield.length or 0,
		non_negative=bool(docfield.non_negative),
		site_added=doctype == "Lead" and _is_site_added(docfield),
		kept=_is_kept(doctype, docfield),
		default=str(docfield.default or ""),
	)


def _is_site_added(docfield: Any) -> bool:
	if docfield.fieldname in OWN_FIELDS["Lead"]:
		return docfield.fieldname in REQUEST_FIELDS
	return bool(docfield.get("is_custom_field"))


def _is_kept(doctype: str, docfield: Any) -> bool:
	if docfield.fieldname == "naming_series" or docfield.fieldname in OWN_FIELDS.get(doctype, ()):
		return True
	return any(docfield.get(mark) for mark in KEPT_BY_THE_SYSTEM)
