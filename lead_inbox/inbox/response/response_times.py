"""How long a customer waited for us: written when a person answers, in elapsed and in business seconds.

What counts as an answer is the lifecycle's to decide (IN-9). The delays until a lead was assigned, and
from there to the answer, follow from the times that are stored and are not stored themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from lead_inbox.inbox.response.channel_hours import calendar_of
from lead_inbox.inbox.response.wait_rules import ANSWERED_AS_THEY_RING, waited


def first_response(row: frappe._dict, on: datetime, user: str) -> dict[str, Any]:
	"""Return the fields of Lead that the first response of a person sets; empty after the first.

	row: the lead's state fields. on: when it was answered, site time. user: who answered.
	"""
	if row.inbox_first_response_on:
		return {}
	elapsed, business = waited(row.inbox_arrived_on or on, on, calendar_of(row.inbox_channel))
	return {
		"inbox_first_response_on": on,
		"inbox_first_response_by": user,
		"inbox_first_response_seconds": elapsed,
		"inbox_first_response_business_seconds": business,
	}


def answer_messages(lead: str, channel: str | None, on: datetime) -> None:
	"""Note on each inbound message that still waits that a person answered it.

	channel: the lead's, whose hours count. on: when it was answered, site time.
	"""
	waiting = _waiting(lead, on)
	if not waiting:
		return
	calendar = calendar_of(channel)
	answers = {}
	for message in waiting:
		elapsed, business = waited(message.sent_on, on, calendar)
		answers[message.name] = {
			"answered_on": on,
			"response_seconds": elapsed,
			"response_business_seconds": business,
		}
	frappe.db.bulk_update("Lead Message", answers, update_modified=False)


def unanswered(leads: list[str]) -> set[str]:
	"""Return those of some leads whose customers wait for an answer of a person."""
	message = frappe.qb.DocType("Lead Message")
	query = frappe.qb.from_(message).select(message.lead).distinct()
	return set(query.where(message.lead.isin(leads) & _is_unanswered(message)).run(pluck=True))


def _waiting(lead: str, on: datetime) -> list[frappe._dict]:
	"""The customer's messages up to a moment that nobody has answered.

	A call that was taken is none of them: it was answered when it rang. Nor is what a machine sent.
	"""
	message = frappe.qb.DocType("Lead Message")
	return (
		frappe.qb.from_(message)
		.select(message.name, message.sent_on)
		.where((message.lead == lead) & (message.sent_on <= on) & _is_unanswered(message))
		.orderby(message.sent_on)
	).run(as_dict=True)


def _is_unanswered(message: Any) -> Any:
	return (
		(message.direction == "In")
		& (message.automated == 0)
		& message.answered_on.isnull()
		& (message.call_status.isnull() | message.call_status.notin(ANSWERED_AS_THEY_RING))
	)
