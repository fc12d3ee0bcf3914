"""What the demo shows of reselling: a family of products with its setup tips, and customers in several states."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import add_to_date, getdate, now_datetime

from lead_inbox.reseller import customers
from lead_inbox.reseller.check_rules import Result, Subject
from lead_inbox.reseller.follow_up import setup_tips
from lead_inbox.reseller.follow_up.usual_tips import usual_tips
from lead_inbox.reseller.orders import ordering
from lead_inbox.reseller.records import FAMILY, PRODUCT, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Origin, Status
from lead_inbox.reseller.ties import business, from_customer
from lead_inbox.reseller.ties.tie_rules import TieChoice
from lead_inbox.reseller.vendor.interface import Account
from tools.demo_conversion import CUSTOMER as SOLD_TO_BEFORE

WORKSPACE = "Google Workspace"
PRICE_LIST = "Standard Selling"
STARTER, STANDARD = "Business Starter", "Business Standard"
ESSENTIALS, VAULT = "Enterprise Essentials", "Vault"
# By name: the price of a user and month, and whom it is for.
FOR_SALE: dict[str, tuple[float, dict[str, int]]] = {
	STARTER: (7, {"for_domains": 1}),
	STANDARD: (14, {"for_domains": 1}),
	ESSENTIALS: (10, {"for_domains": 0, "for_teams": 1}),
	VAULT: (5, {"for_domains": 1, "needs_verified_domain": 1}),
}
# Nobody who is on one of these can be sold to.
NOT_FOR_SALE = ("Workspace for Nonprofits", "Legacy Free Edition")
CONSENT_INSTRUCTIONS = """1. Sign in to the Admin console as a super administrator.
2. Open Billing, then Get more services, and choose to buy from a reseller.
3. Agree, make a transfer token, and send it to us: it is good for 30 days."""


@dataclass(frozen=True)
class Sample:
	"""A customer of the demo. days: for how long it waits. values: what the form says beyond the usual."""

	organization: str
	status: Status
	days: int
	origin: Origin = Origin.NEW
	product: str = STARTER
	values: dict[str, Any] = field(default_factory=dict)


# All domains are below one that is kept for examples.
SAMPLES = (
	Sample(
		SOLD_TO_BEFORE, Status.ACTIVE, 12, product=STANDARD, values={"domain": "harbor-dental.example.com"}
	),
	Sample("Lopez Remodeling", Status.DRAFT, 2, values={"domain": "lopez.example.com", "country": None}),
	Sample("Castillo Architects", Status.DRAFT, 9, Origin.IMPORT, values={"domain": "castillo.example.com"}),
	Sample("Becker & Sons", Status.CREATED, 5, values={"domain": "becker.example.com"}),
	Sample(
		"Shah Interiors",
		Status.ORDERED,
		4,
		product=ESSENTIALS,
		values={"customer_type": "Team", "primary_email": "priya@shah.example.com"},
	),
	Sample("Old Town Bakery", Status.SUSPENDED, 40, values={"domain": "bakery.example.com"}),
)


def make_resellers() -> None:
	"""Made again it changes nothing."""
	make_family()
	for sample in SAMPLES:
		if not frappe.db.exists(RESELLER_CUSTOMER, {"organization_name": sample.organization}):
			make_customer(sample)


def make_family() -> None:
	if not frappe.db.exists(FAMILY, WORKSPACE):
		frappe.get_doc(
			doctype=FAMILY,
			family_name=WORKSPACE,
			vendor="Google",
			for_domains=1,
			for_teams=1,
			asks_identifier=1,
			public_identifier="C0demo1",
			consent_good_for_days=30,
			consent_instructions=CONSENT_INSTRUCTIONS,
			setup_tips=usual_tips(),
		).insert()
	for name, (price, buyers) in FOR_SALE.items():
		make_product(name, item=make_item(name, price), **buyers)
	for name in NOT_FOR_SALE:
		make_product(name, for_sale=0)


def make_product(name: str, **values: Any) -> None:
	if not frappe.db.exists(PRODUCT, name):
		frappe.get_doc(doctype=PRODUCT, product_name=name, product_family=WORKSPACE, **values).insert()


def make_item(product: str, price: float) -> str:
	code = f"{WORKSPACE} {product}"
	if not frappe.db.exists("Item", code):
		frappe.get_doc(
			doctype="Item", item_code=code, item_group="Services", stock_uom="Nos", is_stock_item=0
		).insert()
		frappe.get_doc(
			doctype="Item Price", item_code=code, price_list=PRICE_LIST, price_list_rate=price
		).insert()
	return code


def make_customer(sample: Sample) -> None:
	name = customers.begin(sample.origin, values_of(sample))
	for waits_on in steps_to(name, sample):
		if waits_on is sample.status:
			break
	tell_days(name, sample.days)


def values_of(sample: Sample) -> dict[str, Any]:
	domain = sample.values.get("domain", "")
	values = {
		"product_family": WORKSPACE,
		"customer_type": "Domain",
		"organization_name": sample.organization,
		"primary_email": f"admin@{domain}",
		"alternate_email": "office@example.net",
		"first_name": "Nina",
		"last_name": "Castillo",
		"phone": "+12125550142",
		"address_line1": "20 Harbor Street",
		"city": "New York",
		"state": "NY",
		"postal_code": "10025",
		"country": "United States",
		**sample.values,
	}
	known = frappe.db.get_value("Customer", {"customer_name": sample.organization})
	return {**(from_customer.values(known) if known else {}), **values}


def steps_to(name: str, sample: Sample) -> Iterator[Status]:
	"""Take a customer from one state to the next, and say which it has reached."""
	yield Status.DRAFT
	prove(name)
	customers.finish_form(name)
	yield Status.CHECKED
	customers.note_account(name, account_of(name))
	yield Status.CREATED
	order(name, sample.product)
	yield Status.ORDERED
	customers.accept_terms(name, getdate())
	yield Status.TERMS_ACCEPTED
	customers.activate(name)
	tick_first_tip(name)
	yield Status.ACTIVE
	customers.suspend(name, "Has not paid for two months")
	yield Status.SUSPENDED


def prove(name: str) -> None:
	for row in frappe.get_doc(RESELLER_CUSTOMER, name).checks:
		subject = Subject(row.subject)
		shown_by = "Found in WHOIS" if subject is Subject.REGISTERED_DOMAIN else "The customer's invoice"
		customers.answer_check(name, subject, row.product or "", Result.PASSED, shown_by)


def account_of(name: str) -> Account:
	"""As somebody enters it who has opened the account in the vendor's console."""
	doc = frappe.get_doc(RESELLER_CUSTOMER, name)
	identity = f"C{name.rpartition('-')[2]}demo"
	return Account(
		name=f"accounts/C0demo1/customers/{name}",
		organization_name=doc.organization_name,
		domain=doc.domain or "",
		cloud_identity_id=identity,
		is_domain_verified=bool(doc.domain),
		console="https://admin.google.com",
	)


def order(name: str, product: str) -> None:
	business.tie(name, TieChoice())
	ordered = ordering.make("Sales Order", name, [product])
	ordered.delivery_date = getdate()
	ordered.insert()
	ordered.submit()


def tick_first_tip(name: str) -> None:
	tips = frappe.get_doc(RESELLER_CUSTOMER, name).tips
	setup_tips.tick(name, tips[0].name, True)


def tell_days(name: str, days: int) -> None:
	"""Pretend that the customer has waited for so long."""
	frappe.db.set_value(
		RESELLER_CUSTOMER,
		name,
		"waits_since",
		add_to_date(now_datetime(), days=-days),
		update_modified=False,
	)
