"""Decisions about what flows from a lead into a record, as pure functions.

Values of documents come in as mappings of their fields. Nothing here reads a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lead_inbox.inbox.merging import merge_rules

# What is one fact is filled as one: half of an address is another place.
TOGETHER = (
	("city", "state", "country"),
	("phone", "phone_ext"),
	("first_name", "middle_name", "last_name"),
	("contact_person", "contact_display", "contact_email", "contact_mobile"),
	("customer_primary_address", "primary_address"),
)


def carried_values(
	draft: Mapping[str, Any], blank: Mapping[str, Any], lead: Mapping[str, Any], fields: Iterable[str]
) -> dict[str, Any]:
	"""Return what a draft has from the lead, of the given fields.

	blank: a new document of the same type. What is in both is a default, unless the lead says the same.
	"""
	return {
		field: value
		for field in fields
		if (value := draft.get(field)) and (value != blank.get(field) or value == lead.get(field))
	}


def missing_values(record: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
	"""Return those values whose fields, and all that belong to them, are empty in the record."""
	return merge_rules.missing_values(record, values, values, TOGETHER)


def numbers_to_add(lead: Mapping[str, Any], contact: Mapping[str, Any]) -> dict[str, str]:
	"""Return the numbers of the lead that a Contact lacks, by the field of the Contact that shows them.

	contact: its phone and mobile_no, and `listed`, all its numbers: one that is there stays for what it is.
	"""
	wanted = {"phone": lead.get("phone"), "mobile_no": lead.get("mobile_no") or lead.get("whatsapp_no")}
	numbers = {field: number.strip() for field, number in wanted.items() if number}
	return {
		field: number
		for field, number in numbers.items()
		if number and number not in contact["listed"] and not contact.get(field)
	}
