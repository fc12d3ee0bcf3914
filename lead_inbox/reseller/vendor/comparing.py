"""Looking now and then what a vendor has made of its accounts, as it does not tell us by itself: RS-5, RS-7, RS-9."""

from __future__ import annotations

from datetime import timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import THERE
from lead_inbox.reseller.vendor import requests, vendors
from lead_inbox.reseller.vendor.vendor_rules import Action

EVERY = timedelta(days=7)
BATCH = 200


def ask_due() -> None:
	"""Have the accounts compared that were not for a week, the longest ago first. Each commits by itself."""
	for name in _due():
		try:
			requests.ask(name, Action.COMPARE)
			frappe.db.commit()
		except (ResellerRefused, frappe.QueryDeadlockError, frappe.QueryTimeoutError):
			frappe.db.rollback()  # somebody has just changed it: tomorrow is soon enough
		except Exception:
			frappe.db.rollback()
			frappe.log_error(
				_("A reseller customer's account could not be compared"),
				reference_doctype=RESELLER_CUSTOMER,
				reference_name=name,
			)
			frappe.db.commit()


def _due() -> list[str]:
	customer, family = frappe.qb.DocType(RESELLER_CUSTOMER), frappe.qb.DocType(FAMILY)
	before = now_datetime() - EVERY
	rows = (
		frappe.qb.from_(customer)
		.join(family)
		.on(family.name == customer.product_family)
		.select(customer.name)
		.where(family.connection == vendors.GOOGLE)
		.where(customer.status.isin([status.value for status in THERE]))
		.where(customer.vendor_account.isnotnull() & (customer.vendor_account != ""))
		.where(customer.vendor_checked_on.isnull() | (customer.vendor_checked_on < before))
		.orderby(customer.vendor_checked_on)
		.orderby(customer.name)
		.limit(BATCH)
	).run(as_dict=True)
	return [row.name for row in rows]
