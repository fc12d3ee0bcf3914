"""A table has the rows that its author put in, and a broken one costs no other."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lead_inbox.audit.files.layout import NO_TABLE
from lead_inbox.audit.files.records import HAS_NUL, MISQUOTED, TOO_LONG
from lead_inbox.audit.files.tables import TOO_FEW, TOO_MANY
from lead_inbox.audit.rows import Row
from lead_inbox.audit.told import Unreadable
from lead_inbox.tests.unit.audit.files.written import columns_in, notes_in, rows_in

COLUMNS = ("Lead ID", "Name", "Message")
HEADER = ",".join(COLUMNS) + "\n"
ANN = ("1", "Ann", "Hello")
SEPARATORS = (",", ";", "\t", "|")


def row(number: int, *cells: str) -> Row:
	return Row(number, dict(zip(COLUMNS, cells, strict=True)))


def faults(content: str) -> dict[int, str]:
	return {row.number: row.fault for row in rows_in(content) if row.fault}


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
	content = HEADER + '1,Ann,"Hello\nthere"\n\n2,Bob,Bye\n,,\n \n3,Cy,\n'
	assert rows_in(content) == [
		row(2, "1", "Ann", "Hello\nthere"),
		row(4, "2", "Bob", "Bye"),
		row(7, "3", "Cy", ""),
	]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str) -> None:
	assert rows_in(end.join([",".join(COLUMNS), ",".join(ANN)])) == [row(2, *ANN)]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_is_found_though_texts_have_others(separator: str) -> None:
	others = "x".join(each for each in SEPARATORS * 3 if each != separator)
	text = "\n".join([separator.join(COLUMNS)] + [separator.join(["1", "Ng", others])] * 30)
	assert columns_in(text) == COLUMNS
	assert len(rows_in(text)) == 30 and not faults(text)


def test_decimal_commas_do_not_make_commas_the_separator() -> None:
	content = "ID;Price\n" + "".join(f"{number};{number},50\n" for number in range(40))
	assert columns_in(content) == ("ID", "Price")


@pytest.mark.parametrize("count", [1, 30])
def test_commas_in_a_title_do_not_make_commas_the_separator(count: int) -> None:
	content = "Leads, of January\n" + "ID;Name\n" + "1;Ann\n" * count
	assert columns_in(content) == ("ID", "Name")


def test_a_comma_in_the_name_of_a_column_does_not_make_commas_the_separator() -> None:
	content = "ID\tName, given name\tMessage\n" + "1\tNg, Ann\tHello\n" * 30
	assert columns_in(content) == ("ID", "Name, given name", "Message")


def test_without_a_separator_there_is_no_table() -> None:
	for content in (
		"Just a letter.\nWith some lines.\n",
		"Lead ID:Name:Message\n1:Ann:Hello\n",
		"x" * 3_000_000,
	):
		with pytest.raises(Unreadable) as refusal:
			rows_in(content)
		assert str(refusal.value) == NO_TABLE


@pytest.mark.parametrize(
	"before",
	[
		"Lead form report\n",
		'Lead form report\n"January 1, 2026 - January 31, 2026"\n\n',
		"Lead form report\nJanuary 1 - January 31, 2026\n",
		"Lead form report,,\nAll time,,\n",
		"sep=,\n",
	],
)
@pytest.mark.parametrize("count", [0, 1, 30])
def test_titles_above_the_header_are_passed_over_with_a_note(before: str, count: int) -> None:
	content = before + HEADER + "1,Ann,Hello\n" * count
	skipped = before.count("\n")
	assert columns_in(content) == COLUMNS
	assert notes_in(content) == (
		f"The names of the columns were found in row {skipped + 1}; what stands above was passed over.",
	)
	assert [row.number for row in rows_in(content)] == [*range(skipped + 2, skipped + 2 + count)]


def test_the_template_of_a_data_export_has_its_labels_as_header() -> None:
	instructions = [["Data Import Template"], ["Table:", "Lead"], [""], [""], ["Notes:"]] + [
		["Do this, or that."]
	] * 9
	headings = [
		["DocType:", "Lead", "", "~", "", ""],
		["Column Labels:", "ID", "Status", "", "ID", "Note"],
		["Column Name:", "name", "status", "~", "name", "note"],
		["Start entering data below this line"],
		["", '"CRM-LEAD-1"', "Open", "", "", ""],
	]
	file = io.StringIO()
	csv.writer(file).writerows(instructions + headings)
	assert columns_in(file.getvalue()) == ("Column Labels:", "ID", "Status", "Column 4", "ID (5)", "Note")
	assert [found.number for found in rows_in(file.getvalue()) if not found.fault] == [17, 19]


def test_columns_of_one_name_and_of_none_are_kept_apart() -> None:
	assert columns_in("ID, Phone ,Phone,,\n1,2,3,4,5\n") == (
		"ID",
		"Phone",
		"Phone (3)",
		"Column 4",
		"Column 5",
	)


def test_a_table_without_rows_has_columns() -> None:
	assert columns_in(HEADER) == COLUMNS
	assert rows_in(HEADER) == []


def test_rows_that_do_not_fit_the_header_are_faults() -> None:
	content = HEADER + "1,Ann\n2,Bob,Hi, there\n3,Cy,Bye,,\n4,Di,Bye\n"
	assert faults(content) == {2: TOO_FEW, 3: TOO_MANY}
	assert [row.number for row in rows_in(content)] == [2, 3, 4, 5]


@pytest.mark.parametrize("following", [1, 30, 3_000])
def test_a_quotation_mark_that_is_never_closed_costs_one_row(following: int) -> None:
	content = HEADER + '1,Ann,"Hello\n' + "2,Bob,Bye\n" * following
	first, *rest = rows_in(content)
	assert first == Row(2, fault=MISQUOTED)
	assert rest == [row(number, "2", "Bob", "Bye") for number in range(3, 3 + following)]


def test_a_quotation_mark_that_is_closed_by_another_cells_costs_one_row() -> None:
	content = HEADER + '1,Ann,"Hello\n2,Bob,Bye\n3,Cy,"Hi"\n4,Di,Bye\n'
	assert faults(content) == {2: MISQUOTED}
	assert [found.values["Name"] for found in rows_in(content) if not found.fault] == ["Bob", "Cy", "Di"]


def test_a_quotation_mark_that_swallows_a_row_and_its_cells_costs_one_row() -> None:
	content = HEADER + '1,"Ann,Hello\n2,Bob,Bye"\n3,Cy,"Hi\nyou"\n4,Di,Bye\n'
	assert faults(content) == {2: TOO_FEW}
	assert [found.values["Name"] for found in rows_in(content) if not found.fault] == ["Bob", "Cy", "Di"]


def test_a_row_of_many_long_cells_is_never_held_as_a_whole() -> None:
	cell = '"' + ("x" * 9_999 + "\n") * 10 + '"'
	content = HEADER + ",".join([cell] * 15) + "\n" + "2,Bob,Bye\n"
	rows = rows_in(content)
	assert rows[0].fault == MISQUOTED
	assert rows[-1].values["Name"] == "Bob"


def test_a_row_with_line_breaks_that_does_not_fit_is_one_fault() -> None:
	assert faults(HEADER + '1,Ann,"Hello\nthere\nyou",too much\n2,Bob,Bye\n') == {2: TOO_MANY}


def test_a_nul_character_costs_its_row() -> None:
	content = HEADER + '1,A\0nn,Hello\n2,Bob,"a\n\0b"\n3,Cy,Bye\n'
	assert faults(content) == {2: HAS_NUL, 3: HAS_NUL}
	assert rows_in(content)[-1] == row(4, "3", "Cy", "Bye")


@pytest.mark.parametrize("length", [200_000, 999_990, 1_000_000, 2_500_000])
def test_a_cell_that_is_too_long_costs_its_row(length: int) -> None:
	content = HEADER + f"1,Ann,{'x' * length}\n" + "2,Bob,Bye\n" + f'3,Cy,"{"x" * length}"\n4,Di,Bye\n'
	assert faults(content) == {2: TOO_LONG, 4: TOO_LONG}


def test_a_long_line_within_quotation_marks_costs_its_row_only() -> None:
	content = HEADER + '1,Ann,"Hello\n' + "x" * 2_000_000 + "\n2,Bob,Bye\n"
	assert faults(content) == {2: MISQUOTED, 3: TOO_LONG}
	assert rows_in(content)[-1] == row(4, "2", "Bob", "Bye")


def test_reasons_repeat_nothing_of_the_row() -> None:
	content = (
		HEADER
		+ "1,Ann,Hello\n" * 5
		+ 'secret,secret\nsecret,secret,secret,secret\nse\0cret,a,b\nsecret,"secret,secret\n'
	)
	assert len(faults(content)) == 4 and not re.search("secret", "".join(faults(content).values()))


def test_a_file_full_of_open_quotation_marks_takes_no_longer_than_others() -> None:
	"""Were the rest of the file read again for each of them, it would take minutes."""
	lines = ['1,Ann,"Hello', *["2,Bob,Bye"] * 30, '3,Cy,"Hi "" you'] * 700
	assert len(rows_in(HEADER + "\n".join(lines))) == len(lines)


CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\r\t"), max_size=20)


@given(
	st.sampled_from(SEPARATORS),
	st.sampled_from(["\n", "\r\n"]),
	st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=10),
)
def test_what_was_written_is_read(separator: str, end: str, table: Sequence[Sequence[str]]) -> None:
	assume(all(any(map(str.strip, cells)) for cells in table))
	file = io.StringIO()
	csv.writer(file, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
		[COLUMNS, *table]
	)
	assert rows_in(file.getvalue()) == [row(number, *cells) for number, cells in enumerate(table, start=2)]


@given(st.lists(st.sampled_from(["1,Ann,Hello", "1,Ann", "1,A,B,C", '1,"Ann,Hello', "1,\0,x"]), max_size=20))
def test_broken_rows_never_cost_a_good_one_beside_them(lines: Sequence[str]) -> None:
	rows = rows_in(HEADER + "9,Zed,End\n" * 30 + "\n".join([*lines, "9,Zed,End"]) + "\n")
	good = [found for found in rows if not found.fault]
	opened_marks = sum('"' in line for line in lines)
	assert len(good) >= 31 + lines.count("1,Ann,Hello") - 2 * opened_marks
	assert len(rows) <= 31 + len(lines)
