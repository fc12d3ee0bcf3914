"""What the inbox page calls. Thin: check the right, call inward, answer.

For users of the desk who may read Lead. Times are site-time strings.
"""

from typing import Any

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.utils import get_datetime

from lead_inbox.api import arguments
from lead_inbox.api.bulk import each
from lead_inbox.custom_fields import LEAD_TYPES
from lead_inbox.inbox import conversation, lifecycle, listing, reading
from lead_inbox.inbox.replies import reply as replies
from lead_inbox.inbox.replies import texting
from lead_inbox.inbox.response import response_rates
from lead_inbox.inbox.rules import Status
from lead_inbox.sequences.enrollment import engine

SCOPES = ("all", "mine", "unassigned")
MAX_PAGE_LENGTH = 100


@frappe.whitelist(methods=["GET"])
def get_context() -> dict[str, Any]:
	"""Return what the page's filters and dialogs offer."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	return {
		"channels": frappe.get_list("Lead Channel", fields=["name", "provider"], order_by="name asc"),
		"users": assignable_users(),
		"templates": frappe.get_list("Email Template", pluck="name", order_by="name asc")
		if frappe.has_permission("Email Template")
		else [],
		"types": list(LEAD_TYPES),
		"statuses": [status.value for status in Status],
		"decline_reasons": _decline_reasons(),
		"decline_message": frappe.get_cached_doc("Lead Inbox Settings").decline_message,
		"can_text": texting.is_set_up(),
		"sms_senders": texting.senders(None),
		"response": response_rates.summary(),
		"user": frappe.session.user,
		"can_create": bool(frappe.has_permission("Lead", ptype="create")),
	}


@frappe.whitelist(methods=["GET"])
def get_counts(scope: str = "all", filters: str | dict | None = None) -> dict[str, int]:
	"""Return the number of leads in each tab; capped_at + 1 means more than that."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	return {**listing.count_tabs(_scope(scope), arguments.mapping(filters)), "capped_at": listing.COUNT_LIMIT}


@frappe.whitelist(methods=["GET"])
def get_leads(
	status: str,
	scope: str = "all",
	filters: str | dict | None = None,
	search: str | None = None,
	snoozed: int = 0,
	cursor: str | None = None,
	page_length: int = 20,
) -> dict[str, Any]:
	"""Return a page of a tab and the cursor of the next one."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	wanted = {**arguments.mapping(filters), "snoozed": snoozed}
	length = max(1, min(page_length, MAX_PAGE_LENGTH))
	leads, next_cursor = listing.page(_status(status), _scope(scope), wanted, search, cursor, length)
	return {"leads": leads, "next_cursor": next_cursor}


@frappe.whitelist(methods=["GET"])
def get_row(name: str) -> dict[str, Any] | None:
	"""Return one lead's row, None when it is gone or not the user's to see."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	return listing.row(name)


@frappe.whitelist(methods=["GET"])
def get_lead(name: str) -> dict[str, Any]:
	"""Return a lead with its newest messages."""
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	return conversation.show(name)


@frappe.whitelist(methods=["GET"])
def get_messages(name: str, before: str) -> dict[str, Any]:
	"""Return the messages before one that the page has."""
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	page, older = conversation.read_messages(name, before)
	return {"messages": page, "older": older}


@frappe.whitelist(methods=["POST"])
def mark_read(name: str) -> None:
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	reading.mark_read(name, frappe.session.user)


@frappe.whitelist(methods=["POST"])
def mark_unread(name: str) -> None:
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	reading.mark_unread(name, frappe.session.user)


@frappe.whitelist(methods=["POST"])
def add_note(name: str, content: str) -> dict[str, Any]:
	"""Keep a note on the lead and return it as a message."""
	frappe.has_permission("Lead", ptype="write", doc=name, throw=True)
	return conversation.read_message(conversation.add_note(name, content))


@frappe.whitelist(methods=["GET"])
def get_template(name: str, template: str) -> dict[str, str]:
	"""Return an Email Template filled in for a lead, as plain text."""
	frappe.has_permission("Lead", ptype="read", doc=name, throw=True)
	frappe.has_permission("Email Template", ptype="read", doc=template, throw=True)
	return replies.fill_template(name, template)


@frappe.whitelist(methods=["POST"])
def snooze(names: str | list, until: str) -> dict[str, Any]:
	"""Hide leads until a time (site time) or until their customers speak."""
	frappe.has_permission("Lead", ptype="write", throw=True)
	end = get_datetime(until)
	return each(names, lambda name: lifecycle.snooze(name, end))


@frappe.whitelist(methods=["POST"])
def unsnooze(names: str | list) -> dict[str, Any]:
	frappe.has_permission("Lead", ptype="write", throw=True)
	return each(names, lifecycle.wake)


@frappe.whitelist(methods=["POST"])
def assign(names: str | list, user: str, sequences: str = "stay") -> dict[str, Any]:
	"""Assign leads to a user, by ERPNext's own assignments.

	sequences: what it means for the sequences that a lead is in: stay, move or stop; see engine.follow_owner.
	"""
	frappe.has_permission("Lead", ptype="write", throw=True)

	def act(name: str) -> None:
		assign_to.add({"doctype": "Lead", "name": name, "assign_to": [user]})
		for enrollment in engine.running("Lead", name):
			engine.follow_owner(enrollment, sequences)

	return each(names, act)


def _decline_reasons() -> list[dict[str, Any]]:
	return frappe.get_all(
		"Lead Decline Reason",
		filters={"enabled": 1},
		fields=["name", "message", "silent"],
		order_by="name asc",
	)


def assignable_users() -> list[dict[str, Any]]:
	"""Return name and picture of the people who work on leads."""
	names = frappe.utils.user.get_users_with_role("Sales User")
	return [
		{"name": user["user"], "full_name": user["full_name"], "user_image": user["image"]}
		for user in listing.people(names).values()
	]


def _scope(scope: str) -> str:
	if scope not in SCOPES:
		frappe.throw(_("Choose one of {0}.").format(", ".join(SCOPES)))
	return scope


def _status(status: str) -> str:
	statuses = [status.value for status in Status]
	if status not in statuses:
		frappe.throw(_("Choose one of {0}.").format(", ".join(statuses)))
	return status
