"""What comes next for one record (SQ-5): what is to be done now, where its sequences stand, what follows.

Only the active step of a sequence can be worked on; the later ones are told as they come when nothing else
happens, along the plan's `then`. The callers have checked that the user may read the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import frappe
from frappe.utils import get_fullname, now_datetime

from lead_inbox.sequences import records
from lead_inbox.sequences.activities import activity_rows
from lead_inbox.sequences.activities.activity_rules import Status as ActivityStatus
from lead_inbox.sequences.enrollment import assignees, enrollment_rules, positions
from lead_inbox.sequences.enrollment.enrollment_rules import Entry, Pass, ReEnrollment
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.records import LEAD
from lead_inbox.sequences.rules import RUNNING, Phase, Plan, Step
from lead_inbox.sequences.worklist import worklist_events, worklist_items, worklist_rules, worklist_words
from lead_inbox.sequences.worklist.worklist_sources import ACTIVITY, CALL_BACK, EVENT

PAST_SHOWN = 5
WORKABLE = (ActivityStatus.OPEN.value, ActivityStatus.SCHEDULED.value, ActivityStatus.PAUSED.value)
IS_RUNNING = [status.value for status in RUNNING]
ENDED_FIELDS = ("sequence_name", "status", "exit_reason", "ended_on")


def read(doctype: str, name: str) -> dict[str, Any]:
	"""Return what comes next for a Lead or Opportunity, in the form of api/worklist.get_up_next."""
	running = _running(doctype, name)
	may_write = bool(frappe.has_permission(doctype, ptype="write", doc=name))
	return {
		"items": _items(doctype, name),
		"later": [step for row in running for step in _later(row)],
		"enrollments": [_standing(row) for row in running],
		"past": _past(doctype, name),
		"sequences": _open_to(doctype, name),
		"can": {"enroll": may_write, "add": may_write, "write": may_write},
	}


def _items(doctype: str, name: str) -> list[dict[str, Any]]:
	activities = frappe.get_all(
		activity_rows.ACTIVITY,
		filters={
			"reference_doctype": doctype,
			"reference_name": name,
			"status": ["in", WORKABLE],
		},
		pluck="name",
		order_by="due_on asc, name asc",
	)
	keys = [
		*((ACTIVITY, activity) for activity in activities),
		*((EVENT, event) for event in worklist_events.about(doctype, name)),
		*([(CALL_BACK, name)] if doctype == LEAD else []),
	]
	items = worklist_items.of(keys, worklist_rules.days_at(now_datetime()))
	return sorted(items, key=lambda item: (item["due_on"], item["key"]))


def _running(doctype: str, name: str) -> list[frappe._dict]:
	return frappe.get_all(
		positions.ENROLLMENT,
		filters={"reference_doctype": doctype, "reference_name": name, "status": ["in", IS_RUNNING]},
		fields=list(positions.FIELDS),
		order_by="enrolled_on asc, name asc",
	)


def _standing(row: frappe._dict) -> dict[str, Any]:
	"""Return where an enrollment stands, and who has the record now."""
	position, step = positions.position_of(row), _step(row)
	step_row = plans.row_of(row.sequence, row.step) if step else None
	signal = step.branch.signal if step and step.branch and position.phase is Phase.WATCHING else None
	owner = assignees.owner_of(row.reference_doctype, row.reference_name)
	shown = ("name", "sequence", "sequence_name", "status", "phase", "step_title", "due_on", "error")
	return {
		**{field: row[field] for field in shown},
		"version": frappe.db.get_value("Sequence", row.sequence, "version", cache=True),
		"step_no": step_row.idx if step_row else None,
		"step_count": len(positions.plan_of(row).steps),
		"waits_for": signal.value if signal else None,
		"in_words": worklist_words.standing(position, signal),
		"previous_owner": _is_previous_owners(row, step_row),
		"owner_full_name": get_fullname(owner) if owner else None,
	}


def _is_previous_owners(row: frappe._dict, step_row: Any) -> bool:
	"""Whether the active step is still somebody's who had the record before, and is to be its owner's (SQ-4).

	Who stands in for an owner that is away is none of them: they would get the step today, too.
	"""
	if not step_row or step_row.done_by != assignees.OWNER or row.phase != Phase.WORKING.value:
		return False
	user = frappe.db.get_value(activity_rows.ACTIVITY, row.activity, "user") if row.activity else None
	if not user:
		return False
	stand_in = plans.sequence_doc(row.sequence).stand_in
	today = assignees.choose(step_row, row.reference_doctype, row.reference_name, row.enrolled_by, stand_in)
	return bool(today.user) and today.user != user


def _later(row: frappe._dict) -> Iterator[dict[str, Any]]:
	step = _step(row)
	for following in _following(positions.plan_of(row), step) if step else ():
		yield {
			"title": following.title,
			"kind": following.kind.value,
			"automatic": following.automatic,
			"sequence_name": row.sequence_name,
			"wait": {
				"amount": following.wait.amount,
				"unit": following.wait.unit.value,
				"working": following.wait.working,
			},
			"in_words": worklist_words.wait(following.wait),
		}


def _following(plan: Plan, step: Step) -> Iterator[Step]:
	"""Yield the steps after one, as they come when no branch is answered with yes. Plans lead forward only."""
	while step.then is not None:
		step = plan.step(step.then)
		yield step


def _step(row: frappe._dict) -> Step | None:
	return next((step for step in positions.plan_of(row).steps if step.key == row.step), None)


def _past(doctype: str, name: str) -> list[dict[str, Any]]:
	return frappe.get_all(
		positions.ENROLLMENT,
		filters={"reference_doctype": doctype, "reference_name": name, "status": ["not in", IS_RUNNING]},
		fields=list(ENDED_FIELDS),
		order_by="ended_on desc, name asc",
		limit=PAST_SHOWN,
	)


def _open_to(doctype: str, name: str) -> list[dict[str, Any]]:
	"""Return the active sequences that the record may enter. Entering asks once more, under its lock."""
	sequences = frappe.get_list(
		"Sequence",
		filters={"status": "Active", "document_type": doctype},
		fields=["name", "sequence_name", "version", "description", "re_enrollment", "exclusive"],
		order_by="sequence_name asc, version asc",
	)
	if not sequences:
		return []
	passes, ended = _passes(doctype, name), _ended(doctype, name)
	shown = ("name", "sequence_name", "version", "description")
	return [
		{field: sequence[field] for field in shown}
		for sequence in sequences
		if not enrollment_rules.enroll_refused(_entry(sequence), passes)
		and not enrollment_rules.reason_to_leave(ended, records.exits_of(sequence.name))
	]


def _entry(sequence: frappe._dict) -> Entry:
	re_enrollment = ReEnrollment(sequence.re_enrollment)
	return Entry(sequence.sequence_name, re_enrollment, bool(sequence.exclusive))


def _passes(doctype: str, name: str) -> list[Pass]:
	enrollment, sequence = frappe.qb.DocType(positions.ENROLLMENT), frappe.qb.DocType("Sequence")
	rows = (
		frappe.qb.from_(enrollment)
		.left_join(sequence)
		.on(sequence.name == enrollment.sequence)
		.select(enrollment.sequence_name, enrollment.rotation, enrollment.status, sequence.exclusive)
		.where((enrollment.reference_name == name) & (enrollment.reference_doctype == doctype))
	).run(as_dict=True)
	return [
		Pass(row.sequence_name, row.rotation, row.status in IS_RUNNING, bool(row.exclusive)) for row in rows
	]


def _ended(doctype: str, name: str) -> Any:
	"""Return what the state of the record is the end of, None while it is worked on."""
	lead, rows = records.lead_of(doctype, name), records.Rows()
	for one, record in {(LEAD, lead), (doctype, name)}:
		if record and (row := frappe.db.get_value(one, record, records.FIELDS[one], as_dict=True)):
			rows.by_doctype[one][record] = row
	return rows.ended(doctype, name, lead)
