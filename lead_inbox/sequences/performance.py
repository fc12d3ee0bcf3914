"""What came of the records that entered sequences: by version and by step (SQ-9).

A record belongs to the window by its enrollment. The database counts; neither an enrollment nor a row for
each comes to Python. A reply belongs to the step that was done last before it: it may come while the record
waits for the next step already, and in a sequence that a reply does not end it moves on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe

from lead_inbox.inbox.response.quantiles import quantile
from lead_inbox.permissions import sequence_enrollment_conditions
from lead_inbox.sequences.planning.versions import DRAFT
from lead_inbox.sequences.rules import Result, Status

WHOLE = ""  # in the place of a step's key: all that entered the version
Place = tuple[str, str]  # version and step
Waits = dict[int, int]  # seconds, and how often


@dataclass(frozen=True)
class Window:
	"""Which records are looked at: enrolled from `since` to before `until` (site times).

	sequence_name, version, document_type: only such versions; None for all.
	"""

	since: datetime
	until: datetime
	sequence_name: str | None = None
	version: int | None = None
	document_type: str | None = None


@dataclass
class Figures:
	"""Of a version or of one of its steps.

	entered: records that were enrolled, or came to the step. statuses: of the records, which at a step are
	those that wait for it, are at it, or left from there. results: of the step's activities. waits: from
	enrollment, or from the step, to the first reply.
	"""

	entered: int = 0
	statuses: Counter[str] = field(default_factory=Counter)
	exits: Counter[str] = field(default_factory=Counter)
	results: Counter[str] = field(default_factory=Counter)
	replied: int = 0
	waits: Waits = field(default_factory=dict)

	@property
	def median_wait(self) -> int | None:
		"""Seconds; None where nobody replied."""
		return quantile(sorted(self.waits.items()), 0.5)


@dataclass(frozen=True)
class Version:
	"""One version of a sequence. steps: rows of Sequence Step in their order, each with its figures."""

	sequence: Any
	figures: Figures
	steps: list[tuple[Any, Figures]]


def measure(window: Window) -> list[Version]:
	"""Return the figures of each version that records entered in the window, of the records that the session's
	user may see.

	Raises PermissionError for a user who may see no records at all.
	"""
	sequences = _sequences(window)
	if not sequences:
		return []
	where, values = _where(window, [row.name for row in sequences])
	figures: dict[Place, Figures] = {}
	_count_records(figures, where, values)
	_count_activities(figures, where, values)
	_count_replies(figures, where, values)
	_count_replies_to_steps(figures, where, values)
	entered = [row for row in sequences if (row.name, WHOLE) in figures]
	steps = _steps([row.name for row in entered])
	return [
		Version(
			row,
			figures[row.name, WHOLE],
			[(step, figures.get((row.name, step.name)) or Figures()) for step in steps.get(row.name, ())],
		)
		for row in entered
	]


def overall_wait(versions: Iterable[Version]) -> int | None:
	"""Return the median of all replies' time since enrollment, in seconds."""
	waits: Counter[int] = Counter()
	for version in versions:
		waits.update(version.figures.waits)
	return quantile(sorted(waits.items()), 0.5)


def _sequences(window: Window) -> list[Any]:
	wanted = {
		"sequence_name": window.sequence_name,
		"version": window.version,
		"document_type": window.document_type,
	}
	return frappe.get_list(
		"Sequence",
		filters={"status": ["!=", DRAFT], **{name: value for name, value in wanted.items() if value}},
		fields=["name", "sequence_name", "version"],
		order_by="sequence_name asc, version desc",
		limit=0,
	)


def _steps(sequences: Sequence[str]) -> dict[str, list[Any]]:
	found = frappe.get_all(
		"Sequence Step",
		filters={"parent": ["in", sequences], "parenttype": "Sequence"},
		fields=["name", "parent", "idx", "title", "kind"],
		order_by="parent asc, idx asc",
	)
	steps: dict[str, list[Any]] = {}
	for row in found:
		steps.setdefault(row.parent, []).append(row)
	return steps


def _where(window: Window, sequences: Sequence[str]) -> tuple[str, dict[str, Any]]:
	visible = sequence_enrollment_conditions().replace("%", "%%")
	where = f"""`tabSequence Enrollment`.sequence in %(sequences)s
		and `tabSequence Enrollment`.enrolled_on >= %(since)s
		and `tabSequence Enrollment`.enrolled_on < %(until)s {f"and ({visible})" if visible else ""}"""
	values = {"sequences": list(sequences), "since": window.since, "until": window.until}
	return where, {**values, "done": Result.COMPLETED.value}


def _at(figures: dict[Place, Figures], sequence: str, step: str | None) -> Figures:
	return figures.setdefault((sequence, step or WHOLE), Figures())


def _count_records(figures: dict[Place, Figures], where: str, values: dict[str, Any]) -> None:
	rows = frappe.db.sql(
		f"""
		select `tabSequence Enrollment`.sequence, `tabSequence Enrollment`.step,
			`tabSequence Enrollment`.status, `tabSequence Enrollment`.exit_reason, count(*)
		from `tabSequence Enrollment` where {where}
		group by 1, 2, 3, 4
		""",
		values,
	)
	for sequence, step, status, reason, times in rows:
		_at(figures, sequence, WHOLE).entered += times
		for key in {WHOLE, step or WHOLE}:
			of = _at(figures, sequence, key)
			of.statuses[status] += times
			if status == Status.EXITED.value:
				of.exits[reason or ""] += times


def _count_activities(figures: dict[Place, Figures], where: str, values: dict[str, Any]) -> None:
	rows = frappe.db.sql(
		f"""
		select `tabSequence Enrollment`.sequence, activity.step, activity.status, count(*)
		from `tabSequence Enrollment`
		join `tabSales Activity` activity on activity.enrollment = `tabSequence Enrollment`.name
		where {where}
		group by 1, 2, 3
		""",
		values,
	)
	for sequence, step, status, times in rows:
		of = _at(figures, sequence, step)
		of.entered += times
		of.results[status] += times


def _count_replies(figures: dict[Place, Figures], where: str, values: dict[str, Any]) -> None:
	_add_waits(
		figures,
		f"""
		select `tabSequence Enrollment`.sequence, '{WHOLE}' as step,
			`tabSequence Enrollment`.reply_seconds as wait
		from `tabSequence Enrollment`
		where {where} and `tabSequence Enrollment`.replied_on is not null
		""",
		values,
	)


def _count_replies_to_steps(figures: dict[Place, Figures], where: str, values: dict[str, Any]) -> None:
	"""Waits by the site's clock: one that a change of the clocks falls into is an hour off."""
	_add_waits(
		figures,
		f"""
		select sequence, step, wait from (
			select `tabSequence Enrollment`.sequence, activity.step,
				timestampdiff(second, activity.completed_on, `tabSequence Enrollment`.replied_on) as wait,
				row_number() over (
					partition by `tabSequence Enrollment`.name
					order by activity.completed_on desc, activity.creation desc
				) as place
			from `tabSequence Enrollment`
			join `tabSales Activity` activity on activity.enrollment = `tabSequence Enrollment`.name
				and activity.status = %(done)s and activity.completed_on <= `tabSequence Enrollment`.replied_on
			where {where} and `tabSequence Enrollment`.replied_on is not null
		) done where place = 1
		""",
		values,
	)


def _add_waits(figures: dict[Place, Figures], replies: str, values: dict[str, Any]) -> None:
	"""Waits of an hour and more are counted by the minute, which keeps what comes to Python short."""
	rows = frappe.db.sql(
		f"""
		select sequence, step, if(wait < 3600, wait, wait - wait mod 60) as seconds, count(*)
		from ({replies}) replies group by sequence, step, seconds
		""",
		values,
	)
	for sequence, step, seconds, times in rows:
		of = _at(figures, sequence, step)
		of.replied += times
		of.waits[int(seconds or 0)] = of.waits.get(int(seconds or 0), 0) + times
