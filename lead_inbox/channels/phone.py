"""Normal forms of phone numbers and e-mail addresses, by which two events are seen to be one person."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from lead_inbox.channels.clean import LINE_LIMIT

# With its country code, the shortest subscriber number of any country (Niue). Shorter ones are service
# codes, and many people share those.
_FEWEST_DIGITS = 7

# What Frappe accepts in a field of type Email, so that a good address never makes a Lead unsaveable.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE | re.ASCII)


def to_e164(number: str, region: str | None) -> str | None:
	"""`number` as +<country code><number> without its extension, or None when it is no phone number.

	`region` is the ISO 3166 alpha-2 code of the country that a number without a country code is in.
	A number has to be possible, not assigned: tracking and test numbers are in no numbering plan.
	Numbers that can only be dialed locally are None, for each town has its own.
	"""
	written = number.strip()
	attempts = [re.sub(r"^\+\s*00", "+", written)]
	if written.startswith("00"):
		attempts.append("+" + written[2:])
	for attempt in attempts:
		parsed = _parse(attempt, region.upper() if region else None)
		if parsed:
			return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
	return None


def _parse(number: str, region: str | None) -> PhoneNumber | None:
	try:
		parsed = phonenumbers.parse(number, region)
	except NumberParseException:
		return None
	digits = f"{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"
	if len(digits) < _FEWEST_DIGITS or _is_prose(number, parsed):
		return None
	possible = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
	return parsed if possible else None


def _is_prose(number: str, parsed: PhoneNumber) -> bool:
	"""True when words were read as the letters of a keypad, which only 1-800-FLOWERS is meant for."""
	letters = [character for character in number if character.isalpha()]
	if not letters or str(parsed.national_number) in _digits(number):
		return False
	return not all("A" <= letter <= "Z" for letter in letters)


def _digits(text: str) -> str:
	return "".join(str(unicodedata.digit(character)) for character in text if character.isdecimal())


def fold_email(address: str) -> str:
	"""The form in which addresses are compared: upper and lower case and the ways to write é are one."""
	folded = unicodedata.normalize("NFD", address).casefold()
	return unicodedata.normalize("NFC", folded).strip()


def is_email(address: str) -> bool:
	"""True when the text is one address that ERPNext accepts in a Lead. Says nothing about its existence."""
	return len(address) <= LINE_LIMIT and _EMAIL.fullmatch(address) is not None
