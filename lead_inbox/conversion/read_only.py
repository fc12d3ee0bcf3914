"""A converted lead is read-only for everyone without the role for it (CO-6), whatever they change it by.

Documents are guarded as they are saved and deleted, not by a permission: who may write the lead goes on
working on it in the inbox when its customer comes back, and that, like ERPNext's status, is written past the
document.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

EDITOR = "Converted Lead Editor"


class ConvertedLead(frappe.ValidationError):
	"""The lead is converted, and the user lacks the role to change it."""


def refuse_change(doc: Any) -> None:
	"""Refuse that a person changes or deletes a converted lead. Raises ConvertedLead.

	doc: a stored Lead with the state that is true. What ERPNext or an app saves by itself passes: it asks
	for no permission.
	"""
	if not doc.inbox_converted or doc.flags.ignore_permissions or EDITOR in frappe.get_roles():
		return
	frappe.throw(
		_(
			"{0} is converted, so it can't be changed any more. Work on with {1}, or ask somebody with the role {2}."
		).format(doc.title or doc.name, _successor(doc), _(EDITOR)),
		ConvertedLead,
		title=_("Not Possible Now"),
	)


def _successor(doc: Any) -> str:
	name = frappe.db.get_value("Customer", doc.inbox_customer, "customer_name") or doc.inbox_customer
	return _("the customer {0}").format(name) if name else _("what it became")
