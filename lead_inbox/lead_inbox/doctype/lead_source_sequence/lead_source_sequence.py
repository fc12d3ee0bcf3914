from __future__ import annotations

from frappe.model.document import Document


class LeadSourceSequence(Document):
	"""The sequence that a lead of a source enters when it is handed over to sales (CO-1)."""
