"""What a conversion leaves behind: the site's own fields of a lead that have no place to go (CO-4).

Standard fields are not among them: where they flow is ERPNext's to say, and the lead keeps them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import frappe
from frappe import _
from frappe.model import table_fields
from frappe.utils import strip_html
from frappe.utils.formatters import format_value

from lead_inbox.conversion.mapping import grid, mapping_rules, reading_fields
from lead_inbox.conversion.mapping.mapping_rules import TARGETS

# What Frappe's mapper makes of a lead, and copies fields of the same name to.
COPIED_TO = ("Customer", "Opportunity")
NOT_SHOWN = ("Password", "Signature", "Barcode", "Geolocation", "JSON")
LONGEST = 140  # characters of a value


def leftovers(lead_doc: Any, doctypes: Collection[str] = TARGETS) -> list[dict[str, Any]]:
	"""Return the site's own Lead fields with a value that go nowhere: field, label, value in words.

	doctypes: of the records that are made or used, as a mapping to an Opportunity that is not made leads
	nowhere. Fields that the user may not read are left out.
	"""
	taken = grid.taken(doctypes)
	return [
		{
			"field": docfield.fieldname,
			"label": _(docfield.label or docfield.fieldname),
			"value": _in_words(lead_doc, docfield),
		}
		for docfield in reading_fields.added_to_lead()
		if docfield.fieldname not in taken
		and _has_value(lead_doc, docfield)
		and not _flows(docfield, doctypes)
		and lead_doc.has_permlevel_access_to(docfield.fieldname, docfield)
	]


def _has_value(lead_doc: Any, docfield: Any) -> bool:
	if docfield.fieldtype in table_fields:
		return bool(lead_doc.get(docfield.fieldname))
	if docfield.fieldtype in frappe.model.no_value_fields:
		return False
	field = reading_fields.as_field("Lead", docfield)
	return mapping_rules.has_value(field, lead_doc.get(docfield.fieldname))


def _flows(docfield: Any, doctypes: Collection[str]) -> bool:
	"""Whether Frappe's mapper copies it to a field of the same name."""
	if docfield.no_copy:
		return False
	twins = (
		frappe.get_meta(doctype).get_field(docfield.fieldname) for doctype in COPIED_TO if doctype in doctypes
	)
	return any(twin and not twin.no_copy and _is_same_table(docfield, twin) for twin in twins)


def _is_same_table(docfield: Any, twin: Any) -> bool:
	tables = (docfield.fieldtype in table_fields, twin.fieldtype in table_fields)
	return tables == (False, False) or (all(tables) and docfield.options == twin.options)


def _in_words(lead_doc: Any, docfield: Any) -> str:
	value = lead_doc.get(docfield.fieldname)
	if docfield.fieldtype in table_fields:
		return _("{0} rows").format(len(value))
	if docfield.fieldtype in NOT_SHOWN:
		return _("Can't be shown here")
	if docfield.fieldtype == "Check":
		return _("Yes")
	words = strip_html(str(format_value(value, docfield, lead_doc)))
	return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
