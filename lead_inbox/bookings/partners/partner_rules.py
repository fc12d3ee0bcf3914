"""What a booking partner's news mean for the booking that we have of it: BO-6. Pure.

Moments are aware. A source may send its news late, twice or in the wrong order; what counts is the order in
which things were changed there, and what the source does not repeat it has not changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from lead_inbox.channels.event import BookingDetails

RETRY_SECONDS = (60, 300, 900, 3600, 4 * 3600, 12 * 3600)
LONGEST_WAIT_SECONDS = 3600
_KEPT = ("service", "place", "notes", "price", "currency", "status", "is_off")


@dataclass(frozen=True)
class Version:
	"""An appointment as the source had it at a moment: when it was changed there, else when we heard."""

	details: BookingDetails
	heard_on: datetime

	@property
	def on(self) -> datetime:
		return self.details.changed_on or self.heard_on


class Step(Enum):
	"""What is to be done about our booking."""

	NOTHING = "nothing"
	BOOK = "book"
	MOVE = "move"
	CANCEL = "cancel"
	NOTE_OFF = "note that an appointment is off that we have not booked"
	NOTE_BACK = "note that a cancelled appointment shall take place after all"


def merged(versions: Iterable[Version]) -> BookingDetails | None:
	"""Return an appointment as the source has it now, from all it has told in the order of our hearing.

	None without any. Start and end belong together: a new start does not keep an old end.
	"""
	present: BookingDetails | None = None
	for version in sorted(versions, key=lambda version: version.on):
		present = _over(present, version.details) if present else version.details
	return present


def _over(older: BookingDetails, newer: BookingDetails) -> BookingDetails:
	kept = {field: getattr(older, field) for field in _KEPT if getattr(newer, field) in ("", None)}
	if not newer.starts_on:
		kept |= {"starts_on": older.starts_on, "ends_on": older.ends_on}
	return replace(newer, **kept)


def step_of(before: BookingDetails | None, after: BookingDetails, is_booked: bool) -> Step:
	"""Return what follows from an appointment's having been `before` at the source and being `after` now.

	before: None for one that we hear of for the first time. A time that we have changed ourselves is not
	changed back by news of something else.
	"""
	if after.is_off:
		if before and before.is_off:
			return Step.NOTHING
		return Step.CANCEL if is_booked else Step.NOTE_OFF
	if not is_booked:
		return Step.BOOK if after.starts_on else Step.NOTHING
	if before and before.is_off:
		return Step.NOTE_BACK
	is_moved = not before or (after.starts_on, after.ends_on) != (before.starts_on, before.ends_on)
	return Step.MOVE if after.starts_on and is_moved else Step.NOTHING


def wait_seconds(attempts: int, asked_for: int | None) -> int | None:
	"""Return how long to wait after the `attempts`-th failed attempt at telling a partner; None: give up.

	asked_for: the seconds for which the partner has asked us to wait.
	"""
	if attempts > len(RETRY_SECONDS):
		return None
	planned = RETRY_SECONDS[max(attempts, 1) - 1]
	return planned if asked_for is None else max(1, min(asked_for, LONGEST_WAIT_SECONDS))
