"""The booking server that Google's Actions Center asks: one function a method (Maps Booking API v3, BO-6).

Each takes the channels for which the caller speaks and the decoded body, and returns the answer. Raises
MalformedEvent for bad data, NoSuchBooking, Busy; a business failure is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import frappe

from lead_inbox.bookings.google import answer_rules, availability, creating, request_rules, rows, updating
from lead_inbox.inbox.intake import IntakeBusy

Channels = Mapping[str, Any]
Answer = dict[str, object]
Method = Callable[[Channels, object], Answer]

ATTEMPTS = 3
TROUBLE_OF_DATABASE = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


class NoSuchBooking(Exception):
	"""None of the caller's bookings has this id."""


class Busy(Exception):
	"""Others have had the person or the place in hand for too long. Nothing was stored."""


def get_status(channels: Channels, payload: object) -> Answer:
	"""Answer GetBookingStatus."""
	booking = rows.find(channels, request_rules.read_booking_id(payload))
	if not booking:
		raise NoSuchBooking
	return answer_rules.status_answer(rows.as_booked(booking))


def list_bookings(channels: Channels, payload: object) -> Answer:
	"""Answer ListBookings. A user of whom we know nothing has no bookings."""
	user_id = request_rules.read_user_id(payload)
	return answer_rules.list_answer(
		[
			answer_rules.booking_answer(rows.as_booked(row), answer_rules.user_of(user_id, row))
			for row in rows.of_user(channels, user_id)
		]
	)


METHODS: Mapping[str, Method] = {
	"BatchAvailabilityLookup": availability.lookup,
	"CheckAvailability": availability.check,
	"CreateBooking": creating.create,
	"UpdateBooking": updating.update,
	"GetBookingStatus": get_status,
	"ListBookings": list_bookings,
}


def serve(method: str, channels: Channels, payload: object) -> Answer:
	"""Answer one request. What lost to another transaction is done again: it has left nothing behind."""
	for _attempt in range(ATTEMPTS):
		try:
			return METHODS[method](channels, payload)
		except IntakeBusy:
			break
		except TROUBLE_OF_DATABASE:
			frappe.db.rollback()
	raise Busy
