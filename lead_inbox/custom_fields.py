"""The fields that this app adds to documents of Frappe and ERPNext: one constant installs and removes them."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox.rules import Status

LEAD_TYPES = ("Message", "Phone Call", "Booking", "Form", "Email")
CREDIT_STATES = ("Pending", "Credited", "Refused")
STAGES = ("Lead", "MQL", "SQL", "Customer")
HANDOVERS = ("Waiting", "Accepted", "Sent Back")
ALERT_KINDS = {
	"new_lead": "New leads",
	"message": "Messages and calls on leads in work",
	"mention": "Mentions in notes",
	"nudge": "Leads that are about to turn Unanswered",
	"failed_send": "Messages that could not be sent",
	"channel": "Channels whose response rate has fallen",
	"activity": "Activities that are yours to do",
	"qualified": "Leads that are handed over to you, and leads that want qualifying",
	"booking": "Bookings, their changes and reviews, and reminders of them",
	"reseller": "Reseller customers that wait for you",
}


def _options(values: tuple[str, ...] | list[str]) -> str:
	return "\n".join(("", *values))


def _kept(fieldname: str, label: str, fieldtype: str, **properties: Any) -> dict[str, Any]:
	"""A field that the app keeps and people only read."""
	return {
		"fieldname": fieldname,
		"label": label,
		"fieldtype": fieldtype,
		"read_only": 1,
		"no_copy": 1,
		**properties,
	}


def _asked(fieldname: str, label: str, fieldtype: str, **properties: Any) -> dict[str, Any]:
	"""A field that a source fills and people may correct."""
	return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, **properties}


def _break(fieldname: str, fieldtype: str, label: str = "") -> dict[str, Any]:
	return {"fieldname": fieldname, "fieldtype": fieldtype, "label": label}


# What a converted lead has become (CO-6).
_CONVERSION_FIELDS: list[dict[str, Any]] = [
	_kept("inbox_converted", "Converted", "Check", in_standard_filter=1),
	_kept("inbox_converted_on", "Converted On", "Datetime", search_index=1),
	_kept("inbox_converted_by", "Converted By", "Link", options="User"),
	_break("inbox_column_6", "Column Break"),
	_kept("inbox_customer", "Customer", "Link", options="Customer", search_index=1),
	_kept("inbox_contact", "Contact", "Link", options="Contact"),
	_kept("inbox_opportunity", "Opportunity", "Link", options="Opportunity"),
	_kept("inbox_quotation", "Quotation", "Link", options="Quotation"),
]

_LEAD_FIELDS: list[dict[str, Any]] = [
	_break("inbox_tab", "Tab Break", "Inbox"),
	_kept(
		"inbox_status",
		"Inbox Status",
		"Select",
		options=_options([status.value for status in Status]),
		in_standard_filter=1,
	),
	_kept("inbox_reason", "Reason", "Data", length=60),
	_kept("inbox_assignee", "Assignee", "Link", options="User"),
	_kept("inbox_snoozed_until", "Snoozed Until", "Datetime", search_index=1),
	_break("inbox_column_1", "Column Break"),
	_asked("inbox_type", "Type of Lead", "Select", options=_options(LEAD_TYPES), in_standard_filter=1),
	_kept("inbox_channel", "Channel", "Link", options="Lead Channel", in_standard_filter=1),
	_asked("inbox_price", "Price of the Lead", "Currency", options="inbox_price_currency"),
	_asked("inbox_price_currency", "Currency of the Price", "Link", options="Currency"),
	_asked("inbox_charged", "Charged", "Check"),
	_asked("inbox_credit_state", "Credit", "Select", options=_options(CREDIT_STATES), in_standard_filter=1),
	_break("inbox_request_section", "Section Break", "Request"),
	_asked("inbox_service", "Service", "Data"),
	_asked("inbox_description", "Description of the Job", "Small Text"),
	_break("inbox_column_2", "Column Break"),
	_asked("inbox_location", "Location", "Data"),
	_asked("inbox_postal_code", "Postal Code", "Data", length=20),
	_break("inbox_refusals_section", "Section Break", "Contact"),
	_asked("inbox_no_calls", "Do Not Call", "Check"),
	_asked("inbox_no_mail", "Do Not Mail", "Check"),
	_asked("inbox_no_sms", "Do Not Text", "Check"),
	_break("inbox_column_4", "Column Break"),
	_kept("inbox_bounced_email", "Address That Mail Bounced From", "Data"),
	_kept("inbox_merged_into", "Merged Into", "Link", options="Lead"),
	_break("inbox_stage_section", "Section Break", "Stage"),
	_kept("inbox_stage", "Stage", "Select", options="\n".join(STAGES), in_standard_filter=1, length=20),
	_kept("inbox_score", "Score", "Int"),
	_kept(
		"inbox_handover",
		"Handed Over to Sales",
		"Select",
		options=_options(HANDOVERS),
		in_standard_filter=1,
		length=20,
	),
	_kept("inbox_sent_back_reason", "Sent Back Because", "Data"),
	_break("inbox_column_5", "Column Break"),
	_kept("inbox_mql_on", "Marketing Qualified On", "Datetime"),
	_kept("inbox_sql_on", "Sales Qualified On", "Datetime"),
	_break("inbox_conversion_section", "Section Break", "Conversion"),
	*_CONVERSION_FIELDS,
	_break("inbox_times_section", "Section Break", "Times"),
	_kept("inbox_arrived_on", "Arrived On", "Datetime"),
	_kept("inbox_last_inbound_on", "Last Heard From On", "Datetime"),
	_kept("inbox_last_interaction_on", "Last Interaction On", "Datetime"),
	_break("inbox_column_3", "Column Break"),
	_kept("inbox_call_back_on", "To Call Back Since", "Datetime"),
	_kept("inbox_assigned_on", "First Assigned On", "Datetime"),
	_kept("inbox_first_response_on", "First Response On", "Datetime"),
	_kept("inbox_first_response_by", "First Response By", "Link", options="User"),
	_kept("inbox_first_response_seconds", "First Response Time", "Int", description="Seconds"),
	_kept(
		"inbox_first_response_business_seconds",
		"First Response Time in Business Hours",
		"Int",
		description="Seconds within the channel's hours",
	),
	_kept("inbox_aging_from", "Aging From", "Datetime", hidden=1),
	_kept("inbox_nudged_on", "Nudged On", "Datetime", hidden=1),
	_kept("inbox_scored_on", "Scored On", "Datetime", hidden=1),
	_kept("inbox_qualify_reminded_on", "Reminded to Qualify On", "Datetime", hidden=1),
	_kept("inbox_phone_e164", "Phone in E.164", "Data", length=20, search_index=1, hidden=1),
	_kept("inbox_mobile_e164", "Mobile in E.164", "Data", length=20, search_index=1, hidden=1),
	_kept("inbox_last_message", "Last Message", "Data", length=20, hidden=1),
	_kept("inbox_auto_replied_on", "Replied Automatically On", "Datetime", hidden=1),
	_kept("inbox_relay_token", "Relay Token", "Data", length=20, search_index=1, hidden=1),
]

# One switch for each kind of alert, in every user's Notification Settings (RE-8).
_ALERT_FIELDS: list[dict[str, Any]] = [
	_break("lead_inbox_section", "Section Break", "Lead Inbox"),
	*(
		{"fieldname": f"lead_inbox_{kind}", "label": label, "fieldtype": "Check", "default": "1"}
		for kind, label in ALERT_KINDS.items()
	),
]


def _from_lead(insert_after: str) -> dict[str, Any]:
	"""The lead that a record was made of, or that was converted to it."""
	field = _kept("inbox_lead", "From Lead", "Link", options="Lead", search_index=1)
	return {**field, "insert_after": insert_after}


def _for_reseller_customer(insert_after: str) -> dict[str, Any]:
	"""For whom a document is (RS-3). Copied, so that an order made of a quotation says it too."""
	return {
		"fieldname": "inbox_reseller_customer",
		"label": "Reseller Customer",
		"fieldtype": "Link",
		"options": "Reseller Customer",
		"search_index": 1,
		"print_hide": 1,
		"insert_after": insert_after,
	}


def _in_order(fields: list[dict[str, Any]], insert_after: str) -> list[dict[str, Any]]:
	"""Chain the fields so that the form shows them in the order of the list."""
	chained = []
	for field in fields:
		chained.append({**field, "insert_after": insert_after})
		insert_after = field["fieldname"]
	return chained


CUSTOM_FIELDS: dict[str, list[dict[str, Any]]] = {
	"Lead": _in_order(_LEAD_FIELDS, insert_after="notes"),
	"Notification Settings": _in_order(
		_ALERT_FIELDS, insert_after="enable_email_threads_on_assigned_document"
	),
	# Links lead both ways. A Customer names its lead in a field of ERPNext's.
	"Contact": [_from_lead(insert_after="company_name")],
	"Opportunity": [_from_lead(insert_after="party_name")],
	"Quotation": [_from_lead(insert_after="party_name"), _for_reseller_customer(insert_after="inbox_lead")],
	"Sales Order": [_for_reseller_customer(insert_after="customer_name")],
	"Event": [
		{
			**_kept("inbox_booking", "Booking", "Link", options="Booking", search_index=1),
			"insert_after": "event_category",
		}
	],
	"Customer": [
		{
			**_kept("inbox_company_key", "Key of the Name", "Data", search_index=1, hidden=1),
			"insert_after": "customer_name",
		}
	],
}

# The fields of Lead that inbox/lifecycle.py alone may write.
STATE_FIELDS: tuple[str, ...] = tuple(field["fieldname"] for field in _LEAD_FIELDS if field.get("read_only"))
CONVERSION_FIELDS: tuple[str, ...] = tuple(
	field["fieldname"] for field in _CONVERSION_FIELDS if field.get("read_only")
)
