"""Sentences about items of work: why they stand where they do, and what an enrollment waits for."""

from __future__ import annotations

from datetime import datetime

from frappe import _
from frappe.utils import format_date, format_time

from lead_inbox.sequences.activities.activity_rules import Status
from lead_inbox.sequences.rules import Phase, Position, Signal, Unit, Wait
from lead_inbox.sequences.rules import Status as EnrollmentStatus
from lead_inbox.sequences.worklist.worklist_rules import Bucket, Urgency


def because(bucket: Bucket, status: Status, due_on: datetime, is_snoozed: bool, why: Urgency) -> str:
	"""Return the reason for an item's place; of what is over there is none to tell."""
	if bucket is Bucket.COMPLETED:
		return ""
	if bucket is Bucket.UPCOMING:
		return _later(status, due_on, is_snoozed)
	strongest = _urgent(why)
	if bucket is Bucket.TODAY:
		return strongest or _("Due today at {0}.").format(format_time(due_on, "HH:mm"))
	return " ".join(filter(None, [_("Due since {0}.").format(format_date(due_on)), strongest]))


def wait(after: Wait) -> str:
	"""Return when a step comes, told from the end of the one before it."""
	if not after.amount:
		return _("right after that")
	one = {
		(Unit.MINUTES, True): _("a working minute later"),
		(Unit.HOURS, True): _("a working hour later"),
		(Unit.DAYS, True): _("a working day later"),
		(Unit.MINUTES, False): _("a minute later"),
		(Unit.HOURS, False): _("an hour later"),
		(Unit.DAYS, False): _("a day later"),
	}
	several = {
		(Unit.MINUTES, True): _("{0} working minutes later"),
		(Unit.HOURS, True): _("{0} working hours later"),
		(Unit.DAYS, True): _("{0} working days later"),
		(Unit.MINUTES, False): _("{0} minutes later"),
		(Unit.HOURS, False): _("{0} hours later"),
		(Unit.DAYS, False): _("{0} days later"),
	}
	words = one if after.amount == 1 else several
	return words[(after.unit, after.working)].format(after.amount)


def standing(position: Position, signal: Signal | None) -> str:
	"""Return what an enrollment that has not ended waits for. signal: what the step's branch asks about."""
	if position.status is EnrollmentStatus.PAUSED:
		return _("Paused.")
	if position.phase is Phase.WORKING:
		return _("Waits for somebody to do it.")
	if position.phase is Phase.SENDING:
		return _("Is being sent.")
	if not position.due_on:
		return ""
	if position.phase is Phase.WATCHING:
		return _watching(signal).format(_moment(position.due_on))
	return _("Comes {0}.").format(_moment(position.due_on))


def _urgent(why: Urgency) -> str:
	return {
		Urgency.MEETING_SOON: _("The meeting is about to start, or has just begun."),
		Urgency.CALL_BACK: _("The customer waits to be called back."),
		Urgency.UNANSWERED: _("The customer wrote last, and nobody has answered."),
		Urgency.NEW: _("A new lead that nobody has answered."),
		Urgency.RECENT: _("The customer was in touch in the last 24 hours."),
		Urgency.NONE: "",
	}[why]


def _later(status: Status, due_on: datetime, is_snoozed: bool) -> str:
	if status is Status.SENDING:
		return _("Is being sent.")
	if status is Status.SCHEDULED:
		return _("Goes out by itself {0}.").format(_moment(due_on))
	sentence = _("Snoozed until {0}.") if is_snoozed else _("Due {0}.")
	return sentence.format(_moment(due_on))


def _watching(signal: Signal | None) -> str:
	return {
		Signal.REPLIED: _("Waits for a reply until {0}."),
		Signal.OPENED: _("Waits for the e-mail to be opened until {0}."),
		Signal.CLICKED: _("Waits for a click on a link until {0}."),
		Signal.FIELD: _("Waits for a change of the record until {0}."),
	}.get(signal, _("Waits for an answer until {0}."))


def _moment(on: datetime) -> str:
	return f"{format_date(on)} {format_time(on, 'HH:mm')}"
