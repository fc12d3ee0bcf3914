"""The counts of all tabs, against reading one row by its key."""

from __future__ import annotations

import random
from collections.abc import Callable

import frappe

from lead_inbox.api import desk
from lead_inbox.tests.perf.measure import Comparison, alternate, time_of
from lead_inbox.tests.perf.site import VIEWER
from lead_inbox.tests.perf.sizes import LEADS

ROUNDS = 10
CALLS = 20


def measure() -> list[Comparison]:
	names = random.Random(1).sample(range(1, LEADS + 1), ROUNDS * CALLS + CALLS)
	keys = (f"CRM-LEAD-{number:08}" for number in names)

	def counts() -> list[float]:
		return [seconds_of(desk.get_counts) for _ in range(CALLS)]

	def reads() -> list[float]:
		return [seconds_of(lambda: read_row(next(keys))) for _ in range(CALLS)]

	frappe.set_user(VIEWER)
	counts(), reads()  # whatever is kept in memory of permissions and fields
	seconds, seconds_against = alternate(ROUNDS, counts, reads)
	frappe.set_user("Administrator")
	return [
		Comparison(
			what=f"counts of all tabs at {LEADS:,} leads",
			against="a single-row read by key",
			at_most=20,
			size=f"{len(seconds)} calls a side as a Sales User",
			seconds=seconds,
			seconds_against=seconds_against,
		)
	]


def seconds_of(action: Callable[[], object]) -> float:
	seconds = time_of(action)
	frappe.db.rollback()  # as the end of a request does
	return seconds


def read_row(name: str) -> None:
	if not frappe.db.get_value("Lead", name, "lead_name"):
		raise RuntimeError(f"{name} is not there.")
