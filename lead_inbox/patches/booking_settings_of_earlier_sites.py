"""Sites that had settings before there were bookings: Frappe stores a Single's defaults only when it is new."""

from __future__ import annotations

import frappe

SETTINGS = "Lead Inbox Settings"
FIELDS = ("ask_for_reviews", "review_after_hours", "booking_link_days")


def execute() -> None:
	stored = frappe.db.get_singles_dict(SETTINGS)
	meta = frappe.get_meta(SETTINGS)
	for field in FIELDS:
		if field not in stored:
			frappe.db.set_single_value(SETTINGS, field, meta.get_field(field).default)
