from __future__ import annotations

import frappe
from frappe.model.document import Document


class SalesActivity(Document):
	"""One item of a worklist, from a sequence's step or added by hand (SQ-3).

	Made and moved by the modules of sequences/, never through its form.
	"""


def on_doctype_update() -> None:
	frappe.db.add_index("Sales Activity", ["user", "status", "due_on"], index_name="activity_user")
	frappe.db.add_index("Sales Activity", ["user_group", "status", "due_on"], index_name="activity_group")
	frappe.db.add_index("Sales Activity", ["status", "due_on"], index_name="activity_due")
	frappe.db.add_index("Sales Activity", ["user", "status", "completed_on"], index_name="activity_done")
	frappe.db.add_index("Sales Activity", ["status", "completed_on"], index_name="activity_done_by_all")
	frappe.db.add_index("Sales Activity", ["sequence", "status", "due_on"], index_name="activity_sequence")
	frappe.db.add_index("Sales Activity", ["reference_name", "status"], index_name="activity_record")
	# with all that the report of sequences counts, so that it reads no activity
	counted = ["enrollment", "status", "step", "completed_on"]
	frappe.db.add_index("Sales Activity", counted, index_name="activity_enrollment")
	frappe.db.add_index("Sales Activity", ["lead", "status"], index_name="activity_lead")
	frappe.db.add_index("Sales Activity", ["event"], index_name="activity_event")
	frappe.db.add_index("Sales Activity", ["message"], index_name="activity_message")
