"""Who waits for an answer of a person, and how long they waited (IN-9). Pure.

Moments are naive and in the site's time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lead_inbox.inbox.response.working_time import Calendar, business_seconds, elapsed_seconds

# A call that was taken is answered when it rings.
ANSWERED_AS_THEY_RING = ("Answered", "In Progress")
# A lead that arrived later, and waits still, may be answered in time.
GRACE = timedelta(days=1)
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True)
class Counts:
	"""leads: all that arrived. counted: those that had their chance to be answered."""

	leads: int = 0
	counted: int = 0
	answered: int = 0

	@property
	def rate(self) -> float | None:
		"""The share of the counted leads that was answered, 0 to 1; None where there was none to answer."""
		return self.answered / self.counted if self.counted else None


def waited(since: datetime, on: datetime, calendar: Calendar) -> tuple[int, int]:
	"""Return the elapsed and the business seconds between two moments."""
	return elapsed_seconds(since, on, calendar.site_zone), business_seconds(since, on, calendar)


def had_its_chance(arrived_on: datetime, is_answered: bool, now: datetime) -> bool:
	"""Return whether a lead counts for the share that was answered."""
	return is_answered or arrived_on <= now - GRACE


def as_counted(seconds: int) -> int:
	"""Return a wait as the figures count it: an hour and more by the minute, so that a table of them stays short."""
	return seconds if seconds < HOUR else seconds - seconds % MINUTE
