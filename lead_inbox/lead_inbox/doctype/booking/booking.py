"""A booking's document. bookings/booking.py makes and changes bookings, past the form and REST."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from lead_inbox.bookings import removal
from lead_inbox.inbox.numbering import next_number

MOST_EVENTS = 2000
SHOWN_FIELDS = (
	*("name", "title", "starts_on", "ends_on", "status", "service", "service_text", "user", "lead"),
	*("customer", "customer_name", "origin"),
)


class Booking(Document):
	"""An agreed time for a service. bookings/booking.py is the only writer (BO-1)."""

	def autoname(self) -> None:
		self.name = next_number("BOOK")

	def validate(self) -> None:
		"""Refuse every other writer: imports, REST, the console. A time without its claims would be given twice."""
		if not self.flags.written_by_bookings:
			frappe.throw(
				_("Bookings are made and changed with the buttons of the lead, or of the booking."),
				frappe.PermissionError,
				title=_("Not Permitted"),
			)

	def on_trash(self) -> None:
		removal.delete_traces([self.name])


@frappe.whitelist(methods=["GET"])
def get_events(start: str, end: str, filters: str | list | None = None) -> list[dict[str, Any]]:
	"""Return the bookings that the calendar shows between two moments, of those that the user may see.

	filters: of the list, as the calendar sends them.
	"""
	wanted = frappe.parse_json(filters) if filters else []
	if not isinstance(wanted, list):
		frappe.throw(_("Filters must be a list."))
	return frappe.get_list(
		"Booking",
		filters=[*wanted, ["Booking", "starts_on", "<", end], ["Booking", "ends_on", ">", start]],
		fields=list(SHOWN_FIELDS),
		order_by="starts_on asc, name asc",
		limit=MOST_EVENTS,
	)


def on_doctype_update() -> None:
	frappe.db.add_index("Booking", ["service", "starts_on"], index_name="service_time")
	frappe.db.add_index("Booking", ["user", "starts_on"], index_name="user_time")
	frappe.db.add_index("Booking", ["lead", "starts_on"], index_name="lead_time")
	frappe.db.add_index("Booking", ["status", "ends_on"], index_name="status_time")
	frappe.db.add_index("Booking", ["channel", "starts_on"], index_name="channel_time")
	frappe.db.add_index("Booking", ["partner_state", "partner_due_on"], index_name="partner_time")
