"""What a Reseller Customer begins with when it is made of a lead: RS-8."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html

from lead_inbox.conversion.making import reading
from lead_inbox.reseller.ties import beginning

PLACE = ("city", "state", "country")


def values(lead: str) -> dict[str, Any]:
	"""Return fields of Reseller Customer with what a lead says, its Contact and its Address.

	The caller has checked that the user may read the lead. Raises frappe.ValidationError for one that was
	merged away, frappe.DoesNotExistError for one that is gone.
	"""
	doc = frappe.get_doc("Lead", lead)
	_refuse_merged(doc)
	who = beginning.someone(doc.inbox_contact or reading.own_contact(doc, reading.contacts_of(lead)))
	where = beginning.place(next(iter(reading.addresses_of(lead)), None)) or {
		name: doc.get(name) for name in PLACE
	}
	country = where.get("country") or doc.country
	named = doc if doc.first_name or doc.last_name else who
	return beginning.filled(
		{
			**beginning.reach(
				[doc.email_id, *who.emails],
				[doc.phone, doc.mobile_no, doc.whatsapp_no, *who.numbers],
				doc.website,
				country,
			),
			**where,
			"country": country,
			"lead": lead,
			"customer": doc.inbox_customer,
			"contact": who.contact,
			"crm_id": doc.inbox_customer or lead,
			"organization_name": doc.company_name or beginning.told(doc.lead_name),
			"first_name": named.first_name,
			"last_name": named.last_name,
		}
	)


def _refuse_merged(lead: Any) -> None:
	if lead.inbox_merged_into:
		frappe.throw(
			_("{0} has been merged into {1}. Begin with that lead.").format(
				escape_html(lead.title or lead.name), lead.inbox_merged_into
			)
		)
