"""Making one lead of two of one person, and taking that back (IN-3).

Both are one transaction that holds both leads' rows. The ledger of a Lead Merge holds which rows moved and
which fields changed, never what they held: no personal data is kept a second time. The callers have
checked that the user may write both leads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.custom_fields import STATE_FIELDS
from lead_inbox.inbox import lead_summaries, lifecycle
from lead_inbox.inbox.identity import MAX_MERGES, PHONE_KEY_FIELDS
from lead_inbox.inbox.lifecycle import REFUSAL_FIELDS
from lead_inbox.inbox.merging import merge_reading, merge_rules, references
from lead_inbox.inbox.merging.merge_rules import Party, Refusal

REFUSALS = (*REFUSAL_FIELDS.values(), "unsubscribed")
# State fields that follow something else, which is moved and given back by itself.
FOLLOWING = ("inbox_assignee", "inbox_merged_into", "inbox_relay_token", *PHONE_KEY_FIELDS)
JOINED_FIELDS = ("status", *(field for field in STATE_FIELDS if field not in FOLLOWING))
# Never taken from another lead: e-mail is unique in ERPNext, a name is one thing, and a charge is a
# lead's own, or it would be counted twice.
KEPT_APART = (
	*("naming_series", "salutation", "first_name", "middle_name", "last_name", "lead_name", "title"),
	*("email_id", "status", "customer", "inbox_price", "inbox_price_currency", "inbox_credit_state"),
)
NOT_FILLED_TYPES = ("Check", "Table", "Table MultiSelect", "Password")


class MergeRefused(frappe.ValidationError):
	"""The two leads can't be merged, or no longer be taken apart."""


def merge(winner: str, loser: str) -> str:
	"""Make `loser` a part of `winner` and return the name of the Lead Merge.

	Raises MergeRefused with words for the user, frappe.DoesNotExistError for a lead that is gone.
	"""
	kept, closing = _hold(winner, loser)
	parties = (_party(kept), _party(closing))
	if refusal := merge_rules.merge_refused(*parties):
		_refuse(refusal, kept, closing)
	tasks = _open_tasks(loser)
	doubled = _doubled(tasks, winner)
	lifecycle.merge_away(loser, winner)
	history = _activity_history(loser)
	staying = {
		references.TASKS.key: doubled,
		references.ACTIVITIES.key: history,
		references.ACTIVITY_LEADS.key: history,
	}
	ledger = {
		"was_converted": parties[0].converted,
		"last_note": references.last_note(winner),
		"moved": references.move(loser, winner, staying),
		"open_tasks": list(tasks),
		"filled": _fill(kept, closing),
		"refused": _join_refusals(kept, closing),
	}
	_settle_moved(winner, loser, ledger, doubled)
	_join_state(kept, closing)
	ledger["read"] = merge_reading.join(kept, closing)
	ledger |= {"winner": _changes(kept), "loser": _changes(closing)}
	return _record(winner, loser, ledger)


def unmerge(name: str) -> None:
	"""Take a merge back: what moved and is still there returns, what came since stays with the winner.

	Raises MergeRefused with words for the user, TransitionRefused for a lead that is not Closed any more.
	"""
	found = frappe.db.get_value("Lead Merge", name, ["winner", "loser"], as_dict=True)
	winner, loser = _hold(found.winner, found.loser)
	record = frappe.db.get_value("Lead Merge", name, ["ledger", "undone_on"], as_dict=True, for_update=True)
	ledger = json.loads(record.ledger)
	undone = bool(record.undone_on)
	if refusal := merge_rules.unmerge_refused(_party(winner), ledger["was_converted"], undone):
		_refuse(refusal, winner, loser)
	_move_back(winner.name, loser.name, ledger)
	_empty_filled(winner.name, loser, ledger)
	for lead in (winner.name, loser.name):
		lead_summaries.refresh(lead)
	lifecycle.come_apart(loser.name)
	lifecycle.absorb(loser.name, merge_rules.given_back(ledger["loser"], _plain(loser)))
	lifecycle.absorb(winner.name, merge_rules.given_back(ledger["winner"], _plain(winner)))
	merge_reading.part(winner.name, ledger["read"])
	frappe.db.set_value("Lead Merge", name, {"undone_on": now_datetime(), "undone_by": frappe.session.user})
	lifecycle.announce(winner.name)


def lead_of_thread(lead: str, thread_key: str) -> str:
	"""Return the lead that a source's thread began as: `lead`, or one that was merged into it."""
	message = frappe.db.get_value("Lead Message", {"thread_key": thread_key}, order_by="creation asc")
	for _turn in range(MAX_MERGES):
		merges = frappe.get_all(
			"Lead Merge",
			filters={"winner": lead, "undone_on": ["is", "not set"]},
			fields=["loser", "ledger"],
			order_by="merged_on desc",
		)
		began_as = next((row.loser for row in merges if message in _moved_messages(row.ledger)), None)
		if not began_as:
			break
		lead = began_as
	return lead


def _moved_messages(ledger: str) -> list[str]:
	return json.loads(ledger)["moved"].get(references.MESSAGES.key, [])


def _hold(*leads: str) -> list[frappe._dict]:
	"""Lock leads until the transaction ends and return their rows, in the order they were asked for.

	Their events come first, then the leads in the order of their names: the order of every other worker,
	so that none waits for another in a circle.
	"""
	event, lead = frappe.qb.DocType("Lead Event"), frappe.qb.DocType("Lead")
	frappe.qb.from_(event).select(event.name).where(event.lead.isin(leads)).for_update().run()
	query = frappe.qb.from_(lead).select(lead.star).where(lead.name.isin(leads)).orderby(lead.name)
	rows = {row.name: row for row in query.for_update().run(as_dict=True)}
	for name in leads:
		if name not in rows:
			frappe.throw(_("Lead {0} does not exist any more.").format(name), frappe.DoesNotExistError)
	return [rows[name] for name in leads]


def _party(lead: frappe._dict) -> Party:
	converted = bool(lead.inbox_converted) or _has_business(lead.name)
	return Party(lead.name, lead.inbox_merged_into, converted)


def _has_business(lead: str) -> bool:
	"""Whether a document of ERPNext stands for the lead; one that was cancelled does not."""
	found = (
		frappe.db.exists("Customer", {"lead_name": lead}),
		frappe.db.exists("Opportunity", {"opportunity_from": "Lead", "party_name": lead}),
		frappe.db.exists("Quotation", {"quotation_to": "Lead", "party_name": lead, "docstatus": ["!=", 2]}),
	)
	return any(found)


def _refuse(refusal: Refusal, winner: frappe._dict, loser: frappe._dict) -> None:
	words = {
		Refusal.SAME_LEAD: _("Choose two different leads to merge."),
		Refusal.LOSER_MERGED: _("{0} has been merged into another lead already.").format(loser.title),
		Refusal.WINNER_MERGED: _("{0} has been merged into another lead. Take that back first.").format(
			winner.title
		),
		Refusal.LOSER_CONVERTED: _(
			"A customer, opportunity or quotation was made of {0}. Merge the other way round: keep {0}."
		).format(loser.title),
		Refusal.BOTH_CONVERTED: _(
			"Customers, opportunities or quotations were made of both leads, so they can't be merged."
		),
		Refusal.UNDONE_ALREADY: _("This merge has been taken back already."),
		Refusal.WINNER_CONVERTED_SINCE: _(
			"A customer, opportunity or quotation has been made of {0} since, so the merge can't be taken back."
		).format(winner.title),
	}
	frappe.throw(words[refusal], MergeRefused, title=_("Not Possible Now"))


def _open_tasks(lead: str) -> dict[str, str | None]:
	"""Return the open assignments of a lead with their users."""
	rows = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": lead, "status": "Open"},
		fields=["name", "allocated_to"],
		order_by="creation asc",
	)
	return {row.name: row.allocated_to for row in rows}


def _activity_history(lead: str) -> list[str]:
	"""Return the activities that stay with a lead: what was done, and the steps of its sequences, which end."""
	table = frappe.qb.DocType("Sales Activity")
	to_do = table.enrollment.isnull() & table.status.isin(["Open", "Scheduled"])
	return (frappe.qb.from_(table).select(table.name).where((table.lead == lead) & ~to_do)).run(pluck=True)


def _doubled(tasks: Mapping[str, str | None], winner: str) -> list[str]:
	"""The loser's tasks of people who have the winner anyway: they need it once."""
	having = set(_open_tasks(winner).values())
	return [name for name, user in tasks.items() if user and user in having]


def _settle_moved(winner: str, loser: str, ledger: dict[str, Any], doubled: list[str]) -> None:
	"""Put right what was said of the moved rows elsewhere, and what hooks made of a lead that closed."""
	moved = ledger["moved"]
	_set_task_status([name for name in ledger["open_tasks"] if name not in doubled], "Open")
	_set_task_status(doubled, "Cancelled")
	if notes := moved.get(references.NOTES.key):
		references.shift_notes(notes, winner, ledger["last_note"])
	lead_summaries.move_comments(loser, winner, _said(moved))
	for lead in (winner, loser):
		lead_summaries.refresh(lead)


def _move_back(winner: str, loser: str, ledger: dict[str, Any]) -> None:
	moved = ledger["moved"]
	references.move_back(moved, winner, loser)
	if notes := moved.get(references.NOTES.key):
		references.shift_notes(notes, loser, -ledger["last_note"])
	lead_summaries.move_comments(winner, loser, _said(moved))
	moved_tasks = moved.get(references.TASKS.key, [])
	_set_task_status([name for name in ledger["open_tasks"] if name not in moved_tasks], "Open")


def _set_task_status(names: list[str], status: str) -> None:
	if names:
		frappe.db.set_value("ToDo", {"name": ["in", names]}, "status", status, update_modified=False)


def _said(moved: Mapping[str, list[str]]) -> list[str]:
	return [
		name
		for doctype in ("Comment", "Communication")
		for name in moved.get(f"{doctype}.reference_name", ())
	]


def _fill(winner: frappe._dict, loser: frappe._dict) -> dict[str, Any]:
	"""Fill what the winner lacks; return the fields with the kind of nothing that they held.

	As a change that forms notice: one that is open must not save its empty fields back.
	"""
	missing = merge_rules.missing_values(winner, loser, _fillable_fields())
	if missing:
		frappe.get_doc("Lead", winner.name).db_set(missing)
	return {field: winner[field] for field in missing}


def _fillable_fields() -> list[str]:
	"""What people and sources enter, also in fields that a site added."""
	columns = set(frappe.db.get_table_columns("Lead"))
	return [
		field.fieldname
		for field in frappe.get_meta("Lead").fields
		if field.fieldname in columns
		and field.fieldtype not in NOT_FILLED_TYPES
		and not (field.read_only or field.unique)
		and field.fieldname not in KEPT_APART
	]


def _empty_filled(winner: str, loser: frappe._dict, ledger: dict[str, Any]) -> None:
	"""Empty the filled fields that still hold what the loser has."""
	present = frappe.db.get_value("Lead", winner, list(ledger["filled"]) or "name", as_dict=True)
	emptied = {
		field: nothing for field, nothing in ledger["filled"].items() if present[field] == loser[field]
	}
	emptied |= dict.fromkeys(ledger["refused"], 0)
	if emptied:
		frappe.get_doc("Lead", winner).db_set(emptied)


def _join_refusals(winner: frappe._dict, loser: frappe._dict) -> list[str]:
	unsubscribed = frappe.db.exists(
		"Email Unsubscribe", {"reference_doctype": "Lead", "reference_name": loser.name}
	)
	wishes = {**loser, "unsubscribed": loser.unsubscribed or bool(unsubscribed)}
	refuses_all = loser.status == "Do Not Contact"
	fields = merge_rules.joined_refusals(winner, wishes, REFUSALS, refuses_all)
	if fields:
		frappe.get_doc("Lead", winner.name).db_set(dict.fromkeys(fields, 1))
	return fields


def _join_state(winner: frappe._dict, loser: frappe._dict) -> None:
	clocks = merge_rules.joined_clocks(winner, loser)
	answered = bool(clocks["inbox_first_response_on"])
	state = merge_rules.joined_state(winner, loser, answered)
	lifecycle.absorb(winner.name, clocks | state | merge_rules.joined_stage(winner, loser))


def _changes(before: frappe._dict) -> dict[str, list[Any]]:
	"""Return what a merge changed in a lead's state: field → [before, after]."""
	after = frappe.db.get_value("Lead", before.name, JOINED_FIELDS, as_dict=True)
	old, new = _plain(before), _plain(after)
	return {field: [old[field], new[field]] for field in JOINED_FIELDS if old[field] != new[field]}


def _plain(lead: Mapping[str, Any]) -> dict[str, Any]:
	"""Return a lead's state as JSON can hold it."""
	return {
		field: str(value) if isinstance(value := lead[field], datetime) else value for field in JOINED_FIELDS
	}


def _record(winner: str, loser: str, ledger: dict[str, Any]) -> str:
	record = frappe.get_doc(
		doctype="Lead Merge",
		winner=winner,
		loser=loser,
		merged_on=now_datetime(),
		merged_by=frappe.session.user,
		ledger=json.dumps(ledger, default=str),
	)
	record.insert(ignore_permissions=True)  # what was done, for whoever may write both leads
	return record.name
