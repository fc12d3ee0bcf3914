"""The free times of services (BO-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from frappe.utils import now_datetime

from lead_inbox.bookings.rules import Refusal
from lead_inbox.bookings.services import engagements, services, slot_rules
from lead_inbox.bookings.services.slot_rules import Candidate, Service, Slot, Window

__all__ = ["Slot", "free_slots", "free_slots_of", "refusal"]


def free_slots(
	service: str,
	from_on: datetime,
	until_on: datetime,
	*,
	user: str | None = None,
	ignoring: str | None = None,
	by_customer: bool = False,
	now: datetime | None = None,
) -> list[Slot]:
	"""Return the free times of a service that start from a moment until before another one, in order.

	user: who has to be free. ignoring: a booking that is to be moved, so its own time counts as free.
	by_customer: who has to keep to the notice and the days ahead that the service wants. Empty for a service
	that is unknown, disabled, or none of those that customers book themselves.
	"""
	found = free_slots_of(
		[service], from_on, until_on, user=user, ignoring=ignoring, by_customer=by_customer, now=now
	)
	return found.get(service, [])


def free_slots_of(
	names: Sequence[str],
	from_on: datetime,
	until_on: datetime,
	*,
	user: str | None = None,
	ignoring: str | None = None,
	by_customer: bool = False,
	now: datetime | None = None,
) -> dict[str, list[Slot]]:
	"""Return the free times of each service, as free_slots does. The number of queries is always the same."""
	window = Window(from_on, until_on, now or now_datetime(), by_customer)
	wanted = [service for service in services.read_many(names) if service.online or not by_customer]
	offered = {service.name: slot_rules.candidates(service, window) for service in wanted}
	engaged = _engaged(wanted, [offer for offers in offered.values() for offer in offers], ignoring)
	found = {
		service.name: [
			slot for offer in offered[service.name] if (slot := engaged.free_slot(service, offer, user))
		]
		for service in wanted
	}
	return {name: found.get(name, []) for name in names}


def refusal(
	service: str,
	starts_on: datetime,
	ends_on: datetime,
	*,
	user: str | None = None,
	ignoring: str | None = None,
	by_customer: bool = False,
	now: datetime | None = None,
) -> Refusal | None:
	"""Return why exactly this is not one of the service's free times, None when it is. As free_slots."""
	found = services.read(service)
	if not found:
		return Refusal.UNKNOWN_SERVICE
	if by_customer and not found.online:
		return Refusal.NOT_ONLINE
	now = now or now_datetime()
	if refused := slot_rules.hours_refusal(found, starts_on, ends_on, now, by_customer):
		return refused
	if user and user not in found.users:
		return Refusal.NO_SUCH_SLOT
	held = slot_rules.held_by(found, starts_on, ends_on, found.calendar.site_zone)
	offer = Candidate(starts_on, ends_on, held)
	slot = _engaged([found], [offer], ignoring).free_slot(found, offer, user)
	return None if slot else Refusal.TAKEN


def _engaged(
	wanted: Iterable[Service], offers: Sequence[Candidate], ignoring: str | None
) -> engagements.Engaged:
	if not offers:
		return engagements.Engaged()
	span = slot_rules.Span(
		min(offer.held.begins for offer in offers), max(offer.held.ends for offer in offers)
	)
	return engagements.read(wanted, span, ignoring)
