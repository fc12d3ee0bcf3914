"""New times of reminders hold for the bookings that are made already (BO-7)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.bookings import booking_rows
from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.rules import Status
from lead_inbox.bookings.telling import reminders

BATCH = 200


def settings_changed(settings: Any) -> None:
	"""Let a job plan the reminders again when their times are others. settings: the document, just saved."""
	before = settings.get_doc_before_save()
	if before and _times(before) != _times(settings):
		frappe.enqueue("lead_inbox.tasks.plan_booking_reminders", queue="long", enqueue_after_commit=True)


def _times(settings: Any) -> list[tuple[Any, ...]]:
	rows = settings.booking_reminders
	return [(row.minutes_before, row.to_customer or "", bool(row.to_staff)) for row in rows]


def plan_again() -> None:
	"""Plan the reminders of all bookings that are to come. Each is a transaction of its own."""
	last = ""
	while names := _upcoming_after(last):
		for name in names:
			_plan_safely(name)
		last = names[-1]


def _upcoming_after(name: str) -> list[str]:
	filters = {"name": [">", name], "status": Status.CONFIRMED.value, "starts_on": [">", now_datetime()]}
	return frappe.get_all(BOOKING, filters, pluck="name", order_by="name asc", limit=BATCH)


def _plan_safely(name: str) -> None:
	frappe.db.commit()  # what others have committed since this transaction's snapshot must be seen
	try:
		booking_rows.hold(name)
		reminders.plan(name)
		frappe.db.commit()
	except Exception:
		frappe.db.rollback()
		frappe.log_error(
			_("Reminders of a booking could not be planned"), reference_doctype=BOOKING, reference_name=name
		)
		frappe.db.commit()
