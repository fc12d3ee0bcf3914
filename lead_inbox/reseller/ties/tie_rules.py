"""Decisions about what ties a Reseller Customer to a lead and to a Customer: RS-8. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lead_inbox.channels.phone import to_e164
from lead_inbox.conversion.matching.name_rules import person_key
from lead_inbox.conversion.rules import Mode, Pick, parse_pick
from lead_inbox.reseller import contact_rules, domain_rules
from lead_inbox.reseller.domain_rules import Domain
from lead_inbox.reseller.rules import CustomerType, Origin, Status, is_there

# What businesses often give for their website, and have not registered.
SITES_OF_OTHERS = frozenset(
	(
		*("facebook.com", "instagram.com", "linkedin.com", "x.com", "twitter.com", "youtube.com"),
		*("tiktok.com", "google.com", "business.site", "g.page", "yelp.com", "linktr.ee", "wa.me"),
	)
)
PLACE = ("address_line1", "address_line2", "city", "state", "postal_code", "country")
TELLING = ("address_line1", "city", "postal_code", "country")  # by which two places are one
ALLOWED = {
	"customer": (Mode.NEW, Mode.EXISTING),
	"contact": (Mode.OWN, Mode.EXISTING, Mode.NONE),
	"address": (Mode.OWN, Mode.EXISTING, Mode.NONE),
}


@dataclass(frozen=True)
class TieChoice:
	"""What a Reseller Customer is to be tied to. NEW: unless its lead is a Customer already. OWN: what it, its
	Customer or its lead has, else one made of its fields."""

	customer: Pick = field(default_factory=lambda: Pick(Mode.NEW))
	contact: Pick = field(default_factory=lambda: Pick(Mode.OWN))
	address: Pick = field(default_factory=lambda: Pick(Mode.OWN))


def parse_choice(values: Mapping[str, Any]) -> TieChoice:
	"""Return the choice that a request describes; what it leaves out is the default.

	Raises ValueError, in English and for developers, for anything else: the page never sends it.
	"""
	if unknown := set(values) - set(ALLOWED):
		raise ValueError(f"Unknown in a choice: {', '.join(sorted(unknown))}")
	return TieChoice(
		**{part: parse_pick(part, values[part], modes) for part, modes in ALLOWED.items() if values.get(part)}
	)


def guessed_domain(emails: Iterable[str], website: str) -> Domain | None:
	"""Return the domain that a customer has most likely registered: that of its mail, else that of its site.

	None where all is free mail, somebody else's site or no domain at all.
	"""
	for email in emails:
		of_mail = domain_rules.read(domain_rules.of_address(email))
		if isinstance(of_mail, Domain):
			return of_mail
	site = domain_rules.read(website)
	if not isinstance(site, Domain) or site.registered in SITES_OF_OTHERS:
		return None
	registered = domain_rules.read(site.registered)
	return registered if isinstance(registered, Domain) else None


def emails_by_field(emails: Iterable[str], domain: Domain | None) -> dict[str, str]:
	"""Return the first address on the domain as the primary one, and the first elsewhere as the alternate one.

	So neither is refused where it stands.
	"""
	good = [email.strip() for email in emails if contact_rules.is_email(email)]
	name = domain.ascii if domain else ""
	on = [email for email in good if domain_rules.is_on(email, name)]
	elsewhere = [email for email in good if not domain_rules.is_on_or_below(email, name)]
	placed = {"primary_email": on[:1], "alternate_email": elsewhere[:1]}
	return {place: found[0] for place, found in placed.items() if found}


def first_number(numbers: Iterable[str], region: str | None) -> str:
	"""Return the first number that the vendor takes, in E.164, "" where there is none.

	region: ISO code of the country of a number without a country code.
	"""
	normal = (contact_rules.e164(to_e164(number, region) or "") for number in numbers)
	return next(filter(None, normal), "")


def emails_in_order(origin: Origin, customer_type: CustomerType, primary: str, alternate: str) -> list[str]:
	"""Return the addresses of a person, the one that mail reaches first.

	Those of the domain of a new customer receive nothing before the vendor's account is set up.
	"""
	is_set_up = origin is Origin.IMPORT or customer_type is CustomerType.TEAM
	ordered = (primary, alternate) if is_set_up else (alternate, primary)
	return list(dict.fromkeys(filter(None, ordered)))


def is_whole_place(values: Mapping[str, Any]) -> bool:
	"""Return whether an Address can be made of these: ERPNext asks for a street, a city and a country."""
	return all(_text(values, name) for name in ("address_line1", "city", "country"))


def is_same_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
	"""Return whether two addresses are one, however they are spelled. What only one of them tells doesn't count."""
	pairs = [(_key(one, name), _key(other, name)) for name in TELLING]
	if not all(pairs[0]):
		return False
	return all(mine == theirs for mine, theirs in pairs if mine and theirs)


def crm_id(present: str | None, before: str | None, after: str | None, status: Status) -> str | None:
	"""Return what the vendor is to know a customer by, when what it stood for has become something else.

	What a user has chosen stays, and so does what the vendor has been told.
	"""
	is_told = is_there(status) or status is Status.TRANSFERRED_OUT
	return after if (present or None) == (before or None) and not is_told else present


def is_person(organization: str, first_name: str, last_name: str) -> bool:
	"""Return whether an organization is called what its administrator is called: then its name is personal."""
	name = " ".join(filter(None, (first_name.strip(), last_name.strip())))
	return bool(name) and organization.strip().casefold() == name.casefold()


def _key(values: Mapping[str, Any], name: str) -> str:
	"""The number of a house may come first or last, and a postal code may have a space in it."""
	text = _text(values, name)
	return text.replace(" ", "").casefold() if name == "postal_code" else person_key(text)


def _text(values: Mapping[str, Any], name: str) -> str:
	return str(values.get(name) or "").strip()
