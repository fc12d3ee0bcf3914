"""Which of several leads an arrival belongs to (requirement IN-3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.rules import Candidate, Reason, Status, choose_match
from lead_inbox.tests.unit.inbox.strategies import moments, statuses

NOW = datetime(2026, 3, 1, 12)
reasons = st.sampled_from(["", *(reason.value for reason in Reason)])


def lead(name: str, status: Status | None = Status.NEW, reason: str = "", days_ago: int = 0) -> Candidate:
	return Candidate(name, status, reason, NOW - timedelta(days=days_ago))


def draw_candidates(max_size: int = 6) -> st.SearchStrategy[list[Candidate]]:
	names = st.integers(0, 99).map("LEAD-{:02}".format)
	candidate = st.builds(Candidate, names, st.none() | statuses, reasons, moments)
	return st.lists(candidate, max_size=max_size, unique_by=lambda found: found.name)


def test_nobody_matches_nothing() -> None:
	assert choose_match([]) is None


def test_the_liveliest_lead_is_taken() -> None:
	assert choose_match([lead("A", days_ago=9), lead("B", days_ago=2), lead("C", days_ago=5)]) == "B"


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.CLOSED])
def test_a_lead_in_work_comes_before_a_livelier_closed_one(status: Status) -> None:
	assert choose_match([lead("A", Status.CLOSED, "Converted"), lead("B", status, days_ago=99)]) == "B"


def test_a_closed_lead_is_taken_when_there_is_no_other() -> None:
	assert choose_match([lead("A", Status.CLOSED, "Converted")]) == "A"


def test_a_lead_whose_winner_is_gone_is_taken_last() -> None:
	merged = lead("A", Status.CLOSED, "Merged")
	assert choose_match([merged, lead("B", Status.CLOSED, "Converted", days_ago=99)]) == "B"
	assert choose_match([merged]) == "A"


def test_a_lead_that_the_inbox_has_not_seen_yet_matches() -> None:
	assert choose_match([lead("A", None)]) == "A"


@given(draw_candidates(), st.randoms())
def test_the_order_of_the_candidates_does_not_matter(candidates: list[Candidate], random) -> None:
	shuffled = list(candidates)
	random.shuffle(shuffled)
	assert choose_match(candidates) == choose_match(shuffled)


@given(draw_candidates())
def test_somebody_is_chosen_of_any_candidates(candidates: list[Candidate]) -> None:
	assert choose_match(iter(candidates)) in ({candidate.name for candidate in candidates} or {None})


@given(draw_candidates(), moments)
def test_a_lead_whose_winner_is_gone_never_displaces_another(
	candidates: list[Candidate], spoken_on: datetime
) -> None:
	others = [candidate for candidate in candidates if candidate.reason != "Merged"]
	orphan = Candidate("ORPHAN", Status.CLOSED, "Merged", spoken_on)
	if others:
		assert choose_match([*candidates, orphan]) == choose_match(others)


@given(draw_candidates(), moments)
def test_another_closed_lead_never_displaces_one_in_work(
	candidates: list[Candidate], spoken_on: datetime
) -> None:
	in_work = [c for c in candidates if c.status is not Status.CLOSED and c.reason != "Merged"]
	closed = Candidate("OTHER", Status.CLOSED, "Converted", spoken_on)
	if in_work:
		assert choose_match([*candidates, closed]) == choose_match(in_work)
