"""The inbox page's first page and a late one, in a large site against a small one."""

from __future__ import annotations

import json
from datetime import datetime

import frappe

from lead_inbox.api import desk
from lead_inbox.tests.perf.measure import Comparison, time_of
from lead_inbox.tests.perf.seed import OtherSize
from lead_inbox.tests.perf.site import VIEWER
from lead_inbox.tests.perf.sizes import LATE_PAGE, LEADS, PAGE_LENGTH, SMALL_LEADS, in_words

TAB = "Active"
ROUNDS = 6
CALLS = 25
WARM_UP_CALLS = 5
# Each late page that is measured is another one: nobody has just read it.
STEP_BACK = 3


def measure(now: datetime) -> list[Comparison]:
	"""now: the moment as of which the leads were seeded."""
	small = OtherSize(SMALL_LEADS, now)
	first, late = Times(), Times()
	try:
		for _ in range(ROUNDS):
			with small.in_place():
				take(first.small, late.small)
			late_page = take(first.large, late.large)
	finally:
		small.drop()
	return [
		_comparison("inbox, first page", first),
		_comparison(f"inbox, page {late_page:,}", late),
	]


class Times:
	def __init__(self) -> None:
		self.large: list[float] = []
		self.small: list[float] = []


def take(first: list[float], late: list[float]) -> int:
	"""Measure both pages in the tables that are in place; returns the number of the latest page."""
	calls = CALLS + WARM_UP_CALLS
	last_page = min(LATE_PAGE, count_tab() // PAGE_LENGTH)
	cursors = cursors_before(last_page, calls * STEP_BACK)[::STEP_BACK]
	frappe.set_user(VIEWER)
	first += [seconds_of_page(None) for _ in range(calls)][WARM_UP_CALLS:]
	late += [seconds_of_page(cursor) for cursor in cursors][WARM_UP_CALLS:]
	frappe.set_user("Administrator")
	return last_page


def seconds_of_page(cursor: str | None) -> float:
	found: dict[str, list] = {}
	seconds = time_of(
		lambda: found.update(desk.get_leads(status=TAB, cursor=cursor, page_length=PAGE_LENGTH))
	)
	frappe.db.rollback()  # as the end of a request does
	if len(found["leads"]) != PAGE_LENGTH or not found["leads"][0]["preview"]:
		raise RuntimeError(f"This is not a full page of the inbox: {found['leads'][:1]}")
	return seconds


def count_tab() -> int:
	return frappe.db.count("Lead", {"inbox_status": TAB, "inbox_snoozed_until": ["is", "not set"]})


def cursors_before(last_page: int, pages: int) -> list[str]:
	"""The cursors of so many pages up to the last one, each as the page before it gave it."""
	first_page = max(2, last_page - pages + 1)
	rows = frappe.db.sql(
		"""select inbox_last_interaction_on, name from `tabLead`
		where inbox_status = %s and inbox_snoozed_until is null
		order by inbox_last_interaction_on desc, name desc limit %s offset %s""",
		(TAB, (last_page - first_page) * PAGE_LENGTH + 1, (first_page - 1) * PAGE_LENGTH - 1),
	)
	return [json.dumps([str(spoken_on), name]) for spoken_on, name in rows[::PAGE_LENGTH]]


def _comparison(what: str, times: Times) -> Comparison:
	return Comparison(
		what=f"{what}, with {in_words(LEADS)}",
		against=f"the same with {SMALL_LEADS:,} leads (a late page: its last)",
		at_most=1.5,
		size=f"{len(times.large)} calls a side as a Sales User, tab {TAB}",
		seconds=times.large,
		seconds_against=times.small,
	)
