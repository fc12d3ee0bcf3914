"""Telling the open forms of a bulk conversion how far it is, and workers that there is one to do."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.realtime import get_doc_room

from lead_inbox.conversion.records import BULK
from lead_inbox.inbox.waking import Waking

REALTIME_EVENT = "lead_inbox_bulk_conversion"
WAKING = Waking("lead_inbox_bulk_conversion", "lead_inbox.tasks.run_bulk_conversions", queue="long")


def tell(run: str, **details: Any) -> None:
	"""Let the forms that show a run know, after the commit, that it has moved. Carries no personal data."""
	frappe.publish_realtime(
		REALTIME_EVENT,
		{"bulk_conversion": run, **details},
		room=get_doc_room(BULK, run),
		after_commit=True,
	)


def tell_prepared(run: str, done: int, total: int) -> None:
	tell(run, prepared=done, total=total)
