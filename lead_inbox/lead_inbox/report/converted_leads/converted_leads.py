"""Report: converted leads, each with the records that it became (CO-10)."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _

from lead_inbox.conversion.rates.conversions import converted_leads
from lead_inbox.conversion.rates.presenting import Row, column
from lead_inbox.conversion.rates.rate_rules import period_label, period_start
from lead_inbox.conversion.rates.windows import Group, Window, linked_doctype, parse_window


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None]:
	"""Return columns, rows, no message and a chart.

	filters: from_date, to_date (both included, by conversion), interval (of the chart), source, campaign,
	owner, channel. Frappe has checked that the user may run the report; only leads that the user may see are
	listed. Raises frappe.ValidationError for dates in the wrong order and for choices that there are not.
	"""
	window = parse_window(frappe._dict(filters or {}))
	rows = converted_leads(window)
	return _columns(), rows, None, _chart(window, rows)


def _columns() -> list[Row]:
	return [
		column("lead", _("Lead"), "Link", 170, options="Lead"),
		column("lead_name", _("Name"), "Data", 150),
		column("company_name", _("Company"), "Data", 150),
		column("arrived_on", _("Arrived On"), "Datetime", 160),
		column("converted_on", _("Converted On"), "Datetime", 160),
		column("time_to_convert", _("Time to Convert"), "Duration", 150),
		column("converted_by", _("Converted By"), "Link", 150, options="User"),
		column("customer", _("Customer"), "Link", 150, options="Customer"),
		column("contact", _("Contact"), "Link", 150, options="Contact"),
		column("opportunity", _("Opportunity"), "Link", 160, options="Opportunity"),
		column("quotation", _("Quotation"), "Link", 160, options="Quotation"),
		column("lead_owner", _("Owner"), "Link", 150, options="User"),
		column("channel", _("Channel"), "Link", 130, options="Lead Channel"),
		*(
			column(group.value.lower(), _(group.value), "Link", 130, options=doctype)
			for group in (Group.SOURCE, Group.CAMPAIGN)
			if (doctype := linked_doctype(group))
		),
	]


def _chart(window: Window, rows: list[frappe._dict]) -> Row | None:
	if not rows:
		return None
	counts = Counter(period_start(row.converted_on.date(), window.interval) for row in rows)
	labels = [period_label(start, window.interval) for start in window.starts]
	values = [counts[start] for start in window.starts]
	return {
		"type": "bar",
		"fieldtype": "Int",
		"data": {"labels": labels, "datasets": [{"name": _("Converted"), "values": values}]},
	}
