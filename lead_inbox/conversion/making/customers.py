"""The Customer of a conversion: a new one as ERPNext would make it, or an existing one, filled up."""

from __future__ import annotations

from typing import Any

import frappe
from erpnext.crm.doctype.lead.lead import _make_customer
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display

from lead_inbox.conversion.making import filling
from lead_inbox.conversion.making.parts import Record, Request
from lead_inbox.conversion.rules import Mode, Pick

CUSTOMER = "Customer"
# They tell of a person, not of the company that the person works for.
PERSONAL = ("salutation", "gender")
NAMED = ("customer_name", "customer_type", "lead_name", "account_manager")


def plan(request: Request, pick: Pick, address: str | None) -> Record | None:
	"""Return the Customer that the lead becomes. Nothing is stored.

	address: the lead's own, for a Customer that has none.
	"""
	if pick.mode is Mode.EXISTING:
		return _existing(request, pick.name, address)
	draft = _draft(request, address)
	values = filling.carried(request.lead, draft)
	for field in filling.DEFAULTS_PLACE:
		if not draft.get(field):
			draft.set(field, default_of(field))
	named = {field: draft.get(field) for field in NAMED if draft.get(field)}
	return Record(draft, named | values | _primary_address(draft))


def set_primary_contact(customer: Record, contact: Record) -> None:
	"""Make the Contact the Customer's primary one if it has none. Before the Contact is stored, its title."""
	label = contact.doc.name or contact.doc.full_name
	if not customer.doc.customer_primary_contact or customer.values.get("customer_primary_contact"):
		customer.doc.customer_primary_contact = label
		customer.values["customer_primary_contact"] = label


def _existing(request: Request, name: str, address: str | None) -> Record | None:
	customer = filling.stored(request, CUSTOMER, name)
	if not customer:
		return None
	if customer.disabled:
		request.problems.append(
			_("Customer {0} is disabled. Enable it, or choose another one.").format(customer.customer_name)
		)
	record = Record(customer, {})
	draft = _draft(request, address)
	values = filling.carried(request.lead, draft)
	if customer.customer_type == "Company":
		values = {field: value for field, value in values.items() if field not in PERSONAL}
	named = {"lead_name": request.lead.name, "account_manager": draft.account_manager}
	filling.fill(record, request.lead, named | values | _primary_address(draft))
	return record


def _draft(request: Request, address: str | None) -> Any:
	# whether the user may create it is asked for a new one; for an existing one it is only read from
	draft = _make_customer(request.lead.name, ignore_permissions=True)
	draft.lead_name = request.lead.name
	draft.account_manager = draft.account_manager or request.owner
	filling.drop_gone_links(request, draft)
	if address:
		draft.customer_primary_address = address
		draft.primary_address = get_address_display(address)
	return draft


def default_of(field: str) -> str | None:
	"""Return what Selling Settings say for one of filling.DEFAULTS_PLACE, unless that is gone too.

	ERPNext itself keeps a copy that may be stale.
	"""
	doctype = frappe.get_meta(CUSTOMER).get_field(field).options
	value = frappe.get_cached_doc("Selling Settings").get(field)
	return value if value and frappe.db.exists(doctype, value) else None


def _primary_address(draft: Any) -> dict[str, str]:
	address = draft.customer_primary_address
	fields = ("customer_primary_address", "primary_address")
	return {field: draft.get(field) for field in fields} if address else {}
