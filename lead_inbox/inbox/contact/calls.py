"""Calls that users make from the inbox (RE-4): dialed by their browser, recorded here.

The browser only hands the number to a telephone, so what came of the call is told by the user (`finish`)
or by a telephony integration that writes a Call Log of its own (`complete_own`). A call of which neither
tells counts as an attempt that nobody answered after contact_rules.CALL_OPEN_FOR: nothing else is known of
it. Times are site time. The callers have checked permission.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, get_fullname, now_datetime

from lead_inbox.channels.phone import to_e164
from lead_inbox.inbox import lifecycle, listeners, messages
from lead_inbox.inbox.contact.contact_rules import (
	CALL_OPEN_FOR,
	LONGEST_CALL_SECONDS,
	SAME_CALL_WITHIN,
	number_to_dial,
)
from lead_inbox.inbox.identity import region_of
from lead_inbox.inbox.replies import reply
from lead_inbox.inbox.rules import Happening

MEDIUM = "Lead Inbox"
RUNNING, ANSWERED, MISSED = "In Progress", "Answered", "Missed"
CALL_LOG_STATUSES = {ANSWERED: "Completed", MISSED: "No Answer"}
HAPPENINGS = {ANSWERED: Happening.CALL_ANSWERED, MISSED: Happening.CALL_ATTEMPTED}
OVER_OPPORTUNITY_STATUSES = ("Closed", "Lost", "Converted")
CALL_FIELDS = (
	*("name", "lead", "kind", "direction", "call_status", "sent_on", "user", "content"),
	*("call_log", "external_id", "recording_url", "duration_seconds"),
)
SWEEP_BATCH = 500


def dialable(lead: str, number: str) -> str:
	"""Return the number to dial for one of the lead's, or one that the user typed; in E.164 where possible.

	Raises frappe.ValidationError with words for the user.
	"""
	row = frappe.db.get_value("Lead", lead, reply.LEAD_FIELDS, as_dict=True)
	known = [number["number"] for number in reply.numbers_of(row)]
	dialed = number_to_dial(number, to_e164(number, region_of(row.country)), known)
	if not dialed:
		frappe.throw(
			_("This is no phone number that can be called. Write it with its area or country code."),
			title=_("No Phone Number"),
		)
	return dialed


def start(lead: str, number: str, subject: str | None = None) -> str:
	"""Record that the session's user is calling the customer; return the Lead Message.

	number: as `dialable` returns it. subject: the name of the activity.
	"""
	user, now = frappe.session.user, now_datetime()
	title, email = frappe.db.get_value("Lead", lead, ["title", "email_id"])
	call_log = _insert_call_log(lead, number, user, now)
	message = messages.record(
		lead,
		lead_email=email,
		kind="Call",
		direction="Out",
		external_id=call_log,
		sent_on=now,
		sender_name=get_fullname(user),
		subject=subject or _("Call to {0}").format(title),
		user=user,
		recipient=number,
		call_status=RUNNING,
		call_log=call_log,
	)
	lifecycle.announce(lead)
	return message


def finish(message: str, answered: bool, duration_seconds: int = 0, note: str | None = None) -> None:
	"""Record what came of a call that was started here. Once: later it only takes the note, if it has none.

	Raises frappe.ValidationError for another message and for a duration that no call has.
	"""
	call = _locked(message)
	if not call or call.kind != "Call" or call.direction != "Out":
		frappe.throw(_("Only a call that was made from here can be finished."))
	if not 0 <= duration_seconds <= LONGEST_CALL_SECONDS:
		frappe.throw(_("Enter how long the call was, a day at most."))
	if call.call_status == RUNNING:
		_close(call, ANSWERED if answered else MISSED, duration_seconds)
	if note and note.strip() and not call.content:
		frappe.db.set_value("Lead Message", message, "content", messages.as_stored(note.strip()))
	if call.call_status == RUNNING:
		listeners.call_ended(message, answered)
	lifecycle.announce(call.lead)


def is_own(call_log: Any) -> bool:
	"""Whether a Call Log was made by `start`: what happens to it is in the conversation already."""
	return bool(call_log.id) and bool(
		frappe.db.exists("Lead Message", {"message_key": messages.key_of(None, call_log.id)})
	)


def complete_own(call_log: Any, answered: bool) -> bool:
	"""Take the outcome of a call that was started here from the Call Log that the telephony made of it.

	It is the same call when it went to the same number within contact_rules.SAME_CALL_WITHIN; each of ours
	takes one such Call Log. What the user told already stands, and what it lacks is filled in. Returns False
	when there is none: the call was made elsewhere.
	"""
	if call_log.type != "Outgoing":
		return False
	call = _own_call(call_log)
	if not call:
		return False
	if call.call_log == call_log.name:
		return True
	if call.call_status == RUNNING:
		_close(call, ANSWERED if answered else MISSED, cint(call_log.duration))
	known = {"call_log": call_log.name, "recording_url": call.recording_url or call_log.recording_url}
	if answered and call.call_status == ANSWERED:
		known["duration_seconds"] = call.duration_seconds or cint(call_log.duration)
	frappe.db.set_value("Lead Message", call.name, known)
	if call.call_status == RUNNING:
		listeners.call_ended(call.name, answered)
	lifecycle.announce(call.lead)
	return True


def forgotten_calls(now: datetime) -> list[str]:
	"""Return the calls of which nobody told the outcome in time, the oldest first, one batch."""
	table = frappe.qb.DocType("Lead Message")
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where((table.call_status == RUNNING) & (table.sent_on <= now - CALL_OPEN_FOR))
		.orderby(table.sent_on)
		.limit(SWEEP_BATCH)
	).run(pluck=True)


def give_up(message: str) -> None:
	"""Count a call as an attempt that nobody answered, unless its outcome has been told meanwhile."""
	call = _locked(message)
	if call and call.call_status == RUNNING:
		_close(call, MISSED, 0)


def _insert_call_log(lead: str, number: str, user: str, now: datetime) -> str:
	call_log = frappe.get_doc(
		{
			"doctype": "Call Log",
			"id": frappe.generate_hash(length=20),
			"type": "Outgoing",
			"status": RUNNING,
			"from": _number_of_user(user),
			"medium": MEDIUM,
			"employee_user_id": user,
			"start_time": now,
			"links": [
				{"link_doctype": doctype, "link_name": name}
				for doctype, name in (("Lead", lead), *_open_opportunities(lead))
			],
		}
	)
	call_log.flags.lead_inbox_dialed = number
	# who may write the lead may call, but only System Managers have a right to make Call Logs
	call_log.insert(ignore_permissions=True)
	return call_log.name


def _number_of_user(user: str) -> str:
	"""Return whom the call is from: the user's telephone, else the user."""
	employee = frappe.db.get_value("Employee", {"user_id": user, "status": "Active"}, "cell_number")
	numbers = frappe.db.get_value("User", user, ["mobile_no", "phone"])
	return next(filter(None, (employee, *numbers)), user)


def _open_opportunities(lead: str) -> list[tuple[str, str]]:
	names = frappe.get_all(
		"Opportunity",
		filters={
			"opportunity_from": "Lead",
			"party_name": lead,
			"status": ["not in", OVER_OPPORTUNITY_STATUSES],
		},
		pluck="name",
		order_by="creation asc",
	)
	return [("Opportunity", name) for name in names]


def _locked(message: str) -> frappe._dict | None:
	"""Return a message's row, locked after its lead's as everywhere; None when it is gone."""
	lead = frappe.db.get_value("Lead Message", message, "lead")
	if not lead:
		return None
	lifecycle.stored_state(lead)
	return frappe.db.get_value("Lead Message", message, CALL_FIELDS, as_dict=True, for_update=True)


def _close(call: frappe._dict, status: str, duration_seconds: int) -> None:
	"""Write the outcome of a locked call. It happened when the call began, also to the response time."""
	seconds = duration_seconds if status == ANSWERED else 0
	frappe.db.set_value("Lead Message", call.name, {"call_status": status, "duration_seconds": seconds})
	if frappe.db.exists("Call Log", call.external_id):
		call_log = frappe.get_doc("Call Log", call.external_id)
		call_log.update(
			{"status": CALL_LOG_STATUSES[status], "duration": seconds, "end_time": now_datetime()}
		)
		call_log.save(ignore_permissions=True)  # see _insert_call_log
	lifecycle.apply(call.lead, HAPPENINGS[status], on=call.sent_on, message=call.name, user=call.user)


def _own_call(call_log: Any) -> frappe._dict | None:
	"""Return the call of ours that a telephony's Call Log is about, locked."""
	number = to_e164(call_log.to or "", region_of(None)) or call_log.to
	started_on = get_datetime(call_log.start_time or call_log.creation)
	table = frappe.qb.DocType("Lead Message")
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.call_log, table.external_id)
		.where(
			table.call_status.isin([RUNNING, ANSWERED, MISSED])
			& table.sent_on.between(started_on - SAME_CALL_WITHIN, started_on + SAME_CALL_WITHIN)
			& (table.kind == "Call")
			& (table.direction == "Out")
			& table.channel.isnull()
			& (table.recipient == number)
		)
		.orderby(table.sent_on)
	).run(as_dict=True)
	same = [call for call in found if call.call_log == call_log.name]
	ours = next(iter(same or [call for call in found if call.call_log == call.external_id]), None)
	return _locked(ours.name) if ours else None
