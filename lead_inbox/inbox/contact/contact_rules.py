"""Decisions about contact, as pure functions: may we, on which number, who is meant by a note.

Whether the customer wants it is requirement RE-9, which number is dialed RE-4, who is mentioned RE-8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

MEDIA = ("Call", "Email", "SMS")
DO_NOT_CONTACT = "Do Not Contact"
SAME_CALL_WITHIN = timedelta(minutes=2)
CALL_OPEN_FOR = timedelta(hours=4)
LONGEST_CALL_SECONDS = 24 * 60 * 60
FEWEST_DIALED_DIGITS = 3


class Refusal(str, Enum):
	"""Why a customer must not be contacted. The sentences are consent.py's."""

	MERGED = "merged"
	DO_NOT_CONTACT = "do not contact"
	OWN_WISH = "own wish"
	UNSUBSCRIBED = "unsubscribed"
	BOUNCED = "bounced"
	BY_PARTNER = "by partner"


@dataclass(frozen=True)
class Wishes:
	"""What is known of a lead's wish to be contacted.

	refused_media: those of MEDIA that the customer does not want. unsubscribed: from mail, by a link or
	by ERPNext's own field. bounced: the present address is one that mail came back from. by_partner: it is a
	partner's customer, who has never written to us.
	"""

	merged: bool = False
	do_not_contact: bool = False
	refused_media: frozenset[str] = frozenset()
	unsubscribed: bool = False
	bounced: bool = False
	by_partner: bool = False


def refusal_of(wishes: Wishes, medium: str) -> Refusal | None:
	"""Return why the customer must not be contacted by a medium, None when they may be.

	The reason that says most comes first: of a lead merged away nothing else matters. An unsubscription
	and a bounce are about mail alone.
	"""
	if wishes.merged:
		return Refusal.MERGED
	if wishes.do_not_contact:
		return Refusal.DO_NOT_CONTACT
	if medium in wishes.refused_media:
		return Refusal.OWN_WISH
	if medium == "Email" and wishes.unsubscribed:
		return Refusal.UNSUBSCRIBED
	if medium != "Call" and wishes.by_partner:
		return Refusal.BY_PARTNER
	if medium == "Email" and wishes.bounced:
		return Refusal.BOUNCED
	return None


class Alert(str, Enum):
	"""What an arrival means to colleagues. The sentences are alerts.py's."""

	NEW_LEAD = "new lead"
	RETURNED = "returned"
	DECLINED = "declined"
	MISSED_CALL = "missed call"
	CALL = "call"
	MESSAGE = "message"


@dataclass(frozen=True)
class Arrival:
	"""A message or call that came in, and the lead's state around it.

	before, after: inbox states; before is None for a lead that it made. assigned: somebody has the lead.
	inbound: the customer's, not one of ours that a source tells us of.
	"""

	before: str | None
	after: str
	assigned: bool
	inbound: bool = True
	is_call: bool = False
	missed: bool = False


def alert_of(arrival: Arrival) -> Alert | None:
	"""Return what to alert people of, None when they know already or need not.

	An assignee of a new lead hears of it by the assignment. A second message on a New lead that nobody has
	yet is no news: all who could take it were called to it by the first. A missed call is, somebody waits.
	"""
	if arrival.before is None:
		return None if arrival.assigned else Alert.NEW_LEAD
	if not arrival.inbound:
		return None
	if arrival.before == "Closed" != arrival.after:
		return Alert.RETURNED
	if arrival.after == "Declined":
		return Alert.DECLINED
	if arrival.missed:
		return Alert.MISSED_CALL
	if arrival.before == arrival.after == "New" and not arrival.assigned:
		return None
	return Alert.CALL if arrival.is_call else Alert.MESSAGE


def find_mentions(text: str, names: Mapping[str, str]) -> list[str]:
	"""Return the users that a note mentions as `@Full Name`, each once, in order of their mention.

	names: full names by user. Case does not matter; of two names that begin alike the longer one is meant,
	and a name ends where its letters do: `@Ann` is not in `@Anna`. Of two users with one name both are. The
	sign within a word belongs to an e-mail address.
	"""
	folded = _fold(text)
	by_name: dict[str, list[str]] = {}
	for user, full_name in names.items():
		if name := _fold(full_name):
			by_name.setdefault(name, []).append(user)
	longest_first = sorted(by_name, key=len, reverse=True)
	found: list[str] = []
	for place, sign in enumerate(folded):
		if sign == "@" and not _in_word(folded[:place][-1:]):
			found += next(
				(by_name[name] for name in longest_first if _stands_at(name, folded, place + 1)), []
			)
	return list(dict.fromkeys(found))


def _stands_at(name: str, text: str, place: int) -> bool:
	end = place + len(name)
	return text.startswith(name, place) and not _in_word(text[end : end + 1])


def _in_word(sign: str) -> bool:
	"""Whether a sign is part of a word: a letter, a digit or a mark on one. The end of the text is not."""
	return bool(sign) and unicodedata.category(sign)[0] in "LMN"


def _fold(text: str) -> str:
	"""One form for the ways to write a letter and a space; lines stay lines."""
	return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFC", text.casefold())).strip()


def number_to_dial(written: str, e164: str | None, known: Iterable[str]) -> str | None:
	"""Return what to dial for a number that a user chose or typed, None when it is no number.

	e164: its normal form, None when it has none in the lead's country. known: the lead's own numbers, as
	written: one of them is dialed as it stands, an extension or a short number of the house for instance.
	"""
	if e164:
		return e164
	dialed = _dialed(written)
	known_ones = {_dialed(number) for number in known}
	return dialed if dialed in known_ones and len(dialed) >= FEWEST_DIALED_DIGITS else None


def _dialed(written: str) -> str:
	"""The signs of a number that a telephone dials."""
	return "".join(sign for sign in written if sign in "+*#" or (sign.isascii() and sign.isdigit()))
