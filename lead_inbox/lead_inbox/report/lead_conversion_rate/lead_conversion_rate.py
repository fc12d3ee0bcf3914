"""Report: how many leads, and how many visitors, became customers, what that cost and brought in (CO-10)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion.rates import money, presenting
from lead_inbox.conversion.rates.measuring import Measured, measure
from lead_inbox.conversion.rates.presenting import Row, column, figure, percent_column, percent_figure
from lead_inbox.conversion.rates.rate_rules import Figures, percent, ratio, total
from lead_inbox.conversion.rates.windows import CountBy, Window, parse_choice, parse_window

MEDIAN, NINETIETH = 0.5, 0.9


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], str | None, Row | None, list[Row]]:
	"""Return columns, rows, notes as HTML, chart and summary.

	filters: from_date, to_date (both included), count_by (Arrival or Conversion), group_by, interval, source,
	campaign, owner, channel, currency, sales (Sales Invoice or Sales Order). Frappe has checked that the user
	may run the report; only leads, sales and typed visits that the user may see are counted.
	Raises frappe.ValidationError for dates in the wrong order and for choices that there are not.
	"""
	asked = frappe._dict(filters or {})
	window = parse_window(asked)
	count_by = parse_choice(CountBy, asked.count_by)
	currency = asked.currency or money.default_currency()
	sales = asked.sales or next(iter(money.SALES))
	if sales not in money.SALES:
		frappe.throw(_("Choose one of {0}.").format(", ".join(map(_, money.SALES))))
	found = measure(window, count_by, currency, sales)
	rows = [_row(window, key, figures, currency) for key, figures in found.groups.items()]
	chart = presenting.chart(
		window, found.groups, {_("Conversion Rate"): [row["conversion_rate"] for row in rows]}
	)
	return _columns(window), rows, _notes(found, sales, currency), chart, _summary(found, currency)


def _row(window: Window, key: str, figures: Figures, currency: str) -> Row:
	visitors, sessions = figures.visitors, figures.sessions
	return {
		"group": presenting.group_cell(window, key),
		"leads": figures.leads,
		"converted": figures.converted,
		"conversion_rate": percent(figures.converted, figures.leads),
		"time_median": figures.time_to_convert(MEDIAN),
		"time_ninetieth": figures.time_to_convert(NINETIETH),
		"cost": figures.cost,
		"cost_per_conversion": ratio(figures.cost, figures.converted),
		"revenue": figures.revenue,
		"return": percent(figures.revenue, figures.cost),
		"lead_value": ratio(figures.revenue, figures.leads),
		"visitors": _whole(visitors),
		"leads_per_visitor": percent(figures.leads, visitors),
		"converted_per_visitor": percent(figures.converted, visitors),
		"sessions": _whole(sessions),
		"leads_per_session": percent(figures.leads, sessions),
		"converted_per_session": percent(figures.converted, sessions),
		"visits_from": _visits_from(figures),
		"currency": currency,
	}


def _whole(count: float | None) -> int | None:
	return None if count is None else round(count)


def _visits_from(figures: Figures) -> str | None:
	counted, typed = (
		visits.visitors is not None or visits.sessions is not None
		for visits in (figures.counted, figures.typed)
	)
	if counted and typed:
		return _("Web Page Views and Lead Visits")
	return _("Web Page Views") if counted else _("Lead Visits") if typed else None


def _columns(window: Window) -> list[Row]:
	return [
		presenting.group_column(window),
		column("leads", _("Leads"), width=80),
		column("converted", _("Converted")),
		percent_column("conversion_rate", _("Conversion Rate")),
		column("time_median", _("Time to Convert: Median"), "Duration", 180),
		column("time_ninetieth", _("Time to Convert: 90%"), "Duration", 170),
		_money("cost", _("Cost")),
		_money("cost_per_conversion", _("Cost per Conversion")),
		_money("revenue", _("Revenue")),
		percent_column("return", _("Return (Revenue ÷ Cost)"), 180),
		_money("lead_value", _("Value of a Lead")),
		column("visitors", _("Unique Visitors")),
		percent_column("leads_per_visitor", _("Leads ÷ Visitors")),
		percent_column("converted_per_visitor", _("Converted ÷ Visitors"), 160),
		column("sessions", _("Sessions")),
		percent_column("leads_per_session", _("Leads ÷ Sessions")),
		percent_column("converted_per_session", _("Converted ÷ Sessions"), 160),
		column("visits_from", _("Visits From"), "Data", 200),
	]


def _money(fieldname: str, label: str) -> Row:
	return column(fieldname, label, "Currency", 140, options="currency")


def _notes(found: Measured, sales: str, currency: str) -> str | None:
	texts = []
	if found.other_currencies:
		others = ", ".join(found.other_currencies)
		texts.append(
			_("Leads were also paid for in {0}. Cost holds only what is in {1}.").format(others, currency)
		)
	if not found.revenue_seen:
		texts.append(_("You may not read {0}, so no revenue is shown.").format(_(sales)))
	return presenting.notes(texts)


def _summary(found: Measured, currency: str) -> list[Row]:
	whole = total(found.groups.values())
	if whole.is_empty:
		return []
	per_conversion, median = ratio(whole.cost, whole.converted), whole.time_to_convert(MEDIAN)
	money_figures: list[tuple[str, Any]] = [
		(_("Cost per Conversion"), per_conversion),
		(_("Revenue"), whole.revenue),
	]
	return [
		figure(_("Leads"), whole.leads, "Int"),
		figure(_("Converted"), whole.converted, "Int"),
		*percent_figure(_("Conversion Rate"), percent(whole.converted, whole.leads)),
		*([] if median is None else [figure(_("Time to Convert: Median"), median, "Duration")]),
		*(
			figure(label, value, "Currency", currency=currency)
			for label, value in money_figures
			if value is not None
		),
	]
