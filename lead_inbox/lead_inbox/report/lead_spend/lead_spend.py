"""What leads cost, what came back, and what each kind of success cost: requirement IN-10."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_months, getdate, nowdate

from lead_inbox.inbox.charges.spend_rules import Spend, group
from lead_inbox.inbox.charges.spending import CHARGES, DISPUTED
from lead_inbox.permissions import lead_conditions

CHANNEL, MONTH, BOTH = "Channel", "Month", "Channel and Month"
GROUPINGS = (CHANNEL, MONTH, BOTH)

# By the leads' month of arrival.
QUERY = """
	select coalesce(`tabLead`.inbox_channel, '') as channel,
		date_format(`tabLead`.inbox_arrived_on, '%%Y-%%m') as month,
		coalesce(`tabLead`.inbox_price_currency, '') as currency,
		{sums}
	from {source}
	where `tabLead`.inbox_arrived_on >= %(from)s and `tabLead`.inbox_arrived_on < %(until)s {conditions}
	group by channel, month, currency
"""

# Each from the smallest table that tells it: few leads are ever booked, converted or disputed.
PARTS = (
	{**CHARGES, "sums": f"count(*) as leads, {CHARGES['sums']}"},
	DISPUTED,
	{
		"sums": "count(distinct move.lead) as booked",
		"source": """`tabLead Transition` move join `tabLead` on `tabLead`.name = move.lead
			and move.to_status = 'Booked'""",
	},
	{
		"sums": "count(distinct move.lead) as converted",
		"source": """`tabLead Transition` move join `tabLead` on `tabLead`.name = move.lead
			and move.to_status = 'Closed' and move.reason = 'Converted'""",
	},
)
COUNTS, AMOUNTS = ("leads", "charged", "booked", "converted"), ("spend", "credits")


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
	"""Called by Frappe. Leads that the user may see, which arrived within the dates, both inclusive.

	Filters: from_date, to_date (default: the last twelve months), channel, group_by.
	"""
	wanted = frappe._dict(filters or {})
	grouping = wanted.group_by or BOTH
	if grouping not in GROUPINGS:
		frappe.throw(_("Choose one of {0}.").format(", ".join(map(_, GROUPINGS))))
	found = _read(wanted)
	rows = group(found, by_channel=grouping != MONTH, by_month=grouping != CHANNEL)
	chart = _chart(group(found, by_channel=grouping == CHANNEL, by_month=grouping != CHANNEL), grouping)
	summary = _summary(group(found, by_channel=False, by_month=False))
	return _columns(grouping), [_row(row) for row in rows], None, chart, summary


def _read(wanted: frappe._dict) -> list[Spend]:
	until = getdate(wanted.to_date or nowdate())
	values = {
		"from": getdate(wanted.from_date or add_months(until, -12)),
		"until": add_days(until, 1),
		"channel": wanted.channel,
	}
	if values["from"] >= values["until"]:
		frappe.throw(_("The first date must not be after the last one."))
	conditions = [f"({visible})"] if (visible := lead_conditions().replace("%", "%%")) else []
	if wanted.channel:
		conditions.append("`tabLead`.inbox_channel = %(channel)s")
	joined = "".join(f" and {condition}" for condition in conditions)
	return [
		_spend(row)
		for part in PARTS
		for row in frappe.db.sql(QUERY.format(**part, conditions=joined), values, as_dict=True)
	]


def _spend(row: frappe._dict) -> Spend:
	return Spend(
		channel=row.channel,
		month=row.month,
		currency=row.currency,
		**{name: int(row.get(name) or 0) for name in COUNTS},
		**{name: float(row.get(name) or 0) for name in AMOUNTS},
	)


def _row(spend: Spend) -> dict[str, Any]:
	return {
		"channel": spend.channel or None,
		"month": spend.month,
		"currency": spend.currency or None,
		"leads": spend.leads,
		"charged": spend.charged,
		"spend": spend.spend,
		"credits": spend.credits,
		"net": spend.net,
		"credit_rate": spend.credit_rate,
		"cost_per_lead": spend.cost_per(spend.leads),
		"booked": spend.booked,
		"cost_per_booked": spend.cost_per(spend.booked),
		"converted": spend.converted,
		"cost_per_converted": spend.cost_per(spend.converted),
	}


def _columns(grouping: str) -> list[dict[str, Any]]:
	columns = [
		_column("channel", _("Channel"), "Link", 140, options="Lead Channel"),
		_column("month", _("Month"), "Data", 90),
		_column("currency", _("Currency"), "Link", 80, options="Currency"),
		_column("leads", _("Leads"), "Int", 80),
		_column("charged", _("Charged Leads"), "Int", 110),
		_money("spend", _("Spend")),
		_money("credits", _("Credits")),
		_money("net", _("Net Spend")),
		_column("credit_rate", _("Credit Rate"), "Percent", 100),
		_money("cost_per_lead", _("Net Cost per Lead")),
		_column("booked", _("Booked Leads"), "Int", 110),
		_money("cost_per_booked", _("Net Cost per Booked Lead")),
		_column("converted", _("Converted Leads"), "Int", 120),
		_money("cost_per_converted", _("Net Cost per Converted Lead")),
	]
	unused = {CHANNEL: "month", MONTH: "channel"}.get(grouping)
	return [column for column in columns if column["fieldname"] != unused]


def _column(fieldname: str, label: str, fieldtype: str, width: int, **properties: Any) -> dict[str, Any]:
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "width": width, **properties}


def _money(fieldname: str, label: str) -> dict[str, Any]:
	return _column(fieldname, label, "Currency", 130, options="currency")


def _chart(rows: list[Spend], grouping: str) -> dict[str, Any] | None:
	"""Net spend by month, or by channel where there are no months; a bar for each currency."""
	if not any(row.net for row in rows):
		return None
	net = {(_place(row, grouping), row.currency): row.net for row in rows}
	places = sorted({place for place, _currency in net})
	currencies = sorted({currency for (_place, currency), value in net.items() if value})
	return {
		"type": "bar",
		"fieldtype": "Float",
		"data": {
			"labels": [place or _("No Channel") for place in places],
			"datasets": [
				{
					"name": _("Net Spend in {0}").format(currency) if currency else _("Net Spend"),
					"values": [net.get((place, currency), 0) for place in places],
				}
				for currency in currencies
			],
		},
	}


def _place(row: Spend, grouping: str) -> str:
	return row.channel if grouping == CHANNEL else row.month


def _summary(totals: list[Spend]) -> list[dict[str, Any]]:
	leads = {"label": _("Leads"), "value": sum(total.leads for total in totals), "datatype": "Int"}
	figures = [
		{"label": label, "value": value, "datatype": "Currency", "currency": total.currency or None}
		for total in totals
		if total.spend or total.credits
		for label, value in (
			(_("Spend"), total.spend),
			(_("Credits"), total.credits),
			(_("Net Spend"), total.net),
			(_("Net Cost per Lead"), total.cost_per(total.leads)),
		)
	]
	return [leads, *figures] if leads["value"] else []
