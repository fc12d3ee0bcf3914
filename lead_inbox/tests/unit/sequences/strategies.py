"""What the tests of the sequence rules draw their examples from: every plan that the designer lets through."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.sequences.rules import SENDABLE, Branch, Kind, Plan, Signal, Step, Unit, Wait
from lead_inbox.tests.unit.inbox.calendars import KOLKATA, UTC, calendars, holidays, weeks, zones

MOST_DAYS = 30
MOST = {Unit.MINUTES: 60 * 24 * MOST_DAYS, Unit.HOURS: 24 * MOST_DAYS, Unit.DAYS: MOST_DAYS}

__all__ = ["calendars", "moments", "plans", "plans_and_hours", "signals", "steady_calendars", "waits"]

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
	lambda moment: moment.replace(microsecond=0)
)
signals = st.sampled_from(Signal)
# The site's own clock does not change, so its times can be compared; the channel's may.
steady_calendars = st.builds(Calendar, zones, st.sampled_from([UTC, KOLKATA]), weeks, holidays)


@st.composite
def waits(draw: st.DrawFn) -> Wait:
	unit = draw(st.sampled_from(Unit))
	return Wait(draw(st.integers(0, MOST[unit])), unit, draw(st.booleans()))


@st.composite
def plans(draw: st.DrawFn, most_steps: int = 6) -> Plan:
	"""A plan whose steps lead only to later ones or to the end, as plan_rules.py demands."""
	count = draw(st.integers(1, most_steps))
	return Plan(tuple(draw(_steps(number, count)) for number in range(count)))


@st.composite
def _steps(draw: st.DrawFn, number: int, count: int) -> Step:
	kind = draw(st.sampled_from(Kind))
	later = st.sampled_from([None, *(f"step {ahead + 1}" for ahead in range(number + 1, count))])
	branch = st.builds(Branch, signals, waits().map(lambda wait: Wait(wait.amount, wait.unit)))
	return Step(
		key=f"step {number + 1}",
		title=f"{kind.value} {number + 1}",
		kind=kind,
		wait=draw(waits()),
		automatic=kind in SENDABLE and draw(st.booleans()),
		branch=draw(st.none() | branch),
		yes=draw(later),
		then=draw(later),
	)


plans_and_hours = st.tuples(plans(), steady_calendars)
