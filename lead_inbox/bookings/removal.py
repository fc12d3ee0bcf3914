"""What goes with bookings when they go."""

from __future__ import annotations

import frappe

from lead_inbox.bookings import calendar_events
from lead_inbox.bookings.services import claims

OWNED_BY_BOOKING = ("Booking Reminder", "Booking Review")


def delete_traces(bookings: list[str]) -> None:
	"""Free the times of bookings, and delete what belongs to them alone."""
	calendar_events.delete_of(bookings)
	claims.release(*bookings)
	for doctype in OWNED_BY_BOOKING:
		frappe.db.delete(doctype, {"booking": ["in", bookings]})
