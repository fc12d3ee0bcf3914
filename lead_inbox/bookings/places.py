"""A place for a booking: whether it may have the time it wants, and taking it (BO-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe.utils import now_datetime

from lead_inbox.bookings import rules
from lead_inbox.bookings.refusals import refuse
from lead_inbox.bookings.rules import BY_THEMSELVES, Origin, Refusal
from lead_inbox.bookings.services import claims, slots
from lead_inbox.bookings.services.services import Service

USUAL_DURATION = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
	"""The time that a booking wants. service: None for what only a source knows.

	user: who is asked for. over: a time that is not asked whether it is free: by hand, or a partner's fact.
	moving: the booking that has another time so far, and of its present user.
	"""

	service: Service | None
	starts_on: datetime
	ends_on: datetime
	user: str | None
	over: bool
	by_customer: bool
	moving: str | None = None
	present_user: str | None = None


def wanted(
	service: Service | None,
	starts_on: datetime,
	ends_on: datetime | None,
	user: str | None,
	origin: Origin,
	by_hand: bool,
	moved: frappe._dict | None = None,
) -> Wanted:
	"""Return the time that is asked for. Raises BookingRefused for one that nobody may book.

	A partner's booking may have begun already when we hear of it.
	"""
	ends_on = ends_on or starts_on + (service.duration if service else USUAL_DURATION)
	refusal = rules.time_refusal(starts_on, ends_on, now_datetime())
	if refusal and not (refusal is Refusal.IN_THE_PAST and origin is Origin.PARTNER):
		refuse(refusal)
	return Wanted(
		service=service,
		starts_on=starts_on,
		ends_on=ends_on,
		user=user,
		over=by_hand or origin is Origin.PARTNER or not service,
		by_customer=origin in BY_THEMSELVES,
		moving=moved.name if moved else None,
		present_user=moved.user if moved else None,
	)


def look_for(wanted: Wanted) -> tuple[str, ...]:
	"""Return the users of whom one may take it, empty where the service has none.

	Raises BookingRefused when it is not a free slot, unless it need not be one.
	"""
	if wanted.over:
		return _people(wanted, wanted.service.users if wanted.service else ())
	slot = next((slot for slot in _slots_at(wanted) if slot.ends_on == wanted.ends_on), None)
	if not slot:
		refuse(_refusal(wanted) or Refusal.TAKEN)
	return _people(wanted, slot.users)


def claim(booking: str, wanted: Wanted, people: tuple[str, ...]) -> str | None:
	"""Take the place, in exchange for any that the booking had, and return who does it. Raises claims.SlotTaken."""
	return claims.take(booking, wanted.service, wanted.starts_on, wanted.ends_on, people, over=wanted.over)


def _people(wanted: Wanted, free: tuple[str, ...]) -> tuple[str, ...]:
	"""Who is asked for, else whoever has it so far, else all who are free."""
	if wanted.user:
		return (wanted.user,)
	if wanted.present_user and (wanted.over or wanted.present_user in free):
		return (wanted.present_user,)
	return tuple(free)


def _slots_at(wanted: Wanted) -> list[slots.Slot]:
	until_on = wanted.starts_on + timedelta(seconds=1)
	found = slots.free_slots(
		wanted.service.name,
		wanted.starts_on,
		until_on,
		user=wanted.user,
		ignoring=wanted.moving,
		by_customer=wanted.by_customer,
	)
	return [slot for slot in found if slot.starts_on == wanted.starts_on]


def _refusal(wanted: Wanted) -> Refusal | None:
	return slots.refusal(
		wanted.service.name,
		wanted.starts_on,
		wanted.ends_on,
		user=wanted.user,
		ignoring=wanted.moving,
		by_customer=wanted.by_customer,
	)
