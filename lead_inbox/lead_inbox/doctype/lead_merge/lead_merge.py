from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadMerge(Document):
	"""Two leads of one person made one, and all that is needed to take it back. Written by inbox/merging/merging.py."""


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Merge", ["loser", "undone_on"], index_name="lead_merge_loser")
	frappe.db.add_index("Lead Merge", ["winner", "undone_on"], index_name="lead_merge_winner")
