"""ERPNext marks the lead of a new Customer as Converted by db.set_value, which tells no hook."""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening


def on_update(doc: Any, _method: str | None = None) -> None:
	if doc.lead_name and frappe.db.exists("Lead", doc.lead_name):
		lifecycle.apply(doc.lead_name, Happening.CONVERTED)
