"""A lead and a Customer show their Reseller Customers among their connections."""

from __future__ import annotations

from typing import Any

from frappe import _

from lead_inbox.reseller.records import RESELLER_CUSTOMER


def of_party(data: dict[str, Any]) -> dict[str, Any]:
	"""Add them to the dashboard of Lead or Customer. The field that names either is called as it is there."""
	data["transactions"].append({"label": _("Reselling"), "items": [RESELLER_CUSTOMER]})
	return data
