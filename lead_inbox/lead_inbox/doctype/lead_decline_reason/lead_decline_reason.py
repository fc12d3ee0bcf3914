from __future__ import annotations

from frappe.model.document import Document


class LeadDeclineReason(Document):
	"""Why a lead is declined, and what its customer is told."""
