"""What is known of the records and customers of items of work; one query for each kind of thing."""

from __future__ import annotations

from collections.abc import Iterable

import frappe

from lead_inbox.inbox.response import response_times
from lead_inbox.inbox.rules import Status as InboxStatus
from lead_inbox.sequences import records
from lead_inbox.sequences.records import DOCTYPES, LEAD
from lead_inbox.sequences.worklist.worklist_rules import Customer

Record = tuple[str, str]


def readable(about: Iterable[Record]) -> set[Record]:
	"""Return those of a number of records that the user may read."""
	found: set[Record] = set()
	for doctype, names in _by_doctype(about).items():
		if frappe.has_permission(doctype, ptype="read"):
			visible = frappe.get_list(
				doctype,
				filters={"name": ["in", names]},
				pluck="name",
				order_by="name asc",
				limit=len(names),
			)
			found |= {(doctype, name) for name in visible}
	return found


def writable(about: Iterable[Record]) -> set[Record]:
	"""Return those of a number of readable records that the user may write.

	Their columns are read at once, as a document is all that Frappe judges; its child rows are left out.
	"""
	found: set[Record] = set()
	for doctype, names in _by_doctype(about).items():
		if not frappe.has_permission(doctype, ptype="write"):
			continue
		rows = frappe.get_all(doctype, filters={"name": ["in", names]}, fields=["*"], order_by="name asc")
		docs = (frappe.get_doc({"doctype": doctype, **row}) for row in rows)
		found |= {(doctype, doc.name) for doc in docs if frappe.has_permission(doctype, "write", doc=doc)}
	return found


def titles(about: Iterable[Record]) -> dict[Record, str]:
	return {
		(doctype, row.name): row.title
		for doctype, names in _by_doctype(about).items()
		for row in frappe.get_all(
			doctype, filters={"name": ["in", names]}, fields=["name", "title"], order_by="name asc"
		)
	}


def leads_of(about: Iterable[Record]) -> dict[Record, str | None]:
	"""Return the lead whose customer is contacted for each record."""
	return {
		(doctype, name): lead
		for doctype, names in _by_doctype(about).items()
		for name, lead in records.leads_of(doctype, names).items()
	}


def customers(leads: Iterable[str]) -> dict[str, Customer]:
	"""Return what is known of the customers of leads, as far as it decides what is urgent."""
	leads = sorted(set(leads))
	if not leads:
		return {}
	rows = frappe.get_all(
		LEAD,
		filters={"name": ["in", leads]},
		fields=["name", "inbox_status", "inbox_call_back_on", "inbox_last_inbound_on"],
		order_by="name asc",
	)
	unanswered = response_times.unanswered(leads)
	return {
		row.name: Customer(
			waits_for_call=bool(row.inbox_call_back_on),
			unanswered=row.name in unanswered,
			is_new=row.inbox_status == InboxStatus.NEW.value,
			heard_on=row.inbox_last_inbound_on,
		)
		for row in rows
	}


def _by_doctype(about: Iterable[Record]) -> dict[str, list[str]]:
	about = sorted(set(about))
	grouped = {doctype: [name for one, name in about if one == doctype] for doctype in DOCTYPES}
	return {doctype: names for doctype, names in grouped.items() if names}
