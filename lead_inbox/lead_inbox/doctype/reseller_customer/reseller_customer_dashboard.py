from __future__ import annotations

from typing import Any

from frappe import _


def get_data() -> dict[str, Any]:
	"""Return what a Reseller Customer shows among its connections."""
	return {
		"fieldname": "inbox_reseller_customer",
		"non_standard_fieldnames": {"Reseller Vendor Request": "reseller_customer"},
		"transactions": [
			{"label": _("Orders"), "items": ["Quotation", "Sales Order"]},
			{"label": _("Vendor"), "items": ["Reseller Vendor Request"]},
		],
	}
