"""Bookings, for the desk: what can be booked and when, a lead's bookings, and what people do with them.

For users who may read the lead, or the Customer of a booking without one; changes for who may write it.
Moments are site-time strings. What is not possible is refused with words, by BookingRefused.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone, getdate

from lead_inbox.api import arguments
from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings import reading
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.places import USUAL_DURATION
from lead_inbox.bookings.refusals import BookingRefused, sentence
from lead_inbox.bookings.rules import Refusal
from lead_inbox.bookings.services import conflicts, services, slots
from lead_inbox.bookings.services.services import Service
from lead_inbox.inbox import listing
from lead_inbox.permissions import lead_or_customer

SERVICE = "Bookable Service"
MOST_DAYS = 62
MOST_LEADS = 200
# A user may book these times all the same, when they say so.
MAY_BE_OVERRULED = (Refusal.OUTSIDE_HOURS, Refusal.NO_SUCH_SLOT, Refusal.TAKEN)


@frappe.whitelist(methods=["GET"])
def get_services() -> list[dict[str, Any]]:
	"""Return what can be booked: name, item, duration_minutes, users with name and full_name, place, price,
	currency, needs_confirmation, online, time_zone."""
	frappe.has_permission(SERVICE, ptype="read", throw=True)
	known = services.read_all()
	people = listing.people(user for service in known for user in service.users)
	return [_service(service, people) for service in known]


@frappe.whitelist(methods=["GET"])
def get_slots(
	service: str, from_date: str, until_date: str, user: str | None = None, booking: str | None = None
) -> dict[str, Any]:
	"""Return the free slots of a service by day, both days included; at most 62 days.

	time_zone: in which the days and moments are, the site's. service_time_zone: in which the service's hours
	are. days: {date, slots: {starts_on, ends_on, users, places}}. booking: the one that is being moved.
	"""
	frappe.has_permission(SERVICE, ptype="read", doc=service, throw=True)
	first, last = getdate(from_date), getdate(until_date)
	days = (last - first).days + 1
	if not 0 < days <= MOST_DAYS:
		frappe.throw(_("Ask for at least one day and at most {0} days.").format(MOST_DAYS))
	found = slots.free_slots(
		service, _midnight(first), _midnight(last + timedelta(days=1)), user=user, ignoring=booking
	)
	known = services.read(service)
	zone = get_system_timezone()
	return {
		"time_zone": zone,
		"service_time_zone": known.time_zone if known else zone,
		"days": [_day(first + timedelta(days=day), found) for day in range(days)],
	}


@frappe.whitelist(methods=["GET"])
def get_bookings(lead: str) -> dict[str, Any]:
	"""Return a lead's bookings: {upcoming, past}, each {name, service, service_name, starts_on, ends_on, status,
	user, user_name, place, price, currency, origin, notes, reason, time_zone, can: {reschedule, cancel, confirm,
	decline, complete, no_show}, review: {name, stars, words, answer} or null}."""
	frappe.has_permission("Lead", ptype="read", doc=lead, throw=True)
	return reading.of_lead(lead)


@frappe.whitelist(methods=["GET"])
def get_booking(booking: str) -> dict[str, Any]:
	"""Return one booking as in `get_bookings`, also one without a lead; with lead, customer and customer_name."""
	row = _allowed(booking, "read")
	return reading.one(booking, may_write=_may_write(row))


@frappe.whitelist(methods=["GET"])
def next_bookings(leads: str | list) -> dict[str, dict[str, Any]]:
	"""Return, by lead, the next booking of each that has one: {name, service_name, starts_on, ends_on, status,
	time_zone}. Only of leads that the user may read."""
	frappe.has_permission(BOOKING, ptype="read", throw=True)
	refusal = _("Give a list of at most {0} leads.").format(MOST_LEADS)
	wanted = arguments.texts(leads, MOST_LEADS, refusal)
	return reading.next_of(wanted) if wanted else {}


@frappe.whitelist(methods=["GET"])
def get_conflicts(
	service: str, starts_on: str, ends_on: str, user: str | None = None, booking: str | None = None
) -> list[dict[str, Any]]:
	"""Return what stands in the way of a time: {kind, label, starts_on, ends_on, user}."""
	frappe.has_permission(SERVICE, ptype="read", doc=service, throw=True)
	return conflicts.conflicts(service, get_datetime(starts_on), get_datetime(ends_on), user, booking)


@frappe.whitelist(methods=["GET"])
def get_link(lead: str) -> str:
	"""Return the address of the page on which the lead's customer books: whoever has it may book for them."""
	frappe.has_permission("Lead", ptype="write", doc=lead, throw=True)
	return links.service_link(lead)


@frappe.whitelist(methods=["POST"])
def book(
	lead: str,
	service: str,
	starts_on: str,
	ends_on: str | None = None,
	user: str | None = None,
	place: str | None = None,
	notes: str | None = None,
	notify: int = 1,
	anyway: int = 0,
) -> dict[str, Any]:
	"""Book a lead and return {booking}. For a time that is no free slot: {confirm: what is wrong, conflicts},
	unless the user says to book it anyway."""
	frappe.has_permission("Lead", ptype="write", doc=lead, throw=True)
	_check_user(user)
	request = Request(
		lead=lead,
		service=service,
		starts_on=get_datetime(starts_on),
		ends_on=get_datetime(ends_on) if ends_on else None,
		user=user or None,
		place=place or "",
		notes=notes or "",
		notify=bool(notify),
	)

	def act(by_hand: bool) -> str:
		return bookings.book(replace(request, by_hand=by_hand))

	def in_the_way() -> list[dict[str, Any]]:
		return conflicts.conflicts(service, request.starts_on, _end(service, request), user or None)

	return _do_or_ask(act, in_the_way, bool(anyway))


@frappe.whitelist(methods=["POST"])
def reschedule(
	booking: str,
	starts_on: str,
	ends_on: str | None = None,
	user: str | None = None,
	reason: str | None = None,
	notify: int = 1,
	anyway: int = 0,
) -> dict[str, Any]:
	"""Move a booking, or give it to somebody else. Answers as `book` does."""
	row = _allowed(booking, "write")
	_check_user(user)
	starts = get_datetime(starts_on)
	ends = get_datetime(ends_on) if ends_on else starts + (row.ends_on - row.starts_on)

	def act(by_hand: bool) -> str:
		bookings.reschedule(
			booking,
			starts,
			ends_on=ends,
			user=user or None,
			reason=reason or "",
			by_hand=by_hand,
			notify=bool(notify),
		)
		return booking

	def in_the_way() -> list[dict[str, Any]]:
		return conflicts.conflicts(row.service, starts, ends, user or row.user, booking)

	return _do_or_ask(act, in_the_way, bool(anyway))


@frappe.whitelist(methods=["POST"])
def cancel(booking: str, reason: str, notify: int = 1) -> None:
	"""Call a booking off."""
	_allowed(booking, "write")
	bookings.cancel(booking, _reason(reason), notify=bool(notify))


@frappe.whitelist(methods=["POST"])
def confirm(booking: str) -> None:
	"""Agree to what a customer has requested."""
	_allowed(booking, "write")
	bookings.confirm(booking)


@frappe.whitelist(methods=["POST"])
def decline(booking: str, reason: str) -> None:
	"""Refuse what a customer has requested."""
	_allowed(booking, "write")
	bookings.decline(booking, _reason(reason))


@frappe.whitelist(methods=["POST"])
def complete(booking: str) -> None:
	"""Note that the customer came, or was visited."""
	_allowed(booking, "write")
	bookings.complete(booking)


@frappe.whitelist(methods=["POST"])
def mark_no_show(booking: str) -> None:
	"""Note that the customer did not come, or was not there."""
	_allowed(booking, "write")
	bookings.mark_no_show(booking)


def _do_or_ask(
	act: Callable[[bool], str], in_the_way: Callable[[], list[dict[str, Any]]], anyway: bool
) -> dict[str, Any]:
	"""Do it at a free slot; at another time only when the user has seen what is in the way.

	act: takes whether the time is one by hand, returns the booking.
	"""
	try:
		return {"booking": act(False)}
	except BookingRefused as error:
		if error.refusal not in MAY_BE_OVERRULED:
			raise
		frappe.clear_last_message()
		if not anyway:
			return {"confirm": sentence(error.refusal), "conflicts": in_the_way()}
	return {"booking": act(True)}


def _allowed(booking: str, ptype: str) -> frappe._dict:
	"""Return a booking's row, for who has the right on its lead, or on its Customer where there is no lead."""
	fields = ["lead", "customer", "service", "user", "starts_on", "ends_on"]
	row = frappe.db.get_value(BOOKING, booking, fields, as_dict=True)
	if not row:
		frappe.throw(_("This booking does not exist any more."), frappe.DoesNotExistError)
	doctype, name = lead_or_customer(row)
	frappe.has_permission(doctype, ptype=ptype, doc=name, throw=True)
	return row


def _may_write(row: frappe._dict) -> bool:
	doctype, name = lead_or_customer(row)
	return bool(frappe.has_permission(doctype, ptype="write", doc=name))


def _check_user(user: str | None) -> None:
	wanted = {"name": user, "enabled": 1, "user_type": "System User"}
	if user and not frappe.db.exists("User", wanted):
		frappe.throw(_("{0} is not a user of the desk. Choose another one.").format(user))


def _reason(reason: str) -> str:
	if not reason.strip():
		frappe.throw(_("Say why, in a few words."))
	return reason.strip()


def _end(service: str, request: Request) -> datetime:
	if request.ends_on:
		return request.ends_on
	known = services.read(service)
	return request.starts_on + (known.duration if known else USUAL_DURATION)


def _service(service: Service, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
	price, currency = services.price_of(service) or (None, None)
	return {
		"name": service.name,
		"item": service.item,
		"duration_minutes": int(service.duration.total_seconds() // 60),
		"users": [
			{"name": user, "full_name": people[user]["full_name"] if user in people else user}
			for user in service.users
		],
		"place": service.place,
		"price": price,
		"currency": currency,
		"needs_confirmation": service.needs_confirmation,
		"online": service.online,
		"time_zone": service.time_zone,
	}


def _midnight(day: date) -> datetime:
	return datetime.combine(day, time.min)


def _day(day: date, found: list[slots.Slot]) -> dict[str, Any]:
	of_day = [slot for slot in found if slot.starts_on.date() == day]
	return {"date": day, "slots": [asdict(slot) for slot in of_day]}
