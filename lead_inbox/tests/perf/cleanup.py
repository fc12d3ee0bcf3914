"""Taking away what a run has written, so that the next one finds the same data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import frappe
from frappe.utils import now_datetime
from frappe.utils.background_jobs import get_redis_conn

WRITTEN = (
	"Bulk Lead Conversion",
	"Bulk Lead Conversion Row",
	"Comment",
	"Contact",
	"Contact Email",
	"Contact Phone",
	"Customer",
	"DocShare",
	"Dynamic Link",
	"Email Queue",
	"Email Queue Recipient",
	"Error Log",
	"Lead",
	"Lead Conversion",
	"Lead Conversion Entry",
	"Lead Event",
	"Lead Message",
	"Lead Transition",
	"Notification Log",
	"Opportunity",
	"ToDo",
	"Version",
)


@contextmanager
def undone() -> Iterator[None]:
	"""Delete the documents that are made inside, and the jobs that nobody has run."""
	started_on = now_datetime()
	try:
		yield
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		forget(started_on)
		get_redis_conn().flushall()


def recover(seeded_on: datetime) -> None:
	"""Delete what a run that was broken off has left behind: none is seeded with events."""
	if frappe.db.count("Lead Event"):
		frappe.db.delete("Lead Event")
		forget(seeded_on)


def forget(since: datetime) -> None:
	"""Delete the documents made since a moment (site time)."""
	for doctype in WRITTEN:
		frappe.db.delete(doctype, {"creation": [">=", since]})
	frappe.db.commit()
