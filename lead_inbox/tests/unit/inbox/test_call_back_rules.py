"""Since when a customer waits for us to call back: requirement RE-4."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given

from lead_inbox.inbox.rules import Happening, call_back_since
from lead_inbox.tests.unit.inbox.strategies import happenings, moments

NOON = datetime(2026, 11, 24, 12)


@given(moments)
def test_the_first_of_several_missed_calls_counts(on: datetime) -> None:
	first = call_back_since(None, Happening.CALL_MISSED, on)
	assert call_back_since(first, Happening.CALL_MISSED, on + timedelta(hours=1)) == on


@pytest.mark.parametrize(
	"happening",
	[
		Happening.CALL_ANSWERED,
		Happening.REPLIED,
		Happening.DECLINED,
		Happening.CONVERTED,
		Happening.CONTACT_REFUSED,
		Happening.MERGED,
	],
)
def test_an_answer_or_the_end_of_the_lead_ends_the_wait(happening: Happening) -> None:
	assert call_back_since(NOON, happening, NOON + timedelta(hours=1)) is None


@pytest.mark.parametrize("happening", [Happening.CALL_ATTEMPTED, Happening.INBOUND, Happening.BOOKED])
def test_an_attempt_or_a_message_does_not(happening: Happening) -> None:
	assert call_back_since(NOON, happening, NOON + timedelta(hours=1)) == NOON


@given(happenings, moments)
def test_nobody_waits_who_has_not_called(happening: Happening, on: datetime) -> None:
	waits = call_back_since(None, happening, on)
	assert waits is None or happening is Happening.CALL_MISSED
