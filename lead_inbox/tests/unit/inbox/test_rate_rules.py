"""When a channel's response rate is worth a warning: requirement IN-9."""

from __future__ import annotations

import pytest

from lead_inbox.inbox.response.rate_rules import FEWEST_LEADS, Verdict, judge


@pytest.mark.parametrize(
	("rate", "counted", "warned", "verdict"),
	[
		(0.79, 100, False, Verdict.FALLEN),
		(0.79, 100, True, Verdict.UNCHANGED),
		(0.8, 100, True, Verdict.RECOVERED),
		(0.8, 100, False, Verdict.UNCHANGED),
		(0.0, FEWEST_LEADS, False, Verdict.FALLEN),
		(0.0, FEWEST_LEADS - 1, False, Verdict.UNCHANGED),
		(1.0, FEWEST_LEADS - 1, True, Verdict.UNCHANGED),
		(None, 0, True, Verdict.UNCHANGED),
	],
)
def test_only_a_fall_and_a_recovery_are_news(
	rate: float | None, counted: int, warned: bool, verdict: Verdict
) -> None:
	assert judge(rate, counted, 0.8, warned) is verdict
