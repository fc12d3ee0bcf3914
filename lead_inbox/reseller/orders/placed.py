"""Whether anything is ordered for a reseller's customer (RS-3)."""

from __future__ import annotations

import frappe

from lead_inbox.reseller.records import PRODUCT

SALES_ORDER = "Sales Order"


def has_order(reseller_customer: str) -> bool:
	"""Return whether a submitted order of a held customer has a product. One that is being cancelled is none any more.

	Orders and their rows are read with locks, as they may be younger than the transaction's snapshot.
	"""
	orders = _submitted_orders(reseller_customer)
	items = _items_of(orders) if orders else []
	return bool(items and frappe.db.exists(PRODUCT, {"item": ["in", items]}))


def _submitted_orders(reseller_customer: str) -> list[str]:
	orders = frappe.qb.DocType(SALES_ORDER)
	query = (
		frappe.qb.from_(orders)
		.force_index("inbox_reseller_customer_index")  # a scan would wait for everybody's orders
		.select(orders.name)
		.where((orders.inbox_reseller_customer == reseller_customer) & (orders.docstatus == 1))
		.orderby(orders.name)
		.for_update()
	)
	return query.run(pluck=True)


def _items_of(orders: list[str]) -> list[str]:
	item = frappe.qb.DocType("Sales Order Item")
	query = (
		frappe.qb.from_(item)
		.force_index("parent")
		.select(item.item_code)
		.where(item.parent.isin(orders) & item.item_code.isnotnull())
		.orderby(item.name)
		.for_update()
	)
	return query.run(pluck=True)
