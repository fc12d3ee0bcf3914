"""Entering sequences by API, for integrations that act as a user: requirement SQ-2.

A user's API key and that user's rights; no door for partners.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from lead_inbox.sequences.enrollment import enrolling
from lead_inbox.sequences.planning import versions
from lead_inbox.sequences.records import DOCTYPES


@frappe.whitelist(methods=["POST"])
def enroll(sequence: str, doctype: str, name: str) -> dict[str, Any]:
	"""Let a Lead or Opportunity enter a sequence and return the enrollment.

	sequence: its name, of which the active version counts, or one version. Raises PermissionError for a
	user who may not write the record, EnrollmentRefused with words when it may not enter.
	"""
	if doctype not in DOCTYPES:
		frappe.throw(_("Choose one of {0}.").format(", ".join(DOCTYPES)))
	frappe.has_permission(doctype, ptype="write", doc=name, throw=True)
	frappe.has_permission("Sequence", ptype="read", throw=True)
	return {"enrollment": enrolling.enroll_apart(_version(sequence), doctype, name, via="API")}


def _version(sequence: str) -> str:
	active = {"sequence_name": sequence, "status": versions.ACTIVE}
	found = frappe.db.get_value("Sequence", active) or frappe.db.exists("Sequence", sequence)
	if not found:
		frappe.throw(_("There is no active sequence {0}.").format(sequence), frappe.DoesNotExistError)
	return found
