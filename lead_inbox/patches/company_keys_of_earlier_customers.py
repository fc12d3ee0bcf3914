"""Sites that had Customers before they were found by their names."""

from __future__ import annotations

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from lead_inbox.conversion.matching import company_keys
from lead_inbox.custom_fields import CUSTOM_FIELDS


def execute() -> None:
	create_custom_fields(CUSTOM_FIELDS)  # after_migrate, which makes them else, comes later than patches
	company_keys.refresh()
