"""Rows of Sequence Enrollment and the positions that they stand for.

Only the modules that make up the engine (engine.py, advancing.py, moves.py, settling.py) write by these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import frappe

from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.inbox.waking import Waking
from lead_inbox.sequences import news, records
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.rules import ExitReason, Phase, Plan, Position, Status

ENROLLMENT = "Sequence Enrollment"
FIELDS = (
	*("name", "sequence", "sequence_name", "rotation", "reference_doctype", "reference_name", "lead"),
	*("status", "phase", "step", "step_title", "due_on", "left_seconds", "noticed", "exit_reason"),
	*("activity", "attempts", "error", "enrolled_on", "enrolled_by", "enrolled_via", "replied_on"),
)
ERROR_LENGTH = 500
WAKING = Waking("lead_inbox_sequences_due", "lead_inbox.tasks.advance_sequences")


def hold(enrollment: str) -> frappe._dict | None:
	"""Lock an enrollment after its record, and return its row as it is now; None when it is gone."""
	return next(iter(hold_all([enrollment])), None)


def hold_all(enrollments: Sequence[str]) -> list[frappe._dict]:
	"""Lock enrollments after their records; return the rows of those that exist, as they are now."""
	if not enrollments:
		return []
	table = frappe.qb.DocType(ENROLLMENT)
	these = table.name.isin(list(enrollments))
	known = (
		frappe.qb.from_(table).select(table.reference_doctype, table.reference_name, table.lead).where(these)
	).run(as_dict=True)
	if not known:
		return []
	by_doctype = {
		doctype: [row.reference_name for row in known if row.reference_doctype == doctype]
		for doctype in records.DOCTYPES
	}
	leads = [*by_doctype[records.LEAD], *(row.lead for row in known)]
	records.lock(leads, by_doctype[records.OPPORTUNITY])
	columns = [table[column] for column in FIELDS]
	query = frappe.qb.from_(table).select(*columns).where(these).orderby(table.name)
	return query.for_update().run(as_dict=True)


def position_of(row: frappe._dict) -> Position:
	"""Return where an enrollment stands."""
	status, phase = Status(row.status), Phase(row.phase) if row.phase else None
	waits = status is Status.PAUSED and phase in (Phase.WAITING, Phase.WATCHING)
	return Position(
		status=status,
		phase=phase,
		step=row.step or None,
		due_on=row.due_on,
		left_seconds=row.left_seconds if waits else None,
		noticed=bool(row.noticed),
		reason=ExitReason(row.exit_reason) if row.exit_reason else None,
	)


def columns_of(position: Position, plan: Plan, now: datetime) -> dict[str, Any]:
	"""Return the columns that a new position sets. What went wrong before it is over with it."""
	titles = {step.key: step.title for step in plan.steps}
	return {
		"status": position.status.value,
		"phase": position.phase.value if position.phase else None,
		"step": position.step,
		**({"step_title": titles.get(position.step)} if not position.step or position.step in titles else {}),
		"due_on": position.due_on,
		"left_seconds": position.left_seconds or 0,
		"noticed": int(position.noticed),
		"exit_reason": position.reason.value if position.reason else None,
		"ended_on": None if position.is_running else now,
		"attempts": 0,
		"error": None,
	}


def store(row: frappe._dict, position: Position, now: datetime, **columns: Any) -> None:
	"""Write a held enrollment's new position, tell open pages, and wake the engine if it is due at once.

	columns: what else changes on the row.
	"""
	changes = {**columns_of(position, plan_of(row), now), **columns}
	frappe.db.set_value(ENROLLMENT, row.name, changes)
	row.update(changes)
	tell_of([row])
	wake_if_due(position, now)


def tell_of(rows: Sequence[frappe._dict]) -> None:
	"""Tell open pages, after the commit, that enrollments or their activities have changed."""
	for doctype in records.DOCTYPES:
		if names := [row.reference_name for row in rows if row.reference_doctype == doctype]:
			news.changed(doctype, names)


def wake_if_due(position: Position, now: datetime) -> None:
	if position.due_on and position.due_on <= now:
		frappe.db.after_commit.add(WAKING.wake)


def plan_of(row: frappe._dict) -> Plan:
	"""Return the plan of an enrollment; an empty one when its sequence was deleted by force."""
	try:
		return plans.plan_of(row.sequence)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return Plan(())


def hours_of(row: frappe._dict) -> Calendar:
	"""Return the working time of an enrollment's record."""
	lead = row.lead and frappe.db.get_value("Lead", row.lead, ["inbox_channel"], as_dict=True)
	return records.hours_of(row.sequence, lead)
