"""What a lead's score is made of (CO-1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.stages.score_rules import (
	DATE_TYPES,
	NUMBER_TYPES,
	Engagement,
	Facts,
	FieldIs,
	Operator,
	Problem,
	ScoreRule,
	SourceIs,
	compare,
	condition_problem,
	remaining_share,
	score,
)

NOW = datetime(2026, 3, 1, 12)
DAY = timedelta(days=1)
points = st.integers(-1000, 1000)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
fieldtypes = st.sampled_from((*NUMBER_TYPES, *DATE_TYPES, "Data", "Select", "Link", "Small Text"))
values = st.one_of(
	st.none(),
	st.text(max_size=20),
	st.integers(),
	st.floats(),
	st.dates(),
	moments,
	st.booleans(),
	st.timedeltas(),
)
asked = st.one_of(
	st.builds(FieldIs, st.sampled_from("ab"), fieldtypes, st.sampled_from(Operator), st.text(max_size=20)),
	st.builds(SourceIs, st.sampled_from(["Fair", "Web"])),
	st.sampled_from(Engagement),
)
rules = st.lists(st.builds(ScoreRule, points, asked, st.integers(0, 400)), max_size=8)
facts = st.builds(
	Facts,
	st.fixed_dictionaries({"a": values, "b": values}),
	st.sampled_from(["", "Fair", "web"]),
	st.none() | moments,
	st.dictionaries(st.sampled_from(Engagement), moments),
)


def is_so(operator: Operator, value: Any, wanted: str = "", fieldtype: str = "Data") -> bool:
	return compare(FieldIs("field", fieldtype, operator, wanted), value)


@given(rules, facts, moments)
def test_any_rules_give_any_lead_a_score_whatever_its_fields_hold(
	given_rules: list[ScoreRule], known: Facts, now: datetime
) -> None:
	found = score(given_rules, known, now)
	assert found == score(list(reversed(given_rules)), known, now)
	gives, takes = (sum(abs(r.points) for r in given_rules if r.points * sign > 0) for sign in (1, -1))
	assert -takes <= found <= gives


@given(values, st.text(max_size=20), fieldtypes)
def test_what_is_not_set_is_never_set(value: Any, wanted: str, fieldtype: str) -> None:
	assert is_so(Operator.SET, value) is not is_so(Operator.NOT_SET, value)


@given(values, st.text(max_size=20), fieldtypes)
def test_not_equal_is_the_contrary_of_equal_wherever_the_two_can_be_compared(
	value: Any, wanted: str, fieldtype: str
) -> None:
	equal, other = (is_so(o, value, wanted, fieldtype) for o in (Operator.EQUAL_TO, Operator.NOT_EQUAL_TO))
	if condition_problem(FieldIs("field", fieldtype, Operator.EQUAL_TO, wanted)):
		assert not equal and not other
	else:
		assert equal is not other


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.sampled_from(NUMBER_TYPES))
def test_numbers_are_compared_as_numbers(value: int, wanted: int, fieldtype: str) -> None:
	assert is_so(Operator.GREATER_THAN, value, str(wanted), fieldtype) is (value > wanted)
	assert is_so(Operator.LESS_THAN, float(value), f"{wanted}.0", fieldtype) is (value < wanted)
	assert is_so(Operator.EQUAL_TO, value, str(wanted), fieldtype) is (value == wanted)


def test_a_text_of_digits_is_not_compared_as_a_number() -> None:
	assert is_so(Operator.EQUAL_TO, 9.0, "9", "Float")
	assert not is_so(Operator.EQUAL_TO, "9.0", "9", "Data")


def test_an_empty_number_is_nought_and_an_empty_date_is_no_date() -> None:
	assert is_so(Operator.LESS_THAN, None, "1", "Currency")
	for operator in (Operator.LESS_THAN, Operator.GREATER_THAN, Operator.EQUAL_TO):
		assert not is_so(operator, None, "2026-01-01", "Date")


@pytest.mark.parametrize("fieldtype", DATE_TYPES)
def test_a_day_is_equal_to_any_time_of_it(fieldtype: str) -> None:
	value = datetime(2026, 3, 1, 9, 30) if fieldtype == "Datetime" else date(2026, 3, 1)
	assert is_so(Operator.EQUAL_TO, value, "2026-03-01", fieldtype)
	assert not is_so(Operator.GREATER_THAN, value, "2026-03-01", fieldtype)
	assert is_so(Operator.GREATER_THAN, value, "2026-02-28", fieldtype)
	assert is_so(Operator.LESS_THAN, value, "2026-03-02", fieldtype)


def test_a_time_of_a_day_is_compared_as_one() -> None:
	assert is_so(Operator.LESS_THAN, datetime(2026, 3, 1, 9, 30), "2026-03-01 10:00:00", "Datetime")


def test_texts_are_compared_without_regard_to_case_and_spaces_around() -> None:
	assert is_so(Operator.EQUAL_TO, " Straße ", "STRASSE")
	assert is_so(Operator.CONTAINS, "Head of Purchasing", "purchas")
	assert not is_so(Operator.CONTAINS, None, "x")


@pytest.mark.parametrize(
	("fieldtype", "operator", "value", "problem"),
	[
		("Int", Operator.GREATER_THAN, "many", Problem.NOT_A_NUMBER),
		("Int", Operator.EQUAL_TO, "nan", Problem.NOT_A_NUMBER),
		("Date", Operator.LESS_THAN, "31.12.2026", Problem.NOT_A_DATE),
		("Datetime", Operator.LESS_THAN, "2026-01-01T00:00:00+02:00", Problem.NOT_A_DATE),
		("Data", Operator.GREATER_THAN, "5", Problem.NO_ORDER),
		("Int", Operator.CONTAINS, "5", Problem.NO_TEXT),
		("Data", Operator.EQUAL_TO, " ", Problem.NO_VALUE),
		("Data", Operator.SET, "", None),
		("Currency", Operator.LESS_THAN, "1.5", None),
	],
)
def test_what_can_not_be_asked_is_named(
	fieldtype: str, operator: Operator, value: str, problem: Problem | None
) -> None:
	condition = FieldIs("field", fieldtype, operator, value)
	assert condition_problem(condition) is problem
	if problem:
		assert not compare(condition, "5")


@given(moments, st.integers(1, 400), st.timedeltas(timedelta(0), 400 * DAY), st.timedeltas(timedelta(0), DAY))
def test_points_fade_evenly_to_nothing_and_never_grow_back(
	since: datetime, days: int, age: timedelta, later: timedelta
) -> None:
	share = remaining_share(since, days, since + age)
	assert remaining_share(since, days, since) == 1
	assert remaining_share(since, days, since + days * DAY) == 0
	assert remaining_share(since, days, since + days * DAY / 2) == pytest.approx(0.5)
	assert 0 <= remaining_share(since, days, since + age + later) <= share <= 1


def test_points_that_do_not_fade_stay_and_a_time_to_come_counts_as_now() -> None:
	assert remaining_share(NOW - 9999 * DAY, 0, NOW) == 1
	assert remaining_share(None, 30, NOW) == 1
	assert remaining_share(NOW + DAY, 30, NOW) == 1


def test_what_the_customer_did_fades_from_then_and_the_rest_from_the_arrival() -> None:
	known = Facts({"a": "x"}, "Fair", NOW - 10 * DAY, {Engagement.REPLIED: NOW - 5 * DAY})
	assert score([ScoreRule(100, Engagement.REPLIED, 10)], known, NOW) == 50
	assert score([ScoreRule(100, SourceIs("Fair"), 20)], known, NOW) == 50
	assert score([ScoreRule(100, FieldIs("a", "Data", Operator.SET), 40)], known, NOW) == 75
	assert score([ScoreRule(-100, Engagement.REPLIED, 20)], known, NOW) == -75


def test_what_the_customer_did_not_do_gives_nothing() -> None:
	assert (
		score([ScoreRule(100, Engagement.BOOKED)], Facts({}, engaged_on={Engagement.REPLIED: NOW}), NOW) == 0
	)


def test_a_source_is_the_same_in_any_case_and_none_is_never_asked_for() -> None:
	assert score([ScoreRule(5, SourceIs("fair"))], Facts({}, "Fair"), NOW) == 5
	assert score([ScoreRule(5, SourceIs(""))], Facts({}, ""), NOW) == 0
