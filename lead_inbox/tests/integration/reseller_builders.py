"""What is resold, and to whom, in the words of a user."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import add_days, getdate, nowdate

from lead_inbox.reseller import consents, customers
from lead_inbox.reseller.check_rules import Result, Subject
from lead_inbox.reseller.records import FAMILY, PRODUCT, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Origin, Status
from lead_inbox.reseller.vendor.interface import Account
from lead_inbox.tests.integration.booking_builders import make_item
from lead_inbox.tests.integration.conversion_builders import COMPANY

# The states on the way to being active, in their order; what an import goes through has its own name for one.
WAY = (Status.DRAFT, Status.CHECKED, Status.CREATED, Status.ORDERED, Status.TERMS_ACCEPTED, Status.ACTIVE)


def make_family(name: str = "", **values: Any) -> str:
	"""A product family for customers of both types, by hand and without setup tips, unless said otherwise."""
	fields = {"family_name": name or f"Workspace {frappe.generate_hash(length=6)}", "vendor": "Google"}
	return (
		frappe.get_doc({"doctype": FAMILY, **fields, "for_domains": 1, "for_teams": 1, **values})
		.insert()
		.name
	)


def make_product(family: str, name: str = "", **values: Any) -> str:
	"""A product that is sold to customers of both types, with an Item of its own, unless said otherwise."""
	name = name or f"Product {frappe.generate_hash(length=6)}"
	fields = {"product_name": name, "product_family": family, "for_domains": 1, "for_teams": 1, **values}
	if fields.get("for_sale", 1) and "item" not in fields:
		fields["item"] = make_item(f"{name} License")
	return frappe.get_doc({"doctype": PRODUCT, **fields}).insert().name


def domain_values(domain: str = "", **values: Any) -> dict[str, Any]:
	"""What the form of a Domain customer says when it is filled in well. values: its fields."""
	domain = domain or f"delta-{frappe.generate_hash(length=8)}.com"
	return {
		"customer_type": "Domain",
		"organization_name": "Delta Mills Ltd.",
		"domain": domain,
		"primary_email": f"admin@{domain}",
		"first_name": "Mali",
		"last_name": "Georgiou",
		"address_line1": "1 Mill Street",
		"city": "Chania",
		"country": "Greece",
		"alternate_email": "mali@gmail.com",
		"phone": "+302821055555",
		**values,
	}


def team_values(**values: Any) -> dict[str, Any]:
	"""The same of a Team."""
	email = f"mali-{frappe.generate_hash(length=8)}@gmail.com"
	team = {"customer_type": "Team", "domain": "", "primary_email": email, "alternate_email": ""}
	return domain_values(**{**team, **values})


def make_reseller_customer(
	status: str = "Draft", family: str = "", customer_type: str = "Domain", origin: str = "New", **values: Any
) -> str:
	"""A customer that has gone through all that comes before a status. values: its fields, ties included."""
	family = family or make_family()
	filled_in = team_values(**values) if customer_type == "Team" else domain_values(**values)
	name = customers.begin(Origin(origin), {"product_family": family, **filled_in})
	if Origin(origin) is Origin.IMPORT:
		record_consent(name, family)
	wanted = Status(status)
	last = {
		Status.IMPORTED: Status.CREATED,
		Status.SUSPENDED: Status.ACTIVE,
		Status.TRANSFERRED_OUT: Status.CREATED,
	}
	for step in WAY[1 : WAY.index(last.get(wanted, wanted)) + 1]:
		_take(name, step)
	if wanted is Status.SUSPENDED:
		customers.suspend(name, "Did not pay")
	if wanted is Status.TRANSFERRED_OUT:
		customers.transfer_out(name, "Found a nearer one")
	return name


def completed(doc: Any) -> Any:
	"""A Quotation or Sales Order with what a user enters in the form that Make opens."""
	doc.company = COMPANY
	if doc.doctype == "Sales Order":
		doc.delivery_date = add_days(nowdate(), 7)
	for row in doc.items:
		row.rate = 6
	return doc


def prove(name: str) -> None:
	"""Show that all requirements of a customer are met."""
	for row in doc_of(name).checks:
		if row.subject != Subject.CONSENT.value:
			answer = (Subject(row.subject), row.product or "", Result.PASSED, "Seen in the console")
			customers.answer_check(name, *answer)


def record_consent(name: str, family: str, **values: Any) -> None:
	given = {"given_by": "Mali Georgiou", "given_on": getdate(), "evidence": "Mail of today", **values}
	consents.record(name, family, **given)


def doc_of(name: str) -> Any:
	"""A customer as it is stored."""
	return frappe.get_doc(RESELLER_CUSTOMER, name)


def account_of(customer: str, **values: Any) -> Account:
	"""An account of a customer at the vendor, under its domain if it has one."""
	doc = doc_of(customer)
	facts = {
		"name": f"accounts/C1/customers/{customer}",
		"organization_name": doc.organization_name,
		"domain": doc.domain or "",
		"cloud_identity_id": f"C{frappe.generate_hash(length=8)}",
		**values,
	}
	return Account(**facts)


def _take(name: str, step: Status) -> None:
	if step is Status.CHECKED:
		prove(name)
		customers.finish_form(name)
	elif step is Status.CREATED:
		customers.note_account(name, account_of(name))
	elif step is Status.ORDERED:
		customers.note_order(name)
	elif step is Status.TERMS_ACCEPTED:
		customers.accept_terms(name, getdate())
	else:
		customers.activate(name)
