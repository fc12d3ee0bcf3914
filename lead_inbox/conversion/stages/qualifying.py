"""Reminding of leads that nobody has qualified a day after they arrived (CO-1).

Once a lead, and in one alert for all that somebody is to look at: the scheduler asks each hour.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.conversion.stages import stage_settings
from lead_inbox.conversion.stages.stage_rules import Stage
from lead_inbox.inbox import alerts, lifecycle
from lead_inbox.inbox.rules import Status
from lead_inbox.sequences import records
from lead_inbox.sequences.enrollment.assignees import Staff

UNQUALIFIED = "Unqualified"
OPEN = (Status.NEW.value, Status.ACTIVE.value)
WINDOW = timedelta(days=7)  # a site that gets the app is not reminded of its whole past
BATCH = 1000
SAVEPOINT = "reminded_leads"


def remind(now: datetime | None = None) -> int:
	"""Remind whoever has them of leads that want qualifying; return of how many. Commits.

	now: site time, default the present. A lead that is snoozed waits until it is back.
	"""
	now, hours = now or now_datetime(), stage_settings.remind_after_hours()
	if not hours:
		return 0
	due_by = now - timedelta(hours=hours)
	rows = _unqualified(due_by - WINDOW, due_by)
	reminded = sum(len(leads) for users, leads in _by_users(rows).items() if _remind_apart(users, leads, now))
	frappe.db.commit()
	return reminded


def _unqualified(since: datetime, until: datetime) -> list[frappe._dict]:
	lead = frappe.qb.DocType("Lead")
	fields = [lead[field] for field in (*records.FIELDS["Lead"], "title")]
	is_lead = lead.inbox_stage.isnull() | lead.inbox_stage.isin(["", Stage.LEAD.value])
	# nobody has chosen where the field is empty, as it is in a lead that no form made
	is_unqualified = lead.qualification_status.isnull() | lead.qualification_status.isin(["", UNQUALIFIED])
	return (
		frappe.qb.from_(lead)
		.select(*fields)
		.where(lead.inbox_arrived_on.between(since, until))
		.where(lead.inbox_status.isin(OPEN) & lead.inbox_snoozed_until.isnull())
		.where(lead.inbox_qualify_reminded_on.isnull() & (lead.inbox_converted == 0))
		.where(is_lead & is_unqualified)
		.orderby(lead.inbox_arrived_on)
		.limit(BATCH)
	).run(as_dict=True)


def _by_users(rows: list[frappe._dict]) -> dict[tuple[str, ...], list[frappe._dict]]:
	"""Group leads by who is to be reminded: whoever has them, else the channel's people."""
	staff = Staff("Lead", {row.name: row for row in rows})
	people: dict[str | None, tuple[str, ...]] = {}
	groups: dict[tuple[str, ...], list[frappe._dict]] = defaultdict(list)
	for row in rows:
		owner = staff.owner_of(row.name)
		if not owner and row.inbox_channel not in people:
			people[row.inbox_channel] = _people_of(row.inbox_channel)
		groups[(owner,) if owner else people[row.inbox_channel]].append(row)
	return groups


def _people_of(channel: str | None) -> tuple[str, ...]:
	doc = frappe.get_cached_doc("Lead Channel", channel) if channel else frappe._dict()
	return tuple(alerts.people_of(doc))


def _remind_apart(users: tuple[str, ...], leads: list[frappe._dict], now: datetime) -> bool:
	"""Remind some users of some leads; what fails is undone and tried again at the next run."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		lifecycle.mark_reminded_to_qualify([lead.name for lead in leads], now)
		alerts.to_qualify(users, {lead.name: lead.title for lead in leads})
		return True
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.log_error(_("Nobody could be reminded of leads to qualify"))
		return False
