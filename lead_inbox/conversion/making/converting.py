"""Making a lead a customer: one transaction, and what it did is written down (CO-2).

An error undoes all of it: the caller rolls back. Who works on the lead meanwhile waits for its row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.conversion.carrying import carrying
from lead_inbox.conversion.carrying.carrying import Targets
from lead_inbox.conversion.ledger import Ledger
from lead_inbox.conversion.making import contacts, customers, filling, opportunities, planning, reading
from lead_inbox.conversion.making.filling import ConversionRefused
from lead_inbox.conversion.making.parts import Plan
from lead_inbox.conversion.making.planning import LEAD, QUALIFICATION
from lead_inbox.conversion.records import CONVERSION, Status
from lead_inbox.conversion.rules import Choice, Origin
from lead_inbox.custom_fields import STATE_FIELDS
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening

CHANGED_FIELDS = ("status", QUALIFICATION, *STATE_FIELDS)


class AlreadyConverted(ConversionRefused):
	"""Somebody has converted the lead before; the words name the Customer, who and when."""


@dataclass(frozen=True)
class Converted:
	"""The names of what a conversion made or used; empty where there is none."""

	conversion: str
	customer: str
	contact: str = ""
	opportunity: str = ""
	quotation: str = ""


def convert(
	lead: str,
	choice: Choice,
	*,
	origin: Origin = Origin.CONVERT,
	bulk_conversion: str | None = None,
) -> Converted:
	"""Make the lead a customer as chosen and return what came of it.

	Raises AlreadyConverted, ConversionRefused, frappe.PermissionError and frappe.DoesNotExistError, and what
	ERPNext raises while it saves, each with words that the user can act on.
	"""
	doc = _held_document(lead)
	before = frappe._dict((field, doc.get(field)) for field in ("name", "title", *CHANGED_FIELDS))
	if doc.inbox_converted:
		frappe.throw(planning.already_converted(doc), AlreadyConverted, title=_("Not Possible Now"))
	plan = planning.plan(doc, choice, for_update=True)
	_refuse(plan)
	ledger = Ledger()
	targets = _store(plan, ledger)
	if choice.qualification:
		frappe.db.set_value(LEAD, lead, QUALIFICATION, choice.qualification)
	return _conclude(before, targets, ledger, origin, next(iter(plan.addresses), None), bulk_conversion)


def adopt_customer(customer: Any) -> None:
	"""Convert the lead of a Customer that somebody made outside of the dialog, by ERPNext's own Make.

	customer: its document, while it is saved. Nothing is made; what the lead has is linked. Nobody's rights
	are asked for: the Customer is there, and the lead follows. A lead that was merged away only closes.
	"""
	before = _hold(customer.lead_name)
	if before.inbox_converted:
		return
	if before.inbox_merged_into:
		lifecycle.apply(before.name, Happening.CONVERTED)
		return
	ledger = Ledger()
	ledger.filled("Customer", customer.name, {"lead_name": before.name})
	targets, address = _link_what_is_there(before.name, customer, ledger)
	_conclude(before, targets, ledger, Origin.ERPNEXT, address, None)


def _held_document(lead: str) -> Any:
	"""Lock the lead until the transaction ends and return it as it is now."""
	try:
		return frappe.get_doc(LEAD, lead, for_update=True)
	except frappe.DoesNotExistError:
		frappe.clear_last_message()
		_throw_gone(lead)


def _hold(lead: str) -> frappe._dict:
	"""Lock the lead until the transaction ends and return what of it a conversion changes."""
	fields = ["name", "title", *CHANGED_FIELDS]
	return frappe.db.get_value(LEAD, lead, fields, as_dict=True, for_update=True) or _throw_gone(lead)


def _throw_gone(lead: str) -> NoReturn:
	frappe.throw(_("Lead {0} does not exist any more.").format(lead), frappe.DoesNotExistError)


def _refuse(plan: Plan) -> None:
	"""Raise what stands in the way. A mandatory field may still be filled while its record is saved."""
	request = plan.request
	for words, error in ((request.forbidden, frappe.PermissionError), (request.problems, ConversionRefused)):
		if words:
			frappe.throw(" ".join(words), error, title=_("Not Possible Now"))


def _store(plan: Plan, ledger: Ledger) -> Targets:
	"""Write the plan. The Contact comes first, as the Customer and the Opportunity name it."""
	choice, lead = plan.request.choice, plan.request.lead
	contact = contacts.store(plan.contact, ledger)
	customers.set_primary_contact(plan.customer, plan.contact)
	customer = filling.store(plan.customer, ledger)
	contacts.link(
		customer,
		plan.customer.doc.customer_name,
		{"Contact": [contact, *plan.contacts], "Address": plan.addresses},
		ledger,
	)
	opportunity = quotation = ""
	if plan.opportunity:
		opportunity = opportunities.store(plan.opportunity, customer, plan.contact, ledger)
	if choice.quotation:
		address = next(iter(plan.addresses), None)
		quotation = opportunities.store_quotation(
			lead.name, customer, plan.contact, address, opportunity, ledger
		)
	return Targets(customer, contact, opportunity, quotation)


def _link_what_is_there(lead: str, customer: Any, ledger: Ledger) -> tuple[Targets, str | None]:
	"""Link a lead's people, places and deals with a Customer that ERPNext made of it."""
	people, addresses = reading.contacts_of(lead), reading.addresses_of(lead)
	contact = reading.own_contact(frappe.get_doc(LEAD, lead), people)
	parents = {"Contact": [row.name for row in people], "Address": addresses}
	contacts.link(customer.name, customer.customer_name, parents, ledger)
	contacts.note_lead(contact, lead, ledger)
	opportunity, quotation = (
		opportunities.note_lead(doctype, lead, ledger) for doctype in opportunities.DEALS
	)
	targets = Targets(customer.name, contact or "", opportunity, quotation)
	return targets, next(iter(addresses), None)


def _conclude(
	before: frappe._dict,
	targets: Targets,
	ledger: Ledger,
	origin: Origin,
	address: str | None,
	bulk_conversion: str | None,
) -> Converted:
	"""Carry over what hangs on the lead, close it, and write down what was done."""
	lead, now = before.name, now_datetime()
	carrying.carry_over(lead, targets, ledger, now)
	made = {
		"customer": targets.customer,
		"contact": targets.contact or None,
		"opportunity": targets.opportunity or None,
		"quotation": targets.quotation or None,
	}
	lifecycle.note_conversion(
		lead,
		{
			"inbox_converted_on": now,
			"inbox_converted_by": frappe.session.user,
			**{f"inbox_{part}": name for part, name in made.items()},
		},
	)
	conversion = frappe.get_doc(
		doctype=CONVERSION,
		lead=lead,
		status=Status.CONVERTED.value,
		origin=origin.value,
		converted_on=now,
		converted_by=frappe.session.user,
		address=address,
		bulk_conversion=bulk_conversion,
		in_force_key=lead,
		entries=ledger.seal(),
		lead_changes=json.dumps(_changes(before)),
		**made,
	)
	conversion.flags.ignore_links = True  # all of it has just been written, or read under a lock
	conversion.insert(ignore_permissions=True)  # what was done, for whoever may convert
	return Converted(conversion.name, **{part: name or "" for part, name in made.items()})


def _changes(before: frappe._dict) -> dict[str, list[Any]]:
	"""Return what the conversion changed about the lead itself: field → [before, after], as JSON can hold it."""
	after = frappe.db.get_value(LEAD, before.name, CHANGED_FIELDS, as_dict=True)
	plain = [{f: _plain(row[f]) for f in CHANGED_FIELDS} for row in (before, after)]
	return {f: [plain[0][f], plain[1][f]] for f in CHANGED_FIELDS if plain[0][f] != plain[1][f]}


def _plain(value: Any) -> Any:
	return str(value) if isinstance(value, datetime) else value
