"""What the grid of the mapping offers: the fields of a lead, and the fields that one of them fits."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import strip_html

from lead_inbox.conversion.mapping import mapping_rules, reading_fields
from lead_inbox.conversion.mapping.mapping_rules import TARGETS

MOST = 99  # that Frappe's Autocomplete shows


def sources(text: str) -> list[dict[str, str]]:
	"""Return the fields of Lead that may be mapped and whose label or name has the text."""
	added = [docfield for field, docfield in reading_fields.all_of("Lead") if mapping_rules.is_source(field)]
	return _matching(added, text)


def targets(doctype: str, lead_field: str, text: str) -> list[dict[str, str]]:
	"""Return the fields of a Customer, Contact or Opportunity that a field of Lead fits; all that may be
	filled where the field is not chosen yet."""
	if doctype not in TARGETS:
		return []
	source = reading_fields.named("Lead", [lead_field]).get(lead_field)
	fitting = [
		docfield
		for field, docfield in reading_fields.all_of(doctype)
		if mapping_rules.is_target(field) and (source is None or mapping_rules.fits(source, field))
	]
	return _matching(fitting, text)


def _matching(docfields: list[Any], text: str) -> list[dict[str, str]]:
	"""Labels without markup, as Frappe's Autocomplete shows them as HTML."""
	offered = [
		{
			"value": docfield.fieldname,
			"label": strip_html(_(docfield.label or docfield.fieldname)),
			"description": f"{docfield.fieldname} · {_(docfield.fieldtype)}",
		}
		for docfield in docfields
	]
	wanted = text.casefold()
	return [item for item in offered if wanted in f"{item['label']} {item['value']}".casefold()][:MOST]
