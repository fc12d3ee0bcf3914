"""What a review may say, and when the customer is asked for it: BO-8. Pure.

Moments are naive datetimes in the site's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from lead_inbox.bookings.rules import Status
from lead_inbox.channels.clean import many_lines

FEWEST, MOST = 1, 5
STARS = tuple(range(FEWEST, MOST + 1))
LONGEST = 2000  # characters of a review, and of an answer
MORNING, EVENING = time(9), time(21)  # nobody's phone rings for a review outside of these


class Fault(str, Enum):
	"""What is wrong with what was sent, so that it can be mended."""

	NO_STARS = "no stars"
	TOO_LONG = "too long"
	EMPTY = "empty"


class Refusal(str, Enum):
	"""Why there is nothing to review."""

	GIVEN = "given already"
	NOT_COMPLETED = "not completed"


@dataclass(frozen=True)
class Said:
	"""A review as it came from the page. stars: 0 where none was chosen."""

	stars: int
	words: str


def read(stars: str, words: str) -> Said:
	"""Return what a customer sent, cleaned of what nobody can see. Nothing is cut off."""
	chosen = {str(number): number for number in STARS}
	return Said(chosen.get(stars.strip(), 0), clean(words))


def clean(text: str) -> str:
	return many_lines(text, len(text) + 1)


def fault_of(said: Said) -> Fault | None:
	if said.stars not in STARS:
		return Fault.NO_STARS
	return Fault.TOO_LONG if len(said.words) > LONGEST else None


def answer_fault(text: str) -> Fault | None:
	"""text: cleaned."""
	if not text:
		return Fault.EMPTY
	return Fault.TOO_LONG if len(text) > LONGEST else None


def refusal(status: Status, is_given: bool) -> Refusal | None:
	"""Return why a booking may not be reviewed now. A review that is there stays, whatever the booking became."""
	if is_given:
		return Refusal.GIVEN
	return None if status is Status.COMPLETED else Refusal.NOT_COMPLETED


def asks(status: Status, *, wanted: bool, is_given: bool) -> bool:
	"""Return whether a customer who was not asked before is asked. wanted: the administrator wants reviews."""
	return wanted and refusal(status, is_given) is None


def ask_on(now: datetime, ends_on: datetime, after_hours: int) -> datetime:
	"""Return when to ask. A booking can be marked as completed while it goes on; nobody is asked meanwhile."""
	return by_day(max(now, ends_on) + timedelta(hours=after_hours))


def by_day(moment: datetime) -> datetime:
	"""Return the moment itself, or the next morning for one at night."""
	if MORNING <= moment.time() < EVENING:
		return moment
	day = moment.date() if moment.time() < MORNING else moment.date() + timedelta(days=1)
	return datetime.combine(day, MORNING)
