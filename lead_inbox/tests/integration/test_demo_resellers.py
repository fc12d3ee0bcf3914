"""The demo's product family is accepted, and its customers are in the states that it shows."""

from __future__ import annotations

import frappe

from lead_inbox.reseller.follow_up.usual_tips import usual_tips
from lead_inbox.reseller.records import FAMILY, PRODUCT, RESELLER_CUSTOMER
from tools import demo_conversion, demo_resellers
from tools.demo_resellers import FOR_SALE, NOT_FOR_SALE, SAMPLES, WORKSPACE


def test_made_again_it_stays_as_it_is():
	demo_conversion.make_conversion()
	demo_resellers.make_resellers()
	demo_resellers.make_resellers()

	rows = frappe.get_all(
		RESELLER_CUSTOMER,
		fields=["organization_name", "status", "waits_for", "waits_for_what"],
		order_by="creation asc",
	)
	assert [(row.organization_name, row.status) for row in rows] == [
		(sample.organization, sample.status.value) for sample in SAMPLES
	]
	assert {(row.waits_for, row.waits_for_what) for row in rows} == {
		("Us", "setup"),
		("Us", "the form"),
		("Customer", "consent to purchase"),
		("Us", "an order"),
		("Customer", "the terms of service"),
		("Nobody", "nothing"),
	}
	assert frappe.db.count(PRODUCT, {"product_family": WORKSPACE}) == len(FOR_SALE) + len(NOT_FOR_SALE)
	assert len(frappe.get_doc(FAMILY, WORKSPACE).setup_tips) == len(usual_tips())


def test_what_was_ordered_is_ordered_by_the_customer_that_was_there():
	demo_conversion.make_conversion()
	demo_resellers.make_resellers()

	customer = frappe.db.get_value("Customer", {"customer_name": demo_conversion.CUSTOMER})
	reseller_customer = frappe.db.get_value(RESELLER_CUSTOMER, {"customer": customer})
	order = frappe.get_last_doc("Sales Order", {"inbox_reseller_customer": reseller_customer})
	assert (order.customer, order.docstatus, order.items[0].rate) == (customer, 1, 14)
	assert frappe.db.count("Customer", {"customer_name": demo_conversion.CUSTOMER}) == 1
