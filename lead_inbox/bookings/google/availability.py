"""BatchAvailabilityLookup and CheckAvailability: how many places are free in the slots asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings.google import answer_rules, merchants, request_rules, time_rules
from lead_inbox.bookings.google.request_rules import SlotTime
from lead_inbox.bookings.services import slots
from lead_inbox.bookings.services.services import Service


def lookup(channels: Mapping[str, Any], payload: object) -> dict[str, object]:
	"""Answer BatchAvailabilityLookup. Raises MalformedEvent."""
	asked = request_rules.read_lookup(payload)
	channel = merchants.merchant(channels, asked.merchant_id, "merchant_id")
	return answer_rules.lookup_answer(asked.slots, free_places(channel, asked.slots, "slot_time"))


def check(channels: Mapping[str, Any], payload: object) -> dict[str, object]:
	"""Answer CheckAvailability. Raises MalformedEvent."""
	slot = request_rules.read_check(payload)
	channel = merchants.merchant(channels, slot.merchant_id, "slot.merchant_id")
	(places,) = free_places(channel, [slot], "slot")
	return answer_rules.check_answer(slot, places)


def free_places(channel: Any, asked: Sequence[SlotTime], path: str) -> list[int]:
	"""Return how many places each slot has, in the order asked for; none where it is not offered.

	path: of the slots in the request. Raises MalformedEvent for a service that does not exist.
	"""
	offered = {slot.service_id: None for slot in asked}
	offered = {name: merchants.offered(name, f"{path}.service_id") for name in offered}
	if merchants.is_closed(channel):
		return [0] * len(asked)
	wanted = [_wanted(slot, offered[slot.service_id]) for slot in asked]
	free = _free(wanted, {name: service for name, service in offered.items() if service})
	return [free.get(key, 0) if key else 0 for key in wanted]


def site_zone() -> ZoneInfo:
	return ZoneInfo(get_system_timezone())


def _wanted(slot: SlotTime, service: Service | None) -> tuple[str, Any, Any] | None:
	"""Return service, start and end of a slot, None for one that can't be free."""
	zone = site_zone()
	starts_on = time_rules.start_on(slot.start_sec, zone)
	if not service or not starts_on:
		return None
	seconds = slot.duration_sec or int(service.duration.total_seconds())
	return service.name, starts_on, time_rules.end_on(slot.start_sec + seconds, zone)


def _free(
	wanted: Sequence[tuple[str, Any, Any] | None], offered: Mapping[str, Service]
) -> dict[tuple[str, Any, Any], int]:
	"""Return the places of all free slots between the first start and the last.

	Google may ask for any time: what lies beyond the horizon is not looked for.
	"""
	now = now_datetime()
	last = now + max((service.horizon for service in offered.values()), default=timedelta())
	starts = [key[1] for key in wanted if key and now < key[1] <= last]
	if not starts:
		return {}
	until_on = max(starts) + timedelta(seconds=1)
	found = slots.free_slots_of(list(offered), min(starts), until_on, by_customer=True, now=now)
	return {
		(name, slot.starts_on, slot.ends_on): slot.places for name, free in found.items() for slot in free
	}
