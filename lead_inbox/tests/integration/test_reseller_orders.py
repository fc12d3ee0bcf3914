"""Quotations and orders have what a customer may buy, and the customer knows of its order: requirements RS-3, RS-5."""

from __future__ import annotations

import json
from typing import Any

import frappe
import pytest
from erpnext.controllers.accounts_controller import update_child_qty_rate
from erpnext.selling.doctype.quotation.quotation import make_sales_order
from frappe.model.mapper import make_mapped_doc
from frappe.utils import add_days, getdate, nowdate

from lead_inbox.reseller import customers
from lead_inbox.reseller.records import PRODUCT
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.tests.integration.booking_builders import make_item
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import COMPANY, make_customer
from lead_inbox.tests.integration.reseller_builders import (
	completed,
	doc_of,
	make_family,
	make_product,
	make_reseller_customer,
)

MAKE = "lead_inbox.api.reseller_orders.make_"


@pytest.fixture
def family() -> str:
	return make_family("Google Workspace")


@pytest.fixture
def starter(family: str) -> str:
	return make_product(family, "Business Starter")


@pytest.fixture
def plus(family: str) -> str:
	return make_product(family, "Enterprise Plus")


@pytest.fixture
def vault(family: str) -> str:
	return make_product(family, "Vault", for_teams=0, needs_verified_domain=1)


@pytest.fixture
def delta(family: str) -> str:
	"""A customer by domain that may order, tied to a Customer."""
	return make_reseller_customer("Created", family, customer=make_customer("Delta Mills").name)


@pytest.fixture
def team(family: str) -> str:
	"""A Team that may order, tied to a Customer."""
	return make_reseller_customer("Created", family, "Team", customer=make_customer("Delta Mills").name)


def item_of(product: str) -> str:
	return frappe.db.get_value(PRODUCT, product, "item")


def make(doctype: str, name: str, *products: str) -> Any:
	"""What the Make buttons of the customer's form do."""
	arguments = json.dumps({"products": products}) if products else None
	return make_mapped_doc(f"{MAKE}{frappe.scrub(doctype)}", name, args=arguments)


@pytest.fixture(autouse=True)
def arguments_of_one_request() -> Any:
	yield
	frappe.flags.args = None


def quotation_by_hand(reseller_customer: str | None, customer: str, *items: str) -> Any:
	return frappe.get_doc(
		doctype="Quotation",
		quotation_to="Customer",
		party_name=customer,
		company=COMPANY,
		inbox_reseller_customer=reseller_customer,
		items=[{"item_code": item, "qty": 1, "rate": 6} for item in items],
	)


def order(reseller_customer: str, *products: str) -> Any:
	return completed(make("Sales Order", reseller_customer, *products)).submit()


def items_in(doc: Any) -> list[str]:
	return [row.item_code for row in doc.items]


@pytest.mark.parametrize(
	("doctype", "party_field"), [("Quotation", "party_name"), ("Sales Order", "customer")]
)
def test_make_takes_the_chosen_products_to_the_tied_customer(
	doctype, party_field, delta, starter, plus, vault
):
	made = make(doctype, delta, plus, starter)
	assert made.get("__islocal") and not frappe.db.count(doctype)
	assert items_in(made) == [item_of(plus), item_of(starter)]
	assert made.get(party_field) == doc_of(delta).customer
	assert made.customer_name == "Delta Mills"

	saved = completed(made).insert()
	assert saved.inbox_reseller_customer == delta
	assert saved.grand_total == 12


def test_without_a_choice_the_first_product_that_may_be_bought_is_offered(team, vault, starter, plus):
	frappe.rename_doc(PRODUCT, vault, "A Vault")
	assert items_in(make("Quotation", team)) == [item_of(starter)]


def test_a_team_can_t_have_other_services_until_its_domain_is_verified(team, starter, vault):
	with pytest.raises(ResellerRefused, match=r"Vault.*verify its domain first"):
		make("Quotation", team, starter, vault)
	by_hand = quotation_by_hand(team, doc_of(team).customer, item_of(starter), item_of(vault))
	with pytest.raises(ResellerRefused, match=r"Vault.*verify its domain first"):
		by_hand.insert()

	customers.verify_domain(team, "delta-mills.com")
	assert items_in(make("Quotation", team, starter, vault)) == [item_of(starter), item_of(vault)]
	assert quotation_by_hand(team, doc_of(team).customer, item_of(vault)).submit().docstatus == 1


def test_a_product_for_teams_is_not_sold_to_who_has_become_a_customer_by_domain(team, family):
	essentials = make_product(family, "Essentials", for_domains=0)
	assert items_in(make("Quotation", team, essentials)) == [item_of(essentials)]
	customers.verify_domain(team, "delta-mills.com")
	with pytest.raises(ResellerRefused, match=r"Essentials.*not sold to customers of this type"):
		make("Quotation", team, essentials)


def test_all_that_is_refused_is_named_at_once(team, vault, family):
	gone = make_product(family, "Currents", enabled=0)
	by_hand = quotation_by_hand(team, doc_of(team).customer, item_of(vault), item_of(gone))
	with pytest.raises(ResellerRefused, match=r"Vault.*domain.*Currents.*not for sale"):
		by_hand.insert()


def test_an_item_that_only_another_family_sells_is_refused(delta):
	other = make_product(make_family("Another Vendor"), "Mailboxes")
	with pytest.raises(ResellerRefused, match=r"Mailboxes.*another product family"):
		quotation_by_hand(delta, doc_of(delta).customer, item_of(other)).insert()


def test_an_item_of_several_products_may_be_bought_for_one_of_them(family, delta, starter):
	make_product(make_family("Another Vendor"), "The Same Elsewhere", item=item_of(starter))
	make_product(family, "A Twin", item=item_of(starter), needs_verified_domain=1)
	assert quotation_by_hand(delta, doc_of(delta).customer, item_of(starter)).insert().name


def test_items_that_are_no_products_go_with_any_order(delta, starter):
	advice = make_item("Advice")
	assert quotation_by_hand(delta, doc_of(delta).customer, item_of(starter), advice).insert().name


def test_what_names_no_reseller_customer_is_ordinary_business(delta, vault, team):
	assert quotation_by_hand(None, doc_of(team).customer, item_of(vault)).insert().name


def test_who_has_no_account_yet_can_t_order(family, starter):
	draft = make_reseller_customer("Draft", family, customer=make_customer("Delta Mills").name)
	for products in ([], [starter]):
		with pytest.raises(ResellerRefused, match="no account"):
			make("Sales Order", draft, *products)


def test_who_is_suspended_can_t_order(family, starter):
	suspended = make_reseller_customer("Suspended", family, customer=make_customer("Delta Mills").name)
	with pytest.raises(ResellerRefused):
		make("Sales Order", suspended, starter)


def test_a_customer_of_erpnext_comes_first(family, starter):
	untied = make_reseller_customer("Created", family)
	with pytest.raises(ResellerRefused, match="has no Customer of ERPNext yet"):
		make("Quotation", untied, starter)


def test_a_family_without_products_says_what_to_do(delta):
	with pytest.raises(ResellerRefused, match="Add one to its product family"):
		make("Quotation", delta)


def test_a_quotation_is_for_the_customer_that_it_names(delta, starter):
	other = make_customer("Somebody Else").name
	with pytest.raises(ResellerRefused, match=r"not for Delta Mills Ltd\., but for Somebody Else"):
		quotation_by_hand(delta, other, item_of(starter)).insert()


def test_a_quotation_may_go_to_the_lead_that_the_customer_was_made_of(family, starter):
	lead = make_lead(first_name="Mali", email_id="mali@delta-mills.com").name
	from_lead = make_reseller_customer("Created", family, lead=lead)
	quotation = quotation_by_hand(from_lead, lead, item_of(starter))
	quotation.quotation_to = "Lead"
	assert quotation.insert().inbox_reseller_customer == from_lead


def test_the_first_order_makes_the_customer_one_who_has_ordered(delta, starter):
	completed(make("Quotation", delta, starter)).submit()
	assert doc_of(delta).status == "Created"
	order(delta, starter)
	assert doc_of(delta).status == "Ordered"
	assert (doc_of(delta).waits_for, doc_of(delta).waits_for_what) == ("Customer", "the terms of service")


def test_an_order_that_is_made_of_a_quotation_counts_too(delta, starter):
	quotation = completed(make("Quotation", delta, starter)).submit()
	sales_order = completed(make_sales_order(quotation.name))
	assert sales_order.inbox_reseller_customer == delta
	sales_order.submit()
	assert doc_of(delta).status == "Ordered"


def test_a_later_order_changes_nothing(family, starter):
	active = make_reseller_customer("Active", family, customer=make_customer("Delta Mills").name)
	order(active, starter)
	assert doc_of(active).status == "Active"


def test_an_order_of_other_things_is_none_of_a_product(delta, starter):
	sales_order = completed(make("Sales Order", delta, starter))
	sales_order.items[0].update({"item_code": make_item("Advice"), "item_name": None})
	sales_order.submit()
	assert doc_of(delta).status == "Created"


@pytest.mark.parametrize(("origin", "status"), [("New", "Created"), ("Import", "Imported")])
def test_cancelling_the_only_order_takes_it_back(origin, status, family, starter):
	customer = make_customer("Delta Mills").name
	name = make_reseller_customer(status, family, origin=origin, customer=customer)
	completed(make("Sales Order", name, starter)).insert()
	sales_order = order(name, starter)
	sales_order.cancel()
	assert doc_of(name).status == status, "a draft is no order yet"
	assert doc_of(name).waits_for_what == "an order"

	amended = frappe.copy_doc(sales_order, ignore_no_copy=False)
	amended.update({"docstatus": 0, "amended_from": sales_order.name})
	completed(amended).submit()
	assert doc_of(name).status == "Ordered"


def test_cancelling_one_of_two_orders_leaves_the_other(delta, starter, plus):
	first = order(delta, starter)
	order(delta, plus)
	first.cancel()
	assert doc_of(delta).status == "Ordered"


def test_cancelling_an_order_whose_terms_were_accepted_ends_no_subscription(delta, starter):
	sales_order = order(delta, starter)
	customers.accept_terms(delta, getdate())
	sales_order.cancel()
	assert doc_of(delta).status == "Terms Accepted"


def test_a_product_that_update_items_adds_is_an_order(delta, starter, plus):
	sales_order = completed(make("Sales Order", delta, starter))
	sales_order.items[0].update({"item_code": make_item("Advice"), "item_name": None})
	sales_order.submit()
	assert doc_of(delta).status == "Created"
	update_items(sales_order, plus)
	assert doc_of(delta).status == "Ordered"


@pytest.mark.parametrize("doctype", ["Quotation", "Sales Order"])
def test_update_items_adds_nothing_that_may_not_be_bought(doctype, team, starter, vault):
	submitted = completed(make(doctype, team, starter)).submit()
	with pytest.raises(ResellerRefused, match=r"Vault.*verify its domain first"):
		update_items(submitted, vault)


def update_items(submitted: Any, product: str) -> None:
	"""Add a product's Item to a submitted document, as its form does."""
	(row,) = submitted.items
	rows = [
		{"docname": row.name, "item_code": row.item_code, "qty": 1, "rate": 6},
		{"item_code": item_of(product), "qty": 1, "rate": 4, "delivery_date": add_days(nowdate(), 7)},
	]
	for row in rows:
		row["conversion_factor"] = 1
	update_child_qty_rate(submitted.doctype, json.dumps(rows), submitted.name)


def test_make_asks_for_the_right_to_create_the_document(delta, starter):
	frappe.set_user(make_user("reader@company.example", "Lead Partner"))
	with pytest.raises(frappe.PermissionError):
		make("Quotation", delta, starter)


def test_sales_make_quotations_themselves(delta, starter):
	frappe.set_user(make_user("jun@company.example", "Sales User"))
	assert items_in(make("Quotation", delta, starter)) == [item_of(starter)]
