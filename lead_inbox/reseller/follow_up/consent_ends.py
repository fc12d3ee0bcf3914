"""Noticing that a consent to purchase has expired before the import (RS-4).

Nobody writes the customer on that day, so it would go on waiting for us although it is the customer who has to
consent again.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate
from pypika.terms import ExistsCriterion

from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up import reminders
from lead_inbox.reseller.records import CONSENT, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Origin, Status
from lead_inbox.reseller.waiting_rules import Matter, Party

BATCH = 50


def due() -> list[str]:
	"""Return customers who are to be imported, wait for us, and have no consent any more that is good."""
	customer, consent = frappe.qb.DocType(RESELLER_CUSTOMER), frappe.qb.DocType(CONSENT)
	good = (
		frappe.qb.from_(consent)
		.select(consent.name)
		.where((consent.parent == customer.name) & (consent.parenttype == RESELLER_CUSTOMER))
		.where(consent.product_family == customer.product_family)
		.where(consent.withdrawn_on.isnull())
		.where(consent.expires_on.isnull() | (consent.expires_on >= getdate()))
	)
	rows = (
		frappe.qb.from_(customer)
		.select(customer.name)
		.where(customer.status.isin([Status.DRAFT.value, Status.CHECKED.value]))
		.where((customer.origin == Origin.IMPORT.value) & (customer.waits_for == Party.US.value))
		.where(customer.waits_for_what.isin([Matter.FORM.value, Matter.ACCOUNT.value]))
		.where(ExistsCriterion(good).negate())
		.orderby(customer.name)
		.limit(BATCH)
	).run(as_dict=True)
	return [row.name for row in rows]


def follow_up(name: str) -> None:
	"""Let one customer wait for a new consent, and tell whoever looks after it. The caller commits."""
	customer = customers.hold(name)
	waited_for = customer.waits_for_what
	customers.settle(customer)
	if customer.waits_for_what == Matter.CONSENT.value != waited_for:
		reminders.tell(customer, _subject(customer))


def _subject(customer: Document) -> str:
	"""Return the sentence as HTML."""
	return _("The consent of {0} to buy from us has expired. Ask the customer for a new one").format(
		reminders.title(customer)
	)
