"""Whether a customer agreed to buy from us, and how long that and a transfer token are good: RS-4. Pure.

Days are dates of the site; moments naive datetimes in its time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum


class Refusal(str, Enum):
	NONE = "none"
	WITHDRAWN = "withdrawn"
	EXPIRED = "expired"
	NOT_YET = "not yet"


@dataclass(frozen=True)
class Consent:
	"""expires_on: the last day on which it is good, None for one without an end."""

	family: str
	given_on: date
	expires_on: date | None = None
	is_withdrawn: bool = False


def last_day(given_on: date, good_for_days: int) -> date | None:
	"""Return the last day of a consent. good_for_days: as its family has it, 0 for no end."""
	return given_on + timedelta(days=good_for_days - 1) if good_for_days else None


def refusal(consents: Iterable[Consent], family: str, today: date) -> Refusal | None:
	"""Return why nothing may be bought of a family now; of several consents the best one counts."""
	reasons = {_refusal(consent, today) for consent in consents if consent.family == family}
	if None in reasons:
		return None
	order = (Refusal.NOT_YET, Refusal.EXPIRED, Refusal.WITHDRAWN)
	return next((reason for reason in order if reason in reasons), Refusal.NONE)


def _refusal(consent: Consent, today: date) -> Refusal | None:
	if consent.is_withdrawn:
		return Refusal.WITHDRAWN
	if consent.expires_on and consent.expires_on < today:
		return Refusal.EXPIRED
	return Refusal.NOT_YET if consent.given_on > today else None


def is_token_good(expires_on: datetime | None, now: datetime) -> bool:
	"""Return whether a transfer token can still be used. expires_on: None for one whose end nobody knows."""
	return expires_on is None or now < expires_on
