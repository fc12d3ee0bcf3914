from __future__ import annotations

from frappe.model.document import Document


class LeadChannelHours(Document):
	"""A part of a weekday in which a channel is open."""
