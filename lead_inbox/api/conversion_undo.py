"""Taking a conversion back, as the lead's form asks for it."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.conversion.records import CONVERSION
from lead_inbox.conversion.undoing import undo as undoing


@frappe.whitelist(methods=["GET"])
def get_undo(conversion: str) -> dict[str, Any]:
	"""Return what taking a conversion back would do, for whoever may see it: undo.what_undo_does."""
	frappe.has_permission(CONVERSION, ptype="read", doc=conversion, throw=True)
	return undoing.what_undo_does(conversion)


@frappe.whitelist(methods=["POST"])
def undo(conversion: str) -> None:
	"""Take a conversion back. Who may, undo.py says: whoever converted, and managers."""
	frappe.has_permission(CONVERSION, ptype="read", doc=conversion, throw=True)
	undoing.undo(conversion)
