"""The door of Housecall Pro: the webhooks that it sends of leads and jobs."""

import hashlib
import json
from datetime import datetime, timezone
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import doors
from lead_inbox.channels.housecall_pro import RECORDS, record_of, verify
from lead_inbox.channels.signature import SignatureError

PROVIDER = "Housecall Pro"


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def receive() -> Response:
	"""Take one webhook: POST …/receive/<channel>. Anybody may call; the signature decides.

	Answers 202 once it is stored, 200 for a repetition, for the ping by which Housecall Pro checks the
	address, and for what is neither about a lead nor about a job: that is kept nowhere.
	"""
	return doors.answer(_receive)


def _receive() -> Response:
	channel = doors.channel_of_path(PROVIDER)
	body = doors.read_body()
	_check_signature(channel, body)
	payload = doors.decode(body)
	record = record_of(payload)
	if isinstance(payload, dict) and record not in RECORDS:
		return doors.as_json(200, {"ignored": record} if record else {})
	stored = doors.keep(channel, _event_id(payload), payload)
	return doors.as_json(202 if stored.created else 200, {"event": stored.name})


def _check_signature(channel: Any, body: bytes) -> None:
	secrets = [
		channel.get_password(field, raise_exception=False) or ""
		for field in ("signing_secret", "previous_signing_secret")
		if channel.get(field)
	]
	headers = frappe.request.headers
	stamp, signature = headers.get("api-timestamp", ""), headers.get("api-signature", "")
	try:
		verify(body, stamp, signature, secrets, datetime.now(timezone.utc))
	except SignatureError as error:
		messages = {
			"signature_missing": _("Send the headers api-timestamp and api-signature."),
			"signature_invalid": _("The signature does not fit. Check the channel's signing secret."),
			"timestamp_expired": _("The timestamp is more than five minutes off. Send it anew."),
		}
		raise doors.Refused(401, error.code, messages[error.code]) from None


def _event_id(payload: object) -> str:
	"""A webhook has no id of its own, but it is repeated word by word."""
	text = json.dumps(payload, sort_keys=True)
	return hashlib.sha256(text.encode()).hexdigest()
