"""What follows from the fields of a Reseller Customer, worked out whenever one is saved, by whomever."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.utils import cstr, getdate, now_datetime, strip_html

from lead_inbox.reseller import contact_rules, domain_rules, keys, reading, waiting_rules
from lead_inbox.reseller.check_rules import Result
from lead_inbox.reseller.records import REQUEST
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import CustomerType, Origin, Status
from lead_inbox.reseller.vendor.vendor_rules import OPENING, Action, RequestStatus
from lead_inbox.reseller.waiting_rules import Facts

TITLE_LENGTH = 140


def complete(doc: Any) -> None:
	"""Bring a document in order before it is written. Its row is locked, or new."""
	_set_spelling(doc)
	_reconsider(doc)
	keys.set_keys(doc)
	_set_checks(doc)
	_set_wait(doc)


def is_open(doc: Any) -> bool:
	"""Return whether the form is still being filled in."""
	return Status(doc.status) in (Status.DRAFT, Status.CHECKED)


def is_asked_of_vendor(doc: Any) -> bool:
	"""Return whether the vendor is being asked for the account."""
	request = newest_request(doc)
	return bool(request) and request.status == RequestStatus.WAITING.value


def refuse_unless_open(doc: Any) -> None:
	"""What was sent to the vendor is changed there; what is being sent is not changed on the way."""
	before = doc.get_doc_before_save() or doc
	if not is_open(before):
		refuse(_("The account is there, so the form is closed. Note changes in the check of the details."))
	if is_asked_of_vendor(doc):
		refuse(_("The vendor is being asked for the account. Wait for its answer."))


def changed(doc: Any, fields: tuple[str, ...]) -> list[str]:
	"""Return which fields differ from what is stored. A blank is a blank, however it is written."""
	before = doc.get_doc_before_save()
	return [field for field in fields if before and cstr(before.get(field)) != cstr(doc.get(field))]


def _reconsider(doc: Any) -> None:
	"""What was checked holds for what was said then, and for whom."""
	if not is_open(doc):
		return
	before = doc.get_doc_before_save()
	if before and before.status == Status.CHECKED.value and changed(doc, reading.FORM_FIELDS):
		doc.status = Status.DRAFT.value
	is_team = doc.customer_type == CustomerType.TEAM.value
	if changed(doc, ("customer_type", "primary_email" if is_team else "domain")):
		for row in doc.checks:
			row.update({"result": Result.OPEN.value, "evidence": "", "checked_by": None, "checked_on": None})


def _set_spelling(doc: Any) -> None:
	"""A domain as its owner writes it, a number as the vendor takes it; what is none stays to be mended."""
	domain = domain_rules.read(doc.domain or "")
	if not isinstance(domain, domain_rules.Fault):
		doc.domain = domain.shown
	doc.phone = contact_rules.e164(doc.phone or "") or doc.phone
	title = doc.organization_name or doc.domain or doc.primary_email or doc.name
	# without brackets Frappe escapes nothing in it, so it does not grow
	doc.title = strip_html(cstr(title)).replace("<", "").replace(">", "").strip()[:TITLE_LENGTH] or doc.name


def _set_checks(doc: Any) -> None:
	"""Keep a row for each requirement while there are any; later they tell what was known then."""
	if not is_open(doc):
		return
	noted = {(row.subject, row.product or ""): row for row in doc.checks}
	rows = []
	for answer in reading.answers_of(doc):
		asked = answer.requirement
		row = noted.get((asked.subject.value, asked.product)) or {
			"subject": asked.subject.value,
			"product": asked.product or None,
		}
		row.update({"result": answer.result.value, "evidence": answer.evidence})
		rows.append(row)
	doc.set("checks", rows)
	for number, row in enumerate(doc.checks, 1):
		row.idx = number  # Frappe numbers new rows alone


def _set_wait(doc: Any) -> None:
	wait = waiting_rules.wait_of(_facts(doc), getdate())
	if (wait.party.value, wait.matter.value) != (doc.waits_for, doc.waits_for_what) or not doc.waits_since:
		doc.update(
			{
				"waits_for": wait.party.value,
				"waits_for_what": wait.matter.value,
				"waits_since": now_datetime(),
			}
		)


def _facts(doc: Any) -> Facts:
	request = _request_of_now(doc)
	return Facts(
		status=Status(doc.status),
		origin=Origin(doc.origin),
		lacks_consent=reading.consent_refusal(doc) is not None,
		is_asked_of_vendor=request == RequestStatus.WAITING.value,
		vendor_has_failed=request == RequestStatus.FAILED.value,
		open_setup_tips=sum(not tip.done for tip in doc.tips),
		details_due_on=getdate(doc.details_due_on) if doc.details_due_on else None,
	)


def _request_of_now(doc: Any) -> str | None:
	"""Return how far the newest request is, if it asks for what the customer lacks now. One for an account that was
	noted by hand meanwhile is nobody's concern any more."""
	request = newest_request(doc)
	if not request:
		return None
	if Action(request.action) in OPENING:
		return request.status if doc.status == Status.CHECKED.value else None
	is_new = doc.status in (Status.CREATED.value, Status.IMPORTED.value)
	return request.status if is_new and not doc.cloud_identity_id else None


def newest_request(doc: Any) -> frappe._dict | None:
	"""Return action and status of the newest request for a held customer's account. For a mere comparison nobody
	waits."""
	if doc.is_new():
		return None
	table = frappe.qb.DocType(REQUEST)
	found = (
		frappe.qb.from_(table)
		.force_index("reseller_customer")  # no scan: a worker takes up other customers' meanwhile
		.select(table.action, table.status)
		.where((table.reseller_customer == doc.name) & (table.action != Action.COMPARE.value))
		.orderby(table.creation, order=Order.desc)
		.limit(1)
		.for_update()  # it may be younger than the transaction's snapshot: who writes has waited for the turn
	).run(as_dict=True)
	return found[0] if found else None
