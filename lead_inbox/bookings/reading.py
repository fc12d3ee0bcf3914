"""Bookings as the desk shows them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import frappe
from frappe.utils import get_datetime, now_datetime, today

from lead_inbox.bookings import rules
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import HOLDING, Status
from lead_inbox.inbox import messages
from lead_inbox.inbox.listing import people

SHOWN_FIELDS = (
	*("name", "lead", "customer", "customer_name"),
	*("service", "service_text", "starts_on", "ends_on", "status", "user", "place", "price"),
	*("currency", "origin", "channel", "notes", "reason", "time_zone", "by_hand", "event"),
)
# What a button does, and where it takes the booking.
STEPS = {
	"cancel": Status.CANCELLED,
	"confirm": Status.CONFIRMED,
	"decline": Status.DECLINED,
	"complete": Status.COMPLETED,
	"no_show": Status.NO_SHOW,
}
HOLDING_STATUSES = [status.value for status in HOLDING]
MOST_SHOWN = 200


def of_lead(lead: str) -> dict[str, list[dict[str, Any]]]:
	"""Return a lead's bookings, upcoming the next one first, past the latest one first.

	Upcoming are those that hold a time, also one whose time has come and of which nobody has told yet what
	became of it. The caller has checked that the session's user may read the lead.
	"""
	rows = frappe.get_all(
		BOOKING, {"lead": lead}, list(SHOWN_FIELDS), order_by="starts_on desc, name desc", limit=MOST_SHOWN
	)
	shown = _shown(rows, may_write=bool(frappe.has_permission("Lead", ptype="write", doc=lead)))
	return {
		"upcoming": [row for row in reversed(shown) if row["status"] in HOLDING_STATUSES],
		"past": [row for row in shown if row["status"] not in HOLDING_STATUSES],
	}


def one(booking: str, may_write: bool) -> dict[str, Any]:
	"""Return a booking as `of_lead` does. The caller has checked that the session's user may read it."""
	rows = frappe.get_all(BOOKING, {"name": booking}, list(SHOWN_FIELDS), order_by="name asc")
	return _shown(rows, may_write)[0]


def next_of(leads: Collection[str]) -> dict[str, dict[str, Any]]:
	"""Return the first booking that each lead has ahead, or that has begun today, as far as the session's
	user may see it: name, service_name, starts_on, ends_on, status, time_zone."""
	fields = ["name", "lead", "service", "service_text", "starts_on", "ends_on", "status", "time_zone"]
	rows = frappe.get_list(
		BOOKING,
		filters={
			"lead": ["in", list(leads)],
			"status": ["in", HOLDING_STATUSES],
			"starts_on": [">=", get_datetime(today())],
		},
		fields=fields,
		order_by="starts_on desc, name desc",
		limit=0,
	)
	return {row.pop("lead"): {**row, "service_name": row.service or row.service_text} for row in rows}


def _shown(rows: list[frappe._dict], may_write: bool) -> list[dict[str, Any]]:
	users = people([row.user for row in rows])
	reviews = _reviews([row.name for row in rows])
	now = now_datetime()
	return [
		{
			**row,
			"service_name": row.service or row.service_text,
			"user_name": users[row.user]["full_name"] if row.user in users else row.user,
			"can": _can(row, may_write, now),
			"review": reviews.get(row.name),
		}
		for row in rows
	]


def _can(row: frappe._dict, may_write: bool, now: Any) -> dict[str, bool]:
	status = Status(row.status)
	steps = {
		deed: may_write and not rules.step_refusal(status, wanted, row.starts_on, now)
		for deed, wanted in STEPS.items()
	}
	return {"reschedule": may_write and not rules.move_refusal(status), **steps}


def _reviews(bookings: list[str]) -> dict[str, dict[str, Any]]:
	if not bookings:
		return {}
	rows = frappe.get_all(
		"Booking Review",
		{"booking": ["in", bookings]},
		["name", "booking", "stars", "words", "answer"],
		order_by="given_on asc",
	)
	for row in rows:
		row.update(words=messages.as_text(row.words), answer=messages.as_text(row.answer))
	return {row.pop("booking"): row for row in rows}
