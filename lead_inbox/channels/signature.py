"""Signatures of inbound events: Standard Webhooks, by its own library."""

from __future__ import annotations

import base64
import hmac
import re
import secrets as random_secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Literal

from standardwebhooks.webhooks import Webhook

from lead_inbox.channels.body import decode_text

SignatureCode = Literal["signature_missing", "signature_invalid", "timestamp_expired"]

TOLERANCE_SECONDS = 300
SECRET_PREFIX = "whsec_"
_SECRET_BYTES = 32
_FEWEST_SECRET_BYTES, _MOST_SECRET_BYTES = 24, 64
_TIMESTAMP = re.compile(r"\d{1,11}", re.ASCII)


class SignatureError(Exception):
	"""The request is not known to come from the partner. `code` is stable and part of the API."""

	def __init__(self, code: SignatureCode) -> None:
		super().__init__(code)
		self.code = code


def verify(body: bytes, headers: Mapping[str, str], secrets: Sequence[str | None], now: datetime) -> str:
	"""The webhook-id of a request that one of the `secrets` has signed; `now` is aware.

	Several secrets are for the days of a rotation; empty and broken ones match nothing. The body need
	not be JSON. Raises SignatureError, or BodyError for a body that is not UTF-8: such a body cannot
	be signed by the standard's rules, and its sender has to mend that first.
	"""
	given = {name.lower(): value for name, value in headers.items()}
	webhook_id, stamp, signatures = (
		given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
	)
	if not (webhook_id and stamp and signatures):
		raise SignatureError("signature_missing")
	signed_on = _read_timestamp(stamp, now)
	text = decode_text(body)
	usable = (Webhook(secret) for secret in secrets if secret and is_usable_secret(secret))
	if not any(_is_signed(webhook, webhook_id, signed_on, text, signatures) for webhook in usable):
		raise SignatureError("signature_invalid")
	return webhook_id


def _read_timestamp(stamp: str, now: datetime) -> datetime:
	if not _TIMESTAMP.fullmatch(stamp):
		raise SignatureError("signature_invalid")
	if abs(int(stamp) - now.timestamp()) > TOLERANCE_SECONDS:
		raise SignatureError("timestamp_expired")
	return datetime.fromtimestamp(int(stamp), tz=timezone.utc)


def _is_signed(webhook: Webhook, webhook_id: str, signed_on: datetime, text: str, signatures: str) -> bool:
	"""The library signs, but does not compare: its own verify() fails on a body that is not JSON."""
	try:
		expected = webhook.sign(webhook_id, signed_on, text).encode()
	except UnicodeEncodeError:  # half a surrogate pair in the id
		return False
	given = (signature.encode("utf-8", "surrogatepass") for signature in signatures.split())
	return any(hmac.compare_digest(signature, expected) for signature in given)


def is_usable_secret(secret: str) -> bool:
	"""Whether the standard allows it: `whsec_` and base64 of 24 to 64 bytes."""
	if not secret.startswith(SECRET_PREFIX):
		return False
	try:
		key = base64.b64decode(secret[len(SECRET_PREFIX) :] + "==")
	except ValueError:
		return False
	return _FEWEST_SECRET_BYTES <= len(key) <= _MOST_SECRET_BYTES


def generate_secret() -> str:
	"""A new random secret in the standard's form."""
	return SECRET_PREFIX + base64.b64encode(random_secrets.token_bytes(_SECRET_BYTES)).decode()
