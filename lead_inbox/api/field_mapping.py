"""What the form of Lead Inbox Settings asks while its grid of fields is filled in. For who may change it."""

from __future__ import annotations

import frappe

from lead_inbox.conversion.mapping import choices, grid
from lead_inbox.conversion.records import SETTINGS


@frappe.whitelist(methods=["POST"])
def search_lead_fields(txt: str = "") -> list[dict[str, str]]:
	"""Return the fields of Lead that may be mapped, as Frappe's Autocomplete wants them."""
	frappe.has_permission(SETTINGS, ptype="write", throw=True)
	return choices.sources(txt)


@frappe.whitelist(methods=["POST"])
def search_target_fields(
	target_doctype: str = "", lead_field: str = "", txt: str = ""
) -> list[dict[str, str]]:
	"""Return the fields of a Customer, Contact or Opportunity that a field of Lead fits."""
	frappe.has_permission(SETTINGS, ptype="write", throw=True)
	return choices.targets(target_doctype, lead_field, txt)


@frappe.whitelist(methods=["GET"])
def get_problems() -> list[str]:
	"""Return which rows of the stored mapping can't be followed any more, and why."""
	frappe.has_permission(SETTINGS, ptype="write", throw=True)
	return grid.problems()
