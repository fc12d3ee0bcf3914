"""The form of relay addresses: a token in an address tells whose lead a mail is about (RE-3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

# As lifecycle.relay_token makes it. What precedes the token ends with a sign that no token contains.
_TOKEN = re.compile(r"(?<![0-9a-z])([0-9a-f]{16})@", re.IGNORECASE)


def plus_address(account: str, token: str) -> str:
	"""The mailbox's own address with the token in it. `account`: local@domain."""
	local_part, _at, domain = account.rpartition("@")
	return f"{local_part}+{token}@{domain}"


def catch_all_address(token: str, domain: str) -> str:
	"""An address of a domain of which a mailbox gets all mail."""
	return f"{token}@{domain}"


def tokens_in(headers: Iterable[str | None]) -> tuple[str, ...]:
	"""All that may be a token in the values of To and CC, in lower case and in their order.

	Not through an address parser: it gives up on a header in which one of many addresses is malformed.
	"""
	found = (token.lower() for header in headers for token in _TOKEN.findall(header or ""))
	return tuple(dict.fromkeys(found))
