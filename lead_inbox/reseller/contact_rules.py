"""Whom the vendor writes to and calls: RS-2, RS-5. Pure.

Each check returns a fault, to be shown beside its field, or None.
"""

from __future__ import annotations

from enum import Enum

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from lead_inbox.reseller import domain_rules
from lead_inbox.reseller.rules import CustomerType

LONGEST = 255  # characters of a field of an address; the vendor refuses more
SHORT = 140  # characters of codes and ids, as they are kept


class Fault(str, Enum):
	MISSING = "missing"
	NOT_AN_ADDRESS = "not an address"
	ELSEWHERE = "elsewhere"
	ON_THE_DOMAIN = "on the domain"
	NOT_A_NUMBER = "not a number"
	NO_COUNTRY_CODE = "no country code"
	TOO_LONG = "too long"


def primary_email_fault(email: str, customer_type: CustomerType, domain: str) -> Fault | None:
	"""domain: in ASCII. The administrator of a domain signs in with an address of it; of a team, with any."""
	if not email.strip():
		return Fault.MISSING
	if not is_email(email):
		return Fault.NOT_AN_ADDRESS
	if customer_type is CustomerType.DOMAIN and not domain_rules.is_on(email, domain):
		return Fault.ELSEWHERE
	return None


def alternate_email_fault(email: str, customer_type: CustomerType, *domains: str) -> Fault | None:
	"""domains: the customer's own, in ASCII. By this address the administrator is reached while mail of those
	does not arrive."""
	if not email.strip():
		return Fault.MISSING if customer_type is CustomerType.DOMAIN else None
	if not is_email(email):
		return Fault.NOT_AN_ADDRESS
	is_on_one = any(domain_rules.is_on_or_below(email, domain) for domain in domains)
	return Fault.ON_THE_DOMAIN if is_on_one else None


def phone_fault(phone: str) -> Fault | None:
	"""A number that Google does not take for one is dropped without a word, so it is refused here."""
	if not phone.strip():
		return None
	if not phone.strip().startswith("+"):
		return Fault.NO_COUNTRY_CODE
	return None if e164(phone) else Fault.NOT_A_NUMBER


def e164(phone: str) -> str:
	"""Return an international number in the form that the vendor takes, "" for what is none.

	That form has no place for an extension, so a number with one is none.
	"""
	try:
		number = phonenumbers.parse(phone.strip(), None)
	except phonenumbers.NumberParseException:
		return ""
	if number.extension or not phonenumbers.is_valid_number(number):
		return ""
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def line_fault(text: str, *, required: bool, longest: int = LONGEST) -> Fault | None:
	"""Check one line of a name or postal address, or an id."""
	if required and not text.strip():
		return Fault.MISSING
	return Fault.TOO_LONG if len(text.strip()) > longest else None


def is_email(text: str) -> bool:
	"""Return whether this is an address, as far as its form tells."""
	try:
		validate_email(text.strip(), check_deliverability=False)
	except EmailNotValidError:
		return False
	return True
