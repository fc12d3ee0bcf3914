"""Visitors and sessions: those that Frappe counts on the site's own pages, and those typed in as Lead Visits.

Lead Visits hold what the site does not count, so both are added. The site knows a visit's source and campaign,
but neither channel nor owner.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import frappe

from lead_inbox.conversion.rates.counting import Groups
from lead_inbox.conversion.rates.rate_rules import next_period, plus, prorated
from lead_inbox.conversion.rates.windows import Group, Window, linked_doctype, period_of

VISITS = "Lead Visits"
TYPED_FIELDS = {Group.SOURCE: "source", Group.CAMPAIGN: "campaign", Group.CHANNEL: "channel"}
COUNTED_FIELDS = {Group.SOURCE: "source", Group.CAMPAIGN: "campaign"}
SESSION_MINUTES = 30  # without a page, after which the next page begins another session


def add_counted(groups: Groups, window: Window) -> None:
	"""Add what Frappe counted. Users may not read Web Page Views; how many there are tells of nobody."""
	if window.owner or window.channel or window.group in (Group.OWNER, Group.CHANNEL):
		return
	names = _names(window)
	for label, visitors, sessions in _count_sessions(window):
		key = label if window.group is Group.PERIOD else names.get(label.casefold())
		if key is not None:
			groups[key].counted.add(visitors, sessions)


def _names(window: Window) -> dict[str, str]:
	"""The sources or campaigns that leads can have: an address of a page may name any."""
	doctype = linked_doctype(window.group)
	found = frappe.get_all(doctype, pluck="name", order_by="name asc") if doctype else []
	return {"": "", **{name.casefold(): name for name in found}}


def _count_sessions(window: Window) -> list[tuple[str, int, int]]:
	"""A session has the source and campaign of its first page. A view is never changed, so that its
	modification, which is indexed, is no earlier than its creation."""
	field = COUNTED_FIELDS.get(window.group)
	key = f"coalesce({field}, '')" if field else period_of(window.interval, "creation")
	chosen = "".join(f" and {name} = %({name})s" for name in COUNTED_FIELDS.values() if getattr(window, name))
	return frappe.db.sql(
		f"""
		select {key} as label, count(distinct visitor_id), count(*) from (
			select creation, visitor_id, source, campaign,
				lag(creation) over (partition by visitor_id order by creation) as viewed_before
			from `tabWeb Page View`
			where modified >= %(since)s and creation >= %(since)s and creation < %(until)s and visitor_id > ''
		) views
		where (viewed_before is null or viewed_before < creation - interval {SESSION_MINUTES} minute) {chosen}
		group by label
		""",
		window.values,
	)


def add_typed(groups: Groups, window: Window, with_cost: bool) -> None:
	"""Add what was typed in, by days where a period cuts it. with_cost: it is in the report's currency."""
	if window.owner or window.group is Group.OWNER:
		return
	for row in _typed(window):
		for key, since, until in _shares(row, window):
			days = (row.from_date, row.to_date, since, until)
			part = {
				name: prorated(row[name] or 0, *days) or None for name in ("visitors", "sessions", "cost")
			}
			groups[key].typed.add(part["visitors"], part["sessions"])
			if with_cost:
				groups[key].cost = plus(groups[key].cost, part["cost"])


def _typed(window: Window) -> list[frappe._dict]:
	filters = {name: getattr(window, name) for name in TYPED_FIELDS.values() if getattr(window, name)}
	return frappe.get_list(
		VISITS,
		filters=[
			["from_date", "<", window.until],
			["to_date", ">=", window.since],
			*([name, "=", value] for name, value in filters.items()),
		],
		fields=["from_date", "to_date", "visitors", "sessions", "cost", *TYPED_FIELDS.values()],
		order_by="from_date asc, name asc",
		limit=0,
	)


def _shares(row: frappe._dict, window: Window) -> Iterator[tuple[str, date, date]]:
	"""The groups that a row belongs to, each with its first day and the day after its last."""
	if window.group is not Group.PERIOD:
		yield row[TYPED_FIELDS[window.group]] or "", window.since, window.until
		return
	for start in window.starts:
		since = max(start, window.since)
		until = min(next_period(start, window.interval), window.until)
		if row.from_date < until and row.to_date >= since:
			yield start.isoformat(), since, until
