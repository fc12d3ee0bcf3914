"""What a bulk conversion decides about its rows, over plain values.

A row is one lead. Of several rows of one person the first one is taken, the others are left out until
somebody takes them in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lead_inbox.conversion.rules import Choice, Mode, Pick

# Spreadsheets take a cell that begins so for a formula.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class RunStatus(str, Enum):
	PREPARING = "Preparing"
	READY = "Ready"
	RUNNING = "Running"
	FINISHED = "Finished"
	STOPPED = "Stopped"


class RowStatus(str, Enum):
	PENDING = "Pending"
	CONVERTED = "Converted"
	FAILED = "Failed"
	LEFT_OUT = "Left Out"


class LeftOut(str, Enum):
	"""Why a row is not converted unless somebody takes it in."""

	SAME_EMAIL = "Same E-mail"
	SAME_PHONE = "Same Phone"
	CONVERTED = "Already Converted"
	MERGED = "Merged"
	UNKNOWN = "Not Found"
	BY_HAND = "By Hand"


class CustomerMode(str, Enum):
	"""SHARED: one new Customer for all rows of the company that say so."""

	NEW = "New"
	SHARED = "Shared"
	EXISTING = "Existing"


class ContactMode(str, Enum):
	OWN = "Own"
	EXISTING = "Existing"


class OpportunityMode(str, Enum):
	NEW = "New"
	NONE = "None"


# These are not a question of taste: such a lead can't be converted.
FINAL = frozenset((LeftOut.CONVERTED, LeftOut.MERGED, LeftOut.UNKNOWN))
CHANGEABLE_RUNS = frozenset((RunStatus.READY, RunStatus.STOPPED, RunStatus.FINISHED))
UNFINISHED_RUNS = (RunStatus.PREPARING, RunStatus.RUNNING)
OPEN_ROWS = (RowStatus.PENDING, RowStatus.FAILED)


@dataclass(frozen=True)
class Facts:
	"""What is known of a selected lead. email is folded, phones are in E.164, company is a company_key."""

	email: str = ""
	phones: tuple[str, ...] = ()
	company: str = ""
	converted: bool = False
	merged: bool = False


@dataclass(frozen=True)
class Place:
	"""Where a row stands in the selection. group: the position of the first row of its company, or its own."""

	position: int
	group: int
	left_out: LeftOut | None = None
	same_as: str = ""


@dataclass
class Placing:
	"""Places the leads of a selection one after the other, in its order."""

	position: int = 0
	_emails: dict[str, str] = field(default_factory=dict)
	_phones: dict[str, str] = field(default_factory=dict)
	_groups: dict[str, int] = field(default_factory=dict)

	def place(self, lead: str, facts: Facts | None) -> Place:
		"""facts: None for a lead that does not exist, or that the user may not read."""
		self.position += 1
		if facts is None:
			return Place(self.position, self.position, LeftOut.UNKNOWN)
		group = self._groups.setdefault(facts.company, self.position) if facts.company else self.position
		if facts.merged:
			return Place(self.position, group, LeftOut.MERGED)
		if facts.converted:
			return Place(self.position, group, LeftOut.CONVERTED)
		reason, same_as = self._same_person(facts)
		self._remember(lead, facts)
		return Place(self.position, group, reason, same_as)

	def _same_person(self, facts: Facts) -> tuple[LeftOut | None, str]:
		if facts.email in self._emails:
			return LeftOut.SAME_EMAIL, self._emails[facts.email]
		known = next((phone for phone in facts.phones if phone in self._phones), None)
		return (LeftOut.SAME_PHONE, self._phones[known]) if known else (None, "")

	def _remember(self, lead: str, facts: Facts) -> None:
		"""Also of a lead that is left out: a third one may have the address of the first and its phone."""
		if facts.email:
			self._emails.setdefault(facts.email, lead)
		for phone in facts.phones:
			self._phones.setdefault(phone, lead)


def choice_of(row: Mapping[str, Any], shared_customer: str) -> Choice:
	"""Return what a row wants.

	shared_customer: the Customer that another row of the company has made for all, empty when none has yet.
	"""
	mode = CustomerMode(row["customer_mode"])
	customer = {
		CustomerMode.NEW: "",
		CustomerMode.SHARED: shared_customer,
		CustomerMode.EXISTING: row["customer"],
	}[mode]
	contact = row["contact"] if ContactMode(row["contact_mode"]) is ContactMode.EXISTING else ""
	wants_opportunity = OpportunityMode(row["opportunity_mode"]) is OpportunityMode.NEW
	return Choice(
		customer=Pick(Mode.EXISTING, customer) if customer else Pick(Mode.NEW),
		contact=Pick(Mode.EXISTING, contact) if contact else Pick(Mode.OWN),
		opportunity=Pick(Mode.NEW if wants_opportunity else Mode.NONE),
		owner=row["owner_user"] or "",
		qualification=row["qualification"] or "",
	)


def may_be_taken_in(left_out: str | None) -> bool:
	"""left_out: why a row was left out, as stored."""
	return not left_out or LeftOut(left_out) not in FINAL


def harmless(cell: str) -> str:
	"""Return a cell of a CSV file so that no spreadsheet takes it for a formula."""
	return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
