"""What people do with activities (SQ-3): complete, skip, snooze, note, assign, claim, and send or call from one.

Each function holds the activity under its locks, asks activity_rules.py whether the session's user may, and
leaves an entry in the record's timeline for what was done. What was done once has one effect: the second one
is told who was first (NotPossibleNow). A finished step of a sequence moves its enrollment on, in the same
transaction. Times are site time.
"""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import now_datetime, sanitize_html

from lead_inbox.inbox import alerts, lifecycle, messages
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activity_rows, activity_rules, next_contact, timeline
from lead_inbox.sequences.activities.activity_rows import ACTIVITY
from lead_inbox.sequences.activities.activity_rules import Deed, Outcome, OutcomeRefusal, Status, TimeRefusal
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import Kind, Result, Signal

HAPPENINGS = {Outcome.ANSWERED: Happening.CALL_ANSWERED, Outcome.NOT_ANSWERED: Happening.CALL_ATTEMPTED}
KINDS_OF_MEDIA = {"Email": Kind.EMAIL, "SMS": Kind.SMS, "Call": Kind.CALL}


def complete(
	name: str, *, note: str | None = None, outcome: str | None = None, message: str | None = None
) -> None:
	"""Mark an activity as done.

	outcome: Answered or Not Answered, of a call and nothing else. message: the Lead Message it was done by;
	without one, what a user tells of a call counts for the lead as a call from here does.

	Raises NotPossibleNow, frappe.ValidationError for the outcome, PermissionError.
	"""
	row = activity_rows.hold_for(name, Deed.COMPLETE)
	_check_outcome(row, outcome)
	if row.lead and outcome and not message:
		lifecycle.apply(row.lead, HAPPENINGS[Outcome(outcome)])
	_finish(row, Status.COMPLETED, note=note, outcome=outcome, message=message)


def skip(name: str, note: str | None = None) -> None:
	"""Leave an activity undone; the next step of its sequence takes its place. One by hand is cancelled."""
	row = activity_rows.hold_for(name, Deed.SKIP)
	_finish(row, activity_rules.status_after_skip(not row.enrollment), note=note)


def snooze(name: str, until: datetime) -> None:
	"""Let a step of a sequence rest until a time, at most activity_rules.LONGEST_SNOOZE."""
	row = activity_rows.hold_for(name, Deed.SNOOZE)
	refusal = activity_rules.snooze_refusal(until, now_datetime())
	if refusal is TimeRefusal.PAST:
		frappe.throw(_("Choose a time in the future to snooze this until."))
	if refusal is TimeRefusal.TOO_FAR:
		frappe.throw(
			_("Something can be snoozed for {0} days at most. Pause the sequence to wait longer.").format(
				activity_rules.LONGEST_SNOOZE.days
			)
		)
	activity_rows.update(row, due_on=until, snoozed_until=until)


def add_note(name: str, content: str) -> None:
	"""Keep a note in the timeline of an activity's record, whatever has become of the activity."""
	row = activity_rows.hold_for(name, Deed.NOTE)
	timeline.noted(row.reference_doctype, row.reference_name, content)


def assign(name: str, user: str | None = None, user_group: str | None = None) -> None:
	"""Give an activity to a user or to a User Group, and tell them.

	Raises frappe.ValidationError for somebody who is disabled or may not read the record, for an empty group,
	and unless there is exactly one of the two.
	"""
	row = activity_rows.hold_for(name, Deed.ASSIGN)
	if bool(user) == bool(user_group):
		frappe.throw(_("Choose either a user or a User Group."))
	if user:
		next_contact.check_assignee(user, row.reference_doctype, row.reference_name)
	elif not activity_rows.members_of(user_group):
		frappe.throw(_("{0} has no members. Add some, or choose a user.").format(user_group))
	if (row.user or None, row.user_group or None) == (user, user_group):
		return
	activity_rows.update(row, user=user, user_group=user_group)
	next_contact.follow(row)
	alerts.activity_given(name)


def claim(name: str) -> None:
	"""Take what was given to a User Group. Of two who do so at once one has it, the other is told who."""
	row = activity_rows.hold_for(name, Deed.CLAIM)
	activity_rows.update(row, user=frappe.session.user)
	next_contact.follow(row)


def hold_to_contact(name: str, lead: str, medium: str) -> frappe._dict:
	"""Return an activity's row, locked, for the session's user to mail, text or call a lead from it.

	medium: Email, SMS or Call. Raises frappe.ValidationError when it is about somebody or something else.
	"""
	row = activity_rows.hold_for(name, Deed.START)
	if row.lead != lead:
		frappe.throw(_("The activity {0} belongs to another customer.").format(row.title))
	if row.kind != KINDS_OF_MEDIA[medium].value:
		frappe.throw(
			_("The activity {0} is done by {1}. Write without it, or complete it by itself.").format(
				row.title, _(row.kind)
			)
		)
	return row


def sent(name: str, message: str, scheduled: bool) -> None:
	"""Note that a person has written from an activity: that completes it, a scheduled message when it goes."""
	row = activity_rows.hold_for(name, Deed.START)
	if scheduled:
		activity_rows.update(row, status=Status.SCHEDULED.value, message=message, error=None)
	else:
		_finish(row, Status.COMPLETED, message=message)


def message_settled(message: str, delivery_status: str) -> None:
	"""Take what became of a person's scheduled message. A listener; automatic ones are sending.py's.

	Runs in the outbox's job: who wrote the message did it.
	"""
	name = frappe.db.get_value(ACTIVITY, {"message": message, "status": Status.SCHEDULED.value})
	row = name and activity_rows.hold(name)
	if not row or row.message != message or row.status != Status.SCHEDULED.value:
		return
	author, error = frappe.db.get_value("Lead Message", message, ["user", "delivery_error"])
	if delivery_status == Delivery.SENT.value:
		_finish(row, Status.COMPLETED, message=message, user=author)
		return
	cancelled = delivery_status == Delivery.CANCELLED.value
	activity_rows.update(
		row,
		status=activity_rules.status_after_failed_send(_is_paused(row.enrollment)).value,
		message=None,
		error=_("The scheduled message was cancelled.") if cancelled else messages.as_text(error),
	)


def _is_paused(enrollment: str | None) -> bool:
	return bool(enrollment) and frappe.db.get_value("Sequence Enrollment", enrollment, "status") == "Paused"


def call_started(name: str, message: str) -> None:
	"""Remember the call that is made for an activity. What it comes to completes the activity."""
	activity_rows.update(activity_rows.hold_for(name, Deed.START), message=message)


def call_finished(message: str, answered: bool) -> None:
	"""Take what came of a call, told by a user or by the telephony. A listener: the call knows of no activity."""
	name = frappe.db.get_value(ACTIVITY, {"message": message, "status": Status.OPEN.value})
	row = name and activity_rows.hold(name)
	if not row or row.status != Status.OPEN.value or row.message != message:
		return
	outcome = Outcome.ANSWERED if answered else Outcome.NOT_ANSWERED
	caller = frappe.db.get_value("Lead Message", message, "user")
	_finish(row, Status.COMPLETED, outcome=outcome.value, message=message, user=caller)


def meeting_held(row: frappe._dict) -> None:
	"""Complete a held activity whose Event was ticked off in the calendar."""
	_finish(row, Status.COMPLETED)


def _finish(
	row: frappe._dict,
	status: Status,
	*,
	note: str | None = None,
	outcome: str | None = None,
	message: str | None = None,
	user: str | None = None,
) -> None:
	"""Bring a held activity to its end. user: who did it, by default the session's."""
	user, note = user or frappe.session.user, (note or "").strip()
	activity_rows.update(
		row,
		status=status.value,
		note=sanitize_html(note) or None,
		lead_email=activity_rows.email_of(row.lead, row.reference_doctype, row.reference_name),
		outcome=outcome,
		message=message,
		completed_on=now_datetime(),
		completed_by=user,
		user=row.user or user,
	)
	row.note = note  # the timelines escape it, so there it stays as it was written
	timeline.finished(row, user, by_message=bool(message))
	next_contact.follow(row)
	if row.enrollment:
		result = Result.COMPLETED if status is Status.COMPLETED else Result.SKIPPED
		answered = outcome == Outcome.ANSWERED.value
		engine.finish_step(row.name, result, frozenset({Signal.ANSWERED} if answered else ()))


def _check_outcome(row: frappe._dict, outcome: str | None) -> None:
	refusal = activity_rules.outcome_refusal(Kind(row.kind), outcome)
	if refusal is OutcomeRefusal.NOT_A_CALL:
		frappe.throw(_("Only a call has an outcome."))
	if refusal:
		frappe.throw(_("Choose whether the call was answered: {0}.").format(", ".join(map(_, _outcomes()))))


def _outcomes() -> list[str]:
	return [outcome.value for outcome in Outcome]
