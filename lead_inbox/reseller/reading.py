"""Reseller Customers as the rules and the page want them."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils import getdate, now_datetime

from lead_inbox.reseller import (
	check_rules,
	consent_rules,
	domain_rules,
	form_rules,
	offer_rules,
	rules,
	words,
)
from lead_inbox.reseller.check_rules import Answer, Requirement, Result, Subject
from lead_inbox.reseller.form_rules import Family, Step
from lead_inbox.reseller.records import FAMILY, PRODUCT, REQUEST, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import CustomerType, Origin, Status
from lead_inbox.reseller.vendor.vendor_rules import Action
from lead_inbox.reseller.waiting_rules import Matter, Party

TIES = ("lead", "customer", "contact", "address")
FORM_FIELDS = tuple(field for fields in form_rules.FIELDS.values() for field in fields)
PRODUCT_FIELDS = (
	*("name", "product_name", "product_family", "item", "enabled", "for_sale"),
	*("for_domains", "for_teams", "needs_verified_domain"),
)
FAMILY_FIELDS = (
	*("name", "enabled", "connection", "for_domains", "for_teams", "asks_identifier", "public_identifier"),
	"consent_instructions",
)


def family_of(name: str | None) -> Family | None:
	"""Return what the form has to know of a family, None for one that is missing or not in use any more."""
	row = _family_row(name)
	return Family(_types(row), bool(row.asks_identifier)) if row and row.enabled else None


def products_of(family: str | None) -> list[offer_rules.Product]:
	"""Return the products of a family that are in use, also those that stand in the way of a sale."""
	return [_product(row) for row in _product_rows(family)]


def buyer_of(doc: Any) -> offer_rules.Buyer:
	return offer_rules.Buyer(
		family=doc.product_family or "",
		customer_type=CustomerType(doc.customer_type),
		has_verified_domain=bool(doc.is_domain_verified),
		status=Status(doc.status),
	)


def consents_of(doc: Any) -> list[consent_rules.Consent]:
	return [
		consent_rules.Consent(
			family=row.product_family,
			given_on=getdate(row.given_on),
			expires_on=getdate(row.expires_on) if row.expires_on else None,
			is_withdrawn=bool(row.withdrawn_on),
		)
		for row in doc.consents
	]


def consent_refusal(doc: Any) -> consent_rules.Refusal | None:
	"""Return why a customer who comes from elsewhere can't be imported; None for a new one, who asked us."""
	if Origin(doc.origin) is not Origin.IMPORT:
		return None
	return consent_rules.refusal(consents_of(doc), doc.product_family or "", getdate())


def answers_of(doc: Any) -> list[Answer]:
	"""Return what is asked of a customer, with the answers that are known. Consents answer for themselves."""
	known = [
		Answer(Requirement(Subject(row.subject), row.product or ""), Result(row.result), row.evidence or "")
		for row in doc.checks
		if row.subject != Subject.CONSENT.value
	]
	return check_rules.answers(_requirements(doc), [*known, _consent_answer(doc)])


def form_values(doc: Any) -> dict[str, Any]:
	return {field: doc.get(field) for field in FORM_FIELDS}


def form_faults(doc: Any) -> dict[str, form_rules.AnyFault]:
	"""Return what is wrong in the form as it is stored."""
	return form_rules.all_faults(Origin(doc.origin), form_values(doc), family_of(doc.product_family))


def ascii_domain(doc: Any) -> str:
	"""Return the customer's domain as DNS and vendors know it, "" for none. The field has it as people write it."""
	domain = domain_rules.read(doc.domain or "")
	return "" if isinstance(domain, domain_rules.Fault) else domain.ascii


def is_token_good(doc: Any) -> bool:
	"""Return whether a transfer token is there that can still be used."""
	return bool(doc.transfer_token) and consent_rules.is_token_good(
		doc.transfer_token_expires_on, now_datetime()
	)


def one(name: str) -> dict[str, Any]:
	"""Return all that the page shows of a customer; see the keys. Moments and days are of the site.

	The caller has checked that the session's user may read it; what may be done depends on their right to
	write it.
	"""
	doc = frappe.get_doc(RESELLER_CUSTOMER, name)
	refusal = consent_refusal(doc)
	is_open = Status(doc.status) in (Status.DRAFT, Status.CHECKED)
	faults = form_faults(doc) if is_open else {}
	may_write = bool(doc.has_permission("write"))
	family = _family(doc.product_family)
	return {
		"name": doc.name,
		"title": doc.title,
		"status": doc.status,
		"origin": doc.origin,
		"is_open": is_open,
		"may_write": may_write,
		"values": {field: doc.get(field) for field in (*FORM_FIELDS, *TIES, "is_domain_verified")},
		"steps": _steps(doc, faults, refusal),
		"faults": words.by_field(faults),
		"checks": _checks(doc),
		"consents": _consents(doc),
		"consent_refusal": words.consent(refusal) if refusal else None,
		"token": {
			"is_set": bool(doc.transfer_token),
			"is_good": is_token_good(doc),
			"expires_on": doc.transfer_token_expires_on,
		},
		"acts": _acts(doc) if may_write else [],
		"products": _products(doc),
		"family": family,
		"connection": family["connection"] if family else None,
		"request": _request(doc.name),
		"waits": _waits(doc),
		"terms": {"accepted_on": doc.terms_accepted_on, "asked_on": doc.terms_asked_on},
		"tips": [
			_row(tip, "topic", "instructions", "assigned_to", "done", "done_by", "done_on")
			for tip in doc.tips
		],
		"details": {
			"due_on": doc.details_due_on,
			"asked_on": doc.details_asked_on,
			"checks": [
				_row(check, "asked_on", "answered_on", "outcome", "note", "changes", "recorded_by")
				for check in doc.detail_checks
			],
		},
		"vendor": {
			"account": doc.vendor_account,
			"console": doc.vendor_console,
			"checked_on": doc.vendor_checked_on,
		},
	}


def _family_row(name: str | None) -> frappe._dict | None:
	return frappe.db.get_value(FAMILY, name, FAMILY_FIELDS, as_dict=True) if name else None


def _types(row: frappe._dict) -> frozenset[CustomerType]:
	offered = {CustomerType.DOMAIN: row.for_domains, CustomerType.TEAM: row.for_teams}
	return frozenset(customer_type for customer_type, is_offered in offered.items() if is_offered)


def _product_rows(family: str | None) -> list[frappe._dict]:
	if not family:
		return []
	wanted = {"product_family": family, "enabled": 1}
	return frappe.get_all(PRODUCT, filters=wanted, fields=list(PRODUCT_FIELDS), order_by="product_name asc")


def _product(row: frappe._dict) -> offer_rules.Product:
	return offer_rules.Product(
		name=row.name,
		family=row.product_family,
		item=row.item or "",
		sold_to=_types(row),
		needs_verified_domain=bool(row.needs_verified_domain),
		for_sale=bool(row.for_sale),
	)


def _requirements(doc: Any) -> list[Requirement]:
	unsellable = [row.name for row in _product_rows(doc.product_family) if not row.for_sale]
	return check_rules.requirements(CustomerType(doc.customer_type), Origin(doc.origin), unsellable)


def _consent_answer(doc: Any) -> Answer:
	"""A consent is proved by its record."""
	refusal = consent_refusal(doc)
	asked = Requirement(Subject.CONSENT)
	if refusal in (consent_rules.Refusal.NONE, consent_rules.Refusal.NOT_YET):
		return Answer(asked, Result.OPEN)
	if refusal:
		return Answer(asked, Result.FAILED, words.consent(refusal))
	evidence = [row.evidence for row in doc.consents if row.product_family == doc.product_family]
	return Answer(asked, Result.PASSED, evidence[-1] if evidence else "")


def _steps(
	doc: Any, faults: dict[str, form_rules.AnyFault], refusal: consent_rules.Refusal | None
) -> list[dict[str, Any]]:
	faulty = {form_rules.step_of(field) for field in faults}
	unmet = [
		answer
		for answer in check_rules.unmet(answers_of(doc))
		if answer.requirement.subject is not Subject.CONSENT
	]
	open_ones = {
		Step.REQUIREMENTS: bool(unmet),
		Step.CONSENT: bool(refusal),
		Step.REVIEW: doc.status == Status.DRAFT.value,
	}
	is_over = Status(doc.status) not in (Status.DRAFT, Status.CHECKED)
	return [
		{"step": step.value, "is_complete": is_over or not open_ones.get(step, step in faulty)}
		for step in form_rules.steps(Origin(doc.origin))
	]


def _checks(doc: Any) -> list[dict[str, Any]]:
	noted = {(row.subject, row.product or ""): row for row in doc.checks}
	return [
		{
			"subject": answer.requirement.subject.value,
			"product": answer.requirement.product,
			"question": words.question(answer.requirement),
			"result": answer.result.value,
			"evidence": answer.evidence,
			"checked_by": row.checked_by if row else None,
			"checked_on": row.checked_on if row else None,
		}
		for answer in answers_of(doc)
		for row in [noted.get((answer.requirement.subject.value, answer.requirement.product))]
	]


def _consents(doc: Any) -> list[dict[str, Any]]:
	fields = (
		*("product_family", "given_by", "given_on", "expires_on", "evidence", "attachment"),
		*("withdrawn_on", "recorded_by"),
	)
	return [_row(consent, *fields) for consent in doc.consents]


def _acts(doc: Any) -> list[str]:
	return [act.value for act in rules.acts(Status(doc.status), Origin(doc.origin))]


def _products(doc: Any) -> list[dict[str, Any]]:
	"""Return what is for sale to a customer, with the reason for what it may not buy now."""
	buyer = buyer_of(doc)
	found = [(row, _product(row)) for row in _product_rows(doc.product_family) if row.for_sale]
	return [
		{
			"name": product.name,
			"product_name": row.product_name,
			"item": product.item,
			"refusal": words.offer(refusal) if refusal else None,
		}
		for row, product in found
		for refusal in [offer_rules.refusal(product, buyer)]
	]


def _family(name: str | None) -> dict[str, Any] | None:
	row = _family_row(name)
	if not row:
		return None
	return {
		"name": row.name,
		"connection": row.connection,
		"types": sorted(customer_type.value for customer_type in _types(row)),
		"asks_identifier": bool(row.asks_identifier),
		"public_identifier": row.public_identifier,
		"consent_instructions": row.consent_instructions,
	}


def _request(name: str) -> dict[str, Any] | None:
	"""Return the newest request to the vendor, for a mere comparison nobody waits."""
	rows = frappe.get_all(
		REQUEST,
		filters={"reseller_customer": name, "action": ["!=", Action.COMPARE.value]},
		fields=["name", "action", "status", "error", "next_attempt_on"],
		order_by="creation desc",
		limit=1,
	)
	return dict(rows[0]) if rows else None


def _waits(doc: Any) -> dict[str, Any]:
	return {
		"is_nobody": doc.waits_for == Party.NOBODY.value,
		"party": words.party(Party(doc.waits_for)),
		"matter": words.matter(Matter(doc.waits_for_what)),
		"since": doc.waits_since,
	}


def _row(row: Any, *fields: str) -> dict[str, Any]:
	return {"name": row.name, **{field: row.get(field) for field in fields}}
