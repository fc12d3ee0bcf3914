"""Items of work as pages show them, made in sets: a fixed number of queries for any number of items.

What an item holds is in the docstring of api/worklist.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from lead_inbox.inbox import listing
from lead_inbox.inbox.contact import masking
from lead_inbox.sequences.activities import activity_rows, activity_rules
from lead_inbox.sequences.activities.activity_rules import Activity, Actor, Deed, Status
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.records import LEAD
from lead_inbox.sequences.rules import Kind
from lead_inbox.sequences.worklist import worklist_events, worklist_facts, worklist_rules, worklist_words
from lead_inbox.sequences.worklist.worklist_rules import Customer, Days
from lead_inbox.sequences.worklist.worklist_sources import ACTIVITY, CALL_BACK, EVENT

Record = tuple[str, str]
Key = tuple[str, str]
# What a page can do with items that no Sales Activity stands behind.
DEEDS_OF_OTHERS = (Deed.START, Deed.COMPLETE)
SHOWN_OF_ACTIVITY = (
	*("name", "kind", "status", "due_on", "snoozed_until", "instructions", "error", "outcome", "note"),
	*("completed_on", "completed_by", "user", "user_group", "reference_doctype", "reference_name"),
	*("lead", "enrollment", "sequence"),
)


@dataclass
class Around:
	"""What is known of the records, customers and people of a number of items."""

	days: Days
	titles: dict[Record, str]
	writable: set[Record]
	customers: dict[str, Customer]
	people: dict[str, dict[str, Any]]
	events: dict[str, dict[str, Any]]
	groups: frozenset[str]


def of(keys: Iterable[Key], days: Days) -> list[dict[str, Any]]:
	"""Return the items behind (source, name), in that order, less those that are gone.

	The caller has made sure that the user may read the record of each.
	"""
	keys = list(keys)
	bare = {
		**_bare_activities([name for source, name in keys if source == ACTIVITY]),
		**_bare_call_backs([name for source, name in keys if source == CALL_BACK]),
		**_bare_events([name for source, name in keys if source == EVENT]),
	}
	wanted = [bare[key] for key in keys if key in bare]
	around = _around(wanted, days)
	return [_complete(item, around) for item in wanted]


def _bare_activities(names: Collection[str]) -> dict[Key, dict[str, Any]]:
	if not names:
		return {}
	fields = [*activity_rows.FIELDS]
	rows = frappe.get_all(
		activity_rows.ACTIVITY, filters={"name": ["in", list(names)]}, fields=fields, order_by="name asc"
	)
	return {
		(ACTIVITY, row.name): {
			**{field: row[field] for field in SHOWN_OF_ACTIVITY},
			"source": ACTIVITY,
			"title": row.title,
			"by_hand": not row.enrollment,
			"event": row.event if row.kind == Kind.MEETING.value else None,
			**_step(row.sequence, row.step),
		}
		for row in rows
	}


def _step(sequence: str | None, step: str | None) -> dict[str, Any]:
	"""A sequence that was deleted by force leaves its activities without a plan."""
	if not sequence or not frappe.db.exists("Sequence", sequence, cache=True):
		return {"sequence_name": None, "step_no": None, "step_count": None}
	doc, row = plans.sequence_doc(sequence), plans.row_of(sequence, step)
	return {
		"sequence_name": doc.sequence_name,
		"step_no": row.idx if row else None,
		"step_count": len(doc.steps),
	}


def _bare_call_backs(names: Collection[str]) -> dict[Key, dict[str, Any]]:
	if not names:
		return {}
	rows = frappe.get_all(
		LEAD,
		filters={"name": ["in", list(names)], "inbox_call_back_on": ["is", "set"]},
		fields=["name", "inbox_call_back_on", "inbox_snoozed_until", "inbox_assignee"],
		order_by="name asc",
	)
	return {
		(CALL_BACK, row.name): {
			**_no_activity(CALL_BACK, row.name, Kind.CALL),
			"title": _("Call back"),
			"due_on": row.inbox_snoozed_until or row.inbox_call_back_on,
			"snoozed_until": row.inbox_snoozed_until,
			"user": row.inbox_assignee,
			"reference_doctype": LEAD,
			"reference_name": row.name,
			"lead": row.name,
		}
		for row in rows
	}


def _bare_events(names: Collection[str]) -> dict[Key, dict[str, Any]]:
	"""Each is about the first of its records that the user may read."""
	rows = worklist_events.rows(names)
	about = worklist_events.records_of(list(rows))
	readable = worklist_facts.readable({record for found in about.values() for record in found})
	items = {}
	for name, row in rows.items():
		record = next((record for record in about.get(name, ()) if record in readable), None)
		if record:
			items[(EVENT, name)] = {
				**_no_activity(EVENT, name, Kind.MEETING),
				"title": row.subject,
				"status": Status.OPEN.value if row.status == "Open" else Status.COMPLETED.value,
				"due_on": row.starts_on,
				"user": row.owner,
				"reference_doctype": record[0],
				"reference_name": record[1],
				"event": name,
			}
	leads = worklist_facts.leads_of(
		(item["reference_doctype"], item["reference_name"]) for item in items.values()
	)
	for item in items.values():
		item["lead"] = leads.get((item["reference_doctype"], item["reference_name"]))
	return items


def _no_activity(source: str, name: str, kind: Kind) -> dict[str, Any]:
	return {
		**dict.fromkeys(SHOWN_OF_ACTIVITY),
		**{"source": source, "name": name, "kind": kind.value, "status": Status.OPEN.value},
		**{"by_hand": True, "event": None, "sequence_name": None, "step_no": None, "step_count": None},
	}


def _around(items: list[dict[str, Any]], days: Days) -> Around:
	about = {(item["reference_doctype"], item["reference_name"]) for item in items}
	return Around(
		days=days,
		titles=worklist_facts.titles(about),
		writable=worklist_facts.writable(about),
		customers=worklist_facts.customers({item["lead"] for item in items if item["lead"]}),
		people=listing.people(item["user"] for item in items),
		events=worklist_events.details(
			worklist_events.rows([item["event"] for item in items if item["event"]]).values()
		),
		groups=activity_rows.groups_of(frappe.session.user),
	)


def _complete(item: dict[str, Any], around: Around) -> dict[str, Any]:
	record = (item["reference_doctype"], item["reference_name"])
	person = around.people.get(item["user"]) or {}
	event = around.events.get(item["event"])
	return {
		**item,
		"key": f"{item['source']}/{item['name']}",
		"title": masking.name(item["title"]),
		"reference_title": masking.name(around.titles.get(record)) or item["reference_name"],
		"user_full_name": person.get("full_name"),
		"user_image": person.get("image"),
		"event": event,
		**_place(item, event, around),
		"can": _can(item, record in around.writable, around.groups),
	}


def _place(item: dict[str, Any], event: dict[str, Any] | None, around: Around) -> dict[str, str]:
	days, status, due_on = around.days, Status(item["status"]), item["due_on"]
	bucket = worklist_rules.bucket(status, due_on, item["snoozed_until"], days)
	customer = around.customers.get(item["lead"], Customer())
	why = worklist_rules.urgency(customer, days.now, event["starts_on"] if event else None)
	is_snoozed = bool(item["snoozed_until"]) and item["snoozed_until"] > days.now
	return {
		"bucket": bucket.value,
		"because": worklist_words.because(bucket, status, due_on, is_snoozed, why),
	}


def _can(item: dict[str, Any], may_write: bool, groups: frozenset[str]) -> dict[str, bool]:
	if item["source"] == ACTIVITY:
		activity = Activity(
			Status(item["status"]), item["by_hand"], item["user"] or None, item["user_group"] or None
		)
		possible = activity_rules.possible(activity, Actor(frappe.session.user, may_write, groups))
	else:
		is_open = may_write and item["status"] == Status.OPEN.value
		possible = DEEDS_OF_OTHERS if is_open else ()
	return {deed.value: deed in possible for deed in Deed}
