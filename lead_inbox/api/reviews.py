"""Customers' reviews of bookings, for the desk: answering them, and what the workspace shows of them.

For who may read the review's lead, or its Customer where there is no lead; answers for who may write it.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from lead_inbox.bookings.reviewing import answering, reviews
from lead_inbox.inbox import messages
from lead_inbox.inbox.contact import masking
from lead_inbox.permissions import lead_or_customer

NOTHING = "–"
DAYS = 90


@frappe.whitelist(methods=["GET"])
def get_answer(review: str) -> dict[str, Any]:
	"""Return what the form needs to answer a review: {answer, may_answer, address, why}.

	address: to which the answer can be mailed, masked for who may not see it; empty where it can't be, and
	why says so.
	"""
	row = _subject_of(review)
	frappe.has_permission(row.doctype, ptype="read", doc=row.record, throw=True)
	way = answering.way_to_customer(row.booking)
	return {
		"answer": messages.as_text(row.answer),
		"may_answer": bool(frappe.has_permission(row.doctype, ptype="write", doc=row.record)),
		"address": masking.address(way.address) or "",
		"why": way.why,
	}


@frappe.whitelist(methods=["POST"])
def answer(review: str, text: str, tell_customer: int = 0) -> dict[str, Any]:
	"""Answer a review, in the place of an earlier answer; with `tell_customer` also by mail.

	Return {told, why}: whether a mail is on its way, and why not if it was wanted.
	"""
	row = _subject_of(review)
	frappe.has_permission(row.doctype, ptype="write", doc=row.record, throw=True)
	if tell_customer:
		frappe.has_permission(row.doctype, ptype="email", doc=row.record, throw=True)
	reviews.answer(review, text)
	why = answering.tell_customer(review) if tell_customer else ""
	return {"told": bool(tell_customer) and not why, "why": why}


@frappe.whitelist(methods=["GET", "POST"])
def average_stars(filters: str | dict | list | None = None) -> dict[str, Any] | str:
	"""Return the average of the reviews of the last 90 days that the user may see, for a number card.

	filters: what every card sends; these have none.
	"""
	frappe.has_permission(reviews.DOCTYPE, ptype="read", throw=True)
	average = reviews.average_since(add_days(now_datetime(), -DAYS))
	if not average:
		return NOTHING
	return {
		"value": round(average.stars, 1),
		"fieldtype": "Float",
		"precision": 1,
		"route": ["query-report", "Booking Performance"],
	}


def _subject_of(review: str) -> frappe._dict:
	"""Return a review's booking and answer, and the record that tells who may see it: doctype and record."""
	row = frappe.db.get_value(
		reviews.DOCTYPE, review, ["booking", "lead", "customer", "answer"], as_dict=True
	)
	if not row:
		frappe.throw(_("This review does not exist any more."), frappe.DoesNotExistError)
	doctype, record = lead_or_customer(row)
	return frappe._dict(row, doctype=doctype, record=record)
