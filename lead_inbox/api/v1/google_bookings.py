"""The door of Google's Actions Center to the booking server: Maps Booking API v3 (requirement BO-6).

Google's server address ends with the method's name here; Google adds /v3/CreateBooking/ and the like.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import doors
from lead_inbox.bookings.google import merchants, server
from lead_inbox.channels.event import MalformedEvent

VERSION = "v3"
HEALTH_CHECK = "HealthCheck"


@frappe.whitelist(allow_guest=True, methods=["GET", "POST"], xss_safe=True)
def serve() -> Response:
	"""Answer one method of the booking server. Who calls is the API user of a channel, by HTTP Basic.

	Answers 200, also when a booking fails for reasons of business; then with booking_failure.
	"""
	return doors.answer(_serve)


def _serve() -> Response:
	channels = _channels()
	method = _method()
	if method == HEALTH_CHECK:
		return doors.as_json(200, {})
	payload = doors.decode(doors.read_body())
	partner = frappe.session.user
	frappe.set_user("Administrator")  # what follows is the site's doing: the partner may read no lead
	try:
		return doors.as_json(200, server.serve(method, channels, payload))
	except MalformedEvent as error:
		fields = {field: _(fault) for field, fault in error.fields.items()}
		raise doors.Refused(
			400, "invalid", _("Some fields can't be used: see fields."), fields=fields
		) from None
	except server.NoSuchBooking:
		raise doors.Refused(404, "booking_not_found", _("There is no such booking.")) from None
	except server.Busy:
		raise doors.Refused(503, "unavailable", _("Try again in a minute. Nothing was stored.")) from None
	finally:
		frappe.set_user(partner)


def _channels() -> dict[str, Any]:
	"""Return the channels of whoever calls. Refuses everybody without one."""
	if frappe.session.user == "Guest":
		raise doors.Refused(
			401,
			"not_signed_in",
			_("Sign in by HTTP Basic with the API key and secret of the channel's user."),
		)
	channels = merchants.channels_of(frappe.session.user)
	if not channels:
		raise doors.Refused(
			403,
			"no_channel",
			_("This user is of no channel. Name the user in a channel for Google Actions Center."),
		)
	return channels


def _method() -> str:
	"""Return the method that the path names, with or without a slash at its end."""
	_function, _slash, rest = frappe.request.path.removeprefix(doors.DOOR_PATH).partition("/")
	version, _slash, method = rest.rstrip("/").partition("/")
	if version != VERSION or method not in (HEALTH_CHECK, *server.METHODS):
		raise doors.Refused(404, "method_not_found", _("There is no such method. Check the address."))
	if frappe.request.method != ("GET" if method == HEALTH_CHECK else "POST"):
		raise doors.Refused(405, "wrong_method", _("Call HealthCheck by GET and every other method by POST."))
	return method
