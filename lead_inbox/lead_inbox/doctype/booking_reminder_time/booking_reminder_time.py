from __future__ import annotations

from frappe.model.document import Document


class BookingReminderTime(Document):
	"""When customers and staff are reminded of a booking (BO-7)."""
