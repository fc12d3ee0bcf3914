"""Who is asked, and for what: a merchant is a Lead Channel by its name, a service a Bookable Service by its.

One user of the API may stand for several merchants: Google signs in to a booking server with one key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe

from lead_inbox.bookings.google.request_rules import NO_MERCHANT, NO_SERVICE
from lead_inbox.bookings.services import services
from lead_inbox.bookings.services.services import Service
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.inbox.admission import refusal

PROVIDER = "Google Actions Center"


def channels_of(user: str) -> dict[str, Any]:
	"""Return the Lead Channels for which a user of the API speaks, by merchant id."""
	filters = {"provider": PROVIDER, "api_user": user}
	names = frappe.get_all("Lead Channel", filters=filters, pluck="name", order_by="name asc")
	return {name: frappe.get_cached_doc("Lead Channel", name) for name in names}


def merchant(channels: Mapping[str, Any], merchant_id: str, path: str) -> Any:
	"""Return the channel of a merchant. Raises MalformedEvent for one that the caller does not speak for."""
	if merchant_id not in channels:
		raise MalformedEvent({path: NO_MERCHANT})
	return channels[merchant_id]


def is_closed(channel: Any) -> bool:
	"""Whether a merchant takes no bookings now: it is switched off or on holiday."""
	return refusal(channel, "Booking") is not None


def offered(service_id: str, path: str) -> Service | None:
	"""Return a service, None for one that customers can't book at present.

	Raises MalformedEvent for one that never was: Google has what is offered from a feed, which may be behind.
	"""
	service = services.read(service_id)
	if (service.name if service else frappe.db.exists("Bookable Service", service_id)) != service_id:
		raise MalformedEvent({path: NO_SERVICE})
	return service if service and service.online else None
