"""The conversation with a lead as the inbox page shows it, oldest first, and the notes of colleagues."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.inbox import alerts, lifecycle, listing, messages, side
from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.replies import reply
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import OPEN, Status

PAGE_LENGTH = 50
READ = "Read"  # Communication's delivery status
MESSAGE_FIELDS = (
	*("name", "kind", "direction", "sent_on", "sender_name", "user", "subject", "content", "automated"),
	*("call_status", "duration_seconds", "recording_url", "recording_announced", "call_log"),
	*("delivery_status", "delivery_error", "recipient", "sender", "communication"),
	*("answered_on", "response_seconds", "response_business_seconds"),
)
TEXT_FIELDS = ("sender_name", "subject", "content", "delivery_error")


def show(lead: str) -> dict[str, Any]:
	"""Return all that the page needs of a lead the user may read."""
	page, older = read_messages(lead)
	row, facts = listing.row(lead), side.read(lead)
	return {
		"row": row,
		"messages": page,
		"older": older,
		"transitions": _transitions(lead),
		"reply": reply.choices(facts),
		"can": _rights(facts, Status(row["status"]) if row["status"] else None),
		**side.show(facts),
	}


def read_messages(lead: str, before: str | None = None) -> tuple[list[dict[str, Any]], bool]:
	"""Return up to PAGE_LENGTH messages in order of time and whether there are older ones.

	before: the oldest message that the page has.
	"""
	table = frappe.qb.DocType("Lead Message")
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in MESSAGE_FIELDS))
		.where(
			(table.lead == lead)
			& (table.delivery_status.isnull() | (table.delivery_status != Delivery.CANCELLED.value))
		)
		.orderby(table.sent_on, order=frappe.qb.desc)
		.orderby(table.name, order=frappe.qb.desc)
		.limit(PAGE_LENGTH + 1)
	)
	if before:
		sent_on = frappe.db.get_value("Lead Message", {"name": before, "lead": lead}, "sent_on")
		query = query.where((table.sent_on < sent_on) | ((table.sent_on == sent_on) & (table.name < before)))
	found = query.run(as_dict=True)
	return _readable(list(reversed(found[:PAGE_LENGTH]))), len(found) > PAGE_LENGTH


def read_message(name: str) -> dict[str, Any]:
	row = frappe.db.get_value("Lead Message", name, MESSAGE_FIELDS, as_dict=True)
	return _readable([row])[0]


def add_note(lead: str, content: str) -> str:
	"""Keep a note for colleagues; the customer never sees it and the lead's state stays.

	Who is named in it as @Full Name hears of it.
	"""
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
	alerts.mentioned(lead, name)
	lifecycle.announce(lead)
	return name


def _readable(rows: list[frappe._dict]) -> list[dict[str, Any]]:
	"""Messages as the page prints them: plain texts, with their delivery and their attachments."""
	communications = [row.communication for row in rows if row.communication]
	delivery, files = (
		_deliveries(communications),
		_attachments([*communications, *(row.name for row in rows)]),
	)
	page = []
	for row in rows:
		texts = {field: messages.as_text(row[field]) for field in TEXT_FIELDS}
		is_number = row.kind in ("SMS", "Call")
		recipient = masking.number(row.recipient) if is_number else masking.address(row.recipient)
		page.append(
			{
				**row,
				**texts,
				"sender_name": masking.name(texts["sender_name"]),
				"recipient": recipient,
				"delivery_status": _delivery_status(row, delivery.get(row.communication)),
				"attachments": files.get(row.communication) or files.get(row.name) or [],
			}
		)
	return page


def _delivery_status(row: frappe._dict, of_mail: str | None) -> str | None:
	"""A mail that the customer has opened has been delivered; of one from the Lead form only Frappe tells.

	of_mail: the delivery status of its Communication.
	"""
	if row.delivery_status == Delivery.SENT.value and of_mail == READ:
		return Delivery.DELIVERED.value
	return row.delivery_status or of_mail


def _deliveries(communications: list[str]) -> dict[str, str]:
	"""What Frappe knows of how mails fared."""
	if not communications:
		return {}
	found = frappe.get_all(
		"Communication",
		filters={"name": ["in", communications], "sent_or_received": "Sent"},
		fields=["name", "delivery_status"],
		order_by="name asc",
	)
	return {row.name: row.delivery_status for row in found}


def _attachments(holders: list[str]) -> dict[str, list[dict[str, str]]]:
	"""Files by what holds them: a mail's Communication, or the message itself until it goes."""
	if not holders:
		return {}
	found = frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": ["in", ["Communication", "Lead Message"]],
			"attached_to_name": ["in", holders],
		},
		fields=["attached_to_name", "file_name", "file_url"],
		order_by="creation asc",
	)
	files: dict[str, list[dict[str, str]]] = {}
	for row in found:
		link = {"file_name": row.file_name, "file_url": row.file_url}
		files.setdefault(row.attached_to_name, []).append(link)
	return files


def _rights(facts: frappe._dict, status: Status | None) -> dict[str, bool]:
	"""What the user may do with the lead in its present state. facts: its columns, from `side.read`."""
	lead, is_over = facts.name, facts.inbox_converted or facts.inbox_merged_into
	write = bool(frappe.has_permission("Lead", ptype="write", doc=lead))
	return {
		"write": write,
		"assign": write,
		"reply": bool(frappe.has_permission("Lead", ptype="email", doc=lead)),
		"decline": write and status in OPEN,
		"restore": write and status is Status.DECLINED,
		"merge": write,
		"convert": write and not is_over and bool(frappe.has_permission("Customer", ptype="create")),
		"set_stage": write and not is_over and status not in (Status.DECLINED, Status.CLOSED),
		"dispute": write and bool(frappe.has_permission("Lead Dispute", ptype="create")),
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
