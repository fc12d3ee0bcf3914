"""CreateBooking: lead and booking in one transaction, committed before Google is answered (BO-3, BO-6).

Nothing of what fails is kept: Google sends it again with the same token, and it is tried anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

import frappe

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.google import answer_rules, availability, merchants, request_rules, rows, time_rules
from lead_inbox.bookings.google.answer_rules import Cause
from lead_inbox.bookings.google.request_rules import TOKEN_USED, UNREACHABLE, Creation
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.bookings.rules import Origin, Refusal
from lead_inbox.bookings.services.services import Service
from lead_inbox.channels import google_booking
from lead_inbox.channels.event import LeadEvent, MalformedEvent
from lead_inbox.channels.phone import fold_email, is_email, to_e164
from lead_inbox.channels.reader import as_object
from lead_inbox.inbox import events, intake
from lead_inbox.inbox.identity import match_lead, region_of
from lead_inbox.inbox.messages import key_of


class _Failed(Exception):
	"""A business failure: the answer to it is no error."""

	def __init__(self, cause: Cause) -> None:
		super().__init__(cause.value)
		self.cause = cause


def create(channels: Mapping[str, Any], payload: object) -> dict[str, object]:
	"""Answer CreateBooking, and commit. Raises MalformedEvent, intake.IntakeBusy."""
	creation = request_rules.read_creation(payload)
	channel = merchants.merchant(channels, creation.slot.merchant_id, "slot.merchant_id")
	event = google_booking.parse(payload, intake.context_of(channel))
	service = merchants.offered(creation.slot.service_id, "slot.service_id")
	kept = _kept(payload)
	if answer := _earlier_answer(channel.name, creation, kept):
		return answer
	try:
		return _create(channel, creation, service, event, kept)
	except _Failed as failed:
		frappe.db.rollback()
		return answer_rules.failure_answer(failed.cause)
	except BookingRefused as refused:
		frappe.db.rollback()
		frappe.clear_last_message()
		if refused.refusal is Refusal.NO_CONTACT_DATA:
			raise MalformedEvent({"user_information": UNREACHABLE}) from None
		return answer_rules.failure_answer(answer_rules.cause_of(refused.refusal), str(refused))


def _create(
	channel: Any, creation: Creation, service: Service | None, event: LeadEvent, kept: dict[str, Any]
) -> dict[str, object]:
	"""Look first whether there is a place: most who come too late need no lead made and undone."""
	slot = creation.slot
	starts_on = time_rules.start_on(slot.start_sec, availability.site_zone())
	if not (service and starts_on):
		raise _Failed(Cause.SLOT_UNAVAILABLE)
	seconds = slot.duration_sec or int(service.duration.total_seconds())
	ends_on = time_rules.end_on(slot.start_sec + seconds, availability.site_zone())
	(places,) = availability.free_places(channel, [slot], "slot")
	if not places:
		known = match_lead(key_of(channel.name, creation.user_id), (), ())
		_refuse_overlap(known, service, starts_on, ends_on)
		raise _Failed(Cause.SLOT_UNAVAILABLE)
	with intake.taken_in(channel, creation.token, kept) as stored:
		if stored.created:
			lead = frappe.db.get_value("Lead Event", stored.name, "lead")
			_refuse_overlap(lead, service, starts_on, ends_on)
			bookings.book(_request(channel, creation, service, event, lead, starts_on, ends_on))
			frappe.db.commit()
		# without a booking by now: of one that has been deleted the token stays used
		return _earlier_answer(channel.name, creation, kept) or _token_used()


def _request(
	channel: Any,
	creation: Creation,
	service: Service,
	event: LeadEvent,
	lead: str,
	starts_on: datetime,
	ends_on: datetime,
) -> Request:
	"""Return the booking, of whom Google names: a lead may have another number, or be somebody's partner."""
	person, region = event.person, region_of(channel.default_country)
	return Request(
		service=service.name,
		starts_on=starts_on,
		ends_on=ends_on,
		lead=lead,
		customer_name=person.full_name,
		email=next((fold_email(email) for email in person.emails if is_email(email)), ""),
		phone=next((to_e164(phone, region) or phone for phone in person.phones), ""),
		origin=Origin.GOOGLE,
		notes=event.text,
		channel=channel.name,
		external_id=creation.token,
		key=creation.token,
	)


def _refuse_overlap(lead: str | None, service: Service, starts_on: datetime, ends_on: datetime) -> None:
	"""Nobody can be at two places at once; whoever made the other booking."""
	others = rows.beside(lead, starts_on, ends_on) if lead else []
	if any((other.service, other.starts_on) == (service.name, starts_on) for other in others):
		raise _Failed(Cause.SLOT_ALREADY_BOOKED_BY_USER)
	if others:
		raise _Failed(Cause.OVERLAPPING_RESERVATION)


def _earlier_answer(channel: str, creation: Creation, kept: dict[str, Any]) -> dict[str, object] | None:
	"""Return the answer to a request that was successful before, None for a new one.

	What has become of the booking since is told as it is now. Raises MalformedEvent for another request with
	the same token, as long as the first one is kept.
	"""
	booking = rows.made_with(channel, creation.token)
	if not booking:
		return None
	filters = {"channel": channel, "event_key": key_of(channel, creation.token)}
	first = frappe.db.get_value("Lead Event", filters, "payload")
	if first and first != events.as_payload(kept):
		_token_used()
	return answer_rules.creation_answer(rows.as_booked(booking), creation.slot, creation.user)


def _token_used() -> NoReturn:
	raise MalformedEvent({"idempotency_token": TOKEN_USED})


def _kept(payload: object) -> dict[str, Any]:
	"""Return what is stored of a request: nothing of how somebody pays, which may hold the number of a card."""
	return {name: value for name, value in as_object(payload).items() if not name.startswith("payment")}
