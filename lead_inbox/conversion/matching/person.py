"""What is known of a person and their company, of a lead for example, in the forms by which records are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import frappe
import phonenumbers
from phonenumbers import PhoneNumberFormat

from lead_inbox.channels.phone import fold_email, to_e164
from lead_inbox.inbox.identity import region_of

FIELDS = (
	"name",
	"lead_name",
	"company_name",
	"email_id",
	"phone",
	"mobile_no",
	"whatsapp_no",
	"country",
	"customer",
)
MOST_CONTACTS = 50  # of one lead


@dataclass(frozen=True)
class Person:
	"""emails: folded. phones: in E.164. written: the ways in which the same numbers are likely written.
	contacts: the Contacts that stand for the lead already. customer: asked for by ERPNext where the source
	of a lead is an existing one. lead: empty for whom there is none."""

	lead: str
	name: str
	company: str
	emails: tuple[str, ...]
	phones: frozenset[str]
	written: tuple[str, ...]
	contacts: frozenset[str]
	customer: str
	region: str | None

	def has_number(self, written: str) -> bool:
		return to_e164(written, self.region) in self.phones


def of_lead(lead: str) -> Person:
	"""Return what a lead says of itself, and its Contacts of it. The caller has checked the right to it."""
	facts = frappe.db.get_value("Lead", lead, FIELDS, as_dict=True)
	return described(
		lead=lead,
		name=facts.lead_name,
		company=facts.company_name,
		emails=[facts.email_id],
		numbers=[facts[field] for field in ("phone", "mobile_no", "whatsapp_no")],
		contacts=contacts_of(lead),
		customer=facts.customer,
		country=facts.country,
	)


def described(
	*,
	lead: str | None,
	name: str | None,
	company: str | None,
	emails: Iterable[str | None],
	numbers: Iterable[str | None],
	contacts: list[str],
	customer: str | None,
	country: str | None,
) -> Person:
	"""Return a person of whom this is known, and what Contacts say that stand for them.

	country: of numbers without a country code, None for the site's.
	"""
	emails = [*emails, *_of_contacts("Contact Email", "email_id", contacts)]
	region = region_of(country)
	written = [*filter(None, numbers), *_of_contacts("Contact Phone", "phone", contacts)]
	phones = {e164 for number in written if (e164 := to_e164(number, region))}
	return Person(
		lead=lead or "",
		name=name or "",
		company=company or "",
		emails=tuple(sorted({fold_email(email) for email in emails if email})),
		phones=frozenset(phones),
		written=tuple(sorted({*written, *(form for number in phones for form in ways_to_write(number))})),
		contacts=frozenset(contacts),
		customer=customer or "",
		region=region,
	)


def ways_to_write(e164: str) -> tuple[str, ...]:
	"""Return how people and programs most often write a number. The column holds what was typed."""
	number = phonenumbers.parse(e164)
	code, rest = number.country_code, phonenumbers.national_significant_number(number)
	at_home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
	return (
		e164,
		e164[1:],
		f"00{e164[1:]}",
		f"+{code}-{rest}",  # Frappe's own field for numbers
		f"+{code} {rest}",
		phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
		at_home,
		"".join(sign for sign in at_home if sign.isdigit()),
	)


def contacts_of(lead: str) -> list[str]:
	"""Return the Contacts that stand for a lead, the oldest first."""
	return frappe.get_all(
		"Dynamic Link",
		filters={"link_doctype": "Lead", "link_name": lead, "parenttype": "Contact"},
		pluck="parent",
		order_by="creation asc",
		limit=MOST_CONTACTS,
	)


def _of_contacts(doctype: str, field: str, contacts: list[str]) -> list[str]:
	if not contacts:
		return []
	return frappe.get_all(
		doctype,
		filters={"parent": ["in", contacts]},
		pluck=field,
		order_by="creation asc",
		limit=MOST_CONTACTS,
	)
