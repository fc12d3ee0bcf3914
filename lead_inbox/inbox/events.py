"""The durable queue of what arrives: Lead Event rows, one for each delivery of a source.

Store first (design rule 1): a row is written and committed before its sender is answered. The unique
key over channel and event id makes a second delivery a no-op in the database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox import rules
from lead_inbox.inbox.messages import key_of
from lead_inbox.inbox.waking import Waking

RECEIVED, PROCESSED, REJECTED, FAILED, TEST = "Received", "Processed", "Rejected", "Failed", "Test"
WAKING = Waking("lead_inbox_events_waiting", "lead_inbox.tasks.process_events")


@dataclass(frozen=True)
class StoredEvent:
	"""A row of the queue. `created` is False for a delivery that was there before."""

	name: str
	status: str
	created: bool
	same_payload: bool = True


def as_payload(payload: object) -> str:
	"""Return JSON as a payload is stored. Half a surrogate pair, which no database holds, stays escaped."""
	return json.dumps(payload, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def store(
	channel: str,
	event_id: str,
	payload: str,
	*,
	status: str = RECEIVED,
	reason: str = "",
	lead: str | None = None,
) -> StoredEvent:
	"""Write an event into the caller's transaction, unless it is stored already.

	payload: JSON text as it arrived. lead: the Lead it belongs to, where the source knows.
	An event that was rejected earlier is taken up again when it is delivered anew to a channel that
	accepts it: the sender has mended what was wrong.
	"""
	now = now_datetime()
	row = {
		"name": frappe.generate_hash(length=10),
		"channel": channel,
		"event_key": key_of(channel, event_id),
		"event_id": event_id,
		"payload": payload,
		"status": status,
		"reason": reason,
		"lead": lead,
		"attempts": 0,
		"received_on": now,
		"next_attempt_on": now,
		"creation": now,
		"modified": now,
		"owner": frappe.session.user,
		"modified_by": frappe.session.user,
	}
	table = frappe.qb.DocType("Lead Event")
	# not Document.insert: this is the hot path of every door, and no hook may fail it. On a duplicate the
	# row is locked at once; trying to insert and reading then would deadlock with another delivery.
	(
		frappe.qb.into(table)
		.columns(*row)
		.insert(*row.values())
		.on_duplicate_key_update(table.channel, table.channel)
	).run()
	if frappe.db._cursor.rowcount == 0:
		return _stored_before(row)
	return StoredEvent(row["name"], status, created=True)


def _stored_before(row: dict) -> StoredEvent:
	found = frappe.db.get_value(
		"Lead Event",
		{"channel": row["channel"], "event_key": row["event_key"]},
		["name", "status", "payload"],
		as_dict=True,
		for_update=True,
	)
	if found.status == REJECTED and row["status"] != REJECTED:
		changes = {key: row[key] for key in ("payload", "status", "reason", "received_on", "next_attempt_on")}
		frappe.db.set_value("Lead Event", found.name, changes)
		return StoredEvent(found.name, row["status"], created=True)
	return StoredEvent(found.name, found.status, created=False, same_payload=found.payload == row["payload"])


def due_events(limit: int, waiting_since: datetime | None = None) -> list[str]:
	"""Return the names of events to process now, the longest waiting first.

	waiting_since: only those due before this moment (site time).
	"""
	return frappe.get_all(
		"Lead Event",
		filters={"status": RECEIVED, "next_attempt_on": ["<=", waiting_since or now_datetime()]},
		pluck="name",
		order_by="next_attempt_on asc, name asc",
		limit=limit,
	)


def mark_processed(name: str, lead: str | None, message: str | None, lead_email: str | None) -> None:
	_update(
		name,
		status=PROCESSED,
		reason="",
		error="",
		lead=lead,
		lead_message=message,
		lead_email=lead_email,
	)


def set_aside(name: str, reason: str, lead: str | None = None) -> None:
	"""Finish an event that has no message: what it told has been seen to, or is nobody's business."""
	_update(name, status=PROCESSED, reason=reason, error="", lead=lead)


def mark_test(name: str) -> None:
	_update(name, status=TEST)


def mark_failed_attempt(name: str, attempts: int, reason: str, error: str) -> str:
	"""Count a failed try and plan the next, or give up. Returns the new status."""
	delay = rules.retry_delay_seconds(attempts)
	status = FAILED if delay is None else RECEIVED
	next_attempt_on = now_datetime() + timedelta(seconds=delay or 0)
	_update(
		name, status=status, attempts=attempts, reason=reason, error=error, next_attempt_on=next_attempt_on
	)
	return status


def mark_unreadable(name: str, reason: str) -> None:
	"""Give up at once: what is wrong with the payload will be wrong the next time."""
	_update(name, status=FAILED, reason=reason)


def requeue(name: str) -> None:
	"""Take up a rejected or failed event again, by a person's decision."""
	_update(name, status=RECEIVED, attempts=0, reason="", error="", next_attempt_on=now_datetime())


def _update(name: str, **changes) -> None:
	if changes.get("status") in (PROCESSED, TEST):
		changes["processed_on"] = now_datetime()
	frappe.db.set_value("Lead Event", name, changes)
