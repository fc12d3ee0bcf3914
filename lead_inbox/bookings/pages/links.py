"""Signed links by which customers open their pages without a login (BO-5, BO-8).

A link is the permission: whoever has it may do what its page offers, for that lead or booking alone. It is
signed with a key that is derived from the site's encryption key, another one for each purpose, and names
when it ends. What is not valid is refused with words for a customer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import get_url, now_datetime
from frappe.utils.password import get_encryption_key
from itsdangerous import BadData, URLSafeSerializer

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.inbox import identity

SERVICE, BOOKED, REVIEW = "service", "booking", "review"
PAGES = {SERVICE: "/booking", BOOKED: "/booking", REVIEW: "/booking-review"}
USUAL_DAYS = 30
LONGEST = 500  # characters of a token; ours have less than half


class LinkRefused(frappe.ValidationError):
	"""A link that opens nothing. The words tell its customer what to do; they say nothing of what it was for."""

	http_status_code = 403


class LinkForged(LinkRefused):
	"""It was not made by this site, not for this purpose, or was cut off on its way."""


class LinkExpired(LinkRefused):
	"""It was good once: its time is over, or what it was for does not exist any more."""

	http_status_code = 410


@dataclass(frozen=True)
class Opened:
	"""What a link is for. booking: empty for a link to book something. lead: empty for a booking without one."""

	lead: str
	booking: str
	purpose: str


def service_link(lead: str) -> str:
	"""Return the address of the page on which a lead's customer sees what is offered, and books."""
	return _link(SERVICE, lead, now_datetime())


def booking_link(booking: str) -> str:
	"""Return the address of the page on which a customer sees, moves and cancels a booking.

	Good for as long after the booking as it is good from now.
	"""
	return _link(BOOKED, booking, _end_of(booking))


def review_link(booking: str) -> str:
	"""Return the address of the page on which a customer reviews a booking."""
	return _link(REVIEW, booking, _end_of(booking))


def opened(token: str, *purposes: str, now: datetime | None = None) -> Opened:
	"""Return what a link's token is for: one of the purposes. Of a lead that was merged away it is the winner.

	Raises LinkForged or LinkExpired.
	"""
	purpose, name, ends = _verified(token, purposes)
	if ends < (now or now_datetime()).timestamp():
		raise LinkExpired(_("This link is too old. Use the link in our latest message, or call us."))
	if purpose == SERVICE:
		lead, booking = name, ""
	else:
		row = frappe.db.get_value(BOOKING, name, ["name", "lead"], as_dict=True)
		lead, booking = (row.lead or "", row.name) if row else ("", "")
	if not booking and not (lead and frappe.db.exists("Lead", lead)):
		raise LinkExpired(_("What this link was for does not exist any more. Call us, or write to us."))
	return Opened(identity.winner_of(lead) if lead else "", booking, purpose)


def _link(purpose: str, name: str, not_before: datetime) -> str:
	"""not_before: the link's days are counted from then, or from now when that has passed. Site time."""
	days = frappe.get_cached_doc("Lead Inbox Settings").booking_link_days or USUAL_DAYS
	ends = max(not_before, now_datetime()) + timedelta(days=days)
	token = _serializer(purpose).dumps([name, int(ends.timestamp())])
	return get_url(f"{PAGES[purpose]}?{urlencode({'link': token})}")


def _end_of(booking: str) -> datetime:
	return frappe.db.get_value(BOOKING, booking, "ends_on") or now_datetime()


def _verified(token: str, purposes: Iterable[str]) -> tuple[str, str, int]:
	"""Return purpose, name and end of a token of ours."""
	for purpose in purposes if len(token) <= LONGEST else ():
		try:
			name, ends = _serializer(purpose).loads(token)
		except BadData:
			continue
		return purpose, name, ends
	raise LinkForged(
		_("This link leads nowhere: it was changed or cut off on its way. Use the link in our message again.")
	)


def _serializer(purpose: str) -> URLSafeSerializer:
	return URLSafeSerializer(
		get_encryption_key(),
		salt=f"lead_inbox.bookings.pages.links.{purpose}",
		signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
	)
