"""The list of the inbox page: tabs, counts, filters, search, pages.

Lead's own permissions decide what a user sees, through get_list. A page costs the same wherever it is:
the cursor names the last row seen and the index (inbox_status, inbox_last_interaction_on) goes on there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_datetime, getdate, now_datetime

from lead_inbox.inbox import aging, messages, reading, rules
from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.identity import PHONE_KEY_FIELDS, number_beginnings
from lead_inbox.inbox.rules import Status

COUNT_LIMIT = 99
SEARCH_LIMIT = 500
EARLIEST = datetime(1900, 1, 1)
ROW_FIELDS = (
	"name",
	"title",
	"inbox_status",
	"inbox_reason",
	"inbox_type",
	"inbox_channel",
	"inbox_service",
	"inbox_assignee",
	"inbox_arrived_on",
	"inbox_last_inbound_on",
	"inbox_last_interaction_on",
	"inbox_aging_from",
	"inbox_snoozed_until",
	"inbox_call_back_on",
	"inbox_handover",
	"inbox_last_message",
)
FILTER_FIELDS = {"channel": "inbox_channel", "assignee": "inbox_assignee", "type": "inbox_type"}


def count_tabs(scope: str, wanted: dict[str, Any]) -> dict[str, int]:
	"""Return how many leads each tab has, COUNT_LIMIT + 1 standing for more: a badge needs no more,
	and counting a million rows would take the time of thousands of pages."""
	return {
		status.value: len(
			frappe.get_list(
				"Lead",
				filters=_filters(status.value, scope, wanted),
				pluck="name",
				order_by="inbox_last_interaction_on desc",
				limit=COUNT_LIMIT + 1,
			)
		)
		for status in Status
	}


def page(
	status: str, scope: str, wanted: dict[str, Any], search: str | None, cursor: str | None, length: int
) -> tuple[list[dict[str, Any]], str | None]:
	"""Return a page of rows, newest interaction first, and the cursor of the next page or None.

	Raises frappe.ValidationError for a cursor that isn't one of ours.
	"""
	filters = _filters(status, scope, wanted)
	or_filters: list[list[Any]] = []
	if search:
		filters.append(["name", "in", find(search)])
	if cursor:
		last_on, last_name = _read_cursor(cursor)
		# between, not <=: Frappe wraps the column of a <= in coalesce, and the index could not be used
		filters.append(["inbox_last_interaction_on", "between", [EARLIEST, last_on]])
		or_filters = [["inbox_last_interaction_on", "<", last_on], ["name", "<", last_name]]
	leads = frappe.get_list(
		"Lead",
		filters=filters,
		or_filters=or_filters,
		fields=list(ROW_FIELDS),
		order_by="inbox_last_interaction_on desc, name desc",
		limit=length + 1,
	)
	more = len(leads) > length
	leads = leads[:length]
	next_cursor = json.dumps([str(leads[-1].inbox_last_interaction_on), leads[-1].name]) if more else None
	return rows(leads), next_cursor


def row(name: str) -> dict[str, Any] | None:
	"""Return one lead's row, None for a lead the user may not see or that is gone."""
	leads = frappe.get_list("Lead", filters={"name": name}, fields=list(ROW_FIELDS), order_by="name", limit=1)
	return rows(leads)[0] if leads else None


def rows(leads: list[frappe._dict]) -> list[dict[str, Any]]:
	"""Complete leads to rows of the page: one query for each kind of thing, none for each lead."""
	if not leads:
		return []
	names = [lead.name for lead in leads]
	read_on = reading.read_times(names, frappe.session.user)
	last_messages = _last_messages(lead.inbox_last_message for lead in leads)
	users = people(lead.inbox_assignee for lead in leads)
	days, default, now = aging.days_of_channels(), aging.default_days(), now_datetime()
	return [
		{
			"name": lead.name,
			"title": masking.name(lead.title),
			"status": lead.inbox_status,
			"reason": lead.inbox_reason,
			"type": lead.inbox_type,
			"channel": lead.inbox_channel,
			"service": lead.inbox_service,
			"unread": _is_unread(lead, read_on.get(lead.name)),
			"last_interaction_on": lead.inbox_last_interaction_on,
			"snoozed_until": lead.inbox_snoozed_until,
			"call_back_on": lead.inbox_call_back_on,
			"handed_over": lead.inbox_handover == "Waiting",
			"preview": messages.preview(said.content)
			if (said := last_messages.get(lead.inbox_last_message))
			else "",
			"message": _kind(said) if said else None,
			"assignee": users.get(lead.inbox_assignee),
			"countdown": _countdown(lead, aging.days_for(lead.inbox_channel, days, default), now),
		}
		for lead in leads
	]


def find(search: str) -> list[str]:
	"""Return leads whose name, e-mail, phone or messages hold the text, at most SEARCH_LIMIT a kind.

	By the indexes alone: words by their beginnings, a number by its E.164 form or its first digits.
	"""
	found = [*_by_words(search), *_by_phone(search)]
	return list(dict.fromkeys(found)) or [""]


def people(users: Iterable[str | None]) -> dict[str, dict[str, Any]]:
	"""Return name and picture of users."""
	wanted = sorted({user for user in users if user})
	if not wanted:
		return {}
	found = frappe.get_all(
		"User",
		filters={"name": ["in", wanted]},
		fields=["name", "full_name", "user_image"],
		order_by="name asc",
	)
	return {
		user.name: {"user": user.name, "full_name": user.full_name, "image": user.user_image}
		for user in found
	}


def _filters(status: str, scope: str, wanted: dict[str, Any]) -> list[list[Any]]:
	filters: list[list[Any]] = [["inbox_status", "=", status]]
	if not wanted.get("snoozed"):
		filters.append(["inbox_snoozed_until", "is", "not set"])
	if scope == "mine":
		filters.append(["name", "in", _assigned_to(frappe.session.user)])
	elif scope == "unassigned":
		filters.append(["inbox_assignee", "is", "not set"])
	filters += [[field, "=", wanted[key]] for key, field in FILTER_FIELDS.items() if wanted.get(key)]
	if wanted.get("from_date"):
		filters.append(["inbox_last_interaction_on", ">=", getdate(wanted["from_date"])])
	if wanted.get("to_date"):
		filters.append(["inbox_last_interaction_on", "<=", f"{getdate(wanted['to_date'])} 23:59:59.999999"])
	return filters


def _assigned_to(user: str) -> list[str]:
	"""The ToDos, not the shown assignee: a lead of two people is in the list of both."""
	return frappe.get_all(
		"ToDo",
		filters={"allocated_to": user, "reference_type": "Lead", "status": "Open"},
		pluck="reference_name",
		order_by="creation desc",
	) or [""]


def _read_cursor(cursor: str) -> tuple[datetime, str]:
	try:
		last_on, name = json.loads(cursor)
		return get_datetime(last_on), str(name)
	except (ValueError, TypeError):
		frappe.throw(_("This page can't be continued. Reload the list."))


def _is_unread(lead: frappe._dict, read_on: datetime | None) -> bool:
	"""A lead nobody wrote to us about is unread until seen, a conversation until its last inbound is."""
	last = lead.inbox_last_inbound_on or (lead.inbox_arrived_on if lead.inbox_status == "New" else None)
	return bool(last) and (read_on is None or read_on < last)


def _last_messages(names: Iterable[str | None]) -> dict[str, frappe._dict]:
	wanted = [name for name in names if name]
	if not wanted:
		return {}
	found = frappe.get_all(
		"Lead Message",
		filters={"name": ["in", wanted]},
		fields=["name", "kind", "direction", "content", "subject", "call_status", "duration_seconds"],
		order_by="name asc",
	)
	return {said.name: said for said in found}


def _kind(said: frappe._dict) -> dict[str, Any]:
	return {key: said[key] for key in ("kind", "direction", "call_status", "duration_seconds")}


def _countdown(lead: frappe._dict, days: rules.AgingDays | None, now: datetime) -> dict[str, Any] | None:
	status = Status(lead.inbox_status) if lead.inbox_status else None
	left = rules.countdown(status, lead.inbox_aging_from, now, days)
	return left and {"to": left.reason.value, "on": left.on, "days": left.days_left, "warn": left.soon}


def _by_words(search: str) -> list[str]:
	words = ["".join(c for c in word if c.isalnum() or c in "@._-") for word in search.split()]
	phrase = " ".join(f'+"{word}"' if not word.isalnum() else f"+{word}*" for word in words if word)
	if not phrase:
		return []
	values = {"phrase": phrase, "limit": SEARCH_LIMIT}
	in_leads = frappe.db.sql(
		"""select name from `tabLead`
		where match(lead_name, company_name, email_id) against (%(phrase)s in boolean mode) limit %(limit)s""",
		values,
		pluck=True,
	)
	in_messages = frappe.db.sql(
		"""select lead from `tabLead Message`
		where match(content) against (%(phrase)s in boolean mode) limit %(limit)s""",
		values,
		pluck=True,
	)
	return [*in_leads, *in_messages]


def _by_phone(search: str) -> list[str]:
	digits = "".join(c for c in search if c.isdigit())
	if len(digits) < 4 or any(c.isalpha() for c in search):
		return []
	return [
		name
		for field in PHONE_KEY_FIELDS
		for start in number_beginnings(digits)
		for name in frappe.get_all(
			"Lead",
			filters={field: ["like", f"{start}%"]},
			pluck="name",
			order_by="name asc",
			limit=SEARCH_LIMIT,
		)
	]
