"""What leads cost and what the customers that they became have bought, in one currency.

Cost is net: the prices of charged leads without what their sources gave back, also of leads that were merged
away since. Revenue is net of taxes, of submitted documents with returns taken off, from the day of the
conversion to this day. A sale counts for the lead of its customer that was converted last before it.
"""

from __future__ import annotations

import frappe

from lead_inbox.conversion.rates.counting import CONVERTED, NOT_MERGED, Groups
from lead_inbox.conversion.rates.rate_rules import plus
from lead_inbox.conversion.rates.windows import TIMES, CountBy, Window, chosen_leads, group_key
from lead_inbox.inbox.charges.spending import CHARGES, DISPUTED
from lead_inbox.permissions import readable

# What tells of a sale, with its date. Sales users read orders, not invoices.
SALES = {"Sales Invoice": "posting_date", "Sales Order": "transaction_date"}


def default_currency() -> str:
	"""Return the currency of amounts that have none of their own."""
	return frappe.db.get_default("currency") or ""


def add_charges(groups: Groups, window: Window, currency: str) -> set[str]:
	"""Add the net prices of the leads that arrived in the window; return the other currencies that there were."""
	arrived = TIMES[CountBy.ARRIVAL]
	values = {**window.values, "default_currency": default_currency()}
	others = set()
	for part in (CHARGES, DISPUTED):
		rows = frappe.db.sql(
			f"""
			select {group_key(window, arrived)} as label,
				coalesce(nullif(`tabLead`.inbox_price_currency, ''), %(default_currency)s) as currency,
				{part["sums"]}
			from {part["source"]} where {chosen_leads(window, arrived)}
			group by label, currency
			""",
			values,
			as_dict=True,
		)
		for row in rows:
			net = float(row.get("spend") or 0) - float(row.get("credits") or 0)
			if row.currency != currency:
				others |= {row.currency} if net else set()
			elif row.get("charged") or net:
				groups[row.label].cost = plus(groups[row.label].cost, net)
	return others


def add_revenue(groups: Groups, window: Window, count_by: CountBy, doctype: str, currency: str) -> bool:
	"""Add what the customers bought of companies that keep their books in the currency.

	doctype: a key of SALES. Returns False, and adds nothing, for a user who may not read it.
	"""
	visible = readable(doctype)
	if visible is None:
		return False
	companies = frappe.get_all("Company", {"default_currency": currency}, pluck="name", order_by="name asc")
	values = {**window.values, "companies": companies or [""]}
	for figures in groups.values():
		figures.revenue = 0.0
	for label, revenue in frappe.db.sql(_revenue(window, count_by, doctype, visible), values):
		groups[label].revenue = float(revenue or 0)
	return True


def _revenue(window: Window, count_by: CountBy, doctype: str, visible: str) -> str:
	time, sale = TIMES[count_by], f"`tab{doctype}`"
	sold_on = f"{sale}.{SALES[doctype]}"
	return f"""
		select {group_key(window, time)} as label, sum({sale}.base_net_total)
		from `tabLead` join {sale} on {sale}.customer = `tabLead`.inbox_customer and {sale}.docstatus = 1
			and {sold_on} >= date(`tabLead`.inbox_converted_on) and {sale}.company in %(companies)s
		where {chosen_leads(window, time)} and {NOT_MERGED} and {CONVERTED}
			and not exists (
				select 1 from `tabLead` later
				where later.inbox_customer = `tabLead`.inbox_customer and later.inbox_converted = 1
					and date(later.inbox_converted_on) <= {sold_on}
					and (later.inbox_converted_on > `tabLead`.inbox_converted_on
						or (later.inbox_converted_on = `tabLead`.inbox_converted_on and later.name > `tabLead`.name))
			)
			{f"and ({visible.replace('%', '%%')})" if visible else ""}
		group by label
	"""
