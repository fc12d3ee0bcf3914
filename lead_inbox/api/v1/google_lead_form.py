"""The door of Google Ads lead forms: Google's own payload and the answer that Google expects."""

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import doors
from lead_inbox.channels.google_lead_form import key_matches, presented_key

PROVIDER = "Google Ads Lead Form"


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def receive() -> Response:
	"""Take one submitted form: POST …/receive/<channel>. Anybody may call; Google's key decides.

	Answers 200 and {} once it is stored, also for a repetition and for a test.
	"""
	return doors.answer(_receive)


def _receive() -> Response:
	channel = doors.channel_of_path(PROVIDER)
	payload = doors.decode(doors.read_body())
	if not key_matches(
		presented_key(payload), channel.get_password("google_key", raise_exception=False) or ""
	):
		raise doors.Refused(
			401, "key_invalid", _("The key does not fit. Type the channel's Google Key into the lead form.")
		)
	# the key is a secret: it does not go into the event that people can read
	payload = {name: value for name, value in payload.items() if name != "google_key"}
	event_id = str(payload.get("lead_id") or frappe.generate_hash(length=20))
	doors.keep(channel, event_id, payload)
	return doors.as_json(200, {})
