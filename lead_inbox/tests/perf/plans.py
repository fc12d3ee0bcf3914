"""Whether each query that a growing site runs often goes by an index, as the database itself says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import frappe

from lead_inbox.api import desk, number_cards, worklist
from lead_inbox.bookings.services import claims, services, slots
from lead_inbox.conversion.rates import conversions, measuring, money, win_rates, windows
from lead_inbox.conversion.stages import qualifying, rescoring, scoring
from lead_inbox.conversion.stages.score_rules import Engagement, ScoreRule
from lead_inbox.inbox import aging, events, identity, lifecycle, rules
from lead_inbox.inbox.contact import calls
from lead_inbox.inbox.replies import outbox, relay
from lead_inbox.inbox.response import response_times
from lead_inbox.sequences import performance
from lead_inbox.tests.perf.database import recorded
from lead_inbox.tests.perf.rows import booking_slots
from lead_inbox.tests.perf.rows.pages import TAB, cursors_before
from lead_inbox.tests.perf.site import VIEWER
from lead_inbox.tests.perf.sizes import BOOKINGS, SLOT_DAYS

GROWING = (
	*("tabLead", "tabLead Message", "tabLead Event", "tabLead Transition"),
	*("tabSales Activity", "tabSequence Enrollment", "tabEvent", "tabEvent Participants"),
	*("tabBooking", "tabBooking Claim"),
)
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
		"""Frappe asks for the newest `modified` of a table: by its index, and the first row is all it reads."""
		return self.access == "ALL" or (self.access == "index" and self.rows > 1)


def explain_all(now: datetime) -> Iterator[Plan]:
	"""now: the moment as of which the leads were seeded. Changes nothing."""
	with booking_slots.only(BOOKINGS):
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
	bookable = booking_slots.make_services()
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
		**{
			f"work {tab} {scope}": lambda tab=tab, scope=scope: _as_viewer(
				lambda: worklist.get_items(tab, scope)
			)
			for tab in worklist.TABS
			for scope in worklist.SCOPES
		},
		"work counts": lambda: _as_viewer(lambda: worklist.get_counts("team")),
		"sequence report": lambda: _as_viewer(lambda: _measure_a_week(now)),
		"conversion rates": lambda: _as_viewer(lambda: _rates_of_a_week(now)),
		"due scores": lambda: rescoring._not_looked_at_since(TAB, now, True, rescoring.BATCH),
		"reckoned scores": lambda: scoring.scores_of([known.name], _rules_of_all_kinds(), now),
		"leads to qualify": lambda: qualifying._unqualified(now - qualifying.WINDOW, now),
		"free slots": lambda: slots.free_slots_of(bookable, now, now + timedelta(days=SLOT_DAYS)),
		"take a place": lambda: _take_a_place(bookable[0], now),
		"up next": lambda: _as_viewer(lambda: worklist.get_up_next("Lead", known.name)),
	}


def _take_a_place(name: str, now: datetime) -> None:
	service = services.read(name)
	booking = frappe.db.get_value("Booking", {"service": name}, order_by="starts_on desc")
	claims.take(booking, service, now, now + service.duration, service.users, over=True)


def _rules_of_all_kinds() -> list[ScoreRule]:
	return [ScoreRule(1, engagement) for engagement in Engagement]


def _as_viewer(action: Callable[[], object]) -> None:
	frappe.set_user(VIEWER)
	try:
		action()
	finally:
		frappe.set_user("Administrator")


def _measure_a_week(now: datetime) -> None:
	performance.measure(performance.Window(since=now - timedelta(days=7), until=now))


def _rates_of_a_week(now: datetime) -> None:
	week = windows.Window(since=(now - timedelta(days=7)).date(), until=now.date())
	measuring.measure_funnel(week)
	for count_by in windows.CountBy:
		for sales in money.SALES:
			measuring.measure(week, count_by, money.default_currency(), sales)
	conversions.converted_leads(week)
	win_rates.measure(week)


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
		if name in GROWING and step.rows is not None:  # an INSERT of values reads nothing
			rows = int(str(step.rows).split()[0])  # "1 (0%)" where another index filters them
			yield Plan(what, name, step.type, step.key, rows, " ".join(statement.split()))


def _real_name(alias: str, statement: str) -> str:
	"""A plan names an alias where the statement has one."""
	found = re.search(rf"`(tab[^`]+)`\s+(?:as\s+)?`?{re.escape(alias)}`?\b", statement, re.IGNORECASE)
	return found[1] if found and not alias.startswith("tab") else alias
