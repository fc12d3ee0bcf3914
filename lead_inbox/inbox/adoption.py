"""Taking in the leads that a site had before the app."""

from __future__ import annotations

from datetime import datetime

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox import rules
from lead_inbox.inbox.adoption_rules import adopted, days_untouched
from lead_inbox.inbox.aging import default_days
from lead_inbox.inbox.identity import phone_keys

BATCH = 5_000


def adopt_leads() -> None:
	"""Give each lead without one the inbox state that its history speaks for.

	Set-based: a site may have a million of them. Nobody is alerted of old leads.
	"""
	cutoff = rules.cutoff(now_datetime(), days_untouched(default_days()))
	for erp_status in frappe.get_all("Lead", pluck="status", distinct=True, order_by="status asc"):
		for is_untouched in (True, False):
			_adopt(erp_status or "", is_untouched, cutoff)
	_adopt_assignees()
	_adopt_phones()


def _adopt(erp_status: str, is_untouched: bool, cutoff: datetime) -> None:
	status, reason = adopted(erp_status, is_untouched)
	frappe.db.sql(
		f"""
		update `tabLead` set
			inbox_status = %(status)s,
			inbox_reason = %(reason)s,
			inbox_arrived_on = creation,
			inbox_last_interaction_on = modified,
			inbox_aging_from = modified
		where (inbox_status is null or inbox_status = '') and ifnull(status, '') = %(erp_status)s
			and modified {"<=" if is_untouched else ">"} %(cutoff)s
		""",
		{"status": status.value, "reason": reason, "erp_status": erp_status, "cutoff": cutoff},
	)


def adopt_response_times() -> None:
	"""Give what was answered before response times were kept the time that the stored moments speak for.

	Else the next reply would count as the answer to all that the customer has ever said. Channels had no
	hours then, so both measures are the same; an hour is off across a change of the clock.
	"""
	frappe.db.sql(
		"""
		update `tabLead` set
			inbox_first_response_seconds =
				greatest(0, timestampdiff(second, inbox_arrived_on, inbox_first_response_on)),
			inbox_first_response_business_seconds = inbox_first_response_seconds
		where inbox_first_response_on is not null and inbox_arrived_on is not null
			and inbox_first_response_seconds = 0
		"""
	)
	frappe.db.sql(
		"""
		update `tabLead Message` heard
		join (
			select said.name, min(answer.sent_on) as answered_on
			from `tabLead Message` said
			join `tabLead Message` answer on answer.lead = said.lead and answer.sent_on >= said.sent_on
			where said.direction = 'In' and said.automated = 0 and said.answered_on is null
				and if(answer.kind = 'Call', answer.call_status = 'Answered',
					answer.direction = 'Out' and answer.automated = 0)
			group by said.name
		) answered on answered.name = heard.name
		set heard.answered_on = answered.answered_on,
			heard.response_seconds = timestampdiff(second, heard.sent_on, answered.answered_on),
			heard.response_business_seconds = timestampdiff(second, heard.sent_on, answered.answered_on)
		"""
	)


def _adopt_assignees() -> None:
	frappe.db.sql(
		"""
		update `tabLead` lead
		join (
			select reference_name, min(allocated_to) as allocated_to from `tabToDo`
			where reference_type = 'Lead' and status = 'Open' group by reference_name
		) todo on todo.reference_name = lead.name
		set lead.inbox_assignee = todo.allocated_to
		"""
	)


def _adopt_phones() -> None:
	"""Numbers are normalized by a library, so row by row, in batches that keep memory flat."""
	last = ""
	while rows := frappe.get_all(
		"Lead",
		filters={"name": [">", last]},
		or_filters=[["phone", "is", "set"], ["mobile_no", "is", "set"]],
		fields=["name", "phone", "mobile_no", "country"],
		order_by="name asc",
		limit=BATCH,
	):
		updates = {row.name: keys for row in rows if any((keys := phone_keys(row)).values())}
		frappe.db.bulk_update("Lead", updates, chunk_size=1000, update_modified=False)
		last = rows[-1].name
