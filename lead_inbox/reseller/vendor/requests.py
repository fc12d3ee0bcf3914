"""The queue of what we ask of vendors: RS-9.

A request is written with what it is about, in the caller's transaction; a job answers it after the commit:
answering.py. The database refuses a customer a second one while one is open. The callers have checked rights.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.inbox.waking import Waking
from lead_inbox.reseller import completing, customers, readiness
from lead_inbox.reseller.records import REQUEST
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import Origin, Status, is_there
from lead_inbox.reseller.vendor import details, vendor_rules, vendors
from lead_inbox.reseller.vendor.vendor_rules import OPENING, Action, RequestStatus

WAKING = Waking("lead_inbox_vendor_requests", "lead_inbox.tasks.ask_vendors", queue="long")


def ask(name: str, action: Action) -> str:
	"""Have a customer's vendor asked for something, and return the name of the request.

	name: of the customer. While a request for it is open, that one is returned. Raises ResellerRefused when
	there is nothing to ask, or something is lacking before it may be asked for.
	"""
	doc = customers.hold(name)
	refuse_unless_possible(doc, action)
	request = open_request(doc, action) or _open_one(name)
	if action is Action.COMPARE:
		doc.notify_update()
	else:
		customers.settle(doc)
	frappe.db.after_commit.add(WAKING.wake)
	return request


def retry(name: str) -> str:
	"""Ask again what came to nothing, by a user's decision. name: of the customer. Raises ResellerRefused."""
	last = completing.newest_request(customers.hold(name))
	if not last or last.status != RequestStatus.FAILED.value:
		refuse(_("Nothing that was asked of the vendor has failed. Load the page again."))
	return ask(name, Action(last.action))


def refuse_unless_possible(doc: Any, action: Action) -> None:
	"""Raise ResellerRefused. Asked when a request is made, and again before it is sent: a consent may have ended
	since. doc: the customer, as it is."""
	if not vendors.is_connected(doc.product_family):
		refuse(
			_(
				"Accounts of this product family are made by hand. Make it in the vendor's console and enter it."
			)
		)
	if action in OPENING:
		if OPENING[action] is not Origin(doc.origin):
			refuse(_("A new customer's account is created, another's is imported. Load the page again."))
		readiness.refuse_unless_ready(doc)
	elif not _has_account(doc):
		refuse(_("The vendor's account of this customer is not known."))


def is_comparable(doc: Any) -> bool:
	"""Return whether a customer has an account to be compared, with a vendor that can be asked. doc: as it is."""
	return vendors.is_connected(doc.product_family) and _has_account(doc)


def open_request(doc: Any, action: Action) -> str | None:
	"""Write a request for a held customer and return its name, None when one is open already.

	A comparison makes way for anything else: it is made again by itself. A worker that is at it finds no request
	to close then.
	"""
	if action is not Action.COMPARE:
		frappe.db.delete(REQUEST, {"open_key": doc.name, "action": Action.COMPARE.value})
	request = frappe.get_doc(
		doctype=REQUEST,
		reseller_customer=doc.name,
		action=action.value,
		status=RequestStatus.WAITING.value,
		next_attempt_on=_first_attempt_on(doc.name, action),
		request_key=details.our_id(doc),
		open_key=doc.name,
	)
	request.flags.ignore_links = True  # written of a document that is held
	try:
		request.insert(ignore_permissions=True)  # nobody has a right to write requests
	except frappe.UniqueValidationError:
		frappe.clear_last_message()
		return None
	return request.name


def earlier_comparisons(customer: str, than: str) -> list[frappe._dict]:
	"""Return the comparisons of a customer that have come to an end, with their trouble and error, the last first.

	than: the name of the one that is at its end now.
	"""
	return frappe.get_all(
		REQUEST,
		filters={
			"reseller_customer": customer,
			"action": Action.COMPARE.value,
			"status": ["!=", RequestStatus.WAITING.value],
			"name": ["!=", than],
		},
		fields=["name", "trouble", "error"],
		order_by="creation desc",
	)


def _has_account(doc: Any) -> bool:
	return is_there(Status(doc.status)) and bool(doc.vendor_account)


def _open_one(customer: str) -> str:
	"""A locking read: it may be younger than the transaction's snapshot. It is there, and its key is unique."""
	return frappe.db.get_value(REQUEST, {"open_key": customer}, "name", for_update=True)


def _first_attempt_on(customer: str, action: Action) -> datetime:
	now = now_datetime()
	if action not in OPENING:
		return now
	ended = frappe.get_all(
		REQUEST,
		filters={"reseller_customer": customer, "done_on": ["is", "set"]},
		pluck="done_on",
		order_by="done_on desc",
		limit=1,
	)
	return vendor_rules.first_attempt_on(ended[0] if ended else None, now)
