"""What the demo shows of conversion: points that make leads MQL and SQL, and a Customer that a lead is of."""

from typing import Any

import frappe

THRESHOLDS = {"mql_score": 20, "sql_score": 40}
SCORE_RULES: tuple[dict[str, Any], ...] = (
	{"rule_name": "Writes for a company", "kind": "Field", "field": "company_name", "points": 25},
	{"rule_name": "Says what is needed", "kind": "Field", "field": "inbox_service", "points": 15},
	{
		"rule_name": "Has answered us",
		"kind": "Engagement",
		"engagement": "Replied",
		"points": 15,
		"decay_days": 30,
	},
)
CUSTOMER = "Harbor Dental Group"


def make_conversion() -> None:
	"""Made again it changes nothing."""
	for rule in SCORE_RULES:
		if not frappe.db.exists("Lead Score Rule", rule["rule_name"]):
			frappe.get_doc(doctype="Lead Score Rule", **rule).insert()
	settings = frappe.get_single("Lead Inbox Settings")
	if not settings.sql_score:
		settings.update(THRESHOLDS)
		settings.save()
	if not frappe.db.exists("Customer", {"customer_name": CUSTOMER}):
		frappe.get_doc(doctype="Customer", customer_name=CUSTOMER, customer_type="Company").insert()
