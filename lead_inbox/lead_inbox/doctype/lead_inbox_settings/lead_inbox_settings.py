from __future__ import annotations

from frappe.model.document import Document


class LeadInboxSettings(Document):
	"""Defaults of the site."""
