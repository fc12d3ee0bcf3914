"""What hangs on a lead and goes with its person when two leads become one.

Rows move in sets, at most two statements a table however many rows there are, and past the documents'
controllers: nothing happens to a mail or a task because its lead has another name. What is the lead's own
history stays: its transitions, versions, charges and disputes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Coalesce, Max


@dataclass(frozen=True)
class Reference:
	"""A column that names a lead.

	type_column: where the column may also name other DocTypes, the one that says which.
	once_a: the column of which one value must not name a lead twice, such as a child row's parent.
	email_column: where the row also holds the lead's address, by which requests for personal data find it.
	lock: read the rows as they are now, not as of the start of the transaction, and hold them. Only
	where the column is indexed: otherwise the whole table would be locked.
	"""

	doctype: str
	column: str
	type_column: str = ""
	once_a: str = ""
	email_column: str = ""
	lock: bool = True

	@property
	def key(self) -> str:
		return f"{self.doctype}.{self.column}"


MESSAGES = Reference("Lead Message", "lead", email_column="lead_email")
TASKS = Reference("ToDo", "reference_name", "reference_type")
ACTIVITIES = Reference("Sales Activity", "reference_name", "reference_doctype")
ACTIVITY_LEADS = Reference("Sales Activity", "lead", email_column="lead_email")
NOTES = Reference("CRM Note", "parent", "parenttype")
TAGS = Reference("Tag Link", "document_name", "document_type", once_a="tag")
REFERENCES = (
	MESSAGES,
	Reference("Lead Event", "lead", email_column="lead_email"),
	Reference("Communication", "reference_name", "reference_doctype"),
	Reference("Communication Link", "link_name", "link_doctype", once_a="parent"),
	Reference("Comment", "reference_name", "reference_doctype"),
	TASKS,
	ACTIVITIES,
	ACTIVITY_LEADS,
	Reference("Reminder", "reminder_docname", "reminder_doctype", lock=False),
	Reference("Event", "reference_docname", "reference_doctype", lock=False),
	Reference("Event Participants", "reference_docname", "reference_doctype", once_a="parent", lock=False),
	Reference("Dynamic Link", "link_name", "link_doctype", once_a="parent"),  # of contacts, addresses, calls
	Reference("File", "attached_to_name", "attached_to_doctype"),
	TAGS,
	NOTES,
	Reference("Prospect Lead", "lead", once_a="parent", lock=False),
	Reference("Booking", "lead", email_column="lead_email"),
	Reference("Booking Review", "lead", email_column="lead_email"),
	Reference("Booking Reminder", "lead"),
	Reference("Reseller Customer", "lead"),
	Reference("Issue", "lead", lock=False),
	Reference("Appointment", "party", "appointment_with", lock=False),
)


def move(loser: str, winner: str, staying: Mapping[str, list[str]]) -> dict[str, list[str]]:
	"""Let what names the loser name the winner; return the names of the rows that moved, by reference key.

	staying: names of rows, by reference key, that are to go on naming the loser.
	"""
	own, other = (frappe.db.get_value("Lead", lead, "email_id") for lead in (loser, winner))
	moved = {}
	for reference in REFERENCES:
		names = _movable(reference, loser, winner, set(staying.get(reference.key, ())))
		if names:
			# what has the loser's address is still found by it; what has none gets the winner's
			values = {reference.email_column: other} if reference.email_column and not own else {}
			_point(reference, names, loser, winner, values)
			moved[reference.key] = names
	return moved


def move_back(moved: Mapping[str, list[str]], winner: str, loser: str) -> None:
	"""Let those of the moved rows that still name the winner name the loser again."""
	email = frappe.db.get_value("Lead", loser, "email_id")
	for reference in REFERENCES:
		if names := moved.get(reference.key):
			_point(reference, names, winner, loser, _own_address(reference, email))


def _own_address(reference: Reference, email: str | None) -> dict[str, Any]:
	"""The lead's address for rows that have one; an event gets it when it is processed."""
	if not reference.email_column:
		return {}
	column = frappe.qb.DocType(reference.doctype)[reference.email_column]
	return {reference.email_column: Case().when(Coalesce(column, "") == "", column).else_(email)}


def _movable(reference: Reference, loser: str, winner: str, staying: set[str]) -> list[str]:
	table = frappe.qb.DocType(reference.doctype)
	query = frappe.qb.from_(table).select(table.name).where(_names(reference, table, loser))
	if reference.once_a:
		query = query.select(table[reference.once_a])
	if frappe.get_meta(reference.doctype).istable:
		query = query.orderby(table.idx)
	query = query.orderby(table.name)
	rows = (query.for_update() if reference.lock else query).run(as_dict=True)
	if reference.once_a and rows:
		taken = _taken(reference, winner)
		rows = [row for row in rows if row[reference.once_a] not in taken]
	return [row.name for row in rows if row.name not in staying]


def _taken(reference: Reference, winner: str) -> set[str]:
	table = frappe.qb.DocType(reference.doctype)
	query = frappe.qb.from_(table).select(table[reference.once_a]).where(_names(reference, table, winner))
	return set(query.run(pluck=True))


def _names(reference: Reference, table: Any, lead: str) -> Any:
	condition = table[reference.column] == lead
	return condition & (table[reference.type_column] == "Lead") if reference.type_column else condition


def _point(
	reference: Reference, names: list[str], source: str, target: str, values: Mapping[str, Any]
) -> None:
	table = frappe.qb.DocType(reference.doctype)
	query = frappe.qb.update(table).set(table[reference.column], target)
	for column, value in values.items():
		query = query.set(table[column], value)
	query.where(table.name.isin(names) & _names(reference, table, source)).run()


def last_note(lead: str) -> int:
	"""Return the place of the last of a lead's notes, 0 without any."""
	table = frappe.qb.DocType("CRM Note")
	query = frappe.qb.from_(table).select(Max(table.idx)).where(_names(NOTES, table, lead))
	return query.run(pluck=True)[0] or 0


def shift_notes(names: list[str], lead: str, places: int) -> None:
	"""Move notes of a lead down its list, or up for a negative number of places."""
	table = frappe.qb.DocType("CRM Note")
	condition = table.name.isin(names) & _names(NOTES, table, lead)
	frappe.qb.update(table).set(table.idx, table.idx + places).where(condition).run()
