from __future__ import annotations

import frappe
from frappe.model.document import Document

DOCTYPE = "Bulk Lead Conversion Row"


class BulkLeadConversionRow(Document):
	"""One lead of a bulk conversion: what is wanted, and what came of it. Written by conversion/bulk/."""


def on_doctype_update() -> None:
	frappe.db.add_unique(DOCTYPE, ["bulk_conversion", "lead"], constraint_name="bulk_row_of_lead")
	frappe.db.add_index(DOCTYPE, ["bulk_conversion", "position"], index_name="bulk_row_place")
	frappe.db.add_index(
		DOCTYPE, ["bulk_conversion", "group_position", "position"], index_name="bulk_row_group"
	)
	frappe.db.add_index(DOCTYPE, ["bulk_conversion", "status", "position"], index_name="bulk_row_status")
	frappe.db.add_index(
		DOCTYPE, ["bulk_conversion", "company_key", "position"], index_name="bulk_row_company"
	)
	frappe.db.add_index(DOCTYPE, ["lead", "status"], index_name="bulk_row_lead")
