"""Where conversions are kept: names of tables, and reading the one that is in force for a lead."""

from __future__ import annotations

from enum import Enum

import frappe

CONVERSION = "Lead Conversion"
ENTRY = "Lead Conversion Entry"
BULK = "Bulk Lead Conversion"
BULK_ROW = "Bulk Lead Conversion Row"
SETTINGS = "Lead Inbox Settings"


class Action(str, Enum):
	"""What a conversion did to a record.

	LINKED: a row that names the new records was added to, or made for, something that was there.
	MOVED: a row that named the lead names a new record now.
	"""

	CREATED = "Created"
	LINKED = "Linked"
	FILLED = "Filled"
	MOVED = "Moved"


class Status(str, Enum):
	CONVERTED = "Converted"
	UNDONE = "Undone"


def in_force(lead: str) -> str | None:
	"""Return the conversion that a lead stands by, None for a lead that is not converted.

	Locks nothing: the caller holds the lead's row where that matters.
	"""
	return frappe.db.get_value(CONVERSION, {"in_force_key": lead})
