"""Assignments of leads are ToDos; the inbox shows the first open one."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.inbox import lifecycle


def on_update(doc: Any, _method: str | None = None) -> None:
	if doc.reference_type != "Lead" or not doc.reference_name:
		return
	open_assignments = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": doc.reference_name, "status": "Open"},
		pluck="allocated_to",
		order_by="creation asc",
		limit=1,
	)
	lifecycle.set_assignee(doc.reference_name, open_assignments[0] if open_assignments else None)
