from __future__ import annotations

import frappe
from frappe.model.document import Document


class SequenceEnrollment(Document):
	"""One record going through one sequence. Written by sequences/enrollment/engine.py alone."""


def on_doctype_update() -> None:
	"""An enrollment belongs to all versions of a sequence: a record enters one of them once a rotation."""
	frappe.db.add_unique(
		"Sequence Enrollment",
		["sequence_name", "reference_doctype", "reference_name", "rotation"],
		constraint_name="enrollment_once",
	)
	frappe.db.add_index("Sequence Enrollment", ["status", "due_on"], index_name="enrollment_due")
	frappe.db.add_index("Sequence Enrollment", ["reference_name", "status"], index_name="enrollment_record")
	frappe.db.add_index("Sequence Enrollment", ["lead", "status"], index_name="enrollment_lead")
	frappe.db.add_index("Sequence Enrollment", ["sequence", "status"], index_name="enrollment_sequence")
	frappe.db.add_index("Sequence Enrollment", ["sequence", "enrolled_on"], index_name="enrollment_entered")
