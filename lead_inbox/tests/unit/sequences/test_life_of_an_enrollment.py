"""Whatever happens to a record in a sequence, in whatever order: what is never true of it (SQ-2, SQ-3, SQ-7, SQ-8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lead_inbox.inbox.response.working_time import (
	Calendar,
	business_seconds,
	elapsed_seconds,
	is_open,
	next_opening,
)
from lead_inbox.sequences import rules
from lead_inbox.sequences.rules import (
	ExitReason,
	Phase,
	Plan,
	Position,
	Result,
	Status,
	Step,
	is_due,
	wait_ends,
)
from lead_inbox.tests.unit.sequences.strategies import moments, plans_and_hours, signals

OPEN = (Phase.WORKING, Phase.SENDING)
TIMED = (Phase.WAITING, Phase.WATCHING)
PASSING = [timedelta(minutes=1), timedelta(hours=3), timedelta(days=1), timedelta(days=4), timedelta(days=40)]


class Countdown:
	"""What has passed of a wait while nobody had paused it, in the time that the wait counts in.

	It is measured from outside, by the clock alone: a clock that is set back takes back what it showed.
	"""

	def __init__(self, now: datetime, ends_on: datetime, count: Callable[[datetime, datetime], int]) -> None:
		self.count, self.since, self.passed = count, now, 0
		self.needed = count(now, ends_on)

	def stop(self, now: datetime) -> None:
		passed = self.count(self.since, now) or -self.count(now, self.since)
		self.passed, self.since = self.passed + passed, now

	def go_on(self, now: datetime) -> None:
		self.since = now

	@property
	def left(self) -> int:
		return max(0, self.needed - self.passed)


class LifeOfAnEnrollment(RuleBasedStateMachine):
	"""A record in any valid plan, in any hours, with its own memory of what was opened, done and let pass."""

	@initialize(plan_and_hours=plans_and_hours, now=moments)
	def enter(self, plan_and_hours: tuple[Plan, Calendar], now: datetime) -> None:
		self.plan, self.hours = plan_and_hours
		self.now = now
		self.path: list[str] = []
		self.opened: list[str] = []
		self.closed: list[str] = []
		self.was_cut_short = False
		self.countdown: Countdown | None = None
		self.position = Position(Status.ACTIVE)
		self._becomes(rules.begin(self.plan, now, self.hours))

	# what may happen

	@rule(time=st.sampled_from(PASSING))
	def time_passes(self, time: timedelta) -> None:
		self.now += time

	@precondition(lambda self: self.position.due_on)
	@rule()
	def it_becomes_due(self) -> None:
		self.now = max(self.now, self.position.due_on)
		self.the_engine_looks()

	@rule()
	def the_clock_is_set_back(self) -> None:
		self.now -= timedelta(hours=1)

	@rule()
	def the_engine_looks(self) -> None:
		"""As often as it likes, and whatever the phase."""
		before, was_due = self.position, is_due(self.position, self.now)
		self._becomes(rules.arrive(self.plan, self.position, self.now, self.hours))
		if was_due and self.position.status is Status.ACTIVE and self.position.phase is Phase.WAITING:
			self._waits_for_the_next_opening()
		self._becomes(rules.time_out(self.plan, self.position, self.now, self.hours))
		assert was_due or self.position == before, "it moved before its time"

	@rule(result=st.sampled_from(Result), noticed=st.frozensets(signals))
	def the_step_is_finished(self, result: Result, noticed: frozenset) -> None:
		"""By a person, or because a message went."""
		before = self.position
		after = rules.finish_step(self.plan, before, result, noticed, self.now, self.hours)
		if before.is_running and before.phase in OPEN:
			self.closed.append(before.step)
			self._check_the_way_taken(before, after, result, noticed)
			assert after.status in (before.status, Status.FINISHED)
		else:
			assert after == before
		self._becomes(after)

	@rule()
	def the_message_cannot_be_sent(self) -> None:
		self._becomes(rules.hand_over(self.position))

	@rule(signal=signals)
	def the_customer_does_something(self, signal: rules.Signal) -> None:
		after = rules.notice(self.plan, self.position, signal, self.now, self.hours)
		if self.position.phase is not Phase.WATCHING or self.step.branch.signal is not signal:
			assert after == self.position
		elif self.position.is_running:
			assert after.noticed or after.phase is not Phase.WATCHING, "the answer was lost"
		self._becomes(after)

	@rule()
	def a_user_cuts_the_wait_short(self) -> None:
		after = rules.cut_short(self.position, self.now)
		assert after.phase is self.position.phase
		self.was_cut_short |= after != self.position
		self._becomes(after)

	@rule()
	def a_user_pauses_it(self) -> None:
		before = self.position
		self._becomes(rules.pause(before, self.now, self.hours, self.plan))
		if before.status is Status.ACTIVE and before.phase in TIMED:
			self.countdown.stop(self.now)
			if not self.was_cut_short:
				assert self.position.left_seconds == self.countdown.left

	@rule()
	def a_user_lets_it_go_on(self) -> None:
		was_paused = self.position.status is Status.PAUSED
		left = self.position.left_seconds
		self._becomes(rules.resume(self.position, self.now, self.hours, self.plan))
		if was_paused and self.position.phase in TIMED and self.countdown:
			self.countdown.go_on(self.now)
			if left and self.position.due_on:
				assert self.position.due_on > self.now

	@rule(reason=st.sampled_from(ExitReason))
	@precondition(lambda self: len(self.path) > 1 or not self.position.is_running)
	def the_record_leaves(self, reason: ExitReason) -> None:
		"""Not at once, or few examples would get anywhere."""
		was_running = self.position.is_running
		self._becomes(rules.leave(self.position, reason))
		assert self.position.reason is reason or not was_running

	# what follows from it

	@property
	def step(self) -> Step:
		return self.plan.step(self.position.step)

	def _becomes(self, after: Position) -> None:
		before, self.position = self.position, after
		if not before.is_running:
			assert after == before, "something moved after the end"
		if before.status is Status.PAUSED and after.phase in OPEN and before.phase not in OPEN:
			assert after == rules.hand_over(before), "a paused one was opened"
		if after.phase is Phase.WAITING and (before.phase is not Phase.WAITING or before.step != after.step):
			self._enters(before, after)
		if after.phase is Phase.WATCHING and before.phase is not Phase.WATCHING:
			self._begins_countdown(after, self.step.branch.within)
		if after.phase in OPEN and before.phase not in OPEN:
			self._opens(before)
		if after.status is Status.FINISHED and before.is_running:
			assert None in self._edges(before.step)

	def _enters(self, before: Position, after: Position) -> None:
		assert not self.path or after.step in self._edges(self.path[-1])
		assert self.path == self.closed, "a step was passed by before it was done or skipped"
		assert before.step is None or before.step == self.path[-1]
		self.path.append(after.step)
		self._begins_countdown(after, self.step.wait)

	def _begins_countdown(self, after: Position, wait: rules.Wait) -> None:
		ends_on = wait_ends(self.now, wait, self.hours)
		counts_work = wait.working and next_opening(self.now, self.hours) is not None
		self.was_cut_short = False
		self.countdown = Countdown(
			self.now,
			ends_on,
			lambda start, end: (
				business_seconds(start, end, self.hours)
				if counts_work
				else elapsed_seconds(start, end, self.hours.site_zone)
			),
		)
		if after.status is Status.ACTIVE:
			assert after.due_on == ends_on >= self.now

	def _opens(self, before: Position) -> None:
		assert before.phase is Phase.WAITING and before.step == self.path[-1]
		assert self.path[-1] not in self.opened
		if is_due(before, self.now):
			self._check_the_wait_is_over()
		if self.position.phase is Phase.SENDING:
			assert self.step.automatic
			assert is_open(self.now, self.hours) or next_opening(self.now, self.hours) is None
		self.opened.append(self.path[-1])

	def _waits_for_the_next_opening(self) -> None:
		assert self.step.automatic and not is_open(self.now, self.hours)
		assert self.position.due_on == next_opening(self.now, self.hours)
		self._check_the_wait_is_over()

	def _check_the_wait_is_over(self) -> None:
		self.countdown.stop(self.now)
		assert self.was_cut_short or self.countdown.left == 0

	def _check_the_way_taken(
		self, before: Position, after: Position, result: Result, noticed: frozenset
	) -> None:
		step = self.plan.step(before.step)
		answered = step.branch and step.branch.signal in noticed and result is Result.COMPLETED
		if after.phase is Phase.WATCHING:
			assert step.branch and not answered and after.step == step.key and result is Result.COMPLETED
		else:
			assert after.step == (step.yes if answered else step.then)

	def _edges(self, key: str) -> set[str | None]:
		step = self.plan.step(key)
		return {step.then, step.yes} if step.branch else {step.then}

	# what is always true

	@invariant()
	def at_most_one_step_is_open_and_the_record_stands_at_it(self) -> None:
		unfinished = [key for key in self.opened if key not in self.closed]
		if self.position.is_running and self.position.phase in OPEN:
			assert unfinished == [self.position.step]
		elif self.position.is_running:
			assert not unfinished

	@invariant()
	def each_step_was_opened_once_and_in_the_order_of_the_way(self) -> None:
		assert self.opened == self.path[: len(self.opened)]
		assert len(set(self.path)) == len(self.path)

	@invariant()
	def only_what_waits_for_a_time_is_looked_at_again(self) -> None:
		is_timed = self.position.status is Status.ACTIVE and self.position.phase in TIMED
		if is_timed or self.position.phase is Phase.SENDING:
			assert self.position.due_on
		else:
			assert self.position.due_on is None

	@invariant()
	def what_is_left_of_a_wait_is_known_only_while_it_is_paused(self) -> None:
		keeps = self.position.status is Status.PAUSED and self.position.phase in TIMED
		assert (self.position.left_seconds is not None) is keeps
		if self.position.noticed:
			assert keeps and self.position.phase is Phase.WATCHING

	@invariant()
	def what_has_ended_says_why_and_waits_for_nothing(self) -> None:
		assert (self.position.reason is not None) is (self.position.status is Status.EXITED)
		if not self.position.is_running:
			assert (self.position.phase, self.position.due_on) == (None, None)

	def teardown(self) -> None:
		"""It comes to an end by itself once everything that is asked for is done."""
		if not hasattr(self, "position"):
			return
		self.a_user_lets_it_go_on()
		for _turn in range(4 * len(self.plan.steps) + 1):
			if not self.position.is_running:
				return
			if self.position.phase in TIMED:
				self.it_becomes_due()
			else:
				self.the_step_is_finished(Result.COMPLETED, frozenset())
		raise AssertionError(f"It did not end: {self.position}")


LifeOfAnEnrollment.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestLifeOfAnEnrollment = LifeOfAnEnrollment.TestCase
