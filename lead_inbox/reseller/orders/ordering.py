"""Quotations and Sales Orders for a reseller's customer (RS-3), with nothing but what it may buy (RS-5).

A document says by its field inbox_reseller_customer for whom it is; one that names nobody is none of ours. What
the Items of Reseller Products are refused for is offer_rules' to say, Items of other kinds go with any order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import escape_html

from lead_inbox.reseller import customers, offer_rules, reading, words
from lead_inbox.reseller.offer_rules import Product, Refusal
from lead_inbox.reseller.orders import placed
from lead_inbox.reseller.orders.placed import SALES_ORDER
from lead_inbox.reseller.records import PRODUCT, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import refuse

QUOTATION = "Quotation"
PARTY_FIELDS = {QUOTATION: "party_name", SALES_ORDER: "customer"}


def make(
	doctype: str, name: str, products: Sequence[str] = (), target: str | Document | None = None
) -> Document:
	"""Return a Quotation or Sales Order for a customer, not saved.

	products: names of the chosen Reseller Products, by default the first that may be bought. target: a document
	to add to, as Frappe's mapper hands it over. Asks for the right to read the customer and to create the
	document. Raises ResellerRefused.
	"""
	mapping = {
		"doctype": doctype,
		"field_map": {"customer": PARTY_FIELDS[doctype]},
		"field_no_map": ["title"],
	}
	return get_mapped_doc(
		RESELLER_CUSTOMER, name, {RESELLER_CUSTOMER: mapping}, target, partial(_complete, products)
	)


def check(doc: Document) -> None:
	"""Refuse a document that names a reseller customer, and is not for it or has what it may not buy."""
	if not doc.inbox_reseller_customer:
		return
	customer = frappe.get_doc(RESELLER_CUSTOMER, doc.inbox_reseller_customer)
	_check_party(doc, customer)
	_check_items(customer, _items_of(doc))


def note_added(doctype: str, name: str, item: str) -> None:
	"""Refuse an Item that is added to a submitted document, which Frappe does not validate again, or note that it
	was ordered."""
	reseller_customer = frappe.db.get_value(doctype, name, "inbox_reseller_customer")
	if not reseller_customer:
		return
	_check_items(frappe.get_doc(RESELLER_CUSTOMER, reseller_customer), [item])
	if doctype == SALES_ORDER and _products_of_items([item]):
		customers.note_order(reseller_customer)


def note_submitted(order: Document) -> None:
	"""Tell the customer's record of an order of a product."""
	name = order.inbox_reseller_customer
	if name and _products_of_items(_items_of(order)):
		customers.note_order(name)


def note_cancelled(order: Document) -> None:
	"""Take the order back from the customer's record while its terms of service are not accepted.

	Afterwards the vendor may have a subscription, which cancelling here does not end, so the record stays.
	"""
	name = order.inbox_reseller_customer
	if not name:
		return
	customers.hold(name)
	if not placed.has_order(name):
		customers.withdraw_order(name)


def _complete(products: Sequence[str], customer: Document, target: Document) -> None:
	if not customer.customer:
		refuse(_no_customer(customer))
	if target.doctype == QUOTATION:
		target.quotation_to = "Customer"
	for product in _chosen(customer, products):
		target.append("items", {"item_code": product.item, "qty": 1})
	target.run_method("set_missing_values")
	target.run_method("calculate_taxes_and_totals")


def _chosen(customer: Document, names: Sequence[str]) -> list[Product]:
	offered = reading.products_of(customer.product_family)
	buyer = reading.buyer_of(customer)
	if not names:
		if first := offer_rules.may_buy(offered, buyer)[:1]:
			return first
		refuse(_nothing_to_buy(offered, buyer))
	by_name = {product.name: product for product in offered}
	wanted = list(dict.fromkeys(names))
	_refuse_all({name: _refusal([by_name[name]] if name in by_name else [], buyer) for name in wanted})
	return [by_name[name] for name in wanted]


def _check_party(doc: Document, customer: Document) -> None:
	"""A Quotation may go to the lead that the customer was made of; an order needs the Customer."""
	party = ("Customer", doc.customer) if doc.doctype == SALES_ORDER else (doc.quotation_to, doc.party_name)
	if party not in (("Customer", customer.customer), ("Lead", customer.lead)):
		refuse(
			_(
				"This is not for {0}, but for {1}. Choose the Customer that {0} is tied to, or take {0} out."
			).format(escape_html(customer.organization_name or customer.name), escape_html(party[1] or ""))
			if customer.customer
			else _no_customer(customer)
		)


def _check_items(customer: Document, items: Collection[str]) -> None:
	buyer = reading.buyer_of(customer)
	of_items = _products_of_items(items)
	_refuse_all({item: _refusal(products, buyer) for item, products in of_items.items()})


def _products_of_items(items: Collection[str]) -> dict[str, list[Product]]:
	"""Return the products in use by Item, of the Items that any product has; for one out of use an empty list."""
	if not items:
		return {}
	rows = frappe.get_all(
		PRODUCT, filters={"item": ["in", list(items)]}, fields=["item", "product_family"], order_by="name asc"
	)
	families = dict.fromkeys(row.product_family for row in rows)
	products = [product for family in families for product in reading.products_of(family)]
	sold = {row.item for row in rows}
	return {item: [product for product in products if product.item == item] for item in items if item in sold}


def _refusal(products: Iterable[Product], buyer: offer_rules.Buyer) -> Refusal | None:
	"""Return why none of the products that an Item stands for may be bought; that of the buyer's family first."""
	refusals = [offer_rules.refusal(product, buyer) for product in products] or [Refusal.NOT_FOR_SALE]
	if None in refusals:
		return None
	return next((refusal for refusal in refusals if refusal is not Refusal.OTHER_FAMILY), refusals[0])


def _refuse_all(refusals: Mapping[str, Refusal | None]) -> None:
	"""Refuse what is asked for when anything of it is refused, with all reasons at once. By names of things."""
	lines = [
		f"{frappe.bold(escape_html(name))}: {words.offer(refusal)}"
		for name, refusal in refusals.items()
		if refusal
	]
	if lines:
		refuse("<br>".join(lines))


def _items_of(doc: Document) -> list[str]:
	return list(dict.fromkeys(row.item_code for row in doc.items if row.item_code))


def _nothing_to_buy(offered: Iterable[Product], buyer: offer_rules.Buyer) -> str:
	"""Return why there is nothing to offer: the reason that all products share, if there is one."""
	refusals = {offer_rules.refusal(product, buyer) for product in offered if product.for_sale}
	if len(refusals) == 1:
		return words.offer(refusals.pop())
	return _("There is no product that this customer may buy. Add one to its product family.")


def _no_customer(customer: Document) -> str:
	return _("{0} has no Customer of ERPNext yet. Choose or make one first, under Connections.").format(
		escape_html(customer.organization_name or customer.name)
	)
