"""When customers and staff are reminded of bookings on a site where nobody has said so yet."""

from __future__ import annotations

import frappe

SETTINGS, TIME = "Lead Inbox Settings", "Booking Reminder Time"
MINUTES_BEFORE = (1440, 60)


def write() -> None:
	"""Let them be reminded a day and an hour before. Once: who deletes the rows wants no reminders.

	Written as rows of their own: to save a Single that is older than some of its fields would empty those.
	"""
	parent = {"parent": SETTINGS, "parenttype": SETTINGS, "parentfield": "booking_reminders"}
	if frappe.db.exists(TIME, parent):
		return
	for index, minutes in enumerate(MINUTES_BEFORE, start=1):
		values = {"minutes_before": minutes, "to_customer": "Email or SMS", "to_staff": 1, "idx": index}
		frappe.get_doc(doctype=TIME, **parent, **values).insert(ignore_permissions=True)
	frappe.clear_document_cache(SETTINGS, SETTINGS)
