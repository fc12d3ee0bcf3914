"""UpdateBooking: a customer cancels or moves at Google what was booked there, until the service's limit (BO-6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.google import answer_rules, rows, time_rules
from lead_inbox.bookings.google.answer_rules import Cause
from lead_inbox.bookings.google.availability import site_zone
from lead_inbox.bookings.google.request_rules import NO_BOOKING, OTHER_SLOT, SlotTime, read_update
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.bookings.rules import Origin, Status
from lead_inbox.channels.event import MalformedEvent


def update(channels: Mapping[str, Any], payload: object) -> dict[str, object]:
	"""Answer UpdateBooking, and commit. Raises MalformedEvent."""
	asked = read_update(payload)
	booking = rows.find(channels, asked.booking_id)
	if not booking:
		raise MalformedEvent({"booking.booking_id": NO_BOOKING})
	try:
		if asked.slot:
			failure = _move(booking, asked.slot)
			if failure:
				return answer_rules.failure_answer(failure)
		else:
			bookings.cancel(booking.name, _("Cancelled at Google"), origin=Origin.GOOGLE)
		frappe.db.commit()
	except BookingRefused as refused:
		frappe.db.rollback()
		frappe.clear_last_message()
		status = Status(rows.find(channels, booking.name).status)
		return answer_rules.failure_answer(answer_rules.cause_of(refused.refusal, status), str(refused))
	return answer_rules.update_answer(rows.as_booked(rows.find(channels, booking.name)))


def _move(booking: Any, slot: SlotTime) -> Cause | None:
	"""Move a booking, or return why not. Google leaves out of a slot what is to stay."""
	for sent, present, name in (
		(slot.merchant_id, booking.channel, "merchant_id"),
		(slot.service_id, booking.service, "service_id"),
	):
		if sent and sent != present:
			raise MalformedEvent({f"booking.slot.{name}": OTHER_SLOT})
	starts_on = time_rules.start_on(slot.start_sec, site_zone())
	if not starts_on:
		return Cause.SLOT_UNAVAILABLE
	seconds = slot.duration_sec or rows.as_booked(booking).duration_sec
	ends_on = time_rules.end_on(slot.start_sec + seconds, site_zone())
	if booking.lead and rows.beside(booking.lead, starts_on, ends_on, but=booking.name):
		return Cause.OVERLAPPING_RESERVATION
	bookings.reschedule(booking.name, starts_on, ends_on=ends_on, origin=Origin.GOOGLE)
	return None
