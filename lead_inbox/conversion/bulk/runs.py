"""Bulk conversions in the background: start, stop, retry, and the job that does them (CO-7).

A job takes turns between the runs, some leads each, and makes room for other jobs when its time is up; the
rows say what is left. So it may be killed at any time and go on elsewhere.
"""

from __future__ import annotations

import time

import frappe
from frappe import _

from lead_inbox.conversion.bulk import row_conversion, run_state, selection
from lead_inbox.conversion.bulk.bulk_rules import UNFINISHED_RUNS, RowStatus, RunStatus
from lead_inbox.conversion.bulk.run_lock import only_worker_on
from lead_inbox.conversion.bulk.run_state import NotPossibleNow
from lead_inbox.conversion.records import BULK, BULK_ROW

BATCH = 20  # leads of a run before it is another one's turn
FIGURES_EVERY = 10


def start(run: str) -> None:
	"""Let a run convert its pending rows, as the user of the session. Raises NotPossibleNow."""
	run_state.hold_changeable(run)
	if not run_state.counts(run)[RowStatus.PENDING.value]:
		frappe.throw(
			_("No lead is to be converted. Take leads in, or retry those that failed."), NotPossibleNow
		)
	run_state.begin(run)


def retry(run: str) -> None:
	"""Let a run convert the rows that failed once more, as the user of the session. Raises NotPossibleNow."""
	run_state.hold_changeable(run)
	if not run_state.counts(run)[RowStatus.FAILED.value]:
		frappe.throw(_("No lead has failed."), NotPossibleNow)
	failed = {"bulk_conversion": run, "status": RowStatus.FAILED.value}
	frappe.db.set_value(BULK_ROW, failed, {"status": RowStatus.PENDING.value, "error": None})
	run_state.note_figures(run)
	run_state.begin(run)


def stop(run: str) -> None:
	"""End a run after the lead that is being converted. One that does not run stays as it is."""
	if run_state.hold(run) is RunStatus.RUNNING:
		run_state.end(run, RunStatus.STOPPED)


def advance_due(seconds: float) -> bool:
	"""Go on with all runs that nobody has in hand; return False when the time ran out before the work. Commits.

	As many workers as there are may do so at once. Ends as Administrator.
	"""
	ends_at = time.monotonic() + seconds
	while names := _unfinished():
		turns = [_take_turn(name, ends_at) for name in names]
		if not any(turns):
			return True  # all are in other workers' hands
		if time.monotonic() > ends_at:
			return False
	return True


def _unfinished() -> list[str]:
	frappe.db.commit()  # what others committed meanwhile must be seen
	statuses = [status.value for status in UNFINISHED_RUNS]
	return frappe.get_all(
		BULK, filters={"status": ["in", statuses]}, pluck="name", order_by="started_on asc, creation asc"
	)


def _take_turn(run: str, ends_at: float) -> bool:
	"""Do some of a run as its user; return False when another worker has it in hand."""
	with only_worker_on(run) as is_mine:
		if not is_mine:
			return False
		frappe.db.commit()  # what the worker before has done must be seen
		known = frappe.db.get_value(BULK, run, ["status", "owner", "started_by"], as_dict=True)
		try:
			if known.status == RunStatus.PREPARING.value:
				_become(known.owner)
				_prepare(run)
			elif known.status == RunStatus.RUNNING.value:
				_become(known.started_by)
				_convert_some(run, ends_at)
		finally:
			_become("Administrator")
	return True


def _become(user: str) -> None:
	"""Also empties what Frappe has cached for the former one, which would grow with the number of leads."""
	frappe.set_user(user)
	frappe.set_user_lang(user)


def _prepare(run: str) -> None:
	if problem := _why_not(frappe.session.user):
		_end(run, RunStatus.STOPPED, f"{problem} {_('Select the leads again.')}")
		return
	selection.make_rows(run)


def _convert_some(run: str, ends_at: float) -> None:
	if problem := _why_not(frappe.session.user):
		_end(run, RunStatus.STOPPED, f"{problem} {_('Somebody else may go on with it.')}")
		return
	for turn in range(1, BATCH + 1):
		if not row_conversion.convert_next(run):
			_end(run, RunStatus.FINISHED)
			return
		if turn % FIGURES_EVERY == 0:
			run_state.note_figures(run)
			frappe.db.commit()
		if frappe.db.get_value(BULK, run, "status") != RunStatus.RUNNING.value:
			break
		if time.monotonic() > ends_at:
			break
	run_state.note_figures(run)
	frappe.db.commit()


def _why_not(user: str) -> str:
	"""Return why a user may not go on with a run, empty when they may."""
	if not frappe.db.get_value("User", user, "enabled"):
		return _("{0}, as whom it ran, is disabled.").format(user)
	if not frappe.has_permission(BULK, ptype="create"):
		return _("{0}, as whom it ran, may not convert in bulk any more.").format(user)
	return ""


def _end(run: str, status: RunStatus, problem: str = "") -> None:
	found = run_state.note_figures(run)
	if run_state.end(run, status, problem):
		_tell_user(run, found, problem)
	frappe.db.commit()


def _tell_user(run: str, found: dict[str, int], problem: str) -> None:
	said = problem or _("{0} leads were converted, {1} failed.").format(
		found[RowStatus.CONVERTED.value], found[RowStatus.FAILED.value]
	)
	frappe.get_doc(
		doctype="Notification Log",
		for_user=frappe.session.user,
		from_user=frappe.session.user,
		type="Alert",
		document_type=BULK,
		document_name=run,
		subject=frappe.utils.escape_html(f"{run}: {said}"),
	).insert(ignore_permissions=True)  # nobody has the right to write another's alerts
