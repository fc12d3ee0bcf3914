"""The way back to ERPNext: the Customer, Contact and Address of a Reseller Customer, made or linked (RS-8, CO-3).

The lead of one that is open becomes a Customer by its conversion, so that nobody is made twice. Who ties two at
once waits for the Reseller Customer's row, and finds the Customer there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import get_address_display
from frappe.utils import escape_html

from lead_inbox.conversion.ledger import Ledger
from lead_inbox.conversion.making import contacts, converting, filling, reading
from lead_inbox.conversion.making.customers import default_of
from lead_inbox.conversion.rules import Choice, Mode, Pick
from lead_inbox.inbox import identity
from lead_inbox.reseller import customers
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import Status
from lead_inbox.reseller.ties import likeness, people, places, presence, tie_rules
from lead_inbox.reseller.ties.tie_rules import TieChoice

CUSTOMER = "Customer"


@dataclass(frozen=True)
class Tied:
	"""Names of records; contact and address are empty where there was too little to make them of."""

	customer: str
	contact: str
	address: str


def matches(name: str, customer: str | None = None) -> dict[str, Any]:
	"""Return what a Reseller Customer may be already, for the user to choose from.

	lead: the open one whose conversion makes the Customer, None without one. became: the Customer that its lead
	is already, so that no new one is made; None without one. tied: customer, contact and address that it has.
	customers, contacts, addresses: {name, label, reasons, details}, best first; only what the user may read.
	same_contact: the one of contacts that is taken when none is chosen, None for another or a new one.
	customer: an existing Customer, whose Contacts and Addresses are looked at too. The caller has checked that
	the user may read the Reseller Customer.
	"""
	doc = frappe.get_doc(RESELLER_CUSTOMER, name)
	if doc.lead:
		_follow_merge(doc, identity.winner_of(doc.lead))
	became = None if doc.customer else _became(doc)
	chosen = customer or doc.customer or became
	contacts_found = likeness.contacts(doc, chosen)
	same = None if doc.contact else likeness.same_contact(doc, chosen)
	return {
		"lead": _open_lead(doc),
		"became": became,
		"tied": {part: doc.get(part) for part in ("customer", "contact", "address")},
		"customers": [asdict(match) for match in likeness.customers(doc, became)],
		"contacts": [asdict(match) for match in contacts_found],
		"same_contact": same if same in [match.name for match in contacts_found] else None,
		"addresses": [asdict(match) for match in places.matches(doc, chosen)],
	}


def tie(name: str, choice: TieChoice) -> Tied:
	"""Make or link Customer, Contact and Address as chosen, in the caller's transaction.

	The caller has checked that the user may write the Reseller Customer. One that has its Customer keeps it;
	one whose lead is a Customer already gets that one, unless another one is chosen.
	Raises ResellerRefused, ConversionRefused and frappe.PermissionError with words for the user, and what
	ERPNext raises while it saves.
	"""
	doc = _hold(name)
	_refuse_other_customer(doc, choice.customer)
	if not doc.customer and _open_lead(doc):
		choice = _convert_lead(doc, choice)
		doc = _hold(name)  # it follows its lead
	customer = _customer(doc, choice.customer)
	contact = people.tie(doc, choice.contact, customer.name)
	address = places.tie(doc, choice.address, customer.name)
	_link(customer, contact, address)
	_note(doc, Tied(customer.name, contact or "", address or ""))
	return Tied(customer.name, contact or "", address or "")


def _hold(name: str) -> Any:
	"""Return a Reseller Customer, held after its lead: whatever a lead does to its followers locks in this order."""
	lead = frappe.db.get_value(RESELLER_CUSTOMER, name, "lead")
	if lead:
		identity.hold(lead)
	doc = customers.hold(name)
	if doc.lead:
		_follow_merge(doc, identity.hold(doc.lead))
	return doc


def _follow_merge(doc: Any, winner: str) -> None:
	"""Let it name the lead as which its own goes on: on the form one can be chosen that was merged away before."""
	if winner != doc.lead:
		doc.crm_id = tie_rules.crm_id(doc.crm_id, doc.lead, winner, Status(doc.status))
		doc.lead = winner


def _open_lead(doc: Any) -> str | None:
	"""Return the lead if it can still become the Customer."""
	state = ["inbox_converted", "inbox_merged_into"]
	lead = frappe.db.get_value("Lead", doc.lead, state, as_dict=True) if doc.lead else None
	return doc.lead if lead and not (lead.inbox_converted or lead.inbox_merged_into) else None


def _became(doc: Any) -> str | None:
	"""Return the Customer that the lead is already."""
	return frappe.db.get_value("Lead", doc.lead, "inbox_customer") or None if doc.lead else None


def _refuse_other_customer(doc: Any, pick: Pick) -> None:
	if doc.customer and pick.mode is Mode.EXISTING and pick.name != doc.customer:
		refuse(
			_(
				"{0} is the customer {1} already. Empty the field Customer first to choose another one."
			).format(escape_html(doc.title or doc.name), escape_html(doc.customer))
		)


def _convert_lead(doc: Any, choice: TieChoice) -> TieChoice:
	"""Convert the lead as chosen, and return the choice with the Customer that it has become."""
	_tell_lead_its_company(doc)
	converted = converting.convert(
		doc.lead,
		Choice(
			customer=choice.customer,
			contact=_contact_of_conversion(doc, choice),
			opportunity=Pick(Mode.NONE),
		),
	)
	return replace(choice, customer=Pick(Mode.EXISTING, converted.customer))


def _tell_lead_its_company(doc: Any) -> None:
	"""Without a company ERPNext would make a private person of the lead."""
	lead = frappe.get_doc("Lead", doc.lead, for_update=True)
	if not lead.company_name and doc.organization_name and lead.has_permission("write"):
		lead.company_name = doc.organization_name
		lead.flags.lead_inbox_conversion = True  # so that nobody outside is asked while all writers wait
		lead.save()


def _contact_of_conversion(doc: Any, choice: TieChoice) -> Pick:
	"""A conversion always has a Contact: the lead's own, unless the user or the Reseller Customer names another,
	or the chosen Customer has one with an address of the person: then nobody appears twice."""
	if choice.contact.mode is Mode.EXISTING:
		return choice.contact
	is_named = presence.is_there("Contact", doc.contact)
	present = doc.contact if is_named else likeness.same_contact(doc, choice.customer.name)
	of_lead = [row.name for row in reading.contacts_of(doc.lead)]
	return Pick(Mode.EXISTING, present) if present and present not in of_lead else Pick(Mode.OWN)


def _customer(doc: Any, pick: Pick) -> Any:
	name = doc.customer or pick.name or _became(doc)
	if not name:
		return _make_customer(doc)
	if not presence.is_there(CUSTOMER, name):
		refuse(_("Customer {0} does not exist any more. Choose another one.").format(escape_html(name)))
	customer = frappe.get_doc(CUSTOMER, name, for_update=True)
	customer.check_permission("read")
	if customer.disabled:
		refuse(
			_("Customer {0} is disabled. Enable it, or choose another one.").format(
				escape_html(customer.customer_name)
			)
		)
	return customer


def _make_customer(doc: Any) -> Any:
	if not doc.organization_name:
		refuse(_("Enter the name of the organization first: it is what the customer will be called."))
	customer = frappe.get_doc(
		doctype=CUSTOMER,
		customer_name=doc.organization_name,
		customer_type="Company",
		**{field: default_of(field) for field in filling.DEFAULTS_PLACE},
	)
	try:
		return customer.insert()
	except frappe.MandatoryError:
		refuse(_("More is needed for a customer than is known here. Make it by hand, then choose it here."))


def _link(customer: Any, contact: str | None, address: str | None) -> None:
	"""Link the Customer with its Contact and Address, and make them its main ones where it has none."""
	parents = {
		doctype: [name]
		for doctype, name in (("Contact", contact), ("Address", address))
		if name and not presence.is_linked(doctype, name, customer.name)
	}
	contacts.link(customer.name, customer.customer_name, parents, Ledger())
	main: dict[str, str] = {}
	if contact and not customer.customer_primary_contact:
		main["customer_primary_contact"] = contact
	if address and not customer.customer_primary_address:
		main |= {"customer_primary_address": address, "primary_address": get_address_display(address)}
	if main and customer.has_permission("write"):
		customer.update(main)
		customer.save()


def _note(doc: Any, tied: Tied) -> None:
	"""Nothing is saved where all is noted already: what somebody has just made is not in our snapshot, and
	Frappe would not find it."""
	values = {part: name for part, name in asdict(tied).items() if name and name != doc.get(part)}
	if values:
		crm_id = tie_rules.crm_id(doc.crm_id, doc.lead, tied.customer, Status(doc.status))
		doc.update({**values, "crm_id": crm_id})
		customers.settle(doc)
