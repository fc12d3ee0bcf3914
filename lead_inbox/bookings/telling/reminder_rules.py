"""When whom to remind of a booking, and when it is too late to: BO-7. Pure.

Moments are naive datetimes in the site's time zone, and `now` is passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lead_inbox.bookings.rules import Status

# The scheduler may be late by so much and a reminder still in time.
GRACE = timedelta(minutes=5)
# So long after the end of a booking its people are asked what came of it.
OUTCOME_AFTER = timedelta(minutes=30)


class Kind(str, Enum):
	REMINDER = "Reminder"
	OUTCOME = "Outcome"  # asks staff what came of it
	REVIEW = "Review"


class Audience(str, Enum):
	CUSTOMER = "Customer"
	STAFF = "Staff"


class RowStatus(str, Enum):
	WAITING = "Waiting"
	SENT = "Sent"
	SKIPPED = "Skipped"
	FAILED = "Failed"


class Skip(str, Enum):
	"""Why a reminder is not sent though its time has come."""

	TOO_LATE = "too late"
	BEGUN = "begun"


@dataclass(frozen=True)
class Time:
	"""A row of the administrator's. to_customer: Email, SMS, Email or SMS, or nothing."""

	minutes_before: int
	to_customer: str
	to_staff: bool


@dataclass(frozen=True)
class Key:
	"""There is one reminder of each."""

	kind: Kind
	audience: Audience
	minutes_before: int


@dataclass(frozen=True)
class Planned:
	due_on: datetime
	medium: str = ""


@dataclass(frozen=True)
class Row:
	"""A reminder as it is stored."""

	status: RowStatus
	due_on: datetime
	medium: str = ""


@dataclass(frozen=True)
class Steps:
	"""What to do with the stored reminders: which to write (new or again), and which to forget or take back."""

	write: Mapping[Key, Planned]
	drop: frozenset[Key]


def planned(
	times: Iterable[Time], status: Status, starts_on: datetime, ends_on: datetime, *, tell_customer: bool
) -> dict[Key, Planned]:
	"""Return all reminders of a booking, those of the past too. Only what is agreed is reminded of.

	tell_customer: whether the customer hears from us at all. Of two rows with the same time the first counts.
	"""
	if status is not Status.CONFIRMED:
		return {}
	found = {Key(Kind.OUTCOME, Audience.STAFF, 0): Planned(ends_on + OUTCOME_AFTER)}
	for time in times:
		due_on = starts_on - timedelta(minutes=time.minutes_before)
		if time.to_customer and tell_customer:
			key = Key(Kind.REMINDER, Audience.CUSTOMER, time.minutes_before)
			found.setdefault(key, Planned(due_on, time.to_customer))
		if time.to_staff:
			found.setdefault(Key(Kind.REMINDER, Audience.STAFF, time.minutes_before), Planned(due_on))
	return found


def steps(wanted: Mapping[Key, Planned], stored: Mapping[Key, Row], now: datetime) -> Steps:
	"""Return how the stored reminders become those wanted.

	One for a time that has passed is not written. One that was sent for another time is due again.
	"""
	write = {
		key: plan
		for key, plan in wanted.items()
		if plan.due_on > now and not (key in stored and _stands(stored[key], plan))
	}
	drop = {
		key
		for key, row in stored.items()
		if key not in write and (key not in wanted or wanted[key].due_on != row.due_on)
	}
	return Steps(write, frozenset(drop))


def _stands(row: Row, plan: Planned) -> bool:
	is_waiting = row.status is RowStatus.WAITING
	return row.due_on == plan.due_on and (row.medium == plan.medium or not is_waiting)


def skip(key: Key, due_on: datetime, starts_on: datetime, now: datetime) -> Skip | None:
	"""Return why a reminder that is due is not sent, None when it is.

	What was due long ago, while the machine was off, would say "tomorrow" an hour before. To ask what came
	of a booking is never too late.
	"""
	if key.kind is not Kind.REMINDER:
		return None
	if key.minutes_before and now >= starts_on:
		return Skip.BEGUN
	allowed = max(GRACE, timedelta(minutes=key.minutes_before) / 2)
	return Skip.TOO_LATE if now > due_on + allowed else None
