"""Who may see what belongs to a lead: whoever may see the lead. One builder for lists and documents."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.model.db_query import DatabaseQuery


def lead_message_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Message", user)


def lead_transition_conditions(user: str | None = None) -> str:
	return _visible_leads("Lead Transition", user)


def follows_lead(doc: Any, ptype: str = "read", user: str | None = None, **_options: Any) -> bool:
	"""Whether the user may see the lead that a message or transition belongs to."""
	return frappe.has_permission("Lead", ptype="read", doc=doc.lead, user=user)


def _visible_leads(doctype: str, user: str | None) -> str:
	"""Return a condition on the lead column, empty when the user may see every lead."""
	conditions = DatabaseQuery("Lead", user=user or frappe.session.user).build_match_conditions()
	if not conditions:
		return ""
	return f"`tab{doctype}`.lead in (select `tabLead`.name from `tabLead` where {conditions})"
