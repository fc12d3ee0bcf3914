"""Sequences and records that go through them, in the words of a user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.sequences.enrollment import engine, enrolling

ADVANCE_SECONDS = 60


def step(title: str, kind: str = "Task", **fields: Any) -> dict[str, Any]:
	"""A row of a sequence: without a wait, unless one is given.

	step("Call", "Phone Call", wait=2, wait_unit="Days"); step("Mail", "Email", automatic=1,
	email_template=...); branches by branch_on, branch_within, yes_step and next_step.
	"""
	return {"title": title, "kind": kind, "wait": 0, "wait_unit": "Days", "wait_in": "Elapsed Time", **fields}


def make_sequence(
	steps: Iterable[str | Mapping[str, Any]] = ("Call",), *, status: str = "Active", **fields: Any
) -> str:
	"""Make a Sequence and return its name. Steps are rows as `step` makes them, or titles of tasks."""
	rows = [step(row) if isinstance(row, str) else dict(row) for row in steps]
	sequence = frappe.get_doc(
		**{
			"doctype": "Sequence",
			"sequence_name": f"Sequence {frappe.generate_hash(length=6)}",
			"document_type": "Lead",
			"status": "Draft",
			"steps": rows,
			**fields,
		}
	).insert()
	if status != "Draft":
		set_status(sequence.name, status)
	return sequence.name


def set_status(sequence: str, status: str) -> None:
	"""Activate or archive a sequence without what that takes in the designer."""
	frappe.db.set_value("Sequence", sequence, "status", status)
	frappe.get_doc("Sequence", sequence).clear_cache()


def make_template(response: str = "Hello {{ first_name }}", subject: str = "Your request") -> str:
	name = f"Template {frappe.generate_hash(length=6)}"
	return (
		frappe.get_doc(doctype="Email Template", name=name, subject=subject, response=response).insert().name
	)


def make_opportunity(lead: str, **values: Any) -> Any:
	return frappe.get_doc(
		**{"doctype": "Opportunity", "opportunity_from": "Lead", "party_name": lead, **values}
	).insert()


def enroll(sequence: str, record: Any) -> str:
	"""Let a document enter a sequence; return the enrollment."""
	return enrolling.enroll(sequence, record.doctype, record.name)


def advance() -> bool:
	"""Let the engine do what is due now."""
	return engine.advance_due(ADVANCE_SECONDS)


def set_due(enrollment: str, due_on: datetime | None = None) -> None:
	"""Pretend that the wait of an enrollment is over, or ends at `due_on`."""
	frappe.db.set_value(
		"Sequence Enrollment", enrollment, "due_on", due_on or now_datetime() - timedelta(seconds=1)
	)


def come_to_step(enrollment: str) -> Any:
	"""End the wait of an enrollment, let the engine run, and return the activity that it is at."""
	set_due(enrollment)
	advance()
	return activity_of(enrollment)


def enrollment_of(name: str) -> Any:
	return frappe.get_doc("Sequence Enrollment", name)


def activity_of(enrollment: str) -> Any:
	"""The Sales Activity that an enrollment is at, None before its first."""
	name = frappe.db.get_value("Sequence Enrollment", enrollment, "activity")
	return frappe.get_doc("Sales Activity", name) if name else None


def activities_of(enrollment: str) -> list[tuple[str, str]]:
	"""Title and status of the activities that an enrollment has come to, in order."""
	rows = frappe.get_all(
		"Sales Activity",
		filters={"enrollment": enrollment},
		fields=["title", "status"],
		order_by="creation asc, due_on asc",
	)
	return [(row.title, row.status) for row in rows]


def open_activities(record: Any) -> list[str]:
	"""The titles of what is to be done on a document now."""
	return frappe.get_all(
		"Sales Activity",
		filters={"reference_doctype": record.doctype, "reference_name": record.name, "status": "Open"},
		pluck="title",
		order_by="creation asc",
	)
