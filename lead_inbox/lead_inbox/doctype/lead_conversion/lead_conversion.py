from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadConversion(Document):
	"""What became of a lead, and all that is needed to take it back. Written by the modules of conversion/."""


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Conversion", ["lead", "status"], index_name="conversion_lead")
	frappe.db.add_index("Lead Conversion", ["converted_on", "status"], index_name="conversion_time")
	frappe.db.add_index("Lead Conversion", ["customer", "status"], index_name="conversion_customer")
	for part in ("contact", "opportunity", "quotation"):
		frappe.db.add_index("Lead Conversion", [part, "status"], index_name=f"conversion_{part}")
