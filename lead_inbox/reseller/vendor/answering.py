"""Asking vendors what is due, and writing down what they say: RS-9.

A worker takes a request for itself by a time until which nobody else takes it up, and commits that. Then it calls,
with no lock and no transaction open, and writes the answer down in a second transaction. Whoever dies in between
leaves a request that is taken up again later, and the vendor is asked first what it has: opening.py.

Locks are taken in one order, the customer's row before the request's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from lead_inbox.inbox.working_off import work_off
from lead_inbox.reseller import customers
from lead_inbox.reseller.records import REQUEST, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import CustomerType
from lead_inbox.reseller.vendor import details, news, opening, requests, vendor_rules, vendors, words
from lead_inbox.reseller.vendor.interface import Account, Details, Vendor, VendorError
from lead_inbox.reseller.vendor.vendor_rules import OPENING, Action, RequestStatus, Trouble

LEASE = timedelta(minutes=10)  # longer than any answer takes: whoever has not got it by then has died
LONG_AGO = datetime(1900, 1, 1)
BATCH = 20
ROW_FIELDS = ("name", "reseller_customer", "action", "status", "attempts", "next_attempt_on", "request_key")


def answer_due(seconds: float) -> bool:
	"""Ask vendors what is due, the longest waiting first. Returns False when the time ran out before the work.

	Several workers may do so at once: each request is one worker's. Commits.
	"""
	return work_off(_due, _answer_safely, seconds)


def _due() -> list[str]:
	return frappe.get_all(
		REQUEST,
		filters={
			"status": RequestStatus.WAITING.value,
			# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
			"next_attempt_on": ["between", [LONG_AGO, now_datetime()]],
		},
		pluck="name",
		order_by="next_attempt_on asc, name asc",
		limit=BATCH,
	)


def _answer_safely(name: str) -> None:
	"""One request's trouble must not keep the others waiting."""
	frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
	row = _take(name)
	if not row:
		return
	try:
		_answer(row)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			_("A vendor's answer could not be dealt with"),
			# as text: Frappe's own would show variables, and a transfer token may be among them
			message=frappe.get_traceback(),
			reference_doctype=REQUEST,
			reference_name=name,
		)
		_note_trouble(
			row, Trouble.TRANSIENT, _("The answer could not be dealt with. The Error Log says why.")
		)


def _take(name: str) -> frappe._dict | None:
	"""Take a request for this worker, if it is still due and nobody else has it. Commits."""
	row = _locked(name, skip_locked=True)
	now = now_datetime()
	if not row or row.status != RequestStatus.WAITING.value or row.next_attempt_on > now:
		frappe.db.rollback()
		return None
	row.attempts += 1
	_write(name, next_attempt_on=now + LEASE, attempts=row.attempts)
	frappe.db.commit()
	return row


def _answer(row: frappe._dict) -> None:
	"""Ask the vendor, and write down what it said. Commits before it asks and after its answer."""
	action = Action(row.action)
	try:
		doc = frappe.get_doc(RESELLER_CUSTOMER, row.reseller_customer)
		row.account = doc.vendor_account
		requests.refuse_unless_possible(doc, action)
		vendor = vendors.vendor_of(doc.product_family)
		known = None if action is Action.COMPARE else details.details_of(doc, row.request_key)
		token = details.token_of(doc) if action is Action.IMPORT else ""
		frappe.db.commit()  # nothing is open while we wait for somebody else's server
		_note_account(row, _call(vendor, action, doc.vendor_account, known, token))
	except VendorError as error:
		frappe.db.rollback()
		_note_trouble(row, error.trouble, words.said(error))
	except ResellerRefused as refusal:
		frappe.db.rollback()
		frappe.clear_last_message()
		_note_trouble(row, Trouble.REFUSED, strip_html(str(refusal)))


def _call(vendor: Vendor, action: Action, account: str, known: Details | None, token: str) -> Account:
	"""known: None for a comparison, which tells the vendor nothing of the customer."""
	if known is None:
		return vendor.read(account)
	if action in OPENING:
		return opening.open_account(vendor, known, OPENING[action], token)
	return opening.give_identity(vendor, account, known)


def _note_account(row: frappe._dict, account: Account) -> None:
	"""Write down the account. It is a fact, even where another worker has taken the request up meanwhile."""
	doc = _held(row)
	if not doc:
		return
	_close(row, RequestStatus.DONE)
	if vendor_rules.needs_identity(Action(row.action), account.cloud_identity_id, doc.is_educational):
		requests.open_request(doc, Action.PROVISION)
	customers.note_account(doc.name, opening.as_seen_from(account, CustomerType(doc.customer_type)))
	news.of_account(doc, Action(row.action), account)
	frappe.db.commit()


def _note_trouble(row: frappe._dict, trouble: Trouble, error: str) -> None:
	"""Write down what went wrong, and plan another attempt or ask a person. Commits.

	What another worker has taken up meanwhile is that one's to tell of.
	"""
	doc = _held(row)
	now_is = doc and _locked(row.name)
	if not now_is or (now_is.status, now_is.attempts) != (RequestStatus.WAITING.value, row.attempts):
		frappe.db.rollback()
		return
	again_on = vendor_rules.next_attempt_on(trouble, row.attempts, now_datetime())
	if _is_moot(row, doc):
		frappe.db.delete(REQUEST, {"name": row.name})
	elif again_on:
		_write(row.name, next_attempt_on=again_on, trouble=trouble.value, error=error)
		doc.notify_update()
	else:
		_give_up(doc, row, trouble, error)
	frappe.db.commit()


def _is_moot(row: frappe._dict, doc: Any) -> bool:
	"""Return whether a comparison is of an account that is no more the held customer's: then nothing is wrong."""
	if Action(row.action) is not Action.COMPARE:
		return False
	return not requests.is_comparable(doc) or row.account not in (None, doc.vendor_account)


def _give_up(doc: Any, row: frappe._dict, trouble: Trouble, error: str) -> None:
	"""doc: the customer, held."""
	action = Action(row.action)
	last = requests.earlier_comparisons(doc.name, than=row.name)[:1]
	has_failed_so_before = any((one.trouble, one.error) == (trouble.value, error) for one in last)
	_close(row, RequestStatus.FAILED, trouble=trouble.value, error=error)
	if action is Action.COMPARE:
		customers.note_comparison(doc)
	else:
		customers.settle(doc)
	if vendor_rules.must_tell(action, trouble, has_failed_so_before):
		news.of_failure(doc, action, trouble, error)


def _close(row: frappe._dict, status: RequestStatus, **values: Any) -> None:
	"""Let another request for the customer be made from now on. Of its comparisons the last one is enough."""
	cleared = {"trouble": None, "error": None, "next_attempt_on": None, "open_key": None}
	_write(row.name, **{**cleared, "status": status.value, "done_on": now_datetime(), **values})
	if Action(row.action) is Action.COMPARE:
		earlier = requests.earlier_comparisons(row.reseller_customer, than=row.name)
		if earlier:
			frappe.db.delete(REQUEST, {"name": ["in", [one.name for one in earlier]]})


def _held(row: frappe._dict) -> Any:
	"""Return the customer, held, None when it has been deleted meanwhile, and its requests with it."""
	try:
		return customers.hold(row.reseller_customer)
	except frappe.DoesNotExistError:
		frappe.db.rollback()
		frappe.clear_last_message()
		return None


def _locked(name: str, skip_locked: bool = False) -> frappe._dict | None:
	return frappe.db.get_value(
		REQUEST, name, ROW_FIELDS, as_dict=True, for_update=True, skip_locked=skip_locked
	)


def _write(name: str, **values: Any) -> None:
	frappe.db.set_value(REQUEST, name, values)
