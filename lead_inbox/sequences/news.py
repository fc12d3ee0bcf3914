"""Telling open pages that there is other work on a record."""

from __future__ import annotations

from collections.abc import Iterable

import frappe
from frappe.realtime import get_doctype_room

REALTIME_EVENT = "lead_inbox_work"
# More records than this at once are not named: open pages then ask for everything.
MAX_NAMED = 50


def changed(doctype: str, names: Iterable[str]) -> None:
	"""Tell, after the commit, that activities or enrollments of records changed. Carries no personal data.

	doctype: Lead or Opportunity; who may read it may listen.
	"""
	named = sorted(set(names))
	frappe.publish_realtime(
		REALTIME_EVENT,
		{"doctype": doctype, "names": named if len(named) <= MAX_NAMED else None},
		room=get_doctype_room(doctype),
		after_commit=True,
	)
