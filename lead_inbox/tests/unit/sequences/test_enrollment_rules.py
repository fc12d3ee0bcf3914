"""Who may enter a sequence, what makes a record leave, what a failure leads to: SQ-2, SQ-7, SQ-8."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.contact.contact_rules import Refusal as ContactRefusal
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment.enrollment_rules import (
	EXITS_BY_HAPPENING,
	RETRY_SECONDS,
	EnrollRefusal,
	Entry,
	Exits,
	Fate,
	Pass,
	ReEnrollment,
	enroll_refused,
	exit_for_refusal,
	fate_of,
	field_answers,
	lead_ended,
	made_by_arrival,
	may_enter_by_rule,
	next_rotation,
	opportunity_ended,
	reason_to_leave,
	retry_on,
	still_uses,
)
from lead_inbox.sequences.rules import ExitReason, Kind, Phase, Plan, Step, Unit, Wait

NOW = datetime(2026, 3, 2, 9, 0)
NO_EXITS = Exits(reply=False, conversion=False, booking=False, decline=False, bounce=False)
ALWAYS = {ExitReason.DO_NOT_CONTACT, ExitReason.UNSUBSCRIBED, ExitReason.MERGED}
SWITCHED = {
	ExitReason.REPLIED,
	ExitReason.CONVERTED,
	ExitReason.BOOKED,
	ExitReason.DECLINED,
	ExitReason.BOUNCED,
}

names = st.sampled_from(["A", "B", "C"])
passes = st.lists(st.builds(Pass, names, st.integers(0, 3), st.booleans(), st.booleans()), max_size=5)
entries = st.builds(Entry, names, st.sampled_from(ReEnrollment), st.booleans(), st.booleans())


# What ends a record


@pytest.mark.parametrize(
	("row", "reason"),
	[
		({"inbox_status": "New"}, None),
		({"inbox_status": "Inactive", "inbox_reason": "Quiet"}, None),
		({"inbox_status": "Active", "inbox_reason": "Returned", "status": "Converted"}, None),
		({"inbox_status": "Booked"}, ExitReason.BOOKED),
		({"inbox_status": "Declined"}, ExitReason.DECLINED),
		({"inbox_status": "Closed", "inbox_reason": "Converted"}, ExitReason.CONVERTED),
		({"inbox_status": "Closed", "inbox_reason": "Merged"}, ExitReason.MERGED),
		({"inbox_status": "New", "inbox_merged_into": "another"}, ExitReason.MERGED),
		({"inbox_status": "New", "status": "Do Not Contact"}, ExitReason.DO_NOT_CONTACT),
		({"inbox_status": "Closed", "inbox_reason": "Do Not Contact"}, ExitReason.DO_NOT_CONTACT),
	],
)
def test_a_lead_ends_by_its_state(row, reason):
	assert lead_ended(row) is reason


@pytest.mark.parametrize(
	("status", "lead", "reason"),
	[
		("Open", None, None),
		("Quotation", {"inbox_status": "Closed", "inbox_reason": "Converted"}, None),
		("Converted", None, ExitReason.CONVERTED),
		("Lost", None, ExitReason.DECLINED),
		("Closed", None, ExitReason.DECLINED),
		("Open", {"status": "Do Not Contact"}, ExitReason.DO_NOT_CONTACT),
	],
)
def test_an_opportunity_ends_by_its_status_or_its_customers_wish(status, lead, reason):
	assert opportunity_ended(status, lead) is reason


def test_what_can_be_turned_off_is_off_and_the_rest_never_is():
	leaving = {reason for reason in ExitReason if reason_to_leave(reason, NO_EXITS)}
	assert leaving >= ALWAYS
	assert not leaving & SWITCHED
	assert {reason for reason in ExitReason if reason_to_leave(reason, Exits())} == set(ExitReason)


def test_a_missed_call_is_no_reply_and_an_inbound_message_is():
	assert EXITS_BY_HAPPENING[Happening.INBOUND] is ExitReason.REPLIED
	assert Happening.CALL_MISSED not in EXITS_BY_HAPPENING


@given(st.sampled_from(ContactRefusal))
def test_whoever_must_not_be_written_to_leaves_unless_a_bounce_is_to_be_seen_to(refusal):
	is_for_a_person = refusal is ContactRefusal.BY_PARTNER
	assert bool(exit_for_refusal(refusal, Exits())) != is_for_a_person
	stays = is_for_a_person or refusal is ContactRefusal.BOUNCED
	assert (exit_for_refusal(refusal, NO_EXITS) is None) == stays


def test_whoever_may_be_written_to_stays():
	assert exit_for_refusal(None, Exits()) is None


# What a plan still has ahead


def a_step(key: str, kind: Kind, then: str | None, yes: str | None = None) -> Step:
	return Step(key, key, kind, Wait(0, Unit.DAYS), yes=yes, then=then)


PLAN = Plan(
	(
		a_step("mail", Kind.EMAIL, "call", yes="text"),
		a_step("call", Kind.CALL, None),
		a_step("text", Kind.SMS, None),
	)
)


@pytest.mark.parametrize(
	("step", "phase", "media"),
	[
		("mail", Phase.WAITING, {"Email", "Call", "SMS"}),
		("mail", Phase.WATCHING, {"Call", "SMS"}),
		("call", Phase.WORKING, {"Call"}),
		("text", Phase.WAITING, {"SMS"}),
		(None, None, set()),
		("gone", Phase.WAITING, set()),
	],
)
def test_a_plan_uses_the_media_of_the_steps_that_it_may_still_come_to(step, phase, media):
	assert {medium for medium in ("Email", "Call", "SMS") if still_uses(PLAN, step, phase, medium)} == media


# Entering


@given(entries, passes)
def test_nobody_is_in_a_sequence_twice_nor_in_two_that_exclude_each_other(entry, known):
	refusal = enroll_refused(entry, known)
	own = [one for one in known if one.sequence_name == entry.sequence_name]
	others = [one for one in known if one.running and one.sequence_name != entry.sequence_name]
	if refusal:
		return
	restarts = entry.re_enrollment is ReEnrollment.ANY_TIME and not entry.by_rule
	assert restarts or not any(one.running for one in own)
	assert not own or entry.re_enrollment is not ReEnrollment.ONCE
	assert not any(entry.exclusive or other.exclusive for other in others)


@given(entries)
def test_whoever_was_never_in_any_may_enter(entry):
	assert enroll_refused(entry, []) is None


@pytest.mark.parametrize(
	("re_enrollment", "running", "refusal"),
	[
		(ReEnrollment.ONCE, True, EnrollRefusal.ALREADY_IN),
		(ReEnrollment.ONCE, False, EnrollRefusal.BEEN_IN),
		(ReEnrollment.WHEN_FINISHED, True, EnrollRefusal.ALREADY_IN),
		(ReEnrollment.WHEN_FINISHED, False, None),
		(ReEnrollment.ANY_TIME, True, None),
		(ReEnrollment.ANY_TIME, False, None),
	],
)
def test_how_often_a_record_may_enter(re_enrollment, running, refusal):
	known = [Pass("A", 0, running, exclusive=True)]
	assert enroll_refused(Entry("A", re_enrollment, exclusive=True), known) is refusal


@given(names, passes)
def test_a_rotation_is_never_used_twice(name, known):
	rotation = next_rotation(name, known)
	assert all(one.rotation < rotation for one in known if one.sequence_name == name)
	assert rotation >= 0


@pytest.mark.parametrize(
	("been_in", "became_true", "happening", "may_enter"),
	[
		(False, False, None, True),
		(True, False, None, False),
		(True, True, None, True),
		(True, False, Happening.CALL_MISSED, True),
		(True, False, Happening.INBOUND, False),
		(True, False, Happening.REPLIED, False),
		(True, False, Happening.WENT_QUIET, False),
	],
)
def test_a_condition_that_stays_true_lets_nobody_in_again(been_in, became_true, happening, may_enter):
	assert may_enter_by_rule(been_in, became_true, happening) is may_enter


def test_only_the_first_message_soon_after_the_lead_is_the_arrival_that_made_it():
	soon, later = NOW + timedelta(seconds=5), NOW + timedelta(hours=2)
	assert made_by_arrival(True, NOW, soon)
	assert not made_by_arrival(False, NOW, soon)
	assert not made_by_arrival(True, NOW, later)
	assert not made_by_arrival(True, None, soon)


# Failing


def test_a_step_is_tried_again_later_each_time_and_then_given_to_a_person():
	waits = [retry_on(attempt, NOW) - NOW for attempt in range(1, len(RETRY_SECONDS) + 1)]
	assert all(first < second for first, second in pairwise(waits))
	assert retry_on(len(RETRY_SECONDS) + 1, NOW) is None


@pytest.mark.parametrize(
	("delivery_status", "fate"),
	[
		("Sent", Fate.GONE),
		("Delivered", Fate.GONE),
		("Failed", Fate.NOT_SENT),
		("Cancelled", Fate.NOT_SENT),
		(None, Fate.NOT_SENT),
		("Scheduled", Fate.ON_ITS_WAY),
		("Queued", Fate.ON_ITS_WAY),
		("Sending", Fate.ON_ITS_WAY),
	],
)
def test_what_became_of_a_message(delivery_status, fate):
	assert fate_of(delivery_status) is fate


def test_every_delivery_status_has_a_fate_of_its_own():
	assert {fate_of(status.value) for status in Delivery} == set(Fate)


# Fields


@pytest.mark.parametrize(
	("operator", "value", "wanted", "answer"),
	[
		("Equal To", "Qualified", "qualified ", True),
		("Equal To", None, "Qualified", False),
		("Equal To", 5, "5.0", True),
		("Equal To", 1, "1", True),
		("Equal To", "", None, True),
		("Not Equal To", "Qualified", "Qualified", False),
		("Not Equal To", None, "Qualified", True),
		("Set", "x", None, True),
		("Set", 0, None, False),
		("Set", None, None, False),
		("Not Set", "", None, True),
		("Not Set", 3, None, False),
	],
)
def test_what_a_field_answers(operator, value, wanted, answer):
	assert field_answers(operator, value, wanted) is answer


@given(st.none() | st.text() | st.integers(), st.none() | st.text())
def test_each_answer_has_its_opposite(value, wanted):
	assert field_answers("Equal To", value, wanted) != field_answers("Not Equal To", value, wanted)
	assert field_answers("Set", value, wanted) != field_answers("Not Set", value, wanted)
