"""Where a bulk conversion stands: the one writer of its status and figures.

Each function locks the run's row first, so a change, a start and a stop take turns.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.conversion.bulk import news
from lead_inbox.conversion.bulk.bulk_rules import CHANGEABLE_RUNS, UNFINISHED_RUNS, RowStatus, RunStatus
from lead_inbox.conversion.records import BULK, BULK_ROW


class NotPossibleNow(frappe.ValidationError):
	"""What the user asked for is not possible where the run stands; the sentence says what is."""


def hold(run: str) -> RunStatus:
	"""Lock a run until the transaction ends, and return its status as it is now."""
	status = frappe.db.get_value(BULK, run, "status", for_update=True)
	if not status:
		frappe.throw(
			_("Bulk Lead Conversion {0} does not exist any more.").format(run), frappe.DoesNotExistError
		)
	return RunStatus(status)


def hold_changeable(run: str) -> None:
	"""Lock a run whose rows are to be changed. Raises NotPossibleNow while it is prepared or running."""
	status = hold(run)
	if status is RunStatus.RUNNING:
		frappe.throw(_("It is running. Stop it first, or wait until it has finished."), NotPossibleNow)
	if status not in CHANGEABLE_RUNS:
		frappe.throw(_("Its leads are still being read. Wait until it is ready."), NotPossibleNow)


def counts(run: str) -> dict[str, int]:
	"""Return how many rows of a run are in each status."""
	table = frappe.qb.DocType(BULK_ROW)
	query = (
		frappe.qb.from_(table)
		.select(table.status, frappe.query_builder.functions.Count("*"))
		.where(table.bulk_conversion == run)
		.groupby(table.status)
	)
	return {status.value: 0 for status in RowStatus} | dict(query.run())


def begin(run: str) -> None:
	"""Let a held run go, as the user of the session."""
	_write(
		run,
		status=RunStatus.RUNNING.value,
		started_on=now_datetime(),
		started_by=frappe.session.user,
		finished_on=None,
		problem=None,
	)
	frappe.db.after_commit.add(news.WAKING.wake)


def end(run: str, status: RunStatus, problem: str = "") -> bool:
	"""Let a run end that a worker has in hand; return whether it was. problem: in words, why it can't go on."""
	if hold(run) not in UNFINISHED_RUNS:
		return False
	_write(run, status=status.value, finished_on=now_datetime(), problem=problem or None)
	return True


def note_figures(run: str) -> dict[str, int]:
	"""Write how far a run is, tell its forms, and return how many rows are in each status."""
	found = counts(run)
	_write(run, **_figures(found))
	return found


def _write(run: str, **values: Any) -> None:
	"""Leaves `modified` alone: an open form must not ask to be loaded again."""
	frappe.db.set_value(BULK, run, values, update_modified=False)
	news.tell(run)


def _figures(found: dict[str, int]) -> dict[str, int]:
	return {"succeeded": found[RowStatus.CONVERTED.value], "failed": found[RowStatus.FAILED.value]}
