"""Whether each query that a growing site runs often goes by an index, as the database itself says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import frappe

from lead_inbox.api import desk, number_cards
from lead_inbox.inbox import aging, events, identity, lifecycle, rules
from lead_inbox.inbox.contact import calls
from lead_inbox.inbox.replies import outbox, relay
from lead_inbox.inbox.response import response_times
from lead_inbox.tests.perf.database import recorded
from lead_inbox.tests.perf.rows.pages import TAB, cursors_before
from lead_inbox.tests.perf.site import VIEWER

GROWING = ("tabLead", "tabLead Message", "tabLead Event", "tabLead Transition")
SCANS = ("ALL", "index")
PREFIXES = ("select", "insert", "update", "delete")
LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\b\d+\b")


@dataclass(frozen=True)
class Plan:
	"""How a statement reaches one of the tables that grow."""

	what: str
	table: str
	access: str
	key: str | None
	rows: int
	statement: str

	@property
	def is_scan(self) -> bool:
		return self.access in SCANS


def explain_all(now: datetime) -> Iterator[Plan]:
	"""now: the moment as of which the leads were seeded. Changes nothing."""
	for what, action in _actions(now).items():
		with recorded() as statements:
			action()
		frappe.db.rollback()
		for statement in {LITERAL.sub("?", text): text for text in statements}.values():
			yield from _explain(what, statement)


def _actions(now: datetime) -> dict[str, Callable[[], object]]:
	known = frappe.get_all(
		"Lead",
		filters={"inbox_status": TAB},
		fields=["name", "inbox_phone_e164", "email_id", "inbox_last_message"],
		order_by="name asc",
		limit=1,
	)[0]
	thread = frappe.db.get_value("Lead Message", known.inbox_last_message, "thread_key")
	cursor = cursors_before(10, 1)[0]
	return {
		"first page": lambda: _as_viewer(lambda: desk.get_leads(status=TAB)),
		"later page": lambda: _as_viewer(lambda: desk.get_leads(status=TAB, cursor=cursor)),
		"counts": lambda: _as_viewer(desk.get_counts),
		"aging": lambda: _rest_one_batch(now),
		"nudge": lambda: aging._unnudged(aging.groups()[0], now, now),
		"wake snoozed": lambda: lifecycle.wake_due(now),
		"due events": lambda: events.due_events(50),
		"match by thread": lambda: identity.match_lead(thread, [], []),
		"match by phone": lambda: identity.match_lead(None, [known.inbox_phone_e164], []),
		"match by e-mail": lambda: identity.match_lead(None, [], [known.email_id]),
		"match by relay address": lambda: relay.lead_of_recipients([f"inbox+{'a' * 16}@company.example"]),
		"open lead": lambda: _as_viewer(lambda: desk.get_lead(known.name)),
		"due messages": outbox._due,
		"lost messages": outbox.settle_lost,
		"unanswered messages": lambda: response_times._waiting(known.name, now),
		"forgotten calls": lambda: calls.forgotten_calls(now),
		"to call back": lambda: _as_viewer(number_cards.to_call_back),
	}


def _as_viewer(action: Callable[[], object]) -> None:
	frappe.set_user(VIEWER)
	try:
		action()
	finally:
		frappe.set_user("Administrator")


def _rest_one_batch(now: datetime) -> None:
	for group in aging.groups():
		for happening, days in (
			(rules.Happening.WENT_UNANSWERED, group.days.unanswered),
			(rules.Happening.WENT_QUIET, group.days.quiet),
		):
			cutoff = rules.cutoff(now, days)
			lifecycle.rest_batch(happening, cutoff, now, group.condition, group.values, aging.BATCH)
			frappe.db.rollback()


def _explain(what: str, statement: str) -> Iterator[Plan]:
	if not statement.lstrip().lower().startswith(PREFIXES):
		return
	if not any(f"`{table}`" in statement for table in GROWING):
		return
	# not format=json: MariaDB does not escape the quotes of a text that a condition holds
	for step in frappe.db.sql("explain " + statement.replace("%", "%%"), (), as_dict=True):
		name = _real_name(step.table, statement) if step.table else ""
		if name in GROWING:
			yield Plan(what, name, step.type, step.key, int(step.rows or 0), " ".join(statement.split()))


def _real_name(alias: str, statement: str) -> str:
	"""A plan names an alias where the statement has one."""
	found = re.search(rf"`(tab[^`]+)`\s+(?:as\s+)?`?{re.escape(alias)}`?\b", statement, re.IGNORECASE)
	return found[1] if found and not alias.startswith("tab") else alias
