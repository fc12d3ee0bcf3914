from __future__ import annotations

from frappe.model.document import Document


class LeadChannelField(Document):
	"""Where a source's event holds the value of a field."""
