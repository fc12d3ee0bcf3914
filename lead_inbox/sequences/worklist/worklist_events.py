"""Events of Frappe's as items of work (SQ-6): what they are about, and what is shown of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import frappe

from lead_inbox.inbox import listing
from lead_inbox.inbox.contact import masking
from lead_inbox.sequences.records import DOCTYPES
from lead_inbox.sequences.worklist import worklist_sources

PARTICIPANTS = "Event Participants"
FIELDS = ("name", "subject", "status", "starts_on", "ends_on", "owner")
# Not in every version of Frappe.
LINK_FIELD, PLACE_FIELD = "google_meet_link", "location"
Record = tuple[str, str]


def rows(names: Collection[str]) -> dict[str, frappe._dict]:
	"""Return the rows of Events that exist."""
	meta = frappe.get_meta("Event")
	fields = [*FIELDS, *(field for field in (LINK_FIELD, PLACE_FIELD) if meta.has_field(field))]
	found = (
		frappe.get_all("Event", filters={"name": ["in", list(names)]}, fields=fields, order_by="name asc")
		if names
		else []
	)
	return {row.name: row for row in found}


def records_of(names: Collection[str]) -> dict[str, list[Record]]:
	"""Return the leads and opportunities that Events are about, participants first."""
	if not names:
		return {}
	found: dict[str, list[Record]] = {}
	participants = _participants(names, DOCTYPES)
	references = frappe.get_all(
		"Event",
		filters={"name": ["in", list(names)], "reference_doctype": ["in", DOCTYPES]},
		fields=["name as parent", "reference_doctype", "reference_docname"],
		order_by="name asc",
	)
	for row in (*participants, *references):
		if row.reference_docname:
			found.setdefault(row.parent, []).append((row.reference_doctype, row.reference_docname))
	return found


def about(doctype: str, name: str) -> list[str]:
	"""Return the open Events about one record that are items of their own, earliest first."""
	event, participant = frappe.qb.DocType("Event"), frappe.qb.DocType(PARTICIPANTS)
	taking_part = (
		frappe.qb.from_(participant)
		.select(participant.parent)
		.where((participant.reference_docname == name) & (participant.reference_doctype == doctype))
	).run(pluck=True)
	referring = (
		frappe.qb.from_(event)
		.select(event.name)
		.where((event.reference_docname == name) & (event.reference_doctype == doctype))
	).run(pluck=True)
	names = sorted({*taking_part, *referring})
	if not names:
		return []
	query = frappe.qb.from_(event).select(event.name).where(event.name.isin(names) & (event.status == "Open"))
	for criterion in worklist_sources.unlinked(event):
		query = query.where(criterion)
	return query.orderby(event.starts_on).orderby(event.name).run(pluck=True)


def details(found: Iterable[frappe._dict]) -> dict[str, dict[str, Any]]:
	"""Return what is shown of Events: when, where, and who takes part. found: from `rows`."""
	found = list(found)
	people = _people(found)
	return {
		row.name: {
			"name": row.name,
			"subject": row.subject,
			"starts_on": row.starts_on,
			"ends_on": row.ends_on,
			"video_link": row.get(LINK_FIELD) or None,
			"location": row.get(PLACE_FIELD) or None,
			"people": people[row.name],
		}
		for row in found
	}


def _people(found: list[frappe._dict]) -> dict[str, list[str]]:
	"""The owner of each Event and its participants by their names; masked as they are elsewhere."""
	participants = _participants([row.name for row in found])
	titles = _titles(participants)
	users = listing.people(
		[row.owner for row in found]
		+ [row.reference_docname for row in participants if row.reference_doctype == "User"]
	)
	people = {row.name: [users[row.owner]["full_name"] if row.owner in users else row.owner] for row in found}
	for row in participants:
		title = titles.get((row.reference_doctype, row.reference_docname))
		if row.reference_doctype == "User" and row.reference_docname in users:
			title = users[row.reference_docname]["full_name"]
		name = masking.name(title or row.reference_docname) or masking.address(row.email)
		if name and name not in people[row.parent]:
			people[row.parent].append(name)
	return people


def _titles(participants: list[frappe._dict]) -> dict[Record, str]:
	titles: dict[Record, str] = {}
	for doctype, field in (("Lead", "title"), ("Opportunity", "title"), ("Contact", "full_name")):
		names = [row.reference_docname for row in participants if row.reference_doctype == doctype]
		if not names or not frappe.get_meta(doctype).has_field(field):
			continue
		found = frappe.get_all(
			doctype, filters={"name": ["in", names]}, fields=["name", field], order_by="name asc"
		)
		titles |= {(doctype, row.name): row[field] for row in found}
	return titles


def _participants(names: Collection[str], doctypes: Iterable[str] | None = None) -> list[frappe._dict]:
	if not names:
		return []
	filters: dict[str, Any] = {"parent": ["in", list(names)], "parenttype": "Event"}
	if doctypes:
		filters["reference_doctype"] = ["in", list(doctypes)]
	return frappe.get_all(
		PARTICIPANTS,
		filters=filters,
		fields=["parent", "reference_doctype", "reference_docname", "email"],
		order_by="parent asc, idx asc",
	)
