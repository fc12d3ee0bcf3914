"""Report: how often and how fast leads were answered, by channel or by owner (IN-9)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime

from lead_inbox.inbox.listing import people
from lead_inbox.inbox.response import response_rates
from lead_inbox.inbox.response.response_rates import Figures, Window
from lead_inbox.permissions import lead_conditions

Row = dict[str, Any]


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary.

	filters: from_date, to_date (both included, by arrival), by (Channel or Owner), channel. Frappe has checked
	that the user may run the report; only leads that the user may see are counted.
	Raises frappe.ValidationError for dates in the wrong order.
	"""
	asked = frappe._dict(filters or {})
	by = asked.by if asked.by in ("Channel", "Owner") else "Channel"
	window = _window(asked)
	figures = response_rates.measure(window, by)
	return _columns(by), [_row(one) for one in figures], None, _chart(figures, by), _summary(window)


def _window(asked: frappe._dict) -> Window:
	now = now_datetime()
	to_date = getdate(asked.to_date)
	from_date = getdate(asked.from_date) if asked.from_date else to_date - timedelta(days=response_rates.DAYS)
	if from_date > to_date:
		frappe.throw(_("Choose a first day that is not after the last one."))
	return Window(
		since=datetime.combine(from_date, time.min),
		until=datetime.combine(to_date + timedelta(days=1), time.min),
		now=now,
		channel=asked.channel or None,
		conditions=lead_conditions(),
	)


def _columns(by: str) -> list[Row]:
	group = {
		"fieldname": "group",
		"label": _(by),
		"fieldtype": "Link",
		"options": {"Channel": "Lead Channel", "Owner": "User"}[by],
		"width": 180,
	}
	return [
		group,
		_column("leads", _("Leads"), "Int"),
		_column("answered", _("Answered"), "Int"),
		_column("rate", _("Response Rate"), "Percent"),
		_column("elapsed_median", _("First Response: Median"), "Duration"),
		_column("elapsed_ninetieth", _("First Response: 90%"), "Duration"),
		_column("business_median", _("Business Hours: Median"), "Duration"),
		_column("business_ninetieth", _("Business Hours: 90%"), "Duration"),
		_column("routing_median", _("Routing Delay: Median"), "Duration"),
		_column("owner_median", _("Owner Delay: Median"), "Duration"),
		_column("later_median", _("Later Replies: Median"), "Duration"),
	]


def _column(fieldname: str, label: str, fieldtype: str) -> Row:
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"precision": 1,
		"width": 190 if fieldtype == "Duration" else 130,
	}


def _row(figures: Figures) -> Row:
	counts = figures.counts
	return {
		"group": figures.group,
		"leads": counts.leads,
		"answered": counts.answered,
		"rate": _percent(counts.rate),
		"elapsed_median": figures.elapsed_median,
		"elapsed_ninetieth": figures.elapsed_ninetieth,
		"business_median": figures.business_median,
		"business_ninetieth": figures.business_ninetieth,
		"routing_median": figures.routing_median,
		"owner_median": figures.owner_median,
		"later_median": figures.later_median,
	}


def _chart(figures: list[Figures], by: str) -> Row | None:
	"""Waits in hours: the axis can't show durations."""
	answered = [one for one in figures if one.counts.answered]
	if not answered:
		return None
	names = _full_names(answered) if by == "Owner" else {}
	datasets = {
		_("Median hours"): [one.elapsed_median for one in answered],
		_("In business hours"): [one.business_median for one in answered],
	}
	return {
		"type": "bar",
		"fieldtype": "Float",
		"data": {
			"labels": [names.get(one.group, one.group) or _("Nobody") for one in answered],
			"datasets": [
				{"name": name, "values": [_hours(seconds) for seconds in waits]}
				for name, waits in datasets.items()
			],
		},
	}


def _full_names(figures: list[Figures]) -> dict[str | None, str]:
	return {user: person["full_name"] for user, person in people(one.group for one in figures).items()}


def _summary(window: Window) -> list[Row]:
	counts, median = response_rates.overall(window)
	if not counts.leads:
		return []
	items: list[Row] = [{"label": _("Leads"), "value": counts.leads, "datatype": "Int"}]
	if counts.rate is not None:
		rate = f"{_percent(counts.rate):g}%"  # Frappe would show three decimals
		items.append({"label": _("Response Rate"), "value": rate, "datatype": "Data"})
	if median is not None:
		items.append({"label": _("First Response: Median"), "value": median, "datatype": "Duration"})
	return items


def _percent(rate: float | None) -> float | None:
	return None if rate is None else round(100 * rate, 1)


def _hours(seconds: int | None) -> float:
	return round((seconds or 0) / 3600, 2)
