"""A snoozed lead does not age: only the time awake counts (requirement IN-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.rules import AgingDays, Happening, Status, clock_start, countdown, snoozed_clock
from lead_inbox.tests.unit.inbox.strategies import durations, moments

NOW = datetime(2026, 3, 1, 12)
DAY = timedelta(days=1)
DAYS = AgingDays(unanswered=15, quiet=15)


def test_a_snooze_puts_the_end_off_by_its_length() -> None:
	assert snoozed_clock(NOW - 5 * DAY, None, NOW + 3 * DAY, NOW) == NOW - 2 * DAY


def test_waking_early_takes_the_rest_of_the_snooze_back() -> None:
	asleep = snoozed_clock(NOW, None, NOW + 3 * DAY, NOW)
	assert snoozed_clock(asleep, NOW + 3 * DAY, None, NOW + DAY) == NOW + DAY


def test_a_second_snooze_replaces_the_first() -> None:
	asleep = snoozed_clock(NOW, None, NOW + 3 * DAY, NOW)
	again = snoozed_clock(asleep, NOW + 3 * DAY, NOW + 5 * DAY, NOW + DAY)
	assert again == NOW + 5 * DAY


def test_a_snooze_that_is_over_takes_nothing_back() -> None:
	assert snoozed_clock(NOW - DAY, NOW, None, NOW) == NOW - DAY
	assert snoozed_clock(NOW - DAY, NOW - DAY, None, NOW) == NOW - DAY


@given(moments, st.none() | moments, moments)
def test_waking_a_lead_twice_is_waking_it_once(
	aging_from: datetime, snoozed_until: datetime | None, now: datetime
) -> None:
	awake = snoozed_clock(aging_from, snoozed_until, None, now)
	assert snoozed_clock(awake, None, None, now) == awake


@pytest.mark.parametrize("happening", [Happening.REPLIED, Happening.CALL_ANSWERED, Happening.CALL_ATTEMPTED])
def test_our_own_word_leaves_a_lead_asleep_and_its_days_start_when_it_wakes(happening: Happening) -> None:
	assert clock_start(NOW, NOW + 3 * DAY, happening) == NOW + 3 * DAY


def test_the_customer_speaking_ends_the_snooze_and_starts_the_days() -> None:
	assert clock_start(NOW, NOW + 3 * DAY, Happening.INBOUND) == NOW


@given(moments, st.timedeltas(timedelta(0), 40 * DAY), st.sampled_from(Happening))
def test_without_a_snooze_in_force_the_days_start_with_what_happened(
	now: datetime, over_for: timedelta, happening: Happening
) -> None:
	assert clock_start(now, None, happening) == now
	assert clock_start(now, now - over_for, happening) == now


@dataclass
class SnoozableLead:
	"""A lead kept by the rules, beside a stopwatch that runs only while it is awake."""

	now: datetime
	aging_from: datetime
	snoozed_until: datetime | None = None
	awake: timedelta = timedelta(0)

	def wait(self, duration: timedelta) -> None:
		end = self.now + duration
		awake_from = max(self.now, min(self.snoozed_until or self.now, end))
		self.awake += end - awake_from
		self.now = end

	def snooze(self, duration: timedelta) -> None:
		self._set(self.now + duration)

	def wake(self) -> None:
		self._set(None)

	def sweep(self) -> None:
		"""The scheduler's job: forgets a snooze that is over and leaves the clock alone."""
		if self.snoozed_until and self.snoozed_until <= self.now:
			self.snoozed_until = None

	def reply(self) -> None:
		self.aging_from = clock_start(self.now, self.snoozed_until, Happening.REPLIED)
		self.awake = timedelta(0)

	def hear(self) -> None:
		self.aging_from = clock_start(self.now, self.snoozed_until, Happening.INBOUND)
		self.snoozed_until = None
		self.awake = timedelta(0)

	def _set(self, until: datetime | None) -> None:
		self.aging_from = snoozed_clock(self.aging_from, self.snoozed_until, until, self.now)
		self.snoozed_until = until


steps = st.lists(
	st.tuples(st.sampled_from(["snooze", "wake", "sweep", "reply", "hear"]), durations, durations),
	max_size=12,
)


@given(moments, steps, durations)
def test_the_time_awake_adds_up_to_the_days_in_whatever_order(
	start: datetime, steps: list[tuple[str, timedelta, timedelta]], last: timedelta
) -> None:
	lead = SnoozableLead(start, start)
	for action, before, length in steps:
		lead.wait(before)
		lead.snooze(length) if action == "snooze" else getattr(lead, action)()
	lead.wait(last)
	found = countdown(Status.NEW, lead.aging_from, lead.now, DAYS)
	assert found is not None
	runs_from = max(lead.now, lead.snoozed_until or lead.now)
	assert found.on - runs_from == timedelta(days=DAYS.unanswered) - lead.awake
