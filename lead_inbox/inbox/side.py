"""What the inbox page shows beside the conversation: who the lead is, and what has become of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import frappe
from frappe.utils import get_system_timezone

from lead_inbox.custom_fields import CONVERSION_FIELDS, STAGES
from lead_inbox.inbox import listing, messages
from lead_inbox.inbox.contact import consent, masking
from lead_inbox.inbox.lifecycle import REFUSAL_FIELDS
from lead_inbox.inbox.merging import duplicates
from lead_inbox.inbox.replies import held_mail, reply
from lead_inbox.inbox.response.working_time import elapsed_seconds

FIELDS = {
	*consent.FIELDS,
	*reply.LEAD_FIELDS,
	*("lead_name", "company_name", "job_title", "lead_owner", "city", "state"),
	*("inbox_postal_code", "inbox_location", "inbox_service", "inbox_description"),
	*("inbox_price", "inbox_price_currency", "inbox_charged", "inbox_credit_state"),
	*("inbox_arrived_on", "inbox_assigned_on", "inbox_call_back_on", "inbox_first_response_on"),
	*("inbox_first_response_seconds", "inbox_first_response_business_seconds"),
	*("inbox_stage", "inbox_score", "inbox_handover", "inbox_sent_back_reason"),
	*("inbox_converted", *CONVERSION_FIELDS),
}
CONVERTED_TO = ("Customer", "Contact", "Opportunity", "Quotation")
SOURCE_FIELDS = ("source", "utm_source")


def read(lead: str) -> frappe._dict:
	"""Return the lead's columns as they are: a document may come with masked values."""
	meta = frappe.get_meta("Lead")
	fields = [*FIELDS, *(field for field in SOURCE_FIELDS if meta.has_field(field))]
	return frappe.db.get_value("Lead", lead, fields, as_dict=True)


def show(row: frappe._dict) -> dict[str, Any]:
	"""Return what stands beside the conversation of a lead that the user may read. row: from `read`."""
	lead = row.name
	return {
		"lead": {
			**_person(row),
			**_request(row),
			**_charge(row),
			**_response(row),
			**_stage(row),
			"call_back_on": row.inbox_call_back_on,
			"merged_into": _named(row.inbox_merged_into),
			"conversion": _conversion(row),
		},
		"assignments": _assignments(lead),
		"duplicates": duplicates.find(lead),
		"merges": _merges(lead),
		"held": held_mail.of_lead(lead),
		"disputes": _disputes(lead),
	}


def _person(row: frappe._dict) -> dict[str, Any]:
	numbers = reply.numbers_of(row)
	return {
		**{field: row[field] for field in ("name", "company_name", "job_title", "lead_owner", "status")},
		"title": masking.name(row.title),
		"lead_name": masking.name(row.lead_name),
		"lead_owner_name": frappe.utils.get_fullname(row.lead_owner) if row.lead_owner else None,
		"email_id": masking.address(row.email_id),
		"numbers": [{**number, "number": masking.number(number["number"])} for number in numbers],
		"masked": masking.hides_numbers() or masking.hides_addresses(),
		"bounced_email": masking.address(row.inbox_bounced_email),
		"no": {medium: bool(row[field]) for medium, field in REFUSAL_FIELDS.items()},
		"refusals": consent.refusals(row),
	}


def _request(row: frappe._dict) -> dict[str, Any]:
	return {
		"postal_code": row.inbox_postal_code,
		"location": row.inbox_location or ", ".join(filter(None, (row.city, row.state, row.country))),
		"service": row.inbox_service,
		"description": row.inbox_description,
		"source": next(filter(None, map(row.get, SOURCE_FIELDS)), None),
	}


def _charge(row: frappe._dict) -> dict[str, Any]:
	return {
		"price": row.inbox_price,
		"currency": row.inbox_price_currency,
		"charged": bool(row.inbox_charged),
		"credit_state": row.inbox_credit_state,
	}


def _stage(row: frappe._dict) -> dict[str, Any]:
	"""How far the lead has come towards a sale (CO-1). handover: whether sales waits, has it, or sent it back."""
	return {
		"stage": row.inbox_stage or STAGES[0],
		"score": row.inbox_score or 0,
		"handover": row.inbox_handover or None,
		"sent_back_reason": messages.as_text(row.inbox_sent_back_reason),
	}


def _conversion(row: frappe._dict) -> dict[str, Any] | None:
	"""When and by whom the lead was converted, and to which records; None while it is not."""
	if not row.inbox_converted:
		return None
	by = row.inbox_converted_by
	return {
		"on": row.inbox_converted_on,
		"by": frappe.utils.get_fullname(by) if by else None,
		"records": [
			{"doctype": doctype, "name": name, "label": _title(doctype, name)}
			for doctype in CONVERTED_TO
			if (name := row[f"inbox_{doctype.lower()}"])
		],
	}


def _title(doctype: str, name: str) -> str:
	title = frappe.db.get_value(doctype, name, frappe.get_meta(doctype).get_title_field())
	return masking.name(title or name)


def _response(row: frappe._dict) -> dict[str, Any]:
	"""Times of the first response (IN-9), None while there is none."""
	answered = bool(row.inbox_first_response_on)
	return {
		"arrived_on": row.inbox_arrived_on,
		"first_response_on": row.inbox_first_response_on,
		"first_response_seconds": row.inbox_first_response_seconds if answered else None,
		"first_response_business_seconds": row.inbox_first_response_business_seconds if answered else None,
		"routing_seconds": _seconds_between(row.inbox_arrived_on, row.inbox_assigned_on),
		"owner_seconds": _seconds_between(row.inbox_assigned_on, row.inbox_first_response_on),
	}


def _seconds_between(start: datetime | None, end: datetime | None) -> int | None:
	"""None where one of them is missing, or came first: who answered did not wait to be assigned."""
	if not start or not end or end < start:
		return None
	return elapsed_seconds(start, end, ZoneInfo(get_system_timezone()))


def _assignments(lead: str) -> list[dict[str, Any]]:
	users = frappe.get_all(
		"ToDo",
		filters={"reference_type": "Lead", "reference_name": lead, "status": "Open"},
		pluck="allocated_to",
		order_by="creation asc",
	)
	return list(listing.people(users).values())


def _named(lead: str | None) -> dict[str, str] | None:
	title = lead and frappe.db.get_value("Lead", lead, "title")
	return {"name": lead, "title": masking.name(title)} if title else None


def _merges(lead: str) -> list[dict[str, Any]]:
	"""The leads that were merged into this one and can be taken out again."""
	merge, loser = frappe.qb.DocType("Lead Merge"), frappe.qb.DocType("Lead")
	rows = (
		frappe.qb.from_(merge)
		.join(loser)
		.on(loser.name == merge.loser)
		.select(merge.name, merge.loser, merge.merged_on, loser.title)
		.where((merge.winner == lead) & merge.undone_on.isnull())
		.orderby(merge.merged_on)
	).run(as_dict=True)
	return [{**row, "title": masking.name(row.title)} for row in rows]


def _disputes(lead: str) -> list[dict[str, Any]]:
	return frappe.get_all(
		"Lead Dispute",
		filters={"lead": lead},
		fields=[
			*("name", "kind", "reason", "satisfaction", "result"),
			*("credited_amount", "currency", "creation"),
		],
		order_by="creation asc",
	)
