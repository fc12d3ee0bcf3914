"""The services that tests of slots and claims draw, and some of one's own choice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from lead_inbox.bookings.services.slot_rules import Service
from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.tests.unit.inbox.calendars import UTC, calendars

HOUR = timedelta(hours=1)
NINE_TO_FIVE = ((time(9), time(17)),)
ALWAYS = Calendar(UTC, UTC)
# Around the days on which the clocks of the drawn zones change, and others.
SPRING, AUTUMN = date(2026, 3, 26), date(2026, 10, 22)


def service(**values: Any) -> Service:
	"""A service of an hour, by nobody in particular, one at a time, at all hours of UTC."""
	fields: dict[str, Any] = {
		"name": "Boiler Service",
		"item": "Boiler Service",
		"enabled": True,
		"online": True,
		"needs_confirmation": False,
		"duration": HOUR,
		"buffer_before": timedelta(),
		"buffer_after": timedelta(),
		"capacity": 1,
		"lead_time": timedelta(),
		"horizon": timedelta(days=60),
		"change_until_minutes": 0,
		"users": (),
		"calendar": ALWAYS,
		"time_zone": "UTC",
		"place": "",
		"price_list": "",
		**values,
	}
	step = fields["buffer_before"] + fields["duration"] + fields["buffer_after"]
	return Service(**{"step": step, "by_users": bool(fields["users"]), **fields})


def _minutes(least: int, most: int) -> st.SearchStrategy[timedelta]:
	return st.integers(least // 5, most // 5).map(lambda fives: timedelta(minutes=5 * fives))


@st.composite
def services(draw: st.DrawFn) -> Service:
	"""Any calendar, length, step, buffers, places and up to three users."""
	return service(
		duration=draw(_minutes(15, 480)),
		step=draw(_minutes(15, 240)),
		buffer_before=draw(_minutes(0, 60)),
		buffer_after=draw(_minutes(0, 60)),
		capacity=draw(st.integers(1, 3)),
		users=draw(st.sampled_from([(), ("ann",), ("ann", "bob"), ("ann", "bob", "cy")])),
		calendar=draw(calendars),
	)


@st.composite
def weeks_of(draw: st.DrawFn) -> tuple[datetime, datetime]:
	"""From one moment to another within a week, often one in which clocks change."""
	first = draw(st.sampled_from([SPRING, AUTUMN]) | st.dates(date(2026, 1, 2), date(2026, 12, 20)))
	since = datetime.combine(first, time()) + draw(_minutes(0, 1440))
	return since, since + draw(_minutes(0, 6 * 1440))
