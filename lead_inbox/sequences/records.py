"""The leads and opportunities that go through sequences: their rows, their locks, their customer's lead.

Rows are locked in one order everywhere: leads, opportunities, enrollments, activities and messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import frappe

from lead_inbox.inbox.response.channel_hours import calendar_of
from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.sequences.enrollment import enrollment_rules
from lead_inbox.sequences.enrollment.enrollment_rules import Exits
from lead_inbox.sequences.planning import plans
from lead_inbox.sequences.rules import ExitReason

LEAD, OPPORTUNITY = "Lead", "Opportunity"
DOCTYPES = (LEAD, OPPORTUNITY)
FIELDS = {
	LEAD: (
		*("name", "status", "lead_owner", "inbox_status", "inbox_reason", "inbox_merged_into"),
		*("inbox_channel", "inbox_assignee"),
	),
	OPPORTUNITY: ("name", "status", "opportunity_owner"),
}


@dataclass
class Rows:
	"""Rows of records and of their customers' leads, by DocType and name."""

	by_doctype: dict[str, dict[str, frappe._dict]] = field(default_factory=lambda: {d: {} for d in DOCTYPES})

	def get(self, doctype: str, name: str | None) -> frappe._dict | None:
		return self.by_doctype[doctype].get(name)

	def ended(self, doctype: str, name: str, lead: str | None) -> ExitReason | None:
		"""Return what the state of a record is the end of, None while it is worked on."""
		row = self.by_doctype[doctype][name]
		if doctype == LEAD:
			return enrollment_rules.lead_ended(row)
		return enrollment_rules.opportunity_ended(row.status, self.get(LEAD, lead))


def lock(
	leads: Iterable[str | None], opportunities: Iterable[str] = (), *, skip_locked: bool = False
) -> Rows:
	"""Lock records until the transaction ends and return the rows of those that exist, as they are now.

	skip_locked: leave out what somebody else has locked instead of waiting for it.
	"""
	rows = Rows()
	wanted = {LEAD: leads, OPPORTUNITY: opportunities}
	for doctype in DOCTYPES:
		names = sorted({name for name in wanted[doctype] if name})
		if names:
			rows.by_doctype[doctype] = {row.name: row for row in _locked(doctype, names, skip_locked)}
	return rows


def lock_one(doctype: str, name: str, lead: str | None) -> Rows:
	"""Lock a record and its customer's lead."""
	return lock([name if doctype == LEAD else lead], [name] if doctype == OPPORTUNITY else [])


def _locked(doctype: str, names: list[str], skip_locked: bool) -> list[frappe._dict]:
	table = frappe.qb.DocType(doctype)
	return (
		frappe.qb.from_(table)
		.select(*(table[column] for column in FIELDS[doctype]))
		.where(table.name.isin(names))
		.orderby(table.name)
		.for_update(skip_locked=skip_locked)
	).run(as_dict=True)


def leads_of(doctype: str, names: Iterable[str]) -> dict[str, str | None]:
	"""Return for each record the Lead whose customer is contacted; None where there is no such lead.

	An Opportunity's is the Lead that it came from, or that its Customer was made from.
	"""
	names = list(names)
	if doctype == LEAD:
		return dict(zip(names, names, strict=True))
	parties = frappe.get_all(
		OPPORTUNITY,
		filters={"name": ["in", names]},
		fields=["name", "opportunity_from", "party_name", "inbox_lead"],
		order_by="name asc",
	)
	customers = {
		row.party_name for row in parties if row.opportunity_from == "Customer" and not row.inbox_lead
	}
	lead_of_customer = _leads_of_customers(customers)
	found: dict[str, str | None] = dict.fromkeys(names)
	for row in parties:
		own = row.party_name if row.opportunity_from == LEAD else row.inbox_lead
		found[row.name] = own or lead_of_customer.get(row.party_name)
	return found


def lead_of(doctype: str, name: str) -> str | None:
	return leads_of(doctype, [name])[name]


def _leads_of_customers(customers: Iterable[str]) -> dict[str, str]:
	customers = list(customers)
	if not customers:
		return {}
	customer, lead = frappe.qb.DocType("Customer"), frappe.qb.DocType(LEAD)
	rows = (
		frappe.qb.from_(customer)
		.join(lead)
		.on(lead.name == customer.lead_name)
		.select(customer.name, lead.name)
		.where(customer.name.isin(customers))
	).run()
	return dict(rows)


def hours_of(sequence: str, lead: Mapping[str, Any] | None) -> Calendar:
	"""Return the working time of a record: of its lead's channel if that names hours, else the sequence's.

	All hours count where neither has any.
	"""
	channel = lead.get("inbox_channel") if lead else None
	if channel and frappe.get_cached_doc("Lead Channel", channel).hours:
		return calendar_of(channel)
	return calendar_of(plans.sequence_doc(sequence).hours_channel)


def exits_of(sequence: str) -> Exits:
	"""Return what a sequence lets records leave for: everything, where it was deleted by force."""
	try:
		doc = plans.sequence_doc(sequence)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		return Exits()
	return Exits(
		reply=bool(doc.exit_on_reply),
		conversion=bool(doc.exit_on_conversion),
		booking=bool(doc.exit_on_booking),
		decline=bool(doc.exit_on_decline),
		bounce=bool(doc.exit_on_bounce),
	)
