"""From a stored event to a Lead with its message: match or create, thread, tell.

`process` may run any number of times, on any number of workers, and may be killed at any line: all it
does for an event is one transaction, and the event's row says whether that has been committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, now_datetime

from lead_inbox.channels.event import ChannelContext, LeadEvent, MalformedEvent
from lead_inbox.channels.registry import PARSERS
from lead_inbox.channels.sms_order import sms_order
from lead_inbox.inbox import alerts, event_rules, events, leads, lifecycle, listeners, messages, privacy
from lead_inbox.inbox.charges import charges
from lead_inbox.inbox.contact_keys import Contacts, contacts_of
from lead_inbox.inbox.events import StoredEvent
from lead_inbox.inbox.identity import hold, match_lead, region_of
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.replies import auto_reply, bounces

LOCK_WAIT_SECONDS = 20
MADE_WITH_EVENT = timedelta(minutes=1)
MESSAGE_KINDS = {"Phone Call": "Call"}
DOCUMENT_FIELDS = {"Email": "communication", "Telephony": "call_log"}


class IntakeBusy(Exception):
	"""Another worker has the event, or a lead of the same person, in hand."""


def context_of(channel: frappe._dict, event_id: str = "") -> ChannelContext:
	"""Return what a parser may know of a Lead Channel."""
	return ChannelContext(
		zone=ZoneInfo(channel.time_zone or get_system_timezone()),
		field_map=tuple((row.source_path, row.target_field) for row in channel.get("field_map") or ()),
		default_type=channel.default_type or "Message",
		event_id=event_id,
	)


def parse(channel: frappe._dict, event_id: str, payload: str) -> LeadEvent:
	"""Read an event's payload. Raises MalformedEvent for one that can't be read."""
	return PARSERS[channel.provider](json.loads(payload), context_of(channel, event_id))


def process(name: str) -> None:
	"""Turn one stored event into its effects and commit them. Does nothing for one that is done.

	Raises IntakeBusy when another worker has it; whatever else is raised has changed nothing.
	"""
	event = frappe.db.get_value(
		"Lead Event", name, ["channel", "event_id", "payload", "status"], as_dict=True
	)
	if not event or event.status != events.RECEIVED:
		return
	channel = frappe.get_cached_doc("Lead Channel", event.channel)
	try:
		parsed = parse(channel, event.event_id, event.payload)
	except MalformedEvent as error:
		events.mark_unreadable(name, str(error))
		frappe.db.commit()
		return
	if parsed.is_test:
		events.mark_test(name)
		frappe.db.commit()
		return
	with _person_in_hand(f"event {name}", channel, parsed) as (contacts, matched):
		_deliver(name, channel, parsed, contacts, json.loads(event.payload), matched)
		frappe.db.commit()


@contextmanager
def taken_in(channel: frappe._dict, event_id: str, payload: dict) -> Iterator[StoredEvent]:
	"""Store an event and turn it into its lead at once, for a source that waits for what comes of it.

	Nothing of it is committed when the body begins: the body adds what belongs to it and commits, or undoes
	both, while nobody else has the person in hand. An event that was stored before has no effects again.
	Raises MalformedEvent, IntakeBusy.
	"""
	text = events.as_payload(payload)
	parsed = parse(channel, event_id, text)
	event_key = messages.key_of(channel.name, event_id)
	with _person_in_hand(f"event {event_key}", channel, parsed) as (contacts, matched):
		stored = events.store(channel.name, event_id, text)
		if stored.created:
			_deliver(stored.name, channel, parsed, contacts, payload, matched)
		yield stored


@contextmanager
def _person_in_hand(
	event: str, channel: frappe._dict, parsed: LeadEvent
) -> Iterator[tuple[Contacts, str | None]]:
	"""Hold an event and its person; give how to reach them and the lead that they are already. Commits."""
	contacts = contacts_of(parsed.person, region_of(channel.default_country))
	with _only_worker_on(_lock_keys(event, channel, parsed, contacts)):
		# a new snapshot: what the last holder of these locks committed must be seen below
		frappe.db.commit()
		matched = match_lead(_thread_key(channel, parsed), contacts.phones, contacts.emails)
		# and another, which opens with the lead in hand: whoever had it may have let it into a sequence
		frappe.db.commit()
		yield contacts, matched


def _deliver(
	name: str, channel, parsed: LeadEvent, contacts: Contacts, payload: dict, matched: str | None
) -> None:
	row = frappe.db.get_value(
		"Lead Event", name, ["status", "lead", "received_on"], as_dict=True, for_update=True
	)
	if not row or row.status != events.RECEIVED:
		return
	known = row.lead or matched
	known = known and hold(known)
	if _has_no_message(name, parsed, known, payload):
		return
	by_machine = parsed.mail.nature == "Automatic"
	lead = known or leads.create(parsed, channel, contacts)
	if known and not by_machine and not parsed.is_only_about_charge:
		leads.complete(lead, parsed, channel, contacts)
		lifecycle.adopt_channel(lead, channel.name)
	if known and parsed.tells_of_charge:
		_take_charge(lead, parsed, channel, contacts)
	before = lifecycle.stored_state(lead) if known else None
	email = frappe.db.get_value("Lead", lead, "email_id")
	said = not (known and parsed.is_only_about_charge)
	message = _record(lead, email, channel, parsed, contacts, payload) if said else None
	if message and by_machine:
		lifecycle.announce(lead)
	elif message:
		lifecycle.apply(
			lead, event_rules.happening_of(parsed), on=min(row.received_on, now_datetime()), message=message
		)
		_follow_wishes(lead, parsed, contacts)
		alerts.arrived(lead, message, channel, before=None if _came_with(row, before) else before)
		auto_reply.answer(lead, message, channel)
	if channel.provider == "Email":
		_link_communication(payload["name"], lead)
	if parsed.booking and parsed.booking.external_id:
		listeners.told_of_booking(lead, channel.name, parsed.booking)
	events.mark_processed(name, lead, message, email)


def _came_with(event: frappe._dict, before: frappe._dict | None) -> bool:
	"""Whether the lead was made by the document that the event tells of: a web form's, for instance.

	One that a person made earlier is no news, though nothing has been said on it yet.
	"""
	if not event.lead or not before or before.inbox_last_message:
		return False
	return event.received_on - before.inbox_arrived_on < MADE_WITH_EVENT


def _take_charge(lead: str, parsed: LeadEvent, channel, contacts: Contacts) -> None:
	"""For the lead that the source means, also when that has become a part of this one."""
	thread_key = _thread_key(channel, parsed)
	charged = merging.lead_of_thread(lead, thread_key) if thread_key else lead
	leads.complete(charged, parsed, channel, contacts)
	charges.take_from_source(charged, parsed.charged, parsed.credit_state)


def _has_no_message(name: str, parsed: LeadEvent, known: str | None, payload: dict) -> bool:
	"""Finish an event that nobody says anything with. Returns False for any other, and does nothing."""
	if parsed.source_status == event_rules.WIPED_OUT:
		_wipe(name, known)
	elif parsed.mail.nature == "Bounce":
		_come_back(name, parsed, known, payload)
	elif not known and (reason := event_rules.makes_no_lead(parsed)):
		events.set_aside(name, _(reason))
	else:
		return False
	return True


def _wipe(name: str, lead: str | None) -> None:
	events.mark_processed(name, lead, None, None)
	if lead:
		privacy.erase(lead)


def _come_back(name: str, parsed: LeadEvent, known: str | None, payload: dict) -> None:
	lead = bounces.note(parsed, known, payload.get("in_reply_to"))
	if lead:
		_link_communication(payload["name"], lead)
		events.mark_processed(name, lead, None, frappe.db.get_value("Lead", lead, "email_id"))
	else:
		events.set_aside(name, _("Mail came back from an address that no lead has."))


def _follow_wishes(lead: str, parsed: LeadEvent, contacts: Contacts) -> None:
	"""Heed what a message from the customer says about how to reach them."""
	if parsed.direction != "In":
		return
	order = sms_order(parsed.text) if parsed.is_sms else None
	if order:
		lifecycle.refuse_contact(lead, "SMS", order == "Stop")
	if parsed.kind == "Email":
		bounces.works_again(lead, contacts.emails)


def _record(
	lead: str, email: str | None, channel, parsed: LeadEvent, contacts: Contacts, payload: dict
) -> str | None:
	call = parsed.call
	document_field = DOCUMENT_FIELDS.get(channel.provider)
	return messages.record(
		lead,
		lead_email=email,
		kind="SMS" if parsed.is_sms else MESSAGE_KINDS.get(parsed.kind, parsed.kind),
		direction=parsed.direction,
		channel=channel.name,
		external_id=parsed.external_id,
		thread_id=parsed.thread_id,
		sent_on=_site_time(parsed.occurred_on),
		sender_name=parsed.person.full_name or parsed.person.company_name,
		subject=parsed.subject,
		text="\n\n".join(
			filter(None, (leads.full_text(parsed, contacts), _lost_attachments(channel, payload)))
		),
		automated=int(parsed.mail.nature == "Automatic"),
		call_status=("Answered" if call.answered else "Missed") if call else None,
		duration_seconds=call.duration_seconds if call else 0,
		recording_url=call.recording_url if call else None,
		recording_announced=int(call.recording_announced) if call else 0,
		**({document_field: payload.get("name")} if document_field else {}),
	)


def _lost_attachments(channel, payload: dict) -> str:
	"""Say that a mail's attachments are missing, which Frappe drops without a word when they are too large.

	Only where none is left: how many and which there were is not stored.
	"""
	attached = {"attached_to_doctype": "Communication", "attached_to_name": payload.get("name")}
	if channel.provider != "Email" or not payload.get("has_attachment") or frappe.db.exists("File", attached):
		return ""
	return _("An attachment was too large to be kept. Ask the customer to send it in another way.")


def _site_time(occurred_on: datetime | None) -> datetime:
	"""Return a source's time as the site's, never later than now: clocks of senders run fast."""
	now = now_datetime()
	if occurred_on is None:
		return now
	return min(occurred_on.astimezone(ZoneInfo(get_system_timezone())).replace(tzinfo=None), now)


def _lock_keys(event: str, channel, parsed: LeadEvent, contacts: Contacts) -> list[str]:
	keys = [event, *contacts.phones, *contacts.emails]
	if thread_key := _thread_key(channel, parsed):
		keys.append(thread_key)
	return keys


def _thread_key(channel: frappe._dict, parsed: LeadEvent) -> str | None:
	return messages.key_of(channel.name, parsed.thread_id) if parsed.thread_id else None


@contextmanager
def _only_worker_on(keys: list[str]) -> Iterator[None]:
	"""Hold the database's named locks for an event and its person, on all machines of the site.

	Row locks can't do this: two first messages of one person find no row to lock. Taken in one order,
	so that two workers never wait for each other. They end with the connection, thus with a killed worker.
	"""
	names = sorted({_lock_name(key) for key in keys})
	try:
		wanted = ", ".join(["get_lock(%s, %s)"] * len(names))
		values = [value for name in names for value in (name, LOCK_WAIT_SECONDS)]
		if not all(frappe.db.sql(f"select {wanted}", values)[0]):
			raise IntakeBusy(_("Another worker has this person's lead in hand."))
		yield
	finally:
		frappe.db.sql(f"select {', '.join(['release_lock(%s)'] * len(names))}", names)


def _lock_name(key: str) -> str:
	"""Names are shared by all databases of the server and at most 64 characters long."""
	return "lead_inbox:" + hashlib.sha1(f"{frappe.conf.db_name}\0{key}".encode()).hexdigest()


def _link_communication(communication: str, lead: str) -> None:
	"""Show a mail that came without a reference in the lead's own timeline too."""
	table = frappe.qb.DocType("Communication")
	(
		frappe.qb.update(table)
		.set(table.reference_doctype, "Lead")
		.set(table.reference_name, lead)
		.set(table.status, "Linked")
		.where((table.name == communication) & (table.reference_name.isnull() | (table.reference_name == "")))
	).run()
