"""Telling everything else what has happened to a booking, in the transaction in which it happened."""

from __future__ import annotations

import frappe

from lead_inbox.bookings import alerting, calendar_events, history, leads
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.partners import partner_sync
from lead_inbox.bookings.reviewing import requests
from lead_inbox.bookings.rules import Change, Origin
from lead_inbox.bookings.telling import notices, reminders


def told(
	booking: str, change: Change, *, origin: Origin, notify: bool, before: frappe._dict | None = None
) -> None:
	"""Let calendars, the lead, the customer, colleagues, reminders and the partner follow a change.

	origin: who made it. notify: whether the customer is told. before: the row as it was, of one that was moved.
	"""
	calendar_events.follow(booking)
	leads.follow(booking)
	history.tell(booking, change, origin, before)
	if notify:
		notices.tell(booking, change, origin=origin)
	alerting.tell(booking, change, before.user if before else None)
	reminders.plan(booking)
	if change in (Change.COMPLETED, Change.NO_SHOW):
		requests.plan(booking)
	partner_sync.changed(booking, change, origin)
	frappe.get_doc(BOOKING, booking).notify_update()
