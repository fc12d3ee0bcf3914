"""Leads that nobody touches come to rest (IN-6).

Work on many leads is done in sets: for each group of channels with the same days, two statements that
see the same locked rows, first the record of the transition, then the move. Committing after each
batch keeps locks short and memory flat; a second run at the same time waits for the locks, then finds
nothing left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox import alerts, lifecycle, rules
from lead_inbox.inbox.rules import AgingDays, Happening, Status

BATCH = 10_000
NUDGE_BATCH = 200


@dataclass(frozen=True)
class AgingGroup:
	"""Channels that share their days. The default group has the leads of all channels not in `others`."""

	days: AgingDays
	channels: tuple[str, ...] = ()
	others: tuple[str, ...] = ()

	@property
	def condition(self) -> str:
		if self.channels:
			return "inbox_channel in %(channels)s"
		return "ifnull(inbox_channel, '') not in %(others)s" if self.others else "1 = 1"

	@property
	def values(self) -> dict[str, tuple[str, ...]]:
		return {"channels": self.channels, "others": self.others}


def default_days() -> AgingDays:
	settings = frappe.get_cached_doc("Lead Inbox Settings")
	return AgingDays(settings.days_unanswered, settings.days_quiet)


def days_of_channels() -> dict[str, AgingDays | None]:
	"""Return the days of each channel that differs from the site's; None where leads never age."""
	default = default_days()
	channels = frappe.get_all(
		"Lead Channel",
		fields=["name", "days_unanswered", "days_quiet", "exempt_from_aging"],
		order_by="name asc",
	)
	days: dict[str, AgingDays | None] = {}
	for channel in channels:
		own = AgingDays(channel.days_unanswered or default.unanswered, channel.days_quiet or default.quiet)
		if channel.exempt_from_aging:
			days[channel.name] = None
		elif own != default:
			days[channel.name] = own
	return days


def groups() -> list[AgingGroup]:
	special = days_of_channels()
	by_days: dict[AgingDays, list[str]] = {}
	for channel, days in special.items():
		if days:
			by_days.setdefault(days, []).append(channel)
	return [
		AgingGroup(default_days(), others=tuple(special)),
		*(AgingGroup(days, channels=tuple(names)) for days, names in by_days.items()),
	]


def age_leads(now: datetime | None = None) -> int:
	"""Move every lead whose time is up to Inactive; return how many. Commits after each batch.

	now: site time, default the present.
	"""
	now = now or now_datetime()
	moved = 0
	for group in groups():
		for happening, days in (
			(Happening.WENT_UNANSWERED, group.days.unanswered),
			(Happening.WENT_QUIET, group.days.quiet),
		):
			for count in _age_group(group, happening, rules.cutoff(now, days), now):
				moved += count
	if moved:
		frappe.publish_realtime(
			lifecycle.REALTIME_EVENT, {"lead": None}, room=lifecycle.lead_room(), after_commit=True
		)
		frappe.db.commit()
	return moved


def _age_group(group: AgingGroup, happening: Happening, cutoff: datetime, now: datetime) -> Iterator[int]:
	count = BATCH
	while count == BATCH:
		count = lifecycle.rest_batch(happening, cutoff, now, group.condition, group.values, BATCH)
		frappe.db.commit()
		yield count


def wake_snoozed(now: datetime | None = None) -> None:
	"""Show the leads again whose snooze is over. Their aging clock was set when they were snoozed."""
	lifecycle.wake_due(now or now_datetime())


def nudge_assignees(now: datetime | None = None) -> int:
	"""Remind each assignee once of New leads that turn Unanswered within a day; return how many."""
	now = now or now_datetime()
	nudged = 0
	for group in groups():
		due = rules.cutoff(now, group.days.unanswered)
		soon = rules.cutoff(now + rules.NUDGE_BEFORE, group.days.unanswered)
		while rows := _unnudged(group, due, soon):
			for row in rows:
				lifecycle.mark_nudged(row.name, now)
				alerts.nudge(row.name, row.inbox_assignee, row.title)
			frappe.db.commit()
			nudged += len(rows)
	return nudged


def _unnudged(group: AgingGroup, due: datetime, soon: datetime) -> list[frappe._dict]:
	return frappe.db.sql(
		f"""
		select name, title, inbox_assignee from `tabLead`
		where inbox_status = %(status)s
			and inbox_aging_from > %(due)s and inbox_aging_from <= %(soon)s
			and inbox_assignee is not null and inbox_assignee != ''
			and (inbox_nudged_on is null or inbox_nudged_on < inbox_aging_from)
			and {group.condition}
		order by inbox_aging_from, name
		limit {NUDGE_BATCH}
		""",
		{"status": Status.NEW.value, "due": due, "soon": soon, **group.values},
		as_dict=True,
	)


def days_for(
	channel: str | None, special: dict[str, AgingDays | None], default: AgingDays
) -> AgingDays | None:
	"""Return the days of a lead's channel, None where it never ages."""
	return special.get(channel, default) if channel else default
