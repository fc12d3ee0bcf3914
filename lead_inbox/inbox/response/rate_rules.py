"""Whether a channel's leads are answered often enough (IN-9). Pure."""

from __future__ import annotations

from enum import Enum

# Of fewer leads, one that was missed by chance would look like neglect.
FEWEST_LEADS = 10


class Verdict(Enum):
	FALLEN = "fallen"
	RECOVERED = "recovered"
	UNCHANGED = "unchanged"


def judge(rate: float | None, counted: int, least: float, warned: bool) -> Verdict:
	"""Return what is new about a channel's response rate.

	rate, least: 0 to 1. counted: how many leads the rate is of. warned: whether its fall is known already.
	Too few leads say nothing either way.
	"""
	if rate is None or counted < FEWEST_LEADS:
		return Verdict.UNCHANGED
	if rate < least:
		return Verdict.UNCHANGED if warned else Verdict.FALLEN
	return Verdict.RECOVERED if warned else Verdict.UNCHANGED
