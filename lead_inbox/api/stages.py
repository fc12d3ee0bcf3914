"""How far leads have come towards a sale, for the desk (CO-1). Thin: check the right, call inward.

For users who may write the leads. `leads`: a list of names, or JSON of one. The answers are bulk.each's: `done`,
and `failed` with a sentence for each of the others.
"""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.api.bulk import each
from lead_inbox.conversion.stages import choices, stages


@frappe.whitelist(methods=["POST"])
def accept(leads: str | list) -> dict[str, Any]:
	"""Take leads that were handed over to sales."""
	frappe.has_permission("Lead", ptype="write", throw=True)
	return each(leads, stages.accept)


@frappe.whitelist(methods=["POST"])
def send_back(leads: str | list, reason: str) -> dict[str, Any]:
	"""Give sales qualified leads back to marketing, which reads the reason."""
	frappe.has_permission("Lead", ptype="write", throw=True)
	return each(leads, lambda lead: stages.send_back(lead, reason))


@frappe.whitelist(methods=["POST"])
def set_stage(leads: str | list, stage: str) -> dict[str, Any]:
	"""Set the stage by hand, forward or back. stage: Lead, MQL or SQL."""
	frappe.has_permission("Lead", ptype="write", throw=True)
	return each(leads, lambda lead: stages.set_stage(lead, stage))


@frappe.whitelist(methods=["GET"])
def get_rule_choices() -> dict[str, list[Any]]:
	"""Return what a Lead Score Rule may ask for: fields of Lead and sources, as options of a form."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	return {"fields": choices.fields(), "sources": choices.sources()}
