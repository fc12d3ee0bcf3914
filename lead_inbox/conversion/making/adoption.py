"""Taking in the leads that a site converted before conversions were kept."""

from __future__ import annotations

import frappe

from lead_inbox.custom_fields import STAGES


def adopt_conversions() -> None:
	"""Let leads whose Customer exists say so, and records that came from a lead name it.

	Set-based: a site may have a million of them. Of several Customers of one lead the first counts. There is
	no Lead Conversion of them, so nothing is undone: nobody wrote down what was done.
	"""
	frappe.db.sql(
		"""
		update `tabLead` lead
		join (
			select lead_name, name,
				row_number() over (partition by lead_name order by creation, name) as place
			from `tabCustomer` where lead_name is not null and lead_name != ''
		) customer on customer.lead_name = lead.name and customer.place = 1
		left join (
			select lead, max(transition_on) as closed_on from `tabLead Transition`
			where to_status = 'Closed' and reason = 'Converted' group by lead
		) transition on transition.lead = lead.name
		set lead.inbox_converted = 1,
			lead.inbox_customer = customer.name,
			lead.inbox_converted_on = coalesce(transition.closed_on, lead.modified),
			lead.inbox_stage = %(customer)s
		where lead.inbox_converted = 0
		""",
		{"customer": STAGES[-1]},
	)
	frappe.db.sql(
		"update `tabLead` set inbox_stage = %(lead)s where inbox_stage is null or inbox_stage = ''",
		{"lead": STAGES[0]},
	)
	_name_leads()


def _name_leads() -> None:
	"""Links lead both ways."""
	for doctype, party in (("Opportunity", "opportunity_from"), ("Quotation", "quotation_to")):
		frappe.db.sql(
			f"""
			update `tab{doctype}` set inbox_lead = party_name
			where {party} = 'Lead' and (inbox_lead is null or inbox_lead = '')
			"""
		)
	frappe.db.sql(
		"""
		update `tabContact` contact
		join `tabDynamic Link` link on link.parent = contact.name and link.parenttype = 'Contact'
			and link.link_doctype = 'Lead'
		join `tabLead` lead on lead.name = link.link_name and lead.inbox_converted = 1
		set contact.inbox_lead = lead.name
		where contact.inbox_lead is null or contact.inbox_lead = ''
		"""
	)
