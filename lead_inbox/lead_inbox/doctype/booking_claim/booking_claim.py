from __future__ import annotations

import frappe
from frappe.model.document import Document


class BookingClaim(Document):
	"""One place of one resource for five minutes: what two bookings cannot both have (BO-3)."""


def on_doctype_update() -> None:
	frappe.db.add_unique("Booking Claim", ["resource", "tick_on", "seat"], constraint_name="one_holder")
