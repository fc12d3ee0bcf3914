"""Bookings that came from Google, read for Google."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe

from lead_inbox.bookings.booking_rows import BOOKING, external_key
from lead_inbox.bookings.google.answer_rules import Booked
from lead_inbox.bookings.google.availability import site_zone
from lead_inbox.bookings.rules import HOLDING, Status
from lead_inbox.bookings.services.slot_rules import span_of
from lead_inbox.inbox.messages import key_of

FIELDS = ("name", "channel", "service", "starts_on", "ends_on", "status", "lead")
LISTED = 500  # of one user, the latest: more than any customer ever books


def find(channels: Iterable[str], booking_id: str) -> Any:
	"""Return a booking of one of the channels, None for any other: a partner may not even learn of them."""
	filters = {"name": booking_id, "channel": ["in", list(channels)]}
	return frappe.db.get_value(BOOKING, filters, FIELDS, as_dict=True)


def made_with(channel: str, token: str) -> Any:
	"""Return the booking that was made with an idempotency token, None when there is none."""
	return frappe.db.get_value(BOOKING, {"external_key": external_key(channel, token)}, FIELDS, as_dict=True)


def of_user(channels: Iterable[str], user_id: str) -> list[Any]:
	"""Return the bookings that a user of Google has made, the latest first.

	Which user made a booking says the message that came with it: the user's id is its thread, and the
	token its id, as it is the booking's at the source. Both keys are of one kind.
	"""
	booking, message = frappe.qb.DocType(BOOKING), frappe.qb.DocType("Lead Message")
	threads = [key_of(channel, user_id) for channel in channels]
	return (
		frappe.qb.from_(message)
		.join(booking)
		.on(booking.external_key == message.message_key)
		.select(*(booking[field] for field in (*FIELDS, "customer_name", "lead_email", "phone")))
		.where(message.thread_key.isin(threads))
		.orderby(booking.starts_on, order=frappe.qb.desc)
		.orderby(booking.name)
		.limit(LISTED)
	).run(as_dict=True)


def beside(lead: str, starts_on: datetime, ends_on: datetime, but: str = "") -> list[Any]:
	"""Return the bookings that a person has at the same time. but: one to leave out."""
	return frappe.get_all(
		BOOKING,
		filters={
			"lead": lead,
			"status": ["in", [status.value for status in HOLDING]],
			"starts_on": ["<", ends_on],
			"ends_on": [">", starts_on],
			"name": ["!=", but],
		},
		fields=["service", "starts_on"],
		order_by="starts_on asc",
	)


def as_booked(row: Any) -> Booked:
	span = span_of(row.starts_on, row.ends_on, site_zone())
	return Booked(
		booking_id=row.name,
		merchant_id=row.channel,
		service_id=row.service or "",
		start_sec=int(span.begins.timestamp()),
		duration_sec=int((span.ends - span.begins).total_seconds()),
		status=Status(row.status),
	)
