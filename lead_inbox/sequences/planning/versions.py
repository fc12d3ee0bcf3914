"""From draft to active to archived: the only module that moves the status of a Sequence (SQ-1)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, now

from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import RUNNING, ExitReason

DRAFT, ACTIVE, ARCHIVED = "Draft", "Active", "Archived"
STOP_SECONDS = 3600


def activate(sequence: str) -> None:
	"""Let records enter a draft, and no other version of its name any more.

	Records stay on the version that they are in. Raises frappe.ValidationError for what is no draft, or
	whose plan would not work.
	"""
	doc = _lock(sequence)
	if doc.status != DRAFT:
		frappe.throw(
			_("Only a draft can be activated. Make a new version of {0}.").format(
				frappe.bold(escape_html(doc.name))
			)
		)
	for previous in _versions(doc.sequence_name, ACTIVE):
		_move(frappe.get_doc("Sequence", previous), ARCHIVED)
	_move(doc, ACTIVE)


def new_version(sequence: str) -> str:
	"""Copy a version that can't be changed any more to a draft; return the draft's name.

	What the version refers to may be gone or disabled by now: the copy is where that is mended. Raises
	frappe.ValidationError when the sequence has a draft already.
	"""
	copied = frappe.copy_doc(_lock(sequence))
	copied.status = DRAFT
	for doc in (copied, *copied.steps):
		_forget_what_is_gone(doc)
	copied.flags.is_copy = True
	return copied.insert().name


def archive(sequence: str, *, stop_running: bool = False) -> None:
	"""Let no record enter any more. Those that are in it go on, or leave in a job with stop_running.

	Of a version that is archived already the records can still be stopped. Raises frappe.ValidationError for
	a draft.
	"""
	doc = _lock(sequence)
	if doc.status == DRAFT:
		frappe.throw(_("Nothing has entered a draft. Delete it instead."))
	if doc.status == ACTIVE:
		_move(doc, ARCHIVED)
	if stop_running:
		frappe.enqueue(
			stop_in_background,
			queue="long",
			timeout=STOP_SECONDS,
			enqueue_after_commit=True,
			sequence=sequence,
			user=frappe.session.user,
		)


def stop_in_background(sequence: str, user: str) -> None:
	"""Let all records leave a version, and tell the user how many did. A job, which may run again."""
	left = engine.leave_all(sequence, ExitReason.ARCHIVED)
	message = _("{0} records have left {1}.").format(left, escape_html(sequence))
	# as an alert: a dialog would cover what the user has gone on to
	alert = {"message": message, "indicator": "green", "alert": True}
	frappe.publish_realtime("msgprint", alert, user=user, after_commit=True)
	doc = frappe.get_doc("Sequence", sequence)
	# not stored: an open form loads, and so counts, anew only for a later time than its own
	doc.modified = now()
	doc.notify_update()
	frappe.db.commit()


def open_draft(sequence_name: str) -> str | None:
	"""Return the version that is being worked on. There is one at most."""
	return next(iter(_versions(sequence_name, DRAFT)), None)


def count_running(sequence: str) -> int:
	"""Return how many records are going through a version."""
	statuses = [status.value for status in RUNNING]
	return frappe.db.count("Sequence Enrollment", {"sequence": sequence, "status": ["in", statuses]})


def _forget_what_is_gone(doc: Any) -> None:
	"""Clear links that lead nowhere: Frappe would refuse to save a draft with one, also where the form hides it."""
	for field, *_link in doc.get_invalid_links()[0]:
		doc.set(field, None)


def _lock(sequence: str) -> Any:
	"""Return a version after locking all versions of its name, so that two of them can't become active."""
	sequence_name = frappe.db.get_value("Sequence", sequence, "sequence_name")
	table = frappe.qb.DocType("Sequence")
	rows = frappe.qb.from_(table).select(table.name).where(table.sequence_name == sequence_name)
	rows.orderby(table.version).for_update().run()
	return frappe.get_doc("Sequence", sequence)


def _versions(sequence_name: str, status: str) -> list[str]:
	return frappe.get_all(
		"Sequence",
		filters={"sequence_name": sequence_name, "status": status},
		pluck="name",
		order_by="version asc",
	)


def _move(doc: Any, status: str) -> None:
	doc.status = status
	doc.flags.update(moves=True, ignore_links=status == ARCHIVED)  # what it refers to may be gone by now
	doc.save()
