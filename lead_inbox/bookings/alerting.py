"""Telling colleagues of bookings: who does it, and who has the lead."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import Change, Status
from lead_inbox.bookings.telling import times
from lead_inbox.inbox import alerts, messages, notify
from lead_inbox.inbox.notify import Notice

FIELDS = (
	*("name", "lead", "title", "customer_name", "status", "service", "service_text", "user", "starts_on"),
	*("reason", "notes"),
)
# What came of it, its own people have told themselves.
NOT_TOLD = (Change.COMPLETED, Change.NO_SHOW)


def tell(booking: str, change: Change, previous_user: str | None = None) -> None:
	"""Alert those whom a change concerns, but for the one who made it.

	previous_user: who had the booking until it was moved.
	"""
	if change in NOT_TOLD:
		return
	row = frappe.db.get_value(BOOKING, booking, FIELDS, as_dict=True)
	users = concerned(row, previous_user)
	link = alerts.inbox_url(row.lead) if row.lead else get_url_to_form(BOOKING, booking)
	content = row.notes if change is Change.BOOKED else row.reason
	notice = Notice(
		"booking", BOOKING, booking, link, _subject(row, change), messages.as_stored(content or "")
	)
	notify.tell([user for user in users if user != frappe.session.user], notice)


def concerned(row: frappe._dict, previous_user: str | None = None) -> Iterable[str]:
	"""Return whom a booking concerns, given its user and lead: who does it, who had it, who has the lead.

	Without anybody it is the people of the lead's channel.
	"""
	known = [user for user in (row.user, previous_user) if user]
	if row.lead:
		known += alerts.open_assignees(row.lead)
	if known or not row.lead:
		return dict.fromkeys(known)
	channel = frappe.db.get_value("Lead", row.lead, "inbox_channel")
	return alerts.people_of(frappe.get_cached_doc("Lead Channel", channel) if channel else frappe._dict())


def _subject(row: frappe._dict, change: Change) -> str:
	"""Return the sentence as HTML."""
	who = frappe.bold(escape_html(row.customer_name or row.title or row.name))
	what = escape_html(row.service or row.service_text or _("an appointment"))
	when = times.short(row.starts_on)
	if change is Change.BOOKED and row.status == Status.REQUESTED.value:
		return _("{0} asks for {1} on {2}: confirm or decline it").format(who, what, when)
	sentence = {
		Change.BOOKED: _("{0} is booked for {1} on {2}"),
		Change.CONFIRMED: _("The booking of {0} for {1} on {2} is confirmed"),
		Change.MOVED: _("The booking of {0} for {1} has been moved to {2}"),
		Change.CANCELLED: _("The booking of {0} for {1} on {2} has been cancelled"),
		Change.DECLINED: _("The booking of {0} for {1} on {2} has been declined"),
	}[change]
	return sentence.format(who, what, when)
