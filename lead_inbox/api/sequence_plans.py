"""The life of a sequence's versions, for its form."""

import frappe

from lead_inbox.sequences.planning import versions


@frappe.whitelist(methods=["POST"])
def activate(sequence: str) -> None:
	"""Let records enter a draft instead of the version that was active; see sequences/planning/versions.py."""
	frappe.has_permission("Sequence", ptype="write", doc=sequence, throw=True)
	versions.activate(sequence)


@frappe.whitelist(methods=["POST"])
def new_version(sequence: str) -> str:
	"""Copy a version to a draft and return the draft's name."""
	frappe.has_permission("Sequence", ptype="create", throw=True)
	frappe.has_permission("Sequence", ptype="read", doc=sequence, throw=True)
	return versions.new_version(sequence)


@frappe.whitelist(methods=["POST"])
def archive(sequence: str, stop_running: int = 0) -> None:
	"""Let no record enter a version any more; with stop_running those that are in it leave, in a job."""
	frappe.has_permission("Sequence", ptype="write", doc=sequence, throw=True)
	versions.archive(sequence, stop_running=bool(stop_running))
