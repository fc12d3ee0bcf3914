"""What a channel turns away, and by which stable code (requirement IN-8)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.rules import refused_because

TODAY = date(2026, 3, 1)
DAY = timedelta(days=1)
KINDS = ("Message", "Phone Call", "Booking", "Form", "Email")

kinds = st.sampled_from(KINDS)
dates = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("kind", KINDS)
def test_an_open_channel_takes_every_kind(kind: str) -> None:
	assert refused_because(True, True, None, kind, TODAY) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_that_is_off_takes_nothing(kind: str) -> None:
	assert refused_because(False, True, None, kind, TODAY) == "channel_off"


@pytest.mark.parametrize("kind", KINDS)
def test_without_message_leads_only_messages_are_turned_away(kind: str) -> None:
	expected = "messages_off" if kind == "Message" else None
	assert refused_because(True, False, None, kind, TODAY) == expected


@pytest.mark.parametrize(
	("paused_until", "code"),
	[(TODAY + DAY, "channel_paused"), (TODAY, None), (TODAY - DAY, None)],
)
def test_a_pause_ends_on_the_morning_of_its_day(paused_until: date, code: str | None) -> None:
	assert refused_because(True, True, paused_until, "Form", TODAY) == code


@given(st.booleans(), st.booleans(), st.none() | dates, kinds, dates)
def test_the_widest_reason_is_named(
	enabled: bool, message_leads: bool, paused_until: date | None, kind: str, today: date
) -> None:
	code = refused_because(enabled, message_leads, paused_until, kind, today)
	paused = paused_until is not None and paused_until > today
	assert (code == "channel_off") is (not enabled)
	assert (code == "channel_paused") is (enabled and paused)
	assert (code == "messages_off") is (enabled and not paused and kind == "Message" and not message_leads)
