"""Leads and messages by the million, made by the database itself from numbers in sequence.

A set of tables is filled aside, then put in the place of the site's own by renaming: a large and a small
set change places in a moment, and a run that is broken off leaves nothing half filled in place.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import frappe
from frappe.utils import get_datetime, now_datetime

from lead_inbox.tests.perf.site import (
	EXEMPT_CHANNEL,
	PLAIN_CHANNEL,
	SALES_USERS,
	SOON_CHANNEL,
	VIEWER,
	WEBHOOK_CHANNEL,
)
from lead_inbox.tests.perf.sizes import MESSAGES_PER_LEAD

TABLES = (
	*("Lead", "Lead Message", "Lead Transition", "Lead Read Marker", "ToDo"),
	*("Sales Activity", "Event", "Event Participants"),
)
STAMP = "lead_inbox_perf_seed"
FULLTEXT_KEY = re.compile(r"FULLTEXT KEY `(\w+)` \(.*?\)")

# Of 100 leads in a row: what they are. 70 of them are New or Active and past their days.
BUCKETS = """
	case
		when bucket < 35 then 'New due' when bucket < 70 then 'Active due'
		when bucket < 75 then 'New' when bucket < 80 then 'Active'
		when bucket < 82 then 'New exempt'
		when bucket < 85 then 'Booked' when bucket < 92 then 'Inactive'
		when bucket < 95 then 'Declined' else 'Closed'
	end
"""
DUE_SHARE = 0.7

# Minutes since the last interaction: older for lower numbers, scrambled within two days, as leads that
# arrived about the same time do not go on in the order of their arrival.
AGES = """
	case
		when kind like '%% due' or kind like '%% exempt' then
			16 * 1440 + floor((%(total)s - n) / %(total)s * 60 * 1440) + mod(n * 104729, 2880)
		when kind in ('New', 'Active') then
			floor((%(total)s - n) / %(total)s * 11 * 1440) + mod(n * 104729, 1440)
		else 80 * 1440 + floor((%(total)s - n) / %(total)s * 300 * 1440) + mod(n * 104729, 2880)
	end
"""

FACTS = f"""
	select n, kind, concat('CRM-LEAD-', lpad(n, 8, '0')) as lead,
		substring_index(kind, ' ', 1) as status,
		%(now)s - interval ({AGES}) minute - interval mod(n, 60000000) microsecond as spoken_on,
		elt(mod(n, 16) + 1, 'Maria', 'John', 'Wei', 'Aisha', 'Carlos', 'Elena', 'Kofi', 'Priya',
			'Tom', 'Sara', 'Ivan', 'Mei', 'Ana', 'Omar', 'Julia', 'Ben') as first_name,
		elt(mod(n div 16, 12) + 1, 'Moss', 'Kim', 'Garcia', 'Okafor', 'Novak', 'Rossi', 'Smith', 'Patel',
			'Ito', 'Berg', 'Silva', 'Cohen') as last_name,
		if(kind like '%% exempt', '{EXEMPT_CHANNEL}', elt(mod(n, 3) + 1,
			'{WEBHOOK_CHANNEL}', '{PLAIN_CHANNEL}', '{SOON_CHANNEL}')) as channel,
		if(kind like 'New%%' or (kind = 'Inactive' and mod(n, 2)), 0, 1) as answered,
		if(mod(n, 10) < 7, elt(mod(n, {len(SALES_USERS)}) + 1, {", ".join(map(repr, SALES_USERS))}), null) as assignee
	from (select n, {BUCKETS} as kind from (
		select seq as n, mod(seq * 7919, 100) as bucket from seq_1_to_{{leads}}) numbers) kinds
"""

OWNED = (
	"spoken_on as creation, spoken_on as modified, 'Administrator' as owner, 'Administrator' as modified_by"
)

ROWS = {
	"Lead": f"""
		select lead as name, {OWNED}, 'CRM-LEAD-.YYYY.-' as naming_series, first_name, last_name,
			concat(first_name, ' ', last_name) as lead_name, concat(first_name, ' ', last_name) as title,
			concat(lower(first_name), '.', lower(last_name), '.', n, '@mail.example') as email_id,
			concat('+1212', lpad(n, 7, '0')) as phone, concat('+1212', lpad(n, 7, '0')) as inbox_phone_e164,
			'United States' as country, 'en' as language,
			case status when 'Closed' then 'Converted' when 'New' then 'Lead' else 'Replied' end as status,
			if(assignee is null, null, concat('["', assignee, '"]')) as _assign,
			status as inbox_status, assignee as inbox_assignee, channel as inbox_channel,
			case status when 'Closed' then 'Converted' when 'Inactive' then if(answered, 'Quiet', 'Unanswered')
				else '' end as inbox_reason,
			if(mod(n, 100) = 1 and status = 'Active', %(now)s + interval 5 day, null) as inbox_snoozed_until,
			elt(mod(n, 5) + 1, 'Message', 'Phone Call', 'Booking', 'Form', 'Email') as inbox_type,
			elt(mod(n, 4) + 1, 'Roof repair', 'New boiler', 'House painting', 'Move') as inbox_service,
			'Could you come and have a look at it some day this week?' as inbox_description,
			'New York' as inbox_location, lpad(mod(n, 99999), 5, '0') as inbox_postal_code,
			spoken_on - interval if(answered, 4, 0) day as inbox_arrived_on,
			spoken_on as inbox_last_inbound_on, spoken_on as inbox_last_interaction_on,
			if(answered, spoken_on - interval 3 day, null) as inbox_first_response_on,
			spoken_on as inbox_aging_from, left(md5(concat(n, '-', {MESSAGES_PER_LEAD})), 16) as inbox_last_message
		from facts
	""",
	"Lead Message": f"""
		select left(md5(concat(n, '-', turn.seq)), 16) as name, {OWNED}, lead, channel, 'Message' as kind,
			if(answered and mod(turn.seq, 2) = 0, 'Out', 'In') as direction,
			spoken_on - interval ({MESSAGES_PER_LEAD} - turn.seq) * 7 hour as sent_on,
			concat(first_name, ' ', last_name) as sender_name,
			concat('Hello, this is message ', turn.seq, ' of ', first_name, ' ', last_name,
				'. Could you tell me what ', elt(mod(n, 4) + 1, 'a new roof', 'a boiler', 'painting', 'the move'),
				' would cost, and when you could start? I am at home on ',
				elt(mod(n + turn.seq, 5) + 1, 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'),
				'. Thank you!') as content,
			concat('perf-', n, '-', turn.seq) as external_id,
			sha2(concat(channel, char(0), 'perf-', n, '-', turn.seq), 256) as message_key,
			sha2(concat(channel, char(0), 'perf-', n), 256) as thread_key
		from facts join seq_1_to_{MESSAGES_PER_LEAD} turn
	""",
	"Lead Transition": f"""
		select left(md5(concat('arrival ', n)), 16) as name, {OWNED}, lead, '' as from_status,
			'New' as to_status, 'Administrator' as user, spoken_on as transition_on
		from facts
	""",
	"Lead Read Marker": f"""
		select left(md5(concat('marker ', n)), 16) as name, {OWNED}, lead, '{VIEWER}' as user,
			spoken_on + interval if(mod(n, 2), 1, -1) hour as read_on
		from facts where mod(n, 3) = 0
	""",
	"ToDo": f"""
		select left(md5(concat('todo ', n)), 16) as name, {OWNED}, 'Open' as status, 'Medium' as priority,
			assignee as allocated_to, 'Lead' as reference_type, lead as reference_name,
			'Administrator' as assigned_by, concat('New lead: ', first_name, ' ', last_name) as description
		from facts where assignee is not null
	""",
	# Every tenth lead has one; half of them are to be done, within two months before and after.
	"Sales Activity": f"""
		select left(md5(concat('activity ', n)), 10) as name, {OWNED}, 'Call' as title, 'Phone Call' as kind,
			if(mod(n div 10, 2), 'Completed', 'Open') as status, assignee as user,
			%(now)s + interval (cast(mod(n * 7919, 120 * 1440) as signed) - 60 * 1440) minute as due_on,
			if(mod(n div 10, 2), spoken_on, null) as completed_on,
			'Lead' as reference_doctype, lead as reference_name, lead
		from facts where mod(n, 10) = 0
	""",
	# Of some leads a meeting; most are past and were left open, as calendars are.
	"Event": f"""
		select concat('PERF-', n) as name, {OWNED}, 'Meeting' as subject, 'Open' as status,
			'Private' as event_type,
			%(now)s + interval (cast(mod(n * 7919, 400 * 1440) as signed) - 380 * 1440) minute as starts_on
		from facts where mod(n, 50) = 0
	""",
	"Event Participants": f"""
		select concat('PERF-', n) as name, {OWNED}, concat('PERF-', n) as parent, 'Event' as parenttype,
			'event_participants' as parentfield, 1 as idx, 'Lead' as reference_doctype,
			lead as reference_docname
		from facts where mod(n, 50) = 0
	""",
}


def ensure_leads(leads: int) -> datetime:
	"""Have the site's tables hold that many leads; return the moment as of which they were made (site time)."""
	key = hashlib.sha256(f"{leads} {Path(__file__).read_text()}".encode()).hexdigest()
	stamp = json.loads(frappe.db.get_global(STAMP) or "{}")
	_put_back()
	if stamp.get("key") != key:
		frappe.db.set_global(STAMP, "{}")
		frappe.db.commit()
		stamp = {"key": key, "now": str(now_datetime())}
		_fill_aside("full", leads, get_datetime(stamp["now"]))
		_exchange("full", "discarded")
		_drop("discarded")
		frappe.db.set_global(STAMP, json.dumps(stamp))
		frappe.db.commit()
	return get_datetime(stamp["now"])


class OtherSize:
	"""A second, small set of tables that can stand in the place of the large one."""

	def __init__(self, leads: int, now: datetime) -> None:
		_drop("small")
		_fill_aside("small", leads, now)

	@contextmanager
	def in_place(self) -> Iterator[None]:
		_exchange("small", "large")
		try:
			yield
		finally:
			_exchange("large", "small")

	def drop(self) -> None:
		_drop("small")


def _fill_aside(suffix: str, leads: int, now: datetime) -> None:
	frappe.db.commit()
	# lets InnoDB sort the rows and build each index in one pass instead of row by row
	frappe.db.sql("set session unique_checks = 0, foreign_key_checks = 0")
	started = time.monotonic()
	for doctype in TABLES:
		aside = _aside(doctype, suffix)
		frappe.db.sql_ddl(f"drop table if exists `{aside}`")
		frappe.db.sql_ddl(f"create table `{aside}` like `tab{doctype}`")
		fulltext = {found[1]: found[0] for found in FULLTEXT_KEY.finditer(_definition(aside))}
		for name in fulltext:
			frappe.db.sql_ddl(f"alter table `{aside}` drop key `{name}`")
		_insert(aside, doctype, leads, now)
		for definition in fulltext.values():
			frappe.db.sql_ddl(f"alter table `{aside}` add {definition}")
		frappe.db.sql_ddl(f"analyze table `{aside}`")
		print(f"Seeded {doctype} for {leads:,} leads, {time.monotonic() - started:.0f} s", flush=True)
	frappe.db.sql("set session unique_checks = 1, foreign_key_checks = 1")


def _insert(table: str, doctype: str, leads: int, now: datetime) -> None:
	facts = FACTS.format(leads=leads)
	rows = ROWS[doctype]
	values = {"now": now, "total": leads}
	columns = _columns_of(f"with facts as ({FACTS.format(leads=1)}) {rows}", values)
	frappe.db.sql(f"insert into `{table}` ({columns}) with facts as ({facts}) {rows} order by name", values)
	frappe.db.commit()


def _columns_of(query: str, values: dict[str, object]) -> str:
	frappe.db.sql(query, values)
	return ", ".join(f"`{column[0]}`" for column in frappe.db._cursor.description)


def _definition(table: str) -> str:
	return frappe.db.sql(f"show create table `{table}`")[0][1]


def _aside(doctype: str, suffix: str) -> str:
	return f"perf {suffix} {doctype}"


def _exchange(suffix: str, replaced: str) -> None:
	"""Put a set in place and the present one aside, in one statement: all or nothing."""
	moves = [
		move
		for doctype in TABLES
		for move in (
			f"`tab{doctype}` to `{_aside(doctype, replaced)}`",
			f"`{_aside(doctype, suffix)}` to `tab{doctype}`",
		)
	]
	frappe.db.sql_ddl(f"rename table {', '.join(moves)}")


def _put_back() -> None:
	"""End what a run that was broken off left behind."""
	if _exists("large"):
		_exchange("large", "discarded")
	for suffix in ("full", "small", "discarded"):
		_drop(suffix)


def _exists(suffix: str) -> bool:
	return bool(frappe.db.sql("show tables like %s", (_aside("Lead", suffix),)))


def _drop(suffix: str) -> None:
	for doctype in TABLES:
		frappe.db.sql_ddl(f"drop table if exists `{_aside(doctype, suffix)}`")
