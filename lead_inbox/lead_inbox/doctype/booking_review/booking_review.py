from __future__ import annotations

import frappe
from frappe.model.document import Document


class BookingReview(Document):
	"""What a customer says of a completed booking (BO-8). Its texts are stored HTML-escaped."""


def on_doctype_update() -> None:
	frappe.db.add_index("Booking Review", ["service", "given_on"], index_name="service_given")
