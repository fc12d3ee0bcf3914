"""What happens to records and concerns the sequences they are in (SQ-7): listeners of the inbox, and hooks.

All of it runs in the transaction of what happened, whose lead is locked. An Opportunity's enrollments hear
of its customer's lead too. What enters in the same transaction is not thrown out by what let it in.
"""

from __future__ import annotations

from datetime import datetime

import frappe

from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences import records, rules
from lead_inbox.sequences.enrollment import engine, enrolling, enrollment_rules, positions, this_transaction
from lead_inbox.sequences.enrollment.enrollment_rules import EXITS_BY_HAPPENING, SHARED_WITH_OPPORTUNITIES
from lead_inbox.sequences.enrollment.moves import ACTIVITY
from lead_inbox.sequences.enrollment.positions import ENROLLMENT
from lead_inbox.sequences.records import LEAD, OPPORTUNITY
from lead_inbox.sequences.rules import ExitReason, Phase, Signal

RUNNING = [status.value for status in rules.RUNNING]
FIELDS = ["name", "reference_doctype", "sequence", "step", "phase", "enrolled_via"]


def happened(lead: str, happening: Happening, on: datetime) -> None:
	"""A listener of the inbox: something happened to a lead. on: when it reached us, site time."""
	reason = EXITS_BY_HAPPENING.get(happening)
	rows = _running({"lead": lead})
	if reason is ExitReason.REPLIED:
		_replied(lead, rows, on)
	elif reason:
		for row in rows:
			if row.reference_doctype == LEAD or reason in SHARED_WITH_OPPORTUNITIES:
				_leave(row, reason)
	_watch_fields([row for row in rows if row.reference_doctype == LEAD])


def contact_refused(lead: str, medium: str) -> None:
	"""A listener: the customer does not want Calls, Email or SMS, which a plan may have ahead of them."""
	for row in _running({"lead": lead}):
		if _still_uses(row, medium):
			engine.leave(row.name, ExitReason.UNSUBSCRIBED)


def mail_bounced(lead: str) -> None:
	"""A listener: mail to the lead's address came back."""
	for row in _running({"lead": lead}):
		if _still_uses(row, "Email"):
			_leave(row, ExitReason.BOUNCED)


def lead_changed(lead: str) -> None:
	"""A Lead was written: a branch may have waited for that."""
	_watch_fields(_running({"reference_doctype": LEAD, "reference_name": lead}))


def opportunity_changed(opportunity: str, status: str | None) -> None:
	"""An Opportunity was written: it may be over, or a branch have waited for that."""
	rows = _running({"reference_doctype": OPPORTUNITY, "reference_name": opportunity})
	reason = enrollment_rules.opportunity_ended(status, None)
	for row in rows if reason else ():
		_leave(row, reason)
	_watch_fields(rows)


def mail_opened(message: str) -> None:
	"""The customer has opened a mail. message: the Lead Message."""
	_answered(message, Signal.OPENED)


def link_clicked(message: str) -> None:
	"""The customer has followed a link of a mail, which they must have opened for that."""
	_answered(message, Signal.OPENED)
	_answered(message, Signal.CLICKED)


def _replied(lead: str, rows: list[frappe._dict], on: datetime) -> None:
	made_lead = bool(rows) and _made_lead(lead, on)
	for row in rows:
		if this_transaction.has_made(ENROLLMENT, row.name) or (
			made_lead and row.enrolled_via == enrolling.BY_RULE
		):
			continue
		engine.note_reply(row.name, on)
		if not _leave(row, ExitReason.REPLIED):
			engine.notice(row.name, Signal.REPLIED)


def _made_lead(lead: str, on: datetime) -> bool:
	"""Whether what was heard is the arrival of which the lead was made, in an earlier transaction."""
	filters = {"lead": lead}
	said = frappe.get_all("Lead Message", filters=filters, pluck="name", order_by="sent_on asc", limit=2)
	arrived_on = frappe.db.get_value(LEAD, lead, "inbox_arrived_on")
	return enrollment_rules.made_by_arrival(len(said) < 2, arrived_on, on)


def _answered(message: str, signal: Signal) -> None:
	activity = frappe.db.get_value(ACTIVITY, {"message": message}, ["enrollment", "step"], as_dict=True)
	if activity and activity.enrollment:
		engine.notice(activity.enrollment, signal, activity.step)


def _leave(row: frappe._dict, reason: ExitReason) -> bool:
	"""Let a record leave if its sequence ends with that; return whether it does."""
	if not records.exits_of(row.sequence).has(reason):
		return False
	engine.leave(row.name, reason)
	return True


def _still_uses(row: frappe._dict, medium: str) -> bool:
	phase = Phase(row.phase) if row.phase else None
	return enrollment_rules.still_uses(positions.plan_of(row), row.step, phase, medium)


def _watch_fields(rows: list[frappe._dict]) -> None:
	for row in rows:
		if row.phase == Phase.WATCHING.value:
			engine.field_changed(row.name)


def _running(filters: dict[str, str]) -> list[frappe._dict]:
	if frappe.flags.in_install or frappe.flags.in_patch:  # our tables may be missing yet
		return []
	return frappe.get_all(
		ENROLLMENT,
		filters={**filters, "status": ["in", RUNNING]},
		fields=FIELDS,
		order_by="creation asc, name asc",
	)
