"""Who may enter a sequence, what makes a record leave, what a failure leads to (SQ-2, SQ-7, SQ-8). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from lead_inbox.inbox.contact.contact_rules import Refusal as ContactRefusal
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import Happening
from lead_inbox.inbox.rules import Reason as InboxReason
from lead_inbox.inbox.rules import Status as InboxStatus
from lead_inbox.sequences.rules import ExitReason, Kind, Phase, Plan

RETRY_SECONDS = (60, 600, 3600)
MADE_BY_ARRIVAL_WITHIN = timedelta(minutes=1)
DO_NOT_CONTACT = "Do Not Contact"
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d*)?", re.ASCII)


class ReEnrollment(str, Enum):
	"""Whether a record may enter a sequence again. Any time: also while it is in it, then from the start."""

	ONCE = "Once"
	WHEN_FINISHED = "When Finished"
	ANY_TIME = "Any Time"


@dataclass(frozen=True)
class Exits:
	"""What a sequence lets a record leave for. Do Not Contact, unsubscribing and merging always count."""

	reply: bool = True
	conversion: bool = True
	booking: bool = True
	decline: bool = True
	bounce: bool = True

	def has(self, reason: ExitReason) -> bool:
		switches = {
			ExitReason.REPLIED: self.reply,
			ExitReason.CONVERTED: self.conversion,
			ExitReason.BOOKED: self.booking,
			ExitReason.DECLINED: self.decline,
			ExitReason.BOUNCED: self.bounce,
		}
		return switches.get(reason, True)


EXITS_BY_HAPPENING = {
	Happening.INBOUND: ExitReason.REPLIED,
	Happening.CONVERTED: ExitReason.CONVERTED,
	Happening.BOOKED: ExitReason.BOOKED,
	Happening.DECLINED: ExitReason.DECLINED,
	Happening.CONTACT_REFUSED: ExitReason.DO_NOT_CONTACT,
	Happening.MERGED: ExitReason.MERGED,
}
# What happens to an Opportunity's lead and concerns the Opportunity too: its customer is the same.
SHARED_WITH_OPPORTUNITIES = (ExitReason.REPLIED, ExitReason.BOOKED, ExitReason.DO_NOT_CONTACT)
_BY_OPPORTUNITY_STATUS = {
	"Converted": ExitReason.CONVERTED,
	"Lost": ExitReason.DECLINED,
	"Closed": ExitReason.DECLINED,
}
_BY_CLOSING = {
	InboxReason.CONVERTED.value: ExitReason.CONVERTED,
	InboxReason.DO_NOT_CONTACT.value: ExitReason.DO_NOT_CONTACT,
	InboxReason.MERGED.value: ExitReason.MERGED,
}
_BY_INBOX_STATUS = {
	InboxStatus.BOOKED.value: ExitReason.BOOKED,
	InboxStatus.DECLINED.value: ExitReason.DECLINED,
}


def lead_ended(lead: Mapping[str, Any]) -> ExitReason | None:
	"""Return what a lead's state is the end of, None while it is worked on. lead: a row with its states."""
	if lead.get("inbox_merged_into"):
		return ExitReason.MERGED
	if lead.get("status") == DO_NOT_CONTACT:
		return ExitReason.DO_NOT_CONTACT
	if lead.get("inbox_status") == InboxStatus.CLOSED.value:
		return _BY_CLOSING.get(lead.get("inbox_reason") or "")
	return _BY_INBOX_STATUS.get(lead.get("inbox_status") or "")


def opportunity_ended(status: str | None, lead: Mapping[str, Any] | None) -> ExitReason | None:
	"""Return what an Opportunity's state is the end of. lead: the one whose customer is contacted, if any."""
	of_customer = lead_ended(lead) if lead else None
	if of_customer is ExitReason.DO_NOT_CONTACT:
		return of_customer
	return _BY_OPPORTUNITY_STATUS.get(status or "")


def reason_to_leave(ended: ExitReason | None, exits: Exits) -> ExitReason | None:
	"""Return the reason why a record is not to be in a sequence, None when it may be."""
	return ended if ended and exits.has(ended) else None


def exit_for_refusal(refusal: ContactRefusal | None, exits: Exits) -> ExitReason | None:
	"""Return why a record leaves whose next automatic message the customer must not get.

	None where a person should see to it: a bounce in a sequence that goes on after one, and a partner's
	customer, who is to be called.
	"""
	reason = {
		ContactRefusal.MERGED: ExitReason.MERGED,
		ContactRefusal.DO_NOT_CONTACT: ExitReason.DO_NOT_CONTACT,
		ContactRefusal.OWN_WISH: ExitReason.UNSUBSCRIBED,
		ContactRefusal.UNSUBSCRIBED: ExitReason.UNSUBSCRIBED,
		ContactRefusal.BOUNCED: ExitReason.BOUNCED,
	}.get(refusal)
	return reason_to_leave(reason, exits)


KINDS_BY_MEDIUM = {"Call": Kind.CALL, "Email": Kind.EMAIL, "SMS": Kind.SMS}


def still_uses(plan: Plan, step: str | None, phase: Phase | None, medium: str) -> bool:
	"""Whether a plan may yet reach the customer by a medium from where a record is: Call, Email or SMS.

	While it watches for an answer, its step is over.
	"""
	kinds = {known.key: known.kind for known in plan.steps}
	ahead = _reached_from(plan, step)
	if phase is Phase.WATCHING:
		ahead.discard(step)
	return any(kinds.get(key) is KINDS_BY_MEDIUM[medium] for key in ahead)


def _reached_from(plan: Plan, step: str | None) -> set[str | None]:
	targets = {known.key: (known.yes, known.then) for known in plan.steps}
	reached, to_visit = set(), [step]
	while to_visit:
		key = to_visit.pop()
		if key is not None and key not in reached:
			reached.add(key)
			to_visit += targets.get(key, ())
	return reached


class EnrollRefusal(str, Enum):
	"""Why a record may not enter a sequence. The sentences are enrolling.py's."""

	NOT_ACTIVE = "not active"
	OTHER_TYPE = "other type"
	GONE = "gone"
	ALREADY_IN = "already in"
	BEEN_IN = "been in"
	EXCLUDED = "excluded"


@dataclass(frozen=True)
class Pass:
	"""One time that a record is or was in a sequence, in whatever version of it."""

	sequence_name: str
	rotation: int
	running: bool
	exclusive: bool


@dataclass(frozen=True)
class Entry:
	"""The sequence that a record wants to enter. by_rule: no person asked for it."""

	sequence_name: str
	re_enrollment: ReEnrollment
	exclusive: bool
	by_rule: bool = False


def enroll_refused(entry: Entry, passes: Iterable[Pass]) -> EnrollRefusal | None:
	"""Return why a record with these passes may not enter, None when it may."""
	passes = list(passes)
	own = [known for known in passes if known.sequence_name == entry.sequence_name]
	is_in = any(known.running for known in own)
	if is_in and (entry.by_rule or entry.re_enrollment is not ReEnrollment.ANY_TIME):
		return EnrollRefusal.ALREADY_IN
	if own and entry.re_enrollment is ReEnrollment.ONCE:
		return EnrollRefusal.BEEN_IN
	return EnrollRefusal.EXCLUDED if excluding(entry, passes) else None


def excluding(entry: Entry, passes: Iterable[Pass]) -> Pass | None:
	"""Return a pass through another sequence that keeps the record out, None without one."""
	others = (known for known in passes if known.running and known.sequence_name != entry.sequence_name)
	return next((known for known in others if entry.exclusive or known.exclusive), None)


def next_rotation(sequence_name: str, passes: Iterable[Pass]) -> int:
	own = [known.rotation for known in passes if known.sequence_name == sequence_name]
	return max(own, default=-1) + 1


def may_enter_by_rule(been_in: bool, became_true: bool, happening: Happening | None) -> bool:
	"""Whether a rule whose condition holds lets a record in.

	A condition goes on being true, so it lets a record in again only when it has just become true, or when
	the customer has called in vain once more. A message does not: it is what ends most sequences.
	been_in: the record has been in the sequence before.
	"""
	return not been_in or became_true or happening is Happening.CALL_MISSED


def made_by_arrival(is_first_message: bool, arrived_on: datetime | None, heard_on: datetime) -> bool:
	"""Whether what was heard from the customer is the very arrival that the lead was made of.

	A web form's lead exists before its message is read. arrived_on: when the lead was made; heard_on: when
	the message reached us; both are taken from the clock in one transaction then.
	"""
	return is_first_message and arrived_on is not None and heard_on - arrived_on < MADE_BY_ARRIVAL_WITHIN


def retry_on(attempts: int, now: datetime) -> datetime | None:
	"""Return when a step that failed is tried again after so many attempts, None when a person takes over."""
	return now + timedelta(seconds=RETRY_SECONDS[attempts - 1]) if attempts <= len(RETRY_SECONDS) else None


class Fate(Enum):
	"""What became of an automatic step's message, as far as the step is concerned."""

	GONE = "gone"
	NOT_SENT = "not sent"
	ON_ITS_WAY = "on its way"


def fate_of(delivery_status: str | None) -> Fate:
	"""Return what a message's delivery status means; None for one that does not exist any more."""
	if delivery_status in (Delivery.SENT.value, Delivery.DELIVERED.value):
		return Fate.GONE
	if delivery_status in (None, "", Delivery.FAILED.value, Delivery.CANCELLED.value):
		return Fate.NOT_SENT
	return Fate.ON_ITS_WAY


def field_answers(operator: str | None, value: object, wanted: str | None) -> bool:
	"""Whether a field's value is a branch's yes.

	operator: Equal To, Not Equal To, Set or Not Set. Numbers are compared as such, texts without regard
	to case.
	"""
	is_set = value not in (None, "", 0)
	if operator == "Set":
		return is_set
	if operator == "Not Set":
		return not is_set
	is_equal = _comparable(value) == _comparable(wanted)
	return not is_equal if operator == "Not Equal To" else is_equal


def _comparable(value: object) -> float | str:
	text = "" if value is None else str(value).strip().casefold()
	return float(text) if NUMBER.fullmatch(text) else text
