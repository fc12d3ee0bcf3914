from __future__ import annotations

import frappe
from frappe.model.document import Document


class LeadMessage(Document):
	"""One thing said about or by a lead. Written by inbox/messages.py; its texts are stored HTML-escaped."""


def on_doctype_update() -> None:
	frappe.db.add_index("Lead Message", ["lead", "sent_on"], index_name="lead_sent")
	frappe.db.add_index("Lead Message", ["delivery_status", "next_attempt_on"], index_name="delivery_due")
	frappe.db.add_index("Lead Message", ["call_status", "sent_on"], index_name="calls_by_status")
	if not frappe.db.has_index("tabLead Message", "content_search"):
		frappe.db.commit()  # DDL commits anyway; Frappe refuses it with writes pending
		frappe.db.sql_ddl("alter table `tabLead Message` add fulltext index content_search (content)")
