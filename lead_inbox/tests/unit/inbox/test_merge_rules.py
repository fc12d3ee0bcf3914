"""What becomes of two leads that are one person (requirement IN-3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.merging.merge_rules import (
	EARLIER,
	LATER,
	RESPONSE_FIELDS,
	STAGE_FIELDS,
	Party,
	Refusal,
	Seen,
	given_back,
	joined_clocks,
	joined_marker,
	joined_refusals,
	joined_stage,
	joined_state,
	merge_refused,
	missing_values,
	unmerge_refused,
)
from lead_inbox.tests.unit.inbox.strategies import moments, reasons, statuses

texts = st.none() | st.sampled_from(["", "A", "B"])
clocks = st.fixed_dictionaries(
	{field: st.none() | moments for field in (*EARLIER, *LATER, *RESPONSE_FIELDS)}
	| {"inbox_channel": texts, "inbox_last_message": texts}
)
states = st.fixed_dictionaries(
	{"inbox_status": st.none() | statuses.map(lambda s: s.value), "inbox_reason": reasons}
	| {"status": st.sampled_from(["Lead", "Open", "Replied", "Converted", "Do Not Contact"])}
)


def lead(status: str, reason: str = "", erp_status: str = "Lead") -> dict[str, str]:
	return {"inbox_status": status, "inbox_reason": reason, "status": erp_status}


class TestWhoMayBeMerged:
	def test_two_fresh_leads(self) -> None:
		assert merge_refused(Party("A"), Party("B")) is None

	def test_a_lead_is_not_merged_with_itself(self) -> None:
		assert merge_refused(Party("A"), Party("A")) is Refusal.SAME_LEAD

	def test_a_lead_is_merged_away_once(self) -> None:
		assert merge_refused(Party("A"), Party("B", merged_into="C")) is Refusal.LOSER_MERGED

	def test_nothing_is_merged_into_a_lead_that_is_gone(self) -> None:
		assert merge_refused(Party("A", merged_into="B"), Party("B")) is Refusal.WINNER_MERGED

	def test_the_converted_one_of_two_must_be_kept(self) -> None:
		assert merge_refused(Party("A"), Party("B", converted=True)) is Refusal.LOSER_CONVERTED
		assert merge_refused(Party("A", converted=True), Party("B")) is None

	def test_two_converted_leads_stay_two(self) -> None:
		both = merge_refused(Party("A", converted=True), Party("B", converted=True))
		assert both is Refusal.BOTH_CONVERTED

	@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=12))
	def test_no_order_of_merges_leads_in_a_circle(self, wanted: list[tuple[str, str]]) -> None:
		into: dict[str, str] = {}
		for winner, loser in wanted:
			if not merge_refused(Party(winner, into.get(winner)), Party(loser, into.get(loser))):
				into[loser] = winner
		for name in into:
			for _hop in range(len(into)):
				name = into.get(name, name)
			assert name not in into


class TestWhatMayBeTakenBack:
	def test_a_merge_once(self) -> None:
		assert unmerge_refused(Party("A"), was_converted=False, undone=False) is None
		assert unmerge_refused(Party("A"), was_converted=False, undone=True) is Refusal.UNDONE_ALREADY

	def test_not_below_another_merge(self) -> None:
		assert unmerge_refused(Party("A", "B"), False, False) is Refusal.WINNER_MERGED

	def test_not_after_a_customer_was_made_of_both(self) -> None:
		winner = Party("A", converted=True)
		assert unmerge_refused(winner, False, False) is Refusal.WINNER_CONVERTED_SINCE
		assert unmerge_refused(winner, True, False) is None


class TestFields:
	@given(st.dictionaries(st.sampled_from("abcd"), texts), st.dictionaries(st.sampled_from("abcd"), texts))
	def test_only_what_the_winner_lacks_is_taken_and_all_of_it(
		self, winner: dict[str, str], loser: dict[str, str]
	) -> None:
		taken = missing_values(winner, loser, "abcd")
		assert taken == {f: loser[f] for f in "abcd" if loser.get(f) and not winner.get(f)}

	def test_an_address_is_taken_whole_or_not_at_all(self) -> None:
		fields = ("city", "state", "country")
		loser = {"city": "Paris", "state": "Île-de-France", "country": "France"}
		assert missing_values({"city": "Berlin"}, loser, fields) == {}
		assert missing_values({}, loser, fields) == loser

	@given(
		st.fixed_dictionaries({"no_calls": st.booleans(), "no_mail": st.booleans()}),
		st.fixed_dictionaries({"no_calls": st.booleans(), "no_mail": st.booleans()}),
		st.booleans(),
	)
	def test_what_was_refused_once_is_refused(self, winner, loser, refuses_all) -> None:
		ticked = joined_refusals(winner, loser, ("no_calls", "no_mail"), refuses_all)
		for field in winner:
			assert (winner[field] or field in ticked) == (winner[field] or loser[field] or refuses_all)


class TestClocks:
	@given(clocks, clocks)
	def test_times_are_those_of_one_lead_to_which_all_happened(self, winner, loser) -> None:
		joined = joined_clocks(winner, loser)
		for fields, choose in ((EARLIER, min), (LATER, max)):
			for field in fields:
				known = [moment for moment in (winner[field], loser[field]) if moment]
				assert joined[field] == (choose(known) if known else None)

	@given(clocks, clocks)
	def test_the_earlier_response_is_taken_with_all_that_was_measured(self, winner, loser) -> None:
		joined = joined_clocks(winner, loser)
		response = [joined[field] for field in RESPONSE_FIELDS]
		assert response in [[lead[field] for field in RESPONSE_FIELDS] for lead in (winner, loser)]
		answered = [lead["inbox_first_response_on"] for lead in (winner, loser)]
		assert response[0] == min(filter(None, answered), default=None)

	@given(clocks)
	def test_nothing_changes_for_a_lead_that_is_its_own_double(self, lead) -> None:
		assert {field: lead[field] or None for field in joined_clocks(lead, lead)} == {
			field: value or None for field, value in joined_clocks(lead, lead).items()
		}


class TestState:
	@given(states, states, st.booleans())
	def test_a_winner_is_moved_only_by_a_lead_in_work(self, winner, loser, answered: bool) -> None:
		if loser["inbox_status"] not in ("New", "Active", "Booked"):
			assert joined_state(winner, loser, answered) == {}

	@given(states, states, st.booleans())
	def test_a_winner_in_work_or_declined_keeps_its_state(self, winner, loser, answered: bool) -> None:
		if winner["inbox_status"] not in ("Inactive", "Closed"):
			assert "inbox_status" not in joined_state(winner, loser, answered)

	@pytest.mark.parametrize(("answered", "state"), [(False, "New"), (True, "Active")])
	def test_an_unanswered_lead_wakes_an_inactive_one_as_its_message_would(
		self, answered: bool, state: str
	) -> None:
		changes = joined_state(lead("Inactive", "Quiet", "Replied"), lead("New"), answered)
		assert changes == {
			"inbox_status": state,
			"inbox_reason": "",
			"inbox_snoozed_until": None,
			"status": "Open",
		}

	def test_a_new_request_of_a_customer_does_not_vanish_into_a_converted_lead(self) -> None:
		changes = joined_state(lead("Closed", "Converted", "Converted"), lead("New"), answered=True)
		assert (changes["inbox_status"], changes["inbox_reason"]) == ("Active", "Returned")

	def test_do_not_contact_stands(self) -> None:
		winner = lead("Closed", "Do Not Contact", "Do Not Contact")
		assert joined_state(winner, lead("New"), answered=False) == {}

	def test_an_unanswered_lead_ends_a_snooze(self) -> None:
		assert "inbox_snoozed_until" in joined_state(lead("Active"), lead("New"), answered=True)
		assert joined_state(lead("Active"), lead("Active"), answered=True) == {}


seen = st.builds(Seen, st.none() | moments, st.none() | moments)


class TestReading:
	@given(seen, seen)
	def test_what_was_unread_in_either_is_unread(self, winner: Seen, loser: Seen) -> None:
		heard = max(filter(None, (winner.heard_on, loser.heard_on)), default=None)
		joined = Seen(heard, joined_marker(winner, loser))
		assert joined.is_unread == (winner.is_unread or loser.is_unread)


class TestGivingBack:
	def test_what_moved_since_stays(self) -> None:
		changed = {"a": [1, 2], "b": [1, 2]}
		assert given_back(changed, {"a": 2, "b": 3}) == {"a": 1}

	def test_a_state_goes_back_with_its_reason_or_not_at_all(self) -> None:
		changed = {"inbox_status": ["Inactive", "New"], "inbox_reason": ["Quiet", ""]}
		assert given_back(changed, {"inbox_status": "New", "inbox_reason": ""}) == {
			"inbox_status": "Inactive",
			"inbox_reason": "Quiet",
		}
		assert given_back(changed, {"inbox_status": "Active", "inbox_reason": ""}) == {}

	@given(st.dictionaries(st.sampled_from("abc"), st.tuples(texts, texts).map(list)))
	def test_untouched_it_all_goes_back(self, changed: dict[str, list[str]]) -> None:
		after = {field: values[1] for field, values in changed.items()}
		assert given_back(changed, after) == {field: values[0] for field, values in changed.items()}


stages = st.fixed_dictionaries(
	dict.fromkeys(STAGE_FIELDS, texts)
	| {"inbox_stage": st.none() | st.sampled_from(["", "Lead", "MQL", "SQL", "Customer"])}
)


class TestTheStage:
	def test_the_one_further_on_gives_its_stage_and_all_that_belongs_to_it(self) -> None:
		winner = dict.fromkeys(STAGE_FIELDS) | {"inbox_stage": "Lead"}
		loser = {**winner, "inbox_stage": "SQL", "inbox_handover": "Accepted", "inbox_sql_on": "2026-11-25"}
		assert joined_stage(winner, loser) == loser

	def test_a_converted_winner_keeps_its_own(self) -> None:
		winner = dict.fromkeys(STAGE_FIELDS) | {"inbox_stage": "Customer"}
		assert joined_stage(winner, {**winner, "inbox_stage": "SQL"}) == {}

	@given(stages, stages)
	def test_it_is_one_lead_s_as_a_whole(self, winner: dict[str, Any], loser: dict[str, Any]) -> None:
		assert joined_stage(winner, loser) in ({}, loser)
