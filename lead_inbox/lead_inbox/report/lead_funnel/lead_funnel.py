"""Report: how far leads came on their way to a customer, and how many went on at each step (CO-10)."""

from __future__ import annotations

import frappe
from frappe import _

from lead_inbox.conversion.rates import presenting
from lead_inbox.conversion.rates.measuring import measure_funnel
from lead_inbox.conversion.rates.presenting import Row, column, figure, percent_column, percent_figure
from lead_inbox.conversion.rates.rate_rules import Figures, percent, total
from lead_inbox.conversion.rates.windows import Window, parse_window


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary.

	filters: from_date, to_date (both included, by arrival), group_by, interval, source, campaign, owner,
	channel. Frappe has checked that the user may run the report; only leads that the user may see are counted.
	Raises frappe.ValidationError for dates in the wrong order and for choices that there are not.
	"""
	window = parse_window(frappe._dict(filters or {}))
	groups = measure_funnel(window)
	whole = total(groups.values())
	rows = [_row(window, key, figures) for key, figures in groups.items()]
	return _columns(window), rows, None, _chart(whole), _summary(whole)


def _row(window: Window, key: str, figures: Figures) -> Row:
	return {
		"group": presenting.group_cell(window, key),
		"leads": figures.leads,
		"mql": figures.mql,
		"mql_rate": percent(figures.mql, figures.leads),
		"sql": figures.sql,
		"sql_rate": percent(figures.sql, figures.mql),
		"converted": figures.converted,
		"customer_rate": percent(figures.converted, figures.sql),
		"conversion_rate": percent(figures.converted, figures.leads),
	}


def _columns(window: Window) -> list[Row]:
	return [
		presenting.group_column(window),
		column("leads", _("Leads"), width=90),
		column("mql", _("Marketing Qualified"), width=175),
		percent_column("mql_rate", _("Of Leads")),
		column("sql", _("Sales Qualified"), width=130),
		percent_column("sql_rate", _("Of Marketing Qualified"), 195),
		column("converted", _("Customers")),
		percent_column("customer_rate", _("Of Sales Qualified"), 150),
		percent_column("conversion_rate", _("Customers of Leads"), 175),
	]


def _chart(whole: Figures) -> Row | None:
	"""The funnel of all leads: every lead stands in each stage that it passed."""
	if not whole.leads:
		return None
	stages = {
		_("Leads"): whole.leads,
		_("Marketing Qualified"): whole.mql,
		_("Sales Qualified"): whole.sql,
		_("Customers"): whole.converted,
	}
	return {
		"type": "bar",
		"fieldtype": "Int",
		"data": {
			"labels": list(stages),
			"datasets": [{"name": _("Leads that came this far"), "values": list(stages.values())}],
		},
	}


def _summary(whole: Figures) -> list[Row]:
	if not whole.leads:
		return []
	return [
		figure(_("Leads"), whole.leads, "Int"),
		*percent_figure(_("Lead to Marketing Qualified"), percent(whole.mql, whole.leads)),
		*percent_figure(_("Marketing to Sales Qualified"), percent(whole.sql, whole.mql)),
		*percent_figure(_("Sales Qualified to Customer"), percent(whole.converted, whole.sql)),
	]
