"""Where a record stands in a sequence and where it goes from there (SQ-1 to SQ-3, SQ-7, SQ-8), as pure functions.

Nothing here reads a clock, a session or a database: the moment comes in as a naive datetime in the site's
time zone, working hours as a Calendar, and the caller stores the Position that is returned. Every wait
starts when what came before it ended, so nothing is ever caught up in a burst.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from lead_inbox.inbox.response.working_time import (
	Calendar,
	NeverOpen,
	add_business_seconds,
	add_open_days,
	business_seconds,
	elapsed_seconds,
	next_opening,
)


class Status(str, Enum):
	ACTIVE = "Active"
	PAUSED = "Paused"
	FINISHED = "Finished"
	EXITED = "Exited"


class Phase(str, Enum):
	"""What an enrollment waits for: the step's time, a person's work, a message on its way, or the customer."""

	WAITING = "Waiting"
	WORKING = "Working"
	SENDING = "Sending"
	WATCHING = "Watching"


class Kind(str, Enum):
	CALL = "Phone Call"
	EMAIL = "Email"
	SMS = "SMS"
	MEETING = "Meeting"
	TASK = "Task"


class Signal(str, Enum):
	"""What a branch can ask about."""

	REPLIED = "Replied"
	OPENED = "Opened"
	CLICKED = "Link Clicked"
	ANSWERED = "Call Answered"
	FIELD = "Field Value"


class Result(str, Enum):
	"""What became of a step."""

	COMPLETED = "Completed"
	SKIPPED = "Skipped"


class ExitReason(str, Enum):
	REPLIED = "Replied"
	CONVERTED = "Converted"
	BOOKED = "Booked"
	DECLINED = "Declined"
	DO_NOT_CONTACT = "Do Not Contact"
	UNSUBSCRIBED = "Unsubscribed"
	BOUNCED = "Bounced"
	STOPPED = "Stopped"
	OWNER_CHANGED = "Owner Changed"
	ARCHIVED = "Archived"
	MERGED = "Merged"


class Unit(str, Enum):
	MINUTES = "Minutes"
	HOURS = "Hours"
	DAYS = "Days"


SECONDS_IN = {Unit.MINUTES: 60, Unit.HOURS: 3600, Unit.DAYS: 86400}
SENDABLE = (Kind.EMAIL, Kind.SMS)
RUNNING = (Status.ACTIVE, Status.PAUSED)
TIMED = (Phase.WAITING, Phase.WATCHING)
# An outbox that never told what became of a message is asked again after this time.
SENDING_CHECKED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Wait:
	"""A time that passes, in working time or as it elapses."""

	amount: int
	unit: Unit
	working: bool = False


@dataclass(frozen=True)
class Branch:
	"""A question after a step. within: how long the customer has for the answer yes, as time elapses."""

	signal: Signal
	within: Wait


@dataclass(frozen=True)
class Step:
	"""One step of a plan.

	key: what it is known by; yes, then: keys of the steps to go to, None to end. `then` is also the
	branch's no.
	"""

	key: str
	title: str
	kind: Kind
	wait: Wait
	automatic: bool = False
	branch: Branch | None = None
	yes: str | None = None
	then: str | None = None


@dataclass(frozen=True)
class Plan:
	"""The steps of one version of a sequence, which never change once records have entered it."""

	steps: tuple[Step, ...]

	def step(self, key: str | None) -> Step:
		"""Return the step of a key. Raises KeyError for one that the plan does not have."""
		found = next((step for step in self.steps if step.key == key), None)
		if not found:
			raise KeyError(key)
		return found


@dataclass(frozen=True)
class Position:
	"""Where a record stands.

	due_on: when the engine has to look again; None while a person has to do something, or nobody.
	left_seconds: of a paused one, what is left of its wait. noticed: the branch's question was answered
	with yes while it was paused.
	"""

	status: Status
	phase: Phase | None = None
	step: str | None = None
	due_on: datetime | None = None
	left_seconds: int | None = None
	noticed: bool = False
	reason: ExitReason | None = None

	@property
	def is_running(self) -> bool:
		return self.status in RUNNING


def begin(plan: Plan, now: datetime, hours: Calendar) -> Position:
	"""Return the place of a record that enters a plan."""
	return _to(plan, plan.steps[0].key, now, hours)


def wait_ends(start: datetime, wait: Wait, hours: Calendar) -> datetime:
	"""Return when a wait that began at `start` is over. A day of working time ends at the same hour of
	the next day that is worked; an hour of it is an hour in which somebody worked. In hours that never
	come, time counts as it elapses.
	"""
	seconds = wait.amount * SECONDS_IN[wait.unit]
	if not wait.working:
		return _add_elapsed(start, seconds, hours)
	try:
		if wait.unit is Unit.DAYS:
			return add_open_days(start, wait.amount, hours)
		return add_business_seconds(start, seconds, hours)
	except NeverOpen:
		return _add_elapsed(start, seconds, hours)


def workable_from(at: datetime, hours: Calendar) -> datetime:
	"""Return the first moment from `at` on in which somebody works; `at` itself where nobody ever does."""
	return next_opening(at, hours) or at


def arrive(plan: Plan, position: Position, now: datetime, hours: Calendar) -> Position:
	"""Return the place after a step's wait has ended: a person's turn, or a message's.

	A message out of hours waits for the next opening. Anything but a wait that is over stays as it is.
	"""
	if not is_due(position, now) or position.phase is not Phase.WAITING:
		return position
	step = plan.step(position.step)
	if not step.automatic:
		return replace(position, phase=Phase.WORKING, due_on=None)
	opens_on = workable_from(now, hours)
	if opens_on > now:
		return replace(position, due_on=opens_on)
	return replace(position, phase=Phase.SENDING, due_on=now + SENDING_CHECKED_AFTER)


def is_due(position: Position, now: datetime) -> bool:
	return position.status is Status.ACTIVE and position.due_on is not None and position.due_on <= now


def hand_over(position: Position) -> Position:
	"""Return the place when a person has to do what could not be sent by itself."""
	if position.phase not in (Phase.SENDING, Phase.WAITING):
		return position
	return replace(position, phase=Phase.WORKING, due_on=None, left_seconds=None)


def finish_step(
	plan: Plan,
	position: Position,
	result: Result,
	noticed: frozenset[Signal],
	now: datetime,
	hours: Calendar,
) -> Position:
	"""Return the place after a step was done or skipped.

	noticed: what is known already of what the branch may ask. A paused position stays paused, with the
	whole of the next wait left. Anything but an open step stays as it is.
	"""
	if not position.is_running or position.phase not in (Phase.WORKING, Phase.SENDING):
		return position
	next_position = _after_step(plan, plan.step(position.step), result, noticed, now, hours)
	return pause(next_position, now, hours, plan) if position.status is Status.PAUSED else next_position


def notice(plan: Plan, position: Position, signal: Signal, now: datetime, hours: Calendar) -> Position:
	"""Return the place after the customer did what a branch may be waiting for."""
	if not position.is_running or position.phase is not Phase.WATCHING:
		return position
	step = plan.step(position.step)
	if not step.branch or step.branch.signal is not signal:
		return position
	if position.status is Status.PAUSED:
		return replace(position, noticed=True)
	return _to(plan, step.yes, now, hours)


def time_out(plan: Plan, position: Position, now: datetime, hours: Calendar) -> Position:
	"""Return the place after a branch's time limit: the answer is no."""
	if not is_due(position, now) or position.phase is not Phase.WATCHING:
		return position
	return _to(plan, plan.step(position.step).then, now, hours)


def cut_short(position: Position, now: datetime) -> Position:
	"""Return the place when a user does not want to wait any longer."""
	if position.status is not Status.ACTIVE or position.phase not in TIMED:
		return position
	return replace(position, due_on=min(position.due_on or now, now))


def pause(position: Position, now: datetime, hours: Calendar, plan: Plan) -> Position:
	"""Return the paused place, which keeps what is left of its wait in the time that the wait counts in."""
	if position.status is not Status.ACTIVE:
		return position
	left = _left_seconds(plan, position, now, hours) if position.phase in TIMED else None
	due_on = position.due_on if position.phase is Phase.SENDING else None
	return replace(position, status=Status.PAUSED, due_on=due_on, left_seconds=left)


def resume(position: Position, now: datetime, hours: Calendar, plan: Plan) -> Position:
	"""Return the place that goes on with the wait that was left."""
	if position.status is not Status.PAUSED:
		return position
	due_on = position.due_on
	if position.phase in TIMED:
		left = position.left_seconds or 0
		add = _add_working if _counts_working_time(plan, position) else _add_elapsed
		due_on = add(now, left, hours)
	resumed = replace(position, status=Status.ACTIVE, due_on=due_on, left_seconds=None)
	if not position.noticed:
		return resumed
	return _to(plan, plan.step(position.step).yes, now, hours)


def leave(position: Position, reason: ExitReason) -> Position:
	"""Return the place of a record that leaves; one that has ended stays as it is."""
	if not position.is_running:
		return position
	return Position(Status.EXITED, step=position.step, reason=reason)


def _after_step(
	plan: Plan, step: Step, result: Result, noticed: frozenset[Signal], now: datetime, hours: Calendar
) -> Position:
	branch = step.branch
	if not branch or result is Result.SKIPPED:
		return _to(plan, step.then, now, hours)
	if branch.signal in noticed:
		return _to(plan, step.yes, now, hours)
	# what a call came to is known when it ends
	if branch.signal is Signal.ANSWERED or not branch.within.amount:
		return _to(plan, step.then, now, hours)
	limit = wait_ends(now, branch.within, hours)
	return Position(Status.ACTIVE, Phase.WATCHING, step.key, limit)


def _to(plan: Plan, key: str | None, now: datetime, hours: Calendar) -> Position:
	"""Return the place before a step, or the end of the plan."""
	if key is None:
		return Position(Status.FINISHED)
	wait = plan.step(key).wait
	return Position(Status.ACTIVE, Phase.WAITING, key, wait_ends(now, wait, hours))


def _left_seconds(plan: Plan, position: Position, now: datetime, hours: Calendar) -> int:
	"""Return what is left of a wait, in the time that it counts in; in hours that never come, as it elapses.

	Nothing is left once a message waits for the next opening only.
	"""
	opens_on = next_opening(now, hours)
	is_waiting = position.phase is Phase.WAITING
	if is_waiting and plan.step(position.step).automatic and opens_on == position.due_on:
		return 0
	counted = business_seconds if opens_on and _counts_working_time(plan, position) else _elapsed
	return counted(now, max(position.due_on or now, now), hours)


def _counts_working_time(plan: Plan, position: Position) -> bool:
	return position.phase is Phase.WAITING and plan.step(position.step).wait.working


def _add_working(start: datetime, seconds: int, hours: Calendar) -> datetime:
	"""A wait of which nothing is left ends when somebody works."""
	if not seconds:
		return workable_from(start, hours)
	try:
		return add_business_seconds(start, seconds, hours)
	except NeverOpen:
		return _add_elapsed(start, seconds, hours)


def _add_elapsed(start: datetime, seconds: int, hours: Calendar) -> datetime:
	"""All hours count, also those that the clocks skip or repeat."""
	return add_business_seconds(start, seconds, Calendar(hours.site_zone, hours.site_zone))


def _elapsed(start: datetime, end: datetime, hours: Calendar) -> int:
	return elapsed_seconds(start, end, hours.site_zone)
