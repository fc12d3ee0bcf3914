"""ERPNext's Quotation, whoever makes it: it says which lead it came from, and offers a reseller's customer only
what it may buy."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.reseller.orders import ordering


def before_validate(doc: Any, _method: str | None = None) -> None:
	if not doc.inbox_lead:
		doc.inbox_lead = _lead_of(doc)


def validate(doc: Any, _method: str | None = None) -> None:
	ordering.check(doc)


def _lead_of(doc: Any) -> str | None:
	"""Return the lead that it is made for, or that what it was made of came from."""
	if doc.quotation_to == "Lead":
		return doc.party_name
	of_items = (row.prevdoc_docname for row in doc.items if row.prevdoc_doctype == "Opportunity")
	opportunity = doc.opportunity or next(of_items, None)
	if opportunity:
		return frappe.db.get_value("Opportunity", opportunity, "inbox_lead")
	return frappe.db.get_value("Quotation", doc.amended_from, "inbox_lead") if doc.amended_from else None
