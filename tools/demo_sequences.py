"""Three ready sequences for the demo: a new lead from the web, a missed call, a quotation that was sent."""

from typing import Any

import frappe
from erpnext.crm.doctype.opportunity.opportunity import make_quotation
from frappe.utils import nowdate

from lead_inbox.sequences.planning import versions

TEMPLATES = {
	"After the quotation": (
		"Hello {{ first_name or customer_name }},<br><br>have you received our quotation? "
		"Tell us what is missing in it, and we change it."
	),
}
WEB_LEAD: dict[str, Any] = {
	"sequence_name": "New Web Lead",
	"description": "Calls first, as whoever is called within minutes answers most often.",
	"document_type": "Lead",
	"enroll_condition": 'inbox_status == "New" and inbox_type == "Form"',
	"steps": [
		{
			"title": "Call at once",
			"kind": "Phone Call",
			"wait": 0,
			"instructions": "Ask what is needed, where and by when.",
			"branch_on": "Call Answered",
			"yes_step": "Send what was agreed",
		},
		{
			"title": "Offer a visit",
			"kind": "Email",
			"automatic": 1,
			"email_template": "Offer a visit",
			"wait": 1,
			"wait_unit": "Hours",
			"branch_on": "Opened",
			"branch_within": 2,
			"yes_step": "Call again",
		},
		{"title": "Ask once more", "kind": "Email", "email_template": "Ask for details", "wait": 1},
		{
			"title": "Call again",
			"kind": "Phone Call",
			"wait": 1,
			"branch_on": "Call Answered",
			"next_step": "End",
		},
		{"title": "Send what was agreed", "kind": "Email", "wait": 0},
	],
}
MISSED_CALL: dict[str, Any] = {
	"sequence_name": "Missed Call",
	"description": "Three tries to call back, within a day.",
	"document_type": "Lead",
	"enroll_condition": 'inbox_status == "New" and inbox_call_back_on',
	"steps": [
		{
			"title": "Call back",
			"kind": "Phone Call",
			"wait": 0,
			"branch_on": "Call Answered",
			"yes_step": "Note what was asked for",
		},
		{
			"title": "Try once more",
			"kind": "Phone Call",
			"wait": 2,
			"wait_unit": "Hours",
			"branch_on": "Call Answered",
			"yes_step": "Note what was asked for",
		},
		{
			"title": "Try the next day",
			"kind": "Phone Call",
			"wait": 1,
			"branch_on": "Call Answered",
			"next_step": "End",
		},
		{
			"title": "Note what was asked for",
			"kind": "Task",
			"wait": 0,
			"instructions": "Fill in name, service and address on the lead.",
		},
	],
}
QUOTATION_SENT: dict[str, Any] = {
	"sequence_name": "Quotation Sent",
	"description": "Until the customer has decided.",
	"document_type": "Opportunity",
	"enroll_condition": 'status == "Quotation"',
	"steps": [
		{
			"title": "Ask whether it has arrived",
			"kind": "Email",
			"email_template": "After the quotation",
			"wait": 2,
		},
		{
			"title": "Call about the quotation",
			"kind": "Phone Call",
			"wait": 3,
			"branch_on": "Call Answered",
			"yes_step": "Decide how to go on",
		},
		{
			"title": "Offer a change",
			"kind": "Email",
			"instructions": "What could be left out, what could be done later?",
			"wait": 2,
		},
		{"title": "Decide how to go on", "kind": "Task", "wait": 5},
	],
}
SEQUENCES = (WEB_LEAD, MISSED_CALL, QUOTATION_SENT)
ITEM = "Drain cleaning"


def make_sequences() -> None:
	"""Make and activate those that are not there yet. One of them asks whether a mail was opened."""
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", 1)
	for name, text in TEMPLATES.items():
		if not frappe.db.exists("Email Template", name):
			frappe.get_doc(doctype="Email Template", name=name, subject=name, response=text).insert()
	for values in SEQUENCES:
		if not frappe.db.exists("Sequence", {"sequence_name": values["sequence_name"]}):
			sequence = frappe.get_doc({"doctype": "Sequence", "enroll_automatically": 1, **values}).insert()
			versions.activate(sequence.name)


def quote(lead: str) -> str:
	"""Send a quotation for a lead, as a sales person does, and return its Opportunity; once."""
	party = {"opportunity_from": "Lead", "party_name": lead}
	if existing := frappe.db.get_value("Opportunity", party):
		return existing
	opportunity = frappe.get_doc({"doctype": "Opportunity", **party}).insert()
	quotation = make_quotation(opportunity.name)
	quotation.update({"transaction_date": nowdate(), "order_type": "Maintenance"})
	quotation.append("items", {"item_code": _service(), "qty": 1, "rate": 180})
	quotation.insert().submit()
	return opportunity.name


def _service() -> str:
	if not frappe.db.exists("Item", ITEM):
		group = frappe.db.get_value("Item Group", {"is_group": 0}, order_by="name asc")
		frappe.get_doc(
			doctype="Item", item_code=ITEM, item_group=group, stock_uom="Nos", is_stock_item=0
		).insert()
	return ITEM
