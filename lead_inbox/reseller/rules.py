"""What a reseller's customer goes through, from the first entry to its transfer elsewhere: RS-8. Pure."""

from __future__ import annotations

from enum import Enum


class Status(str, Enum):
	DRAFT = "Draft"
	CHECKED = "Checked"
	CREATED = "Created"
	IMPORTED = "Imported"
	ORDERED = "Ordered"
	TERMS_ACCEPTED = "Terms Accepted"
	ACTIVE = "Active"
	SUSPENDED = "Suspended"
	TRANSFERRED_OUT = "Transferred Out"


class CustomerType(str, Enum):
	"""How the vendor knows a customer: by a domain that it has verified, or by an e-mail address."""

	DOMAIN = "Domain"
	TEAM = "Team"


class Origin(str, Enum):
	"""Whether the customer is new to the vendor, or comes from another reseller or the vendor itself."""

	NEW = "New"
	IMPORT = "Import"


# What is done to a customer, and what it is by then. Each is told by the one writer, customers.py.
class Act(str, Enum):
	CHECK = "check"
	REOPEN = "reopen"
	CREATE = "create"
	IMPORT = "import"
	ORDER = "order"
	ACCEPT_TERMS = "accept terms"
	ACTIVATE = "activate"
	SUSPEND = "suspend"
	RESUME = "resume"
	TRANSFER_OUT = "transfer out"


# The vendor's account is there: what was sent to it is changed there, not by editing a form.
THERE = (
	Status.CREATED,
	Status.IMPORTED,
	Status.ORDERED,
	Status.TERMS_ACCEPTED,
	Status.ACTIVE,
	Status.SUSPENDED,
)
MAY_ORDER = (Status.CREATED, Status.IMPORTED, Status.ORDERED, Status.TERMS_ACCEPTED, Status.ACTIVE)
STEPS: dict[Act, tuple[tuple[Status, ...], Status]] = {
	Act.CHECK: ((Status.DRAFT,), Status.CHECKED),
	Act.REOPEN: ((Status.CHECKED,), Status.DRAFT),
	Act.CREATE: ((Status.CHECKED,), Status.CREATED),
	Act.IMPORT: ((Status.CHECKED,), Status.IMPORTED),
	Act.ORDER: ((Status.CREATED, Status.IMPORTED), Status.ORDERED),
	Act.ACCEPT_TERMS: ((Status.ORDERED,), Status.TERMS_ACCEPTED),
	Act.ACTIVATE: ((Status.TERMS_ACCEPTED,), Status.ACTIVE),
	Act.SUSPEND: ((Status.ORDERED, Status.TERMS_ACCEPTED, Status.ACTIVE), Status.SUSPENDED),
	Act.RESUME: ((Status.SUSPENDED,), Status.ACTIVE),
	Act.TRANSFER_OUT: (THERE, Status.TRANSFERRED_OUT),
}
OF_ORIGIN = {Origin.NEW: Act.CREATE, Origin.IMPORT: Act.IMPORT}


def may(status: Status, act: Act) -> bool:
	return status in STEPS[act][0]


def after(status: Status, act: Act) -> Status | None:
	"""Return what a customer becomes, or None when this can't be done to it now."""
	before, then = STEPS[act]
	return then if status in before else None


def before_order(status: Status, origin: Origin) -> Status | None:
	"""Return what a customer is again whose only order is cancelled, None where more than that has happened."""
	return STEPS[OF_ORIGIN[origin]][1] if status is Status.ORDERED else None


def after_resuming(origin: Origin, *, has_accepted_terms: bool, has_order: bool) -> Status:
	"""Return what a suspended customer goes on as: who has not accepted the terms is still asked to, unless the
	order was cancelled meanwhile."""
	if has_accepted_terms:
		return STEPS[Act.RESUME][1]
	return Status.ORDERED if has_order else STEPS[OF_ORIGIN[origin]][1]


def acts(status: Status, origin: Origin) -> list[Act]:
	"""Return what can be done next, for the buttons of a page."""
	foreign = {Act.CREATE, Act.IMPORT} - {OF_ORIGIN[origin]}
	return [act for act in Act if may(status, act) and act not in foreign]


def is_there(status: Status) -> bool:
	return status in THERE
