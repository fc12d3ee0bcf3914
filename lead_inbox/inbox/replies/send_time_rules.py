"""When to write to a customer (RE-7): at the hour they use to speak to us, else when we are open. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lead_inbox.inbox.response.working_time import Calendar, is_open, next_opening

FEWEST_TIMES = 3
NOT_BEFORE = timedelta(minutes=30)
NOT_AFTER = timedelta(days=7)
SOON = timedelta(hours=1)
DAY = timedelta(days=1)


class Because(Enum):
	USUAL_HOUR = "usual hour"
	OPENING = "opening"
	SOON = "soon"
	NEVER_OPEN = "never open"


@dataclass(frozen=True)
class Suggestion:
	on: datetime
	because: Because


def suggest(now: datetime, spoke_on: Sequence[datetime], calendar: Calendar) -> Suggestion:
	"""Return when to send, always later than `now`.

	spoke_on: when the customer wrote, called or answered a call, the newest first. calendar: when the
	channel is open. All in site time. Fewer than FEWEST_TIMES are no habit.
	"""
	if len(spoke_on) >= FEWEST_TIMES:
		return Suggestion(_next_at(usual_hour(spoke_on), now, calendar), Because.USUAL_HOUR)
	opening = next_opening(now, calendar)
	if opening is None:
		return Suggestion(now + SOON, Because.NEVER_OPEN)
	return Suggestion(opening, Because.OPENING) if opening > now else Suggestion(now + SOON, Because.SOON)


def usual_hour(spoke_on: Sequence[datetime]) -> int:
	"""Return the hour of day in which most of the times are; of several such hours the one used last.

	spoke_on: not empty, the newest first.
	"""
	times_by_hour = Counter(moment.hour for moment in spoke_on)
	return max(times_by_hour, key=lambda hour: times_by_hour[hour])  # the first of equals: the newest


def _next_at(hour: int, now: datetime, calendar: Calendar) -> datetime:
	"""Return the next such hour that is not too near, on an open day of the coming week where there is one."""
	today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
	coming = [at for days in range(9) if now + NOT_BEFORE <= (at := today + days * DAY) <= now + NOT_AFTER]
	return next((at for at in coming if is_open(at, calendar)), coming[0])
