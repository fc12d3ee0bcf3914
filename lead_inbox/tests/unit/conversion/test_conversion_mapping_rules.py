"""Which field of a lead may be mapped to which field, and what of it is filled (requirement CO-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.mapping.mapping_rules import (
	LINES,
	MAPPABLE,
	TARGETS,
	Field,
	Refusal,
	Row,
	choices,
	converted,
	fits,
	has_value,
	is_empty,
	longest,
	refusals,
)

OTHER_TYPES = (
	"Table",
	"Table MultiSelect",
	"Section Break",
	"HTML",
	"Button",
	"Password",
	"Heading",
	"Image",
)
options = st.sampled_from(["", "User", "Item", "A\nB", "A\nB\nC", "Email"])
fields = st.builds(
	Field,
	fieldname=st.sampled_from(["a", "b", "c"]),
	fieldtype=st.sampled_from((*sorted(MAPPABLE), *OTHER_TYPES)),
	options=options,
	length=st.sampled_from([0, 20, 140, 500]),
	non_negative=st.booleans(),
	site_added=st.booleans(),
	kept=st.booleans(),
)
rows = st.builds(
	Row,
	st.sampled_from(["a", "b", "c", "gone"]),
	st.sampled_from((*TARGETS, "Item")),
	st.sampled_from(["x", "y", "gone"]),
)


def field(fieldtype: str, **values) -> Field:
	return Field("field", fieldtype, **values)


@pytest.mark.parametrize(
	("source", "target"),
	[
		(field("Data"), field("Data")),
		(field("Data", options="Email"), field("Data")),
		(field("Data"), field("Small Text")),
		(field("Small Text"), field("Long Text")),
		(field("Int"), field("Float")),
		(field("Int", non_negative=True), field("Int", non_negative=True)),
		(field("Check"), field("Int")),
		(field("Link", options="Item"), field("Link", options="Item")),
		(field("Link", options="Item"), field("Data")),
		(field("Select", options="A\nB"), field("Select", options="\nB\nA\nC")),
		(field("Select", options="A\nB"), field("Data", length=10)),
		(field("Date"), field("Datetime")),
	],
)
def test_fits(source, target):
	assert fits(source, target)


@pytest.mark.parametrize(
	("source", "target"),
	[
		(field("Data"), field("Int")),
		(field("Data"), field("Link", options="Item")),
		(field("Data"), field("Select", options="A")),
		(field("Data"), field("Data", options="Email")),
		(field("Data", length=300), field("Data")),
		(field("Small Text"), field("Data")),
		(field("Long Text"), field("Text")),
		(field("Text"), field("Text Editor")),
		(field("Float"), field("Int")),
		(field("Int"), field("Int", non_negative=True)),
		(field("Int"), field("Check")),
		(field("Datetime"), field("Date")),
		(field("Link", options="Item"), field("Link", options="User")),
		(field("Select", options="A\nB"), field("Select", options="A")),
		(field("Select", options="Much too long"), field("Data", length=5)),
		(field("Rating", options="10"), field("Rating")),
		(field("Table", options="X"), field("Table", options="X")),
		(field("Password"), field("Password")),
		(field("Password"), field("Data")),
		(field("Read Only"), field("Read Only")),
	],
)
def test_does_not_fit(source, target):
	assert not fits(source, target)


@given(fields)
def test_a_field_fits_one_like_itself_if_it_can_be_mapped_at_all(one):
	assert fits(one, one) == (one.fieldtype in MAPPABLE - {"Read Only", "Dynamic Link"})


@given(fields, fields)
def test_what_fits_is_never_cut_and_never_a_choice_that_is_not_offered(source, target):
	target = replace(target, fieldtype=source.fieldtype)
	if fits(source, target):
		assert target.fieldtype != "Select" or choices(source) <= choices(target)
		assert target.fieldtype not in LINES or longest(source) <= longest(target)
		assert source.non_negative or source.fieldtype == "Check" or not target.non_negative


@given(fields, fields)
def test_nothing_with_rows_or_secrets_ever_fits(source, target):
	for other in OTHER_TYPES:
		assert not fits(replace(source, fieldtype=other), target)
		assert not fits(source, replace(target, fieldtype=other))


@given(st.lists(rows, max_size=8), fields, fields, fields, fields)
def test_the_good_rows_have_one_target_a_field_and_one_field_a_target(grid, a, b, x, y):
	lead_fields = {"a": a, "b": b}
	target_fields = {doctype: {"x": x, "y": y} for doctype in TARGETS}
	refused = refusals(grid, lead_fields, target_fields)
	good = [row for row, reason in zip(grid, refused, strict=True) if reason is None]
	assert len({row.lead_field for row in good}) == len(good)
	assert len({(row.doctype, row.target_field) for row in good}) == len(good)
	for row in good:
		source, target = lead_fields[row.lead_field], target_fields[row.doctype][row.target_field]
		assert source.site_added and not target.kept and fits(source, target)


SITE = {"vat": Field("vat", "Data", site_added=True), "size": Field("size", "Int", site_added=True)}
SITE["lead_name"] = Field("lead_name", "Data")
CUSTOMER = {"tax_id": field("Data"), "name_of": field("Data", kept=True), "staff": field("Int")}


@pytest.mark.parametrize(
	("grid", "expected"),
	[
		([("vat", "Customer", "tax_id")], [None]),
		([("gone", "Customer", "tax_id")], [Refusal.NO_SOURCE]),
		([("lead_name", "Customer", "tax_id")], [Refusal.NOT_A_SOURCE]),
		([("vat", "Customer", "gone")], [Refusal.NO_TARGET]),
		([("vat", "Item", "tax_id")], [Refusal.NO_TARGET]),
		([("vat", "Customer", "name_of")], [Refusal.NOT_A_TARGET]),
		([("vat", "Customer", "staff")], [Refusal.TYPE]),
		([("vat", "Customer", "tax_id")] * 2, [None, Refusal.SECOND_TARGET]),
		([("vat", "Customer", "tax_id"), ("vat2", "Customer", "tax_id")], [None, Refusal.SECOND_SOURCE]),
		([("vat", "Customer", "staff"), ("vat", "Customer", "tax_id")], [Refusal.TYPE, None]),
	],
)
def test_refusals(grid, expected):
	lead_fields = {**SITE, "vat2": replace(SITE["vat"], fieldname="vat2")}
	assert refusals([Row(*row) for row in grid], lead_fields, {"Customer": CUSTOMER}) == expected


@pytest.mark.parametrize(
	("target", "value", "is_new", "empty"),
	[
		(field("Data"), None, False, True),
		(field("Data"), "", False, True),
		(field("Data"), "DE1", True, False),
		(field("Int"), 0, False, True),
		(field("Int"), 3, False, False),
		(field("Check"), 0, True, True),
		(field("Check"), 0, False, False),
		(field("Select", default="A"), "A", True, True),
		(field("Select", default="A"), "A", False, False),
		(field("Select", default="A"), "B", True, False),
	],
)
def test_what_counts_as_empty(target, value, is_new, empty):
	assert is_empty(target, value, is_new) == empty


def test_what_a_lead_says():
	assert has_value(field("Data"), "x")
	assert not has_value(field("Data"), "")
	assert not has_value(field("Check"), 0)
	assert not has_value(field("Float"), 0.0)


def test_a_day_becomes_its_first_moment():
	day, moment = field("Date"), field("Datetime")
	assert converted(date(2026, 11, 25), day, moment) == datetime(2026, 11, 25)
	assert converted("2026-11-25", day, moment) == "2026-11-25 00:00:00"
	assert converted("x", field("Data"), field("Data")) == "x"
