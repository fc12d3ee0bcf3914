"""For what a customer waits, and for whom: RS-3, RS-6, RS-7, RS-8. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from lead_inbox.reseller.rules import Origin, Status


class Party(str, Enum):
	US = "Us"
	CUSTOMER = "Customer"
	VENDOR = "Vendor"
	NOBODY = "Nobody"


class Matter(str, Enum):
	FORM = "the form"
	CONSENT = "consent to purchase"
	ACCOUNT = "the account"
	TROUBLE = "an error of the vendor"
	ORDER = "an order"
	TERMS = "the terms of service"
	ACTIVATION = "activation"
	SETUP = "setup"
	DETAILS = "a check of the details"
	NOTHING = "nothing"


@dataclass(frozen=True)
class Facts:
	"""What is known of a customer. details_due_on: when its details are to be asked for again."""

	status: Status
	origin: Origin
	lacks_consent: bool = False
	is_asked_of_vendor: bool = False
	vendor_has_failed: bool = False
	open_setup_tips: int = 0
	details_due_on: date | None = None


@dataclass(frozen=True)
class Wait:
	party: Party
	matter: Matter


_BY_STATUS: dict[Status, Wait] = {
	Status.DRAFT: Wait(Party.US, Matter.FORM),
	Status.CHECKED: Wait(Party.US, Matter.ACCOUNT),
	Status.CREATED: Wait(Party.US, Matter.ORDER),
	Status.IMPORTED: Wait(Party.US, Matter.ORDER),
	Status.ORDERED: Wait(Party.CUSTOMER, Matter.TERMS),
	Status.TERMS_ACCEPTED: Wait(Party.US, Matter.ACTIVATION),
}
_NOTHING = Wait(Party.NOBODY, Matter.NOTHING)


def wait_of(facts: Facts, today: date) -> Wait:
	"""Return the one thing that has to happen next."""
	if facts.vendor_has_failed:
		return Wait(Party.US, Matter.TROUBLE)
	if facts.is_asked_of_vendor:
		return Wait(Party.VENDOR, Matter.ACCOUNT)
	if (
		facts.lacks_consent
		and facts.status in (Status.DRAFT, Status.CHECKED)
		and facts.origin is Origin.IMPORT
	):
		return Wait(Party.CUSTOMER, Matter.CONSENT)
	if facts.status is not Status.ACTIVE:
		return _BY_STATUS.get(facts.status, _NOTHING)
	if facts.details_due_on and facts.details_due_on <= today:
		return Wait(Party.CUSTOMER, Matter.DETAILS)
	return Wait(Party.US, Matter.SETUP) if facts.open_setup_tips else _NOTHING
