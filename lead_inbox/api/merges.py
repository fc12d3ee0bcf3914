"""Leads of one person, for the inbox page: make them one, take that back."""

from __future__ import annotations

import frappe

from lead_inbox.inbox.merging import merging


@frappe.whitelist(methods=["POST"])
def merge(winner: str, loser: str) -> str:
	"""Make `loser` a part of `winner`; return the merge, by which it can be taken back."""
	for lead in (winner, loser):
		frappe.has_permission("Lead", ptype="write", doc=lead, throw=True)
	return merging.merge(winner, loser)


@frappe.whitelist(methods=["POST"])
def unmerge(merge: str) -> None:
	"""Take a merge back."""
	record = frappe.get_doc("Lead Merge", merge)
	for lead in (record.winner, record.loser):
		frappe.has_permission("Lead", ptype="write", doc=lead, throw=True)
	merging.unmerge(record.name)
