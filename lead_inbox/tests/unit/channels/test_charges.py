"""What a source says of the charge of a lead and its credit."""

from __future__ import annotations

import pytest

from lead_inbox.channels.event import LeadEvent, MalformedEvent
from lead_inbox.channels.standard import parse
from lead_inbox.tests.unit.channels.strategies import BERLIN


def event(**payload: object) -> LeadEvent:
	return parse({"name": "Ada", **payload}, BERLIN)


@pytest.mark.parametrize(("sent", "meant"), [(True, True), (False, False), ("yes", True), (0, False)])
def test_a_source_says_whether_a_lead_was_charged(sent: object, meant: bool) -> None:
	assert event(charged=sent).charged is meant


def test_a_source_may_say_nothing_of_charges() -> None:
	assert (event().charged, event().credit_state) == (None, None)


def test_charged_must_be_yes_or_no() -> None:
	with pytest.raises(MalformedEvent) as caught:
		event(charged="perhaps")
	assert list(caught.value.fields) == ["charged"]


@pytest.mark.parametrize("word", ["pending", "Credited", "REFUSED"])
def test_the_state_of_a_credit_is_read_in_any_case(word: str) -> None:
	assert event(credit_state=word).credit_state == word.capitalize()


def test_an_unknown_word_for_a_credit_is_kept_and_turns_nobody_away() -> None:
	said = event(credit_state="under review")
	assert said.credit_state is None
	assert said.extra["credit_state"] == "under review"
