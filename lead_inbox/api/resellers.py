"""Reseller customers, for the guided form and the form of the DocType: what is known, and what people do.

For users who may read the customer; changes for who may write it. Each method that changes one returns what
`get` does. Days and moments are texts in ISO 8601, of the site's time. What is not possible is refused with words, by
ResellerRefused.
"""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from lead_inbox.api import arguments
from lead_inbox.reseller import by_hand, consents, customers, reading, words
from lead_inbox.reseller.check_rules import Result, Subject
from lead_inbox.reseller.follow_up import detail_checks, setup_tips
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Act, Origin
from lead_inbox.reseller.ties import from_customer, from_lead
from lead_inbox.reseller.vendor import listing, requests
from lead_inbox.reseller.vendor.vendor_rules import OPENING, Action

Choice = TypeVar("Choice", bound=Enum)
Day = TypeVar("Day", date, datetime)

FIRST_YEAR, LAST_YEAR = 1970, 2999


@frappe.whitelist(methods=["GET"])
def get(name: str) -> dict[str, Any]:
	"""Return all that is shown of a customer, as `reading.one` tells it."""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="read", doc=name, throw=True)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def begin(
	origin: str, lead: str | None = None, customer: str | None = None, product_family: str | None = None
) -> dict[str, Any]:
	"""Make a Draft, of a lead or a Customer of ERPNext where one is named. origin: New or Import."""
	frappe.has_permission(RESELLER_CUSTOMER, ptype="create", throw=True)
	known = {"product_family": product_family} if product_family else {}
	for doctype, source, values in (
		("Lead", lead, from_lead.values),
		("Customer", customer, from_customer.values),
	):
		if source:
			frappe.has_permission(doctype, ptype="read", doc=source, throw=True)
			known = {**values(source), **known}
	return reading.one(customers.begin(_one_of(Origin, origin), known))


@frappe.whitelist(methods=["POST"])
def save_step(name: str, step: str, values: str | dict) -> dict[str, Any]:
	"""Save a step of the form as far as it is good. faults has the words for what was not saved, too."""
	_check_writing(name)
	faults = customers.save_step(name, _one_of(Step, step), arguments.mapping(values))
	saved = reading.one(name)
	return {**saved, "faults": {**saved["faults"], **words.by_field(faults)}}


@frappe.whitelist(methods=["POST"])
def answer_check(
	name: str, subject: str, result: str, evidence: str = "", product: str = ""
) -> dict[str, Any]:
	"""Write down whether a requirement is met, and what shows it."""
	_check_writing(name)
	customers.answer_check(name, _one_of(Subject, subject), product, _one_of(Result, result), evidence)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def record_consent(
	name: str,
	family: str,
	given_by: str,
	given_on: str,
	evidence: str,
	expires_on: str | None = None,
	attachment: str | None = None,
) -> dict[str, Any]:
	"""Write down that the customer agreed to buy a product family from us."""
	_check_writing(name)
	given = _day(given_on)
	if not given:
		frappe.throw(_("Enter the day on which the consent was given."))
	consents.record(name, family, given_by, given, evidence, _day(expires_on), attachment or None)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def withdraw_consent(name: str, row: str) -> dict[str, Any]:
	"""Note that the customer takes a consent back. row: its name."""
	_check_writing(name)
	consents.withdraw(name, row)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def set_token(name: str, token: str, expires_on: str | None = None) -> dict[str, Any]:
	"""Keep the customer's transfer token, encrypted; an empty one forgets it."""
	_check_writing(name)
	consents.set_token(name, token, _moment(expires_on))
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def send_instructions(name: str) -> dict[str, Any]:
	"""Mail the customer what has to be done before it can buy from us."""
	_check_writing(name)
	consents.send_instructions(name)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def finish_form(name: str) -> dict[str, Any]:
	"""Let the form be checked: what is lacking is refused with words."""
	_check_writing(name)
	customers.finish_form(name)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def open_account(name: str, account: str | dict | None = None) -> dict[str, Any]:
	"""Have the vendor asked for the account, or note the one that was made in its console.

	account: {name, cloud_identity_id, console, is_domain_verified} of one that was made by hand.
	"""
	_check_writing(name)
	made = arguments.mapping(account)
	if made:
		by_hand.note_account(
			name,
			cstr(made.get("name")),
			cstr(made.get("cloud_identity_id")),
			cstr(made.get("console")),
			is_domain_verified=bool(cint(made.get("is_domain_verified"))),
		)
	else:
		requests.ask(name, _opening_of(name))
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def correct_account(
	name: str, account: str, cloud_identity_id: str = "", console: str = ""
) -> dict[str, Any]:
	"""Mend what was mistyped of the vendor's account."""
	_check_writing(name)
	by_hand.correct_account(name, account, cloud_identity_id, console)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def retry_request(name: str) -> dict[str, Any]:
	"""Ask the vendor again what has failed."""
	_check_writing(name)
	requests.retry(name)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def act(name: str, act: str, reason: str | None = None, on: str | None = None) -> dict[str, Any]:
	"""Note what has happened: accept terms (on: the day, by default today), activate, suspend (reason), resume,
	transfer out (reason)."""
	_check_writing(name)
	acts: dict[Act, Callable[[], None]] = {
		Act.ACCEPT_TERMS: lambda: customers.accept_terms(name, _day(on) or getdate()),
		Act.ACTIVATE: lambda: customers.activate(name),
		Act.SUSPEND: lambda: customers.suspend(name, reason or ""),
		Act.RESUME: lambda: customers.resume(name),
		Act.TRANSFER_OUT: lambda: customers.transfer_out(name, reason or ""),
	}
	wanted = _one_of(Act, act)
	if wanted not in acts:
		frappe.throw(_("Choose one of {0}.").format(", ".join(known.value for known in acts)))
	acts[wanted]()
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def verify_domain(name: str, domain: str) -> dict[str, Any]:
	"""Note that the vendor has verified the customer's domain. A team becomes a customer by domain."""
	_check_writing(name)
	customers.verify_domain(name, domain)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def tick_tip(name: str, row: str, done: int) -> dict[str, Any]:
	"""Note that a setup tip has been followed, or take that back. row: its name."""
	_check_writing(name)
	setup_tips.tick(name, row, bool(done))
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def assign_tip(name: str, row: str, user: str | None = None) -> dict[str, Any]:
	"""Give a setup tip to a user, or to nobody. row: its name."""
	_check_writing(name)
	setup_tips.assign(name, row, user or None)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def answer_details(name: str, values: str | dict | None = None, note: str = "") -> dict[str, Any]:
	"""Write down what the customer answered when it was asked for changes. values: what has changed, by field."""
	_check_writing(name)
	detail_checks.answer(name, arguments.mapping(values), note)
	return reading.one(name)


@frappe.whitelist(methods=["POST"])
def list_vendor_accounts(family: str) -> bool:
	"""Have all accounts that the vendor of a product family lists compared with its customers, by a job that tells
	the user. Returns False while that is being done already."""
	frappe.has_permission(FAMILY, ptype="write", doc=family, throw=True)
	return listing.ask(family)


def _check_writing(name: str) -> None:
	frappe.has_permission(RESELLER_CUSTOMER, ptype="write", doc=name, throw=True)


def _opening_of(name: str) -> Action:
	"""Return by what a customer gets its account."""
	origin = Origin(frappe.db.get_value(RESELLER_CUSTOMER, name, "origin"))
	return next(action for action, of_origin in OPENING.items() if of_origin is origin)


def _one_of(choices: type[Choice], text: str) -> Choice:
	try:
		return choices(text)
	except ValueError:
		known = ", ".join(choice.value for choice in choices)
		frappe.throw(_("Choose one of {0}.").format(known))


def _day(text: str | None) -> date | None:
	if not text:
		return None
	day = _of_our_time(date.fromisoformat, text)
	if not day:
		frappe.throw(_("{0} is no day. Enter one like 2026-12-31.").format(escape_html(text)))
	return day


def _moment(text: str | None) -> datetime | None:
	"""A moment of another time zone is refused: nobody would see that it was meant so."""
	if not text:
		return None
	moment = _of_our_time(datetime.fromisoformat, text)
	if not moment or moment.tzinfo:
		frappe.throw(_("{0} is no moment. Enter one like 2026-12-31 18:00:00.").format(escape_html(text)))
	return moment


def _of_our_time(read: Callable[[str], Day], text: str) -> Day | None:
	"""Return what a text in ISO 8601 says, None for what is none or was a slip of the year."""
	try:
		found = read(text)
	except ValueError:
		return None
	return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
