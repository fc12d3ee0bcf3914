"""Frappe's calendar: activities follow what people change in it, bookings do not."""

from __future__ import annotations

from typing import Any

from lead_inbox.bookings import calendar_events
from lead_inbox.sequences.activities import meetings


def on_update(doc: Any, _method: str | None = None) -> None:
	meetings.event_changed(doc)
	calendar_events.event_changed(doc)


def on_trash(doc: Any, _method: str | None = None) -> None:
	meetings.event_deleted(doc.name)
	calendar_events.event_deleted(doc)
