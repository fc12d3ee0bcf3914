"""What a Reseller Customer begins with, told by a Contact, an Address and how somebody is reached.

Only what the user may see is told, as it is shown to whoever sees the Reseller Customer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import frappe

from lead_inbox.inbox.contact import masking
from lead_inbox.inbox.identity import region_of
from lead_inbox.reseller.ties import tie_rules

ADDRESS_FIELDS = {
	"address_line1": "address_line1",
	"address_line2": "address_line2",
	"city": "city",
	"state": "state",
	"pincode": "postal_code",
	"country": "country",
}


@dataclass(frozen=True)
class Someone:
	"""A Contact; all is empty where there is none. emails, numbers: the main ones first."""

	contact: str = ""
	first_name: str = ""
	last_name: str = ""
	emails: list[str] = field(default_factory=list)
	numbers: list[str] = field(default_factory=list)


def someone(contact: str | None) -> Someone:
	"""Return what a Contact tells, if it is there and the user may read it."""
	doc = _readable("Contact", contact)
	if not doc:
		return Someone()
	return Someone(
		doc.name,
		doc.first_name or "",
		doc.last_name or "",
		_main_first(doc.email_id, (row.email_id for row in doc.email_ids)),
		_main_first(doc.phone or doc.mobile_no, (row.phone for row in doc.phone_nos)),
	)


def place(address: str | None) -> dict[str, str]:
	"""Return the fields that an Address fills, itself included; nothing of one that the user may not read."""
	doc = _readable("Address", address)
	if not doc:
		return {}
	values = {target: doc.get(source) for source, target in ADDRESS_FIELDS.items()}
	return filled({**values, "address": doc.name})


def reach(
	emails: Iterable[str | None], numbers: Iterable[str | None], website: str | None, country: str | None
) -> dict[str, str]:
	"""Return domain, primary_email, alternate_email and phone, as far as they are known.

	country: of numbers without a country code, None for the site's.
	"""
	known = [] if masking.hides_addresses() else list(filter(None, emails))
	domain = tie_rules.guessed_domain(known, website or "")
	dialed = [] if masking.hides_numbers() else filter(None, numbers)
	return filled(
		{
			"domain": domain and domain.shown,
			**tie_rules.emails_by_field(known, domain),
			"phone": tie_rules.first_number(dialed, region_of(country)),
		}
	)


def told(name: str | None) -> str | None:
	"""Return what somebody is called, unless it is an address or a number that the user may not see."""
	return name if masking.name(name) == name else None


def filled(values: dict[str, Any]) -> dict[str, Any]:
	return {name: value for name, value in values.items() if value}


def _readable(doctype: str, name: str | None) -> Any | None:
	if not name or not frappe.db.exists(doctype, name):
		return None
	doc = frappe.get_doc(doctype, name)
	return doc if frappe.has_permission(doctype, ptype="read", doc=doc) else None


def _main_first(main: str | None, values: Iterable[str | None]) -> list[str]:
	return list(dict.fromkeys(filter(None, [main, *values])))
