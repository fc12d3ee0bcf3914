"""What follows from all the accounts that a vendor lists, for the customers of a product family: RS-9. Pure.

Moments are naive datetimes in the site's time zone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lead_inbox.reseller.vendor.interface import Account
from lead_inbox.reseller.vendor.vendor_rules import SHOWN_AFTER


class Due(str, Enum):
	"""What is to be done about an account."""

	NOTHING = "nothing"
	ADD = "add"  # nobody here has it
	OF_ANOTHER_FAMILY = "of another family"  # one vendor's account may be a customer of several families
	HAS_LEFT = "has left"  # transferred out here, still listed there
	VANISHED = "vanished"  # a customer here has it, and the vendor does not list it


@dataclass(frozen=True)
class Record:
	"""A Reseller Customer with an account, as we know it.

	is_of_family: of the one that is looked at. told_on: when the vendor last told of the account itself.
	"""

	name: str
	account: Account
	is_of_family: bool = True
	has_left: bool = False
	told_on: datetime | None = None


@dataclass(frozen=True)
class Line:
	"""customers: names of the Reseller Customers that have the account."""

	account: Account
	customers: tuple[str, ...]
	due: Due


def lines(accounts: Iterable[Account], records: Sequence[Record], asked_on: datetime) -> Iterator[Line]:
	"""Give a line for each account as it comes, then one for each record whose account did not come.

	records: as they were when the vendor was asked, asked_on. An account that comes twice, as the pages shift
	while they are read, counts once.
	"""
	known: dict[str, list[Record]] = defaultdict(list)
	for record in records:
		known[record.account.name].append(record)
	listed: set[str] = set()
	for account in accounts:
		if account.name not in listed:
			listed.add(account.name)
			yield _line(account, known.get(account.name, ()))
	for record in records:
		if record.account.name not in listed and _is_missed(record, asked_on):
			yield Line(record.account, (record.name,), Due.VANISHED)


def _line(account: Account, records: Sequence[Record]) -> Line:
	"""Who has left and come back has two records: the one that is served counts."""
	here = [record for record in records if record.is_of_family]
	choices = (
		(Due.NOTHING, [record for record in here if not record.has_left]),
		(Due.HAS_LEFT, here),
		(Due.OF_ANOTHER_FAMILY, [record for record in records if not record.has_left]),
	)
	due, holders = next((choice for choice in choices if choice[1]), (Due.ADD, []))
	return Line(account, tuple(record.name for record in holders), due)


def _is_missed(record: Record, asked_on: datetime) -> bool:
	"""A list shows late what was made last: what the vendor has just told of is there."""
	is_served = record.is_of_family and not record.has_left
	return is_served and (record.told_on is None or record.told_on < asked_on - SHOWN_AFTER)
