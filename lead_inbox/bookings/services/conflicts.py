"""What speaks against a time that a user wants to book by hand: who and what (BO-4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _

from lead_inbox.bookings.services import engagements, services, slot_rules
from lead_inbox.bookings.services.engagements import Engagement
from lead_inbox.bookings.services.slot_rules import Occupancy, Service, Span

MOST_SHOWN = 10


def conflicts(
	service: str,
	starts_on: datetime,
	ends_on: datetime,
	user: str | None = None,
	ignoring: str | None = None,
) -> list[dict[str, Any]]:
	"""Return what speaks against a time, hours and holidays first: kind, label, starts_on, ends_on, user.

	kind: booking, event, hours or holiday. user: who has to do it; else one of the service's users, so what
	they have to do is a conflict only where none of them is free. ignoring: the booking that is to be moved.
	What the session's user may not read is called busy. Empty for a service that cannot be booked.
	"""
	found = services.read(service)
	if not found:
		return []
	held = slot_rules.held_by(found, starts_on, ends_on, found.calendar.site_zone)
	users = (user,) if user else found.users
	engaged = [
		engagement
		for engagement in engagements.engagements({service}, users, held, ignoring)
		if _overlap(engagement.span, held)
	]
	in_the_way = [*_of_service(found, engaged, held), *_of_users(users, engaged)]
	rows = (_row(engagement) for engagement in dict.fromkeys(in_the_way))
	return [*_closings(found, starts_on, ends_on), *list(rows)[:MOST_SHOWN]]


def _overlap(one: Span, other: Span) -> bool:
	return one.begins < other.ends and other.begins < one.ends


def _of_service(service: Service, engaged: Iterable[Engagement], held: Span) -> list[Engagement]:
	"""Return the service's own bookings, if at some moment there are as many as it has places."""
	own = [engagement for engagement in engaged if engagement.service == service.name]
	is_full = Occupancy(engagement.span for engagement in own).most(held) >= service.capacity
	return own if is_full else []


def _of_users(users: Iterable[str], engaged: Iterable[Engagement]) -> list[Engagement]:
	"""Return what the users have to do, if none of them is free."""
	theirs = [engagement for engagement in engaged if engagement.user in users]
	return theirs if {engagement.user for engagement in theirs} == set(users) else []


def _closings(service: Service, starts_on: datetime, ends_on: datetime) -> list[dict[str, Any]]:
	if slot_rules.is_within_hours(service, starts_on, ends_on):
		return []
	day = slot_rules.local_day(service.calendar, starts_on)
	last_day = slot_rules.local_day(service.calendar, max(starts_on, ends_on - timedelta(seconds=1)))
	holidays = sorted(holiday for holiday in service.calendar.holidays if day <= holiday <= last_day)
	kind, label = "hours", _("Outside the hours of {0}").format(service.name)
	if holidays:
		kind, label = "holiday", services.holiday_name(service, holidays[0])
	return [{"kind": kind, "label": label, "starts_on": starts_on, "ends_on": ends_on, "user": None}]


def _row(engagement: Engagement) -> dict[str, Any]:
	return {
		"kind": engagement.doctype.lower(),
		"label": _label(engagement),
		"starts_on": engagement.starts_on,
		"ends_on": engagement.ends_on,
		"user": engagement.user,
	}


def _label(engagement: Engagement) -> str:
	"""Return what it is called, as far as the session's user may know."""
	if not frappe.has_permission(engagement.doctype, doc=engagement.name):
		return _("Busy")
	field = "title" if engagement.doctype == "Booking" else "subject"
	return frappe.db.get_value(engagement.doctype, engagement.name, field) or _("Busy")
