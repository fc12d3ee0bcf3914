"""Where the items of a worklist come from (SQ-6): Sales Activities, Events of Frappe's, leads to call back.

Each source is a few queries, its branches. A branch goes by one index that holds its rows in the order of
the list, so a page costs the same wherever it is; worklist.py puts them together. Only what is about a
record that the user may read is in any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe
from pypika.terms import Criterion, Field

from lead_inbox import permissions
from lead_inbox.sequences.activities.activity_rules import Status
from lead_inbox.sequences.records import DOCTYPES, LEAD, OPPORTUNITY
from lead_inbox.sequences.rules import Kind
from lead_inbox.sequences.worklist.worklist_rules import Days

ACTIVITY, CALL_BACK, EVENT = "activity", "call_back", "event"  # in the order of items of one moment
EARLIEST = datetime(1900, 1, 1)
SCOPES = ("mine", "team", "unassigned")


class Span:
	"""The parts of a worklist that are read by themselves."""

	OLD = "old"
	OVERDUE = "overdue"
	TODAY = "today"
	DUE = "due"  # overdue and today
	UPCOMING = "upcoming"
	COMPLETED = "completed"


class Condition(Criterion):
	"""A condition that Frappe gives as text."""

	def __init__(self, sql: str) -> None:
		super().__init__()
		self.sql = sql

	def get_sql(self, **_options: Any) -> str:
		# what is no placeholder of the query's own values
		return f"({self.sql})".replace("%", "%%")


@dataclass(frozen=True)
class Wanted:
	"""Whose work, and which of it. user: whose list it is. assignee: only what is this user's."""

	scope: str
	user: str
	groups: tuple[str, ...] = ()
	kind: str | None = None
	sequence: str | None = None
	reference_doctype: str | None = None
	assignee: str | None = None

	@property
	def doctypes(self) -> tuple[str, ...]:
		return (self.reference_doctype,) if self.reference_doctype else DOCTYPES


@dataclass(frozen=True)
class Branch:
	"""A query that names items of one source. on: the column that they are ordered by, before the name."""

	source: str
	table: Any
	on: Field
	criteria: Criterion
	columns: tuple[Any, ...] = field(default=())


def branches(span: str, wanted: Wanted, days: Days) -> Iterator[Branch]:
	"""Return the queries which together name each item of a part of the worklist once."""
	yield from _activities(span, wanted, days)
	yield from _call_backs(span, wanted, days)
	yield from _events(span, wanted, days)


def _activities(span: str, wanted: Wanted, days: Days) -> Iterator[Branch]:
	table = frappe.qb.DocType("Sales Activity")
	on = table.completed_on if span == Span.COMPLETED else table.due_on
	columns = (table.lead, table.kind, table.event)
	rest = _rest_of_activities(table, wanted)
	for part in _parts_of_activities(table, span, days):
		for whose in _whose_activities(table, span, wanted):
			yield Branch(ACTIVITY, table, on, Criterion.all([*whose, *part, *rest]), columns)


def _parts_of_activities(table: Any, span: str, days: Days) -> list[list[Criterion]]:
	is_open = table.status == Status.OPEN.value
	if span == Span.COMPLETED:
		done = (Status.COMPLETED, Status.SKIPPED)
		return [[table.status == status.value, table.completed_on >= EARLIEST] for status in done]
	if span == Span.UPCOMING:
		later = (table.due_on >= days.tomorrow_from) | (table.snoozed_until > days.now)
		return [
			[is_open, table.due_on > days.now, later],
			[table.status == Status.SCHEDULED.value, table.due_on >= EARLIEST],
		]
	awake = table.snoozed_until.isnull() | (table.snoozed_until <= days.now)
	return [[is_open, *_within(table.due_on, span, days), awake]]


def _whose_activities(table: Any, span: str, wanted: Wanted) -> list[list[Criterion]]:
	"""What nobody in a group has claimed is the work of each member; what is done is who did it's."""
	if wanted.scope == "team":
		return [[]]
	if wanted.scope == "unassigned":
		return [[table.user.isnull()]]
	own = [table.user == wanted.user]
	groups = () if span == Span.COMPLETED else wanted.groups
	return [own, *([table.user_group == group, table.user.isnull()] for group in groups)]


def _rest_of_activities(table: Any, wanted: Wanted) -> list[Criterion]:
	asked = {
		table.kind: wanted.kind,
		table.sequence: wanted.sequence,
		table.reference_doctype: wanted.reference_doctype,
		table.user: wanted.assignee,
	}
	visible = Condition(permissions.sales_activity_conditions())
	return [*(column == value for column, value in asked.items() if value), visible]


def _call_backs(span: str, wanted: Wanted, days: Days) -> Iterator[Branch]:
	"""Leads whose customers wait to be called back. One that is snoozed is called when it wakes."""
	if wanted.sequence or wanted.kind not in (None, Kind.CALL.value) or LEAD not in wanted.doctypes:
		return
	if span == Span.COMPLETED or (visible := permissions.readable(LEAD)) is None:
		return
	table = frappe.qb.DocType(LEAD)
	criteria = [Condition(visible)] if visible else []
	if wanted.scope == "mine":
		criteria.append(table.inbox_assignee == wanted.user)
	elif wanted.scope == "unassigned":
		criteria.append(table.inbox_assignee.isnull())
	if wanted.assignee:
		criteria.append(table.inbox_assignee == wanted.assignee)
	on, snoozed_until = table.inbox_call_back_on, table.inbox_snoozed_until
	if span == Span.UPCOMING:
		criteria += [snoozed_until >= EARLIEST, on.isnotnull()]
	else:
		criteria += [*_within(on, span, days), snoozed_until.isnull()]
	due = snoozed_until if span == Span.UPCOMING else on
	yield Branch(CALL_BACK, table, due, Criterion.all(criteria), (table.name.as_("lead"),))


def _events(span: str, wanted: Wanted, days: Days) -> Iterator[Branch]:
	"""Open Events about a record, but for those that are the calendar entry of an activity. A series that
	repeats has no one time and stays in the calendar."""
	if wanted.sequence or wanted.kind not in (None, Kind.MEETING.value):
		return
	if span == Span.COMPLETED or wanted.scope == "unassigned":
		return
	if all(permissions.readable(doctype) is None for doctype in wanted.doctypes):
		return
	table = frappe.qb.DocType("Event")
	criteria = [table.status == "Open", *_within(table.starts_on, span, days)]
	if wanted.assignee:
		criteria.append(table.owner == wanted.assignee)
	about = _about(table, wanted.doctypes)
	if wanted.scope == "mine":
		own = (table.owner == wanted.user) | table.name.isin(_assigned_events(wanted.user))
		about = (own & about) | _about(table, wanted.doctypes, owner=wanted.user)
	# what few Events are comes first: it spares the others the rest
	yield Branch(EVENT, table, table.starts_on, Criterion.all([*criteria, about, *unlinked(table)]))


def _assigned_events(user: str) -> list[str]:
	return frappe.get_all(
		"ToDo",
		filters={"reference_type": "Event", "allocated_to": user, "status": "Open"},
		pluck="reference_name",
		order_by="creation desc",
	) or [""]


def unlinked(event: Any) -> list[Criterion]:
	"""Return what Events must be to be items of their own."""
	activity = frappe.qb.DocType("Sales Activity")
	linked = frappe.qb.from_(activity).select(activity.name).where(activity.event == event.name)
	return [event.repeat_this_event == 0, linked.limit(1).isnull()]


def _has(query: Any) -> Criterion:
	"""Whether a query finds a row. Not by EXISTS: MariaDB turns that into IN, and reads the whole table for it."""
	return query.limit(1).isnotnull()


def _within(on: Field, span: str, days: Days) -> list[Criterion]:
	start, end = {
		Span.OLD: (EARLIEST, days.old_before),
		Span.OVERDUE: (days.old_before, days.today_from),
		Span.TODAY: (days.today_from, days.tomorrow_from),
		Span.DUE: (days.old_before, days.tomorrow_from),
		Span.UPCOMING: (days.tomorrow_from, None),
	}[span]
	return [on >= start, *([on < end] if end else [])]


def _about(event: Any, doctypes: tuple[str, ...], owner: str | None = None) -> Criterion:
	"""Whether an Event has a visible record as participant or reference; one of the owner's if one is given."""
	participant = frappe.qb.DocType("Event Participants")
	having = frappe.qb.from_(participant).select(participant.name).where(participant.parent == event.name)
	by_participant = having.where(
		_is_record(participant.reference_doctype, participant.reference_docname, doctypes, owner)
	)
	by_reference = _is_record(event.reference_doctype, event.reference_docname, doctypes, owner)
	return _has(by_participant) | by_reference


def _is_record(doctype: Field, name: Field, doctypes: tuple[str, ...], owner: str | None) -> Criterion:
	"""doctypes: those that count, of which the user may read some."""
	readable = {one: permissions.readable(one) for one in doctypes}
	return Criterion.any(
		(doctype == one) & _is_one_of(one, name, visible, owner)
		for one, visible in readable.items()
		if visible is not None
	)


def _is_one_of(doctype: str, name: Field, visible: str, owner: str | None) -> Criterion:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name == name)
	if visible:
		query = query.where(Condition(visible))
	return _has(query.where(_is_owner(doctype, table, owner)) if owner else query)


def _is_owner(doctype: str, table: Any, user: str) -> Criterion:
	if doctype == LEAD:
		return (table.inbox_assignee == user) | (table.lead_owner == user)
	todo = frappe.qb.DocType("ToDo")
	assigned = (
		frappe.qb.from_(todo)
		.select(todo.name)
		.where((todo.reference_type == OPPORTUNITY) & (todo.reference_name == table.name))
		.where((todo.allocated_to == user) & (todo.status == "Open"))
	)
	return (table.opportunity_owner == user) | _has(assigned)
