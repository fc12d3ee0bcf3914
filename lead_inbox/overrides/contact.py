"""The Contact that ERPNext makes of an arriving Lead, and the one that a conversion writes."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.overrides.avatar import forbid_lookup, restore_lookup


def before_validate(doc: Any, _method: str | None = None) -> None:
	forbid_lookup(doc)
	if frappe.flags.lead_inbox_arrival or doc.flags.lead_inbox_conversion:
		# linking old calls scans the Call Log and commits in the middle of our transaction
		doc.flags.ignore_auto_link_call_log = True
	if doc.flags.lead_inbox_conversion:
		_hide_leads(doc)


def validate(doc: Any, _method: str | None = None) -> None:
	"""Runs after ERPNext's own, which has looked for a lead meanwhile."""
	restore_lookup(doc)
	for link in doc.flags.pop("lead_links", ()):
		doc.links.append(link)


def _hide_leads(doc: Any) -> None:
	"""ERPNext writes a Contact's numbers over those of its lead, which a conversion leaves as they are."""
	doc.flags.lead_links = [link for link in doc.links if link.link_doctype == "Lead"]
	doc.links = [link for link in doc.links if link.link_doctype != "Lead"]
