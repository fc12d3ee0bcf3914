"""The door of signed webhooks: Standard Webhooks (requirement PA-3), for all events and for booking forms."""

from datetime import datetime, timezone
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import doors
from lead_inbox.channels.body import BodyError
from lead_inbox.channels.signature import SignatureError, verify

PROVIDERS = ("Standard Webhooks", "Booking Form")


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def receive() -> Response:
	"""Take one signed event: POST …/receive/<channel>. Anybody may call; the signature decides.

	Answers 202 with the event's id once it is stored, 200 for one that was stored before.
	"""
	return doors.answer(_receive)


def _receive() -> Response:
	channel = doors.channel_of_path(*PROVIDERS)
	body = doors.read_body()
	event_id = _verified_id(channel, body)
	stored = doors.keep(channel, event_id, doors.decode(body))
	return doors.as_json(202 if stored.created else 200, {"event": stored.name})


def _verified_id(channel: Any, body: bytes) -> str:
	secrets = [
		channel.get_password(field, raise_exception=False) or ""
		for field in ("signing_secret", "previous_signing_secret")
		if channel.get(field)
	]
	try:
		return verify(body, frappe.request.headers, secrets, datetime.now(timezone.utc))
	except BodyError as error:
		raise doors.body_refused(error) from None
	except SignatureError as error:
		messages = {
			"signature_missing": _("Send the headers webhook-id, webhook-timestamp and webhook-signature."),
			"signature_invalid": _(
				"The signature does not fit. Check the signing secret and sign the raw body."
			),
			"timestamp_expired": _(
				"The timestamp is more than five minutes off. Check your clock and sign anew."
			),
		}
		raise doors.Refused(401, error.code, messages[error.code]) from None
