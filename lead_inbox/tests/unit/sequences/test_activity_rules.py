"""What may be done with an activity, by whom and when: requirement SQ-3."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.sequences.activities.activity_rules import (
	LIVE,
	LONGEST_SNOOZE,
	OVER,
	Activity,
	Actor,
	Deed,
	OutcomeRefusal,
	Refusal,
	Status,
	TimeRefusal,
	due_refusal,
	meeting_refusal,
	outcome_refusal,
	possible,
	refusal,
	snooze_refusal,
	status_after_failed_send,
	status_after_skip,
	traces,
)
from lead_inbox.sequences.rules import Kind

NOW = datetime(2026, 3, 1, 12)
GROUPS = ("Callers", "Writers")
MOVES = (Deed.START, Deed.COMPLETE, Deed.SKIP, Deed.SNOOZE, Deed.ASSIGN, Deed.CLAIM)

activities = st.builds(
	Activity,
	status=st.sampled_from(Status),
	by_hand=st.booleans(),
	user=st.none() | st.sampled_from(["jun", "sara"]),
	user_group=st.none() | st.sampled_from(GROUPS),
)
actors = st.builds(
	Actor,
	user=st.sampled_from(["jun", "sara"]),
	may_write=st.booleans(),
	groups=st.frozensets(st.sampled_from(GROUPS)),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))


def an_activity(status: Status = Status.OPEN, by_hand: bool = False, **whose: str) -> Activity:
	return Activity(status, by_hand, **(whose or {"user": "jun"}))


def somebody(*groups: str) -> Actor:
	return Actor("sara", True, frozenset(groups))


@given(activities, actors)
def test_who_may_not_write_the_record_may_do_nothing(activity: Activity, actor: Actor) -> None:
	if not actor.may_write:
		assert possible(activity, actor) == set()


@given(activities, actors)
def test_what_is_over_takes_notes_and_nothing_else(activity: Activity, actor: Actor) -> None:
	if activity.status in OVER and actor.may_write:
		assert possible(activity, actor) == {Deed.NOTE}
		assert {refusal(activity, actor, deed) for deed in MOVES} == {Refusal.OVER}


@given(activities, actors)
def test_what_is_over_or_on_its_way_can_t_be_done_again(activity: Activity, actor: Actor) -> None:
	if activity.status is not Status.OPEN:
		assert not possible(activity, actor) & {Deed.START, Deed.COMPLETE, Deed.SKIP, Deed.SNOOZE}


@given(activities, actors)
def test_an_open_activity_can_always_be_brought_to_an_end(activity: Activity, actor: Actor) -> None:
	if activity.status is Status.OPEN and actor.may_write:
		assert {Deed.COMPLETE, Deed.SKIP, Deed.ASSIGN} <= possible(activity, actor)


@given(activities, actors)
def test_what_was_added_by_hand_can_never_be_snoozed(activity: Activity, actor: Actor) -> None:
	if activity.by_hand:
		assert Deed.SNOOZE not in possible(activity, actor)


@given(activities, actors)
def test_only_a_member_claims_and_only_what_nobody_has(activity: Activity, actor: Actor) -> None:
	if Deed.CLAIM in possible(activity, actor):
		assert not activity.user
		assert activity.user_group in actor.groups


@given(activities, actors)
def test_what_is_possible_is_exactly_what_is_not_refused(activity: Activity, actor: Actor) -> None:
	assert possible(activity, actor) == {deed for deed in Deed if refusal(activity, actor, deed) is None}


@pytest.mark.parametrize(
	("activity", "actor", "expected"),
	[
		(an_activity(user_group="Callers"), somebody("Callers"), None),
		(an_activity(user_group="Callers"), somebody("Writers"), Refusal.NOT_A_MEMBER),
		(an_activity(user_group="Callers", user="jun"), somebody("Callers"), Refusal.TAKEN),
		(Activity(Status.OPEN, False), somebody("Callers"), Refusal.NO_GROUP),
		(an_activity(Status.PAUSED, user_group="Callers"), somebody("Callers"), None),
	],
)
def test_a_group_s_activity_is_the_first_claimer_s(
	activity: Activity, actor: Actor, expected: Refusal | None
) -> None:
	assert refusal(activity, actor, Deed.CLAIM) is expected


@pytest.mark.parametrize(
	("status", "expected"),
	[
		(Status.OPEN, None),
		(Status.SCHEDULED, Refusal.SCHEDULED),
		(Status.SENDING, Refusal.SENDING),
		(Status.PAUSED, Refusal.PAUSED),
		(Status.COMPLETED, Refusal.OVER),
		(Status.SKIPPED, Refusal.OVER),
		(Status.CANCELLED, Refusal.OVER),
	],
)
def test_each_status_says_why_it_can_t_be_completed(status: Status, expected: Refusal | None) -> None:
	assert refusal(an_activity(status), somebody(), Deed.COMPLETE) is expected


def test_who_has_it_can_be_changed_while_the_sequence_is_paused() -> None:
	assert possible(an_activity(Status.PAUSED), somebody()) == {Deed.NOTE, Deed.ASSIGN}


def test_every_status_is_either_live_or_over() -> None:
	assert set(LIVE) | set(OVER) == set(Status)
	assert not set(LIVE) & set(OVER)


def test_what_is_skipped_is_cancelled_when_it_was_added_by_hand() -> None:
	assert status_after_skip(by_hand=True) is Status.CANCELLED
	assert status_after_skip(by_hand=False) is Status.SKIPPED


def test_a_failed_message_leaves_its_activity_to_be_done() -> None:
	assert status_after_failed_send(paused=False) is Status.OPEN
	assert status_after_failed_send(paused=True) is Status.PAUSED


@pytest.mark.parametrize(
	("kind", "outcome", "expected"),
	[
		(Kind.CALL, "Answered", None),
		(Kind.CALL, "Not Answered", None),
		(Kind.CALL, None, OutcomeRefusal.MISSING),
		(Kind.CALL, "", OutcomeRefusal.MISSING),
		(Kind.CALL, "Busy", OutcomeRefusal.UNKNOWN),
		(Kind.EMAIL, None, None),
		(Kind.TASK, "Answered", OutcomeRefusal.NOT_A_CALL),
	],
)
def test_calls_have_an_outcome_and_nothing_else_has(
	kind: Kind, outcome: str | None, expected: OutcomeRefusal | None
) -> None:
	assert outcome_refusal(kind, outcome) is expected


@given(moments, moments)
def test_a_snooze_ends_in_the_future_and_within_its_limit(until: datetime, now: datetime) -> None:
	allowed = now < until <= now + LONGEST_SNOOZE
	assert (snooze_refusal(until, now) is None) == allowed


def test_a_snooze_says_whether_it_is_too_short_or_too_long() -> None:
	assert snooze_refusal(NOW, NOW) is TimeRefusal.PAST
	assert snooze_refusal(NOW + LONGEST_SNOOZE + timedelta(seconds=1), NOW) is TimeRefusal.TOO_FAR


@given(moments, moments)
def test_nothing_is_planned_for_a_day_that_has_passed(due_on: datetime, now: datetime) -> None:
	assert (due_refusal(due_on, now) is None) == (due_on.date() >= now.date())


def test_something_can_be_planned_for_an_hour_of_today_that_has_passed() -> None:
	assert due_refusal(NOW - timedelta(hours=3), NOW) is None
	assert due_refusal(NOW - timedelta(hours=13), NOW) is TimeRefusal.PAST


@given(moments, moments, moments)
def test_a_meeting_ends_after_it_starts(starts_on: datetime, ends_on: datetime, now: datetime) -> None:
	found = meeting_refusal(starts_on, ends_on, now)
	assert (found is TimeRefusal.ENDS_BEFORE_START) == (ends_on <= starts_on)


@given(st.sampled_from(["Lead", "Opportunity"]), st.sampled_from(Kind))
def test_what_no_message_tells_of_is_written_on_the_form(doctype: str, kind: Kind) -> None:
	assert traces(doctype, kind, by_message=False).form


@given(st.sampled_from(["Lead", "Opportunity"]), st.sampled_from(Kind))
def test_the_conversation_says_nothing_twice(doctype: str, kind: Kind) -> None:
	assert not traces(doctype, kind, by_message=True).conversation


@pytest.mark.parametrize(
	("doctype", "kind", "on_form"),
	[
		("Lead", Kind.EMAIL, False),
		("Lead", Kind.CALL, False),
		("Lead", Kind.SMS, True),
		("Opportunity", Kind.EMAIL, True),
		("Opportunity", Kind.SMS, True),
		("Opportunity", Kind.CALL, False),
	],
)
def test_a_form_tells_of_messages_that_it_does_not_show(doctype: str, kind: Kind, on_form: bool) -> None:
	assert traces(doctype, kind, by_message=True).form is on_form
