"""Reading the bookings of partners that do not send them: every few minutes, what has changed since.

What is read is stored as events first, a page at a time, and becomes leads as everything that arrives does.
A window that reaches back a little each time finds what was being written the last time; the unique key of
an event makes the second reading of a booking nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.bookings.partners import accounts
from lead_inbox.bookings.partners.service_titan_client import (
	CredentialsRefused,
	PartnerError,
	ServiceTitanClient,
)
from lead_inbox.channels.appointment import is_off
from lead_inbox.inbox import events
from lead_inbox.inbox.admission import refusal
from lead_inbox.inbox.messages import key_of

FIRST_TIME = timedelta(days=7)
OVERLAP = timedelta(minutes=30)


def poll_all() -> None:
	"""Read what is new at every partner. One channel's trouble keeps no other waiting. Commits."""
	names = frappe.get_all(
		"Lead Channel", filters={"provider": accounts.SERVICE_TITAN}, pluck="name", order_by="name asc"
	)
	for name in names:
		channel = frappe.get_cached_doc("Lead Channel", name)
		if refusal(channel, "Booking"):
			continue  # it is read up to where it was, once it takes leads again
		try:
			poll(channel)
		except CredentialsRefused as error:
			frappe.db.rollback()
			accounts.warn(name, str(error))
		except PartnerError as error:
			frappe.db.rollback()
			frappe.logger("lead_inbox").warning(f"{name} is read again in some minutes: {error}")
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A partner's bookings could not be read"),
				reference_doctype="Lead Channel",
				reference_name=name,
			)
			frappe.db.commit()


def poll(channel: Any) -> int:
	"""Store what has changed at a channel's partner since the last time; return how many events that made.

	Commits each page, and outside of a transaction it waits for the partner. Raises PartnerError.
	"""
	client = accounts.client_of(channel)
	began_on = now_datetime()
	read_until = frappe.db.get_value("Lead Channel", channel.name, "partner_polled_until")
	since = (read_until or began_on - FIRST_TIME) - OVERLAP
	is_first = not frappe.db.exists("Lead Event", {"channel": channel.name})
	frappe.db.commit()
	stored = 0
	for page in client.bookings(since.replace(tzinfo=ZoneInfo(get_system_timezone()))):
		wanted = [booking for booking in page if not (is_first and _is_over(booking))]
		stored += _take(channel.name, wanted, client)
	_note_read_until(channel.name, began_on)
	if stored:
		events.WAKING.wake()
	return stored


def _is_over(booking: dict[str, Any]) -> bool:
	"""Called off before the channel was set up: nobody's business. Later on, each such news is one."""
	return bool(is_off(str(booking.get("status") or "")))


def _take(channel: str, page: Sequence[dict[str, Any]], client: ServiceTitanClient) -> int:
	news = _unknown(channel, page)
	frappe.db.commit()
	complete = [(event_id, _with_contacts(booking, client)) for event_id, booking in news]
	created = [
		events.store(channel, event_id, json.dumps(booking, ensure_ascii=False)).created
		for event_id, booking in complete
	]
	frappe.db.commit()
	return sum(created)


def _unknown(channel: str, page: Sequence[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
	"""Return what we have not stored yet, with the ids of the events that it becomes."""
	found = {event_id_of(booking): booking for booking in page}
	keys = {key_of(channel, event_id): event_id for event_id in found}
	known = frappe.get_all(
		"Lead Event",
		filters={"channel": channel, "event_key": ["in", list(keys)]},
		pluck="event_key",
		order_by="event_key asc",
	)
	return [(event_id, found[event_id]) for key, event_id in keys.items() if key not in set(known)]


def event_id_of(booking: dict[str, Any]) -> str:
	"""Return the id of a booking in one of its states: another one after each change."""
	text = json.dumps(booking, sort_keys=True)
	return f"{booking.get('id')} {hashlib.sha256(text.encode()).hexdigest()}"


def _with_contacts(booking: dict[str, Any], client: ServiceTitanClient) -> dict[str, Any]:
	"""Numbers and addresses have an address of their own at the partner."""
	if "contacts" in booking or not booking.get("id"):
		return booking
	return {**booking, "contacts": client.contacts(str(booking["id"]))}


def _note_read_until(channel: str, moment: datetime) -> None:
	"""Past the controller, which checks what people fill in, and without `modified`: a form may be open."""
	frappe.db.set_value(
		"Lead Channel", channel, "partner_polled_until", moment.replace(microsecond=0), update_modified=False
	)
	frappe.db.commit()
