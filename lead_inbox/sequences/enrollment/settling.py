"""What became of the message of an automatic step. A listener of the outbox."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.inbox import alerts, messages
from lead_inbox.inbox.contact import consent
from lead_inbox.inbox.contact.contact_rules import Refusal
from lead_inbox.sequences import records
from lead_inbox.sequences.enrollment import enrollment_rules, moves, positions
from lead_inbox.sequences.enrollment.enrollment_rules import Fate
from lead_inbox.sequences.enrollment.moves import ACTIVITY
from lead_inbox.sequences.rules import Result, Signal

# An activity that was handed over is done too when a person sends the same message again.
AWAITING = ("Sending", "Open", "Paused")


def message_settled(message: str, delivery_status: str) -> None:
	"""Move an enrollment on whose message has become Sent, Failed or Cancelled. Its lead is locked."""
	activity = frappe.db.get_value(ACTIVITY, {"message": message}, ["enrollment", "status"], as_dict=True)
	if not activity or not activity.enrollment or activity.status not in AWAITING:
		return
	row = positions.hold(activity.enrollment)
	if row:
		settle(row, message, delivery_status)


def settle(row: frappe._dict, message: str | None, delivery_status: str | None) -> None:
	"""Move a held enrollment on. delivery_status: None for a message that does not exist any more."""
	now = now_datetime()
	known = frappe.db.get_value(
		ACTIVITY,
		{"activity_key": moves.key_of(row.name, row.step)},
		["name", "status", "message"],
		as_dict=True,
		for_update=True,  # as it is now: it may have been cancelled since the transaction began
	)
	if not known or known.message != message or known.status not in AWAITING:
		return
	fate = enrollment_rules.fate_of(delivery_status)
	if fate is Fate.GONE:
		done = {"status": "Completed", "completed_on": now, "error": None}
		frappe.db.set_value(ACTIVITY, known.name, done)
		moves.finish(row, Result.COMPLETED, _noticed(message), now)
	elif fate is Fate.NOT_SENT and known.status == "Sending":
		_not_sent(row, message, delivery_status, now)


def _noticed(message: str | None) -> frozenset[Signal]:
	"""Return what the customer did with a message before we learned that it had arrived."""
	found = frappe.db.get_value("Lead Message", message, ["opened_on", "clicked_on"]) if message else None
	opened_on, clicked_on = found or (None, None)
	signals = ((Signal.OPENED, opened_on), (Signal.CLICKED, clicked_on))
	return frozenset(signal for signal, on in signals if on)


def _not_sent(row: frappe._dict, message: str | None, delivery_status: str | None, now: datetime) -> None:
	refusal = refusal_of(row)
	reason = enrollment_rules.exit_for_refusal(refusal, records.exits_of(row.sequence))
	if reason:
		moves.leave(row, reason, now)
		return
	stored = message and frappe.db.get_value("Lead Message", message, "delivery_error")
	error = messages.as_text(stored) or _("The message was not sent: it is {0}.").format(
		_(delivery_status or "Deleted")
	)
	# the outbox has told of a message that failed
	told = alerts.open_assignees(row.lead) if delivery_status == "Failed" else ()
	moves.hand_over(row, error, now, told=told)


def refusal_of(row: frappe._dict) -> Refusal | None:
	"""Return why the customer must not get the message of the step that an enrollment is at."""
	step_row = moves.step_row_of(row)
	if not row.lead or not step_row:
		return None
	return consent.refusal_code(consent.facts(row.lead), step_row.kind)
