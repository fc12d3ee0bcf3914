"""Which leads a report is about, and how it groups them: filters as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, add_months, getdate, nowdate

from lead_inbox.conversion.rates.rate_rules import Interval, period_label, periods
from lead_inbox.inbox.source_fields import campaign_field, source_field
from lead_inbox.permissions import lead_conditions

MONTHS = 12

# Who is answerable for a lead: in ERPNext's words, else whoever has it in the inbox.
OWNER = "coalesce(nullif(`tabLead`.lead_owner, ''), nullif(`tabLead`.inbox_assignee, ''), '')"

PERIODS = {
	Interval.DAY: "date({0})",
	Interval.WEEK: "date({0}) - interval weekday({0}) day",
	Interval.MONTH: "date_format({0}, '%%Y-%%m-01')",
	Interval.QUARTER: "makedate(year({0}), 1) + interval (quarter({0}) - 1) quarter",
}


class Group(str, Enum):
	PERIOD = "Period"
	SOURCE = "Source"
	CAMPAIGN = "Campaign"
	OWNER = "Owner"
	CHANNEL = "Channel"


class CountBy(str, Enum):
	"""ARRIVAL: what became of the leads that arrived. CONVERSION: the conversions that happened meanwhile."""

	ARRIVAL = "Arrival"
	CONVERSION = "Conversion"


TIMES = {
	CountBy.ARRIVAL: "`tabLead`.inbox_arrived_on",
	CountBy.CONVERSION: "`tabLead`.inbox_converted_on",
}


@dataclass(frozen=True)
class Window:
	"""Leads of the days from `since` to before `until`. source, campaign, owner, channel: empty for all."""

	since: date
	until: date
	group: Group = Group.PERIOD
	interval: Interval = Interval.MONTH
	source: str = ""
	campaign: str = ""
	owner: str = ""
	channel: str = ""

	@property
	def values(self) -> dict[str, Any]:
		names = ("since", "until", "source", "campaign", "owner", "channel")
		return {name: getattr(self, name) for name in names}

	@property
	def starts(self) -> list[date]:
		return periods(self.since, self.until, self.interval)

	def label(self, key: str) -> str:
		"""Return what people call a group."""
		return period_label(getdate(key), self.interval) if self.group is Group.PERIOD else key


def parse_window(asked: frappe._dict) -> Window:
	"""Return the window of a report's filters; by default the last twelve months, by month.

	Raises frappe.ValidationError for dates in the wrong order and for choices that there are not.
	"""
	last = getdate(asked.to_date or nowdate())
	since = getdate(asked.from_date or add_months(last.replace(day=1), 1 - MONTHS))
	if since > last:
		frappe.throw(_("Choose a first day that is not after the last one."))
	return Window(
		since=since,
		until=getdate(add_days(last, 1)),
		group=parse_choice(Group, asked.group_by),
		interval=parse_choice(Interval, asked.interval or Interval.MONTH.value),
		**{name: asked.get(name) or "" for name in ("source", "campaign", "owner", "channel")},
	)


def parse_choice(choices: Any, value: str | None) -> Any:
	"""Return the member of an Enum that a filter names, by default its first one."""
	members = {member.value: member for member in choices}
	if value and value not in members:
		frappe.throw(_("Choose one of {0}.").format(", ".join(map(_, members))))
	return members[value] if value else next(iter(members.values()))


def group_key(window: Window, time: str) -> str:
	"""Return SQL for the group that a lead belongs to. time: the column, or expression, that tells its period."""
	if window.group is Group.PERIOD:
		return period_of(window.interval, time)
	return lead_columns()[window.group]


def period_of(interval: Interval, time: str) -> str:
	"""Return SQL for the first day of a time's period, as text."""
	return f"cast({PERIODS[interval].format(time)} as char)"


def lead_columns() -> dict[Group, str]:
	"""Return SQL for what a lead is grouped and chosen by; an empty text where the lead has none."""
	return {
		Group.SOURCE: column_of("Lead", source_field()),
		Group.CAMPAIGN: column_of("Lead", campaign_field()),
		Group.OWNER: OWNER,
		Group.CHANNEL: "coalesce(`tabLead`.inbox_channel, '')",
	}


def chosen_leads(window: Window, time: str) -> str:
	"""Return SQL for the window's leads that the session's user may see. time: the column that the days mean.

	Raises PermissionError for a user who may see no lead.
	"""
	conditions = [f"{time} >= %(since)s and {time} < %(until)s", *chosen(window, lead_columns())]
	if visible := lead_conditions():
		conditions.append(f"({visible.replace('%', '%%')})")
	return " and ".join(conditions)


def chosen(window: Window, columns: dict[Group, str]) -> list[str]:
	"""Return conditions for what the user has filtered by."""
	return [
		f"{column} = %({group.value.lower()})s"
		for group, column in columns.items()
		if getattr(window, group.value.lower())
	]


def linked_doctype(group: Group) -> str:
	"""Return the DocType of which a group's keys are names; empty for periods."""
	match group:
		case Group.SOURCE:
			return _doctype(source_field())
		case Group.CAMPAIGN:
			return _doctype(campaign_field())
		case Group.OWNER:
			return "User"
		case Group.CHANNEL:
			return "Lead Channel"
	return ""


def column_of(doctype: str, field: Any | None) -> str:
	return f"coalesce(`tab{doctype}`.`{field.fieldname}`, '')" if field else "''"


def _doctype(field: Any | None) -> str:
	return field.options if field else ""
