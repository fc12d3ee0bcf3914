"""Converting one lead, for the dialog."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import frappe

from lead_inbox.api import arguments
from lead_inbox.conversion.making import converting, planning, reading
from lead_inbox.conversion.making.preview import choice_as_json, preview
from lead_inbox.conversion.rules import Choice, parse_choice
from lead_inbox.conversion.undoing import undo


@frappe.whitelist(methods=["GET", "POST"])
def get_preview(lead: str, choice: str | dict | None = None) -> dict[str, Any]:
	"""Return what converting the lead as chosen would do. Whatever the choice leaves out is the site's default."""
	frappe.has_permission("Lead", ptype="read", doc=lead, throw=True)
	return preview(lead, _choice(choice))


@frappe.whitelist(methods=["POST"])
def convert(lead: str, choice: str | dict | None = None) -> dict[str, str]:
	"""Convert the lead and return the names of what came of it. The right to write the lead, and those to
	create what is made of it, are asked for where they are needed, in words that name whom to ask."""
	frappe.has_permission("Lead", ptype="read", doc=lead, throw=True)
	return asdict(converting.convert(lead, _choice(choice)))


@frappe.whitelist(methods=["GET"])
def get_conversion(lead: str) -> dict[str, Any] | None:
	"""Return what the lead became and whether that can be undone; None for a lead that is not converted."""
	frappe.has_permission("Lead", ptype="read", doc=lead, throw=True)
	found = reading.conversion_of(lead)
	if not found:
		return None
	what = undo.what_undo_does(found["conversion"]) if found["conversion"] else {"allowed": False}
	return {**found, "undo": {key: what.get(key) for key in ("allowed", "refused_because", "until")}}


def _choice(choice: str | dict | None) -> Choice:
	given = arguments.mapping(choice)
	try:
		return parse_choice({**choice_as_json(planning.default_choice()), **given})
	except ValueError as error:
		frappe.throw(str(error))
