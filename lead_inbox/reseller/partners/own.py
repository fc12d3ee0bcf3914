"""What partners do with Reseller Customers: enter and read their own, and record a consent.

A partner is a user of the site; its own are the ones that it has entered. The callers have checked its role.
Nothing else of the site is open to it, so the writers, which check no rights, are called for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import frappe
from frappe.query_builder import Order
from frappe.utils import getdate, sanitize_html

from lead_inbox.channels.event import MalformedEvent
from lead_inbox.reseller import consents, customers, reading
from lead_inbox.reseller.form_rules import FIELDS, Step
from lead_inbox.reseller.partners import answers, request_rules
from lead_inbox.reseller.partners.answers import Answer
from lead_inbox.reseller.partners.request_rules import Consent, Creation, Page
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import CustomerType
from lead_inbox.untranslated import _

ATTEMPTS = 3
COUNTRY_CODE = 2  # letters of ISO 3166
TROUBLE_OF_DATABASE = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)
Result = TypeVar("Result")

NO_FAMILY = _("There is no such product family. Ask whom you sell for which there are.")
OTHER_TYPE = _("The product family is not for customers of this type. Send the other one, or another family.")
FAMILY_NEEDED = _("Send the product family that the customer agreed to buy.")
YET_TO_COME = _("This day is yet to come. Send the day on which the customer agreed.")
NO_COUNTRY = _("Send the country's code of two letters in ISO 3166, such as GR, or its English name.")


class NoSuchCustomer(Exception):
	"""None of the partner's own has this name."""


class KeyReused(Exception):
	"""Another request had this key."""


class OtherEnd(Exception):
	"""The same consent is recorded with another last day. Nothing was stored."""


class Taken(Exception):
	"""Another customer has the key, the Cloud Identity ID or, since this moment, the domain. Nothing was stored."""


class Busy(Exception):
	"""Others have had the same rows in hand for too long. Nothing was stored."""


def create(partner: str, key: str, creation: Creation) -> tuple[Answer, bool]:
	"""Enter a customer as a Draft, and return what became of it and whether it is new.

	key: of the request; the same request again returns the customer that it has made, as it is by now. Raises
	MalformedEvent, KeyReused, Taken, Busy.
	"""
	keys = {"partner_key": request_rules.key_of(partner, key), "partner_request": creation.digest}
	return _repeated(lambda: _earlier(keys, creation) or _made(keys, creation))


def get(partner: str, name: str) -> Answer:
	"""Raises NoSuchCustomer, also for what is not the partner's own."""
	return answers.of_one(frappe.get_doc(RESELLER_CUSTOMER, _own(partner, name)))


def page(partner: str, wanted: Page) -> Answer:
	"""Return a page of the partner's own, the newest first."""
	table = frappe.qb.DocType(RESELLER_CUSTOMER)
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in answers.COLUMNS))
		.where(table.owner == partner)
		.orderby(table.creation, order=Order.desc)
		.orderby(table.name, order=Order.desc)
		.limit(wanted.limit + 1)
	)
	if after := wanted.after:
		is_older = table.creation < after.created_on
		query = query.where(is_older | ((table.creation == after.created_on) & (table.name < after.name)))
	return answers.of_page(query.run(as_dict=True), wanted.limit)


def record_consent(partner: str, name: str, consent: Consent) -> tuple[Answer, bool]:
	"""Record a customer's consent to purchase, and return the customer and whether the consent is new.

	The same consent again is the one that was recorded, even if it has been withdrawn since. Raises
	MalformedEvent, NoSuchCustomer, OtherEnd, ResellerRefused, Busy.
	"""
	return _repeated(lambda: _consented(_own(partner, name), consent))


def _own(partner: str, name: str) -> str:
	found = frappe.db.get_value(RESELLER_CUSTOMER, {"name": name, "owner": partner})
	if not found:
		raise NoSuchCustomer
	return found


def _earlier(keys: dict[str, str], creation: Creation) -> tuple[Answer, bool] | None:
	wanted = {"partner_key": keys["partner_key"]}
	found = frappe.db.get_value(RESELLER_CUSTOMER, wanted, ["name", "partner_request"], as_dict=True)
	if not found:
		return None
	if found.partner_request != keys["partner_request"]:
		raise KeyReused
	return answers.of_one(frappe.get_doc(RESELLER_CUSTOMER, found.name), _made_safe(creation.values)), False


def _made(keys: dict[str, str], creation: Creation) -> tuple[Answer, bool]:
	"""Fill in the form step by step, as people do, so that each fault is told beside its field."""
	values = {**_made_safe(creation.values), "country": _country(str(creation.values["country"]))}
	_check_kind(str(values["product_family"]), str(values["customer_type"]))
	kind = {field: values[field] for field in FIELDS[Step.KIND]}
	try:
		name = customers.begin(creation.origin, kind)
		_keep(name, keys)
		for step in (Step.CUSTOMER, Step.CONTACT):
			customers.save_step(name, step, {field: values[field] for field in FIELDS[step]})
	except ResellerRefused:
		raise Taken from None
	_keep_reference(name)
	return answers.of_one(frappe.get_doc(RESELLER_CUSTOMER, name), values), True


def _made_safe(values: Mapping[str, Any]) -> dict[str, Any]:
	"""Return values as they will be stored, by which they are judged: a text may grow when it is made safe."""
	return {
		field: sanitize_html(value) if isinstance(value, str) else value for field, value in values.items()
	}


def _keep(name: str, keys: dict[str, str]) -> None:
	"""Of two requests with one key that are sent in the same moment the database refuses the second."""
	try:
		frappe.db.set_value(RESELLER_CUSTOMER, name, keys, update_modified=False)
	except Exception as error:
		if not frappe.db.is_unique_key_violation(error):
			raise
		raise Taken from None


def _keep_reference(name: str) -> None:
	"""Remember which id the partner has given: people and ties may put ours in its place, by which the vendor is
	to know the customer."""
	sent = frappe.db.get_value(RESELLER_CUSTOMER, name, "crm_id")
	frappe.db.set_value(RESELLER_CUSTOMER, name, "partner_reference", sent, update_modified=False)


def _family(text: str) -> str:
	"""Return the name of a family as it is written here: to the database two spellings are one. Raises
	MalformedEvent for none."""
	found = frappe.db.get_value(FAMILY, text) if text else ""
	if found is None:
		raise MalformedEvent({"product_family": NO_FAMILY})
	return found


def _check_kind(name: str, customer_type: str) -> None:
	"""Refuse what would become a customer of another kind than is meant. Raises MalformedEvent."""
	family = reading.family_of(name)
	if name and not family:
		raise MalformedEvent({"product_family": NO_FAMILY})
	if family and customer_type and CustomerType(customer_type) not in family.types:
		raise MalformedEvent({"customer_type": OTHER_TYPE})


def _country(text: str) -> str:
	"""Return the name of a country that is given by it or by its code. Raises MalformedEvent for none."""
	if not text:
		return ""
	wanted = {"code": text.lower()} if len(text) == COUNTRY_CODE else {"name": text}
	found = frappe.db.get_value("Country", wanted)
	if not found:
		raise MalformedEvent({"country": NO_COUNTRY})
	return found


def _consented(name: str, consent: Consent) -> tuple[Answer, bool]:
	doc = customers.hold(name)
	family = _family(consent.product_family) or doc.product_family
	if not family:
		raise MalformedEvent({"product_family": FAMILY_NEEDED})
	if consent.given_on > getdate():
		raise MalformedEvent({"given_on": YET_TO_COME})
	# as Frappe writes them
	given_by, evidence = sanitize_html(consent.given_by), sanitize_html(consent.evidence)
	ends = _ends(doc, (family, given_by, consent.given_on, evidence))
	if not ends:
		consents.record(name, family, given_by, consent.given_on, evidence, expires_on=consent.expires_on)
	elif consent.expires_on and consent.expires_on not in ends:
		# recorded beside the other, a shorter one would change nothing, and a withdrawn one would come back
		raise OtherEnd
	return answers.of_one(frappe.get_doc(RESELLER_CUSTOMER, name)), not ends


def _ends(doc: Any, same: tuple[str, str, date, str]) -> set[date | None]:
	"""Return the last days with which a consent is recorded, None for one without an end; empty where it is not
	there. same: family, who gave it, when, and what shows it."""
	return {
		row.expires_on
		for row in doc.consents
		if (row.product_family, row.given_by, row.given_on, row.evidence) == same
	}


def _repeated(work: Callable[[], Result]) -> Result:
	"""Do again what lost to another transaction: it has left nothing behind."""
	for attempt in range(1, ATTEMPTS + 1):
		try:
			return work()
		except TROUBLE_OF_DATABASE:
			frappe.db.rollback()
		except Taken:
			# the next attempt sees the other one, and may answer with it
			frappe.db.rollback()
			if attempt == ATTEMPTS:
				raise
	raise Busy
