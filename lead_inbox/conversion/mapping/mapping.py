"""Where the fields that a site added to Lead go when a lead is converted (CO-4).

A row that can't be followed, as its field was deleted since, is left out and told of: it never stands in
the way of a conversion.
"""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.conversion.mapping import grid, mapping_rules, reading_fields
from lead_inbox.conversion.mapping.grid import problems
from lead_inbox.conversion.mapping.leftovers import leftovers

__all__ = ["fill_mapped", "follow_mapper", "leftovers", "mapped_values", "problems"]


def mapped_values(lead_doc: Any, doctype: str) -> dict[str, Any]:
	"""Return what the site's mapping puts into a Customer, Contact or Opportunity: {target field: value}."""
	rows = [row for row, refused in grid.judged(grid.rows()) if refused is None and row.doctype == doctype]
	sources = reading_fields.named("Lead", (row.lead_field for row in rows))
	targets = reading_fields.named(doctype, (row.target_field for row in rows))
	return {
		row.target_field: mapping_rules.converted(value, sources[row.lead_field], targets[row.target_field])
		for row in rows
		if mapping_rules.has_value(sources[row.lead_field], value := lead_doc.get(row.lead_field))
	}


def fill_mapped(lead_doc: Any, target_doc: Any) -> None:
	"""Fill the target's empty fields from the lead as the site mapped them. Saves nothing."""
	values = mapped_values(lead_doc, target_doc.doctype)
	fields = reading_fields.named(target_doc.doctype, values)
	for name, value in values.items():
		if mapping_rules.is_empty(fields[name], target_doc.get(name), target_doc.is_new()):
			target_doc.set(name, value)


def follow_mapper(source: Any, target_doc: Any) -> None:
	"""Fill what Frappe's mapper has made of a lead, or of an Opportunity that is a lead's."""
	if lead := _lead_behind(source):
		fill_mapped(lead, target_doc)


def _lead_behind(source: Any) -> Any | None:
	if not source or source.doctype == "Lead":
		return source
	if source.doctype != "Opportunity" or source.opportunity_from != "Lead" or not source.party_name:
		return None
	lead = frappe.get_doc("Lead", source.party_name)
	return lead if lead.has_permission("read") else None
