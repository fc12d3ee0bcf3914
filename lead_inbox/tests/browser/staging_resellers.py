"""What the tests of reseller customers in the browser need beside staging.py, and what they look up afterwards.
Called as that is."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.reseller import customers
from lead_inbox.reseller.records import FAMILY, PRODUCT, REQUEST, RESELLER_CUSTOMER
from lead_inbox.reseller.vendor.vendors import GOOGLE
from lead_inbox.tests.browser import staging
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	make_family,
	make_product,
	make_reseller_customer,
)

WORKSPACE = "Google Workspace"
STARTER = "Business Starter"
VAULT = "Vault"
NONPROFITS = "Workspace for Nonprofits"
INSTRUCTIONS = "Open the Transfer page of your Admin console.\nAllow us to serve you, and send us the token."
TIPS = (
	{
		"topic": "Language and time zone",
		"instructions": "A new account has the vendor's own. Set the customer's.",
	},
	{"topic": "Smart features", "instructions": "They differ by region: ask the customer which it wants."},
	{"topic": "Administrator access", "instructions": "We have it by default. Tell the customer."},
)
TABLES = (
	*(RESELLER_CUSTOMER, "Reseller Customer Check", "Reseller Customer Consent", "Reseller Customer Tip"),
	*("Reseller Detail Check", REQUEST, PRODUCT, FAMILY, "Reseller Setup Tip"),
	*("Customer", "Address", "Quotation", "Quotation Item", "Email Queue"),
)


def remove_all() -> None:
	for table in TABLES:
		frappe.db.delete(table)
	frappe.clear_cache()


def workspace(**values: Any) -> str:
	"""A family with two products, one of them for verified domains only, and one that nobody may be on."""
	name = make_family(
		WORKSPACE, consent_instructions=INSTRUCTIONS, setup_tips=[dict(tip) for tip in TIPS], **values
	)
	make_product(name, STARTER)
	make_product(name, VAULT, needs_verified_domain=1)
	make_product(name, NONPROFITS, for_sale=0)
	return name


def connected_workspace() -> str:
	"""The same, whose accounts are asked for by a connection that nobody has set up."""
	return workspace(connection=GOOGLE)


def customer(status: str = "Draft", **values: Any) -> str:
	"""A customer of the family above, made by Jun. Its name."""
	return staging.as_user(staging.JUN, lambda: make_reseller_customer(status, WORKSPACE, **values))


def team(status: str = "Draft", **values: Any) -> str:
	return customer(status, customer_type="Team", **values)


def set_draft(name: str, **values: Any) -> None:
	"""As if its user had left it so."""
	frappe.db.set_value(RESELLER_CUSTOMER, name, values)


def lead() -> str:
	"""A lead of a company. Its name."""
	return staging.lead(name="Mali Georgiou", email="mali@deltamills.com", phone="+30 2821 055555")


def erpnext_customer(name: str = "Delta Mills Ltd.") -> str:
	return frappe.get_doc(doctype="Customer", customer_name=name).insert().name


def stored(name: str) -> dict[str, Any]:
	"""A customer as it is stored, its rows included."""
	return frappe.get_doc(RESELLER_CUSTOMER, name).as_dict(no_nulls=False)


def newest() -> dict[str, Any]:
	(name,) = frappe.get_all(RESELLER_CUSTOMER, pluck="name", order_by="creation desc", limit=1)
	return stored(name)


def wait_for_vendor(name: str, error: str = "") -> None:
	"""Pretend that the vendor has been asked, and is not to be asked again soon."""
	next_attempt_on = frappe.utils.add_to_date(now_datetime(), hours=1)
	values = {"action": "Create", "status": "Waiting", "next_attempt_on": next_attempt_on, "error": error}
	frappe.get_doc(
		doctype=REQUEST, reseller_customer=name, open_key=name, attempts=int(bool(error)), **values
	).insert(ignore_permissions=True)
	frappe.get_doc(RESELLER_CUSTOMER, name).notify_update()


def vendor_refuses(name: str, error: str) -> None:
	"""Pretend that the vendor has answered with a refusal; colleagues' pages hear of it."""
	frappe.db.set_value(
		REQUEST, {"reseller_customer": name}, {"status": "Failed", "error": error, "open_key": None}
	)
	frappe.get_doc(RESELLER_CUSTOMER, name).notify_update()


def vendor_creates(name: str) -> None:
	"""Pretend that the vendor has answered with an account."""
	frappe.db.set_value(REQUEST, {"reseller_customer": name}, {"status": "Done", "open_key": None})
	customers.note_account(name, account_of(name))


def mails() -> list[str]:
	"""What was written to customers, as it goes out."""
	return frappe.get_all("Email Queue", pluck="message", order_by="creation asc")


def showcase() -> dict[str, str]:
	"""The customers of the screenshots, by what they show."""
	workspace()
	known = {
		"draft": customer(organization_name="Delta Mills Ltd.", alternate_email="mali@delta.gr", phone="055"),
		"import": customer(origin="Import", organization_name="Harbor Foods"),
		"ready": customer("Created", organization_name="Olive & Sons"),
	}
	return known
