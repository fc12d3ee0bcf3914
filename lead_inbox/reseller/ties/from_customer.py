"""What a Reseller Customer begins with when it is made of a Customer: RS-8."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_default_address
from frappe.contacts.doctype.contact.contact import get_default_contact
from frappe.utils import escape_html

from lead_inbox.reseller.ties import beginning

CUSTOMER = "Customer"


def values(customer: str) -> dict[str, Any]:
	"""Return fields of Reseller Customer with what a Customer says, its primary Contact and its primary Address.

	The caller has checked that the user may read the Customer. Raises frappe.ValidationError for a disabled
	one, frappe.DoesNotExistError for one that is gone.
	"""
	doc = frappe.get_doc(CUSTOMER, customer)
	_refuse_disabled(doc)
	who = beginning.someone(doc.customer_primary_contact or get_default_contact(CUSTOMER, customer))
	where = beginning.place(doc.customer_primary_address or get_default_address(CUSTOMER, customer))
	return beginning.filled(
		{
			**beginning.reach(
				[*who.emails, doc.email_id], [*who.numbers, doc.mobile_no], doc.website, where.get("country")
			),
			**where,
			"lead": _lead_of(doc),
			"customer": customer,
			"contact": who.contact,
			"crm_id": customer,
			"organization_name": doc.customer_name,
			"first_name": who.first_name,
			"last_name": who.last_name,
		}
	)


def _lead_of(customer: Any) -> str | None:
	"""Return the lead that became the Customer; a lead may have become another one meanwhile."""
	if not customer.lead_name:
		return None
	became = frappe.db.get_value("Lead", customer.lead_name, "inbox_customer")
	return customer.lead_name if became == customer.name else None


def _refuse_disabled(customer: Any) -> None:
	if customer.disabled:
		frappe.throw(
			_("Customer {0} is disabled. Enable it, or choose another one.").format(
				escape_html(customer.customer_name)
			)
		)
