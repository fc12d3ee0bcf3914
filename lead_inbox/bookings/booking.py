"""The one writer of bookings (BO-1, BO-3, BO-4, BO-5). Everything else says what is wanted and asks here.

Each function works on one booking inside the caller's transaction. Rows are locked in one order: the lead,
the booking, the claims on time. The callers have checked rights: nobody may write a Booking directly.
Moments are naive and in the site's zone. What is not possible raises BookingRefused and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import get_system_timezone, now_datetime, sanitize_html

from lead_inbox.bookings import booking_rows, changes, places, rules
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.places import Wanted
from lead_inbox.bookings.refusals import refuse
from lead_inbox.bookings.rules import BY_THEMSELVES, Change, Origin, Refusal, Status
from lead_inbox.bookings.services import claims, services
from lead_inbox.bookings.services.services import Service

SAVEPOINT = "booking"
LINKS = ("lead", "customer", "service", "item", "currency", "booked_by", "channel")


@dataclass(frozen=True, kw_only=True)
class Request:
	"""A booking that somebody asks for.

	ends_on: by default after the service's duration. key: of the request; a second one with the same key
	returns the first booking. external_id: the source's own id, unique within the channel, with the same
	effect. service_text: what the source calls a service that we don't have. by_hand: a time of the user's
	own, whether or not it is a free slot. confirmed: whether it is agreed already, where the source says so.
	notify: tell the customer.
	"""

	service: str = ""
	starts_on: datetime
	ends_on: datetime | None = None
	lead: str = ""
	customer: str = ""
	customer_name: str = ""
	email: str = ""
	phone: str = ""
	origin: Origin = Origin.USER
	user: str | None = None
	place: str = ""
	notes: str = ""
	channel: str = ""
	external_id: str = ""
	key: str = ""
	service_text: str = ""
	price: float | None = None
	currency: str = ""
	by_hand: bool = False
	confirmed: bool | None = None
	notify: bool = True


def book(request: Request) -> str:
	"""Make a booking and return its name; that of the first one for a request that was made before."""
	keys = booking_rows.keys_of(request)
	if earlier := booking_rows.find(keys):
		return earlier
	lead = booking_rows.lock_lead(request.lead)
	service = _service(request.service, request.origin, may_be_missing=bool(request.service_text))
	wanted = places.wanted(
		service, request.starts_on, request.ends_on, request.user, request.origin, request.by_hand
	)
	people = places.look_for(wanted)
	values = {**_values(request, service, lead), "starts_on": wanted.starts_on, "ends_on": wanted.ends_on}
	_check_contact(values, request.origin)
	frappe.db.savepoint(SAVEPOINT)
	try:
		name = _insert({**values, **keys, "by_hand": int(wanted.over)})
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		return booking_rows.find(keys, committed_by_now=True)
	user = _claim(name, wanted, people)
	# Frappe has put the user's or the site's default, be it a currency or a Customer, where there was none
	without = {field: None for field in LINKS if not values[field]}
	frappe.db.set_value(BOOKING, name, {**without, "user": user}, update_modified=False)
	changes.told(name, Change.BOOKED, origin=request.origin, notify=request.notify)
	return name


def reschedule(
	booking: str,
	starts_on: datetime,
	*,
	ends_on: datetime | None = None,
	user: str | None = None,
	reason: str = "",
	origin: Origin = Origin.USER,
	by_hand: bool = False,
	notify: bool = True,
) -> None:
	"""Move a booking to another time, or give it to another user. The same again changes nothing.

	ends_on: by default it stays as long as it was. user: by default whoever has it, and somebody else who does
	the service when they are not free then.
	"""
	row = booking_rows.hold(booking)
	ends_on = ends_on or starts_on + (row.ends_on - row.starts_on)
	if (starts_on, ends_on, user or row.user) == (row.starts_on, row.ends_on, row.user):
		return
	_refuse_if(_change_refusal(row, origin) or rules.move_refusal(Status(row.status)))
	service = _service(row.service, Origin.USER, may_be_missing=by_hand or not row.service)
	wanted = places.wanted(service, starts_on, ends_on, user, origin, by_hand, moved=row)
	people = places.look_for(wanted)
	frappe.db.savepoint(SAVEPOINT)
	_write(
		row,
		user=_claim(booking, wanted, people),
		starts_on=starts_on,
		ends_on=ends_on,
		reason=sanitize_html(reason) or None,
		by_hand=int(wanted.over),
		revision=row.revision + 1,
	)
	changes.told(booking, Change.MOVED, origin=origin, notify=notify, before=row)


def cancel(booking: str, reason: str, *, origin: Origin = Origin.USER, notify: bool = True) -> None:
	"""Call a booking off. Customers may until the service's limit."""
	row = booking_rows.hold(booking)
	_refuse_if(_change_refusal(row, origin))
	_step(row, Status.CANCELLED, reason)
	changes.told(booking, Change.CANCELLED, origin=origin, notify=notify)


def confirm(booking: str, *, origin: Origin = Origin.USER) -> None:
	"""Agree to what a customer has requested. Of a time that has passed nobody is told."""
	row = booking_rows.hold(booking)
	_step(row, Status.CONFIRMED)
	notify = row.starts_on > now_datetime()
	changes.told(booking, Change.CONFIRMED, origin=origin, notify=notify)


def decline(booking: str, reason: str, *, origin: Origin = Origin.USER) -> None:
	"""Refuse what a customer has requested."""
	_step(booking_rows.hold(booking), Status.DECLINED, reason)
	changes.told(booking, Change.DECLINED, origin=origin, notify=True)


def complete(booking: str, *, origin: Origin = Origin.USER) -> None:
	"""Note that the customer came, or was visited."""
	_step(booking_rows.hold(booking), Status.COMPLETED)
	changes.told(booking, Change.COMPLETED, origin=origin, notify=True)


def mark_no_show(booking: str, *, origin: Origin = Origin.USER) -> None:
	"""Note that the customer did not come, or was not there."""
	_step(booking_rows.hold(booking), Status.NO_SHOW)
	changes.told(booking, Change.NO_SHOW, origin=origin, notify=True)


def _service(name: str | None, origin: Origin, may_be_missing: bool) -> Service | None:
	service = services.read(name) if name else None
	if not service and not may_be_missing:
		refuse(Refusal.UNKNOWN_SERVICE)
	if service and origin in BY_THEMSELVES and not service.online:
		refuse(Refusal.NOT_ONLINE)
	return service


def _values(request: Request, service: Service | None, lead: frappe._dict | None) -> dict[str, Any]:
	"""Return what a booking says but for its time. What the request leaves open, the lead or Customer tells."""
	person = booking_rows.person(lead, request.customer)
	price, currency = _price(request, service, person.customer)
	name = request.customer_name or person.customer_name
	what = service.name if service else request.service_text
	confirmed = request.confirmed
	if confirmed is None:
		needs_confirmation = bool(service and service.needs_confirmation)
		confirmed = rules.first_status(request.origin, needs_confirmation) is Status.CONFIRMED
	return {
		"title": ": ".join(filter(None, (name, what)))[: booking_rows.TITLE_LENGTH],
		"lead": lead.name if lead else None,
		"customer": person.customer,
		"customer_name": name,
		"lead_email": request.email or person.email,
		"phone": request.phone or person.phone,
		"status": (Status.CONFIRMED if confirmed else Status.REQUESTED).value,
		"service": service.name if service else None,
		"service_text": request.service_text or None,
		"item": service.item if service else None,
		"time_zone": service.time_zone if service else get_system_timezone(),
		"place": request.place or (service.place if service else "") or person.place,
		"price": price,
		"currency": currency or None,
		"notes": request.notes or None,
		"origin": request.origin.value,
		"booked_by": frappe.session.user if request.origin is Origin.USER else None,
		"channel": request.channel or None,
		"external_id": request.external_id or None,
	}


def _price(request: Request, service: Service | None, customer: str | None) -> tuple[float | None, str]:
	if request.price is not None:
		return request.price, request.currency
	found = services.price_of(service, customer) if service else None
	return found or (None, "")


def _check_contact(values: dict[str, Any], origin: Origin) -> None:
	"""A partner's booking is a fact even of somebody whom only the partner can reach."""
	known = values["lead"] or values["customer"]
	reachable = values["lead_email"] or values["phone"]
	if origin is not Origin.PARTNER and not (reachable if origin in BY_THEMSELVES else known):
		refuse(Refusal.NO_CONTACT_DATA)


def _insert(values: dict[str, Any]) -> str:
	"""Raises UniqueValidationError when the same request, or the same of a source, has a booking already."""
	doc = frappe.get_doc(doctype=BOOKING, **values)
	doc.flags.written_by_bookings = True
	doc.insert(ignore_permissions=True)  # nobody may write bookings; the caller has checked who may book
	return doc.name


def _claim(booking: str, wanted: Wanted, people: tuple[str, ...]) -> str | None:
	"""Take the place and return who does it. When it is gone, all since the savepoint is undone."""
	try:
		return places.claim(booking, wanted, people)
	except claims.SlotTaken:
		frappe.db.rollback(save_point=SAVEPOINT)
		refuse(Refusal.TAKEN)


def _change_refusal(row: frappe._dict, origin: Origin) -> Refusal | None:
	"""Return why whoever asks may not change a booking that others still could."""
	if origin not in BY_THEMSELVES:
		return None
	limit = (
		frappe.get_cached_value("Bookable Service", row.service, "change_until_minutes") if row.service else 0
	)
	return rules.own_change_refusal(Status(row.status), row.starts_on, limit or 0, now_datetime())


def _step(row: frappe._dict, status: Status, reason: str | None = None) -> None:
	"""Give a held booking its next status. One that is over holds no place any more."""
	now = now_datetime()
	_refuse_if(rules.step_refusal(Status(row.status), status, row.starts_on, now))
	ended = status not in rules.HOLDING
	told_in_calendars = status not in rules.HAPPENED
	_write(
		row,
		status=status.value,
		reason=sanitize_html(reason or "") or row.reason,
		over_since=now if ended else None,
		revision=row.revision + int(told_in_calendars),
	)
	if ended:
		claims.release(row.name)


def _write(row: frappe._dict, **values: Any) -> None:
	"""Past the document, so what people wrote has to be sanitized as its save would do."""
	frappe.db.set_value(BOOKING, row.name, values)


def _refuse_if(refusal: Refusal | None) -> None:
	if refusal:
		refuse(refusal)
