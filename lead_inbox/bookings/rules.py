"""Where a booking stands and where it may go from there: BO-1, BO-4, BO-5. Pure.

Moments are naive datetimes in the site's time zone, and `now` is passed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum


class Status(str, Enum):
	REQUESTED = "Requested"
	CONFIRMED = "Confirmed"
	COMPLETED = "Completed"
	NO_SHOW = "No Show"
	CANCELLED = "Cancelled"
	DECLINED = "Declined"


class Origin(str, Enum):
	"""Who made a booking, or changes it."""

	USER = "User"
	CUSTOMER = "Customer"
	PARTNER = "Partner"
	GOOGLE = "Google"


class Change(str, Enum):
	"""What has happened to a booking, as far as others have to hear of it."""

	BOOKED = "booked"
	CONFIRMED = "confirmed"
	MOVED = "moved"
	CANCELLED = "cancelled"
	DECLINED = "declined"
	COMPLETED = "completed"
	NO_SHOW = "no show"


class Refusal(str, Enum):
	"""Why a booking, or a change of one, is not possible."""

	UNKNOWN_SERVICE = "unknown service"
	NOT_ONLINE = "not online"
	IN_THE_PAST = "in the past"
	ENDS_BEFORE_START = "ends before it starts"
	OUTSIDE_HOURS = "outside hours"
	TOO_SOON = "too soon"
	TOO_FAR_AHEAD = "too far ahead"
	NO_SUCH_SLOT = "no such slot"
	TAKEN = "taken"
	TOO_LATE_TO_CHANGE = "too late to change"
	IS_OVER = "is over"
	NOT_YET = "not yet"
	NO_CONTACT_DATA = "no contact data"


# A place is held by these, and by no other.
HOLDING = (Status.REQUESTED, Status.CONFIRMED)
HAPPENED = (Status.COMPLETED, Status.NO_SHOW)
# Where each status may go. What was told wrongly is corrected; a cancelled time may be somebody else's by now.
NEXT: dict[Status, tuple[Status, ...]] = {
	Status.REQUESTED: (Status.CONFIRMED, Status.DECLINED, Status.CANCELLED),
	Status.CONFIRMED: (Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED),
	Status.COMPLETED: (Status.NO_SHOW,),
	Status.NO_SHOW: (Status.COMPLETED,),
	Status.CANCELLED: (),
	Status.DECLINED: (),
}
BY_THEMSELVES = (Origin.CUSTOMER, Origin.GOOGLE)


def first_status(origin: Origin, needs_confirmation: bool) -> Status:
	"""Return how a booking begins. What customers book themselves may have to be confirmed."""
	return Status.REQUESTED if needs_confirmation and origin in BY_THEMSELVES else Status.CONFIRMED


def step_refusal(status: Status, wanted: Status, starts_on: datetime, now: datetime) -> Refusal | None:
	"""Return why a booking may not become what is wanted, None when it may."""
	if wanted not in NEXT[status]:
		return Refusal.IS_OVER
	if wanted in HAPPENED and now < starts_on:
		return Refusal.NOT_YET
	return None


def move_refusal(status: Status) -> Refusal | None:
	return None if status in HOLDING else Refusal.IS_OVER


def own_change_refusal(
	status: Status, starts_on: datetime, change_until_minutes: int, now: datetime
) -> Refusal | None:
	"""Return why customers may not move or cancel a booking themselves, None when they may."""
	if status not in HOLDING:
		return Refusal.IS_OVER
	if now > starts_on - timedelta(minutes=change_until_minutes):
		return Refusal.TOO_LATE_TO_CHANGE
	return None


def time_refusal(starts_on: datetime, ends_on: datetime, now: datetime) -> Refusal | None:
	"""Return why nobody may book this time, not even by hand."""
	if ends_on <= starts_on:
		return Refusal.ENDS_BEFORE_START
	if starts_on <= now:
		return Refusal.IN_THE_PAST
	return None
