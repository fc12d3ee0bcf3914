"""What the HTML report is put together from: tables, legends, and cards of people. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lead_inbox.audit.findings import Joined, Part
from lead_inbox.audit.report import words
from lead_inbox.audit.report.markup import Markup, element, joined
from lead_inbox.audit.report.tables import MOST_PARTS, Column, Table

# On a phone the rows of a table with more columns, or with two of long texts, become paragraphs.
MOST_COLUMNS_NARROW = 4


def table_of(table: Table, marks: str = "") -> Markup:
	"""Return a table with roles, which tell its cells to a screen reader where a phone shows them as paragraphs.

	marks: what the class of a color begins with that is named by a row's first cell; "" for no colors.
	"""
	heads = (_head(column) for column in table.columns)
	rows = (element("tr", *_cells(table, row, marks), role="row") for row in table.rows)
	return element(
		"table",
		element("caption", table.caption),
		element("thead", element("tr", *heads, role="row"), role="rowgroup"),
		element("tbody", *rows, role="rowgroup"),
		role="table",
		class_="wide" if _is_wide(table) else None,
	)


def _is_wide(table: Table) -> bool:
	return len(table.columns) > MOST_COLUMNS_NARROW or sum(column.is_long for column in table.columns) > 1


def folded_table(table: Table) -> Markup:
	return element("details", element("summary", f"{table.caption}, as a table"), table_of(table))


def legend(*kinds: tuple[str, str]) -> Markup:
	marks = (element("li", mark(kind), name) for kind, name in kinds)
	return element("ul", *marks, class_="legend", aria_hidden="true")


def mark(kind: str) -> Markup:
	return element("span", class_=f"mark {kind}", aria_hidden="true")


def card(person: Joined) -> Markup:
	parts = [_part(part) for part in person.parts[:MOST_PARTS]]
	if (rest := len(person.parts) - MOST_PARTS) > 0:
		parts.append(element("li", f"and {words.number(rest)} more", class_="note"))
	return element("li", element("p", words.label(person.label), class_="who"), element("ol", *parts))


def _part(part: Part) -> Markup:
	reason = words.joined_by(part.by)
	return element(
		"li",
		element("time", words.moment(part.on), datetime=part.on.isoformat("T", "minutes")),
		element("span", words.source(part.source)),
		element("span", f"joined by {reason}" if part.by else reason, class_="chip"),
		element("span", words.place(part.file, part.row), class_="note"),
		class_="joined" if part.by else "first",
	)


def _head(column: Column) -> Markup:
	return element("th", column.name, scope="col", role="columnheader", class_=_kind(column))


def _cells(table: Table, row: tuple[str, ...], marks: str) -> Iterator[Markup]:
	first, *rest = row
	name = joined(mark(marks + first.lower()), first) if marks else first
	yield element("th", name, scope="row", role="rowheader", class_=_kind(table.columns[0]))
	for column, cell in zip(table.columns[1:], rest, strict=True):
		yield element("td", cell, role="cell", class_=_kind(column), data_label=column.name)


def _kind(column: Column) -> str | None:
	if column.is_number:
		return "number"
	return None if column.is_long else "short"
