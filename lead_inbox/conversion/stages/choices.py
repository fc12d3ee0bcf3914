"""What the forms of rules and settings offer: fields of Lead, and sources."""

from __future__ import annotations

import frappe
from frappe import _

from lead_inbox.conversion.stages import scoring


def fields() -> list[dict[str, str]]:
	return [
		{"value": name, "label": _(field.label or name), "description": name}
		for name, field in scoring.fields().items()
	]


def sources() -> list[str]:
	"""Those that the user may see, by the DocType that the site's Lead links to."""
	field = scoring.source_field()
	if not field or not frappe.has_permission(field.options, ptype="select"):
		return []
	return frappe.get_list(field.options, pluck="name", order_by="name asc", limit=500)
