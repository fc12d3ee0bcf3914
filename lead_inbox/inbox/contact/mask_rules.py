"""How a customer's number or address looks to who may not see it: enough to tell two apart."""

from __future__ import annotations

HIDDEN = "•••"
SHOWN_DIGITS = 2


def mask_number(number: str) -> str:
	"""Keep the last digits: `+14155550123` is `•••23`."""
	digits = "".join(sign for sign in number if sign.isdigit())
	return HIDDEN + digits[-SHOWN_DIGITS:] if len(digits) > 2 * SHOWN_DIGITS else HIDDEN


def mask_address(address: str) -> str:
	"""Keep the first letter and the end of the domain: `naree@customer.example` is `n•••@•••.example`."""
	local_part, _at, domain = address.rpartition("@")
	if not local_part:
		return HIDDEN
	_name, dot, ending = domain.rpartition(".")
	return f"{local_part[0]}{HIDDEN}@{HIDDEN}{dot}{ending if dot else ''}"


def mask_any(text: str) -> str:
	"""Mask a text that is nothing but a number or an address; a name stays as it is."""
	text = text.strip()
	if "@" in text and " " not in text:
		return mask_address(text)
	return mask_number(text) if _is_number(text) else text


def _is_number(text: str) -> bool:
	return sum(sign.isdigit() for sign in text) >= 5 and not any(sign.isalpha() for sign in text)
