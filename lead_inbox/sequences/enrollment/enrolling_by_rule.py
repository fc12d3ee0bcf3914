"""Records that enter a sequence because its condition holds, as in an Assignment Rule (SQ-2).

Asked whenever a record is written or something happens to it, in that transaction. Whatever is wrong with a
condition or a sequence is logged and shown, and never keeps a record from being saved.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.cache_manager import clear_doctype_map, get_doctype_map
from frappe.utils import escape_html

from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment import enrolling, enrollment_rules
from lead_inbox.sequences.enrollment.positions import ENROLLMENT
from lead_inbox.sequences.planning import plans

SEQUENCE = "Sequence"
SAVEPOINT = "enrolled_by_rule"
TITLE_LENGTH = 140


def forget_sequences(doctype: str) -> None:
	"""Look anew for sequences that records of a DocType enter by themselves: one has changed."""
	clear_doctype_map(SEQUENCE, doctype)
	# who reads it before the commit remembers what was true until then
	frappe.db.after_commit.add(lambda: clear_doctype_map(SEQUENCE, doctype))


def follow(doc: Any, happening: Happening | None = None) -> None:
	"""Let a document that has just been written enter the sequences whose condition holds for it.

	happening: what was said to have happened to it, if it was not just saved.
	"""
	if frappe.flags.in_install or frappe.flags.in_patch:  # our tables may be missing yet
		return
	for sequence in _sequences(doc.doctype):
		if _holds(sequence, doc) and _may_enter(sequence, doc, happening):
			enroll_quietly(sequence, doc.doctype, doc.name)


def happened(lead: str, happening: Happening, on: Any) -> None:
	"""A listener of the inbox, which writes a lead's state past the document's hooks."""
	if _sequences("Lead"):
		follow(frappe.get_doc("Lead", lead), happening)


def _sequences(doctype: str) -> list[str]:
	"""From Frappe's cache: this is asked at every save."""
	filters = {"status": "Active", "enroll_automatically": 1, "document_type": doctype}
	return [
		row["name"] for row in get_doctype_map(SEQUENCE, doctype, filters=filters, order_by="creation asc")
	]


def _holds(sequence: str, values: Any, *, quiet: bool = False) -> bool:
	"""Whether a sequence's condition holds for a document. One that breaks does not hold."""
	try:
		return bool(frappe.safe_eval(plans.sequence_doc(sequence).enroll_condition, None, values.as_dict()))
	except Exception as error:
		if not quiet:
			_tell_of_failure(sequence, error)
		return False


def _may_enter(sequence: str, doc: Any, happening: Happening | None) -> bool:
	sequence_name = plans.sequence_doc(sequence).sequence_name
	been_in = frappe.db.exists(
		ENROLLMENT,
		{"sequence_name": sequence_name, "reference_doctype": doc.doctype, "reference_name": doc.name},
	)
	before = doc.get_doc_before_save()
	became_true = bool(before) and not _holds(sequence, before, quiet=True)
	return enrollment_rules.may_enter_by_rule(bool(been_in), became_true, happening)


def enroll_quietly(sequence: str, doctype: str, name: str) -> None:
	"""Let a record enter a sequence for which nobody asked. A refusal changes nothing, and nobody is told."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		enrolling.enroll(sequence, doctype, name, via=enrolling.BY_RULE)
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise  # the database has undone the save too
	except (enrolling.EnrollmentRefused, frappe.UniqueValidationError):
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
	except Exception as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		_tell_of_failure(sequence, error)


def _tell_of_failure(sequence: str, error: Exception) -> None:
	"""Of the users who save records, those are told who know of sequences: no visitor who sends a form."""
	words = _("{0} could not be entered automatically: {1}").format(sequence, str(error))
	frappe.log_error(words[:TITLE_LENGTH], reference_doctype=SEQUENCE, reference_name=sequence)
	if frappe.has_permission(SEQUENCE, ptype="read"):
		frappe.msgprint(escape_html(words), indicator="orange")  # an error may quote what a customer wrote
