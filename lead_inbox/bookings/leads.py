"""Bookings and the lead they are of: its state follows them, they follow its merging, converting, deleting."""

from __future__ import annotations

from datetime import datetime

import frappe

from lead_inbox.bookings import calendar_events, removal
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import HOLDING
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening

HOLDING_STATUSES = [status.value for status in HOLDING]
# A lead that gets a state back may have had it from before it was booked, or while it was.
GIVEN_BACK = (Happening.RESTORED, Happening.CLOSING_UNDONE)
REMINDER, REVIEW = "Booking Reminder", "Booking Review"


def follow(booking: str) -> None:
	"""Bring a booking's lead in step, and tell the open inboxes."""
	if lead := frappe.db.get_value(BOOKING, booking, "lead"):
		settle(lead)
		lifecycle.announce(lead)


def settle(lead: str) -> None:
	"""Make a lead in work Booked while one of its bookings holds a time, and Active when the last one is over.

	A lead that was declined, or is closed because it was converted, stays so.
	"""
	lifecycle.apply(lead, Happening.BOOKED if _has_holding(lead) else Happening.BOOKINGS_ENDED)


def happened(lead: str, happening: Happening, on: datetime) -> None:
	"""A listener of the inbox: something happened to a lead. on: when it reached us, site time."""
	if happening in GIVEN_BACK and frappe.db.exists(BOOKING, {"lead": lead}):
		settle(lead)


def identity_changed(lead: str) -> None:
	"""A listener: a lead has become a Customer, has got the bookings of another lead, or that was taken back."""
	if not frappe.db.exists(BOOKING, {"lead": lead}):
		return
	customer = frappe.db.get_value("Lead", lead, "inbox_customer")
	for doctype in (BOOKING, REVIEW):
		frappe.db.set_value(doctype, {"lead": lead}, "customer", customer, update_modified=False)
	settle(lead)


def deleted(lead: str) -> None:
	"""Let go of the bookings of a lead that is being deleted.

	Those of a Customer stay without the lead. The others go, with all that belongs to them: their times are free.
	"""
	rows = frappe.get_all(BOOKING, {"lead": lead}, ["name", "customer"], order_by="name asc")
	kept = [row.name for row in rows if row.customer]
	gone = [row.name for row in rows if not row.customer]
	if kept:
		for doctype, column in ((BOOKING, "name"), (REMINDER, "booking"), (REVIEW, "booking")):
			frappe.db.set_value(doctype, {column: ["in", kept]}, "lead", None, update_modified=False)
	if gone:
		removal.delete_traces(gone)
		frappe.db.delete(BOOKING, {"name": ["in", gone]})


def erased(lead: str) -> None:
	"""A listener: the person of a lead has been erased. What says whom to see goes from the calendars."""
	calendar_events.delete_of(frappe.get_all(BOOKING, {"lead": lead}, pluck="name", order_by="name asc"))


def _has_holding(lead: str) -> bool:
	"""Locks the rows, so that one which somebody else ended a moment ago is not taken for holding still.

	By this index and no other: a scan, which is chosen for a small table, would lock everybody's bookings.
	"""
	table = frappe.qb.DocType(BOOKING)
	rows = frappe.qb.from_(table).force_index("lead_time").select(table.status).where(table.lead == lead)
	return any(status in HOLDING_STATUSES for status in rows.for_update().run(pluck=True))
