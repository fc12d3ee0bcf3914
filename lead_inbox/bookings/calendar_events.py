"""The Event by which a booking is in the calendar of whoever does it.

It names no lead as a participant: ERPNext would set that lead's status to Open on the day. It names the
booking in a field of its own (`inbox_booking`). Google Calendar hears of it by calendar_entries' job.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import HOLDING, Status
from lead_inbox.inbox import calendar_entries
from lead_inbox.inbox.calendar_entries import EVENT

FIELDS = (
	*("name", "title", "status", "user", "starts_on", "ends_on", "place", "phone", "notes", "event"),
	*("service", "service_text", "customer_name"),
)
STATUSES = {
	Status.COMPLETED: calendar_entries.COMPLETED,
	Status.NO_SHOW: calendar_entries.CANCELLED,
	Status.CANCELLED: calendar_entries.CANCELLED,
	Status.DECLINED: calendar_entries.CANCELLED,
}


def follow(booking: str) -> None:
	"""Bring the calendar in step with a booking: its Event is made, moved, handed on, or ends."""
	row = frappe.db.get_value(BOOKING, booking, FIELDS, as_dict=True)
	event = _present_event(row)
	status = Status(row.status)
	if status not in HOLDING:
		calendar_entries.change(event, status=STATUSES[status])
		return
	if event and frappe.db.get_value(EVENT, event, "owner") != row.user:
		calendar_entries.change(event, status=calendar_entries.CANCELLED)
		event = None
	if event:
		calendar_entries.change(event, **_values(row))
	elif row.user:
		event = calendar_entries.add(row.user, {**_values(row), "inbox_booking": booking})
	if event != row.event:
		frappe.db.set_value(BOOKING, booking, "event", event, update_modified=False)


def delete_of(bookings: list[str]) -> None:
	"""Delete what bookings have put into people's calendars: it says whom to see."""
	if not bookings:
		return
	frappe.db.set_value(BOOKING, {"name": ["in", bookings]}, "event", None, update_modified=False)
	events = frappe.get_all(EVENT, {"inbox_booking": ["in", bookings]}, pluck="name", order_by="name asc")
	for event in events:
		calendar_entries.delete(event)


def event_changed(event: Any) -> None:
	"""Put the Event of a booking back to the booking's own time, and say where to move it.

	event: the document, just saved by a person, or by Google Calendar.
	"""
	if not event.get("inbox_booking") or not event.get_doc_before_save():
		return
	if not any(event.has_value_changed(field) for field in ("starts_on", "ends_on", "status")):
		return
	holds = {"name": event.inbox_booking, "event": event.name}
	if not frappe.db.exists(BOOKING, holds):
		return
	follow(event.inbox_booking)
	frappe.msgprint(
		_("This is a booking. Reschedule or cancel the booking, and the calendar follows."), alert=True
	)


def event_deleted(event: Any) -> None:
	"""Leave a booking without the Event that is being deleted."""
	if booking := event.get("inbox_booking"):
		held = {"name": booking, "event": event.name}
		frappe.db.set_value(BOOKING, held, "event", None, update_modified=False)


def _present_event(row: frappe._dict) -> str | None:
	return row.event if row.event and frappe.db.exists(EVENT, row.event) else None


def _values(row: frappe._dict) -> dict[str, Any]:
	return {
		"subject": row.title or row.name,
		"event_category": "Meeting",
		"starts_on": row.starts_on,
		"ends_on": row.ends_on,
		"location": (row.place or "").replace("\n", ", ")[:140] or None,
		"description": _description(row),
		"status": calendar_entries.OPEN,
	}


def _description(row: frappe._dict) -> str:
	"""Return what whoever does it needs on the way, as HTML."""
	link = escape_html(get_url_to_form(BOOKING, row.name))
	lines = [escape_html(line) for line in (row.phone, row.place, row.notes) if line]
	lines.append(f'<a href="{link}">{_("Open the booking")}</a>')
	return "<br>".join(line.replace("\n", "<br>") for line in lines)
