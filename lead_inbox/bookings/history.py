"""What was done with a booking, written where people look back: in the conversation of its lead."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import get_fullname

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import Change, Origin, Status
from lead_inbox.bookings.telling import times
from lead_inbox.inbox import notes

FIELDS = ("lead", "status", "service", "service_text", "user", "starts_on", "reason", "channel")
WITH_REASON = (Change.MOVED, Change.CANCELLED, Change.DECLINED)


def tell(booking: str, change: Change, origin: Origin, before: frappe._dict | None) -> None:
	"""Remark what was done. before: the row as it was, of a booking that was moved."""
	row = frappe.db.get_value(BOOKING, booking, FIELDS, as_dict=True)
	if not row.lead:
		return
	lines = [
		_sentence(row, change, before),
		_whose_doing(row, origin),
		row.reason if change in WITH_REASON else "",
	]
	user = frappe.session.user if origin is Origin.USER else None
	notes.remark(row.lead, "\n".join(filter(None, lines)), user=user)


def _sentence(row: frappe._dict, change: Change, before: frappe._dict | None) -> str:
	what = row.service or row.service_text or _("Appointment")
	when = times.short(row.starts_on)
	if change is Change.MOVED:
		return _moved(row, what, when, before)
	if change is Change.BOOKED and row.status == Status.REQUESTED.value:
		return _("Asked for: {0} on {1}").format(what, when)
	return {
		Change.BOOKED: _("Booked: {0} on {1}"),
		Change.CONFIRMED: _("Confirmed: {0} on {1}"),
		Change.CANCELLED: _("Cancelled: {0} on {1}"),
		Change.DECLINED: _("Declined: {0} on {1}"),
		Change.COMPLETED: _("Completed: {0} on {1}"),
		Change.NO_SHOW: _("The customer was not there: {0} on {1}"),
	}[change].format(what, when)


def _moved(row: frappe._dict, what: str, when: str, before: frappe._dict | None) -> str:
	if before and before.starts_on != row.starts_on:
		return _("Moved: {0} from {1} to {2}").format(what, times.short(before.starts_on), when)
	if before and before.user != row.user:
		return _("Given to {0}: {1} on {2}").format(get_fullname(row.user), what, when)
	return _("Given another length: {0} on {1}").format(what, when)


def _whose_doing(row: frappe._dict, origin: Origin) -> str:
	return {
		Origin.USER: "",
		Origin.CUSTOMER: _("By the customer"),
		Origin.PARTNER: row.channel or "",
		Origin.GOOGLE: _("By the customer, on Google"),
	}[origin]
