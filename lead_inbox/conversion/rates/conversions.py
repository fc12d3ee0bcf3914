"""Leads that were converted, each with what became of it."""

from __future__ import annotations

import frappe

from lead_inbox.conversion.rates.counting import CONVERTED, NOT_MERGED
from lead_inbox.conversion.rates.windows import TIMES, CountBy, Group, Window, chosen_leads, lead_columns


def converted_leads(window: Window) -> list[frappe._dict]:
	"""Return the conversions of the window's days, newest first, of leads that the session's user may see.

	Raises PermissionError for a user who may see no lead.
	"""
	time, columns = TIMES[CountBy.CONVERSION], lead_columns()
	return frappe.db.sql(
		f"""
		select `tabLead`.name as `lead`, `tabLead`.lead_name, `tabLead`.company_name,
			nullif({columns[Group.SOURCE]}, '') as source, nullif({columns[Group.CAMPAIGN]}, '') as campaign,
			nullif({columns[Group.CHANNEL]}, '') as channel, nullif({columns[Group.OWNER]}, '') as lead_owner,
			`tabLead`.inbox_arrived_on as arrived_on, {time} as converted_on,
			`tabLead`.inbox_converted_by as converted_by,
			greatest(0, timestampdiff(second, `tabLead`.inbox_arrived_on, {time})) as time_to_convert,
			`tabLead`.inbox_customer as customer, `tabLead`.inbox_contact as contact,
			`tabLead`.inbox_opportunity as opportunity, `tabLead`.inbox_quotation as quotation
		from `tabLead` where {chosen_leads(window, time)} and {NOT_MERGED} and {CONVERTED}
		order by {time} desc, `tabLead`.name desc
		""",
		window.values,
		as_dict=True,
	)
