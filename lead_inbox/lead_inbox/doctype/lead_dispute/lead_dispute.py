from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadDispute(Document):
	"""Feedback on a charged lead, or a dispute of its charge, and what its source answered."""


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Dispute", ["lead"], index_name="lead_dispute_lead")
