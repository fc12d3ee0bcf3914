"""Where a record stands in a sequence, by dates that can be checked on a wall calendar: SQ-1, SQ-3, SQ-7, SQ-8."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from lead_inbox.inbox.response.working_time import Calendar, elapsed_seconds, is_open, next_opening
from lead_inbox.sequences import rules
from lead_inbox.sequences.rules import (
	SENDING_CHECKED_AFTER,
	Branch,
	ExitReason,
	Kind,
	Phase,
	Plan,
	Position,
	Result,
	Signal,
	Status,
	Step,
	Unit,
	Wait,
)
from lead_inbox.tests.unit.inbox.calendars import ATHENS, NEW_YORK, UTC, calendars
from lead_inbox.tests.unit.sequences.strategies import (
	moments,
	plans_and_hours,
	signals,
	steady_calendars,
	waits,
)

OFFICE = ((time(9), time(17)),)
NOBODY_YET = frozenset()
AT_ONCE = Wait(0, Unit.MINUTES)
ONE_WORKING_DAY = Wait(1, Unit.DAYS, working=True)
THREE_DAYS = Wait(3, Unit.DAYS)

FRIDAY_HALF_PAST_FOUR = datetime(2026, 11, 20, 16, 30)
FRIDAY_EVENING = datetime(2026, 11, 20, 19)
SATURDAY = datetime(2026, 11, 21, 10)
MONDAY_NINE = datetime(2026, 11, 23, 9)
MONDAY_HALF_PAST_FOUR = datetime(2026, 11, 23, 16, 30)


def office(zone: ZoneInfo = UTC, *holidays: date) -> Calendar:
	"""Monday to Friday, 9:00 to 17:00."""
	return Calendar(zone, zone, (OFFICE,) * 5 + ((),) * 2, frozenset(holidays))


def always(zone: ZoneInfo = UTC) -> Calendar:
	return Calendar(zone, zone)


NEVER = Calendar(UTC, UTC, ((),) * 7)


def step(key: str = "call", kind: Kind = Kind.CALL, wait: Wait = AT_ONCE, **values) -> Step:
	return Step(key=key, title=key.title(), kind=kind, wait=wait, **values)


def mail(key: str = "mail", wait: Wait = AT_ONCE, **values) -> Step:
	return step(key, Kind.EMAIL, wait, automatic=True, **values)


def plan(*steps: Step) -> Plan:
	return Plan(steps)


def asking(signal: Signal, within: Wait = THREE_DAYS) -> Plan:
	"""A mail after which the answer yes leads to a call and no to a second mail."""
	first = step("mail", Kind.EMAIL, branch=Branch(signal, within), yes="call", then="again")
	return plan(first, step("call"), step("again", Kind.EMAIL))


def working_on(key: str) -> Position:
	return Position(Status.ACTIVE, Phase.WORKING, key)


def watching_since_friday(question: Plan, now: datetime = FRIDAY_HALF_PAST_FOUR) -> Position:
	return rules.finish_step(question, working_on("mail"), Result.COMPLETED, NOBODY_YET, now, office())


# waiting


@pytest.mark.parametrize(
	("wait", "ends"),
	[
		(Wait(1, Unit.HOURS, working=True), datetime(2026, 11, 23, 9, 30)),
		(Wait(30, Unit.MINUTES, working=True), datetime(2026, 11, 20, 17)),
		(ONE_WORKING_DAY, MONDAY_HALF_PAST_FOUR),
		(Wait(5, Unit.DAYS, working=True), datetime(2026, 11, 27, 16, 30)),
		(Wait(90, Unit.MINUTES), datetime(2026, 11, 20, 18)),
		(Wait(1, Unit.DAYS), datetime(2026, 11, 21, 16, 30)),
		(Wait(30, Unit.DAYS), datetime(2026, 12, 20, 16, 30)),
		(AT_ONCE, FRIDAY_HALF_PAST_FOUR),
	],
)
def test_a_wait_that_begins_on_friday_half_past_four(wait: Wait, ends: datetime) -> None:
	entered = rules.begin(plan(step(wait=wait)), FRIDAY_HALF_PAST_FOUR, office())
	assert entered == Position(Status.ACTIVE, Phase.WAITING, "call", ends)


def test_holidays_are_no_working_days() -> None:
	christmas = office(UTC, date(2026, 12, 25), date(2026, 12, 28))
	thursday = datetime(2026, 12, 24, 16)
	assert rules.wait_ends(thursday, ONE_WORKING_DAY, christmas) == datetime(2026, 12, 29, 16)
	assert rules.wait_ends(thursday, Wait(2, Unit.HOURS, True), christmas) == datetime(2026, 12, 29, 10)
	assert rules.wait_ends(thursday, Wait(1, Unit.DAYS), christmas) == datetime(2026, 12, 25, 16)


@pytest.mark.parametrize(
	("zone", "saturday_noon", "elapsed_day"),
	[
		(ATHENS, datetime(2026, 3, 28, 12), datetime(2026, 3, 29, 13)),
		(ATHENS, datetime(2026, 10, 24, 12), datetime(2026, 10, 25, 11)),
		(NEW_YORK, datetime(2026, 3, 7, 12), datetime(2026, 3, 8, 13)),
		(NEW_YORK, datetime(2026, 10, 31, 12), datetime(2026, 11, 1, 11)),
	],
)
def test_when_the_clocks_change_24_hours_pass_as_they_do_and_a_working_day_keeps_its_hour(
	zone: ZoneInfo, saturday_noon: datetime, elapsed_day: datetime
) -> None:
	sunday_noon = saturday_noon + timedelta(days=1)
	assert rules.wait_ends(saturday_noon, Wait(1, Unit.DAYS), always(zone)) == elapsed_day
	assert rules.wait_ends(saturday_noon, Wait(24, Unit.HOURS, True), always(zone)) == elapsed_day
	assert rules.wait_ends(saturday_noon, ONE_WORKING_DAY, always(zone)) == sunday_noon


@pytest.mark.parametrize("unit", Unit)
def test_in_hours_that_never_come_time_counts_as_it_elapses(unit: Unit) -> None:
	wait = Wait(2, unit, working=True)
	assert rules.wait_ends(SATURDAY, wait, NEVER) == rules.wait_ends(
		SATURDAY, replace(wait, working=False), NEVER
	)
	assert rules.workable_from(SATURDAY, NEVER) == SATURDAY


@given(moments, waits(), calendars)
def test_a_wait_takes_at_least_the_time_it_says(start: datetime, wait: Wait, hours: Calendar) -> None:
	end = rules.wait_ends(start, wait, hours)
	passed = elapsed_seconds(start, end, hours.site_zone)
	seconds = wait.amount * rules.SECONDS_IN[wait.unit]
	if wait.working and wait.unit is Unit.DAYS:
		assert passed >= 23 * 3600 * wait.amount  # a day on which the clocks change
	elif wait.working:
		assert passed >= seconds
	else:
		assert passed == seconds


# a step's turn


def test_nothing_comes_before_its_time_and_a_clock_set_back_an_hour_only_makes_it_wait() -> None:
	one = plan(step(wait=ONE_WORKING_DAY))
	waiting = rules.begin(one, FRIDAY_HALF_PAST_FOUR, office())
	for too_early in (MONDAY_NINE, FRIDAY_HALF_PAST_FOUR - timedelta(hours=1)):
		assert rules.arrive(one, waiting, too_early, office()) == waiting
	opened = rules.arrive(one, waiting, MONDAY_HALF_PAST_FOUR, office())
	assert opened == working_on("call")
	assert rules.arrive(one, opened, MONDAY_NINE, office()) == opened, "an open step is not opened again"


def test_a_person_s_step_comes_to_the_worklist_out_of_hours_too() -> None:
	one = plan(step())
	entered = rules.begin(one, SATURDAY, office())
	assert rules.arrive(one, entered, SATURDAY, office()) == working_on("call")


def test_a_message_out_of_hours_goes_when_they_begin_and_not_before() -> None:
	one = plan(mail())
	held = rules.arrive(one, rules.begin(one, FRIDAY_EVENING, office()), FRIDAY_EVENING, office())
	assert held == Position(Status.ACTIVE, Phase.WAITING, "mail", MONDAY_NINE)
	assert rules.arrive(one, held, SATURDAY, office()) == held
	sending = rules.arrive(one, held, MONDAY_NINE, office())
	assert (sending.phase, sending.due_on) == (Phase.SENDING, MONDAY_NINE + SENDING_CHECKED_AFTER)


def test_a_message_of_a_channel_that_is_never_open_goes_at_once() -> None:
	one = plan(mail())
	entered = rules.begin(one, SATURDAY, NEVER)
	assert rules.arrive(one, entered, SATURDAY, NEVER).phase is Phase.SENDING


def test_an_engine_that_was_down_for_a_week_catches_nothing_up_in_a_burst() -> None:
	"""Three mails a day apart, a week late: one goes, and the next waits its whole day from then."""
	day = Wait(1, Unit.DAYS)
	three = plan(mail("one", day, then="two"), mail("two", day, then="three"), mail("three", day))
	entered = rules.begin(three, datetime(2026, 11, 16, 10), office())
	now = datetime(2026, 11, 24, 10)
	sending = rules.arrive(three, entered, now, office())
	assert (sending.step, sending.phase) == ("one", Phase.SENDING)
	waiting = rules.finish_step(three, sending, Result.COMPLETED, NOBODY_YET, now, office())
	assert waiting == Position(Status.ACTIVE, Phase.WAITING, "two", now + timedelta(days=1))
	assert rules.arrive(three, waiting, now, office()) == waiting


def test_what_cannot_be_sent_becomes_a_person_s_and_goes_on_when_it_is_done() -> None:
	two = plan(mail(then="call"), step(wait=Wait(2, Unit.HOURS)))
	sending = Position(Status.ACTIVE, Phase.SENDING, "mail", SATURDAY)
	assert rules.hand_over(sending) == working_on("mail")
	waiting = rules.finish_step(
		two, rules.hand_over(sending), Result.COMPLETED, NOBODY_YET, MONDAY_NINE, office()
	)
	assert waiting == Position(Status.ACTIVE, Phase.WAITING, "call", MONDAY_NINE + timedelta(hours=2))


@pytest.mark.parametrize(
	"ended", [Position(Status.FINISHED), Position(Status.EXITED, step="mail", reason=ExitReason.REPLIED)]
)
def test_what_has_ended_is_not_handed_over_nor_left_again(ended: Position) -> None:
	assert rules.hand_over(ended) == ended
	assert rules.leave(ended, ExitReason.STOPPED) == ended


# steps that are done


def test_the_last_step_done_ends_it() -> None:
	one = plan(step())
	done = rules.finish_step(one, working_on("call"), Result.COMPLETED, NOBODY_YET, SATURDAY, office())
	assert done == Position(Status.FINISHED)


def test_a_step_that_is_finished_twice_moves_the_record_once() -> None:
	"""Two clicks: the second finds the wait of the next step."""
	two = plan(step("first", then="second"), step("second", wait=ONE_WORKING_DAY))
	once = rules.finish_step(two, working_on("first"), Result.COMPLETED, NOBODY_YET, SATURDAY, office())
	twice = rules.finish_step(two, once, Result.COMPLETED, NOBODY_YET, SATURDAY, office())
	assert once == twice and once.step == "second"


def test_a_branch_waits_for_its_answer_as_long_as_it_may_as_time_elapses() -> None:
	question = asking(Signal.REPLIED)
	monday = datetime(2026, 11, 23, 16, 30)
	watching = watching_since_friday(question)
	assert watching == Position(Status.ACTIVE, Phase.WATCHING, "mail", monday)
	assert rules.time_out(question, watching, monday - timedelta(seconds=1), office()) == watching
	assert rules.time_out(question, watching, monday, office()).step == "again"
	assert rules.notice(question, watching, Signal.REPLIED, SATURDAY, office()).step == "call"
	assert rules.notice(question, watching, Signal.OPENED, SATURDAY, office()) == watching


def test_an_answer_that_is_there_already_is_not_waited_for() -> None:
	question = asking(Signal.OPENED)
	opened = frozenset({Signal.OPENED, Signal.REPLIED})
	done = rules.finish_step(question, working_on("mail"), Result.COMPLETED, opened, SATURDAY, office())
	assert (done.phase, done.step) == (Phase.WAITING, "call")


def test_a_step_that_was_skipped_is_answered_with_no() -> None:
	question = asking(Signal.OPENED)
	opened = frozenset({Signal.OPENED})
	skipped = rules.finish_step(question, working_on("mail"), Result.SKIPPED, opened, SATURDAY, office())
	assert (skipped.phase, skipped.step) == (Phase.WAITING, "again")


@pytest.mark.parametrize(("signal", "within"), [(Signal.ANSWERED, THREE_DAYS), (Signal.FIELD, AT_ONCE)])
def test_what_is_known_at_once_is_not_waited_for(signal: Signal, within: Wait) -> None:
	question = asking(signal, within)
	for noticed, next_step in ((frozenset({signal}), "call"), (NOBODY_YET, "again")):
		done = rules.finish_step(question, working_on("mail"), Result.COMPLETED, noticed, SATURDAY, office())
		assert (done.phase, done.step) == (Phase.WAITING, next_step)


# by a user's hand


def test_a_wait_that_is_cut_short_is_over() -> None:
	one = plan(step(wait=ONE_WORKING_DAY))
	entered = rules.begin(one, FRIDAY_HALF_PAST_FOUR, office())
	assert rules.arrive(one, rules.cut_short(entered, SATURDAY), SATURDAY, office()) == working_on("call")


def test_a_question_that_is_cut_short_is_answered_with_no() -> None:
	question = asking(Signal.REPLIED)
	cut = rules.cut_short(watching_since_friday(question), SATURDAY)
	assert rules.time_out(question, cut, SATURDAY, office()).step == "again"


def test_a_pause_keeps_the_working_time_that_is_left() -> None:
	"""Paused on Friday with half an hour left; it ends half an hour after Wednesday's opening."""
	one = plan(step(wait=Wait(1, Unit.HOURS, working=True)))
	entered = rules.begin(one, datetime(2026, 11, 20, 16), office())
	paused = rules.pause(entered, FRIDAY_HALF_PAST_FOUR, office(), one)
	assert (paused.status, paused.due_on, paused.left_seconds) == (Status.PAUSED, None, 1800)
	assert rules.arrive(one, paused, datetime(2026, 12, 24, 10), office()) == paused
	resumed = rules.resume(paused, datetime(2026, 11, 24, 20), office(), one)
	assert resumed == Position(Status.ACTIVE, Phase.WAITING, "call", datetime(2026, 11, 25, 9, 30))


def test_a_pause_keeps_the_elapsed_time_that_is_left() -> None:
	one = plan(step(wait=Wait(1, Unit.DAYS)))
	entered = rules.begin(one, FRIDAY_HALF_PAST_FOUR, office())
	paused = rules.pause(entered, FRIDAY_EVENING, office(), one)
	assert rules.resume(paused, SATURDAY, office(), one).due_on == datetime(2026, 11, 22, 7, 30)


def test_a_pause_keeps_what_is_left_in_hours_that_never_come() -> None:
	one = plan(step(wait=Wait(3, Unit.DAYS, working=True)))
	entered = rules.begin(one, SATURDAY, NEVER)
	paused = rules.pause(entered, SATURDAY + timedelta(days=1), NEVER, one)
	assert rules.resume(paused, MONDAY_NINE, NEVER, one).due_on == MONDAY_NINE + timedelta(days=2)


def test_a_working_day_that_ends_with_monday_s_opening_still_does_after_a_pause_on_sunday() -> None:
	"""It began on Thursday evening: no working time is left of it at the weekend."""
	one = plan(step(wait=ONE_WORKING_DAY))
	entered = rules.begin(one, datetime(2026, 11, 19, 18), office())
	assert entered.due_on == MONDAY_NINE
	paused = rules.pause(entered, SATURDAY, office(), one)
	assert rules.resume(paused, SATURDAY, office(), one).due_on == MONDAY_NINE


def test_a_message_that_waited_only_for_the_office_to_open_does_not_wait_for_a_weekend_more() -> None:
	"""Held on Saturday until Monday 9:00, paused meanwhile, resumed on Monday at noon: it goes at noon."""
	one = plan(mail())
	held = rules.arrive(one, rules.begin(one, SATURDAY, office()), SATURDAY, office())
	paused = rules.pause(held, SATURDAY, office(), one)
	monday_noon = datetime(2026, 11, 23, 12)
	resumed = rules.resume(paused, monday_noon, office(), one)
	assert rules.arrive(one, resumed, monday_noon, office()).phase is Phase.SENDING


def test_an_answer_that_comes_during_a_pause_counts_when_it_goes_on() -> None:
	question = asking(Signal.REPLIED)
	paused = rules.pause(watching_since_friday(question), SATURDAY, office(), question)
	noticed = rules.notice(question, paused, Signal.REPLIED, SATURDAY, office())
	assert (noticed.status, noticed.phase) == (Status.PAUSED, Phase.WATCHING)
	resumed = rules.resume(noticed, MONDAY_NINE, office(), question)
	assert resumed == Position(Status.ACTIVE, Phase.WAITING, "call", MONDAY_NINE)


def test_work_that_is_done_during_a_pause_leaves_the_whole_next_wait() -> None:
	two = plan(step("first", then="second"), step("second", wait=Wait(2, Unit.HOURS)))
	paused = rules.pause(working_on("first"), FRIDAY_EVENING, office(), two)
	done = rules.finish_step(two, paused, Result.COMPLETED, NOBODY_YET, SATURDAY, office())
	assert (done.status, done.step, done.left_seconds) == (Status.PAUSED, "second", 7200)
	resumed = rules.resume(done, MONDAY_NINE, office(), two)
	assert resumed == Position(Status.ACTIVE, Phase.WAITING, "second", MONDAY_NINE + timedelta(hours=2))


def test_a_message_on_its_way_is_still_looked_after_when_it_goes_on() -> None:
	one = plan(mail())
	sending = Position(Status.ACTIVE, Phase.SENDING, "mail", MONDAY_NINE)
	paused = rules.pause(sending, SATURDAY, office(), one)
	assert not rules.is_due(paused, MONDAY_HALF_PAST_FOUR)
	assert rules.resume(paused, SATURDAY, office(), one) == sending


@given(moments, plans_and_hours)
def test_to_pause_and_go_on_at_once_changes_nothing(
	now: datetime, plan_and_hours: tuple[Plan, Calendar]
) -> None:
	"""But a working day's end, which is by the clock, is then by the working time that was left."""
	drawn, hours = plan_and_hours
	entered = rules.begin(drawn, now, hours)
	resumed = rules.resume(rules.pause(entered, now, hours, drawn), now, hours, drawn)
	first = drawn.steps[0]
	if first.wait.working and first.wait.amount and next_opening(now, hours):
		assert (resumed.status, resumed.phase, resumed.step) == (Status.ACTIVE, Phase.WAITING, first.key)
		assert rules.pause(resumed, now, hours, drawn) == rules.pause(entered, now, hours, drawn)
	elif not first.wait.amount:
		assert rules.workable_from(resumed.due_on, hours) == rules.workable_from(now, hours)
	else:
		assert resumed == entered


@given(moments, plans_and_hours, signals)
def test_a_record_that_has_left_is_moved_by_nothing(
	now: datetime, plan_and_hours: tuple[Plan, Calendar], signal: Signal
) -> None:
	drawn, hours = plan_and_hours
	left = rules.leave(rules.begin(drawn, now, hours), ExitReason.REPLIED)
	for after in (
		rules.arrive(drawn, left, datetime.max, hours),
		rules.time_out(drawn, left, datetime.max, hours),
		rules.finish_step(drawn, left, Result.COMPLETED, frozenset({signal}), now, hours),
		rules.notice(drawn, left, signal, now, hours),
		rules.cut_short(left, now),
		rules.pause(left, now, hours, drawn),
		rules.resume(left, now, hours, drawn),
		rules.hand_over(left),
		rules.leave(left, ExitReason.STOPPED),
	):
		assert after == left


@given(moments, steady_calendars)
def test_no_message_leaves_out_of_hours(now: datetime, hours: Calendar) -> None:
	one = plan(mail())
	arrived = rules.arrive(one, rules.begin(one, now, hours), now, hours)
	if next_opening(now, hours):
		assert (arrived.phase is Phase.SENDING) is is_open(now, hours)
	else:
		assert arrived.phase is Phase.SENDING


def test_a_step_that_the_plan_does_not_have_is_an_error() -> None:
	with pytest.raises(KeyError, match="gone"):
		plan(step()).step("gone")
