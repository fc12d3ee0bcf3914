"""The fields that this app adds to ERPNext's Lead: one constant that installs and removes them."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox.rules import Status

LEAD_TYPES = ("Message", "Phone Call", "Booking", "Form", "Email")


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
	_break("inbox_request_section", "Section Break", "Request"),
	_asked("inbox_service", "Service", "Data"),
	_asked("inbox_description", "Description of the Job", "Small Text"),
	_break("inbox_column_2", "Column Break"),
	_asked("inbox_location", "Location", "Data"),
	_asked("inbox_postal_code", "Postal Code", "Data", length=20),
	_break("inbox_times_section", "Section Break", "Times"),
	_kept("inbox_arrived_on", "Arrived On", "Datetime"),
	_kept("inbox_last_inbound_on", "Last Heard From On", "Datetime"),
	_kept("inbox_last_interaction_on", "Last Interaction On", "Datetime"),
	_break("inbox_column_3", "Column Break"),
	_kept("inbox_first_response_on", "First Response On", "Datetime"),
	_kept("inbox_aging_from", "Aging From", "Datetime", hidden=1),
	_kept("inbox_nudged_on", "Nudged On", "Datetime", hidden=1),
	_kept("inbox_phone_e164", "Phone in E.164", "Data", length=20, search_index=1, hidden=1),
	_kept("inbox_mobile_e164", "Mobile in E.164", "Data", length=20, search_index=1, hidden=1),
	_kept("inbox_last_message", "Last Message", "Data", length=20, hidden=1),
]


def _in_order(fields: list[dict[str, Any]], insert_after: str) -> list[dict[str, Any]]:
	"""Chain the fields so that the form shows them in the order of the list."""
	chained = []
	for field in fields:
		chained.append({**field, "insert_after": insert_after})
		insert_after = field["fieldname"]
	return chained


CUSTOM_FIELDS: dict[str, list[dict[str, Any]]] = {"Lead": _in_order(_LEAD_FIELDS, insert_after="notes")}

# The fields of Lead that inbox/lifecycle.py alone may write.
STATE_FIELDS: tuple[str, ...] = tuple(field["fieldname"] for field in _LEAD_FIELDS if field.get("read_only"))
