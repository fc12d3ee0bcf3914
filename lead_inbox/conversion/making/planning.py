"""What converting a lead as chosen comes to. The preview shows it, and nothing else is done by converting."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, format_datetime, get_fullname

from lead_inbox.conversion.making import contacts, customers, filling, opportunities, reading
from lead_inbox.conversion.making.parts import Plan, Record, Request
from lead_inbox.conversion.records import SETTINGS
from lead_inbox.conversion.rules import Choice, Mode, Pick

LEAD = "Lead"
QUALIFICATION = "qualification_status"


def default_choice() -> Choice:
	"""Return what is chosen for a user who chooses nothing: whether the site wants an Opportunity."""
	wanted = frappe.db.get_single_value(SETTINGS, "make_opportunity")
	wanted = True if wanted is None else cint(wanted)  # a site that had the settings before has no default
	return Choice(opportunity=Pick(Mode.NEW if wanted else Mode.NONE))


def plan(lead: Any, choice: Choice, *, for_update: bool) -> Plan:
	"""Return what is made, linked and filled, and in its request what stands in the way. Stores nothing.

	lead: the Lead document. for_update: existing records are locked, as they will be written.
	"""
	request = Request(lead, choice, for_update)
	_check_lead(request)
	request.owner = _owner(request)
	linked, addresses = reading.contacts_of(lead.name), reading.addresses_of(lead.name)
	own = reading.own_contact(lead, linked)
	customer = customers.plan(request, choice.customer, next(iter(addresses), None))
	contact = contacts.plan(request, choice.contact, own)
	if customer and contact:
		customers.set_primary_contact(customer, contact)
	opportunity = opportunities.plan(request, choice.opportunity, customer, contact) if customer else None
	if choice.quotation:
		_check_quotation(request)
	_check(request, (customer, contact, opportunity))
	others = [row.name for row in linked if row.name != own]
	return Plan(request, customer, contact, opportunity, others, addresses)


def already_converted(lead: Any) -> str:
	"""Return the sentence for a lead that is converted: to what, by whom and when.

	lead: its title, inbox_customer, inbox_converted_by and inbox_converted_on.
	"""
	found = frappe.db.get_value("Customer", {"name": lead.inbox_customer}, "customer_name")
	customer = (
		found or lead.inbox_customer
	)  # made while this request waited for the lead, it is not seen here
	if not lead.inbox_converted_by:
		return _("{0} is converted already: to the customer {1}.").format(lead.title, customer)
	return _("{0} is converted already: to the customer {1}, by {2} on {3}.").format(
		lead.title,
		customer,
		get_fullname(lead.inbox_converted_by),
		format_datetime(lead.inbox_converted_on),
	)


def _check_lead(request: Request) -> None:
	lead = request.lead
	filling.forbids(request, LEAD, "write", lead)
	if lead.inbox_converted:
		request.problems.append(already_converted(lead))
	if lead.inbox_merged_into:
		request.problems.append(
			_("{0} has been merged into {1}. Convert that lead.").format(lead.title, lead.inbox_merged_into)
		)
	if lead.status == "Do Not Contact":
		request.notices.append(_("{0} does not want to be contacted.").format(lead.title))
	if lead.inbox_status == "Declined":
		request.notices.append(_("{0} has been declined.").format(lead.title))
	options = (lead.meta.get_field(QUALIFICATION).options or "").split("\n")
	if request.choice.qualification and request.choice.qualification not in options:
		request.problems.append(
			_("{0} is no Qualification Status. Choose one of these: {1}.").format(
				request.choice.qualification, ", ".join(filter(None, map(_, options)))
			)
		)


def _owner(request: Request) -> str | None:
	"""Return the user who is to have the records: the chosen one, else whoever has the lead."""
	lead, chosen = request.lead, request.choice.owner
	users = [chosen] if chosen else list(filter(None, (lead.inbox_assignee, lead.lead_owner)))
	enabled = frappe.get_all(
		"User", filters={"name": ["in", users], "enabled": 1}, pluck="name", order_by="name asc"
	)
	if users and not enabled:
		request.problems.append(
			_("The user {0} is disabled, or there is none. Choose another owner.").format(users[0])
		)
	return next((user for user in users if user in enabled), None)


def _check_quotation(request: Request) -> None:
	filling.forbids(request, opportunities.QUOTATION, "create")
	if not (request.lead.company or frappe.defaults.get_user_default("Company")):
		request.problems.append(_("Choose the Company on the lead before you make a Quotation."))


def _check(request: Request, records: Iterable[Record | None]) -> None:
	for record in filter(None, records):
		filling.check(request, record, opportunities.LATER)
