"""The rules' answers as sentences for users. Plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import frappe
from frappe import _

from lead_inbox.reseller import (
	check_rules,
	consent_rules,
	contact_rules,
	domain_rules,
	form_rules,
	offer_rules,
	rules,
)
from lead_inbox.reseller.check_rules import Subject
from lead_inbox.reseller.form_rules import AnyFault
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.waiting_rules import Matter, Party


def fault(found: AnyFault, field: str) -> str:
	"""Return what is wrong in a field and what to enter instead."""
	if isinstance(found, domain_rules.Fault):
		return _of_domain(found)
	if isinstance(found, contact_rules.Fault):
		return _missing(field) if found is contact_rules.Fault.MISSING else _of_contact(found, field)
	return _missing(field) if found is form_rules.Fault.MISSING else _of_form(found)


def by_field(faults: Mapping[str, AnyFault]) -> dict[str, str]:
	return {field: fault(found, field) for field, found in faults.items()}


def with_labels(faults: Mapping[str, AnyFault]) -> list[str]:
	"""Return the same as lines that name their field, for where there is none to show them beside."""
	meta = frappe.get_meta(RESELLER_CUSTOMER)
	return [f"{_(meta.get_label(field))}: {words}" for field, words in by_field(faults).items()]


def not_met(answer: check_rules.Answer) -> str:
	"""Return what stands in the way of a requirement, its question first."""
	asked = question(answer.requirement)
	if answer.result is check_rules.Result.FAILED:
		return _("{0} No: the vendor refuses such customers.").format(asked)
	if answer.result is check_rules.Result.PASSED:
		return _("{0} Write down what shows it.").format(asked)
	return _("{0} Find out and write down what shows it.").format(asked)


def question(requirement: check_rules.Requirement) -> str:
	"""Return what is asked of a customer. Yes is good."""
	return {
		Subject.REGISTERED_DOMAIN: _("Is the domain registered by this customer?"),
		Subject.OTHER_PRODUCT: _("Is it sure that the customer is not on {0}?").format(requirement.product),
		Subject.CONSENT: _("Has the customer agreed to buy from us?"),
	}[requirement.subject]


def consent(refusal: consent_rules.Refusal) -> str:
	return {
		consent_rules.Refusal.NONE: _(
			"The customer has not agreed yet to buy from us. Send the instructions, then record the consent."
		),
		consent_rules.Refusal.WITHDRAWN: _(
			"The customer has withdrawn the consent to buy from us. Ask for a new one."
		),
		consent_rules.Refusal.EXPIRED: _("The customer's consent has expired. Ask for a new one."),
		consent_rules.Refusal.NOT_YET: _("The customer's consent begins on a later day. Wait for it."),
	}[refusal]


def offer(refusal: offer_rules.Refusal) -> str:
	"""Return why a product can't be ordered."""
	return {
		offer_rules.Refusal.NO_ACCOUNT_YET: _("The customer has no account now that could be ordered for."),
		offer_rules.Refusal.OTHER_FAMILY: _("It belongs to another product family than the customer."),
		offer_rules.Refusal.NOT_FOR_THIS_TYPE: _("It is not sold to customers of this type."),
		offer_rules.Refusal.NEEDS_VERIFIED_DOMAIN: _("The customer has to verify its domain first."),
		offer_rules.Refusal.NOT_FOR_SALE: _("It is not for sale, or has no Item yet."),
	}[refusal]


def party(waited_for: Party) -> str:
	return {
		Party.US: _("Us"),
		Party.CUSTOMER: _("Customer"),
		Party.VENDOR: _("Vendor"),
		Party.NOBODY: _("Nobody"),
	}[waited_for]


def matter(waited_for: Matter) -> str:
	"""Return for what a customer waits, as the end of a sentence."""
	return {
		Matter.FORM: _("the form"),
		Matter.CONSENT: _("consent to purchase"),
		Matter.ACCOUNT: _("the account"),
		Matter.TROUBLE: _("an error of the vendor"),
		Matter.ORDER: _("an order"),
		Matter.TERMS: _("the terms of service"),
		Matter.ACTIVATION: _("activation"),
		Matter.SETUP: _("setup"),
		Matter.DETAILS: _("a check of the details"),
		Matter.NOTHING: _("nothing"),
	}[waited_for]


def not_now(act: rules.Act, status: rules.Status) -> str:
	"""Return that something can't be done to a customer as it is, and when it can."""
	states = ", ".join(_(before.value) for before in rules.STEPS[act][0])
	return _("This can't be done to a customer that is {0}. It can to one that is: {1}.").format(
		_(status.value), states
	)


def taken(others: Iterable[str]) -> str:
	"""others: titles and names of those who have the domain or the identity already."""
	return _(
		"Another customer has this domain or Cloud Identity ID already: {0}. Go on with that one."
	).format(", ".join(others))


def _missing(field: str) -> str:
	return {
		"product_family": _("Choose a product family."),
		"public_identifier": _("Enter your public identifier as a reseller: the vendor asks for it."),
		"organization_name": _("Enter the name of the organization."),
		"primary_email": _("Enter the address with which the administrator signs in."),
		"alternate_email": _(
			"Enter an address outside the customer's domain, to be used until mail arrives there."
		),
		"country": _("Choose the country."),
	}.get(field) or _("Fill this in.")


def _of_form(found: form_rules.Fault) -> str:
	return {
		form_rules.Fault.TYPE_NOT_OFFERED: _(
			"The product family is not for customers of this type. Choose another type or family."
		),
		form_rules.Fault.TAKEN: _(
			"Another customer of this product family has this domain. Go on with that one."
		),
	}[found]


def _of_domain(found: domain_rules.Fault) -> str:
	return {
		domain_rules.Fault.EMPTY: _("Enter the customer's domain."),
		domain_rules.Fault.NOT_A_DOMAIN: _("This is no domain. Enter one like example.com."),
		domain_rules.Fault.PUBLIC_SUFFIX: _(
			"Many organizations share this ending. Enter the customer's own domain below it."
		),
		domain_rules.Fault.UNKNOWN_ENDING: _("There is no such ending of a domain. Check what you typed."),
		domain_rules.Fault.FREE_MAIL: _(
			"This is the domain of a mail service. Enter the customer's own domain, or add a team customer."
		),
	}[found]


def _of_contact(found: contact_rules.Fault, field: str) -> str:
	return {
		contact_rules.Fault.NOT_AN_ADDRESS: _("This is no e-mail address. Enter one like name@example.com."),
		contact_rules.Fault.ELSEWHERE: _("Enter an address of the customer's own domain."),
		contact_rules.Fault.ON_THE_DOMAIN: _(
			"Enter an address outside the customer's domain: mail of the domain may not arrive yet."
		),
		contact_rules.Fault.NOT_A_NUMBER: _(
			"This is no phone number in use. Check its digits, or leave it empty."
		),
		contact_rules.Fault.NO_COUNTRY_CODE: _(
			"Begin the number with its country code, as in +30 2821 055555."
		),
		contact_rules.Fault.TOO_LONG: _("Enter at most {0} characters.").format(form_rules.longest(field)),
	}[found]
