"""Sites that converted leads before conversions were kept."""

from __future__ import annotations

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from lead_inbox.conversion.making import adoption
from lead_inbox.custom_fields import CUSTOM_FIELDS


def execute() -> None:
	create_custom_fields(CUSTOM_FIELDS)  # after_migrate, which makes them else, comes later than patches
	adoption.adopt_conversions()
