"""The companies of a bulk conversion: leads of one company, and Customers that have its name already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from lead_inbox.conversion.bulk.bulk_rules import OPEN_ROWS
from lead_inbox.conversion.records import BULK_ROW

OFFERED = 200  # Customers, for all companies of a page


def of_page(run: str, keys: Iterable[str | None]) -> dict[str, dict[str, Any]]:
	"""Return the companies about which there is something to choose, by their keys.

	Each is {"count": rows that are to be converted, "choices": what they want so far, "existing": Customers of
	the same name that the user may read}.
	"""
	wanted = sorted({key for key in keys if key})
	if not wanted:
		return {}
	choices, existing = _choices(run, wanted), _existing(wanted)
	companies = {
		key: {
			"count": sum(choice["count"] for choice in choices.get(key, [])),
			"choices": choices.get(key, []),
			"existing": existing.get(key, []),
		}
		for key in wanted
	}
	return {key: found for key, found in companies.items() if found["count"] > 1 or found["existing"]}


def _choices(run: str, keys: list[str]) -> dict[str, list[dict[str, Any]]]:
	table = frappe.qb.DocType(BULK_ROW)
	rows = (
		frappe.qb.from_(table)
		.select(table.company_key, table.customer_mode, table.customer, Count("*").as_("count"))
		.where((table.bulk_conversion == run) & table.company_key.isin(keys))
		.where(table.status.isin([status.value for status in OPEN_ROWS]))
		.groupby(table.company_key, table.customer_mode, table.customer)
	).run(as_dict=True)
	found: dict[str, list[dict[str, Any]]] = {}
	for row in rows:
		choice = {"mode": row.customer_mode, "customer": row.customer or "", "count": row["count"]}
		found.setdefault(row.company_key, []).append(choice)
	return found


def _existing(keys: list[str]) -> dict[str, list[dict[str, str]]]:
	if not frappe.has_permission("Customer", ptype="read"):
		return {}
	rows = frappe.get_list(
		"Customer",
		filters={"inbox_company_key": ["in", keys], "disabled": 0},
		fields=["name", "customer_name", "inbox_company_key"],
		order_by="creation asc",
		limit_page_length=OFFERED,
	)
	found: dict[str, list[dict[str, str]]] = {}
	for row in rows:
		customer = {"name": row.name, "label": row.customer_name or row.name}
		found.setdefault(row.inbox_company_key, []).append(customer)
	return found
