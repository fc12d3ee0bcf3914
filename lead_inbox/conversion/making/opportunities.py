"""The Opportunity and the Quotation of a conversion.

What is made here belongs to the Customer. An open Opportunity of the lead's own that the user attaches goes
over to the Customer too: ERPNext finds the Customer of a lead by the Customer's one lead_name, so an order
made of a deal that stayed with the lead would make a second Customer whenever the lead was converted to one
that had come from another lead. Undoing gives it back to the lead.
"""

from __future__ import annotations

from typing import Any

import frappe
from erpnext.crm.doctype.lead.lead import make_opportunity
from erpnext.crm.doctype.lead.lead import make_quotation as quotation_of_lead
from erpnext.crm.doctype.opportunity.opportunity import make_quotation as quotation_of_opportunity
from erpnext.selling.doctype.customer.customer import make_quotation as quotation_of_customer
from frappe import _

from lead_inbox.conversion.ledger import Ledger
from lead_inbox.conversion.making import filling
from lead_inbox.conversion.making.parts import Record, Request
from lead_inbox.conversion.rules import Mode, Pick

OPPORTUNITY = "Opportunity"
QUOTATION = "Quotation"
DEALS = (OPPORTUNITY, QUOTATION)
PARTY = {OPPORTUNITY: "opportunity_from", QUOTATION: "quotation_to"}
OVER = ("Lost", "Closed", "Converted")
CONTACT_FIELDS = ("contact_person", "contact_display", "contact_email", "contact_mobile")
LATER = ("party_name",)
NAMED = ("customer_name", "opportunity_owner", "inbox_lead")


def plan(request: Request, pick: Pick, customer: Record, contact: Record | None) -> Record | None:
	"""Return the Opportunity of the lead; None when none is wanted. Nothing is stored."""
	if pick.mode is Mode.NONE or filling.forbids(request, OPPORTUNITY, "create"):
		return None
	draft = _draft(request, customer, contact)
	named = {field: draft.get(field) for field in (*NAMED, *CONTACT_FIELDS) if draft.get(field)}
	values = named | filling.carried(request.lead, draft)
	if pick.mode is Mode.NEW:
		return Record(draft, values)
	opportunity = filling.stored(request, OPPORTUNITY, pick.name)
	if not opportunity or _is_unfit(request, opportunity, customer):
		return None
	record = Record(opportunity, {}, moves=opportunity.opportunity_from == "Lead")
	filling.fill(record, request.lead, values)
	return record


def store(opportunity: Record, customer: str, contact: Record | None, ledger: Ledger) -> str:
	"""Write the Opportunity, for a Customer and a Contact that are stored, and return its name."""
	doc, lead = opportunity.doc, opportunity.doc.party_name
	if opportunity.is_new or opportunity.moves:
		doc.update({"opportunity_from": "Customer", "party_name": customer})
	if contact and "contact_person" in opportunity.values:
		filled = _contact_values(contact.doc)
		doc.update(filled)
		opportunity.values.update(filled)
	name = filling.store(opportunity, ledger)
	if opportunity.moves:
		ledger.moved(
			OPPORTUNITY, [name], field="party_name", before=["Lead", lead], after=["Customer", customer]
		)
	return name


def store_quotation(
	lead: str, customer: str, contact: Record, address: str | None, opportunity: str, ledger: Ledger
) -> str:
	"""Make a draft of a Quotation, with the items of the Opportunity if there are any, and return its name."""
	quotation = quotation_of_customer(customer, quotation_of_lead(lead))
	if opportunity:
		quotation = quotation_of_opportunity(opportunity, quotation)
	quotation.update({"quotation_to": "Customer", "party_name": customer, "inbox_lead": lead})
	quotation.update({"customer_address": address, **dict.fromkeys(CONTACT_FIELDS)})
	quotation.update(_contact_values(contact.doc))
	if not quotation.items:
		_allow_no_items(quotation)
	quotation.insert()
	ledger.created(QUOTATION, quotation.name)
	return quotation.name


def _allow_no_items(quotation: Any) -> None:
	"""The first item is what the user adds next. ERPNext sums up nothing without one, and then misses the sums."""
	quotation.flags.ignore_mandatory = True
	for field in quotation.meta.get("fields", {"fieldtype": "Currency"}):
		quotation.set(field.fieldname, quotation.get(field.fieldname) or 0)


def note_lead(doctype: str, lead: str, ledger: Ledger) -> str:
	"""Let a lead's Opportunities, or Quotations, name it; return the latest one, empty where there is none."""
	deals = frappe.get_all(
		doctype,
		filters={PARTY[doctype]: "Lead", "party_name": lead, "docstatus": ["!=", 2]},
		fields=["name", "inbox_lead"],
		order_by="creation desc",
	)
	unnamed = [row.name for row in deals if not row.inbox_lead]
	if unnamed:
		frappe.db.set_value(doctype, {"name": ["in", unnamed]}, "inbox_lead", lead)
	for name in unnamed:
		ledger.filled(doctype, name, {"inbox_lead": lead})
	return deals[0].name if deals else ""


def _draft(request: Request, customer: Record, contact: Record | None) -> Any:
	"""ERPNext's own Opportunity of the lead, pointed to the Customer as far as that is there."""
	lead = request.lead
	draft = make_opportunity(lead.name)
	draft.update(
		{
			"opportunity_from": "Customer",
			"party_name": None,
			"customer_name": customer.doc.customer_name,
			"opportunity_owner": request.owner,
			"inbox_lead": lead.name,
			"whatsapp": draft.whatsapp or lead.whatsapp_no,
			"notes": [],  # they stay the lead's and are shown from there
			**dict.fromkeys(CONTACT_FIELDS),
		}
	)
	filling.drop_gone_links(request, draft)
	if contact:
		draft.update(_contact_values(contact.doc))
	return draft


def _contact_values(contact: Any) -> dict[str, str]:
	"""Return how an Opportunity names a Contact: before that is stored, by its title."""
	values = (contact.name or contact.full_name, contact.full_name, contact.email_id, contact.mobile_no)
	return {field: value for field, value in zip(CONTACT_FIELDS, values, strict=True) if value}


def _is_unfit(request: Request, opportunity: Any, customer: Record) -> bool:
	"""Whether an existing Opportunity can't be the lead's; then the request holds the words."""
	title = opportunity.title or opportunity.name
	party = (opportunity.opportunity_from, opportunity.party_name)
	if opportunity.status in OVER:
		words = _("Opportunity {0} is {1}. Open it again, or choose another one.")
		request.problems.append(words.format(title, _(opportunity.status)))
	elif party not in (("Customer", customer.doc.name), ("Lead", request.lead.name)):
		words = _("Opportunity {0} belongs to {1} {2}. Choose one of the customer's or of the lead's.")
		request.problems.append(words.format(title, _(party[0]), party[1]))
	else:
		return False
	return True
