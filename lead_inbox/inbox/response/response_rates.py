"""How often and how fast leads were answered, by channel and by owner (IN-9).

A lead belongs to the window by its arrival. Counted are those that were answered and those that could have
been: one that arrived less than a day ago and waits still may be answered in time. Left out are leads that
were merged away, which go on as another one, and leads made by hand, which nobody asked us by.

The database counts how many waited how long, so neither a lead nor a row for each lead comes to Python.
Waits of an hour and more are counted by the minute, which keeps that table short however many they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox.response.quantiles import quantile
from lead_inbox.inbox.response.wait_rules import GRACE, HOUR, MINUTE, Counts

DAYS = 90
SUMMARY_KEY = "lead_inbox_response_summary"
SUMMARY_CACHED_SECONDS = 300

# What leads are grouped by. The owner is who has the lead, else who answered it first.
GROUPS = {
	"Channel": "inbox_channel",
	"Owner": "coalesce(nullif(inbox_assignee, ''), nullif(inbox_first_response_by, ''))",
	"All": "''",
}

# Seconds that a lead waited, null where it did not. Routing is measured by the site's clock: for a lead that
# waited for its assignment through a change of the clocks it is an hour off.
_ANSWERED = "inbox_first_response_on is not null"
_ROUTING = "greatest(0, timestampdiff(second, inbox_arrived_on, inbox_assigned_on))"
WAITS = {
	"elapsed": f"if({_ANSWERED}, inbox_first_response_seconds, null)",
	"business": f"if({_ANSWERED}, inbox_first_response_business_seconds, null)",
	"routing": _ROUTING,
	"owner": f"""if(inbox_assigned_on <= inbox_first_response_on,
		greatest(0, inbox_first_response_seconds - {_ROUTING}), null)""",
}
LATER = "later"


@dataclass(frozen=True)
class Window:
	"""Which leads are looked at: arrived from `since` to before `until`, as seen at `now` (site times).

	channel: only its leads. conditions: SQL on Lead's own columns, what of it a user may see; see
	permissions.lead_conditions.
	"""

	since: datetime
	until: datetime
	now: datetime
	channel: str | None = None
	conditions: str = ""

	@property
	def where(self) -> str:
		conditions = [
			"inbox_arrived_on >= %(since)s",
			"inbox_arrived_on < %(until)s",
			"inbox_channel = %(channel)s" if self.channel else "inbox_channel > ''",
			"(inbox_merged_into is null or inbox_merged_into = '')",
		]
		if self.conditions:
			conditions.append(f"({self.conditions.replace('%', '%%')})")
		return " and ".join(conditions)

	@property
	def values(self) -> dict[str, Any]:
		return {
			"since": self.since,
			"until": self.until,
			"channel": self.channel,
			"had_a_chance_until": self.now - GRACE,
		}


@dataclass(frozen=True)
class Figures:
	"""What is known of one channel's or owner's leads. Waits in seconds; None where there was none.

	group: None for leads without an owner. later: the wait for an answer to what customers said after the
	first response.
	"""

	group: str | None
	counts: Counts
	elapsed_median: int | None
	elapsed_ninetieth: int | None
	business_median: int | None
	business_ninetieth: int | None
	routing_median: int | None
	owner_median: int | None
	later_median: int | None


def last_days(now: datetime | None = None, days: int = DAYS) -> Window:
	"""Return the window of the leads that arrived in the days before a moment, by default the present."""
	now = now or now_datetime()
	return Window(now - timedelta(days=days), now + timedelta(seconds=1), now)


def count(window: Window, by: str) -> dict[str | None, Counts]:
	"""Return how many leads of each group arrived and were answered, the group with the most first and leads
	without an owner last.

	by: a key of GROUPS.
	"""
	rows = frappe.db.sql(
		f"""
		select {GROUPS[by]} as label, count(*) as leads, sum({_ANSWERED}) as answered,
			sum({_ANSWERED} or inbox_arrived_on <= %(had_a_chance_until)s) as counted
		from `tabLead` where {window.where}
		group by label order by label is null, leads desc, label asc
		""",
		window.values,
		as_dict=True,
	)
	return {row.label: Counts(row.leads, int(row.counted), int(row.answered)) for row in rows}


def measure(window: Window, by: str) -> list[Figures]:
	"""Return all figures of each group that had a lead, in the order of `count`.

	by: a key of GROUPS.
	"""
	waits = {kind: _count_waits(window, by, kind) for kind in (*WAITS, LATER)}

	def wait(kind: str, group: str | None, share: float) -> int | None:
		return quantile(waits[kind].get(group, ()), share)

	return [
		Figures(
			group=group,
			counts=counts,
			elapsed_median=wait("elapsed", group, 0.5),
			elapsed_ninetieth=wait("elapsed", group, 0.9),
			business_median=wait("business", group, 0.5),
			business_ninetieth=wait("business", group, 0.9),
			routing_median=wait("routing", group, 0.5),
			owner_median=wait("owner", group, 0.5),
			later_median=wait(LATER, group, 0.5),
		)
		for group, counts in count(window, by).items()
	]


def overall(window: Window) -> tuple[Counts, int | None]:
	"""Return the counts of all leads of the window and the median of their first response, in seconds."""
	counts = count(window, "All").get("", Counts())
	return counts, quantile(_count_waits(window, "All", "elapsed").get("", ()), 0.5)


def summary() -> dict[str, Any] | None:
	"""Return how the whole team answered in the last DAYS days, None where there was nothing to answer.

	{"median_seconds": of the first response or None, "rate": 0 to 1, "days"}. Kept for some minutes. It names
	nobody and is the same for everybody: for users who may read Lead.
	"""
	kept = frappe.cache.get_value(SUMMARY_KEY, expires=True)
	if kept is None:
		kept = _summarize()
		frappe.cache.set_value(SUMMARY_KEY, kept, expires_in_sec=SUMMARY_CACHED_SECONDS)
	return kept or None


def _summarize() -> dict[str, Any]:
	counts, median = overall(last_days())
	return {"median_seconds": median, "rate": counts.rate, "days": DAYS} if counts.counted else {}


def _count_waits(window: Window, by: str, kind: str) -> dict[str | None, list[tuple[int, int]]]:
	"""Return for each group how many waited how long, shortest wait first."""
	wait, messages = (WAITS[kind], "") if kind != LATER else _later_messages()
	rows = frappe.db.sql(
		f"""
		select label, if(wait < {HOUR}, wait, wait - wait mod {MINUTE}) as seconds, count(*)
		from (select {GROUPS[by]} as label, {wait} as wait from `tabLead` {messages} where {window.where}) waits
		where wait is not null
		group by label, seconds order by label, seconds
		""",
		window.values,
	)
	waits: dict[str | None, list[tuple[int, int]]] = {}
	for label, seconds, times in rows:
		waits.setdefault(label, []).append((int(seconds), times))
	return waits


def _later_messages() -> tuple[str, str]:
	"""The wait for an answer to a message, and the messages that came after the lead's first response."""
	return (
		"message.response_seconds",
		"""join `tabLead Message` message on message.lead = `tabLead`.name
			and message.sent_on > inbox_first_response_on and message.answered_on is not null""",
	)
