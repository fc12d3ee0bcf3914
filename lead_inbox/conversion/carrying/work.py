"""What is to be done about a lead goes on with its customer, and comes back when that is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from lead_inbox.conversion.ledger import Ledger
from lead_inbox.inbox import lead_summaries
from lead_inbox.sequences import news

TASK = "ToDo"
ACTIVITY = "Sales Activity"
CAMPAIGN = "Email Campaign"
# Where a row names what it is about.
FIELDS = {
	TASK: "reference_name",
	ACTIVITY: "reference_name",
	CAMPAIGN: "recipient",
	"Event": "reference_docname",
	"Reminder": "reminder_docname",
}


def move(lead: str, target: tuple[str, str], contact: str, ledger: Ledger) -> None:
	"""Let the open work on a lead be about what it became.

	target: DocType and name of the Opportunity, or of the Customer where there is none. Steps of sequences
	stay: they end with the lead. An activity needs an Opportunity, an Email Campaign a Contact.
	"""
	tasks = _names(TASK, {"reference_type": "Lead", "reference_name": lead, "status": "Open"})
	_point(TASK, tasks, lead, target, ledger)
	if tasks:
		_sum_up_assignments([("Lead", lead), target])
	if target[0] == "Opportunity":
		_move_activities(lead, target, ledger)
	if contact:
		_point(CAMPAIGN, _campaigns(lead, contact), lead, ("Contact", contact), ledger)


def move_back(doctype: str, detail: Mapping[str, Any]) -> None:
	"""Let those rows of a moved batch that are still where it put them be about what they were before.

	detail: as the ledger keeps it.
	"""
	field, before, after = detail["field"], tuple(detail["before"]), tuple(detail["after"])
	_set(doctype, field, detail["names"], after, before)
	if doctype == TASK:
		_sum_up_assignments([before, after])
	elif doctype == ACTIVITY:
		_tell(before, after)


def _move_activities(lead: str, target: tuple[str, str], ledger: Ledger) -> None:
	"""Those that people added, with their entries in calendars."""
	rows = frappe.get_all(
		ACTIVITY,
		filters={
			"reference_doctype": "Lead",
			"reference_name": lead,
			"enrollment": ["is", "not set"],
			"status": ["in", ["Open", "Scheduled"]],
		},
		fields=["name", "event", "reminder"],
		order_by="creation asc, name asc",
	)
	_point(ACTIVITY, [row.name for row in rows], lead, target, ledger)
	_point("Event", [row.event for row in rows if row.event], lead, target, ledger)
	_point("Reminder", [row.reminder for row in rows if row.reminder], lead, target, ledger)
	if rows:
		_tell(("Lead", lead), target)


def _tell(*records: tuple[str, str]) -> None:
	for doctype, name in records:
		news.changed(doctype, [name])


def _campaigns(lead: str, contact: str) -> list[str]:
	"""Return the Email Campaigns that go on, but for those that the Contact is in anyway."""
	running = ["in", ["Scheduled", "In Progress"]]
	filters = {"email_campaign_for": "Lead", "recipient": lead, "status": running}
	if not frappe.db.exists(CAMPAIGN, filters):
		return []
	having = frappe.get_all(
		CAMPAIGN,
		filters={"email_campaign_for": "Contact", "recipient": contact, "status": running},
		pluck="campaign_name",
		order_by="name asc",
	)
	return _names(CAMPAIGN, {**filters, "campaign_name": ["not in", [*having, ""]]})


def _names(doctype: str, filters: Mapping[str, Any]) -> list[str]:
	return frappe.get_all(doctype, filters=filters, pluck="name", order_by="creation asc, name asc")


def _point(doctype: str, names: list[str], lead: str, target: tuple[str, str], ledger: Ledger) -> None:
	field = FIELDS[doctype]
	_set(doctype, field, names, ("Lead", lead), target)
	ledger.moved(doctype, names, field=field, before=["Lead", lead], after=list(target))


def _set(
	doctype: str, field: str, names: list[str], present: tuple[str, str], wanted: tuple[str, str]
) -> None:
	"""Past the controllers: nothing happens to a task because its customer has another name.

	field: a Dynamic Link. As a change that open forms notice.
	"""
	if not names:
		return
	table, type_field = frappe.qb.DocType(doctype), frappe.get_meta(doctype).get_field(field).options
	is_there = (table[type_field] == present[0]) & (table[field] == present[1])
	(
		frappe.qb.update(table)
		.set(table[type_field], wanted[0])
		.set(table[field], wanted[1])
		.set(table.modified, frappe.utils.now_datetime())
		.where(table.name.isin(names) & is_there)
	).run()
	for name in names:
		frappe.clear_document_cache(doctype, name)


def _sum_up_assignments(records: Iterable[tuple[str, str]]) -> None:
	for doctype, name in records:
		lead_summaries.refresh_assignments(doctype, name)
