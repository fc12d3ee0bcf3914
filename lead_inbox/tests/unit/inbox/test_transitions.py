"""The table of states of requirement IN-4, row by row, and what holds for every pair."""

from __future__ import annotations

import pytest
from hypothesis import given

from lead_inbox.inbox.rules import Decision, Happening, Situation, Status, decide, is_move
from lead_inbox.tests.unit.inbox.strategies import happenings, situations

NEW, ACTIVE, BOOKED, INACTIVE, DECLINED, CLOSED = Status
NOT_OPEN = (BOOKED, DECLINED, CLOSED)


def after(status: Status | None, happening: Happening, **situation: object) -> Decision:
	return decide(Situation(status, **situation), happening)


def stays(status: Status, happening: Happening) -> bool:
	return after(status, happening).status is status


def is_refused(status: Status, happening: Happening) -> bool:
	decision = after(status, happening)
	return decision.refused and decision.status is status and decision.reason == ""


def test_a_lead_arrives_new() -> None:
	assert after(None, Happening.ARRIVED) == Decision(NEW)


@pytest.mark.parametrize("happening", [Happening.INBOUND, Happening.CALL_ATTEMPTED])
def test_a_lead_that_the_inbox_has_not_seen_yet_arrives_with_its_first_event(happening: Happening) -> None:
	assert after(None, happening) == Decision(NEW)


@pytest.mark.parametrize("status", [NEW, ACTIVE, INACTIVE])
@pytest.mark.parametrize("happening", [Happening.REPLIED, Happening.CALL_ANSWERED])
def test_a_reply_or_an_answered_call_makes_it_active(status: Status, happening: Happening) -> None:
	assert after(status, happening) == Decision(ACTIVE)


def test_an_unanswered_lead_goes_inactive() -> None:
	assert after(NEW, Happening.WENT_UNANSWERED) == Decision(INACTIVE, "Unanswered")


def test_a_quiet_lead_goes_inactive() -> None:
	assert after(ACTIVE, Happening.WENT_QUIET) == Decision(INACTIVE, "Quiet")


def test_an_inactive_lead_that_was_never_answered_is_new_again_when_its_customer_speaks() -> None:
	assert after(INACTIVE, Happening.INBOUND, answered=False) == Decision(NEW)


def test_an_inactive_lead_that_was_answered_is_active_again_when_its_customer_speaks() -> None:
	assert after(INACTIVE, Happening.INBOUND, answered=True) == Decision(ACTIVE)


@pytest.mark.parametrize("status", [NEW, ACTIVE, BOOKED])
def test_a_lead_in_work_stays_where_it_is_when_its_customer_speaks(status: Status) -> None:
	assert after(status, Happening.INBOUND) == Decision(status)


@pytest.mark.parametrize("status", [NEW, ACTIVE, INACTIVE])
def test_an_open_lead_is_booked(status: Status) -> None:
	assert after(status, Happening.BOOKED) == Decision(BOOKED)


def test_a_booked_lead_whose_bookings_ended_is_active() -> None:
	assert after(BOOKED, Happening.BOOKINGS_ENDED) == Decision(ACTIVE)


@pytest.mark.parametrize("status", [NEW, ACTIVE, INACTIVE])
def test_an_open_lead_is_declined(status: Status) -> None:
	assert after(status, Happening.DECLINED) == Decision(DECLINED)


@pytest.mark.parametrize("before", [NEW, ACTIVE, INACTIVE])
def test_a_declined_lead_is_restored_to_the_state_it_had(before: Status) -> None:
	assert after(DECLINED, Happening.RESTORED, before=before).status is before


def test_a_declined_lead_stays_declined_when_its_customer_speaks() -> None:
	assert after(DECLINED, Happening.INBOUND, answered=True) == Decision(DECLINED)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize(
	("happening", "reason"),
	[
		(Happening.CONVERTED, "Converted"),
		(Happening.CONTACT_REFUSED, "Do Not Contact"),
		(Happening.MERGED, "Merged"),
	],
)
def test_any_lead_is_closed_for_its_reason(status: Status, happening: Happening, reason: str) -> None:
	assert after(status, happening) == Decision(CLOSED, reason)


@pytest.mark.parametrize("before", [NEW, ACTIVE, BOOKED, INACTIVE, DECLINED])
def test_undoing_a_conversion_gives_back_the_state_before(before: Status) -> None:
	assert after(CLOSED, Happening.CLOSING_UNDONE, before=before).status is before


@pytest.mark.parametrize(
	("status", "happening"), [(DECLINED, Happening.RESTORED), (CLOSED, Happening.CLOSING_UNDONE)]
)
def test_a_lead_whose_past_nobody_knows_comes_back_into_work(status: Status, happening: Happening) -> None:
	assert after(status, happening, before=None) == Decision(ACTIVE)


@pytest.mark.parametrize("answered", [False, True])
def test_a_closed_lead_whose_customer_speaks_is_active_as_returned(answered: bool) -> None:
	assert after(CLOSED, Happening.INBOUND, answered=answered) == Decision(ACTIVE, "Returned")


@pytest.mark.parametrize("status", Status)
def test_an_attempted_call_moves_nothing(status: Status) -> None:
	assert after(status, Happening.CALL_ATTEMPTED) == Decision(status)


@pytest.mark.parametrize("status", NOT_OPEN)
@pytest.mark.parametrize("happening", [Happening.REPLIED, Happening.CALL_ANSWERED])
def test_our_side_speaking_moves_no_booked_declined_or_closed_lead(
	status: Status, happening: Happening
) -> None:
	assert stays(status, happening)


@pytest.mark.parametrize(
	("happening", "allowed"),
	[
		(Happening.WENT_UNANSWERED, {NEW}),
		(Happening.WENT_QUIET, {ACTIVE}),
		(Happening.BOOKED, {NEW, ACTIVE, INACTIVE}),
		(Happening.BOOKINGS_ENDED, {BOOKED}),
		(Happening.DECLINED, {NEW, ACTIVE, INACTIVE}),
		(Happening.RESTORED, {DECLINED}),
		(Happening.CLOSING_UNDONE, {CLOSED}),
	],
)
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
	happening: Happening, allowed: set[Status]
) -> None:
	assert {status for status in Status if not is_refused(status, happening)} == allowed


@given(situations, happenings)
def test_every_pair_is_decided_and_a_refusal_changes_nothing(
	situation: Situation, happening: Happening
) -> None:
	decision = decide(situation, happening)
	assert decision.status in (*Status, None)
	if decision.refused:
		assert (decision.status, decision.reason) == (situation.status, "")


@given(situations, happenings)
def test_only_a_refusal_leaves_a_lead_without_a_state(situation: Situation, happening: Happening) -> None:
	decision = decide(situation, happening)
	assert decision.status is not None or (decision.refused and situation.status is None)


@given(situations, happenings)
def test_a_reason_is_given_only_where_the_table_names_one(situation: Situation, happening: Happening) -> None:
	decision = decide(situation, happening)
	named = {
		Happening.WENT_UNANSWERED: "Unanswered",
		Happening.WENT_QUIET: "Quiet",
		Happening.CONVERTED: "Converted",
		Happening.CONTACT_REFUSED: "Do Not Contact",
		Happening.MERGED: "Merged",
		Happening.INBOUND: "Returned",
		Happening.CALL_MISSED: "Returned",
		Happening.RESTORED: situation.before_reason,
		Happening.CLOSING_UNDONE: situation.before_reason,
	}
	assert decision.reason in ("", named.get(happening, ""))


@given(situations, happenings)
def test_a_lead_moves_with_its_state_or_when_it_is_closed_for_another_reason(
	situation: Situation, happening: Happening
) -> None:
	decision = decide(situation, happening)
	assert is_move(decision, situation.status, decision.reason) == (decision.status is not situation.status)


@pytest.mark.parametrize("happening", [Happening.REPLIED, Happening.CALL_ANSWERED, Happening.CALL_ATTEMPTED])
def test_a_word_to_a_customer_does_not_take_the_reason_of_a_closed_lead(happening: Happening) -> None:
	assert not is_move(after(CLOSED, happening), "Closed", "Converted")


def test_a_converted_lead_that_refuses_contact_is_closed_for_that() -> None:
	assert is_move(after(CLOSED, Happening.CONTACT_REFUSED), "Closed", "Converted")
