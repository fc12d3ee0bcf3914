"""Choosing on the booking page: a service, a day and time, and the last look before it is booked or moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.bookings.booking_rows import BOOKING, LEAD_FIELDS, person
from lead_inbox.bookings.pages import links, page_rules, views
from lead_inbox.bookings.pages.page_rules import Asked, Week, moment_text
from lead_inbox.bookings.pages.views import Context
from lead_inbox.bookings.rules import HOLDING
from lead_inbox.bookings.services import services, slot_rules, slots
from lead_inbox.bookings.services.services import Service
from lead_inbox.bookings.services.slots import Slot
from lead_inbox.bookings.telling import times, words
from lead_inbox.inbox.response.working_time import instant_of, site_time_of

LOOK_AHEAD = timedelta(days=14)
SECOND = timedelta(seconds=1)
TYPED = ("email", "phone", "place", "notes")
HOLDING_STATUSES = [status.value for status in HOLDING]


@dataclass(frozen=True)
class Choice:
	"""For what a time is chosen. token: of the link. moved: row of the booking that gets it; None for a new one."""

	token: str
	lead: str
	service: Service
	moved: frappe._dict | None = None

	@property
	def places(self) -> dict[str, str]:
		"""Where on the page this is."""
		return {"step": "move"} if self.moved else {"service": self.service.name}

	def free_slots(self, since: datetime, until: datetime) -> list[Slot]:
		"""Return what can be chosen; the time that a booking has already is no other time. Site time."""
		ignoring = self.moved.name if self.moved else None
		found = slots.free_slots(self.service.name, since, until, ignoring=ignoring, by_customer=True)
		return [slot for slot in found if not self.moved or slot.starts_on != self.moved.starts_on]

	def slot_at(self, starts_on: datetime) -> Slot | None:
		found = self.free_slots(starts_on, starts_on + SECOND)
		return next((slot for slot in found if slot.starts_on == starts_on), None)


def service_named(name: str) -> Service | None:
	"""Return a service, None for one that customers may not book themselves."""
	service = services.read(name) if name else None
	return service if service and service.online else None


def services_view(token: str, lead: str, notice: str = "", status: int | None = None) -> Context:
	"""Return what is offered, and what the customer has booked already."""
	offered = services.read_all(online=True)
	now = now_datetime()
	free = slots.free_slots_of([service.name for service in offered], now, now + LOOK_AHEAD, by_customer=True)
	return views.frame(
		"services",
		_("Book an Appointment"),
		notice=notice,
		status=status,
		services=[
			{
				**views.service_facts(service, lead),
				"next_free": _slot_text(service, free[service.name][0]) if free[service.name] else "",
				"url": views.url(token, service=service.name),
			}
			for service in offered
		],
		bookings=_bookings_ahead(lead),
		help=views.helping.contact(lead),
	)


def slots_view(choice: Choice, asked: Asked, notice: str = "", status: int | None = None) -> Context:
	"""Return a week's free times by day, in the service's zone."""
	service, calendar = choice.service, choice.service.calendar
	today = slot_rules.local_day(calendar, now_datetime())
	since = asked.since or (slot_rules.local_day(calendar, asked.starts_on) if asked.starts_on else None)
	week = page_rules.week_of(since, today, service.horizon)
	found = choice.free_slots(_midnight(service, week.first), _midnight(service, week.until))
	return views.frame(
		"slots",
		_("Choose Another Time") if choice.moved else _("Choose a Time"),
		notice=notice,
		status=status,
		facts=views.service_facts(service, choice.lead),
		present=_present(choice),
		zone=times.zone_title(service.time_zone),
		days=_days(choice, found),
		week=_week_text(week),
		earlier=_week_url(choice, week.earlier),
		later=_week_url(choice, week.later),
		next_free=None if found else _next_free(choice, week, today),
		back=_back(choice),
		help=views.helping.contact(choice.lead),
	)


def confirm_view(
	choice: Choice, slot: Slot, sent: Mapping[str, Any] | None = None, fault: str = ""
) -> Context:
	"""Return the last look at a time. sent: what came from it before, when that has a fault."""
	service, moved = choice.service, choice.moved
	starts_on, ends_on = (times.zoned(moment, service.time_zone) for moment in (slot.starts_on, slot.ends_on))
	form = views.form(
		choice.token,
		do="move" if moved else "book",
		service="" if moved else service.name,
		start=moment_text(slot.starts_on),
		key="" if moved else (page_rules.text_of(sent or {}, "key") or frappe.generate_hash(length=20)),
	)
	typed = {name: page_rules.text_of(sent or {}, name) for name in TYPED}
	day = slot_rules.local_day(service.calendar, slot.starts_on).isoformat()
	return views.frame(
		"confirm",
		_("Move the Appointment?") if moved else _("Book This Appointment?"),
		facts={**views.service_facts(service, choice.lead), "when": times.span(starts_on, ends_on)},
		present=_present(choice),
		requested=service.needs_confirmation and not moved,
		form={**form, "typed": typed, "fault": fault},
		asks_place=not service.place and not moved,
		asks_contact=not moved and not _is_reachable(choice.lead),
		back=views.url(choice.token, **{**choice.places, "from": day}),
		status=422 if fault else None,
	)


def _is_reachable(lead: str) -> bool:
	known = person(frappe.db.get_value("Lead", lead, LEAD_FIELDS, as_dict=True), "")
	return bool(known.email or known.phone)


def _present(choice: Choice) -> str:
	return words.facts_of(choice.moved)["when"] if choice.moved else ""


def _bookings_ahead(lead: str) -> list[Context]:
	"""Return the bookings of a lead that hold a time; each has a link of its own."""
	rows = frappe.get_all(
		BOOKING,
		{"lead": lead, "status": ["in", HOLDING_STATUSES], "ends_on": [">", now_datetime()]},
		list(words.FIELDS),
		order_by="starts_on asc, name asc",
		limit=20,
	)
	return [{**words.facts_of(row), "url": links.booking_link(row.name)} for row in rows]


def _days(choice: Choice, found: list[Slot]) -> list[Context]:
	zone = choice.service.time_zone
	timed = ((times.zoned(slot.starts_on, zone).replace(tzinfo=None), slot) for slot in found)
	return [
		{
			"date": times.date_of(day),
			"slots": [
				{
					"time": times.time_of(times.zoned(slot.starts_on, zone)),
					"url": views.url(choice.token, **choice.places, start=moment_text(slot.starts_on)),
				}
				for slot in of_day
			],
		}
		for day, of_day in page_rules.by_day(timed).items()
	]


def _next_free(choice: Choice, week: Week, today: date) -> Context | None:
	"""Return the first time after a week without any; None when there is none at all."""
	service = choice.service
	ends = _midnight(service, today + service.horizon + timedelta(days=2))
	found = choice.free_slots(_midnight(service, week.until), ends)
	if not found:
		return None
	day = slot_rules.local_day(service.calendar, found[0].starts_on)
	return {"when": _slot_text(service, found[0]), "url": _week_url(choice, day)}


def _slot_text(service: Service, slot: Slot) -> str:
	local = times.zoned(slot.starts_on, service.time_zone)
	return _("{0}, {1}").format(times.date_of(local), times.time_of(local))


def _week_text(week: Week) -> str:
	return _("{0} to {1}").format(times.date_of(week.first), times.date_of(week.until - timedelta(days=1)))


def _week_url(choice: Choice, first: date | None) -> str:
	return views.url(choice.token, **{**choice.places, "from": first.isoformat()}) if first else ""


def _back(choice: Choice) -> str:
	return views.url(choice.token)


def _midnight(service: Service, day: date) -> datetime:
	"""Return when a day begins in the service's zone, as a moment of the site's."""
	calendar = service.calendar
	begins = instant_of(datetime.combine(day, time.min), calendar.zone)
	return site_time_of(begins, calendar).replace(tzinfo=None, fold=0)
