"""Decisions about a lead's inbox state, as pure functions.

Nothing here reads a clock, a session or a database: the moment comes in as a naive datetime in
the site's time zone, and the caller stores what is decided. The table is requirement IN-4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum


class Status(str, Enum):
	NEW = "New"
	ACTIVE = "Active"
	BOOKED = "Booked"
	INACTIVE = "Inactive"
	DECLINED = "Declined"
	CLOSED = "Closed"


class Reason(str, Enum):
	UNANSWERED = "Unanswered"
	QUIET = "Quiet"
	CONVERTED = "Converted"
	DO_NOT_CONTACT = "Do Not Contact"
	MERGED = "Merged"
	RETURNED = "Returned"


class Happening(str, Enum):
	"""What can happen to a lead, as far as its state is concerned."""

	ARRIVED = "arrived"
	REPLIED = "replied to"
	CALL_ANSWERED = "answered call"
	CALL_ATTEMPTED = "unanswered call out"
	INBOUND = "heard from"
	CALL_MISSED = "missed call in"
	WENT_UNANSWERED = "left unanswered"
	WENT_QUIET = "gone quiet"
	BOOKED = "booked"
	BOOKINGS_ENDED = "bookings ended"
	DECLINED = "declined"
	RESTORED = "restored"
	CONVERTED = "converted"
	CONTACT_REFUSED = "Do Not Contact"
	MERGED = "merged away"
	CLOSING_UNDONE = "reopened"


@dataclass(frozen=True)
class Situation:
	"""What a decision depends on.

	status: the present state, None for a lead the inbox has not seen yet.
	before, before_reason: the state before the present one, for what can be undone.
	answered: whether a person of ours ever replied or spoke with the customer.
	"""

	status: Status | None
	before: Status | None = None
	before_reason: str = ""
	answered: bool = False


@dataclass(frozen=True)
class Decision:
	"""The state to go to with its reason, or the present one when the happening is refused."""

	status: Status | None
	reason: str = ""
	refused: bool = False


OPEN = (Status.NEW, Status.ACTIVE, Status.INACTIVE)
CLOSING = {
	Happening.CONVERTED: Reason.CONVERTED,
	Happening.CONTACT_REFUSED: Reason.DO_NOT_CONTACT,
	Happening.MERGED: Reason.MERGED,
}
HUMAN_RESPONSES = (Happening.REPLIED, Happening.CALL_ANSWERED)
HEARD_FROM = (Happening.INBOUND, Happening.CALL_MISSED)
FROM_CUSTOMER = (Happening.ARRIVED, *HEARD_FROM)
UNDOING = (Happening.RESTORED, Happening.CLOSING_UNDONE)
ENDS_CALL_BACK = (*HUMAN_RESPONSES, Happening.DECLINED, *CLOSING)
AGING = {
	Happening.WENT_UNANSWERED: (Status.NEW, Reason.UNANSWERED),
	Happening.WENT_QUIET: (Status.ACTIVE, Reason.QUIET),
}
NUDGE_BEFORE = timedelta(days=1)


def decide(situation: Situation, happening: Happening) -> Decision:
	"""Return the state that follows from `happening`.

	A decision for the present state means that nothing moves. A refused one changes nothing either;
	the caller tells the user why.
	"""
	status = situation.status
	if happening is Happening.ARRIVED:
		return Decision(Status.NEW) if status is None else Decision(status)
	if happening in CLOSING:
		return Decision(Status.CLOSED, CLOSING[happening].value)
	if happening in HUMAN_RESPONSES:
		return Decision(Status.ACTIVE) if status in (*OPEN, None) else Decision(status)
	if happening in HEARD_FROM:
		return _after_inbound(situation)
	if happening is Happening.CALL_ATTEMPTED:
		return Decision(status or Status.NEW)
	if happening in AGING:
		return _after_aging(situation, happening)
	return _after_user_action(situation, happening)


def _after_inbound(situation: Situation) -> Decision:
	status = situation.status
	if status is None:
		return Decision(Status.NEW)
	if status is Status.INACTIVE:
		return Decision(Status.ACTIVE if situation.answered else Status.NEW)
	if status is Status.CLOSED:
		return Decision(Status.ACTIVE, Reason.RETURNED.value)
	return Decision(status)


def _after_aging(situation: Situation, happening: Happening) -> Decision:
	ages_from, reason = AGING[happening]
	if situation.status is ages_from:
		return Decision(Status.INACTIVE, reason.value)
	return Decision(situation.status, refused=True)


def _after_user_action(situation: Situation, happening: Happening) -> Decision:
	status, before = situation.status, situation.before or Status.ACTIVE
	allowed = {
		Happening.BOOKED: (OPEN, Status.BOOKED),
		Happening.BOOKINGS_ENDED: ((Status.BOOKED,), Status.ACTIVE),
		Happening.DECLINED: (OPEN, Status.DECLINED),
		Happening.RESTORED: ((Status.DECLINED,), before),
		Happening.CLOSING_UNDONE: ((Status.CLOSED,), before),
	}
	sources, target = allowed[happening]
	if status not in sources:
		return Decision(status, refused=True)
	return Decision(target, situation.before_reason if happening in UNDOING else "")


def is_move(decision: Decision, status: str | None, reason: str | None) -> bool:
	"""Whether a decision changes a lead's state, or why it is closed. status, reason: those it has."""
	closes_for_another_reason = decision.status is Status.CLOSED and decision.reason not in ("", reason)
	return decision.status != (status or None) or closes_for_another_reason


def restarts_clock(happening: Happening, status: Status | None) -> bool:
	"""Whether the days until Inactive start again.

	Trying to call an unanswered lead is not a response, so it does not buy it more time; for a
	lead in work each attempt counts as an interaction.
	"""
	if happening is Happening.CALL_ATTEMPTED:
		return status is Status.ACTIVE
	return happening not in AGING


@dataclass(frozen=True)
class AgingDays:
	"""Days until Unanswered and until Quiet; None where the lead never ages."""

	unanswered: int
	quiet: int


@dataclass(frozen=True)
class Countdown:
	"""When an untouched lead turns Inactive, and with which reason."""

	reason: Reason
	on: datetime
	days_left: int
	soon: bool


def countdown(
	status: Status | None, aging_from: datetime | None, now: datetime, days: AgingDays | None
) -> Countdown | None:
	"""Return what aging will do to the lead, or None when it does not age.

	`days_left` counts the started days that are left; `soon` is the day of the nudge.
	"""
	if days is None or aging_from is None or status not in (Status.NEW, Status.ACTIVE):
		return None
	reason, wait = (
		(Reason.UNANSWERED, days.unanswered) if status is Status.NEW else (Reason.QUIET, days.quiet)
	)
	on = aging_from + timedelta(days=wait)
	seconds_left = max(0.0, (on - now).total_seconds())
	started_days = int(-(-seconds_left // 86400))
	return Countdown(reason, on, started_days, on - now <= NUDGE_BEFORE)


def cutoff(now: datetime, days: int) -> datetime:
	"""Leads whose clock started at or before this moment are due."""
	return now - timedelta(days=days)


def snoozed_clock(
	aging_from: datetime, snoozed_until: datetime | None, until: datetime | None, now: datetime
) -> datetime:
	"""Move the start of the aging clock so that the time asleep does not count.

	snoozed_until: the snooze in force, if any; what is left of it is taken back first.
	until: the new end, None to wake the lead now.
	"""
	if snoozed_until and snoozed_until > now:
		aging_from -= snoozed_until - now
	if until and until > now:
		aging_from += until - now
	return aging_from


def clock_start(happened_on: datetime, snoozed_until: datetime | None, happening: Happening) -> datetime:
	"""Where the aging clock starts after an interaction.

	The customer speaking ends a snooze; our own reply does not, so the clock waits for its end.
	"""
	if happening in FROM_CUSTOMER or not snoozed_until:
		return happened_on
	return max(happened_on, snoozed_until)


def call_back_since(waiting_since: datetime | None, happening: Happening, on: datetime) -> datetime | None:
	"""Return since when the customer waits for us to call back, None when nobody does (RE-4).

	waiting_since: what it was before. The first of several missed calls counts.
	"""
	if happening is Happening.CALL_MISSED:
		return waiting_since or on
	return None if happening in ENDS_CALL_BACK else waiting_since


OPEN_ERP_STATUSES = ("Lead", "Open")


def erp_status_after(happening: Happening, erp_status: str) -> str:
	"""Return ERPNext's Lead.status after the happening (IN-5); the same when it stays.

	A human reply makes Lead and Open into Replied, an inbound message makes Replied into Open;
	all the rest is ERPNext's own business.
	"""
	if happening in HUMAN_RESPONSES and erp_status in OPEN_ERP_STATUSES:
		return "Replied"
	if happening in HEARD_FROM and erp_status == "Replied":
		return "Open"
	return erp_status


def happening_of_erp_status(erp_status: str, status: Status | None, reason: str) -> Happening | None:
	"""Return what ERPNext's status says happened, None when the inbox already agrees.

	status, reason: the lead's inbox state. A closed lead whose customer spoke again stays in work
	although ERPNext still calls it Converted.
	"""
	closed_for = reason if status is Status.CLOSED else ""
	if status is Status.ACTIVE and reason == Reason.RETURNED.value:
		return None
	if erp_status == "Converted" and closed_for != Reason.CONVERTED.value:
		return Happening.CONVERTED
	if erp_status == "Do Not Contact" and closed_for != Reason.DO_NOT_CONTACT.value:
		return Happening.CONTACT_REFUSED
	if closed_for == Reason.DO_NOT_CONTACT.value and erp_status != "Do Not Contact":
		return Happening.CLOSING_UNDONE
	return None


@dataclass(frozen=True)
class Candidate:
	"""A lead that an arrival may belong to."""

	name: str
	status: Status | None
	reason: str
	last_interaction_on: datetime


def choose_match(candidates: Iterable[Candidate]) -> str | None:
	"""Return the lead to thread onto: an open one before a closed one, then the liveliest.

	The caller has put winners in the place of leads that were merged away. One whose winner is gone is
	still here, and is taken when there is nobody else.
	"""
	best = max(
		candidates,
		key=lambda c: (
			c.reason != Reason.MERGED.value,
			c.status is not Status.CLOSED,
			c.last_interaction_on,
			c.name,
		),
		default=None,
	)
	return best.name if best else None


def refused_because(
	enabled: bool, message_leads: bool, paused_until: date | None, kind: str, today: date
) -> str | None:
	"""Return the stable code for which a channel turns an arrival away, None when it takes it (IN-8).

	kind: the type of lead. today: in the site's time zone; a pause ends on the morning of its date.
	"""
	if not enabled:
		return "channel_off"
	if paused_until and today < paused_until:
		return "channel_paused"
	if kind == "Message" and not message_leads:
		return "messages_off"
	return None


MAX_ATTEMPTS = 8


def retry_delay_seconds(attempts: int) -> int | None:
	"""Seconds until a failed event is tried again after `attempts` tries; None to give up.

	Doubles from half a minute, so eight tries span about an hour: long enough for a database or
	a deployment to come back, short enough that a person hears of it the same day.
	"""
	return None if attempts >= MAX_ATTEMPTS else 30 * 2 ** (attempts - 1)
