"""Where a lead or an opportunity came from: fields that have other names in ERPNext 16."""

from __future__ import annotations

from typing import Any

import frappe

SOURCE_FIELDS = ("source", "utm_source")
CAMPAIGN_FIELDS = ("campaign_name", "campaign", "utm_campaign")


def source_field(doctype: str = "Lead") -> Any | None:
	"""Return the field (its fieldname and the DocType it links to) of this site's ERPNext, None without one."""
	return _first(doctype, SOURCE_FIELDS)


def campaign_field(doctype: str = "Lead") -> Any | None:
	"""Return the field (its fieldname and the DocType it links to) of this site's ERPNext, None without one."""
	return _first(doctype, CAMPAIGN_FIELDS)


def _first(doctype: str, names: tuple[str, ...]) -> Any | None:
	meta = frappe.get_meta(doctype)
	return next((meta.get_field(name) for name in names if meta.has_field(name)), None)
