from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadTransition(Document):
	"""One change of a lead's inbox state. Written by inbox/lifecycle.py."""


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Transition", ["lead", "transition_on"], index_name="lead_transition")
	frappe.db.add_index(
		"Lead Transition", ["to_status", "reason", "lead"], index_name="lead_transition_reached"
	)
