"""Records going through sequences, for the desk: enter, pause, go on, leave. Thin: check the right, call inward.

Who may write a record may do all of it.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.api import arguments
from lead_inbox.sequences.enrollment import engine, enrolling
from lead_inbox.sequences.records import DOCTYPES
from lead_inbox.sequences.rules import ExitReason

MAX_NAMES = 20_000
AT_ONCE = 100  # more than these are a job's
JOB = "lead_inbox.sequences.enrollment.enrolling.enroll_in_background"
JOB_SECONDS = 3600


@frappe.whitelist(methods=["POST"])
def enroll(sequence: str, doctype: str, names: str | list) -> dict[str, Any]:
	"""Let leads or opportunities enter a sequence.

	names: a list, or JSON of one. Returns `done`, the records that entered, and `failed`, for each of the
	others a sentence; or `queued`, how many a job takes up, which shows its progress and says how it ended.
	"""
	_check_doctype(doctype)
	frappe.has_permission(doctype, ptype="write", throw=True)
	frappe.has_permission("Sequence", ptype="read", doc=sequence, throw=True)
	wanted = _names(names)
	if len(wanted) > AT_ONCE:
		user = frappe.session.user
		arguments = {"sequence": sequence, "doctype": doctype, "names": wanted, "user": user}
		frappe.enqueue(JOB, queue="long", timeout=JOB_SECONDS, **arguments)
		return {"queued": len(wanted)}
	return enrolling.enroll_many(sequence, doctype, wanted)


@frappe.whitelist(methods=["POST"])
def pause(enrollment: str) -> None:
	_may_write_record_of(enrollment)
	engine.pause(enrollment)


@frappe.whitelist(methods=["POST"])
def resume(enrollment: str) -> None:
	_may_write_record_of(enrollment)
	engine.resume(enrollment)


@frappe.whitelist(methods=["POST"])
def leave(enrollment: str) -> None:
	"""Let a record leave its sequence, as a user wishes."""
	_may_write_record_of(enrollment)
	engine.leave(enrollment, ExitReason.STOPPED)


@frappe.whitelist(methods=["POST"])
def cut_short(enrollment: str) -> None:
	"""End the wait before the next step now."""
	_may_write_record_of(enrollment)
	engine.cut_short(enrollment)


@frappe.whitelist(methods=["POST"])
def follow_owner(enrollment: str, choice: str) -> None:
	"""Settle what the record's new owner means for its open step: stay, move or stop."""
	_may_write_record_of(enrollment)
	engine.follow_owner(enrollment, choice)


def _may_write_record_of(enrollment: str) -> None:
	record = frappe.db.get_value(
		"Sequence Enrollment", enrollment, ["reference_doctype", "reference_name"], as_dict=True
	)
	if not record:
		frappe.throw(_("This record is not in the sequence any more."), frappe.DoesNotExistError)
	frappe.has_permission(record.reference_doctype, ptype="write", doc=record.reference_name, throw=True)


def _check_doctype(doctype: str) -> None:
	if doctype not in DOCTYPES:
		frappe.throw(_("Choose one of {0}.").format(", ".join(DOCTYPES)))


def _names(names: str | list) -> list[str]:
	none, too_many = _("Select at least one record."), _("Select at most {0} records.")
	return arguments.names(names, MAX_NAMES, none=none, too_many=too_many)
