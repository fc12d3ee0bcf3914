"""What services and users have to do already: bookings, and Events in the users' calendars (BO-2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.query_builder.functions import IfNull
from frappe.utils import get_system_timezone

from lead_inbox.bookings.rules import HOLDING
from lead_inbox.bookings.services import event_rules, services, slot_rules
from lead_inbox.bookings.services.event_rules import Appointment, Repetition
from lead_inbox.bookings.services.slot_rules import (
	NOTHING,
	Candidate,
	Occupancy,
	Service,
	Slot,
	Span,
)
from lead_inbox.inbox.response.working_time import DAY

OPEN_EVENT = "Open"
PARTICIPANTS = "Event Participants"
NO_BUFFERS = (timedelta(), timedelta())
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Engaged:
	"""taken: how many bookings each service has at each instant. busy: the same of what each user has to do."""

	taken: Mapping[str, Occupancy] = field(default_factory=dict)
	busy: Mapping[str, Occupancy] = field(default_factory=dict)

	def free_slot(self, service: Service, candidate: Candidate, user: str | None) -> Slot | None:
		taken = self.taken.get(service.name, NOTHING)
		return slot_rules.free_slot(service, candidate, taken, self.busy, user)


@dataclass(frozen=True)
class Engagement:
	"""A booking or an Event: what it is called, and what it takes of whose time. Naive, site time.

	user: None for a booking that nobody has to do. span: with what the service keeps free around it.
	"""

	doctype: str
	name: str
	service: str | None
	user: str | None
	starts_on: datetime
	ends_on: datetime
	span: Span


def read(wanted: Iterable[Service], span: Span, ignoring: str | None = None) -> Engaged:
	"""Return what some services and their users have to do within a span. ignoring: a booking."""
	wanted = list(wanted)
	found = engagements({service.name for service in wanted}, _users_of(wanted), span, ignoring)
	taken: dict[str, list[Span]] = defaultdict(list)
	busy: dict[str, list[Span]] = defaultdict(list)
	for engagement in found:
		if engagement.service:
			taken[engagement.service].append(engagement.span)
		if engagement.user:
			busy[engagement.user].append(engagement.span)
	return Engaged(_occupancies(taken), _occupancies(busy))


def engagements(
	names: Iterable[str], users: Iterable[str], span: Span, ignoring: str | None = None
) -> list[Engagement]:
	"""Return the bookings of services, and all that users have to do, that may have a moment in a span.

	ignoring: a booking. In the order of their beginning. Asks no permission.
	"""
	site_zone = ZoneInfo(get_system_timezone())
	names, users = sorted(set(names)), sorted(set(users))
	# a day more: buffers, and clocks that change, are reckoned with afterwards
	since, until = (
		(instant + days).astimezone(site_zone).replace(tzinfo=None)
		for instant, days in ((span.begins, -DAY), (span.ends, DAY))
	)
	found = _bookings(names, users, since, until, ignoring, site_zone)
	if users:
		found += _events(users, since, until, site_zone)
	return sorted(found, key=lambda engagement: (engagement.starts_on, engagement.name))


def _users_of(wanted: Iterable[Service]) -> set[str]:
	return {user for service in wanted for user in service.users}


def _occupancies(spans: Mapping[str, list[Span]]) -> dict[str, Occupancy]:
	return {name: Occupancy(found) for name, found in spans.items()}


def _bookings(
	names: list[str],
	users: list[str],
	since: datetime,
	until: datetime,
	ignoring: str | None,
	site_zone: ZoneInfo,
) -> list[Engagement]:
	table = frappe.qb.DocType("Booking")
	of_these = table.service.isin(names or [""])
	if users:
		of_these |= table.user.isin(users)
	rows = (
		frappe.qb.from_(table)
		.select(table.name, table.service, table.user, table.starts_on, table.ends_on)
		.where(table.status.isin([status.value for status in HOLDING]))
		.where(table.ends_on > since)
		.where(table.starts_on < until)
		.where(table.name != (ignoring or ""))
		.where(of_these)
		.run(as_dict=True)
	)
	buffers = services.buffers({row.service for row in rows if row.service})
	return [
		Engagement(
			"Booking",
			row.name,
			row.service,
			row.user,
			row.starts_on,
			row.ends_on,
			slot_rules.held_span(
				row.starts_on, row.ends_on, *buffers.get(row.service, NO_BUFFERS), site_zone
			),
		)
		for row in rows
	]


def _events(users: list[str], since: datetime, until: datetime, site_zone: ZoneInfo) -> list[Engagement]:
	"""Return the open Events of users' calendars, and those that they take part in.

	Without those that show a booking: it counts itself.
	"""
	event, participant = frappe.qb.DocType("Event"), frappe.qb.DocType(PARTICIPANTS)
	fields = ("name", "starts_on", "ends_on", "all_day", "repeat_this_event", "repeat_on", "repeat_till")
	columns = [event[name] for name in (*fields, *WEEKDAYS)]
	own = frappe.qb.from_(event).select(*columns, event.owner.as_("user")).where(event.owner.isin(users))
	others = (
		frappe.qb.from_(participant)
		.join(event)
		.on(event.name == participant.parent)
		.select(*columns, participant.reference_docname.as_("user"))
		.where(participant.reference_docname.isin(users))
		.where(participant.reference_doctype == "User")
	)
	if frappe.get_meta(PARTICIPANTS).has_field("attending"):
		others = others.where(IfNull(participant.attending, "") != "No")
	found = {}
	for query in (own, others):
		rows = (
			query.where(event.status == OPEN_EVENT)
			.where(event.starts_on < until)
			.where(IfNull(event.inbox_booking, "") == "")
			.run(as_dict=True)
		)
		found |= {(row.name, row.user): row for row in rows}
	return [
		Engagement(
			"Event",
			row.name,
			None,
			row.user,
			starts_on,
			ends_on,
			slot_rules.span_of(starts_on, ends_on, site_zone),
		)
		for row in found.values()
		for starts_on, ends_on in event_rules.times(_appointment(row), since, until)
	]


def _appointment(row: Any) -> Appointment:
	repetition = Repetition(
		row.repeat_on or "",
		frozenset(number for number, weekday in enumerate(WEEKDAYS) if row[weekday]),
		row.repeat_till or datetime.max.date(),
	)
	return Appointment(
		row.starts_on, row.ends_on, bool(row.all_day), repetition if row.repeat_this_event else None
	)
