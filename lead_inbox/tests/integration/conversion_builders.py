"""What the tests of conversion need on a site, in the words of a user."""

from __future__ import annotations

import json
from typing import Any

import frappe

from lead_inbox.conversion.making import converting
from lead_inbox.conversion.making.converting import Converted
from lead_inbox.conversion.rules import parse_choice
from lead_inbox.tests.integration.builders import make_lead

COMPANY = "Lead Inbox Demo"


def make_business_lead(**values: Any) -> Any:
	"""A lead of a company, with what the desk's form asks for."""
	return make_lead(
		**{
			"first_name": "Naree",
			"last_name": "Phan",
			"company_name": "Phan Plumbing",
			"job_title": "Owner",
			"email_id": "naree@phan.example",
			"phone": "+14155550123",
			"mobile_no": "+14155550124",
			"website": "https://phan.example",
			"city": "Oakland",
			"country": "United States",
			"territory": "United States",
			"company": COMPANY,
			**values,
		}
	)


def make_customer(name: str = "Phan Plumbing", **values: Any) -> Any:
	return frappe.get_doc(
		**{"doctype": "Customer", "customer_name": name, "customer_type": "Company", **values}
	).insert()


def make_contact(customer: str, first_name: str = "Naree", **values: Any) -> Any:
	"""A Contact of a Customer."""
	links = [{"link_doctype": "Customer", "link_name": customer}]
	return frappe.get_doc(
		**{"doctype": "Contact", "first_name": first_name, "links": links, **values}
	).insert()


def make_address(link_doctype: str, link_name: str) -> Any:
	return frappe.get_doc(
		doctype="Address",
		address_title="Workshop",
		address_line1="1 Pipe Street",
		city="Oakland",
		country="United States",
		links=[{"link_doctype": link_doctype, "link_name": link_name}],
	).insert()


def make_opportunity(party: Any, **values: Any) -> Any:
	"""An Opportunity of a Lead's or a Customer's document."""
	return frappe.get_doc(
		**{
			"doctype": "Opportunity",
			"opportunity_from": party.doctype,
			"party_name": party.name,
			"company": COMPANY,
			**values,
		}
	).insert()


def make_item(code: str = "Boiler Service") -> str:
	"""A service that can be sold."""
	item = frappe.get_doc(
		doctype="Item", item_code=code, item_group="Services", stock_uom="Nos", is_stock_item=0
	)
	return item.insert().name


def existing(name: str) -> dict[str, str]:
	return {"mode": "existing", "name": name}


NEW = {"mode": "new"}
NONE = {"mode": "none"}


def convert(lead: str, **choice: Any) -> Converted:
	"""Convert a lead: convert(lead, customer=existing("CUST-1"), opportunity=NONE, quotation=True)."""
	return converting.convert(lead, parse_choice(choice))


def entries_of(conversion: str, action: str | None = None) -> list[tuple[str, str, str]]:
	"""What a conversion did: document type, name and field, of one kind of action if it is given."""
	rows = frappe.get_all(
		"Lead Conversion Entry",
		filters={"parent": conversion, **({"action": action} if action else {})},
		fields=["document_type", "document_name", "field"],
		order_by="idx asc",
	)
	return [(row.document_type, row.document_name, row.field or "") for row in rows]


def changes_of_lead(conversion: str) -> dict[str, list[Any]]:
	"""field → [before, after]."""
	return json.loads(frappe.db.get_value("Lead Conversion", conversion, "lead_changes"))


def linked_with(doctype: str, name: str) -> set[tuple[str, str]]:
	"""What a Contact or an Address is linked with."""
	rows = frappe.get_all(
		"Dynamic Link",
		filters={"parenttype": doctype, "parent": name},
		fields=["link_doctype", "link_name"],
		order_by="idx asc",
	)
	return {(row.link_doctype, row.link_name) for row in rows}
