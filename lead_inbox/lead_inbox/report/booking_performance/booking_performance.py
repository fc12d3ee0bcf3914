"""Report: what became of bookings, and how good their customers found them, by service, user, channel or month (BO-8)."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_months, get_last_day, getdate, nowdate

from lead_inbox.bookings.rules import Status
from lead_inbox.conversion.rates.presenting import Row, column, figure, percent_column, percent_figure
from lead_inbox.conversion.rates.rate_rules import Interval, percent, period_label, periods, ratio
from lead_inbox.conversion.rates.windows import parse_choice
from lead_inbox.inbox.listing import people
from lead_inbox.permissions import booking_conditions

MONTHS = 12


class Group(str, Enum):
	SERVICE = "Service"
	USER = "User"
	CHANNEL = "Channel"
	MONTH = "Month"


LINKS = {Group.SERVICE: "Bookable Service", Group.USER: "User", Group.CHANNEL: "Lead Channel"}
KEYS = {
	Group.SERVICE: "coalesce(`tabBooking`.service, '')",
	Group.USER: "coalesce(`tabBooking`.user, '')",
	Group.CHANNEL: "coalesce(`tabBooking`.channel, '')",
	Group.MONTH: "date_format(`tabBooking`.starts_on, '%%Y-%%m')",
}
COUNTS = {frappe.scrub(status.value): status.value for status in Status}
ADDED = ("bookings", *COUNTS, "reviews", "stars")
QUERY = """
	select {key} as `group`, count(*) as bookings, {counts},
		count(review.name) as reviews, coalesce(sum(review.stars), 0) as stars
	from `tabBooking`
	left join `tabBooking Review` review on review.booking = `tabBooking`.name
	where `tabBooking`.starts_on >= %(since)s and `tabBooking`.starts_on < %(until)s {conditions}
	group by {key}
"""


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary.

	filters: from_date, to_date (both included, by the bookings' start; by default the last twelve months and
	the rest of this one), group_by, service, user, channel. Frappe has checked that the user may run the
	report; only bookings that the user may see are counted. Raises frappe.ValidationError for dates in the
	wrong order and for choices that there are not.
	"""
	asked = frappe._dict(filters or {})
	group = parse_choice(Group, asked.group_by)
	last = getdate(asked.to_date or get_last_day(nowdate()))
	since = getdate(asked.from_date or add_months(last.replace(day=1), 1 - MONTHS))
	if since > last:
		frappe.throw(_("Choose a first day that is not after the last one."))
	until = getdate(add_days(last, 1))
	found = _read(group, since, until, asked)
	rows = [_row(sums) for sums in _in_order(found, group, since, until)]
	return _columns(group), rows, None, _chart(rows, group), _summary(_total(found))


def _read(group: Group, since: date, until: date, asked: frappe._dict) -> list[Row]:
	"""Return sums of the bookings that the session's user may see. Raises PermissionError for who may see none."""
	chosen = [name for name in ("service", "user", "channel") if asked.get(name)]
	conditions = [f"`tabBooking`.{name} = %({name})s" for name in chosen]
	if visible := booking_conditions():
		conditions.append(f"({visible.replace('%', '%%')})")
	query = QUERY.format(
		key=KEYS[group],
		counts=", ".join(
			f"sum(`tabBooking`.status = {frappe.db.escape(status)}) as {name}"
			for name, status in COUNTS.items()
		),
		conditions="".join(f" and {condition}" for condition in conditions),
	)
	values = {"since": since, "until": until, **{name: asked[name] for name in chosen}}
	rows = frappe.db.sql(query, values, as_dict=True)
	return [{"group": row.group, **{name: int(row[name]) for name in ADDED}} for row in rows]


def _in_order(found: list[Row], group: Group, since: date, until: date) -> list[Row]:
	"""Months by time, none left out; others with the most bookings first, and what has no name last."""
	if group is not Group.MONTH or not found:
		return sorted(found, key=lambda row: (not row["group"], -row["bookings"], row["group"]))
	by_month = {row["group"]: row for row in found}
	months = (period_label(start, Interval.MONTH) for start in periods(since, until, Interval.MONTH))
	return [by_month.get(month) or {"group": month, **dict.fromkeys(ADDED, 0)} for month in months]


def _total(found: list[Row]) -> Row:
	return {name: sum(row[name] for row in found) for name in ADDED}


def _row(sums: Row) -> Row:
	return {
		**sums,
		"group": sums["group"] or None,
		"no_show_rate": _no_show_rate(sums),
		"stars": ratio(sums["stars"], sums["reviews"]),
	}


def _no_show_rate(sums: Row) -> float | None:
	"""Of those whose time came, not of all: a cancelled booking was nobody's to come to."""
	return percent(sums["no_show"], sums["completed"] + sums["no_show"])


def _columns(group: Group) -> list[Row]:
	doctype = LINKS.get(group)
	link: dict[str, Any] = {"fieldtype": "Link", "options": doctype} if doctype else {"fieldtype": "Data"}
	return [
		column("group", _(group.value), width=190, **link),
		column("bookings", _("Bookings")),
		column("requested", _("Requested")),
		column("confirmed", _("Confirmed")),
		column("completed", _("Completed")),
		column("no_show", _("No Shows")),
		percent_column("no_show_rate", _("No-Show Rate")),
		column("cancelled", _("Cancelled")),
		column("declined", _("Declined")),
		column("stars", _("Average Stars"), "Float", 120, precision=1),
		column("reviews", _("Reviews")),
	]


def _chart(rows: list[Row], group: Group) -> Row | None:
	if not rows:
		return None
	values = {
		_("Completed"): [row["completed"] for row in rows],
		_("Open"): [row["requested"] + row["confirmed"] for row in rows],
		_("No Shows"): [row["no_show"] for row in rows],
		_("Called Off"): [row["cancelled"] + row["declined"] for row in rows],
	}
	return {
		"type": "bar",
		"fieldtype": "Int",
		"barOptions": {"stacked": 1},
		"colors": ["green", "blue", "red", "dark-grey"],
		"data": {
			"labels": _labels(rows, group),
			"datasets": [{"name": name, "values": counts} for name, counts in values.items()],
		},
	}


def _labels(rows: list[Row], group: Group) -> list[str]:
	names = [row["group"] for row in rows]
	if group is Group.USER:
		users = people(names)
		names = [users[name]["full_name"] if name in users else name for name in names]
	return [name or _("None") for name in names]


def _summary(whole: Row) -> list[Row]:
	if not whole["bookings"]:
		return []
	average = ratio(whole["stars"], whole["reviews"])
	return [
		figure(_("Bookings"), whole["bookings"], "Int"),
		*percent_figure(_("No-Show Rate"), _no_show_rate(whole)),
		*([] if average is None else [figure(_("Average Stars"), f"{average:.1f}", "Data")]),
		figure(_("Reviews"), whole["reviews"], "Int"),
	]
