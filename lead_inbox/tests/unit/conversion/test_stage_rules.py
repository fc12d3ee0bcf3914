"""How far a lead has come towards a sale: forward by its score, back by people (CO-1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.stages import stage_rules
from lead_inbox.conversion.stages.stage_rules import (
	ORDER,
	Handover,
	Occasion,
	Stage,
	Standing,
	Thresholds,
	by_hand,
	forward,
	is_before,
	sent_back,
	stage_after,
	stage_of_score,
	takes_part,
)
from lead_inbox.custom_fields import HANDOVERS, STAGES
from lead_inbox.inbox.rules import Status

NOW = datetime(2026, 3, 1, 12)
BOTH = Thresholds(mql=20, sql=50)
SOMETHING, TIME, NEW_RULES = Occasion(happened=True), Occasion(), Occasion(rules_changed=True)
scores = st.integers(-100, 200)
thresholds = st.builds(
	lambda mql, more: Thresholds(mql, mql + more), st.integers(0, 100), st.integers(0, 100)
) | st.sampled_from([Thresholds(), Thresholds(mql=20), Thresholds(sql=50)])
occasions = st.builds(Occasion, st.booleans(), st.booleans())
standings = st.builds(Standing, st.sampled_from(ORDER), scores, st.none() | st.sampled_from(Handover))


def test_stages_and_handovers_are_those_of_the_fields() -> None:
	assert tuple(stage.value for stage in Stage) == STAGES
	assert tuple(handover.value for handover in Handover) == HANDOVERS


@given(scores, st.integers(0, 100), thresholds)
def test_a_higher_score_never_speaks_for_an_earlier_stage(score: int, more: int, limits: Thresholds) -> None:
	assert not is_before(stage_of_score(score + more, limits), stage_of_score(score, limits))
	assert stage_of_score(score, limits) is not Stage.CUSTOMER


def test_a_threshold_is_reached_and_nought_never_is() -> None:
	assert [stage_of_score(score, BOTH) for score in (19, 20, 49, 50)] == [
		Stage.LEAD,
		Stage.MQL,
		Stage.MQL,
		Stage.SQL,
	]
	assert stage_of_score(1000, Thresholds()) is Stage.LEAD
	assert stage_of_score(1000, Thresholds(mql=20)) is Stage.MQL
	assert stage_of_score(60, Thresholds(sql=50)) is Stage.SQL


@given(standings, scores, thresholds, occasions)
def test_no_score_takes_a_stage_away_or_makes_a_customer(
	before: Standing, score: int, limits: Thresholds, occasion: Occasion
) -> None:
	after = stage_after(before, score, limits, occasion)
	assert not is_before(after, before.stage)
	assert after is before.stage or after is not Stage.CUSTOMER


@given(scores, scores, thresholds)
def test_a_lead_that_nobody_moved_has_the_best_stage_of_all_its_scores(
	first: int, second: int, limits: Thresholds
) -> None:
	"""Whatever makes its score: something that happens, or time."""
	for occasion in (SOMETHING, TIME):
		stage = stage_after(Standing(), first, limits, occasion)
		stage = stage_after(Standing(stage, first), second, limits, occasion)
		assert stage is stage_of_score(max(first, second), limits)


@given(scores, st.integers(0, 100), thresholds, st.sampled_from([TIME, NEW_RULES, SOMETHING]))
def test_a_lead_that_was_sent_back_is_not_handed_over_with_the_same_score_or_less(
	score: int, less: int, limits: Thresholds, occasion: Occasion
) -> None:
	back = Standing(Stage.MQL, score, Handover.SENT_BACK)
	assert stage_after(back, score - less, limits, occasion) is Stage.MQL


def test_a_lead_that_was_sent_back_comes_forward_when_something_raises_its_score() -> None:
	back = Standing(Stage.MQL, 60, Handover.SENT_BACK)
	assert stage_after(back, 61, BOTH, SOMETHING) is Stage.SQL
	assert stage_after(back, 61, BOTH, TIME) is Stage.MQL
	assert stage_after(back, 61, BOTH, NEW_RULES) is Stage.MQL


def test_a_lead_that_a_person_set_back_stays_there_until_something_raises_its_score() -> None:
	back = Standing(Stage.LEAD, 60)
	assert stage_after(back, 60, BOTH, SOMETHING) is Stage.LEAD
	assert stage_after(back, 61, BOTH, TIME) is Stage.LEAD
	assert stage_after(back, 61, BOTH, SOMETHING) is Stage.SQL


def test_lower_thresholds_move_leads_whose_score_stays() -> None:
	assert stage_after(Standing(Stage.LEAD, 30), 30, BOTH, NEW_RULES) is Stage.MQL


def test_reaching_a_stage_is_stamped() -> None:
	assert forward(Stage.LEAD, Stage.MQL, NOW, BOTH) == {"inbox_stage": "MQL", "inbox_mql_on": NOW}
	assert forward(Stage.MQL, Stage.SQL, NOW, BOTH) == {
		"inbox_stage": "SQL",
		"inbox_sql_on": NOW,
		"inbox_handover": "Waiting",
		"inbox_sent_back_reason": None,
	}


def test_who_skips_mql_was_one_where_scores_make_mqls() -> None:
	assert forward(Stage.LEAD, Stage.SQL, NOW, BOTH)["inbox_mql_on"] == NOW
	assert "inbox_mql_on" not in forward(Stage.LEAD, Stage.SQL, NOW, Thresholds(sql=50))


def test_an_owner_who_says_that_it_is_sql_has_accepted_it() -> None:
	assert by_hand(Stage.MQL, Stage.SQL, NOW, BOTH, accepted=True)["inbox_handover"] == "Accepted"
	assert by_hand(Stage.MQL, Stage.SQL, NOW, BOTH, accepted=False)["inbox_handover"] == "Waiting"


def test_set_back_by_hand_it_is_handed_over_to_nobody_and_keeps_its_dates() -> None:
	changes = by_hand(Stage.SQL, Stage.LEAD, NOW, BOTH, accepted=True)
	assert changes == {"inbox_stage": "Lead", "inbox_handover": None, "inbox_sent_back_reason": None}


@given(st.none() | st.datetimes())
def test_sent_back_it_is_what_it_was_before(mql_on: datetime | None) -> None:
	changes = sent_back(mql_on, "No budget")
	assert changes["inbox_stage"] == ("MQL" if mql_on else "Lead")
	assert changes["inbox_handover"] == "Sent Back"


def lead(**values: Any) -> dict[str, Any]:
	fields = ("inbox_status", "inbox_converted", "inbox_stage", "inbox_score", "inbox_handover")
	return {**dict.fromkeys(fields), "inbox_status": "New", **values}


def test_leads_that_are_over_or_customers_take_no_part() -> None:
	assert takes_part(lead())
	assert all(takes_part(lead(inbox_status=s)) for s in ("Active", "Booked", "Inactive", None))
	assert not any(takes_part(lead(inbox_status=s.value)) for s in (Status.DECLINED, Status.CLOSED))
	assert not takes_part(lead(inbox_status="Active", inbox_converted=1))
	assert not takes_part(lead(inbox_stage="Customer"))


@given(st.lists(st.tuples(scores, st.booleans(), st.booleans()), max_size=20))
def test_whatever_happens_a_lead_is_handed_over_again_only_after_a_rise(
	course: list[tuple[int, bool, bool]],
) -> None:
	"""Follow a lead through scores, happenings and send-backs; it is SQL only by a rise above the last score."""
	now, standing = NOW, Standing()
	for score, happened, send_back in course:
		now += timedelta(hours=1)
		stage = stage_after(standing, score, BOTH, Occasion(happened=happened))
		reached_again = stage is Stage.SQL and standing.handover is Handover.SENT_BACK
		if reached_again and standing.stage is not Stage.SQL:
			assert happened and score > standing.score
		handover = Handover.WAITING if stage_rules.is_before(standing.stage, stage) else standing.handover
		standing = Standing(stage, score, handover)
		if send_back and stage is Stage.SQL:
			standing = Standing(Stage.MQL, score, Handover.SENT_BACK)
