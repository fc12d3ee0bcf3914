"""Where an item of work stands in a worklist, and why there (SQ-6), as pure functions.

Nothing here reads a clock, a session or a database; times are naive and in the site's zone, and a day is the
site's. The sentences for users are worklist_words.py's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from lead_inbox.sequences.activities.activity_rules import Status

OLD_AFTER_DAYS = 30
RECENTLY = timedelta(days=1)
SOON = timedelta(minutes=30)
DONE = (Status.COMPLETED, Status.SKIPPED, Status.CANCELLED)
GOES_BY_ITSELF = (Status.SCHEDULED, Status.SENDING)


class Bucket(str, Enum):
	OLD = "old"
	OVERDUE = "overdue"
	TODAY = "today"
	UPCOMING = "upcoming"
	COMPLETED = "completed"


class Urgency(Enum):
	"""Why an item stands before others of its day; the value is its score. The strongest reason counts alone,
	so that the one sentence that the user reads explains the whole of it."""

	MEETING_SOON = 60
	CALL_BACK = 50
	UNANSWERED = 40
	NEW = 30
	RECENT = 20
	NONE = 0


@dataclass(frozen=True)
class Customer:
	"""What is known of the customer of an item. heard_on: when they were last heard from.

	unanswered: they wrote last, and no person has answered. is_new: a lead that is New in the inbox.
	"""

	waits_for_call: bool = False
	unanswered: bool = False
	is_new: bool = False
	heard_on: datetime | None = None


@dataclass(frozen=True)
class Days:
	"""The borders between the buckets, at a moment."""

	now: datetime
	today_from: datetime
	tomorrow_from: datetime
	old_before: datetime


def days_at(now: datetime) -> Days:
	today = datetime.combine(now.date(), time())
	return Days(now, today, today + timedelta(days=1), today - timedelta(days=OLD_AFTER_DAYS))


def bucket(status: Status, due_on: datetime, snoozed_until: datetime | None, days: Days) -> Bucket:
	"""Return where an item belongs. Old is what has been due for more than OLD_AFTER_DAYS days.

	What is snoozed, or goes out by itself at its time, is upcoming until then.
	"""
	if status in DONE:
		return Bucket.COMPLETED
	is_snoozed = snoozed_until is not None and snoozed_until > days.now
	if status in GOES_BY_ITSELF or is_snoozed or due_on >= days.tomorrow_from:
		return Bucket.UPCOMING
	if due_on >= days.today_from:
		return Bucket.TODAY
	return Bucket.OVERDUE if due_on >= days.old_before else Bucket.OLD


def urgency(customer: Customer, now: datetime, meets_on: datetime | None = None) -> Urgency:
	"""Return the strongest reason for which an item stands before others of its day.

	meets_on: when it starts, of an item that is a meeting.
	"""
	reasons = {
		Urgency.MEETING_SOON: meets_on is not None and abs(meets_on - now) <= SOON,
		Urgency.CALL_BACK: customer.waits_for_call,
		Urgency.UNANSWERED: customer.unanswered,
		Urgency.NEW: customer.is_new,
		Urgency.RECENT: customer.heard_on is not None and customer.heard_on > now - RECENTLY,
	}
	holding = [reason for reason, holds in reasons.items() if holds]
	return max(holding, key=lambda reason: reason.value, default=Urgency.NONE)


Place = tuple[date, int, datetime, str]


def place(due_on: datetime, why: Urgency, key: str) -> Place:
	"""Return what items that are due are ordered by: the day, the score, the time, and a name that no other
	item has, so that of two items one always comes first."""
	return due_on.date(), -why.value, due_on, key
