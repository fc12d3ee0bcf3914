"""Who may see what belongs to a lead: whoever may see the lead. One builder for lists and documents."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.db_query import DatabaseQuery

READING = ("read", "select", "print", "email", "report", "export", "share")


def lead_message_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Message", user)


def lead_transition_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Transition", user)


def lead_conditions(user: str | None = None) -> str:
	"""Return a condition on Lead's own columns for SQL that get_list can't express; empty for every lead.

	Raises PermissionError for a user who may see none.
	"""
	query = DatabaseQuery("Lead", user=user or frappe.session.user)
	conditions = query.build_match_conditions()
	# of a user without a role, to whom leads were shared, Frappe keeps them apart
	return conditions or " and ".join(query.conditions)


def lead_dispute_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Dispute", user)


def lead_merge_conditions(user: str | None = None) -> str:
	"""A merge tells of two leads, so both must be visible."""
	conditions = (_visible_leads("Lead Merge", user, column) for column in ("winner", "loser"))
	return " and ".join(filter(None, conditions))


def follows_lead(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead that a message or transition belongs to."""
	return frappe.has_permission("Lead", ptype="read", doc=doc.lead, user=user)


def follows_both_leads(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see both leads of a merge."""
	return all(
		frappe.has_permission("Lead", ptype="read", doc=lead, user=user) for lead in (doc.winner, doc.loser)
	)


def follows_written_lead(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead of a dispute; to file or change one, whether they may write it."""
	needed = "read" if ptype in READING else "write"
	return frappe.has_permission("Lead", ptype=needed, doc=doc.lead, user=user)


def _visible_leads(doctype: str, user: str | None, column: str = "lead") -> str:
	"""Return a condition on a column that names a lead, empty when the user may see every lead."""
	conditions = lead_conditions(user)
	if not conditions:
		return ""
	return f"`tab{doctype}`.{column} in (select `tabLead`.name from `tabLead` where {conditions})"
