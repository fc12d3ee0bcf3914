"""The one writer of where records stand in sequences (SQ-2, SQ-7, SQ-8).

Each function takes one enrollment by its name, locks its record and then the enrollment, moves it by the
rules of rules.py and writes it, inside the caller's transaction; those that say so commit by themselves.
Callers have checked permission: who may write the record may move it. Times are site time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.sequences import news, records, rules
from lead_inbox.sequences.enrollment import advancing, assignees, bulk, moves, positions, this_transaction
from lead_inbox.sequences.enrollment.moves import ACTIVITY
from lead_inbox.sequences.enrollment.positions import ENROLLMENT, WAKING, hold, hold_all
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.rules import ExitReason, Plan, Result, Signal, Status

__all__ = ["WAKING", "hold"]

LEAVE_BATCH = 200


class NotPossible(frappe.ValidationError):
	"""What the user asked for is not possible where the record stands."""


def begin_all(
	sequence: str, doctype: str, rotations: Mapping[str, int], *, via: str, user: str | None
) -> dict[str, str]:
	"""Let records enter a sequence at its beginning; return their enrollments by record.

	The checks are enrolling.py's, which also holds the records. rotations: for each record, how often it has
	been in the sequence. via: User, Rule or API. user: who asked for it, None for a rule: nobody of whom a step
	could be asked instead of the owner. Raises the database's error for one that has entered meanwhile.
	"""
	now = now_datetime()
	doc, plan = plans.sequence_doc(sequence), plans.plan_of(sequence)
	leads = records.leads_of(doctype, rotations)
	starts = _starts(doc, plan, set(leads.values()), now)
	rows = []
	for name, rotation in rotations.items():
		record = {"reference_doctype": doctype, "reference_name": name, "lead": leads[name]}
		rows.append({**record, **_new_row(doc, rotation, starts[leads[name]], now, via, user)})
	bulk.insert(ENROLLMENT, rows)
	begun = {row["reference_name"]: row["name"] for row in rows}
	this_transaction.note(ENROLLMENT, begun.values())
	news.changed(doctype, begun)
	if any(row["due_on"] and row["due_on"] <= now for row in rows):
		frappe.db.after_commit.add(WAKING.wake)
	return begun


def finish_step(activity: str, result: Result, noticed: frozenset[Signal]) -> None:
	"""Move an enrollment on whose step a person has done or skipped.

	activity: the Sales Activity, whose own outcome has been written. noticed: what is known already of
	what its branch may ask, for instance that the call was answered. One that belongs to no enrollment, or
	to a step that is past, moves nothing.
	"""
	known = frappe.db.get_value(ACTIVITY, activity, ["enrollment", "step"], as_dict=True, for_update=True)
	row = hold(known.enrollment) if known and known.enrollment else None
	if row and row.step == known.step:
		moves.finish(row, result, noticed, now_datetime())


def notice(enrollment: str, signal: Signal, step: str | None = None) -> None:
	"""Let an enrollment know that the customer, or a change of the record, has answered its branch.

	step: the key of the step that the answer is about, if it is about one.
	"""
	row = hold(enrollment)
	if row and (step is None or row.step == step):
		moves.notice(row, signal, now_datetime())


def field_changed(enrollment: str) -> None:
	"""Answer a branch on the record's field, if the record has the value by now."""
	row = hold(enrollment)
	step_row = moves.step_row_of(row) if row else None
	if step_row and step_row.branch_on == Signal.FIELD.value and moves.field_answers(row, step_row):
		moves.notice(row, Signal.FIELD, now_datetime())


def pause(enrollment: str) -> None:
	"""Stop the clock of an enrollment; what is to be done for it waits too. Raises NotPossible."""
	row = _running(enrollment)
	if row.status == Status.PAUSED.value:
		return
	now = now_datetime()
	paused = rules.pause(positions.position_of(row), now, positions.hours_of(row), positions.plan_of(row))
	positions.store(row, paused, now)
	moves.set_activity_status(row, "Open", "Paused")


def resume(enrollment: str) -> None:
	"""Let a paused enrollment go on with the wait that was left. Raises NotPossible."""
	row = _running(enrollment)
	if row.status == Status.ACTIVE.value:
		return
	now = now_datetime()
	resumed = rules.resume(positions.position_of(row), now, positions.hours_of(row), positions.plan_of(row))
	positions.store(row, resumed, now)
	moves.set_activity_status(row, "Paused", "Open")


def cut_short(enrollment: str) -> None:
	"""End an enrollment's present wait now. Raises NotPossible for one that does not wait."""
	row = _running(enrollment)
	now = now_datetime()
	position = positions.position_of(row)
	if position.status is not Status.ACTIVE or position.phase not in rules.TIMED:
		frappe.throw(
			_("There is no wait to cut short: the sequence is paused or its step is open."), NotPossible
		)
	positions.store(row, rules.cut_short(position, now), now)
	frappe.db.after_commit.add(WAKING.wake)


def leave(enrollment: str, reason: ExitReason) -> bool:
	"""Let an enrollment end, with all that was still to be done; return whether it had not ended before."""
	row = hold(enrollment)
	return bool(row) and moves.leave(row, reason, now_datetime())


def leave_all(sequence: str, reason: ExitReason) -> int:
	"""Let all that are in a sequence leave it, in batches; return how many. Commits after each batch."""
	left = 0
	while names := _running_in(sequence):
		try:
			left += moves.leave_all(hold_all(names), reason, now_datetime())
			frappe.db.commit()
		except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()  # others wanted the same rows: once more
	return left


def follow_owner(enrollment: str, choice: str) -> None:
	"""Settle what a change of the record's owner means for its sequence (SQ-4).

	choice: stay, the open step is finished by who has it; move, it goes to who does it now; stop, the record
	leaves. The steps that follow go to the owner of their time in any case.
	"""
	if choice == "stop":
		leave(enrollment, ExitReason.OWNER_CHANGED)
	elif choice == "move":
		_move_open_step(enrollment)
	elif choice != "stay":
		frappe.throw(_("Choose one of {0}.").format("stay, move, stop"))


def advance_due(seconds: float) -> bool:
	"""Do what is due in all sequences; return False when the time ran out before the work. Commits.

	See advancing.py. As many workers as there are may do so at once.
	"""
	return advancing.advance_due(seconds)


def forget_record(doctype: str, name: str) -> None:
	"""Delete the enrollments and activities of a record that is being deleted."""
	moves.forget_record(doctype, name)


def running(doctype: str, name: str) -> list[str]:
	"""Return the enrollments that a record is in, the oldest first."""
	return frappe.get_all(
		ENROLLMENT,
		filters={
			"reference_doctype": doctype,
			"reference_name": name,
			"status": ["in", [status.value for status in rules.RUNNING]],
		},
		pluck="name",
		order_by="creation asc",
	)


def note_reply(enrollment: str, on: datetime) -> None:
	"""Stamp the customer's first reply since they entered."""
	row = hold(enrollment)
	if row and not row.replied_on:
		seconds = max(0, int((on - row.enrolled_on).total_seconds()))
		frappe.db.set_value(ENROLLMENT, enrollment, {"replied_on": on, "reply_seconds": seconds})


def _starts(doc: Any, plan: Plan, leads: set[str | None], now: datetime) -> dict[str | None, dict[str, Any]]:
	"""Return for each lead the columns of the place at which it begins: its working time may differ."""
	filters = {"name": ["in", sorted(filter(None, leads))]}
	rows = frappe.get_all("Lead", filters=filters, fields=["name", "inbox_channel"], order_by="name asc")
	channels = {row.name: row.inbox_channel for row in rows}
	by_channel = {}
	for channel in {channels.get(lead) for lead in leads}:
		hours = records.hours_of(doc.name, {"inbox_channel": channel})
		by_channel[channel] = positions.columns_of(rules.begin(plan, now, hours), plan, now)
	return {lead: by_channel[channels.get(lead)] for lead in leads}


def _new_row(
	doc: Any, rotation: int, start: Mapping[str, Any], now: datetime, via: str, user: str | None
) -> dict[str, Any]:
	writer = frappe.session.user
	return {
		"name": frappe.generate_hash(length=10),
		**{"creation": now, "modified": now, "owner": writer, "modified_by": writer},
		**{"sequence": doc.name, "sequence_name": doc.sequence_name, "rotation": rotation},
		**start,
		**{"enrolled_on": now, "enrolled_by": user, "enrolled_via": via},
	}


def _running(enrollment: str) -> frappe._dict:
	row = hold(enrollment)
	if not row:
		frappe.throw(_("This record is not in the sequence any more."), frappe.DoesNotExistError)
	if Status(row.status) not in rules.RUNNING:
		frappe.throw(_("The sequence has ended for this record."), NotPossible)
	return row


def _running_in(sequence: str) -> list[str]:
	table = frappe.qb.DocType(ENROLLMENT)
	return (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.sequence == sequence)
		.where(table.status.isin([status.value for status in rules.RUNNING]))
		.limit(LEAVE_BATCH)
	).run(pluck=True)


def _move_open_step(enrollment: str) -> None:
	"""What a certain user or a group does stays with them, whoever owns the record."""
	row = hold(enrollment)
	step_row = moves.step_row_of(row) if row else None
	if not step_row or step_row.done_by != assignees.OWNER:
		return
	for activity in moves.hold_activities([row]):
		if activity.status in moves.PENDING:
			frappe.db.set_value(ACTIVITY, activity.name, vars(moves.assignee_of(row)))
			positions.tell_of([row])
