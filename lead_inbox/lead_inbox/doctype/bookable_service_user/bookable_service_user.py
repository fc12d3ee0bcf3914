from __future__ import annotations

from frappe.model.document import Document


class BookableServiceUser(Document):
	"""One who does a service."""
