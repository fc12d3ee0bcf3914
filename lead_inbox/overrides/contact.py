"""The Contact that ERPNext makes of an arriving Lead."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.overrides.avatar import forbid_lookup, restore_lookup


def before_validate(doc: Any, _method: str | None = None) -> None:
	forbid_lookup(doc)
	if frappe.flags.lead_inbox_arrival:
		# linking old calls scans the Call Log and commits in the middle of our transaction
		doc.flags.ignore_auto_link_call_log = True


def validate(doc: Any, _method: str | None = None) -> None:
	restore_lookup(doc)
