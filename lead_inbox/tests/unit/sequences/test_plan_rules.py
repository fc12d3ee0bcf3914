"""What the designer accepts: every plan that passes brings every record to its end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lead_inbox.sequences.planning.plan_rules import (
	END,
	BranchProblem,
	Outline,
	Question,
	branch_problem,
	is_reserved,
	is_too_long,
	loop,
	repeated,
	unknown_targets,
	unreached,
	ways,
)
from lead_inbox.sequences.rules import Kind, Signal, Unit

MAX_STEPS = 7
kinds = st.sampled_from([kind.value for kind in Kind])
signals = st.sampled_from([signal.value for signal in Signal])


def titles_of(count: int) -> list[str]:
	return [f"Step {number}" for number in range(count)]


@st.composite
def plans(draw: st.DrawFn, beyond: tuple[str, ...] = ()) -> list[Outline]:
	"""Plans with arrows to anywhere; beyond: titles that no step has."""
	titles = titles_of(draw(st.integers(1, MAX_STEPS)))
	targets = st.sampled_from(["", "", *titles, END, *beyond])
	return [Outline(title, draw(st.booleans()), draw(targets), draw(targets)) for title in titles]


def answers(steps: list[Outline], position: int) -> list[str]:
	"""Where a step leads, told again in another way than the rules do."""
	step = steps[position]
	after = steps[position + 1].title if position + 1 < len(steps) else END
	said = {step.then or after}
	if step.branches:
		said.add(step.yes or after)
	return sorted(said)


def walks(steps: list[Outline]) -> list[list[str]]:
	"""All ways of a record from the first step on, each until its end or one step more than the plan has."""
	places = {step.title: position for position, step in enumerate(steps)}
	done, ahead = [], [[steps[0].title]]
	while ahead:
		walk = ahead.pop()
		if walk[-1] not in places or len(walk) > len(steps):
			done.append(walk)
		else:
			ahead.extend([*walk, target] for target in answers(steps, places[walk[-1]]))
	return done


@given(plans())
def test_plan_without_findings_ends_on_every_way_and_needs_every_step(steps):
	all_walks = walks(steps)
	is_good = not (unknown_targets(steps) or loop(steps) or unreached(steps))
	visited = {title for walk in all_walks for title in walk}
	ends = all(walk[-1] == END for walk in all_walks)
	assert is_good == (ends and {step.title for step in steps} <= visited)


@given(plans(beyond=("Nowhere",)))
def test_step_that_leads_nowhere_is_named(steps):
	expected = {
		(step.title, "Nowhere")
		for position, step in enumerate(steps)
		if "Nowhere" in answers(steps, position)
	}
	assert set(unknown_targets(steps)) == expected


@given(plans())
def test_unreached_steps_are_those_of_no_walk(steps):
	visited = {title for walk in walks(steps) for title in walk}
	assert unreached(steps) == [step.title for step in steps if step.title not in visited]


@given(plans(beyond=("Nowhere",)))
@example([Outline("Step 0", then="Step 0")])
@example([Outline("Step 0", then="Step 2"), Outline("Step 1"), Outline("Step 2", then="Step 1")])
def test_loop_is_a_way_that_the_plan_has_and_comes_back_to_its_start(steps):
	found = loop(steps)
	if found:
		assert found[0] == found[-1]
		assert len(set(found)) == len(found) - 1
		assert all(after in ways(steps)[before] for before, after in pairwise(found))


def test_question_without_a_branch_leads_nowhere():
	steps = [Outline("Write", branches=False, yes="Gone"), Outline("Call")]
	assert ways(steps) == {"Write": ("Call",), "Call": (END,)}
	assert unknown_targets(steps) == []


def test_titles_that_differ_in_case_only_count_as_one():
	assert repeated(["Call", "Write", "CALL"]) == ["Call", "CALL"]
	assert repeated(["Call", "Write"]) == []
	assert is_reserved("end")
	assert not is_reserved("Ending")


@pytest.mark.parametrize(
	("amount", "unit", "too_long"),
	[
		(30, "Days", False),
		(31, "Days", True),
		(720, "Hours", False),
		(721, "Hours", True),
		(43_200, "Minutes", False),
		(43_201, "Minutes", True),
		(0, "Days", False),
	],
)
def test_wait_is_30_days_at_most(amount, unit, too_long):
	assert is_too_long(amount, unit) is too_long


@given(st.integers(0, 100_000), st.sampled_from([unit.value for unit in Unit]), st.integers(0, 1000))
def test_shorter_wait_than_an_allowed_one_is_allowed(amount, unit, less):
	if not is_too_long(amount, unit):
		assert not is_too_long(max(amount - less, 0), unit)


def problem(kind: str, signal: str, *, tracks: bool = True, leaves: bool = False, **question):
	asked = Question(signal, **{"within": 2, "field": "status", "operator": "Set", **question})
	return branch_problem(kind, asked, tracks_mails=tracks, leaves_on_reply=leaves)


@given(kinds, st.sampled_from(["Opened", "Link Clicked"]), st.booleans())
def test_only_a_tracked_mail_can_be_opened(kind, signal, tracks):
	found = problem(kind, signal, tracks=tracks)
	if kind != "Email":
		assert found is BranchProblem.NOT_A_MAIL
	else:
		assert found is (None if tracks else BranchProblem.NOT_TRACKED)


@given(kinds)
def test_only_a_call_can_be_answered_and_needs_no_limit(kind):
	found = problem(kind, "Call Answered", within=0)
	assert found is (None if kind == "Phone Call" else BranchProblem.NOT_A_CALL)


@given(kinds)
def test_reply_can_be_asked_about_only_where_it_does_not_end_the_sequence(kind):
	assert problem(kind, "Replied") is None
	assert problem(kind, "Replied", leaves=True) is BranchProblem.LEAVES_ON_REPLY


@given(signals)
def test_what_the_customer_does_needs_time(signal):
	kind = "Phone Call" if signal == "Call Answered" else "Email"
	needs_limit = signal in ("Replied", "Opened", "Link Clicked")
	assert problem(kind, signal, within=0) is (BranchProblem.NO_LIMIT if needs_limit else None)


@pytest.mark.parametrize(
	("question", "expected"),
	[
		({"field": ""}, BranchProblem.NO_FIELD),
		({"operator": "Equal To"}, BranchProblem.NO_VALUE),
		({"operator": "Not Equal To"}, BranchProblem.NO_VALUE),
		({"operator": "Equal To", "value": "Open"}, None),
		({"operator": "Not Set"}, None),
	],
)
def test_field_is_compared_with_something(question, expected):
	assert problem("Task", "Field Value", within=0, **question) is expected
