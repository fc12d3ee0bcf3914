"""What the engine does with an enrollment whose row and record it holds: its activity, its way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_url_to_form

from lead_inbox.inbox import alerts, messages, notify
from lead_inbox.inbox.notify import Notice
from lead_inbox.inbox.replies import outbox
from lead_inbox.sequences import news, records, rules
from lead_inbox.sequences.activities.activity_rows import email_of, members_of
from lead_inbox.sequences.enrollment import assignees, bulk, enrollment_rules, positions
from lead_inbox.sequences.enrollment.assignees import Assignee
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.rules import ExitReason, Position, Result, Signal, Status

ACTIVITY = "Sales Activity"
# Of an activity that is neither done nor given up.
PENDING = ("Open", "Scheduled", "Sending", "Paused")


def key_of(enrollment: str, step: str | None) -> str:
	"""Return the key of which there is one activity and one message."""
	return f"{enrollment}:{step}"


def activity_values(
	row: frappe._dict,
	step_row: Any,
	assignee: Assignee,
	now: datetime,
	*,
	status: str = "Open",
	due_on: datetime | None = None,
	error: str | None = None,
	message: str | None = None,
) -> dict[str, Any]:
	"""Return the columns of the activity of an enrollment's step.

	step_row: of Sequence Step, None for a step that is gone, which leaves its error to a person.
	"""
	user = frappe.session.user
	return {
		"name": frappe.generate_hash(length=10),
		**{"creation": now, "modified": now, "owner": user, "modified_by": user},
		"title": step_row.title if step_row else row.step_title or row.sequence_name,
		"kind": step_row.kind if step_row else "Task",
		"status": status,
		"due_on": due_on or now,
		"user": assignee.user,
		"user_group": assignee.user_group,
		**{column: row[column] for column in ("reference_doctype", "reference_name", "lead", "sequence")},
		"instructions": step_row.instructions if step_row else None,
		"error": error,
		"enrollment": row.name,
		"step": row.step,
		"activity_key": key_of(row.name, row.step),
		"message": message,
	}


def insert_activities(activities: Sequence[dict[str, Any]]) -> None:
	"""Insert activities as `activity_values` returns them, in one statement and past the document's hooks."""
	bulk.insert(ACTIVITY, activities)


def assignee_of(row: frappe._dict) -> Assignee:
	"""Return who does the step that an enrollment is at, as things are today."""
	step_row, stand_in = step_row_of(row), stand_in_of(row)
	return assignees.choose(step_row, row.reference_doctype, row.reference_name, row.enrolled_by, stand_in)


def step_row_of(row: frappe._dict) -> Any:
	"""Return the row of Sequence Step, None for one that is gone."""
	return plans.row_of(row.sequence, row.step) if positions.plan_of(row).steps else None


def stand_in_of(row: frappe._dict) -> str | None:
	return plans.sequence_doc(row.sequence).stand_in if positions.plan_of(row).steps else None


def finish(row: frappe._dict, result: Result, noticed: frozenset[Signal], now: datetime) -> None:
	"""Move a held enrollment on after its step was done or skipped. One whose step is gone has ended."""
	plan, position = positions.plan_of(row), positions.position_of(row)
	if not any(step.key == row.step for step in plan.steps):
		if position.is_running:
			positions.store(row, Position(Status.FINISHED), now)
		return
	step_row = plans.row_of(row.sequence, row.step)
	if step_row.branch_on == Signal.FIELD.value and field_answers(row, step_row):
		noticed |= {Signal.FIELD}
	moved = rules.finish_step(plan, position, result, noticed, now, positions.hours_of(row))
	if moved != position:
		positions.store(row, moved, now)


def notice(row: frappe._dict, signal: Signal, now: datetime) -> None:
	"""Let a held enrollment know what the customer, or a change of the record, has answered.

	One whose step is gone asks nothing: a customer's message must not fail for that.
	"""
	if not step_row_of(row):
		return
	position = positions.position_of(row)
	moved = rules.notice(positions.plan_of(row), position, signal, now, positions.hours_of(row))
	if moved != position:
		positions.store(row, moved, now)


def field_answers(row: frappe._dict, step_row: Any) -> bool:
	"""Whether the record's field is the yes of a branch. A field that is gone answers no."""
	doctype, field = row.reference_doctype, step_row.branch_field
	if not frappe.get_meta(doctype).has_field(field):
		return False
	# its row is held: this reads it as it is now, whatever the transaction began with
	value = frappe.db.get_value(doctype, row.reference_name, field, for_update=True)
	return enrollment_rules.field_answers(step_row.branch_operator, value, step_row.branch_value)


def leave(row: frappe._dict, reason: ExitReason, now: datetime) -> bool:
	"""Let a held enrollment end; return whether it had not ended before."""
	return bool(leave_all([row], reason, now))


def leave_all(rows: Sequence[frappe._dict], reason: ExitReason, now: datetime) -> int:
	"""Let held enrollments end; return how many had not ended before.

	What was to be done is cancelled, and what has not left the house is taken back.
	"""
	running = [row for row in rows if positions.position_of(row).is_running]
	changes = {}
	for row in running:
		position = rules.leave(positions.position_of(row), reason)
		changes[row.name] = positions.columns_of(position, positions.plan_of(row), now)
		row.update(changes[row.name])
	bulk.update(positions.ENROLLMENT, changes)
	cancel_activities(running)
	positions.tell_of(running)
	return len(running)


def cancel_activities(rows: Sequence[frappe._dict]) -> None:
	"""Cancel what is left to be done for held enrollments that have ended."""
	pending = [activity for activity in hold_activities(rows) if activity.status in PENDING]
	if not pending:
		return
	names = [activity.name for activity in pending]
	frappe.db.set_value(ACTIVITY, {"name": ["in", names]}, {"status": "Cancelled", "snoozed_until": None})
	for activity in pending:
		if activity.message:  # of an open one, too: somebody may have sent a failed message once more
			outbox.withdraw(activity.message, activity.lead)


def hold_activities(rows: Sequence[frappe._dict]) -> list[frappe._dict]:
	"""Lock the newest activity of each held enrollment, the only one that may be open, and return it as it is now.

	By name: the transaction may have begun before it was made.
	"""
	names = [row.activity for row in rows if row.activity]
	if not names:
		return []
	table = frappe.qb.DocType(ACTIVITY)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.status, table.message, table.lead)
		.where(table.name.isin(names))
	)
	return query.orderby(table.name).for_update().run(as_dict=True)


def hand_over(row: frappe._dict, error: str, now: datetime, *, told: Iterable[str] = ()) -> None:
	"""Give a step that can't be done by itself to a person, who sees why and is alerted.

	error: a sentence. told: who has been alerted of it already.
	"""
	error = error[: positions.ERROR_LENGTH]
	position = rules.hand_over(positions.position_of(row))
	assignee = assignee_of(row)
	status = "Paused" if position.status is Status.PAUSED else "Open"
	due_on = rules.workable_from(now, positions.hours_of(row)) if positions.plan_of(row).steps else now
	email = email_of(row.lead, row.reference_doctype, row.reference_name)  # an error may name the customer
	name = frappe.db.get_value(ACTIVITY, {"activity_key": key_of(row.name, row.step)})
	if name:
		changes = {"status": status, "error": error, "due_on": due_on}
		frappe.db.set_value(ACTIVITY, name, {**changes, **vars(assignee), "lead_email": email})
	else:
		values = activity_values(
			row, step_row_of(row), assignee, now, status=status, due_on=due_on, error=error
		)
		insert_activities([{**values, "lead_email": email}])
		name = values["name"]
	positions.store(row, position, now, activity=name, error=error)
	_tell_of(name, row, assignee, error, set(told))


def _tell_of(activity: str, row: frappe._dict, assignee: Assignee, error: str, told: set[str]) -> None:
	users = {assignee.user} if assignee.user else set()
	if assignee.user_group:
		users |= set(members_of(assignee.user_group))
	title = frappe.db.get_value(row.reference_doctype, row.reference_name, "title") or row.reference_name
	subject = _("A step of {0} for {1} could not be done by itself").format(
		frappe.bold(escape_html(row.sequence_name)), frappe.bold(escape_html(title))
	)
	link = (
		alerts.inbox_url(row.reference_name)
		if row.reference_doctype == records.LEAD
		else get_url_to_form(row.reference_doctype, row.reference_name)
	)
	notice = Notice("activity", ACTIVITY, activity, link, subject, messages.as_stored(error))
	notify.tell(users - told, notice)


def set_activity_status(row: frappe._dict, before: str, after: str) -> None:
	"""Change the status of a held enrollment's activity, if it has the one before."""
	if any(activity.status == before for activity in hold_activities([row])):
		frappe.db.set_value(ACTIVITY, row.activity, "status", after)


def forget_record(doctype: str, name: str) -> None:
	"""Delete what a record that is deleted has gone through. Its messages are its lead's."""
	record = {"reference_doctype": doctype, "reference_name": name}
	found = frappe.get_all(positions.ENROLLMENT, filters=record, pluck="name", order_by="creation asc")
	cancel_activities(positions.hold_all(found))
	for table in (ACTIVITY, positions.ENROLLMENT):
		frappe.db.delete(table, record)
	news.changed(doctype, [name])
