"""Telling a customer what a reminder is due for, and noting on its row what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils import now_datetime, strip_html

from lead_inbox.bookings.telling import reaching, words
from lead_inbox.bookings.telling.reminder_rules import RowStatus
from lead_inbox.bookings.telling.words import Said

REMINDER = "Booking Reminder"
SAVEPOINT = "booking_reminder"


def tell_customer(row: frappe._dict, booking: frappe._dict, say: Callable[[], Said]) -> None:
	"""Send what a reminder is due for to the customer, and settle its row.

	A customer who refuses the medium gets nothing, and the row says why. booking: a row with words.FIELDS.
	say: returns the words; it is called in the customer's language.
	"""
	way = reaching.find_way(booking, row.medium)
	if not way.medium:
		settle(row.name, RowStatus.SKIPPED, error=way.why)
		return
	frappe.db.savepoint(SAVEPOINT)
	try:
		with words.in_language_of(booking):
			said = say()
		message = reaching.send(booking, way, said, key=f"booking-reminder:{row.name}")
	except frappe.ValidationError as error:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.clear_last_message()
		settle(row.name, RowStatus.FAILED, error=strip_html(str(error)))
		return
	settle(row.name, RowStatus.SENT, message=message)


def settle(name: str, status: RowStatus, *, message: str | None = None, error: str = "") -> None:
	"""Note what became of a reminder."""
	sent_on = now_datetime() if status is RowStatus.SENT else None
	values: dict[str, Any] = {"status": status.value, "sent_on": sent_on, "message": message, "error": error}
	frappe.db.set_value(REMINDER, name, values)
