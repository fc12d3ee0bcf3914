"""What Google's Actions Center asks of a booking server, read from JSON (Maps Booking API v3). Pure.

In proto3's JSON an absent member, null and the type's zero are the same, and int64 is a number or a
string. Members that we do not know are ignored. Every function raises MalformedEvent with all that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lead_inbox.channels import values
from lead_inbox.channels.google_booking import members, required_id
from lead_inbox.channels.reader import PayloadReader, as_object
from lead_inbox.untranslated import _

NOT_AN_INTEGER = _("Send a whole number here, also as a text.")
NOT_A_START = _("Send the start in seconds since 1970, UTC.")
NOT_A_LENGTH = _("Send the duration in seconds, more than zero.")
NO_MERCHANT = _("There is no such merchant. Send the name of the channel.")
NO_SERVICE = _("There is no such service. Send the name of a bookable service.")
NO_BOOKING = _("There is no such booking.")
OTHER_SLOT = _("A booking keeps its merchant and its service. Cancel it and make another one.")
TOKEN_USED = _("Another booking was made with this token. Give each booking a token of its own.")
UNREACHABLE = _("Send a phone number or an e-mail address that can be used.")
NOT_A_CHANGE = _("Send the status CANCELED, or a slot with another start.")

CANCELED = "CANCELED"
LAST_START = 32_503_679_999  # the end of the year 2999
LONGEST = 366 * 24 * 60 * 60
_INTEGER = re.compile(r"-?\d{1,19}", re.ASCII)
_BELOW = 2**63
_SLOT_TEXTS = ("merchant_id", "service_id", "availability_tag", "confirmation_mode")
_RESOURCE_MEMBERS = ("staff_id", "room_id", "party_size")
_USER_TEXTS = ("user_id", "given_name", "family_name", "telephone", "email", "language_code")
_ADDRESS_TEXTS = ("country", "locality", "region", "postal_code", "street_address")


@dataclass(frozen=True)
class SlotTime:
	"""A slot that is asked for. duration_sec: None for the service's own. `echo`: it, as it is answered."""

	merchant_id: str
	service_id: str
	start_sec: int
	duration_sec: int | None
	echo: Mapping[str, object]


@dataclass(frozen=True)
class Lookup:
	merchant_id: str
	slots: tuple[SlotTime, ...]


@dataclass(frozen=True)
class Creation:
	"""user: what Google told of its user, as it is answered."""

	slot: SlotTime
	token: str
	user_id: str
	user: Mapping[str, object]


@dataclass(frozen=True)
class Update:
	"""A cancellation, or a move to another slot. The slot's ids are empty where they are to stay."""

	booking_id: str
	slot: SlotTime | None

	@property
	def cancels(self) -> bool:
		return self.slot is None


def read_lookup(payload: object) -> Lookup:
	"""BatchAvailabilityLookup."""
	body, reader = as_object(payload), PayloadReader()
	slots = _slot_times(reader, body.get("slot_time"))
	lookup = Lookup(required_id(reader, "merchant_id", body.get("merchant_id")), slots)
	reader.raise_faults()
	return lookup


def read_check(payload: object) -> SlotTime:
	"""CheckAvailability, which older partners are asked instead."""
	body, reader = as_object(payload), PayloadReader()
	slot = _whole_slot(reader, body.get("slot"))
	reader.raise_faults()
	return slot


def read_creation(payload: object) -> Creation:
	"""CreateBooking. Who books is read by channels/google_booking too, for the lead."""
	body, reader = as_object(payload), PayloadReader()
	user = members(reader, "user_information", body.get("user_information"))
	creation = Creation(
		slot=_whole_slot(reader, body.get("slot")),
		token=required_id(reader, "idempotency_token", body.get("idempotency_token")),
		user_id=required_id(reader, "user_information.user_id", user.get("user_id")),
		user=_user_echo(user),
	)
	reader.raise_faults()
	return creation


def read_update(payload: object) -> Update:
	"""UpdateBooking."""
	body, reader = as_object(payload), PayloadReader()
	booking = members(reader, "booking", body.get("booking"))
	booking_id = required_id(reader, "booking.booking_id", booking.get("booking_id"))
	slot = None
	if booking.get("status") != CANCELED:
		if booking.get("slot") is None:
			reader.fault("booking", NOT_A_CHANGE)
		slot = _slot(reader, "booking.slot", booking.get("slot"))
	reader.raise_faults()
	return Update(booking_id, slot)


def read_booking_id(payload: object) -> str:
	"""GetBookingStatus."""
	return _only_id(payload, "booking_id")


def read_user_id(payload: object) -> str:
	"""ListBookings."""
	return _only_id(payload, "user_id")


def _only_id(payload: object, name: str) -> str:
	body, reader = as_object(payload), PayloadReader()
	found = required_id(reader, name, body.get(name))
	reader.raise_faults()
	return found


def _slot_times(reader: PayloadReader, value: object) -> tuple[SlotTime, ...]:
	if value is None:
		return ()
	if not isinstance(value, list):
		reader.fault("slot_time", values.NOT_A_LIST)
		return ()
	slots = []
	for place, item in enumerate(value):
		slot = _slot(reader, f"slot_time.{place}", item)
		if not slot.service_id:
			reader.fault(f"slot_time.{place}.service_id", values.MISSING)
		slots.append(slot)
	return tuple(slots)


def _whole_slot(reader: PayloadReader, value: object) -> SlotTime:
	"""A slot that says of which merchant and service."""
	slot = _slot(reader, "slot", value)
	for name in ("merchant_id", "service_id"):
		if not getattr(slot, name):
			reader.fault(f"slot.{name}", values.MISSING)
	return slot


def _slot(reader: PayloadReader, path: str, value: object) -> SlotTime:
	slot = members(reader, path, value)
	start_sec = _integer(reader, f"{path}.start_sec", slot.get("start_sec"))
	if not 0 < start_sec <= LAST_START:
		reader.fault(f"{path}.start_sec", NOT_A_START)
	duration_sec = _integer(reader, f"{path}.duration_sec", slot.get("duration_sec"))
	if not 0 <= duration_sec <= LONGEST:
		reader.fault(f"{path}.duration_sec", NOT_A_LENGTH)
	return SlotTime(
		merchant_id=reader.identifier(f"{path}.merchant_id", slot.get("merchant_id")),
		service_id=reader.identifier(f"{path}.service_id", slot.get("service_id")),
		start_sec=start_sec,
		duration_sec=duration_sec or None,
		echo=_slot_echo(slot, start_sec, duration_sec),
	)


def _integer(reader: PayloadReader, name: str, value: object) -> int:
	"""An int64, zero where it is absent."""
	if value is None or value == "":
		return 0
	number = None
	if isinstance(value, str) and _INTEGER.fullmatch(value):
		number = int(value)
	elif isinstance(value, int) and not isinstance(value, bool):
		number = value
	elif isinstance(value, float) and value.is_integer():
		number = int(value)
	if number is None or not -_BELOW <= number < _BELOW:
		reader.fault(name, NOT_AN_INTEGER)
		return 0
	return number


def _slot_echo(slot: Mapping[str, object], start_sec: int, duration_sec: int) -> dict[str, object]:
	"""The slot as proto3's JSON writes it: int64 as texts, and nothing of what is absent."""
	resources = slot.get("resources")
	known = _texts(resources, _RESOURCE_MEMBERS) if isinstance(resources, dict) else {}
	return {
		**_texts(slot, _SLOT_TEXTS),
		"start_sec": str(start_sec),
		**({"duration_sec": str(duration_sec)} if duration_sec else {}),
		**({"resources": known} if known else {}),
	}


def _user_echo(user: Mapping[str, object]) -> dict[str, object]:
	address = user.get("address")
	known = _texts(address, _ADDRESS_TEXTS) if isinstance(address, dict) else {}
	return {**_texts(user, _USER_TEXTS), **({"address": known} if known else {})}


def _texts(source: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
	return {
		name: value
		for name in names
		if (value := source.get(name)) and isinstance(value, (str, int)) and not isinstance(value, bool)
	}
