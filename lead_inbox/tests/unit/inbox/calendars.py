"""The hours that property tests draw: any zone, week and holidays, and some that are never open."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from lead_inbox.inbox.response.working_time import Calendar, Hours

ATHENS, NEW_YORK, LONDON, UTC = map(ZoneInfo, ("Europe/Athens", "America/New_York", "Europe/London", "UTC"))
KOLKATA = ZoneInfo("Asia/Kolkata")

zones = st.sampled_from([ATHENS, NEW_YORK, LONDON, UTC, KOLKATA, ZoneInfo("Asia/Beirut")])


@st.composite
def days(draw: st.DrawFn) -> tuple[Hours, ...]:
	"""Up to three hours of a day that do not overlap; they may touch, and the last may end at midnight."""
	minutes = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
	clock = [time(*divmod(minute % 1440, 60)) for minute in minutes]
	return tuple(zip(clock[::2], clock[1::2], strict=False))


weeks = st.just(()) | st.tuples(*[days()] * 7)
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8)
calendars = st.builds(Calendar, zones, zones, weeks, holidays)
