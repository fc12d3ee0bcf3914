"""What the HTTP doors of all channels share: reading a request, keeping the event, answering.

Every answer is JSON with a stable code (requirement PA-7). An answer other than an error means that the
event has been committed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import frappe
from frappe import _
from werkzeug.wrappers import Request, Response

from lead_inbox import tasks
from lead_inbox.channels.body import BodyError, read_json
from lead_inbox.channels.event import LeadEvent, MalformedEvent
from lead_inbox.inbox import events, intake
from lead_inbox.inbox.admission import refusal

DOOR_PATH = "/api/method/lead_inbox.api.v1."
MAX_BODY_BYTES = 1024 * 1024


class Refused(Exception):
	"""The request is answered with an error: HTTP status, stable code, what to do, details."""

	def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
		super().__init__(code)
		self.status = status
		self.body = {"code": code, "message": message, **details}


def answer(handle: Callable[[], Response]) -> Response:
	"""Run a door's handler and turn its refusal into a response. Undoes what it had written."""
	try:
		return handle()
	except Refused as refused:
		frappe.db.rollback()
		return as_json(refused.status, refused.body)


def as_json(status: int, body: dict[str, Any]) -> Response:
	return Response(json.dumps(body), status=status, mimetype="application/json")


def channel_of_path(*providers: str) -> Any:
	"""Return the Lead Channel that the path names behind the method. Refuses one that is of no such provider.

	The body can't name it: it is the partner's, and signed with the channel's secret.
	"""
	_method, _slash, name = frappe.request.path.removeprefix(DOOR_PATH).partition("/")
	name = unquote(name).strip("/")
	channels = frappe.get_all("Lead Channel", filters={"name": name, "provider": ["in", providers]}, limit=1)
	if not name or not channels:
		raise Refused(
			404, "channel_not_found", _("There is no such channel. Check the address that you were given.")
		)
	return frappe.get_cached_doc("Lead Channel", name)


def read_body() -> bytes:
	"""Return the raw body of a JSON request. Refuses other types and what is too large."""
	request = frappe.request
	if request.mimetype != "application/json":
		raise Refused(415, "not_json", _("Send JSON with the header Content-Type: application/json."))
	body = request.get_data()
	if len(body) > MAX_BODY_BYTES:
		raise Refused(413, "too_large", _("The body may have {0} bytes at most.").format(MAX_BODY_BYTES))
	return body


def decode(body: bytes) -> object:
	"""Return the JSON of a body, of any type. Refuses what is not JSON."""
	try:
		return read_json(body)
	except BodyError as error:
		raise body_refused(error) from None


def body_refused(error: BodyError) -> Refused:
	messages = {
		"malformed_json": _("The body is not JSON. Mend it and send it again."),
		"invalid_encoding": _("The body is not UTF-8. Encode it as UTF-8 and send it again."),
	}
	return Refused(400, error.code, messages[error.code])


def keep(channel: Any, event_id: str, payload: object) -> events.StoredEvent:
	"""Store an event, commit it, and wake a worker. What can't be taken is kept as rejected.

	Refuses, after the commit, an event that the channel does not take or that nothing can be made of.
	"""
	text = events.as_payload(payload)
	refused = _judge(channel, event_id, text)
	stored = events.store(
		channel.name,
		event_id,
		text,
		status=events.REJECTED if refused else events.RECEIVED,
		reason=refused.body["message"] if refused else "",
	)
	frappe.db.commit()
	if stored.status == events.RECEIVED and stored.created:
		_process_soon(stored.name)
	if refused and stored.status == events.REJECTED:
		raise refused
	if not stored.same_payload:
		raise Refused(
			422, "id_reused", _("Another event had this id. Give each event an id of its own."), fields=["id"]
		)
	return stored


def _process_soon(name: str) -> None:
	"""After the answer has left, where Frappe can do so; else in a worker."""
	after_response = getattr(frappe.request, "after_response", None)
	if after_response is None:
		events.WAKING.wake()
	else:
		after_response.add(lambda: tasks.process_after_response(name))


def _judge(channel: Any, event_id: str, text: str) -> Refused | None:
	try:
		parsed = intake.parse(channel, event_id, text)
	except MalformedEvent as error:
		return _invalid({field: _(fault) for field, fault in error.fields.items()})
	if not parsed.is_test and parsed.person.is_anonymous and not parsed.thread_id:
		return _invalid(_nobody(parsed))
	if closed := refusal(channel, parsed.kind):
		return Refused(409, *closed)
	return None


def _nobody(_parsed: LeadEvent) -> dict[str, str]:
	fault = _("Send at least one of name, phone and email.")
	return {"name": fault, "phone": fault, "email": fault}


def _invalid(faults: dict[str, str]) -> Refused:
	return Refused(422, "invalid", _("Some fields can't be used: see fields."), fields=faults)


def after_request(response: Response | None, request: Request) -> None:
	"""Answer in the doors' own form where Frappe failed before a door was reached.

	Frappe decodes a JSON body itself, before any method runs, and answers one that isn't JSON with
	500. A partner would try that again for ever.
	"""
	if response is None or not request.path.startswith(DOOR_PATH) or response.status_code < 400:
		return
	if response.mimetype == "application/json" and b'"code"' in response.get_data():
		return
	status, body = _restated(response.status_code, request)
	response.status_code = status
	response.mimetype = "application/json"
	response.set_data(json.dumps(body))


def _restated(status: int, request: Request) -> tuple[int, dict[str, str]]:
	if (status == 417 or status >= 500) and request.mimetype == "application/json":
		try:
			read_json(request.get_data())
		except BodyError as error:
			refused = body_refused(error)
			return refused.status, refused.body
	if status == 417:
		return 422, {"code": "invalid", "message": _("The body must be a JSON object.")}
	if status >= 500:
		return 503, {"code": "unavailable", "message": _("Try again in a minute. Nothing was stored.")}
	return status, {"code": "refused", "message": _("The request was refused. Check its method and address.")}
