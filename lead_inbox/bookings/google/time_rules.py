"""Seconds of UTC, in which Google speaks, and the site's naive times, in which bookings are stored. Pure."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from lead_inbox.inbox.response.working_time import instant_of


def start_on(seconds: int, zone: ZoneInfo) -> datetime | None:
	"""Return a start as the site's time; None in the second pass of an hour that the clocks repeat.

	Such an hour is offered once, the first time: both have the same name.
	"""
	moment = end_on(seconds, zone)
	return moment if instant_of(moment, zone).timestamp() == seconds else None


def end_on(seconds: int, zone: ZoneInfo) -> datetime:
	"""Return a moment as the site's time."""
	return datetime.fromtimestamp(seconds, tz=timezone.utc).astimezone(zone).replace(tzinfo=None, fold=0)
