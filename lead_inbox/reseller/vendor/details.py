"""What a vendor is told of a Reseller Customer, and by what it finds the customer's account: RS-9."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.reseller import contact_rules, domain_rules, reading
from lead_inbox.reseller.records import REQUEST, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import CustomerType, Status
from lead_inbox.reseller.vendor.interface import Details, Sought

LINES = ("address_line1", "address_line2")


def our_id(doc: Any) -> str:
	"""Return what the vendor keeps as the customer's id in our CRM."""
	return doc.crm_id or doc.name


def details_of(doc: Any, request_key: str) -> Details:
	"""request_key: the id that goes with this request's calls."""
	country = frappe.db.get_value("Country", doc.country, "code") if doc.country else None
	return Details(
		sought=_sought_of(doc, request_key),
		organization_name=doc.organization_name or "",
		country=(country or "").upper(),
		first_name=doc.first_name or "",
		last_name=doc.last_name or "",
		alternate_email=_as_dns_has_it(doc.alternate_email),
		phone=contact_rules.e164(doc.phone or ""),
		address_lines=tuple(doc.get(line) for line in LINES if doc.get(line)),
		city=doc.city or "",
		state=doc.state or "",
		postal_code=doc.postal_code or "",
		language=_language_of(doc),
	)


def token_of(doc: Any) -> str:
	"""Return the customer's transfer token, "" for none or one that has expired."""
	return (
		doc.get_password("transfer_token", raise_exception=False) or "" if reading.is_token_good(doc) else ""
	)


def _sought_of(doc: Any, request_key: str) -> Sought:
	customer_type = CustomerType(doc.customer_type)
	return Sought(
		our_id=request_key,
		customer_type=customer_type,
		domain=reading.ascii_domain(doc) if customer_type is CustomerType.DOMAIN else "",
		primary_email=_as_dns_has_it(doc.primary_email),
		cloud_identity_id=doc.cloud_identity_id or "",
		former_ids=_former_ids(doc.name),
		taken=_accounts_of_teams(doc),
	)


def _as_dns_has_it(email: str | None) -> str:
	"""The vendor compares an address with the domain, which it has in ASCII."""
	local, _at, host = (email or "").rpartition("@")
	return f"{local}@{domain_rules.of_address(email or '') or host}" if local else ""


def _former_ids(customer: str) -> frozenset[str]:
	"""An earlier request may have had its account made, and the CRM id may have been changed since."""
	keys = frappe.get_all(
		REQUEST, filters={"reseller_customer": customer}, pluck="request_key", order_by="creation asc"
	)
	return frozenset(key for key in keys if key)


def _accounts_of_teams(doc: Any) -> frozenset[str]:
	"""Return the accounts of other teams that could be taken for this customer's: a domain may have several.

	Who has gone elsewhere may come back as a new customer, and gets the account that it had.
	"""
	if doc.customer_type == CustomerType.TEAM.value:
		address = doc.primary_email or ""
	else:
		address = ["like", f"%@{doc.domain}"]
	accounts = frappe.get_all(
		RESELLER_CUSTOMER,
		filters={
			"name": ["!=", doc.name],
			"status": ["!=", Status.TRANSFERRED_OUT.value],
			"customer_type": CustomerType.TEAM.value,
			"primary_email": address,
			"vendor_account": ["is", "set"],
		},
		pluck="vendor_account",
		order_by="name asc",
	)
	return frozenset(accounts)


def _language_of(doc: Any) -> str:
	for doctype, name in (("Customer", doc.customer), ("Lead", doc.lead)):
		if name and (language := frappe.db.get_value(doctype, name, "language")):
			return language
	return ""
