"""Who has read which lead: a marker a user and lead, holding the time up to which it was read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.utils import now_datetime


def mark_read(lead: str, user: str) -> None:
	"""Everything up to now counts as read by the user, however many windows say so at once."""
	now = now_datetime()
	table = frappe.qb.DocType("Lead Read Marker")
	row = {
		"name": frappe.generate_hash(length=10),
		"lead": lead,
		"user": user,
		"read_on": now,
		"creation": now,
		"modified": now,
		"owner": user,
		"modified_by": user,
	}
	(
		frappe.qb.into(table)
		.columns(*row)
		.insert(*row.values())
		.on_duplicate_key_update(table.read_on, now)
		.on_duplicate_key_update(table.modified, now)
	).run()


def mark_unread(lead: str, user: str) -> None:
	frappe.db.delete("Lead Read Marker", {"lead": lead, "user": user})


def read_times(leads: Iterable[str], user: str) -> dict[str, datetime]:
	"""Return when the user last read each of the leads; those never read are missing."""
	rows = frappe.get_all(
		"Lead Read Marker",
		filters={"user": user, "lead": ["in", list(leads)]},
		fields=["lead", "read_on"],
		order_by="lead asc",
	)
	return {row.lead: row.read_on for row in rows}
