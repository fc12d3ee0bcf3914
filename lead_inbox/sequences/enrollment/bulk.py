"""Statements for many rows at once.

Frappe's `bulk_insert` and `bulk_update` build theirs by pypika, which takes several times as long as the
database does with them. Column names come from the code, values are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import now_datetime


def insert(doctype: str, rows: Sequence[Mapping[str, Any]]) -> None:
	"""Insert rows that all have the same columns, past the document's hooks."""
	if not rows:
		return
	columns = list(rows[0])
	one_row = f"({', '.join(['%s'] * len(columns))})"
	frappe.db.sql(
		f"insert into `tab{doctype}` ({_quoted(columns)}) values {', '.join([one_row] * len(rows))}",
		[row[column] for row in rows for column in columns],
	)


def update(doctype: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
	"""Write what changes on each of a number of rows, by name, in one statement, past the document's hooks."""
	changes = {name: columns for name, columns in changes.items() if columns}
	if not changes:
		return
	assignments, values = [], []
	for column in dict.fromkeys(column for columns in changes.values() for column in columns):
		rows = [(name, columns[column]) for name, columns in changes.items() if column in columns]
		cases = " ".join(["when %s then %s"] * len(rows))
		assignments.append(f"`{column}` = case name {cases} else `{column}` end")
		values += [value for row in rows for value in row]
	frappe.db.sql(
		f"update `tab{doctype}` set {', '.join(assignments)}, modified = %s, modified_by = %s where name in %s",
		[*values, now_datetime(), frappe.session.user, tuple(changes)],
	)


def _quoted(columns: Sequence[str]) -> str:
	return ", ".join(f"`{column}`" for column in columns)
