from __future__ import annotations

from frappe.model.document import Document


class LeadFieldMapping(Document):
	"""Where a field that the site added to Lead goes when a lead is converted (CO-4)."""
