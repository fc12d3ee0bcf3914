"""Rows of Booking: finding, locking, and what a lead or Customer tells of the person who is booked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import frappe
from frappe import _

from lead_inbox.inbox import identity

if TYPE_CHECKING:
	from lead_inbox.bookings.booking import Request

BOOKING = "Booking"
TITLE_LENGTH = 140
FIELDS = (
	*("name", "lead", "customer", "customer_name", "status", "service", "user", "starts_on", "ends_on"),
	*("reason", "revision", "event", "origin", "channel", "external_id"),
)
LEAD_FIELDS = (
	*("name", "title", "lead_name", "email_id", "phone", "mobile_no", "inbox_customer", "inbox_location"),
)


def keys_of(request: Request) -> dict[str, str]:
	"""Return the columns by which the database refuses the same booking twice."""
	keys = {}
	if request.key:
		keys["request_key"] = _hash(request.origin.value, request.channel, request.key)
	if request.external_id:
		keys["external_key"] = external_key(request.channel, request.external_id)
	return keys


def external_key(channel: str, external_id: str) -> str:
	return _hash(channel, external_id)


def _hash(*parts: str) -> str:
	return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def find(keys: dict[str, str], committed_by_now: bool = False) -> str | None:
	"""Return the booking with one of the keys.

	committed_by_now: see also what others have committed since this transaction began. As a shared lock:
	of several who were refused the same key none waits for another.
	"""
	locking = "lock in share mode" if committed_by_now else ""
	for column, key in keys.items():
		found = frappe.db.sql(f"select name from `tabBooking` where {column} = %s {locking}", key)
		if found:
			return found[0][0]
	return None


def hold(name: str) -> frappe._dict:
	"""Return a booking's row as it is now, locked until the transaction ends, after its lead's."""
	lock_lead(frappe.db.get_value(BOOKING, name, "lead"))
	row = frappe.db.get_value(BOOKING, name, FIELDS, as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("This booking does not exist any more."), frappe.DoesNotExistError)
	return row


def lock_lead(lead: str | None) -> frappe._dict | None:
	"""Return a lead's row, locked; of one that was merged away the one it goes on as.

	Raises DoesNotExistError for one that is gone.
	"""
	if not lead:
		return None
	row = frappe.db.get_value("Lead", identity.hold(lead), LEAD_FIELDS, as_dict=True, for_update=True)
	if not row:
		frappe.throw(_("Lead {0} does not exist any more.").format(lead), frappe.DoesNotExistError)
	return row


def person(lead: frappe._dict | None, customer: str) -> frappe._dict:
	"""Return whom a booking is for: customer, customer_name, email, phone, place.

	customer: of a booking without a lead. A lead tells by itself which Customer it has become.
	"""
	if lead:
		return frappe._dict(
			customer=lead.inbox_customer,
			customer_name=lead.title or lead.lead_name,
			email=lead.email_id,
			phone=lead.mobile_no or lead.phone,
			place=lead.inbox_location,
		)
	fields = ["customer_name", "email_id", "mobile_no"]
	known = frappe.db.get_value("Customer", customer, fields, as_dict=True) if customer else None
	known = known or frappe._dict()
	return frappe._dict(
		customer=customer or None,
		customer_name=known.customer_name,
		email=known.email_id,
		phone=known.mobile_no,
		place=None,
	)
