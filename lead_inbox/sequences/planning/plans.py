"""A Sequence document as the plan that the rules read. Active and archived ones never change, so Frappe's
cache of documents serves every record that goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import frappe

from lead_inbox.sequences.planning.plan_rules import END
from lead_inbox.sequences.rules import Branch, Kind, Plan, Signal, Step, Unit, Wait

WORKING_TIME = "Working Time"


def sequence_doc(sequence: str) -> Any:
	"""Return a Sequence from the cache. It is not to be changed."""
	return frappe.get_cached_doc("Sequence", sequence)


def plan_of(sequence: str) -> Plan:
	"""Return the plan of one version of a sequence. Raises DoesNotExistError for one that is gone."""
	return plan_from(sequence_doc(sequence).steps)


def plan_from(rows: Sequence[Any]) -> Plan:
	"""Return the plan that rows of Sequence Step stand for. A title that no step has leads to the end:
	plan_rules.py refuses it before a sequence becomes active."""
	by_title = {row.title: row.name for row in rows}
	following = [row.name for row in rows[1:]]
	return Plan(tuple(_step(row, after, by_title) for row, after in zip_longest(rows, following)))


def row_of(sequence: str, step: str | None) -> Any:
	"""Return the row of Sequence Step behind a step's key: its texts and who does it; None without one."""
	return next((row for row in sequence_doc(sequence).steps if row.name == step), None)


def _step(row: Any, after: str | None, by_title: dict[str, str]) -> Step:
	return Step(
		key=row.name,
		title=row.title,
		kind=Kind(row.kind),
		wait=Wait(row.wait or 0, Unit(row.wait_unit), row.wait_in == WORKING_TIME),
		automatic=bool(row.automatic),
		branch=_branch(row),
		yes=_target(row.yes_step, after, by_title),
		then=_target(row.next_step, after, by_title),
	)


def _branch(row: Any) -> Branch | None:
	if not row.branch_on:
		return None
	return Branch(Signal(row.branch_on), Wait(row.branch_within or 0, Unit(row.branch_within_unit)))


def _target(title: str | None, after: str | None, by_title: dict[str, str]) -> str | None:
	if not title:
		return after
	return None if title == END else by_title.get(title)
