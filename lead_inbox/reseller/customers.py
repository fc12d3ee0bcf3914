"""The one writer of Reseller Customers (RS-1 to RS-7). Everything else says what is wanted and asks here.

Each function works on one customer inside the caller's transaction; the customer's row is locked first. The
callers have checked rights. What is not possible raises ResellerRefused and changes nothing. What follows from
the fields, such as for what a customer waits, is worked out as it is saved: completing.py.

Hooks `lead_inbox_reseller_account` are told of a customer who has got an account, `lead_inbox_reseller_left` of one
who buys elsewhere now: they take the document, may change its fields and rows, and do not save it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, formatdate, getdate, now_datetime, sanitize_html

from lead_inbox.channels.clean import web_address
from lead_inbox.reseller import (
	check_rules,
	completing,
	domain_rules,
	form_rules,
	keys,
	readiness,
	reading,
	words,
)
from lead_inbox.reseller.check_rules import Answer, Requirement, Result, Subject
from lead_inbox.reseller.form_rules import AnyFault, Fault, Step
from lead_inbox.reseller.orders import placed
from lead_inbox.reseller.reading import FORM_FIELDS, TIES
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused as ResellerRefused
from lead_inbox.reseller.refusals import refuse
from lead_inbox.reseller.rules import (
	OF_ORIGIN,
	Act,
	CustomerType,
	Origin,
	Status,
	after,
	after_resuming,
	before_order,
	is_there,
	may,
)
from lead_inbox.reseller.turns import take_turn
from lead_inbox.reseller.vendor.interface import Account

# What may change at a customer who has an account: who they are and how to reach them, not what they are.
DETAILS = (*form_rules.FIELDS[Step.CUSTOMER], *form_rules.FIELDS[Step.CONTACT])


def begin(origin: Origin, values: Mapping[str, Any]) -> str:
	"""Make a Draft of what is known of a customer, and return its name.

	values: fields of the form, and of lead, customer, contact and address. What is no good is left out: the
	form asks for it.
	"""
	take_turn()
	known = _read(values, FORM_FIELDS)
	ties = {field: cstr(values.get(field)).strip() or None for field in TIES}
	known = _with_offers(known, known.get("product_family"))
	known["crm_id"] = known.get("crm_id") or ties["customer"] or ties["lead"]
	faults = form_rules.all_faults(origin, known, reading.family_of(known.get("product_family")))
	sound = {field: value for field, value in known.items() if field not in faults}
	if _is_taken(sound):
		sound.pop("domain")
	doc = frappe.get_doc({"doctype": RESELLER_CUSTOMER, "origin": origin.value, **sound, **ties})
	# Frappe would put defaults, a Customer or the site's country for instance, where there is none
	doc.dont_update_if_missing = [*TIES, "country"]
	doc.flags.written_by_reseller = True
	doc.insert(ignore_permissions=True)  # the callers have checked rights; partners have no role for it
	return doc.name


def save_step(name: str, step: Step, values: Mapping[str, Any]) -> dict[str, AnyFault]:
	"""Write what is good of a step of the form, and return what is wrong with the rest, by field.

	A blank is written although it is a fault. A Checked customer becomes a Draft again.
	"""
	doc = hold(name)
	completing.refuse_unless_open(doc)
	given = _read(values, form_rules.FIELDS[step])
	if given.get("product_family") != doc.product_family:
		given = _with_offers(given, given.get("product_family"))
	wanted = {**reading.form_values(doc), **given}
	faults = form_rules.faults(step, wanted, reading.family_of(wanted["product_family"]))
	if "domain" in given and "domain" not in faults and _is_taken(wanted, doc.name):
		faults["domain"] = Fault.TAKEN
	doc.update({field: value for field, value in given.items() if field not in faults or not value})
	settle(doc)
	return faults


def answer_check(name: str, subject: Subject, product: str, result: Result, evidence: str) -> None:
	"""Write down what is known of a requirement. product: of the subject that has one, else "".

	A Checked customer of whom something is not proved any more becomes a Draft again.
	"""
	doc = hold(name)
	completing.refuse_unless_open(doc)
	if subject is Subject.CONSENT:
		refuse(_("Record the customer's consent instead: it proves itself."))
	row = next(
		(row for row in doc.checks if (row.subject, row.product or "") == (subject.value, product)), None
	)
	if not row:
		refuse(_("This is not asked of the customer any more. Load the page again."))
	answer = Answer(Requirement(subject, product), result, evidence.strip())
	if result is Result.PASSED and not check_rules.is_proved(answer):
		refuse(_("Write down what shows it, so that somebody else can look at it again."))
	row.update(
		{
			"result": result.value,
			"evidence": answer.evidence,
			"checked_by": frappe.session.user,
			"checked_on": now_datetime(),
		}
	)
	if not check_rules.is_proved(answer):
		doc.status = Status.DRAFT.value
	settle(doc)


def finish_form(name: str) -> None:
	"""Make a Draft a Checked customer. Raises ResellerRefused that lists what is lacking."""
	doc = hold(name)
	_take(doc, Act.CHECK)
	readiness.refuse_while_lacking(doc)
	settle(doc)


def note_account(name: str, account: Account) -> None:
	"""Write down the account that a customer has got, or what the vendor says of it by now.

	account: the vendor's answer, or what a user typed who made it by hand. The first one makes a Checked
	customer Created or Imported. The same one again changes no more than what has changed.
	"""
	doc = hold(name)
	is_first = not is_there(Status(doc.status))
	if is_first:
		_take(doc, OF_ORIGIN[Origin(doc.origin)])
	elif doc.vendor_account and account.name and doc.vendor_account != account.name:
		refuse(_("The customer has another account already: {0}.").format(escape_html(doc.vendor_account)))
	_learn(doc, account)
	if is_first:
		# it has done its work, and is a secret
		doc.update({"transfer_token": None, "transfer_token_expires_on": None})
		_tell("lead_inbox_reseller_account", doc)
	if is_first or _is_news(doc):
		settle(doc)
	else:
		note_comparison(doc)


def note_comparison(doc: Any) -> None:
	"""Note that a held customer's account was compared just now, and nothing new is known of it. The history and
	`modified` tell of changes, so they stay as they are."""
	values = {"vendor_checked_on": now_datetime()}
	frappe.db.set_value(RESELLER_CUSTOMER, doc.name, values, update_modified=False)
	doc.notify_update()


def correct_account(name: str, account: str, cloud_identity_id: str, console: str) -> None:
	"""Mend what was noted of an account by mistake. A blank identity or console is one that is not known."""
	doc = hold(name)
	_refuse_unless_there(doc)
	if completing.is_asked_of_vendor(doc):
		refuse(_("The vendor is being asked for this account. Wait for its answer."))
	doc.update(
		{
			"vendor_account": account,
			"cloud_identity_id": cloud_identity_id or None,
			"vendor_console": console or None,
		}
	)
	settle(doc)


def note_order(name: str) -> None:
	"""Note that something was ordered for a customer. A later order changes nothing."""
	doc = hold(name)
	status = Status(doc.status)
	if status in (Status.ORDERED, Status.TERMS_ACCEPTED, Status.ACTIVE):
		return
	_take(doc, Act.ORDER)
	settle(doc)


def withdraw_order(name: str) -> None:
	"""Note that the only order of a customer was cancelled. Once the terms of service are accepted it changes
	nothing: the vendor may have a subscription by then, which no cancellation here ends."""
	doc = hold(name)
	status = before_order(Status(doc.status), Origin(doc.origin))
	if not status:
		return
	doc.status = status.value
	_forget_terms(doc)
	settle(doc)


def accept_terms(name: str, on: date) -> None:
	"""Note on which day the customer accepted the vendor's terms of service."""
	doc = hold(name)
	_take(doc, Act.ACCEPT_TERMS)
	if on > getdate():
		refuse(_("{0} is yet to come. Enter the day on which the customer accepted.").format(formatdate(on)))
	doc.terms_accepted_on = on
	settle(doc)


def activate(name: str) -> None:
	doc = hold(name)
	_take(doc, Act.ACTIVATE)
	settle(doc)


def suspend(name: str, reason: str) -> None:
	doc = hold(name)
	said = _said(reason)
	_take(doc, Act.SUSPEND)
	settle(doc)
	_comment(doc, said)


def resume(name: str) -> None:
	"""Note that a suspended customer may use its account again."""
	doc = hold(name)
	_take(doc, Act.RESUME)
	has_accepted, has_order = bool(doc.terms_accepted_on), placed.has_order(name)
	then = after_resuming(Origin(doc.origin), has_accepted_terms=has_accepted, has_order=has_order)
	doc.status = then.value
	if may(then, Act.ORDER):
		_forget_terms(doc)
	settle(doc)


def transfer_out(name: str, reason: str) -> None:
	"""Note that the customer buys elsewhere now. Its domain and identity are free for a new customer of ours."""
	doc = hold(name)
	said = _said(reason)
	_take(doc, Act.TRANSFER_OUT)
	_tell("lead_inbox_reseller_left", doc)
	settle(doc)
	_comment(doc, said)


def verify_domain(name: str, domain: str) -> None:
	"""Note that the vendor has verified a customer's domain; a team becomes a customer by domain (RS-5)."""
	doc = hold(name)
	_refuse_unless_there(doc)
	found = domain_rules.read(domain)
	if isinstance(found, domain_rules.Fault):
		refuse(words.fault(found, "domain"))
	if doc.customer_type == CustomerType.DOMAIN.value and found.ascii != reading.ascii_domain(doc):
		refuse(
			_("The customer's domain is {0}. Change it in the details first.").format(escape_html(doc.domain))
		)
	_set_verified(doc, found)
	settle(doc)


def update_details(name: str, values: Mapping[str, Any]) -> list[str]:
	"""Write what has changed at a customer who has an account, and return the fields (RS-7). Frappe keeps the
	history.

	Raises ResellerRefused with what is wrong in the new values. A given value that is not new may be wrong, but
	for a new domain.
	"""
	doc = hold(name)
	_refuse_unless_there(doc)
	before = reading.form_values(doc)
	given = _read(values, DETAILS)
	new = {field: value for field, value in given.items() if cstr(value) != cstr(before[field])}
	family = reading.family_of(doc.product_family)
	found = form_rules.all_faults(Origin(doc.origin), {**before, **new}, family)
	judged = given if "domain" in new else new
	if faults := {field: fault for field, fault in found.items() if field in judged}:
		refuse(" ".join(words.with_labels(faults)))
	doc.update(new)
	if "domain" in new:
		doc.is_domain_verified = 0  # the vendor has verified the former one
	settle(doc)
	return [field for field in new if cstr(before[field]) != cstr(doc.get(field))]


def hold(name: str) -> Any:
	"""Return a customer's document as it is now, locked until the transaction ends. Raises DoesNotExistError.

	The transaction holds the turn of all writers from here on, so let it be short.
	"""
	take_turn()
	return frappe.get_doc(RESELLER_CUSTOMER, name, for_update=True)


def settle(doc: Any) -> None:
	"""Save a held document with all that follows from it, and a version of what has changed."""
	doc.flags.written_by_reseller = True
	# the callers have checked rights, and a job has none; people's own saves go through guarding.py
	doc.save(ignore_permissions=True, ignore_version=False)


def _read(values: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
	"""Return those of the fields that are given, each as the kind of value that it is, and as it is stored:
	Frappe makes texts safe as it saves them, by which they may grow."""
	given = {field: values[field] for field in fields if field in values}
	return {
		field: cint(value) if field == "is_educational" else sanitize_html(cstr(value)).strip() or None
		for field, value in given.items()
		if field != "customer_type" or _is_type(value)
	}


def _is_type(value: Any) -> bool:
	if value and value not in [known.value for known in CustomerType]:
		refuse(_("A customer is a Domain or a Team, not {0}.").format(escape_html(cstr(value))))
	return bool(value)


def _with_offers(given: dict[str, Any], family: str | None) -> dict[str, Any]:
	"""Add what a newly chosen family decides: our identifier, and the type where there is only one."""
	known = reading.family_of(family)
	if not known:
		return given
	offered = {}
	if known.asks_identifier:
		offered["public_identifier"] = frappe.db.get_value(FAMILY, family, "public_identifier")
	if len(known.types) == 1:
		offered["customer_type"] = next(iter(known.types)).value
	return {**given, **{field: value for field, value in offered.items() if not given.get(field)}}


def _is_taken(wanted: Mapping[str, Any], by_other_than: str = "") -> bool:
	"""Of two who enter a domain at the same moment the database refuses one, when it is written."""
	if wanted.get("customer_type") == CustomerType.TEAM.value:
		return False
	key = keys.key_of(reading.ascii_domain(frappe._dict(wanted)), wanted.get("product_family"))
	return bool(key) and keys.has_domain(key, other_than=by_other_than)


def _learn(doc: Any, account: Account) -> None:
	"""Take over what the vendor knows better than we do. What it does not say stays as it is."""
	doc.update(
		{
			"vendor_account": account.name or doc.vendor_account,
			"vendor_console": web_address(account.console) or doc.vendor_console,
			"cloud_identity_id": account.cloud_identity_id or doc.cloud_identity_id,
			"vendor_checked_on": now_datetime(),
		}
	)
	domain = domain_rules.read(account.domain)
	if not account.is_domain_verified or isinstance(domain, domain_rules.Fault):
		return
	is_by_domain = CustomerType.DOMAIN in (account.customer_type, CustomerType(doc.customer_type))
	if is_by_domain:
		_set_verified(doc, domain)


def _is_news(doc: Any) -> bool:
	"""Return whether a held document would be saved with more than the moment of a comparison."""
	doc.load_doc_before_save()
	completing.complete(doc)
	columns = (column for column in doc.meta.get_valid_columns() if column != "vendor_checked_on")
	return bool(completing.changed(doc, tuple(columns)))


def _set_verified(doc: Any, domain: domain_rules.Domain) -> None:
	doc.update(
		{
			"customer_type": CustomerType.DOMAIN.value,
			"domain": domain.shown,
			"is_domain_verified": 1,
		}
	)


def _tell(event: str, doc: Any) -> None:
	for listener in frappe.get_hooks(event):
		frappe.get_attr(listener)(doc)


def _comment(doc: Any, reason: str) -> None:
	doc.add_comment("Info", escape_html(reason))


def _take(doc: Any, act: Act) -> None:
	"""Give a held customer its next status. Raises ResellerRefused when it can't be done now."""
	status = Status(doc.status)
	then = after(status, act)
	if not then:
		refuse(words.not_now(act, status))
	doc.status = then.value


def _forget_terms(doc: Any) -> None:
	"""Nobody is asked for terms of service without an order."""
	doc.update({"terms_asked_on": None, "terms_remind_on": None})


def _said(reason: str) -> str:
	if not reason.strip():
		refuse(_("Say why, in a few words."))
	return reason.strip()


def _refuse_unless_there(doc: Any) -> None:
	if not is_there(Status(doc.status)):
		refuse(_("The customer has no account yet, or none any more."))
