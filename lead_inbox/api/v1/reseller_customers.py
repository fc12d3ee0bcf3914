"""The door to Reseller Customers for partners who find them: RS-2 and RS-4 by REST (requirements PA-1 to PA-7).

Who calls is a user with the role Lead Partner, by API key and secret. A partner reaches the customers that it has
entered, and no others; to check them, to open accounts and to order is for the people of the reseller.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import doors
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.reseller.partners import own, request_rules
from lead_inbox.reseller.refusals import ResellerRefused

ROLE = "Lead Partner"
KEY_HEADER = "Idempotency-Key"
Handler = Callable[[str], Response]  # takes the partner: a user


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def create() -> Response:
	"""Enter a customer: POST …/create with Idempotency-Key. Only partners may.

	Answers 201 with the customer, 200 for a repetition.
	"""
	return _answer(_create)


@frappe.whitelist(allow_guest=True, methods=["GET"], xss_safe=True)
def get() -> Response:
	"""Read one of the partner's own: GET …/get/<name>. Only partners may."""
	return _answer(lambda partner: doors.as_json(200, own.get(partner, _name_of_path())))


@frappe.whitelist(allow_guest=True, methods=["GET"], xss_safe=True)
def get_list() -> Response:
	"""Read the partner's own, page by page: GET …/get_list?limit=…&cursor=…. Only partners may."""
	return _answer(_get_list)


@frappe.whitelist(allow_guest=True, methods=["POST"], xss_safe=True)
def record_consent() -> Response:
	"""Record a customer's consent to purchase: POST …/record_consent/<name>. Only partners may, for their own.

	Answers 201 with the customer, 200 for a repetition.
	"""
	return _answer(_record_consent)


def _create(partner: str) -> Response:
	key = _key()
	creation = request_rules.read_creation(doors.decode(doors.read_body()))
	told, is_new = own.create(partner, key, creation)
	return doors.as_json(201 if is_new else 200, told)


def _get_list(partner: str) -> Response:
	return doors.as_json(200, own.page(partner, request_rules.read_page(frappe.request.args)))


def _record_consent(partner: str) -> Response:
	consent = request_rules.read_consent(doors.decode(doors.read_body()))
	told, is_new = own.record_consent(partner, _name_of_path(), consent)
	return doors.as_json(201 if is_new else 200, told)


def _answer(handle: Handler) -> Response:
	return doors.answer(lambda: _translated(handle))


def _translated(handle: Handler) -> Response:
	"""Let a handler answer a partner; what it can't do becomes a refusal with its code."""
	partner = _partner()
	try:
		return handle(partner)
	except MalformedEvent as error:
		fields = {field: _(fault) for field, fault in error.fields.items()}
		raise doors.Refused(
			422, "invalid", _("Some fields can't be used: see fields."), fields=fields
		) from None
	except (frappe.CharacterLengthExceededError, frappe.db.DataError):
		# Frappe has made HTML safe, by which it grew
		raise doors.Refused(
			422, "invalid", _("A text is too long. Leave out its HTML, or shorten it.")
		) from None
	except own.NoSuchCustomer:
		raise doors.Refused(404, "not_found", _("You have no customer of this name.")) from None
	except own.KeyReused:
		raise doors.Refused(
			422, "key_reused", _("Another request had this key. Give each customer a key of its own.")
		) from None
	except own.OtherEnd:
		raise doors.Refused(
			409,
			"consent_differs",
			_("This consent is recorded with another last day. Ask whom you sell for to correct it."),
		) from None
	except own.Taken:
		raise doors.Refused(
			409, "taken", _("Somebody else has this customer already. Ask whom you sell for.")
		) from None
	except ResellerRefused as error:
		raise doors.Refused(409, "not_possible", str(error)) from None
	except own.Busy:
		raise doors.Refused(503, "unavailable", _("Try again in a minute. Nothing was stored.")) from None


def _partner() -> str:
	"""Return the user who calls. Refuses everybody who is no partner."""
	user = frappe.session.user
	if user == "Guest":
		raise doors.Refused(401, "not_signed_in", _("Sign in with the API key and secret of your user."))
	if ROLE not in frappe.get_roles(user):
		raise doors.Refused(403, "no_partner", _("Only users with the role {0} may do this.").format(_(ROLE)))
	return user


def _key() -> str:
	key = (frappe.get_request_header(KEY_HEADER) or "").strip()
	if not key:
		raise doors.Refused(
			400, "key_missing", _("Send the header {0} with a key of your own.").format(KEY_HEADER)
		)
	return key


def _name_of_path() -> str:
	"""Return what the path names behind the method."""
	_function, _slash, name = frappe.request.path.removeprefix(doors.DOOR_PATH).partition("/")
	return unquote(name).strip("/")
