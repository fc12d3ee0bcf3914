"""One lead as the inbox page shows it: the conversation in the middle, the lead at the side."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import time_diff_in_seconds

from lead_inbox.inbox import lifecycle, listing, messages

PAGE_LENGTH = 50
MESSAGE_FIELDS = (
	"name",
	"kind",
	"direction",
	"sent_on",
	"sender_name",
	"user",
	"subject",
	"content",
	"automated",
	"call_status",
	"duration_seconds",
	"recording_url",
	"recording_announced",
	"communication",
)
TEXT_FIELDS = ("sender_name", "subject", "content")


def show(lead: str) -> dict[str, Any]:
	"""Return all that the page needs of a lead the user may read."""
	doc = frappe.get_doc("Lead", lead)
	page, older = read_messages(lead)
	return {
		"row": listing.row(lead),
		"lead": _facts(doc),
		"messages": page,
		"older": older,
		"transitions": _transitions(lead),
		"assignments": _assignments(lead),
		"can": {
			"reply": bool(doc.email_id) and doc.has_permission("email"),
			"write": doc.has_permission("write"),
			"assign": doc.has_permission("write"),
		},
		"reply_to": doc.email_id,
	}


def read_messages(lead: str, before: str | None = None) -> tuple[list[dict[str, Any]], bool]:
	"""Return up to PAGE_LENGTH messages in order of time and whether there are older ones.

	before: the oldest message that the page has.
	"""
	table = frappe.qb.DocType("Lead Message")
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in MESSAGE_FIELDS))
		.where(table.lead == lead)
		.orderby(table.sent_on, order=frappe.qb.desc)
		.orderby(table.name, order=frappe.qb.desc)
		.limit(PAGE_LENGTH + 1)
	)
	if before:
		sent_on = frappe.db.get_value("Lead Message", {"name": before, "lead": lead}, "sent_on")
		query = query.where((table.sent_on < sent_on) | ((table.sent_on == sent_on) & (table.name < before)))
	found = query.run(as_dict=True)
	page = [_readable(row) for row in reversed(found[:PAGE_LENGTH])]
	_add_delivery(page)
	return page, len(found) > PAGE_LENGTH


def read_message(name: str) -> dict[str, Any]:
	row = frappe.db.get_value("Lead Message", name, MESSAGE_FIELDS, as_dict=True)
	message = _readable(row)
	_add_delivery([message])
	return message


def add_note(lead: str, content: str) -> str:
	"""Keep a note for colleagues; the customer never sees it and the lead's state stays."""
	if not content.strip():
		frappe.throw(_("Write a note first."))
	name = messages.record(
		lead,
		lead_email=frappe.db.get_value("Lead", lead, "email_id"),
		kind="Note",
		direction="Internal",
		external_id=frappe.generate_hash(length=20),
		sender_name=frappe.utils.get_fullname(frappe.session.user),
		text=content,
		user=frappe.session.user,
	)
	lifecycle.announce(lead)
	return name


def _readable(row: frappe._dict) -> dict[str, Any]:
	return {**row, **{field: messages.as_text(row[field]) for field in TEXT_FIELDS}}


def _add_delivery(page: list[dict[str, Any]]) -> None:
	names = [message["communication"] for message in page if message["communication"]]
	status = {}
	if names:
		found = frappe.get_all(
			"Communication",
			filters={"name": ["in", names]},
			fields=["name", "delivery_status"],
			order_by="name asc",
		)
		status = {row.name: row.delivery_status for row in found}
	for message in page:
		message["delivery_status"] = status.get(message["communication"])


def _facts(doc: Any) -> dict[str, Any]:
	first_response = doc.inbox_first_response_on
	return {
		**{field: doc.get(field) for field in ("name", "title", "lead_name", "company_name", "job_title")},
		**{
			field: doc.get(field)
			for field in ("email_id", "phone", "mobile_no", "lead_owner", "status", "unsubscribed")
		},
		"lead_owner_name": frappe.utils.get_fullname(doc.lead_owner) if doc.lead_owner else None,
		"postal_code": doc.inbox_postal_code,
		"location": doc.inbox_location or ", ".join(filter(None, (doc.city, doc.state, doc.country))),
		"service": doc.inbox_service,
		"description": doc.inbox_description,
		"source": doc.get("source") or doc.get("utm_source"),
		"price": doc.inbox_price,
		"currency": doc.inbox_price_currency,
		"arrived_on": doc.inbox_arrived_on,
		"first_response_on": first_response,
		"first_response_seconds": (
			int(time_diff_in_seconds(first_response, doc.inbox_arrived_on)) if first_response else None
		),
	}


def _transitions(lead: str) -> list[dict[str, Any]]:
	found = frappe.get_all(
		"Lead Transition",
		filters={"lead": lead},
		fields=["from_status", "to_status", "reason", "user", "transition_on"],
		order_by="transition_on asc, name asc",
		limit=200,
	)
	names = listing.people(row.user for row in found)
	return [{**row, "full_name": names.get(row.user, {}).get("full_name")} for row in found]


def _assignments(lead: str) -> list[dict[str, Any]]:
	users = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": lead, "status": "Open"},
		pluck="allocated_to",
		order_by="creation asc",
	)
	return list(listing.people(users).values())
