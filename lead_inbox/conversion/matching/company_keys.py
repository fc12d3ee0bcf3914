"""Keeps Customer.inbox_company_key, by which Customers of one name are found with an index."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.conversion.matching.name_rules import company_key

KEY = "inbox_company_key"
LENGTH = 140  # of the column
BATCH = 5_000


def keep(customer: Any) -> None:
	"""Set the key of a Customer that is being saved."""
	customer.set(KEY, stored_key(customer.customer_name))


def keep_after_rename(customer: Any) -> None:
	"""Where Customers are named by their name, ERPNext writes the new one past validation."""
	key = stored_key(customer.customer_name)
	if customer.get(KEY) != key:
		customer.db_set(KEY, key, update_modified=False)


def stored_key(name: str | None) -> str:
	"""Return the key of a name as far as the column holds it."""
	return company_key(name or "")[:LENGTH]


def refresh() -> None:
	"""Set the key of the Customers that were there before, and of all after a change of the rules.

	Row by row, as the rules are no SQL, in batches that keep memory flat.
	"""
	last = ""
	while rows := frappe.get_all(
		"Customer",
		filters={"name": [">", last]},
		fields=["name", "customer_name", KEY],
		order_by="name asc",
		limit=BATCH,
	):
		keys = {row.name: stored_key(row.customer_name) for row in rows}
		updates = {row.name: {KEY: keys[row.name]} for row in rows if row[KEY] != keys[row.name]}
		if updates:
			frappe.db.bulk_update("Customer", updates, chunk_size=200, update_modified=False)
		last = rows[-1].name
