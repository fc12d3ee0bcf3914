"""What we ask of a vendor, whoever it is. Implementations translate; the rules are in vendor_rules.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from lead_inbox.reseller.rules import CustomerType
from lead_inbox.reseller.vendor.vendor_rules import Found, Trouble


class Why(str, Enum):
	"""Why a call came to nothing. What a user reads of it is in words.py."""

	UNREACHABLE = "unreachable"
	NO_ANSWER_IN_TIME = "no answer in time"
	NOT_SHOWN_YET = "not shown yet"
	IDENTITY_IN_THE_MAKING = "identity in the making"
	EXISTS = "exists"
	SERVED_BY_ANOTHER = "served by another"
	NO_SUCH_ACCOUNT = "no such account"
	ACCOUNT_GONE = "account gone"
	SEVERAL_ACCOUNTS = "several accounts"
	TOKEN_NEEDED = "token needed"
	TOKEN_REFUSED = "token refused"
	DATA_REFUSED = "data refused"
	NOT_AS_THINGS_STAND = "not as things stand"
	ADDRESS_TAKEN = "address taken"
	OURS_DIFFERS = "ours differs"
	NOT_SET_UP = "not set up"
	NO_LIBRARY = "no library"
	KEY_UNREADABLE = "key unreadable"
	SIGN_IN_REFUSED = "sign-in refused"
	NO_RIGHT = "no right"


_TROUBLES: dict[Why, Trouble] = {
	Why.UNREACHABLE: Trouble.TRANSIENT,
	Why.NO_ANSWER_IN_TIME: Trouble.TRANSIENT,
	Why.NOT_SHOWN_YET: Trouble.TRANSIENT,
	Why.IDENTITY_IN_THE_MAKING: Trouble.TRANSIENT,
	Why.EXISTS: Trouble.EXISTS,
	Why.SERVED_BY_ANOTHER: Trouble.SERVED_BY_ANOTHER,
	Why.NO_SUCH_ACCOUNT: Trouble.NO_SUCH_ACCOUNT,
	Why.ACCOUNT_GONE: Trouble.NO_SUCH_ACCOUNT,
	Why.SEVERAL_ACCOUNTS: Trouble.REFUSED,
	Why.TOKEN_NEEDED: Trouble.TOKEN_NEEDED,
	Why.TOKEN_REFUSED: Trouble.TOKEN_REFUSED,
	Why.DATA_REFUSED: Trouble.REFUSED,
	Why.NOT_AS_THINGS_STAND: Trouble.REFUSED,
	Why.ADDRESS_TAKEN: Trouble.REFUSED,
	Why.OURS_DIFFERS: Trouble.REFUSED,
	Why.NOT_SET_UP: Trouble.NOT_PERMITTED,
	Why.NO_LIBRARY: Trouble.NOT_PERMITTED,
	Why.KEY_UNREADABLE: Trouble.NOT_PERMITTED,
	Why.SIGN_IN_REFUSED: Trouble.NOT_PERMITTED,
	Why.NO_RIGHT: Trouble.NOT_PERMITTED,
}


class VendorError(Exception):
	"""A call came to nothing. theirs: what the vendor said about it itself, never a secret."""

	def __init__(self, why: Why, theirs: str = "") -> None:
		super().__init__(f"{why.value}: {theirs}" if theirs else why.value)
		self.why = why
		self.theirs = theirs

	@property
	def trouble(self) -> Trouble:
		return _TROUBLES[self.why]


@dataclass(frozen=True)
class Sought:
	"""By what an account is found.

	our_id: what the vendor gets as its id in our CRM. former_ids: what earlier requests may have given it.
	taken: names of accounts that are known to be of other customers of ours.
	"""

	our_id: str
	customer_type: CustomerType
	domain: str = ""
	primary_email: str = ""
	cloud_identity_id: str = ""
	former_ids: frozenset[str] = frozenset()
	taken: frozenset[str] = frozenset()

	def is_our_id(self, identifier: str) -> bool:
		return identifier == self.our_id or identifier in self.former_ids


@dataclass(frozen=True)
class Details:
	"""Who the customer is. country: ISO 3166, two letters. phone: E.164 or empty. language: BCP 47 or empty."""

	sought: Sought
	organization_name: str
	country: str
	first_name: str = ""
	last_name: str = ""
	alternate_email: str = ""
	phone: str = ""
	address_lines: tuple[str, ...] = ()
	city: str = ""
	state: str = ""
	postal_code: str = ""
	language: str = ""


@dataclass(frozen=True)
class Account:
	"""An account as the vendor has it now."""

	name: str
	organization_name: str
	domain: str = ""
	cloud_identity_id: str = ""
	customer_type: CustomerType | None = None
	is_domain_verified: bool = False
	alternate_email: str = ""
	console: str = ""


class Vendor(Protocol):
	"""Each call may be repeated; each raises VendorError."""

	def find(self, sought: Sought) -> list[Found]:
		"""Return all accounts that may be the sought one, ours and others'."""

	def create(self, details: Details) -> Account: ...

	def bring_in(self, sought: Sought, token: str) -> Account:
		"""Take over an account that somebody else serves. token: the customer's, "" where none is needed."""

	def provision(self, name: str, details: Details) -> Account:
		"""Give an account its identity, in which the administrator signs in. name: of the account."""

	def read(self, name: str) -> Account:
		"""name: of an account that we know."""

	def accounts(self) -> Iterator[Account]:
		"""All that we sell to, page by page."""
