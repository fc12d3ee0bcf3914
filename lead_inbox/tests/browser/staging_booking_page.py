"""What the tests of the customer's booking page need beside staging_bookings.py. Called as that is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import frappe

from lead_inbox.bookings.pages import links
from lead_inbox.tests.browser import staging_bookings


def path_to_book() -> dict[str, str]:
	"""A customer and two services. lead, and where their link leads on the site."""
	staging_bookings.priced_services()
	lead = staging_bookings.customer()
	return {"lead": lead, "path": path_of(links.service_link(lead))}


def path_to_booking(**values: Any) -> dict[str, str]:
	"""A customer with a booking in three days at ten. lead, and where the booking's link leads on the site."""
	staging_bookings.priced_services()
	lead = staging_bookings.customer()
	booking = staging_bookings.booked(lead, staging_bookings.at(3), **values)
	return {"lead": lead, "path": path_of(links.booking_link(booking))}


def close_changes() -> None:
	"""The time in which customers may change their bookings is over for all."""
	frappe.db.set_value("Bookable Service", staging_bookings.SERVICE, "change_until_minutes", 10 * 1440)
	frappe.clear_document_cache("Bookable Service", staging_bookings.SERVICE)


def path_of(link: str) -> str:
	parts = urlsplit(link)
	return f"{parts.path}?{parts.query}"
