"""Appointments that arrive by a channel become Bookings, and follow what is told of them later: BO-6.

A partner's appointment is a fact: it is booked also over the capacity, outside hours and without anybody
to reach. Its customer hears of it from the partner, so nothing of what the partner does is told again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.booking_rows import BOOKING, external_key
from lead_inbox.bookings.partners.partner_rules import Step, Version, merged, step_of
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.bookings.rules import HOLDING, Origin
from lead_inbox.bookings.telling import times
from lead_inbox.channels import clean
from lead_inbox.channels.event import BookingDetails, MalformedEvent
from lead_inbox.inbox import events, intake, notes

EVENTS_READ = 200  # of a lead: more than anybody changes an appointment
BOOKING_FIELDS = ("name", "status", "starts_on", "ends_on")
EVENT_FIELDS = ("event_id", "payload", "received_on")


def told_of_booking(*, lead: str, channel: str, details: BookingDetails) -> None:
	"""Book, move or cancel as a channel's event says. Runs in the intake's transaction, which has the lead.

	The event itself is not among the processed ones yet. Of what can't be done the lead gets a remark, for
	an event must not fail because of a booking that is over.
	"""
	earlier = _told_before(lead, channel, details.external_id)
	before = merged(earlier)
	after = merged([*earlier, Version(details, _aware(now_datetime()))])
	key = external_key(channel, details.external_id)
	booking = frappe.db.get_value(BOOKING, {"external_key": key}, BOOKING_FIELDS, as_dict=True)
	step = step_of(before, after, bool(booking))
	try:
		_do(step, lead, channel, after, booking)
		_note_status(key, after.status)
	except BookingRefused as refused:
		frappe.clear_last_message()
		notes.remark(lead, _("{0}: {1}").format(channel, str(refused)))


def _do(step: Step, lead: str, channel: str, details: BookingDetails, booking: Any) -> None:
	if step is Step.BOOK:
		_book(lead, channel, details)
	elif step is Step.MOVE:
		_move(lead, channel, details, booking)
	elif step is Step.CANCEL and booking.status in HOLDING:
		reason = _("{0}: {1}").format(channel, details.status)
		bookings.cancel(booking.name, reason, origin=Origin.PARTNER, notify=False)
	elif step is Step.NOTE_OFF:
		notes.remark(lead, _("{0} says that the appointment is off: {1}").format(channel, details.status))
	elif step is Step.NOTE_BACK:
		notes.remark(
			lead,
			_(
				"{0} has taken up the cancelled appointment again. Book it anew if it shall take place."
			).format(channel),
		)


def _book(lead: str, channel: str, details: BookingDetails) -> None:
	service = service_named(details.service)
	what = details.service or clean.one_line(details.notes) or _("Appointment")
	bookings.book(
		Request(
			service=service or "",
			service_text="" if service else what,
			starts_on=site_time(details.starts_on),
			ends_on=site_time(details.ends_on),
			lead=lead,
			origin=Origin.PARTNER,
			place=details.place,
			notes=details.notes,
			channel=channel,
			external_id=details.external_id,
			price=None if details.price is None else float(details.price),
			currency=_known_currency(details.currency),
			by_hand=True,
			notify=False,
		)
	)


def _move(lead: str, channel: str, details: BookingDetails, booking: Any) -> None:
	starts_on, ends_on = site_time(details.starts_on), site_time(details.ends_on)
	if starts_on == booking.starts_on and ends_on in (None, booking.ends_on):
		return
	if booking.status not in HOLDING:
		notes.remark(
			lead,
			_("{0} has moved the appointment to {1}, but it is {2} here.").format(
				channel, times.short(starts_on), _(booking.status)
			),
		)
		return
	bookings.reschedule(
		booking.name,
		starts_on,
		ends_on=ends_on,
		reason=_("Moved by {0}").format(channel),
		origin=Origin.PARTNER,
		by_hand=True,
		notify=False,
	)


def _note_status(key: str, status: str) -> None:
	"""Show what the source calls its status. bookings/booking.py writes what a booking is; this is hearsay."""
	frappe.db.set_value(BOOKING, {"external_key": key}, "source_status", status, update_modified=False)


def _told_before(lead: str, channel: str, external_id: str) -> list[Version]:
	"""Return what the channel has told of an appointment, in the order in which we heard it."""
	rows = frappe.get_all(
		"Lead Event",
		filters={"lead": lead, "channel": channel, "status": events.PROCESSED},
		fields=list(EVENT_FIELDS),
		order_by="received_on desc, name desc",
		limit=EVENTS_READ,
	)
	source = frappe.get_cached_doc("Lead Channel", channel)
	versions = (_version(source, row) for row in reversed(rows))
	return [version for version in versions if version and version.details.external_id == external_id]


def _version(source: Any, row: Any) -> Version | None:
	"""None for an event of another kind, or one that the channel's present field map can't read any more."""
	try:
		parsed = intake.parse(source, row.event_id, row.payload)
	except MalformedEvent:
		return None
	return Version(parsed.booking, _aware(row.received_on)) if parsed.booking else None


def service_named(text: str) -> str | None:
	"""Return the enabled Bookable Service that a source means by a text: its name, or its Item's.

	Compared without regard to case. None when there is none, or when two services have that Item.
	"""
	wanted = text.strip().casefold()
	if not wanted:
		return None
	service, item = frappe.qb.DocType("Bookable Service"), frappe.qb.DocType("Item")
	rows = (
		frappe.qb.from_(service)
		.left_join(item)
		.on(item.name == service.item)
		.select(service.name, item.item_code, item.item_name)
		.where(service.enabled == 1)
		.orderby(service.name)
	).run(as_dict=True)
	return _only(row.name for row in rows if row.name.casefold() == wanted) or _only(
		row.name for row in rows if wanted in _folded((row.item_code, row.item_name))
	)


def _only(names: Any) -> str | None:
	found: Sequence[str] = list(names)
	return found[0] if len(found) == 1 else None


def _folded(texts: Sequence[str | None]) -> list[str]:
	return [text.strip().casefold() for text in texts if text]


def _known_currency(currency: str) -> str:
	return currency if currency and frappe.db.exists("Currency", currency) else ""


def site_time(moment: datetime | None) -> datetime | None:
	"""Return an aware moment as it is stored: naive, in the site's zone, without fractions of a second."""
	if moment is None:
		return None
	return moment.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None, microsecond=0)


def _aware(moment: datetime) -> datetime:
	return moment.replace(tzinfo=ZoneInfo(get_system_timezone()))
