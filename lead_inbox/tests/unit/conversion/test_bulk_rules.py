"""Rows of a bulk conversion: doubles in the selection, companies, what a row wants, and the download's cells."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.bulk.bulk_rules import (
	Facts,
	LeftOut,
	Place,
	Placing,
	choice_of,
	harmless,
	may_be_taken_in,
)
from lead_inbox.conversion.rules import Choice, Mode, Pick

ROW = {
	"customer_mode": "New",
	"customer": None,
	"contact_mode": "Own",
	"contact": None,
	"opportunity_mode": "New",
	"owner_user": None,
	"qualification": None,
}


def placed(*facts: Facts | None) -> list[Place]:
	"""Place leads called A, B, C …"""
	placing = Placing()
	return [placing.place(chr(ord("A") + number), known) for number, known in enumerate(facts)]


def left_out(*facts: Facts | None) -> list[tuple[LeftOut | None, str]]:
	return [(place.left_out, place.same_as) for place in placed(*facts)]


def test_leads_of_different_people_are_all_taken() -> None:
	first = Facts(email="a@x.example", phones=("+4930111",))
	second = Facts(email="b@x.example", phones=("+4930222",))
	assert left_out(first, second) == [(None, ""), (None, "")]


def test_second_lead_of_an_address_is_left_out_and_names_the_first() -> None:
	same = Facts(email="a@x.example")
	assert left_out(same, Facts(email="b@x.example"), same) == [
		(None, ""),
		(None, ""),
		(LeftOut.SAME_EMAIL, "A"),
	]


def test_any_of_the_phones_may_be_the_same() -> None:
	first = Facts(phones=("+1", "+2"))
	assert left_out(first, Facts(phones=("+3", "+2")))[1] == (LeftOut.SAME_PHONE, "A")


def test_a_third_lead_is_the_same_person_by_way_of_the_second() -> None:
	leads = (Facts(email="a@x"), Facts(email="a@x", phones=("+1",)), Facts(phones=("+1",)))
	assert left_out(*leads)[2] == (LeftOut.SAME_PHONE, "B")


def test_leads_without_address_and_phone_are_nobody_s_double() -> None:
	assert left_out(Facts(), Facts()) == [(None, ""), (None, "")]


def test_what_can_not_be_converted_is_left_out_and_is_no_reason_to_leave_others_out() -> None:
	same = Facts(email="a@x")
	gone, merged, converted = None, Facts(email="a@x", merged=True), Facts(email="a@x", converted=True)
	assert left_out(gone, merged, converted, same) == [
		(LeftOut.UNKNOWN, ""),
		(LeftOut.MERGED, ""),
		(LeftOut.CONVERTED, ""),
		(None, ""),
	]


def test_rows_of_a_company_are_grouped_where_its_first_one_is() -> None:
	places = placed(Facts(), Facts(company="acme"), Facts(company="bolt"), Facts(company="acme"), Facts())
	assert [place.position for place in places] == [1, 2, 3, 4, 5]
	assert [place.group for place in places] == [1, 2, 3, 2, 5]


facts = st.none() | st.builds(
	Facts,
	email=st.sampled_from(["", "a", "b"]),
	phones=st.lists(st.sampled_from(["1", "2", "3"]), unique=True).map(tuple),
	company=st.sampled_from(["", "x", "y"]),
	converted=st.booleans(),
	merged=st.booleans(),
)


@given(st.lists(facts, max_size=12))
def test_of_those_that_are_taken_no_two_share_an_address_or_a_phone(leads: list[Facts | None]) -> None:
	taken = [
		known for known, place in zip(leads, placed(*leads), strict=True) if known and not place.left_out
	]
	emails = [known.email for known in taken if known.email]
	phones = [phone for known in taken for phone in known.phones]
	assert len(emails) == len(set(emails)) and len(phones) == len(set(phones))


@given(st.lists(facts, max_size=12))
def test_a_double_names_an_earlier_lead(leads: list[Facts | None]) -> None:
	for place in placed(*leads):
		assert bool(place.same_as) == (place.left_out in (LeftOut.SAME_EMAIL, LeftOut.SAME_PHONE))
		assert not place.same_as or ord(place.same_as) - ord("A") + 1 < place.position


def test_a_row_nobody_has_touched_wants_what_the_dialog_would() -> None:
	assert choice_of(ROW, "") == Choice()


def test_the_first_row_of_a_shared_customer_makes_it_and_the_others_use_it() -> None:
	row = {**ROW, "customer_mode": "Shared"}
	assert choice_of(row, "").customer == Pick(Mode.NEW)
	assert choice_of(row, "Acme").customer == Pick(Mode.EXISTING, "Acme")


def test_a_shared_customer_is_nothing_to_a_row_that_wants_its_own() -> None:
	assert choice_of(ROW, "Acme").customer == Pick(Mode.NEW)


def test_a_row_may_want_existing_records_an_owner_and_no_opportunity() -> None:
	row = {
		**{"customer_mode": "Existing", "customer": "Acme", "contact_mode": "Existing", "contact": "Naree"},
		**{"opportunity_mode": "None", "owner_user": "sara@company.example", "qualification": "Qualified"},
	}
	assert choice_of(row, "") == Choice(
		customer=Pick(Mode.EXISTING, "Acme"),
		contact=Pick(Mode.EXISTING, "Naree"),
		opportunity=Pick(Mode.NONE),
		owner="sara@company.example",
		qualification="Qualified",
	)


def test_a_double_may_be_taken_in_and_what_can_not_be_converted_may_not() -> None:
	taken = [reason for reason in LeftOut if may_be_taken_in(reason.value)]
	assert taken == [LeftOut.SAME_EMAIL, LeftOut.SAME_PHONE, LeftOut.BY_HAND]
	assert may_be_taken_in(None) and may_be_taken_in("")


@given(st.sampled_from(["", *"=+-@\t\r\n"]), st.text())
def test_no_cell_of_the_download_is_a_formula(beginning: str, rest: str) -> None:
	text = beginning + rest
	line = io.StringIO()
	csv.writer(line).writerow([harmless(text)])
	(cell,) = next(csv.reader(io.StringIO(line.getvalue(), newline="")))
	assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
	assert cell.endswith(text)
