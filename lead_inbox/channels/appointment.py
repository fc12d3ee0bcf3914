"""The appointment within an event: which one it is, and whether it still stands."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime

from lead_inbox.channels import clean
from lead_inbox.channels.event import BookingDetails, LeadEvent, Person

# Any of these words in a status says that the appointment will not take place: `user canceled`, `Dismissed`.
_OFF = frozenset(
	("cancel", "canceled", "cancelled", "declined", "deleted", "discarded", "dismissed", "lost", "rejected")
)
# Whose customers hear of their appointments from the partner, and can be reached through it or by phone only.
TELL_THEIR_CUSTOMERS = ("ServiceTitan", "Housecall Pro", "Booking Form")
_WORD = re.compile(r"[a-z]+", re.ASCII)
_DIGEST_LENGTH = 16


def is_off(status: str) -> bool | None:
	"""Whether a source's word for a status means that the appointment is off; None for an empty word."""
	if not status:
		return None
	return not _OFF.isdisjoint(_WORD.findall(status.lower()))


def details_of(
	event: LeadEvent, booking_id: str, starts_on: datetime | None, ends_on: datetime | None
) -> BookingDetails:
	"""The appointment that an event tells of. An end that is not after the start is no end."""
	ends = ends_on if starts_on and ends_on and ends_on > starts_on else None
	return BookingDetails(
		external_id=booking_id,
		starts_on=starts_on,
		ends_on=ends,
		service=event.service,
		place=event.location or place_of(event.person),
		notes=clean.many_lines(event.text or event.description, clean.DESCRIPTION_LIMIT),
		price=event.price,
		currency=event.currency,
		status=event.source_status,
		is_off=is_off(event.source_status),
		changed_on=event.occurred_on,
	)


def place_of(person: Person) -> str:
	"""A person's address on one line; empty without a street."""
	if not person.street:
		return ""
	city = " ".join(filter(None, (person.postal_code, person.city)))
	return clean.one_line(", ".join(filter(None, (person.street, city, person.state))))


def said_once(event: LeadEvent) -> LeadEvent:
	"""The event of a source that sends an appointment again whenever anything about it changes.

	What the customer wrote is a message the first time, and again only when other words have come.
	"""
	booking_id = event.booking.external_id if event.booking else event.external_id
	digest = hashlib.sha256((event.text or event.description).encode()).hexdigest()[:_DIGEST_LENGTH]
	return replace(event, external_id=f"{booking_id} {digest}", thread_id=event.thread_id or booking_id)
