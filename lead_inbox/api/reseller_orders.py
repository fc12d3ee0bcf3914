"""Make, on a Reseller Customer: a Quotation or a Sales Order, as frappe.model.open_mapped_doc wants them."""

import frappe
from frappe import _
from frappe.model.document import Document

from lead_inbox.api import arguments
from lead_inbox.reseller.orders import ordering
from lead_inbox.reseller.records import RESELLER_CUSTOMER

MOST_PRODUCTS = 50


@frappe.whitelist(methods=["POST"])
def make_quotation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a Quotation for a Reseller Customer, not saved. Of the products that are chosen in the arguments of
	open_mapped_doc, {"products": names}, by default the first that the customer may buy."""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="read", doc=source_name, throw=True)
	return ordering.make(ordering.QUOTATION, source_name, _chosen(), target_doc)


@frappe.whitelist(methods=["POST"])
def make_sales_order(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""Return a Sales Order for a Reseller Customer, not saved; as `make_quotation` does."""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="read", doc=source_name, throw=True)
	return ordering.make(ordering.SALES_ORDER, source_name, _chosen(), target_doc)


def _chosen() -> list[str]:
	products = (frappe.flags.args or {}).get("products")
	return arguments.texts(
		products, MOST_PRODUCTS, _("Give a list of at most {0} products.").format(MOST_PRODUCTS)
	)
