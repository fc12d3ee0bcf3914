"""Asking whether a customer has accepted the terms of service, until the answer is recorded (RS-3).

The clock starts when the customer is first seen with an order; recording the acceptance moves its status on,
which ends the asking.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up import follow_up_rules, reminders
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Status

BATCH = 50


def due() -> list[str]:
	"""Return customers with an order whose terms are to be asked for, or whose clock has not started."""
	customer, family = frappe.qb.DocType(RESELLER_CUSTOMER), frappe.qb.DocType(FAMILY)
	rows = (
		frappe.qb.from_(customer)
		.join(family)
		.on(family.name == customer.product_family)
		.select(customer.name)
		.where((customer.status == Status.ORDERED.value) & (family.terms_reminder_days > 0))
		.where(customer.terms_remind_on.isnull() | (customer.terms_remind_on <= getdate()))
		.orderby(customer.terms_remind_on)
		.orderby(customer.name)
		.limit(BATCH)
	).run(as_dict=True)
	return [row.name for row in rows]


def follow_up(name: str) -> None:
	"""Remind of one customer if it is still due, and plan the next time. The caller commits."""
	customer, today = customers.hold(name), getdate()
	every_days = frappe.get_cached_value(FAMILY, customer.product_family, "terms_reminder_days")
	if customer.status != Status.ORDERED.value or not every_days:
		return
	if customer.terms_remind_on and customer.terms_remind_on > today:
		return
	if customer.terms_remind_on:
		customer.terms_asked_on = now_datetime()
		reminders.tell(customer, _subject(customer))
	customer.terms_remind_on = follow_up_rules.terms_reminder_on(today, every_days)
	customers.settle(customer)


def _subject(customer: Document) -> str:
	"""Return the sentence as HTML."""
	return _("Has {0} accepted the terms of service? Remind the customer, and record the acceptance").format(
		reminders.title(customer)
	)
