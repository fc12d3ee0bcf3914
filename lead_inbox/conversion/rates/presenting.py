"""What the reports on conversion have in common: columns and charts in Frappe's shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion.rates.windows import Group, Window, linked_doctype
from lead_inbox.inbox.listing import people

Row = dict[str, Any]


def group_column(window: Window) -> Row:
	"""The first column: a link where the group is a record."""
	doctype = linked_doctype(window.group)
	if not doctype:
		return column("group", _(window.group.value), "Data", 110)
	return column("group", _(window.group.value), "Link", 170, options=doctype)


def column(fieldname: str, label: str, fieldtype: str = "Int", width: int = 110, **properties: Any) -> Row:
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **properties}


def percent_column(fieldname: str, label: str, width: int = 140) -> Row:
	return column(fieldname, label, "Percent", width, precision=1)


def group_cell(window: Window, key: str) -> str | None:
	return window.label(key) or None


def chart(window: Window, keys: Iterable[str], values: dict[str, list[float | None]]) -> Row | None:
	"""A line through time, or bars that compare groups. values: by what they are, one for each key.

	A place where nothing could be divided is left out: the axis would show a zero.
	"""
	keys = list(keys)
	told = [place for place in range(len(keys)) if any(row[place] is not None for row in values.values())]
	if not told:
		return None
	names = names_of(window, keys)
	return {
		"type": "line" if window.group is Group.PERIOD and len(told) > 1 else "bar",
		"fieldtype": "Percent",
		"data": {
			"labels": [names[place] for place in told],
			"datasets": [
				{"name": name, "values": [row[place] or 0 for place in told]} for name, row in values.items()
			],
		},
	}


def names_of(window: Window, keys: list[str]) -> list[str]:
	"""Return what people call the groups."""
	if window.group is Group.OWNER:
		full_names = {user: person["full_name"] for user, person in people(filter(None, keys)).items()}
		return [full_names.get(key, key) or _("Nobody") for key in keys]
	return [window.label(key) or _("None") for key in keys]


def figure(label: str, value: Any, datatype: str, **properties: Any) -> Row:
	"""One number above the report."""
	return {"label": label, "value": value, "datatype": datatype, **properties}


def percent_figure(label: str, value: float | None) -> list[Row]:
	"""As text: Frappe would show three decimals."""
	return [] if value is None else [figure(label, f"{value:g}%", "Data")]


def notes(texts: Iterable[str]) -> str | None:
	"""Return what stands above a report, as HTML. texts: plain."""
	escaped = [frappe.utils.escape_html(text) for text in texts]
	return "<br>".join(escaped) or None
