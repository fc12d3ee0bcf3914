"""Report: which Reseller Customers wait, for whom, for what, and since when (RS-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.conversion.rates.presenting import Row, column, figure
from lead_inbox.conversion.rates.windows import parse_choice
from lead_inbox.reseller import words
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Origin, Status
from lead_inbox.reseller.waiting_rules import Matter, Party

FIELDS = (
	*("name", "title", "status", "origin", "waits_for", "waits_for_what", "waits_since"),
	*("product_family", "lead", "customer"),
)


class Group(str, Enum):
	WHO = "Waits For"
	WHAT = "What For"
	FAMILY = "Product Family"
	STATUS = "Status"


COLUMNS = {
	Group.WHO: "waits_for",
	Group.WHAT: "waits_for_what",
	Group.FAMILY: "product_family",
	Group.STATUS: "status",
}
# In which order groups come; families come by name.
ORDERS: dict[Group, list[str]] = {
	Group.WHO: [party.value for party in Party],
	Group.WHAT: [matter.value for matter in Matter],
	Group.STATUS: [status.value for status in Status],
}


class Age(Enum):
	"""How long something waits, by the first number of days that is too many for it."""

	DAYS = 3
	WEEK = 8
	MONTH = 31
	LONGER = None


def execute(filters: Row | None = None) -> tuple[list[Row], list[Row], None, Row | None, list[Row]]:
	"""Return columns, rows, no message, chart and summary: a row for each group, and below it one for each
	customer, who waits longest first.

	filters: group_by, waits_for, product_family, origin. Frappe has checked that the user may run the report;
	only customers that the user may see are listed. Raises frappe.ValidationError for choices that there are not.
	"""
	asked = frappe._dict(filters or {})
	group = parse_choice(Group, asked.group_by)
	now = now_datetime()
	waiting = [_customer(row, now) for row in _read(asked)]
	grouped = _in_groups(waiting, group)
	rows = [row for key, members in grouped.items() for row in (_group_row(group, key, members), *members)]
	return _columns(), rows, None, _chart(group, grouped), _summary(waiting)


def _read(asked: frappe._dict) -> list[frappe._dict]:
	chosen = {
		"waits_for": parse_choice(Party, asked.waits_for).value if asked.waits_for else None,
		"origin": parse_choice(Origin, asked.origin).value if asked.origin else None,
		"product_family": asked.product_family,
	}
	return frappe.get_list(
		RESELLER_CUSTOMER,
		filters=[
			["waits_for", "!=", Party.NOBODY.value],
			*([name, "=", value] for name, value in chosen.items() if value),
		],
		fields=list(FIELDS),
		order_by="waits_since asc, name asc",
		limit=0,
	)


def _customer(row: frappe._dict, now: datetime) -> Row:
	return {
		**row,
		"indent": 1,
		"reseller_customer": row.name,
		"label": row.title,
		"who": words.party(Party(row.waits_for)),
		"what": words.matter(Matter(row.waits_for_what)),
		"days": (now - row.waits_since).days,
	}


def _in_groups(waiting: list[Row], group: Group) -> dict[str, list[Row]]:
	"""What has no family comes last."""
	field = COLUMNS[group]
	found = {row[field] or "" for row in waiting}
	keys = [key for key in ORDERS[group] if key in found] if group in ORDERS else sorted(found - {""})
	if group not in ORDERS and "" in found:
		keys.append("")
	return {key: [row for row in waiting if (row[field] or "") == key] for key in keys}


def _group_row(group: Group, key: str, members: list[Row]) -> Row:
	"""since, days: of the one that waits longest."""
	return {
		"indent": 0,
		"label": _label(group, key),
		"count": len(members),
		"waits_since": members[0]["waits_since"],
		"days": members[0]["days"],
	}


def _label(group: Group, key: str) -> str:
	labels: dict[Group, Callable[[str], str]] = {
		Group.WHO: lambda value: words.party(Party(value)),
		Group.WHAT: lambda value: words.matter(Matter(value)),
		Group.STATUS: _,
	}
	if group in labels:
		return labels[group](key)
	return key or _("No Product Family")


def _columns() -> list[Row]:
	return [
		column("label", _("Customer"), "Data", 260),
		column("count", _("Waiting"), "Int", 90),
		column("who", _("Waits For"), "Data", 100),
		column("what", _("What For"), "Data", 190),
		column("waits_since", _("Since"), "Datetime", 200),
		column("days", _("Days"), "Int", 80),
		column("status", _("Status"), "Data", 130),
		column("product_family", _("Product Family"), "Link", 150, options=FAMILY),
		column("lead", _("Lead"), "Link", 160, options="Lead"),
		column("customer", _("Customer in ERPNext"), "Link", 170, options="Customer"),
	]


def _chart(group: Group, grouped: dict[str, list[Row]]) -> Row | None:
	if not grouped:
		return None
	ages = {
		Age.DAYS: _("Up to {0} days").format(Age.DAYS.value - 1),
		Age.WEEK: _("Up to a week"),
		Age.MONTH: _("Up to a month"),
		Age.LONGER: _("Longer"),
	}
	return {
		"type": "bar",
		"fieldtype": "Int",
		"barOptions": {"stacked": 1},
		"colors": ["green", "blue", "orange", "red"],
		"data": {
			"labels": [_label(group, key) for key in grouped],
			"datasets": [
				{"name": name, "values": [_count(members, age) for members in grouped.values()]}
				for age, name in ages.items()
			],
		},
	}


def _count(members: Iterable[Row], age: Age) -> int:
	return sum(_age(row["days"]) is age for row in members)


def _age(days: int) -> Age:
	return next(age for age in Age if age.value is None or days < age.value)


def _summary(waiting: list[Row]) -> list[Row]:
	if not waiting:
		return []
	parties: dict[str, Any] = {
		Party.US.value: _("For Us"),
		Party.CUSTOMER.value: _("For the Customer"),
		Party.VENDOR.value: _("For the Vendor"),
	}
	counts = [
		figure(label, sum(row["waits_for"] == party for row in waiting), "Int")
		for party, label in parties.items()
	]
	return [*counts, figure(_("Longest Wait in Days"), max(row["days"] for row in waiting), "Int")]
