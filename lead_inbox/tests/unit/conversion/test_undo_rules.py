"""What becomes of a conversion that is taken back (requirement CO-8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.undoing.undo_rules import (
	DELETION_ORDER,
	Fates,
	Keeping,
	Made,
	Record,
	Refusal,
	fates,
	given_back,
	refused,
	still_filled,
	until,
)

NOON = datetime(2026, 11, 25, 12)
CUSTOMER = Record("Customer", "Phan Plumbing")
CONTACT = Record("Contact", "Naree Phan")
OPPORTUNITY = Record("Opportunity", "CRM-OPP-1")
QUOTATION = Record("Quotation", "SAL-QTN-1")
INVOICE = Record("Sales Invoice", "SINV-1")
OWN = (CUSTOMER, CONTACT, OPPORTUNITY, QUOTATION)


@st.composite
def conversions(draw: st.DrawFn, outside: tuple[Record, ...] = ()) -> list[Made]:
	"""Records of a conversion, in any state, naming each other and documents of others in any way."""
	records = draw(st.lists(st.sampled_from(OWN), unique=True))
	naming = st.lists(st.sampled_from((*OWN, *outside)), unique=True, max_size=3)
	return [
		Made(
			record,
			is_submitted=bool(outside) and draw(st.booleans()),
			is_changed=draw(st.booleans()),
			has_more=draw(st.booleans()),
			named_by=tuple(other for other in draw(naming) if other in (*records, *outside)),
		)
		for record in records
	]


def refused_when(**values: Any) -> Refusal | None:
	usual = {"undone": False, "converted_on": NOON, "days": 7, "may": True, "now": NOON}
	return refused(**{**usual, **values})


class TestWhoMayUndoAndUntilWhen:
	def test_who_converted_may_at_once(self) -> None:
		assert refused_when() is None

	def test_the_last_moment_counts(self) -> None:
		end = until(NOON, 7)
		assert refused_when(now=end) is None
		assert refused_when(now=end + timedelta(seconds=1)) is Refusal.TOO_LATE

	def test_nobody_may_where_it_is_turned_off(self) -> None:
		assert refused_when(days=0) is Refusal.NEVER

	def test_it_is_done_once(self) -> None:
		assert refused_when(undone=True, may=False, days=0) is Refusal.UNDONE

	def test_a_colleague_may_not(self) -> None:
		assert refused_when(may=False) is Refusal.NO_RIGHT


class TestWhatBecomesOfTheRecords:
	def test_what_nobody_touched_goes_and_a_record_before_what_it_names(self) -> None:
		made = [
			Made(CONTACT, named_by=(CUSTOMER, OPPORTUNITY)),
			Made(CUSTOMER, named_by=(OPPORTUNITY, QUOTATION)),
			Made(OPPORTUNITY, named_by=(QUOTATION,)),
			Made(QUOTATION),
		]
		assert fates(made).removed == (QUOTATION, OPPORTUNITY, CUSTOMER, CONTACT)

	def test_an_invoice_hinders_all_of_it(self) -> None:
		found = fates([Made(CUSTOMER, named_by=(OPPORTUNITY, INVOICE)), Made(OPPORTUNITY)])
		assert found == Fates(hindered_by=(INVOICE,))

	def test_a_submitted_quotation_hinders_all_of_it(self) -> None:
		assert fates([Made(CUSTOMER), Made(QUOTATION, is_submitted=True)]).hindered_by == (QUOTATION,)

	def test_a_changed_record_stays_with_what_it_names(self) -> None:
		made = [
			Made(CUSTOMER, named_by=(OPPORTUNITY,)),
			Made(CONTACT, named_by=(CUSTOMER,)),
			Made(OPPORTUNITY, is_changed=True),
			Made(QUOTATION),
		]
		assert fates(made) == Fates(
			removed=(QUOTATION,),
			kept={
				OPPORTUNITY: Keeping.CHANGED,
				CUSTOMER: Keeping.NEEDED,
				CONTACT: Keeping.NEEDED,
			},
		)

	@given(conversions())
	def test_every_record_has_one_fate(self, made: list[Made]) -> None:
		found = fates(made)
		assert sorted([*found.removed, *(found.kept or {})], key=str) == sorted(
			[each.record for each in made], key=str
		)

	@given(conversions())
	def test_nothing_is_removed_that_somebody_touched_or_that_a_kept_record_names(
		self, made: list[Made]
	) -> None:
		found = fates(made)
		for each in made:
			if each.record in found.removed:
				assert not (each.is_changed or each.has_more)
				assert not set(each.named_by) & set(found.kept or ())

	@given(conversions())
	def test_what_is_kept_is_touched_or_named_by_something_kept(self, made: list[Made]) -> None:
		kept = fates(made).kept or {}
		for each in made:
			if each.record in kept:
				assert each.is_changed or each.has_more or set(each.named_by) & set(kept)

	@given(conversions(outside=(INVOICE,)))
	def test_it_is_all_or_nothing_where_others_depend(self, made: list[Made]) -> None:
		found = fates(made)
		hindered = any(each.is_submitted or INVOICE in each.named_by for each in made)
		assert bool(found.hindered_by) == hindered
		assert not (hindered and (found.removed or found.kept))

	@given(conversions())
	def test_records_go_in_the_order_in_which_they_name_each_other(self, made: list[Made]) -> None:
		places = [DELETION_ORDER.index(record.doctype) for record in fates(made).removed]
		assert all(earlier <= later for earlier, later in pairwise(places))


class TestFilledFields:
	def test_only_what_still_holds_what_was_filled_is_emptied(self) -> None:
		assert still_filled({"website": "a", "industry": "b"}, {"website": "a", "industry": "c"}) == [
			"website"
		]

	def test_a_field_that_is_gone_is_left_alone(self) -> None:
		assert still_filled({"website": "a"}, {}) == []


CHANGES = {
	"inbox_status": ["Active", "Closed"],
	"inbox_reason": ["", "Converted"],
	"status": ["Replied", "Converted"],
	"inbox_stage": ["SQL", "Customer"],
	"inbox_aging_from": ["2026-11-20 10:00:00", "2026-11-25 12:00:00"],
	"inbox_customer": [None, "Phan Plumbing"],
}
NOW = {field: after for field, (_before, after) in CHANGES.items()}


def back(present: dict[str, Any], changes: dict[str, list[Any]] = CHANGES, answered: bool = True) -> dict:
	return given_back(changes, present, ["inbox_customer"], answered)


class TestTheLead:
	def test_an_untouched_lead_is_as_it_was(self) -> None:
		assert back(NOW) == {field: before for field, (before, _after) in CHANGES.items()}

	def test_times_that_have_moved_since_stay(self) -> None:
		assert "inbox_aging_from" not in back({**NOW, "inbox_aging_from": "2026-11-26 09:00:00"})

	def test_a_lead_that_somebody_closed_otherwise_stays_closed_and_is_not_converted(self) -> None:
		values = back({**NOW, "inbox_reason": "Do Not Contact", "status": "Do Not Contact"})
		assert not values.keys() & {"inbox_status", "inbox_reason", "status"}
		assert values["inbox_customer"] is None

	def test_a_customer_who_has_come_back_is_in_work_as_if_never_converted(self) -> None:
		returned = {**NOW, "inbox_status": "Active", "inbox_reason": "Returned"}
		values = back(returned)
		assert (values["inbox_status"], values["inbox_reason"], values["status"]) == ("Active", "", "Open")

	def test_an_inactive_lead_whose_customer_has_spoken_since_is_new_if_nobody_ever_answered(self) -> None:
		changes = {
			**CHANGES,
			"inbox_status": ["Inactive", "Closed"],
			"inbox_reason": ["Unanswered", "Converted"],
		}
		returned = {**NOW, "inbox_status": "Active", "inbox_reason": "Returned"}
		assert back(returned, changes, answered=False)["inbox_status"] == "New"

	@given(
		st.dictionaries(st.sampled_from(sorted(CHANGES)), st.sampled_from(["Active", "Closed", "x", None]))
	)
	def test_it_never_names_its_customer_any_more(self, moved: dict[str, Any]) -> None:
		present = {**NOW, **moved}
		assert back({**present, "inbox_status": "Closed"})["inbox_customer"] is None

	@given(st.sets(st.sampled_from(sorted(CHANGES))))
	def test_what_others_have_written_since_is_never_overwritten(self, touched: set[str]) -> None:
		present = {**NOW, **dict.fromkeys(touched, "somebody's")}
		written = back(present).keys()
		assert not (touched - {"inbox_customer", "status"}) & written

	def test_erpnext_s_status_goes_with_the_state_whatever_deleting_the_customer_made_of_it(self) -> None:
		assert back({**NOW, "status": "Interested"})["status"] == "Replied"
