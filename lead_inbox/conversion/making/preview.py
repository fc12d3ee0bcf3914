"""What a conversion would do, told before it is done (CO-2). The plan is the one that converting carries out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion.making import filling, opportunities, planning, reading
from lead_inbox.conversion.making.parts import Plan, Record
from lead_inbox.conversion.mapping import mapping
from lead_inbox.conversion.matching import matching
from lead_inbox.conversion.rules import Choice, Pick
from lead_inbox.inbox.contact import masking


def preview(lead: str, choice: Choice) -> dict[str, Any]:
	"""Return what converting the lead as chosen would create, link, fill and leave behind.

	Writes nothing. problems: why it can't be done so; notices: what the user ought to know and may ignore.
	"""
	doc = frappe.get_doc("Lead", lead)
	plan = planning.plan(doc, choice, for_update=False)
	request = plan.request
	customer = choice.customer.name or None
	doctypes = [record.doc.doctype for record in _records(plan)]
	return {
		"lead": {
			"name": doc.name,
			"title": masking.name(doc.title),
			"converted": bool(doc.inbox_converted),
		},
		"may": {
			part: frappe.has_permission(doctype, ptype="create")
			for part, doctype in (
				("customer", "Customer"),
				("opportunity", opportunities.OPPORTUNITY),
				("quotation", opportunities.QUOTATION),
			)
		},
		"customers": [asdict(match) for match in matching.customers(lead)],
		"contacts": [asdict(match) for match in matching.contacts(lead, customer)],
		"opportunities": matching.opportunities(lead, customer),
		"choice": choice_as_json(choice),
		"created": _created(plan),
		"linked": _linked(plan),
		"filled": _filled(plan),
		"carried": reading.carried(lead),
		"left": [{"label": row["label"], "value": row["value"]} for row in mapping.leftovers(doc, doctypes)],
		"problems": [*request.forbidden, *request.problems, *request.missing],
		"notices": [*request.notices, *mapping.problems()],
	}


def choice_as_json(choice: Choice) -> dict[str, Any]:
	"""Return a choice as `parse_choice` reads it."""
	return {part: _pick(value) if isinstance(value, Pick) else value for part, value in vars(choice).items()}


def _pick(pick: Pick) -> dict[str, str]:
	return {"mode": pick.mode.value, "name": pick.name} if pick.name else {"mode": pick.mode.value}


def _records(plan: Plan) -> list[Record]:
	return [record for record in (plan.contact, plan.customer, plan.opportunity) if record]


def _created(plan: Plan) -> list[dict[str, Any]]:
	lead = plan.request.lead
	made = [
		{"doctype": record.doc.doctype, "label": _title(record), "fields": filling.described(record, lead)}
		for record in _records(plan)
		if record.is_new
	]
	if plan.request.choice.quotation and plan.customer:
		made.append(_quotation(masking.name(plan.customer.doc.customer_name)))
	return made


def _quotation(customer: str) -> dict[str, Any]:
	label = frappe.get_meta(opportunities.QUOTATION).get_label("customer_name")
	fields = [{"label": _(label), "value": customer}]
	return {"doctype": opportunities.QUOTATION, "label": customer, "fields": fields}


def _linked(plan: Plan) -> list[dict[str, str]]:
	used = [
		{"doctype": record.doc.doctype, "name": record.doc.name, "label": _title(record)}
		for record in _records(plan)
		if not record.is_new
	]
	others = [("Contact", name) for name in plan.contacts] + [("Address", name) for name in plan.addresses]
	return used + [
		{"doctype": doctype, "name": name, "label": masking.name(name)} for doctype, name in others
	]


def _filled(plan: Plan) -> list[dict[str, Any]]:
	return [
		{
			"doctype": record.doc.doctype,
			"name": record.doc.name,
			"label": _title(record),
			"fields": filling.described(record, plan.request.lead),
		}
		for record in _records(plan)
		if not record.is_new and record.values
	]


def _title(record: Record) -> str:
	doc = record.doc
	return masking.name(doc.get("full_name") or doc.get("customer_name") or doc.get("title") or doc.name)
