"""Reminders that are written but have not left when their booking begins: a mail server was away, or sending was
suspended. Nobody needs them any more (BO-7)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import now_datetime

from lead_inbox.bookings.booking_rows import BOOKING
from lead_inbox.bookings.telling import telling
from lead_inbox.bookings.telling.reminder_rules import GRACE, Kind, RowStatus
from lead_inbox.bookings.telling.telling import REMINDER
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.replies.delivery_rules import WAITING

BATCH = 100


def withdraw() -> None:
	"""Take them back, and let their rows say so. Commits."""
	for row in _overtaken():
		if outbox.withdraw(row.message, row.lead):
			error = _("It had not left when the booking began.")
			telling.settle(row.name, RowStatus.SKIPPED, message=row.message, error=error)
		frappe.db.commit()


def _overtaken() -> list[frappe._dict]:
	"""Few messages wait at any time, so the search begins with them."""
	message, reminder, booking = (frappe.qb.DocType(name) for name in ("Lead Message", REMINDER, BOOKING))
	return (
		frappe.qb.from_(message)
		.join(reminder)
		.on(reminder.message == message.name)
		.join(booking)
		.on(booking.name == reminder.booking)
		.select(reminder.name, reminder.message, message.lead)
		.where(message.delivery_status.isin([status.value for status in WAITING]))
		.where((reminder.kind == Kind.REMINDER.value) & (booking.starts_on < now_datetime() - GRACE))
		.orderby(reminder.name)
		.limit(BATCH)
	).run(as_dict=True)
