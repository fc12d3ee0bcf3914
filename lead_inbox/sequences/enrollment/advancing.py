"""Enrollments whose time has come, in batches that several workers share out among themselves (SQ-8).

A worker claims a batch by its row locks and skips what others have. The records come second, also only
those that nobody has locked: it never waits with enrollments in hand, so there is no circle with those who
hold a record and wait for its enrollment. A batch is one transaction, read as committed: other levels lock
the gaps between rows, where every worker inserts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.sequences import records, rules
from lead_inbox.sequences.enrollment import bulk, enrollment_rules, moves, positions, sending, settling
from lead_inbox.sequences.enrollment.assignees import Assignee, Staff
from lead_inbox.sequences.enrollment.enrollment_rules import Fate
from lead_inbox.sequences.enrollment.positions import ENROLLMENT
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.records import DOCTYPES, LEAD, OPPORTUNITY, Rows
from lead_inbox.sequences.rules import SENDING_CHECKED_AFTER, ExitReason, Phase, Plan, Position, Status

BATCH = 100
LONG_AGO = datetime(1900, 1, 1)
SAVEPOINT = "sequence_step"
LOOKED_AT_AGAIN_AFTER = timedelta(hours=1)
TITLE_LENGTH = 140
TROUBLE_OF_DATABASE = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def advance_due(seconds: float) -> bool:
	"""Do what is due, the longest waiting first; return False when the time ran out before the work. Commits.

	What another worker or a user has in hand is left for the next time.
	"""
	ends_at = time.monotonic() + seconds
	with _read_committed():
		# a paused one is due only to find out about a message that was on its way already
		finished = [_advance_status(status, ends_at) for status in (Status.ACTIVE, Status.PAUSED)]
	return all(finished)


def _advance_status(status: Status, ends_at: float) -> bool:
	after = (LONG_AGO, "")
	while time.monotonic() < ends_at:
		claimed = _claim(status, after, now_datetime())
		is_last = len(claimed) < BATCH
		if claimed:
			after = (claimed[-1].due_on, claimed[-1].name)  # before the rows become what they are moved to
		try:
			_advance_batch(claimed)
			frappe.db.commit()
		except TROUBLE_OF_DATABASE:
			frappe.db.rollback()  # others wanted the same rows: the batch is left for the next time
		if is_last:
			return True
	return False


@contextmanager
def _read_committed() -> Iterator[None]:
	before = frappe.db.sql("select @@tx_isolation")[0][0].replace("-", " ")
	frappe.db.sql("set session transaction isolation level read committed")
	frappe.db.commit()  # it counts from the next transaction on
	try:
		yield
	finally:
		frappe.db.sql(f"set session transaction isolation level {before}")
		frappe.db.rollback()  # what an error has left half done; the next transaction is as before


def _claim(status: Status, after: tuple[datetime, str], now: datetime) -> list[frappe._dict]:
	"""Lock the next batch. after: due time and name of the last one that this worker has looked at."""
	table = frappe.qb.DocType(ENROLLMENT)
	is_later = (table.due_on > after[0]) | (table.name > after[1])
	return (
		frappe.qb.from_(table)
		.force_index("enrollment_due")  # sorting another index's rows would lock all that are due
		.select(*positions.FIELDS)
		.where((table.status == status.value) & table.due_on.between(after[0], now) & is_later)
		.orderby(table.due_on)
		.orderby(table.name)
		.limit(BATCH)
		.for_update(skip_locked=True)
	).run(as_dict=True)


@dataclass
class _Facts:
	"""What a batch's decisions need to know, read once for all of it."""

	rows: Rows
	existing: dict[str, set[str]]
	staff: dict[str, Staff]
	now: datetime
	plans: dict[str, Plan] = field(default_factory=dict)
	hours: dict[tuple[str, str | None], Calendar] = field(default_factory=dict)
	openings: dict[tuple[str, str | None], datetime] = field(default_factory=dict)

	def is_gone(self, row: frappe._dict) -> bool:
		return row.reference_name not in self.existing[row.reference_doctype]

	def is_busy(self, row: frappe._dict) -> bool:
		"""Whether somebody else has the record or its customer's lead locked."""
		wanted = [(row.reference_doctype, row.reference_name), (LEAD, row.lead)]
		return any(
			name in self.existing[doctype] and not self.rows.get(doctype, name) for doctype, name in wanted
		)

	def reason_to_leave(self, row: frappe._dict) -> ExitReason | None:
		if self.is_gone(row):
			return ExitReason.STOPPED
		ended = self.rows.ended(row.reference_doctype, row.reference_name, row.lead)
		return enrollment_rules.reason_to_leave(ended, records.exits_of(row.sequence)) if ended else None

	def plan_of(self, row: frappe._dict) -> Plan:
		if row.sequence not in self.plans:
			self.plans[row.sequence] = plans.plan_of(row.sequence)
		return self.plans[row.sequence]

	def hours_of(self, row: frappe._dict) -> Calendar:
		key = self._hours_key(row)
		if key not in self.hours:
			self.hours[key] = records.hours_of(row.sequence, self.rows.get(LEAD, row.lead))
		return self.hours[key]

	def workable_from(self, row: frappe._dict) -> datetime:
		"""Return the first moment from now on in which somebody works for a record."""
		key = self._hours_key(row)
		if key not in self.openings:
			self.openings[key] = rules.workable_from(self.now, self.hours_of(row))
		return self.openings[key]

	def _hours_key(self, row: frappe._dict) -> tuple[str, str | None]:
		lead = self.rows.get(LEAD, row.lead)
		return row.sequence, lead.inbox_channel if lead else None

	def assignee_of(self, row: frappe._dict, step_row: Any) -> Assignee:
		stand_in = plans.sequence_doc(row.sequence).stand_in
		staff = self.staff[row.reference_doctype]
		return staff.choose(step_row, row.reference_name, row.enrolled_by, stand_in)


def _facts_of(rows: list[frappe._dict]) -> _Facts:
	"""Lock the records of a batch that nobody else has, and read what it needs."""
	names = {
		doctype: sorted({row.reference_name for row in rows if row.reference_doctype == doctype})
		for doctype in DOCTYPES
	}
	leads = sorted({*names[LEAD], *(row.lead for row in rows if row.lead)})
	locked = records.lock(leads, names[OPPORTUNITY], skip_locked=True)
	return _Facts(
		rows=locked,
		existing={
			doctype: set(locked.by_doctype[doctype])
			| _existing(doctype, set(wanted) - set(locked.by_doctype[doctype]))
			for doctype, wanted in ((LEAD, leads), (OPPORTUNITY, names[OPPORTUNITY]))
		},
		staff={doctype: Staff(doctype, locked.by_doctype[doctype]) for doctype in DOCTYPES},
		now=now_datetime(),
	)


def _existing(doctype: str, names: set[str]) -> set[str]:
	if not names:
		return set()
	filters = {"name": ["in", sorted(names)]}
	return set(frappe.get_all(doctype, filters=filters, pluck="name", order_by="name asc"))


def _advance_batch(rows: list[frappe._dict]) -> None:
	"""Do what many need with one statement for all of them, and the rest one by one."""
	if not rows:
		return
	facts = _facts_of(rows)
	free = [row for row in rows if not facts.is_busy(row)]
	together = {row.name: move for row in free if (move := _simple_move(row, facts))}
	frappe.db.savepoint(SAVEPOINT)
	try:
		_move_together([row for row in free if row.name in together], together, facts)
	except TROUBLE_OF_DATABASE:
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)  # the one that it fails for is found one by one
		frappe.clear_last_message()
		together = {}
	for row in free:
		if row.name not in together:
			_advance_safely(row, facts)


def _simple_move(row: frappe._dict, facts: _Facts) -> Position | None:
	"""Return the next place of an enrollment that needs nothing but new rows; None for any other."""
	try:
		if facts.reason_to_leave(row):
			return None
		moved = _next_position(row, facts)
		if moved.phase is Phase.WORKING and not plans.row_of(row.sequence, row.step):
			return None
	except TROUBLE_OF_DATABASE:
		raise
	except Exception:
		frappe.clear_last_message()  # it is met again where it is dealt with
		return None
	return None if moved.phase is Phase.SENDING else moved


def _next_position(row: frappe._dict, facts: _Facts) -> Position:
	"""Return where an enrollment is once its time has come. Raises KeyError for a step that is gone."""
	position, plan, hours = positions.position_of(row), facts.plan_of(row), facts.hours_of(row)
	advance = rules.time_out if position.phase is Phase.WATCHING else rules.arrive
	return advance(plan, position, facts.now, hours)


def _move_together(rows: list[frappe._dict], moved: dict[str, Position], facts: _Facts) -> None:
	activities, updates = [], {}
	for row in rows:
		position = moved[row.name]
		updates[row.name] = positions.columns_of(position, facts.plan_of(row), facts.now)
		if position.phase is Phase.WORKING:
			activities.append(_activity_of(row, facts))
			updates[row.name]["activity"] = activities[-1]["name"]
	moves.insert_activities(activities)
	_update(rows, updates)
	positions.tell_of(rows)


def _update(rows: list[frappe._dict], updates: dict[str, dict[str, Any]]) -> None:
	"""Write what changes, in one statement; and wake the engine again for what is due at once."""
	changed = {
		row.name: {column: value for column, value in updates[row.name].items() if row.get(column) != value}
		for row in rows
	}
	bulk.update(ENROLLMENT, changed)
	now = now_datetime()
	if any(columns.get("due_on") and columns["due_on"] <= now for columns in changed.values()):
		frappe.db.after_commit.add(positions.WAKING.wake)


def _activity_of(row: frappe._dict, facts: _Facts) -> dict[str, Any]:
	"""Return the columns of a person's activity, due when somebody works."""
	step_row = plans.row_of(row.sequence, row.step)
	assignee, due_on = facts.assignee_of(row, step_row), facts.workable_from(row)
	return moves.activity_values(row, step_row, assignee, facts.now, due_on=due_on)


def _advance_safely(row: frappe._dict, facts: _Facts) -> None:
	"""One enrollment's trouble is undone, noted on it, and keeps nobody else waiting."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		_advance_alone(row, facts)
	except TROUBLE_OF_DATABASE:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		_note_failure(row, error, facts)


def _advance_alone(row: frappe._dict, facts: _Facts) -> None:
	reason = facts.reason_to_leave(row)
	if reason:
		moves.leave(row, reason, facts.now)
		return
	position = positions.position_of(row)
	if position.phase is Phase.SENDING:
		_look_after_message(row, position, facts)
		return
	moved = _next_position(row, facts)
	if moved.phase is Phase.SENDING:
		_send(row, moved, facts)
	elif moved.phase is Phase.WORKING:
		activity = _activity_of(row, facts)
		moves.insert_activities([activity])
		positions.store(row, moved, facts.now, activity=activity["name"])
	else:
		positions.store(row, moved, facts.now)


def _send(row: frappe._dict, moved: Position, facts: _Facts) -> None:
	"""Let an automatic step's message go, unless the customer must not get it: the gate is asked here."""
	step_row = plans.row_of(row.sequence, row.step)
	if not row.lead:
		error = _("There is no lead of this customer to write to: contact them yourself.")
		moves.hand_over(row, error, facts.now)
		return
	refusal = settling.refusal_of(row)
	if reason := enrollment_rules.exit_for_refusal(refusal, records.exits_of(row.sequence)):
		moves.leave(row, reason, facts.now)
		return
	message = sending.submit(row, step_row)
	activity = moves.activity_values(
		row, step_row, facts.assignee_of(row, step_row), facts.now, status="Sending", message=message
	)
	moves.insert_activities([activity])
	positions.store(row, moved, facts.now, activity=activity["name"])


def _look_after_message(row: frappe._dict, position: Position, facts: _Facts) -> None:
	"""Find out about a message of which the outbox has not told, or look again later."""
	message = frappe.db.get_value(moves.ACTIVITY, row.activity, "message") if row.activity else None
	delivery_status = message and frappe.db.get_value("Lead Message", message, "delivery_status")
	if enrollment_rules.fate_of(delivery_status) is Fate.ON_ITS_WAY:
		due_on = facts.now + SENDING_CHECKED_AFTER
		frappe.db.set_value(ENROLLMENT, row.name, "due_on", due_on)
	else:
		settling.settle(row, message, delivery_status)


def _note_failure(row: frappe._dict, error: Exception, facts: _Facts) -> None:
	"""Try a step again later, or give it to a person once that has been done often enough."""
	attempts, words = row.attempts + 1, _words(row, error)
	retry_on = enrollment_rules.retry_on(attempts, facts.now)
	if not retry_on:
		_log(row, words)
		if _given_up(row, words, facts):
			return
		retry_on = facts.now + LOOKED_AT_AGAIN_AFTER
	changes = {"attempts": attempts, "error": words[: positions.ERROR_LENGTH], "due_on": retry_on}
	frappe.db.set_value(ENROLLMENT, row.name, changes)


def _given_up(row: frappe._dict, words: str, facts: _Facts) -> bool:
	"""Hand a step over to a person; return whether that was possible."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		if row.phase == Phase.WATCHING.value:  # nobody can do the customer's part: there is no step any more
			positions.store(row, Position(Status.FINISHED), facts.now)
		else:
			moves.hand_over(row, words, facts.now)
	except TROUBLE_OF_DATABASE:
		raise
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		_log(row, str(error))
		return False
	return True


def _log(row: frappe._dict, words: str) -> None:
	frappe.log_error(
		_("A step of a sequence failed: {0}").format(words)[:TITLE_LENGTH],
		reference_doctype=ENROLLMENT,
		reference_name=row.name,
	)


def _words(row: frappe._dict, error: Exception) -> str:
	if isinstance(error, KeyError | frappe.DoesNotExistError) and not _has_step(row):
		return _("The step {0} does not exist any more.").format(row.step_title or row.step)
	return strip_html(str(error)) or type(error).__name__


def _has_step(row: frappe._dict) -> bool:
	return any(step.key == row.step for step in positions.plan_of(row).steps)
