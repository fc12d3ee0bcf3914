"""What a partner is told of its Reseller Customers: fields by name, everything that programs compare by code.

A code is the name of the member of its rule in small letters, and stays. Nothing of what we alone work with is
told: no key, no token, no evidence, nothing of our Leads, Customers and people, or of the vendor's accounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone

from lead_inbox.reseller import check_rules, domain_rules, form_rules, keys, reading, words
from lead_inbox.reseller.form_rules import AnyFault, Fault
from lead_inbox.reseller.partners import request_rules
from lead_inbox.reseller.partners.request_rules import Place
from lead_inbox.reseller.rules import CustomerType, Origin, Status
from lead_inbox.reseller.waiting_rules import Matter, Party

Answer = dict[str, Any]
OPEN = (Status.DRAFT, Status.CHECKED)
TOLD_IN_LISTS = ("product_family", "organization_name", "domain", "primary_email")
COLUMNS = (
	*("name", "origin", "status", "customer_type", "waits_for", "waits_for_what", "waits_since"),
	*("creation", "modified", "partner_reference"),
	*TOLD_IN_LISTS,
)


def of_one(doc: Any, sent: Mapping[str, Any] | None = None) -> Answer:
	"""Return all that a partner may know of a customer. sent: what it wanted to have written, of which what is
	no good was left out; its faults are told as long as nothing else has been written there."""
	is_open = Status(doc.status) in OPEN
	refusal = reading.consent_refusal(doc)
	return {
		**{field: doc.get(field) or "" for field in request_rules.TEXTS},
		**_state(doc),
		"is_educational": bool(doc.is_educational),
		"is_domain_verified": bool(doc.is_domain_verified),
		"faults": {
			field: {"code": code(fault), "message": words.fault(fault, field)}
			for field, fault in (_faults(doc, sent or {}) if is_open else {}).items()
		},
		"open_requirements": _open_requirements(doc) if is_open else [],
		"consent_refusal": {"code": code(refusal), "message": words.consent(refusal)} if refusal else None,
		"consents": [_consent(row) for row in doc.consents],
	}


def of_page(rows: list[Any], limit: int) -> Answer:
	"""rows: with COLUMNS, one more than asked for where there are more."""
	told = rows[:limit]
	place = Place(told[-1].creation, told[-1].name) if len(rows) > limit else None
	return {
		"reseller_customers": [
			{**_state(row), **{field: row[field] or "" for field in TOLD_IN_LISTS}} for row in told
		],
		"next_cursor": request_rules.cursor(place) if place else None,
	}


def code(member: Enum) -> str:
	return member.name.lower()


def _state(row: Any) -> Answer:
	return {
		"name": row.name,
		"origin": code(Origin(row.origin)),
		"status": code(Status(row.status)),
		"customer_type": code(CustomerType(row.customer_type)),
		"waits_for": {
			"party": code(Party(row.waits_for)),
			"matter": code(Matter(row.waits_for_what)),
			"since": _moment(row.waits_since),
		},
		"created_on": _moment(row.creation),
		"changed_on": _moment(row.modified),
		# not the field of this name: where a partner gave none, that is the name of our Lead or Customer
		"crm_id": row.partner_reference or "",
	}


def _faults(doc: Any, sent: Mapping[str, Any]) -> dict[str, AnyFault]:
	stored = reading.form_values(doc)
	wanted = {**stored, **{field: value for field, value in sent.items() if value and not stored[field]}}
	of_wanted = form_rules.all_faults(Origin(doc.origin), wanted, reading.family_of(doc.product_family))
	faults = reading.form_faults(doc) | {
		field: fault for field, fault in of_wanted.items() if not stored[field]
	}
	if "domain" in faults and "domain" not in of_wanted and _is_anothers(doc, wanted["domain"]):
		faults["domain"] = Fault.TAKEN
	return faults


def _is_anothers(doc: Any, written: str) -> bool:
	domain = domain_rules.read(written)
	if isinstance(domain, domain_rules.Fault):
		return False
	key = keys.key_of(domain.ascii, doc.product_family)
	return bool(key) and keys.has_domain(key, other_than=doc.name)


def _open_requirements(doc: Any) -> list[Answer]:
	return [
		{
			"code": code(answer.requirement.subject),
			"product": answer.requirement.product,
			"question": words.question(answer.requirement),
			"result": code(answer.result),
		}
		for answer in check_rules.unmet(reading.answers_of(doc))
	]


def _consent(row: Any) -> Answer:
	return {
		"product_family": row.product_family,
		"given_by": row.given_by,
		"given_on": _day(row.given_on),
		"expires_on": _day(row.expires_on),
		"withdrawn_on": _day(row.withdrawn_on),
	}


def _day(day: date | str | None) -> str | None:
	return str(day) if day else None


def _moment(moment: datetime | str | None) -> str | None:
	"""Return a moment of the site in ISO 8601 with its zone."""
	naive = get_datetime(moment) if moment else None
	zone = ZoneInfo(get_system_timezone())
	return naive.replace(tzinfo=zone).isoformat(timespec="seconds") if naive else None
