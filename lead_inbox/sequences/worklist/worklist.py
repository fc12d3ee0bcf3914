"""My Work (SQ-6): the list of one tab, page by page, the counts of all tabs, and a single item.

What is due is ranked, so its pages can't simply follow an index: windows of WINDOW candidates in the order
of time are read and ranked one after the other. A cursor names the borders of its window by time and the
place of the last item shown by what it is ranked by, never by a number of items: what is completed or added
between two pages moves nothing else. The other tabs are in the order of time.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika import Order
from pypika.functions import Count
from pypika.terms import Criterion, ValueWrapper

from lead_inbox.sequences.activities import activity_rows
from lead_inbox.sequences.records import LEAD
from lead_inbox.sequences.rules import Kind
from lead_inbox.sequences.worklist import (
	worklist_events,
	worklist_facts,
	worklist_items,
	worklist_rules,
	worklist_sources,
)
from lead_inbox.sequences.worklist.worklist_rules import Customer, Days, Place
from lead_inbox.sequences.worklist.worklist_sources import ACTIVITY, CALL_BACK, EVENT, Branch, Span, Wanted

COUNT_LIMIT = 99
WINDOW = 500
COUNTED = (Span.OVERDUE, Span.TODAY, Span.UPCOMING, Span.COMPLETED, Span.OLD)


class Bound(NamedTuple):
	"""A place in the order of time that belongs to one item."""

	on: datetime
	source: str
	name: str


@dataclass(frozen=True)
class Window:
	"""A stretch of what is due. start: the item before it; end: its last one, None where it is not known yet.

	after: the place of the last item that was shown of it.
	"""

	start: Bound | None = None
	end: Bound | None = None
	after: Place | None = None


def page(
	tab: str, wanted: Wanted, cursor: str | None, length: int
) -> tuple[list[dict[str, Any]], str | None]:
	"""Return a page of items and the cursor of the next page or None.

	tab: of worklist_sources.Span. Raises frappe.ValidationError for a cursor that isn't one of ours.
	"""
	days = worklist_rules.days_at(now_datetime())
	read = _ranked_page if tab == Span.DUE else _timed_page
	keys, next_cursor = read(tab, wanted, days, cursor, length)
	return worklist_items.of(keys, days), next_cursor


def count(wanted: Wanted) -> dict[str, int]:
	"""Return how many items each part has, COUNT_LIMIT + 1 standing for more: a badge needs no more."""
	days = worklist_rules.days_at(now_datetime())
	queries = [
		_counting(span, branch)
		for span in COUNTED
		for branch in worklist_sources.branches(span, wanted, days)
	]
	union = queries[0]
	for query in queries[1:]:
		union = union.union_all(query)
	counts = dict.fromkeys(COUNTED, 0)
	for span, number in union.run():
		counts[span] = min(counts[span] + number, COUNT_LIMIT + 1)
	due = min(counts[Span.OVERDUE] + counts[Span.TODAY], COUNT_LIMIT + 1)
	return {**counts, Span.DUE: due}


def item(name: str, source: str = ACTIVITY) -> dict[str, Any] | None:
	"""Return one item, None for one that is gone, or whose record the user may not read.

	name: of the Sales Activity, of the Event, or of the lead to call back.
	"""
	if source == ACTIVITY:
		about = frappe.db.get_value(activity_rows.ACTIVITY, name, ["reference_doctype", "reference_name"])
	else:
		# of an Event's records worklist_items.py takes those that the user may read
		about = (LEAD, name) if source == CALL_BACK else None
	if source != EVENT and (not about or about not in worklist_facts.readable([about])):
		return None
	found = worklist_items.of([(source, name)], worklist_rules.days_at(now_datetime()))
	return found[0] if found else None


def _counting(span: str, branch: Branch) -> Any:
	some = frappe.qb.from_(branch.table).select(branch.table.name).where(branch.criteria)
	some = some.limit(COUNT_LIMIT + 1)
	return frappe.qb.from_(some).select(ValueWrapper(span), Count("*"))


def _timed_page(
	tab: str, wanted: Wanted, days: Days, cursor: str | None, length: int
) -> tuple[list[tuple[str, str]], str | None]:
	after = _read(cursor, _bound)
	found = _candidates(tab, wanted, days, limit=length + 1, after=after)
	shown = found[:length]
	keys = [(row.source, row.name) for row in shown]
	return keys, json.dumps(_bound_of(shown[-1]), default=str) if len(found) > length else None


def _ranked_page(
	tab: str, wanted: Wanted, days: Days, cursor: str | None, length: int
) -> tuple[list[tuple[str, str]], str | None]:
	window = _read(cursor, _window) or Window()
	while True:
		ranked, end = _rank(tab, wanted, days, window)
		left = [(place, row) for place, row in ranked if window.after is None or place > window.after]
		if left or not end:
			break
		window = Window(start=end)
	shown = left[:length]
	keys = [(row.source, row.name) for _place, row in shown]
	if len(left) > length:
		return keys, _written(Window(window.start, end, shown[-1][0]))
	return keys, _written(Window(start=end)) if end else None


def _rank(
	tab: str, wanted: Wanted, days: Days, window: Window
) -> tuple[list[tuple[Place, frappe._dict]], Bound | None]:
	"""Return what is in a window, in its order, and the window's end, None for the last one."""
	limit = None if window.end else WINDOW
	found = _candidates(tab, wanted, days, limit=limit, after=window.start, until=window.end)
	end = window.end or (_bound_of(found[-1]) if len(found) == WINDOW else None)
	customers = worklist_facts.customers(row.lead for row in found if row.lead)
	ranked = []
	for row in found:
		meets_on = row.on if row.is_meeting else None
		why = worklist_rules.urgency(customers.get(row.lead, Customer()), days.now, meets_on)
		ranked.append((worklist_rules.place(row.on, why, f"{row.source}/{row.name}"), row))
	return sorted(ranked, key=lambda pair: pair[0]), end


def _candidates(
	span: str,
	wanted: Wanted,
	days: Days,
	*,
	limit: int | None,
	after: Bound | None = None,
	until: Bound | None = None,
) -> list[frappe._dict]:
	"""Return items of a part of the worklist in the order of time: the latest first of what is completed."""
	backwards = span == Span.COMPLETED
	found = [
		_read_branch(branch, backwards, limit, after, until)
		for branch in worklist_sources.branches(span, wanted, days)
	]
	rows = list(heapq.merge(*found, key=_bound_of, reverse=backwards))[:limit]
	_add_leads_of_events(rows)
	return rows


def _read_branch(
	branch: Branch, backwards: bool, limit: int | None, after: Bound | None, until: Bound | None
) -> list[frappe._dict]:
	order = Order.desc if backwards else Order.asc
	query = (
		frappe.qb.from_(branch.table)
		.select(branch.table.name, branch.on.as_("on"), *branch.columns)
		.where(branch.criteria)
		.orderby(branch.on, order=order)
		.orderby(branch.table.name, order=order)
	)
	if after:
		query = query.where(_beyond(branch, after, backwards))
	if until:
		query = query.where(_beyond(branch, until, backwards).negate())
	if limit:
		query = query.limit(limit)
	rows = query.run(as_dict=True)
	for row in rows:
		is_meeting = branch.source == EVENT or (row.get("kind") == Kind.MEETING.value and bool(row.event))
		row.update(source=branch.source, is_meeting=is_meeting)
	return rows


def _beyond(branch: Branch, bound: Bound, backwards: bool) -> Criterion:
	"""Whether a row comes after an item in the order of time, of sources and of names."""
	on, name = branch.on, branch.table.name
	later = on < bound.on if backwards else on > bound.on
	from_then = on <= bound.on if backwards else on >= bound.on
	if branch.source == bound.source:
		return from_then & (later | (name < bound.name if backwards else name > bound.name))
	source_is_later = branch.source > bound.source
	return from_then if source_is_later != backwards else later


def _bound_of(row: frappe._dict) -> Bound:
	return Bound(row.on, row.source, row.name)


def _add_leads_of_events(rows: Iterable[frappe._dict]) -> None:
	events = [row for row in rows if row.source == EVENT]
	about = worklist_events.records_of([row.name for row in events])
	leads = worklist_facts.leads_of(record for found in about.values() for record in found)
	for row in events:
		row.lead = next(filter(None, map(leads.get, about.get(row.name, ()))), None)


def _written(window: Window) -> str:
	return json.dumps([window.start, window.end, window.after], default=str)


def _read(cursor: str | None, form: Any) -> Any:
	if not cursor:
		return None
	try:
		return form(json.loads(cursor))
	except (ValueError, TypeError):
		frappe.throw(_("This page can't be continued. Reload the list."))


def _window(parts: Any) -> Window:
	start, end, after = parts
	return Window(start and _bound(start), end and _bound(end), after and _place(after))


def _bound(parts: Any) -> Bound:
	on, source, name = parts
	return Bound(datetime.fromisoformat(on), str(source), str(name))


def _place(parts: Any) -> Place:
	day, score, due_on, key = parts
	return date.fromisoformat(day), int(score), datetime.fromisoformat(due_on), str(key)
