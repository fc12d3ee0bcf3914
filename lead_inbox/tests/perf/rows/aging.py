"""Bringing leads to rest, against the one bare UPDATE of the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import frappe

from lead_inbox.inbox import aging
from lead_inbox.tests.perf.database import wait_for_rest
from lead_inbox.tests.perf.measure import Comparison, alternate, time_of
from lead_inbox.tests.perf.seed import DUE_SHARE
from lead_inbox.tests.perf.site import EXEMPT_CHANNEL
from lead_inbox.tests.perf.sizes import LEADS

ROUNDS = 3

BARE_UPDATE = """
	update `tabLead` set
		inbox_reason = if(inbox_status = 'New', 'Unanswered', 'Quiet'),
		inbox_status = 'Inactive'
	where inbox_status in ('New', 'Active') and inbox_aging_from <= %(cutoff)s and inbox_channel != %(exempt)s
"""
# Seeded leads that rest already did so long before those that a run brings to rest.
RESET = """
	update `tabLead` set
		inbox_status = if(inbox_reason = 'Unanswered', 'New', 'Active'),
		inbox_reason = ''
	where inbox_status = 'Inactive' and inbox_aging_from > %(oldest)s
"""


def measure(now: datetime) -> list[Comparison]:
	"""now: the moment as of which the leads were seeded."""
	rest = Resting(now)
	rest.take_back()  # what a run that was broken off has moved
	rest.by_bare_update()  # both sides find the pages in memory that fit
	seconds, seconds_against = alternate(ROUNDS, rest.by_app, rest.by_bare_update)
	return [
		Comparison(
			what=f"aging {LEADS:,} leads of which {rest.due:,} move",
			against="the one bare UPDATE of the same rows",
			at_most=2.0,
			size=f"{LEADS:,} leads, {ROUNDS} runs a side",
			seconds=seconds,
			seconds_against=seconds_against,
		)
	]


class Resting:
	"""Both ways of moving the due leads, each followed by taking it back."""

	def __init__(self, now: datetime) -> None:
		self.now = now
		self.due = round(LEADS * DUE_SHARE)
		default = aging.default_days()
		self.values = {
			"cutoff": now - timedelta(days=max(default.unanswered, default.quiet)),
			"exempt": EXEMPT_CHANNEL,
			"oldest": now - timedelta(days=79),
		}

	def by_app(self) -> list[float]:
		return self._taken(lambda: aging.age_leads(self.now))

	def by_bare_update(self) -> list[float]:
		return self._taken(self._update)

	def _update(self) -> int:
		frappe.db.sql(BARE_UPDATE, self.values)
		moved = frappe.db._cursor.rowcount
		frappe.db.commit()
		return moved

	def _taken(self, move: Callable[[], int]) -> list[float]:
		moved: list[int] = []
		seconds = time_of(lambda: moved.append(move()))
		if moved != [self.due]:
			raise RuntimeError(f"{moved[0]:,} leads moved instead of {self.due:,}.")
		self.take_back()
		return [seconds]

	def take_back(self) -> None:
		frappe.db.sql(RESET, self.values)
		frappe.db.sql("delete from `tabLead Transition` where to_status = 'Inactive'")
		frappe.db.commit()
		wait_for_rest()
