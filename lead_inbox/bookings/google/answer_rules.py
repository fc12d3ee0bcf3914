"""What a booking server answers Google's Actions Center, in Google's own shape. Pure.

A business failure is an answer like any other (HTTP 200); only bad data is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from lead_inbox.bookings.google.request_rules import SlotTime
from lead_inbox.bookings.rules import Refusal, Status


class Cause(str, Enum):
	"""Why a booking could not be made or changed. Google knows more, of payments and leases for instance."""

	SLOT_UNAVAILABLE = "SLOT_UNAVAILABLE"
	SLOT_ALREADY_BOOKED_BY_USER = "SLOT_ALREADY_BOOKED_BY_USER"
	OVERLAPPING_RESERVATION = "OVERLAPPING_RESERVATION"
	OUTSIDE_CANCELLATION_WINDOW = "OUTSIDE_CANCELLATION_WINDOW"
	BOOKING_ALREADY_CANCELLED = "BOOKING_ALREADY_CANCELLED"
	BOOKING_NOT_CANCELLABLE = "BOOKING_NOT_CANCELLABLE"


@dataclass(frozen=True)
class Booked:
	"""A booking as Google sees it."""

	booking_id: str
	merchant_id: str
	service_id: str
	start_sec: int
	duration_sec: int
	status: Status


STATUS_NAMES: Mapping[Status, str] = {
	Status.REQUESTED: "PENDING_MERCHANT_CONFIRMATION",
	Status.CONFIRMED: "CONFIRMED",
	Status.COMPLETED: "CONFIRMED",  # Google has no word for it
	Status.NO_SHOW: "NO_SHOW",
	Status.CANCELLED: "CANCELED",
	Status.DECLINED: "DECLINED_BY_MERCHANT",
}


def cause_of(refusal: Refusal, status: Status | None = None) -> Cause:
	"""Return the cause of a refusal. status: of the booking that was to be changed."""
	if refusal is Refusal.TOO_LATE_TO_CHANGE:
		return Cause.OUTSIDE_CANCELLATION_WINDOW
	if refusal is Refusal.IS_OVER:
		cancelled = status is Status.CANCELLED
		return Cause.BOOKING_ALREADY_CANCELLED if cancelled else Cause.BOOKING_NOT_CANCELLABLE
	return Cause.SLOT_UNAVAILABLE


def lookup_answer(slots: Sequence[SlotTime], places: Sequence[int]) -> dict[str, object]:
	"""One entry for each slot that was asked for, in that order. places: how many are free."""
	return {
		"slot_time_availability": [
			{"slot_time": dict(slot.echo), "available": free > 0}
			for slot, free in zip(slots, places, strict=True)
		]
	}


def check_answer(slot: SlotTime, places: int) -> dict[str, object]:
	return {"slot": dict(slot.echo), "count_available": places}


def creation_answer(booked: Booked, slot: SlotTime, user: Mapping[str, object]) -> dict[str, object]:
	"""slot, user: what was asked for. What of it has changed since is answered as it is now."""
	booking = booking_answer(booked, user)
	return {"booking": {**booking, "slot": {**slot.echo, **_slot(booked)}}}


def update_answer(booked: Booked) -> dict[str, object]:
	return {"booking": booking_answer(booked)}


def failure_answer(cause: Cause, description: str = "") -> dict[str, object]:
	"""description: words for whoever looks for the reason."""
	return {
		"booking_failure": {"cause": cause.value, **({"description": description} if description else {})}
	}


def status_answer(booked: Booked) -> dict[str, object]:
	"""Nothing is paid in advance, which an absent prepayment_status says."""
	return {"booking_id": booked.booking_id, "booking_status": STATUS_NAMES[booked.status]}


def user_of(user_id: str, row: Mapping[str, str | None]) -> dict[str, object]:
	"""Return a user of Google as a booking's row knows them."""
	given, _space, family = (row["customer_name"] or "").rpartition(" ")
	known = {
		"given_name": given or family,
		"family_name": family if given else "",
		"telephone": row["phone"],
		"email": row["lead_email"],
	}
	return {"user_id": user_id, **{name: value for name, value in known.items() if value}}


def list_answer(bookings: Sequence[dict[str, object]]) -> dict[str, object]:
	return {"bookings": list(bookings)}


def booking_answer(booked: Booked, user: Mapping[str, object] | None = None) -> dict[str, object]:
	return {
		"booking_id": booked.booking_id,
		"slot": _slot(booked),
		**({"user_information": dict(user)} if user else {}),
		"status": STATUS_NAMES[booked.status],
	}


def _slot(booked: Booked) -> dict[str, object]:
	return {
		"merchant_id": booked.merchant_id,
		"service_id": booked.service_id,
		"start_sec": str(booked.start_sec),
		"duration_sec": str(booked.duration_sec),
	}
