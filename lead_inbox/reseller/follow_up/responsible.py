"""Who looks after a reseller's customer, and is reminded of what it waits for."""

from __future__ import annotations

import frappe
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

FALLBACK_ROLE = "Sales Manager"


def users(customer: Document) -> list[str]:
	"""Return whom to remind: whoever entered the customer, while they work here.

	A partner's customer, or one of a colleague who has left, is its account manager's, else the Sales Managers'.
	"""
	manager = (
		frappe.db.get_value("Customer", customer.customer, "account_manager") if customer.customer else None
	)
	at_work = _at_work([user for user in (customer.owner, manager) if user])
	return at_work[:1] or get_users_with_role(FALLBACK_ROLE)


def _at_work(names: list[str]) -> list[str]:
	"""Return the enabled users of the desk among these, in their order."""
	found = frappe.get_all(
		"User",
		filters={"name": ["in", names], "enabled": 1, "user_type": "System User"},
		pluck="name",
		order_by="name asc",
	)
	return [name for name in names if name in found]
