"""What may be done with an activity, by whom and when, as pure functions (SQ-3).

Nothing here reads a clock, a session or a database; times are naive and in the site's zone. The sentences
for users are activities.py's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lead_inbox.sequences.rules import Kind

# As long as a step of a sequence may wait; what is to rest longer is no work in progress.
LONGEST_SNOOZE = timedelta(days=30)


class Status(str, Enum):
	OPEN = "Open"
	SCHEDULED = "Scheduled"
	SENDING = "Sending"
	PAUSED = "Paused"
	COMPLETED = "Completed"
	SKIPPED = "Skipped"
	CANCELLED = "Cancelled"


class Deed(str, Enum):
	"""What a user can do with an activity; the keys of an item's `can`."""

	START = "start"
	COMPLETE = "complete"
	SKIP = "skip"
	SNOOZE = "snooze"
	NOTE = "note"
	ASSIGN = "assign"
	CLAIM = "claim"


class Outcome(str, Enum):
	"""What a call came to."""

	ANSWERED = "Answered"
	NOT_ANSWERED = "Not Answered"


class Refusal(str, Enum):
	"""Why something can't be done with an activity."""

	NO_RIGHT = "no right"
	OVER = "over"
	SCHEDULED = "scheduled"
	SENDING = "sending"
	PAUSED = "paused"
	BY_HAND = "by hand"
	TAKEN = "taken"
	NO_GROUP = "no group"
	NOT_A_MEMBER = "not a member"


OVER = (Status.COMPLETED, Status.SKIPPED, Status.CANCELLED)
LIVE = tuple(status for status in Status if status not in OVER)
NOT_WORKABLE = {
	**dict.fromkeys(OVER, Refusal.OVER),
	Status.SCHEDULED: Refusal.SCHEDULED,
	Status.SENDING: Refusal.SENDING,
	Status.PAUSED: Refusal.PAUSED,
}


@dataclass(frozen=True)
class Activity:
	"""As much of an activity as decides what may be done with it.

	by_hand: it belongs to no sequence. user: whose it is; nobody's while a User Group's was not claimed.
	"""

	status: Status
	by_hand: bool
	user: str | None = None
	user_group: str | None = None


@dataclass(frozen=True)
class Actor:
	"""Who wants to do something. may_write: the activity's record. groups: the User Groups they are in."""

	user: str
	may_write: bool
	groups: frozenset[str] = frozenset()


def possible(activity: Activity, actor: Actor) -> frozenset[Deed]:
	"""Return all that may be done with an activity."""
	return frozenset(deed for deed in Deed if not refusal(activity, actor, deed))


def refusal(activity: Activity, actor: Actor, deed: Deed) -> Refusal | None:
	"""Return why something can't be done, None when it can.

	Whoever may write the record works its activities, also those of others: who is away must not hold a
	customer up. A note can be added at any time; who has the activity is changed also while it is paused.
	"""
	if not actor.may_write:
		return Refusal.NO_RIGHT
	if deed is Deed.NOTE:
		return None
	unworkable = NOT_WORKABLE.get(activity.status)
	if deed is Deed.CLAIM:
		return Refusal.OVER if unworkable is Refusal.OVER else _claim_refused(activity, actor)
	if deed is Deed.ASSIGN and unworkable is Refusal.PAUSED:
		return None
	if unworkable:
		return unworkable
	return Refusal.BY_HAND if deed is Deed.SNOOZE and activity.by_hand else None


def _claim_refused(activity: Activity, actor: Actor) -> Refusal | None:
	if activity.user:
		return Refusal.TAKEN
	if not activity.user_group:
		return Refusal.NO_GROUP
	return None if activity.user_group in actor.groups else Refusal.NOT_A_MEMBER


def status_after_skip(by_hand: bool) -> Status:
	"""An activity by hand has no plan that goes on without it: skipped, it is cancelled."""
	return Status.CANCELLED if by_hand else Status.SKIPPED


def status_after_failed_send(paused: bool) -> Status:
	"""A scheduled message that did not go leaves its activity to a person; that of a paused sequence waits."""
	return Status.PAUSED if paused else Status.OPEN


class OutcomeRefusal(str, Enum):
	MISSING = "missing"
	UNKNOWN = "unknown"
	NOT_A_CALL = "not a call"


def outcome_refusal(kind: Kind, outcome: str | None) -> OutcomeRefusal | None:
	"""Return what is wrong with the outcome that a user tells of an activity: of each call one, of nothing else."""
	if kind is not Kind.CALL:
		return OutcomeRefusal.NOT_A_CALL if outcome else None
	if not outcome:
		return OutcomeRefusal.MISSING
	return None if outcome in [known.value for known in Outcome] else OutcomeRefusal.UNKNOWN


class TimeRefusal(str, Enum):
	PAST = "past"
	TOO_FAR = "too far"
	ENDS_BEFORE_START = "ends before start"


def snooze_refusal(until: datetime, now: datetime) -> TimeRefusal | None:
	"""Return why an activity can't rest until a time, None when it can."""
	if until <= now:
		return TimeRefusal.PAST
	return TimeRefusal.TOO_FAR if until - now > LONGEST_SNOOZE else None


def due_refusal(due_on: datetime, now: datetime) -> TimeRefusal | None:
	"""Return why nothing can be planned for a time. Any hour of today will do: "now" is past when it arrives."""
	return TimeRefusal.PAST if due_on.date() < now.date() else None


def meeting_refusal(starts_on: datetime, ends_on: datetime, now: datetime) -> TimeRefusal | None:
	"""Return why no meeting can be planned for a time."""
	return TimeRefusal.ENDS_BEFORE_START if ends_on <= starts_on else due_refusal(starts_on, now)


@dataclass(frozen=True)
class Traces:
	"""Where what was done with an activity is still to be written: the conversation of the inbox, and the
	timeline of the record's form."""

	conversation: bool
	form: bool


def traces(doctype: str, kind: Kind, by_message: bool) -> Traces:
	"""Return what does not tell of a finished activity yet.

	by_message: it was done by a mail, SMS or call that the inbox has. That stands in the lead's conversation;
	the Lead's form shows its mails and calls, no SMS; the Opportunity's form shows its calls, and nothing that
	was written to the lead.
	"""
	if not by_message:
		return Traces(conversation=doctype == "Lead", form=True)
	shown = (Kind.EMAIL, Kind.CALL) if doctype == "Lead" else (Kind.CALL,)
	return Traces(conversation=False, form=kind not in shown)
