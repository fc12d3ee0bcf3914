"""Bookings that customers make at Google, as its Actions Center sends them: CreateBooking of its API v3.

Here is who books and what they say. The slot is read where it is booked (bookings/google).
"""

from __future__ import annotations

from lead_inbox.channels import clean, values
from lead_inbox.channels.event import ChannelContext, LeadEvent, Person
from lead_inbox.channels.reader import PayloadReader, as_object


def parse(payload: object, context: ChannelContext) -> LeadEvent:
	"""The request of one booking. Raises MalformedEvent.

	The user's id at Google is the thread: the same user is the same lead, also with another number.
	"""
	body = as_object(payload)
	reader = PayloadReader()
	user = members(reader, "user_information", body.get("user_information"))
	slot = members(reader, "slot", body.get("slot"))
	event = LeadEvent(
		external_id=required_id(reader, "idempotency_token", body.get("idempotency_token")),
		kind="Booking",
		person=_person(reader, user),
		thread_id=required_id(reader, "user_information.user_id", user.get("user_id")),
		text=reader.lines("additional_request", body.get("additional_request")),
		service=reader.line("slot.service_id", slot.get("service_id")),
		extra=reader.extra,
	)
	reader.raise_faults()
	return event


def members(reader: PayloadReader, name: str, value: object) -> dict[str, object]:
	"""The members of an object; none where it is absent, and a fault where it is something else."""
	if value is None or isinstance(value, dict):
		return value or {}
	reader.fault(name, values.NOT_AN_OBJECT)
	return {}


def required_id(reader: PayloadReader, name: str, value: object) -> str:
	"""An opaque id that may not be absent."""
	found = reader.identifier(name, value)
	if not found:
		reader.fault(name, values.MISSING)
	return found


def _person(reader: PayloadReader, user: dict[str, object]) -> Person:
	"""Google always shares a number or an address: nobody could be told of a booking without either."""
	address = members(reader, "user_information.address", user.get("address"))
	first_name = reader.line("user_information.given_name", user.get("given_name"))
	last_name = reader.line("user_information.family_name", user.get("family_name"))
	phone = reader.line("user_information.telephone", user.get("telephone"))
	email = reader.line("user_information.email", user.get("email"))
	if not (phone or email):
		reader.fault("user_information.telephone", values.MISSING)
		reader.fault("user_information.email", values.MISSING)
	return Person(
		full_name=clean.full_name(first_name, last_name),
		first_name=first_name,
		last_name=last_name,
		phones=(phone,) if phone else (),
		emails=(email,) if email else (),
		postal_code=reader.line("user_information.address.postal_code", address.get("postal_code")),
		street=reader.line("user_information.address.street_address", address.get("street_address")),
		city=reader.line("user_information.address.locality", address.get("locality")),
		state=reader.line("user_information.address.region", address.get("region")),
		country=reader.line("user_information.address.country", address.get("country")),
	)
