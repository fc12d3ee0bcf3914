from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadReadMarker(Document):
	"""Up to when a user has seen a lead's conversation. Written by inbox/reading.py."""


def on_doctype_update() -> None:
	frappe.db.add_unique("Lead Read Marker", ["user", "lead"], constraint_name="user_lead")
