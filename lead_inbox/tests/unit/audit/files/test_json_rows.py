"""JSON in any form that exports and interfaces have gives its entries, one at a time."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.files import json_window
from lead_inbox.audit.files.json_documents import BROKEN
from lead_inbox.audit.files.json_lines import LINE_TOO_LONG, NO_JSON
from lead_inbox.audit.files.json_values import NOT_AN_OBJECT
from lead_inbox.audit.files.opening import opened
from lead_inbox.audit.rows import Row
from lead_inbox.tests.unit.audit.files.written import columns_in, rows_in, written

ONE, TWO = {"id": 1, "name": "Ann"}, {"id": 2, "texts": ["Hi", "there"], "name": None}
BOTH = [Row(1, ONE), Row(2, TWO)]
PRETTY = json.dumps([ONE, TWO], indent=2)


@pytest.mark.parametrize(
	"content",
	[
		json.dumps([ONE, TWO]),
		PRETTY,
		json.dumps({"detailedLeadReports": [ONE, TWO], "nextPageToken": "x"}),
		json.dumps({"detailedLeadReports": [ONE]}) + "\n" + json.dumps({"detailedLeadReports": [TWO]}),
		json.dumps({"fieldMask": "a,b", "total": {"data": []}, "results": [ONE, TWO]}, indent="\t"),
		json.dumps([{"results": [ONE], "fieldMask": "a"}, {"results": [TWO]}]),
		json.dumps([{"results": [ONE]}, {"results": [TWO]}], indent=2),
		json.dumps({"data": [ONE, TWO]}),
		json.dumps({"message": [ONE, TWO]}),
		json.dumps({"leads": [ONE], "conversations": [TWO]}),
		json.dumps([ONE]) + json.dumps([TWO]),
		json.dumps(ONE, indent=2) + "\n" + json.dumps(TWO, indent=2),
		json.dumps(ONE) + "\n" + json.dumps(TWO) + "\n",
		json.dumps(ONE) + "\r\n" + json.dumps(TWO),
	],
)
def test_each_form_gives_its_entries(content: str) -> None:
	assert rows_in(content) == BOTH
	assert columns_in(content) == ()


def test_one_object_is_one_entry() -> None:
	assert rows_in(json.dumps(TWO)) == rows_in(json.dumps(TWO, indent=1)) == [Row(1, TWO)]


@pytest.mark.parametrize("content", ["[]", "[ ]", '{"results": []}', '[{"results": []}]'])
def test_a_list_of_nothing_has_no_rows(content: str) -> None:
	assert rows_in(content) == []


def test_lines_are_numbered_as_lines_and_a_broken_one_costs_itself() -> None:
	content = (
		f'{json.dumps(ONE)}\n\n{{"id": 1, \n["no lead"]\n{{"id": NaN}}\n{"[" * 50_000}\n{json.dumps(TWO)}\n'
	)
	assert rows_in(content) == [
		Row(1, ONE),
		Row(3, fault=NO_JSON),
		Row(4, fault=NOT_AN_OBJECT),
		Row(5, fault=NO_JSON),
		Row(6, fault=NO_JSON),
		Row(7, TWO),
	]


def test_lines_are_lines_though_the_first_one_is_broken() -> None:
	assert rows_in('{"id": 1,}\n' + json.dumps(TWO)) == [Row(1, fault=NO_JSON), Row(2, TWO)]


def test_a_line_that_is_too_long_costs_itself() -> None:
	content = f'{json.dumps(ONE)}\n{{"name": "{"x" * 3_000_000}"}}\n{json.dumps(TWO)}\n'
	assert rows_in(content) == [Row(1, ONE), Row(2, fault=LINE_TOO_LONG), Row(3, TWO)]


def test_entries_that_are_no_objects_are_faults() -> None:
	assert rows_in('[1, "two", null, [], {"id": 1}]') == [
		*(Row(number, fault=NOT_AN_OBJECT) for number in range(1, 5)),
		Row(5, {"id": 1}),
	]


@pytest.mark.parametrize(
	"ending", ["", ",", ', {"id"', ', {"id": 12', ', {"name": "x', ', {"name": "\\u00', ", tru"]
)
def test_a_file_that_was_cut_off_gives_what_it_has(ending: str) -> None:
	assert rows_in(json.dumps([ONE, TWO])[:-1] + ending) == [*BOTH, Row(3, fault=BROKEN["cut off"])]


@pytest.mark.parametrize("after", ["", "\n", " " * 100])
@pytest.mark.parametrize(
	"ending",
	[",]", ' {"id": 3}]', ", {id: 3} ]", ", {'id': 3}]", ', {"id": NaN}]', ", ]", "} ", "] trailing words"],
)
def test_where_a_file_stops_being_json_a_last_row_says_so(ending: str, after: str) -> None:
	spoiled = json.dumps([ONE, TWO])[:-1] + ending + after
	assert rows_in(spoiled) == [*BOTH, Row(3, fault=BROKEN["no JSON"])]


def test_nesting_without_end_is_refused() -> None:
	for opening in ("[", '{"a":', '[{"results": [', '{"data": ['):
		assert [row.fault for row in rows_in(opening * 100_000)] == [BROKEN["no JSON"]]


def test_an_entry_that_is_too_long_ends_the_reading() -> None:
	content = json.dumps([ONE, {"name": "x" * 10_000_000}, TWO])
	assert rows_in(content) == [Row(1, ONE), Row(2, fault=BROKEN["too long"])]


def test_a_long_entry_is_read() -> None:
	long = {"name": "é\\" * 500_000, "n": 12345678901234567890}
	assert rows_in(json.dumps([long, TWO])) == [Row(1, long), Row(2, TWO)]


def test_a_long_array_on_one_line_is_never_held_as_a_whole() -> None:
	content = "[" + ",".join([json.dumps({"name": "x" * 1_000})] * 12_000) + "]"
	with written(content) as path:
		del content
		tracemalloc.start()
		with opened(path) as rows:
			count = sum(1 for _row in rows.rows)
		_now, peak = tracemalloc.get_traced_memory()
		tracemalloc.stop()
	assert count == 12_000
	assert peak < 5_000_000  # of 12 million characters


VALUES = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
	max_leaves=8,
)
ENTRIES = st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), max_size=6)


@given(ENTRIES, st.sampled_from([None, 1]), st.booleans(), st.integers(1, 40))
def test_entries_are_read_whole_wherever_a_piece_of_the_file_ends(
	entries: Sequence[dict[str, object]], indent: int | None, ascii_only: bool, piece: int
) -> None:
	text = json.dumps(entries, indent=indent, ensure_ascii=ascii_only)
	with pytest.MonkeyPatch.context() as patch:
		patch.setattr(json_window, "_CHUNK", piece)
		rows = rows_in(text.encode("utf-8", "surrogatepass"))
	assert rows == [Row(number, entry) for number, entry in enumerate(entries, start=1)]


@given(st.integers(1, 40))
def test_pages_are_pages_wherever_a_piece_of_the_file_ends(piece: int) -> None:
	pages = [{"results": [ONE], "total": 123456789}, {"results": [TWO], "total": 2}]
	with pytest.MonkeyPatch.context() as patch:
		patch.setattr(json_window, "_CHUNK", piece)
		assert (
			rows_in(json.dumps(pages))
			== rows_in(json.dumps({"total": 123456789, "data": [ONE, TWO]}))
			== BOTH
		)


def test_what_is_no_json_is_not_taken_for_a_long_entry() -> None:
	content = '[{"id": 1}, {"id" ' + "x" * 5_000_000 + "]"
	assert rows_in(content) == [Row(1, {"id": 1}), Row(2, fault=BROKEN["no JSON"])]
