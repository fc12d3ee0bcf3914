"""Feedback, disputes and credits of charged leads (requirement IN-10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.charges.charge_rules import (
	COMPLAINTS,
	CREDIT_STATES,
	PRAISE,
	SATISFACTIONS,
	can_be_disputed,
	credit_state_after,
	credited_amount,
	may_follow,
	reasons_for,
)

RESULTS = ("Filed", "Pending", "Credited", "Refused")


@pytest.mark.parametrize(
	("satisfaction", "fitting", "unfitting"),
	[
		("Very Satisfied", PRAISE, COMPLAINTS),
		("Satisfied", PRAISE, COMPLAINTS),
		("Dissatisfied", COMPLAINTS, PRAISE),
		("Very Dissatisfied", COMPLAINTS, PRAISE),
	],
)
def test_reasons_go_with_the_satisfaction(satisfaction: str, fitting: tuple, unfitting: tuple) -> None:
	reasons = reasons_for("Feedback", satisfaction)
	assert set(fitting) < set(reasons) and not set(unfitting) & set(reasons)


def test_a_neutral_customer_may_give_any_reason() -> None:
	assert {*PRAISE, *COMPLAINTS} < set(reasons_for("Feedback", "Neutral"))


@pytest.mark.parametrize("satisfaction", [None, *SATISFACTIONS])
def test_a_dispute_is_a_complaint(satisfaction: str | None) -> None:
	assert set(reasons_for("Dispute", satisfaction)) == {*COMPLAINTS, "Other"}


def test_another_reason_always_fits() -> None:
	assert all("Other" in reasons_for("Feedback", satisfaction) for satisfaction in SATISFACTIONS)


def test_a_charge_or_a_price_can_be_disputed() -> None:
	assert can_be_disputed(True, None) and can_be_disputed(False, 12.5)
	assert not can_be_disputed(False, 0)


@given(st.lists(st.sampled_from(RESULTS), min_size=2, max_size=6))
def test_what_was_decided_stays_decided(wanted: list[str]) -> None:
	result = wanted[0]
	decided = None
	for after in wanted[1:]:
		if may_follow(result, after):
			result = after
		decided = decided or (result if result in ("Credited", "Refused") else None)
		assert decided is None or result == decided


def test_only_a_dispute_asks_for_a_credit_when_it_is_filed() -> None:
	assert credit_state_after("Dispute", "Filed") == "Pending"
	assert credit_state_after("Feedback", "Filed") is None


@pytest.mark.parametrize("state", CREDIT_STATES)
@pytest.mark.parametrize("kind", ["Dispute", "Feedback"])
def test_the_source_s_answer_is_the_lead_s_credit_state(kind: str, state: str) -> None:
	assert credit_state_after(kind, state) == state


def test_a_credit_is_the_whole_price_unless_somebody_says_less() -> None:
	assert credited_amount("Credited", 0, 20) == 20
	assert credited_amount("Credited", 5, 20) == 5
	assert credited_amount("Refused", 5, 20) == 0
