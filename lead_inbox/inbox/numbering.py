"""Numbering documents within the year, as BOOK-2026-00001."""

from __future__ import annotations

import frappe
from frappe.model.naming import make_autoname
from frappe.utils import now_datetime


def next_number(prefix: str) -> str:
	"""Return the next name of a series.

	The counter of a new year is made before it is asked for: of several who find none at the same moment the
	database would refuse all but one.
	"""
	series = f"{prefix}-{now_datetime().year}-"
	frappe.db.sql(
		"insert into `tabSeries` (name, current) values (%s, 0) on duplicate key update current = current",
		series,
	)
	return make_autoname(f"{series}.#####")
