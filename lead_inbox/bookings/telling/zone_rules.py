"""When the clocks of a time zone change, as a calendar file tells it (RFC 5545, VTIMEZONE). Pure.

icalendar makes such a component too, but looks for changes in steps: where the clocks go back for Ramadan,
five weeks a year, it misses some of them; and it writes an onset by the clock after the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Observance:
	"""What a clock shows from a change on. before, after: its distance from UTC."""

	before: timedelta
	after: timedelta
	is_daylight: bool
	name: str


def explain(name: str, first: datetime, last: datetime) -> Timezone:
	"""Return the component of a zone for the time from first to last. name: of the IANA database."""
	zone = ZoneInfo(name)
	start = first.astimezone(timezone.utc)
	onsets = {_observance(zone, start, start): [_clock(start, _offset(zone, start))]}
	for change in changes(zone, start, last.astimezone(timezone.utc)):
		observance = _observance(zone, change - SECOND, change)
		onsets.setdefault(observance, []).append(_clock(change, observance.before))
	component = Timezone()
	component.add("tzid", name)
	for observance, moments in onsets.items():
		component.add_component(_component(observance, moments))
	return component


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
	"""Return the moments at which the distance from UTC changes, in UTC. No zone changes it twice a day."""
	while first < last:
		following = first + DAY
		if _offset(zone, first) != _offset(zone, following):
			yield _change_between(zone, first, following)
		first = following


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
	"""Return the first second with the new distance; there is one change between the two."""
	old = _offset(zone, before)
	while after - before > SECOND:
		middle = before + (after - before) // 2
		before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
	return after.replace(microsecond=0)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
	return moment.astimezone(zone).utcoffset() or timedelta()


def _observance(zone: ZoneInfo, before: datetime, after: datetime) -> Observance:
	local = after.astimezone(zone)
	return Observance(_offset(zone, before), _offset(zone, after), bool(local.dst()), local.tzname() or "")


def _clock(moment: datetime, offset: timedelta) -> datetime:
	"""Return what a clock shows that has not been changed yet, which is how a file names the moment."""
	return (moment + offset).replace(tzinfo=None, microsecond=0)


def _component(observance: Observance, onsets: list[datetime]) -> TimezoneDaylight | TimezoneStandard:
	component = TimezoneDaylight() if observance.is_daylight else TimezoneStandard()
	component.add("tzname", observance.name)
	component.add("tzoffsetfrom", observance.before)
	component.add("tzoffsetto", observance.after)
	component.add("dtstart", onsets[0])
	if len(onsets) > 1:
		component.add("rdate", onsets[1:])
	return component
