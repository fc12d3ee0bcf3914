from __future__ import annotations

import frappe
from frappe.model.document import Document

from lead_inbox.reseller.records import REQUEST


class ResellerVendorRequest(Document):
	"""What a vendor is to be asked about a customer, and what came of it. Written by requests.py and
	answering.py of reseller/vendor alone (RS-9)."""


def on_doctype_update() -> None:
	frappe.db.add_index(REQUEST, ["status", "next_attempt_on"], index_name="due")
