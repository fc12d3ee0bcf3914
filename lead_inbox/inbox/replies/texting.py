"""SMS of the outbox, through the gateway of Frappe's SMS Settings.

Frappe's own `send_sms` waits for ever and can't name a sender, so the request is built here from the same
settings, which hold secrets: no address and no parameter of a request may get into an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
import requests
from frappe import _
from frappe.core.doctype.sms_settings.sms_settings import create_sms_log
from urllib3.exceptions import MaxRetryError, NewConnectionError

from lead_inbox.inbox import messages
from lead_inbox.inbox.replies import sms_rules
from lead_inbox.inbox.replies.delivery_rules import Outcome, Result, http_result

CONNECT_SECONDS = 10
READ_SECONDS = 30


def is_set_up() -> bool:
	return bool(frappe.db.get_single_value("SMS Settings", "sms_gateway_url", cache=True))


def senders(channel: str | None) -> list[str]:
	"""Return what an SMS may be sent from, the channel's own first; empty if the gateway lets nobody choose."""
	settings = frappe.get_cached_doc("Lead Inbox Settings")
	if not settings.sms_sender_parameter:
		return []
	own = frappe.get_cached_value("Lead Channel", channel, "sms_sender") if channel else None
	listed = (line.strip() for line in (settings.sms_senders or "").splitlines())
	return list(dict.fromkeys(filter(None, (own, *listed))))


def check(text: str) -> None:
	"""Raise frappe.ValidationError when a text can't go as SMS."""
	if not is_set_up():
		frappe.throw(_("No SMS can be sent: set up the gateway in SMS Settings first."))
	if len(text) > sms_rules.MAX_CHARACTERS:
		frappe.throw(
			_(
				"An SMS has at most {0} characters. This one has {1} and would go as {2} messages: shorten it, or send a mail."
			).format(sms_rules.MAX_CHARACTERS, len(text), sms_rules.count_segments(text))
		)


def sender_for(channel: str | None, wanted: str | None) -> str:
	"""Return what an SMS goes out from: the one wanted, else the channel's. Empty: the gateway's own.

	Raises frappe.ValidationError for one that is not on offer.
	"""
	offered = senders(channel)
	if wanted and wanted not in offered:
		frappe.throw(
			_("SMS can't be sent from {0}. Choose one of {1}.").format(
				wanted, ", ".join(offered) or _("the gateway's own number")
			)
		)
	return wanted or next(iter(offered), "")


def send(message: Mapping[str, Any]) -> Outcome:
	"""Hand an SMS to the gateway, once its message is committed as Sending."""
	text = messages.as_text(message["content"])
	try:
		answer = requests.request(
			**_request(message["recipient"], text, message["sender"]), timeout=(CONNECT_SECONDS, READ_SECONDS)
		)
	except requests.RequestException as error:
		return _broken(error)
	result = http_result(answer.status_code)
	if result is not Result.SENT:
		return Outcome(result, _("The SMS gateway answered with the error {0}.").format(answer.status_code))
	create_sms_log(
		{"message": text.encode(), "receiver_list": [message["recipient"]]}, [message["recipient"]]
	)
	return Outcome(Result.SENT)


def _request(number: str, text: str, sender: str | None) -> dict[str, Any]:
	"""Return the arguments of the request, the way Frappe's own `send_via_gateway` makes it."""
	settings = frappe.get_cached_doc("SMS Settings")
	headers = {"Accept": "text/plain, text/html, */*"}
	headers |= {row.parameter: row.value for row in settings.parameters if row.header}
	values = {settings.message_parameter: text, settings.receiver_parameter: number}
	values |= {row.parameter: row.value for row in settings.parameters if not row.header}
	if sender and (parameter := frappe.get_cached_doc("Lead Inbox Settings").sms_sender_parameter):
		values[parameter] = sender
	is_json = headers.get("Content-Type") == "application/json"
	body = "json" if is_json else "data" if settings.use_post else "params"
	return {
		"method": "POST" if settings.use_post else "GET",
		"url": settings.sms_gateway_url,
		"headers": headers,
		body: values,
	}


def _broken(error: requests.RequestException) -> Outcome:
	if _never_connected(error):
		return Outcome(Result.NOT_SENT, _("The SMS gateway can't be reached."))
	return uncertain()


def _never_connected(error: requests.RequestException) -> bool:
	"""Whether the request surely did not leave: requests calls a reset connection a ConnectionError too."""
	if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
		return True
	cause = error.args[0] if error.args else None
	return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def uncertain() -> Outcome:
	return Outcome(
		Result.UNCERTAIN,
		_("The SMS gateway did not answer. The message may have arrived; ask before you send it again."),
	)
