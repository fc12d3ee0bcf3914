"""What a start would make of the rows that are pending."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder.functions import Count

from lead_inbox.conversion.bulk.bulk_rules import CustomerMode, OpportunityMode, RowStatus
from lead_inbox.conversion.records import BULK_ROW


def of_run(run: str) -> dict[str, int]:
	"""Return how many leads would be converted, and to how many records of each kind.

	new_customers counts a Customer that rows share once. known: rows that get a Customer of their own although
	there is one of the same name.
	"""
	pending = _pending_by_wish(run)
	new = sum(row["count"] for row in pending if row.customer_mode == CustomerMode.NEW.value)
	leads = sum(row["count"] for row in pending)
	shared = _shared_to_make(run)
	return {
		"leads": leads,
		"new_customers": new + shared,
		"linked": leads - new - shared,
		"opportunities": sum(
			row["count"] for row in pending if row.opportunity_mode == OpportunityMode.NEW.value
		),
		"known": _with_known_name(run),
	}


def _pending_by_wish(run: str) -> list[frappe._dict]:
	table = frappe.qb.DocType(BULK_ROW)
	return (
		frappe.qb.from_(table)
		.select(table.customer_mode, table.opportunity_mode, Count("*").as_("count"))
		.where(_is_pending(table, run))
		.groupby(table.customer_mode, table.opportunity_mode)
	).run(as_dict=True)


def _shared_to_make(run: str) -> int:
	"""Companies whose rows share a Customer that none of them has made yet."""
	table = frappe.qb.DocType(BULK_ROW)
	is_shared = table.customer_mode == CustomerMode.SHARED.value
	companies = (
		frappe.qb.from_(table).select(table.company_key).where(_is_pending(table, run) & is_shared).distinct()
	).run(pluck=True)
	has_one = (table.bulk_conversion == run) & is_shared & (table.customer != "")
	made = (frappe.qb.from_(table).select(table.company_key).where(has_one).distinct()).run(pluck=True)
	return len(set(companies) - set(made))


def _with_known_name(run: str) -> int:
	if not frappe.has_permission("Customer", ptype="read"):
		return 0
	table, customer = frappe.qb.DocType(BULK_ROW), frappe.qb.DocType("Customer")
	return (
		frappe.qb.from_(table)
		.join(customer)
		.on((customer.inbox_company_key == table.company_key) & (customer.disabled == 0))
		.select(Count(table.name).distinct())
		.where(_is_pending(table, run) & (table.company_key != ""))
		.where(table.customer_mode == CustomerMode.NEW.value)
	).run()[0][0]


def _is_pending(table: Any, run: str) -> Any:
	return (table.bulk_conversion == run) & (table.status == RowStatus.PENDING.value)
