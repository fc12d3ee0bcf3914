"""What a partner asks about its Reseller Customers, read from JSON. Pure.

Only the types are judged here: what is wrong with a domain or an address is told by form_rules. Every function
raises MalformedEvent with all that is wrong.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

from lead_inbox.channels import clean
from lead_inbox.channels.reader import PayloadReader, as_object
from lead_inbox.reseller import contact_rules, form_rules
from lead_inbox.reseller.rules import CustomerType, Origin
from lead_inbox.untranslated import _

UNKNOWN = _("There is no such field. Leave it out, or check its name.")
NOT_AN_ORIGIN = _("Send new or import here.")
NOT_A_TYPE = _("Send domain or team here.")
NOT_A_DAY = _("Send a day in ISO 8601, such as 2026-03-31.")
ENDS_TOO_SOON = _("A consent ends after it was given. Send a later day.")
NEEDED = _("Send this field.")
TOO_LONG = _("This is too long. Shorten it.")
NOT_A_LIMIT = _("Send a whole number from 1 to 100.")
NOT_A_CURSOR = _("Send the cursor of an earlier answer as it was.")

FLAG, TYPE = "is_educational", "customer_type"
FIELDS = tuple(field for fields in form_rules.FIELDS.values() for field in fields)
TEXTS = tuple(field for field in FIELDS if field not in (FLAG, TYPE))
CONSENT_FIELDS = ("product_family", "given_by", "given_on", "expires_on", "evidence")
PAGE_FIELDS = ("limit", "cursor")
USUAL_LIMIT, MOST = 50, 100
LONGEST_CURSOR = 500
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
Choice = TypeVar("Choice", bound=Enum)


@dataclass(frozen=True)
class Creation:
	"""A customer to be entered. values: by the field of Reseller Customer, cleaned, empty for what was not sent."""

	origin: Origin
	values: Mapping[str, str | bool]

	@property
	def digest(self) -> str:
		"""The same for every request that means the same."""
		meant = json.dumps([self.origin.value, dict(self.values)], sort_keys=True)
		return hashlib.sha256(meant.encode()).hexdigest()


@dataclass(frozen=True)
class Consent:
	"""What a customer agreed to. product_family: "" for the customer's own. expires_on: None for the usual end."""

	product_family: str
	given_by: str
	given_on: date
	evidence: str
	expires_on: date | None


@dataclass(frozen=True)
class Place:
	"""The last entry of a page. created_on: naive, in the site's zone."""

	created_on: datetime
	name: str


@dataclass(frozen=True)
class Page:
	limit: int
	after: Place | None


def key_of(user: str, key: str) -> str:
	"""Return a key of a user's as it is kept. Two users may use the same one."""
	return hashlib.sha256(f"{user}\0{key}".encode(errors="surrogatepass")).hexdigest()


def read_creation(payload: object) -> Creation:
	body, reader = as_object(payload), PayloadReader()
	_refuse_unknown(reader, body, ("origin", *FIELDS))
	values: dict[str, str | bool] = {field: _line(reader, body, field) for field in TEXTS}
	kind = _choice(reader, body, TYPE, CustomerType, NOT_A_TYPE)
	values |= {TYPE: kind.value if kind else "", FLAG: reader.flag(FLAG, body.get(FLAG))}
	origin = _choice(reader, body, "origin", Origin, NOT_AN_ORIGIN)
	reader.raise_faults()
	return Creation(origin or Origin.NEW, values)


def read_consent(payload: object) -> Consent:
	body, reader = as_object(payload), PayloadReader()
	_refuse_unknown(reader, body, CONSENT_FIELDS)
	given_by, evidence = _line(reader, body, "given_by"), reader.lines("evidence", body.get("evidence"))
	given_on, expires_on = (_day(reader, body, field) for field in ("given_on", "expires_on"))
	for field, value in (("given_by", given_by), ("given_on", given_on), ("evidence", evidence)):
		if not value:
			reader.fault(field, NEEDED)
	if given_on and expires_on and expires_on < given_on:
		reader.fault("expires_on", ENDS_TOO_SOON)
	consent = Consent(
		product_family=_line(reader, body, "product_family"),
		given_by=_within(reader, "given_by", given_by, contact_rules.LONGEST),
		given_on=given_on or date.min,
		evidence=_within(reader, "evidence", evidence, clean.DESCRIPTION_LIMIT),
		expires_on=expires_on,
	)
	reader.raise_faults()
	return consent


def read_page(arguments: Mapping[str, str]) -> Page:
	"""arguments: of the address."""
	reader = PayloadReader()
	_refuse_unknown(reader, arguments, PAGE_FIELDS)
	limit = arguments.get("limit") or str(USUAL_LIMIT)
	is_limit = limit.isascii() and limit.isdigit() and len(limit) <= len(str(MOST))
	if not is_limit or not 1 <= int(limit) <= MOST:
		reader.fault("limit", NOT_A_LIMIT)
	cursor = arguments.get("cursor", "")
	after = _place(cursor)
	if cursor and not after:
		reader.fault("cursor", NOT_A_CURSOR)
	reader.raise_faults()
	return Page(int(limit), after)


def cursor(place: Place) -> str:
	"""Return by what the next page is asked for."""
	text = json.dumps([place.created_on.isoformat(), place.name])
	return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> Place | None:
	"""Read what cursor() has made, None for anything else."""
	try:
		text = base64.b64decode(cursor[:LONGEST_CURSOR] + "=" * (-len(cursor) % 4), b"-_", validate=True)
		created_on, name = json.loads(text)
		moment = datetime.fromisoformat(created_on)
	except (binascii.Error, ValueError, TypeError, RecursionError):
		return None
	is_ours = isinstance(name, str) and not moment.tzinfo and _FIRST_YEAR <= moment.year <= _LAST_YEAR
	return Place(moment, clean.identifier(name)) if is_ours else None


def _refuse_unknown(reader: PayloadReader, sent: Iterable[str], known: Iterable[str]) -> None:
	"""A field with a slip in its name would be lost without a word."""
	for field in sent:
		if field not in known:
			reader.fault(field, UNKNOWN)


def _line(reader: PayloadReader, body: Mapping[str, object], field: str) -> str:
	return reader.line(field, body.get(field), clean.TEXT_LIMIT)


def _within(reader: PayloadReader, field: str, text: str, longest: int) -> str:
	if len(text) > longest:
		reader.fault(field, TOO_LONG)
	return text


def _choice(
	reader: PayloadReader, body: Mapping[str, object], field: str, choices: type[Choice], refusal: str
) -> Choice | None:
	"""Return what is named, None for what was not sent."""
	text = _line(reader, body, field)
	found = choices.__members__.get(text.upper())
	if text and not found:
		reader.fault(field, refusal)
	return found


def _day(reader: PayloadReader, body: Mapping[str, object], field: str) -> date | None:
	text = _line(reader, body, field)
	if not text:
		return None
	try:
		day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
	except ValueError:
		day = None
	if not day or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
		reader.fault(field, NOT_A_DAY)
	return day
