from __future__ import annotations

import frappe
from frappe.model.document import Document


class BookingReminder(Document):
	"""One message about a booking that is due at a time. Written by bookings/telling and bookings/reviewing (BO-7, BO-8)."""


def on_doctype_update() -> None:
	frappe.db.add_unique(
		"Booking Reminder", ["booking", "kind", "audience", "minutes_before"], constraint_name="once"
	)
	frappe.db.add_index("Booking Reminder", ["status", "due_on"], index_name="due")
