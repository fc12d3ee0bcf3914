"""Asking each customer from time to time what has changed, and recording the answer (RS-7).

A vendor does not tell us when a customer changes its name, domain or administrator there, and what is changed
here is not sent to it: the connection reads and opens accounts. So a person asks the customer. A question is
due every so many months, as the product family says, and stays due until there is an answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_months, getdate, now_datetime

from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up import follow_up_rules, reminders
from lead_inbox.reseller.form_rules import FIELDS, Step
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import MAY_ORDER, Status

BATCH = 50
# Not the identity and our own id: those do not change, and no customer knows them.
ASKED_ABOUT = ("organization_name", "domain", "primary_email", *FIELDS[Step.CONTACT])
# What is judged by the domain has to be right for a new one.
ON_DOMAIN = ("primary_email", "alternate_email")


def due() -> list[str]:
	"""Return customers to ask now, and those for whom the next time has still to be planned or dropped."""
	now = now_datetime()
	customer, family = frappe.qb.DocType(RESELLER_CUSTOMER), frappe.qb.DocType(FAMILY)
	is_unplanned = customer.details_due_on.isnull() & (family.details_every_months > 0)
	is_dropped = customer.details_due_on.isnotnull() & (family.details_every_months == 0)
	asked_by = now - follow_up_rules.DETAILS_AGAIN_AFTER
	is_unasked = customer.details_asked_on.isnull() | (customer.details_asked_on <= asked_by)
	is_due = (customer.details_due_on <= now.date()) & is_unasked
	rows = (
		frappe.qb.from_(customer)
		.join(family)
		.on(family.name == customer.product_family)
		.select(customer.name)
		.where(customer.status.isin([status.value for status in MAY_ORDER]))
		.where(is_unplanned | is_dropped | is_due)
		.orderby(customer.details_due_on)
		.orderby(customer.name)
		.limit(BATCH)
	).run(as_dict=True)
	return [row.name for row in rows]


def follow_up(name: str) -> None:
	"""Remind of one customer if it is still to be asked, or plan when it will be. The caller commits."""
	customer, now = customers.hold(name), now_datetime()
	if Status(customer.status) not in MAY_ORDER:
		return
	if bool(customer.details_due_on) != bool(_every_months(customer)):
		plan(customer)
	elif follow_up_rules.must_ask_for_details(customer.details_due_on, customer.details_asked_on, now):
		customer.details_asked_on = now
		reminders.tell(customer, _subject(customer))
	else:
		return
	customers.settle(customer)


def plan(customer: Document) -> None:
	"""Say when a held customer is to be asked next; the caller settles it. Also a listener of customers.py: the
	time begins with the account."""
	every_months = _every_months(customer)
	customer.details_due_on = add_months(getdate(), every_months) if every_months else None


def answer(name: str, values: Mapping[str, Any], note: str) -> None:
	"""Record what a customer has answered, write what has changed, and plan the next question.

	values: fields as they are now; what is left out is unchanged. Raises ResellerRefused, and then writes nothing.
	"""
	before = customers.hold(name).as_dict()
	given = {field: value for field, value in values.items() if field in ASKED_ABOUT}
	if "domain" in given:
		given = {**{field: before.get(field) for field in ON_DOMAIN}, **given}
	customers.update_details(name, given)
	customer = customers.hold(name)
	changed = follow_up_rules.changes(ASKED_ABOUT, before, customer.as_dict())
	customer.append(
		"detail_checks",
		{
			"asked_on": _asked_on(customer),
			"answered_on": now_datetime(),
			"outcome": "Changed" if changed else "Unchanged",
			"note": note.strip() or None,
			"changes": json.dumps(changed),
			"recorded_by": frappe.session.user,
		},
	)
	plan(customer)
	customers.settle(customer)


def _every_months(customer: Document) -> int:
	return frappe.get_cached_value(FAMILY, customer.product_family, "details_every_months") or 0


def _asked_on(customer: Document) -> Any:
	"""Return when this was asked; None when the customer told us by itself since the last answer."""
	answers = [row.answered_on for row in customer.detail_checks if row.answered_on]
	asked_on = customer.details_asked_on
	return asked_on if asked_on and (not answers or asked_on > max(answers)) else None


def _subject(customer: Document) -> str:
	"""Return the sentence as HTML."""
	return _("Ask {0} whether its name, domain or administrator has changed, and record the answer").format(
		reminders.title(customer)
	)
