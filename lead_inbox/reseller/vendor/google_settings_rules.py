"""What the settings of Google's connection must look like: RS-9. Pure.

Each check returns a fault, to be shown beside its field, or None. What is empty has no fault: the connection is
optional.
"""

from __future__ import annotations

import json
import re
from enum import Enum
from urllib.parse import urlsplit

from lead_inbox.reseller import contact_rules


class Fault(str, Enum):
	NOT_AN_ACCOUNT = "not an account"
	NOT_AN_ADDRESS = "not an address"
	NOT_A_KEY = "not a key"
	NOT_GOOGLES = "not Google's"


ACCOUNT = re.compile(r"accounts/C[0-9A-Za-z]+")
KEY_FIELDS = ("client_email", "private_key", "token_uri")
# Where service accounts sign in. Another address in a pasted key would have this server call it.
SIGN_IN_HOSTS = ("oauth2.googleapis.com", "accounts.google.com")


def account_fault(account: str) -> Fault | None:
	return None if not account or ACCOUNT.fullmatch(account) else Fault.NOT_AN_ACCOUNT


def administrator_fault(email: str) -> Fault | None:
	return None if not email or contact_rules.is_email(email) else Fault.NOT_AN_ADDRESS


def key_fault(key: str) -> Fault | None:
	"""key: the JSON file that Google gives for a service account."""
	if not key:
		return None
	try:
		fields = json.loads(key)
	except ValueError:
		return Fault.NOT_A_KEY
	if not isinstance(fields, dict) or fields.get("type") != "service_account":
		return Fault.NOT_A_KEY
	if not all(isinstance(fields.get(name), str) and fields[name] for name in KEY_FIELDS):
		return Fault.NOT_A_KEY
	return None if _is_googles(fields["token_uri"]) else Fault.NOT_GOOGLES


def _is_googles(address: str) -> bool:
	try:
		parts = urlsplit(address)
		return parts.scheme == "https" and parts.hostname in SIGN_IN_HOSTS and parts.port in (None, 443)
	except ValueError:
		return False
