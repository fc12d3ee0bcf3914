"""Decisions about taking a conversion back, as pure functions (CO-8).

Nothing here reads a clock, a session or a database: what has become of the records comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from lead_inbox.inbox import rules
from lead_inbox.inbox.rules import Happening, Reason, Situation

DEFAULT_DAYS = 7
STATE = ("inbox_status", "inbox_reason")
# What is deleted first: a record before those that it names.
DELETION_ORDER = ("Quotation", "Opportunity", "Customer", "Address", "Contact")


class Refusal(str, Enum):
	"""Why a conversion can't be taken back at all."""

	UNDONE = "undone already"
	NEVER = "undoing is turned off"
	TOO_LATE = "too late"
	NO_RIGHT = "somebody else's"
	DEPENDED_ON = "depended on"


class Keeping(str, Enum):
	"""Why a record that the conversion made stays."""

	CHANGED = "changed since"
	ADDED_TO = "added to since"
	NEEDED = "needed by another that stays"


@dataclass(frozen=True)
class Record:
	"""A document by its name."""

	doctype: str
	name: str


@dataclass(frozen=True)
class Made:
	"""A record that the conversion made, as it is now.

	is_submitted: it is a valid business document. is_changed: it says something else than it did. has_more:
	somebody has added something to it, such as a mail or a file. named_by: the other documents that name it,
	without what undoing takes away anyhow.
	"""

	record: Record
	is_submitted: bool = False
	is_changed: bool = False
	has_more: bool = False
	named_by: tuple[Record, ...] = ()


@dataclass(frozen=True)
class Fates:
	"""What becomes of the records that a conversion made. hindered_by: what depends on them; then nothing
	is taken back."""

	removed: tuple[Record, ...] = ()
	kept: Mapping[Record, Keeping] | None = None
	hindered_by: tuple[Record, ...] = ()


def until(converted_on: datetime, days: int) -> datetime:
	"""Return up to when a conversion can be taken back."""
	return converted_on + timedelta(days=days)


def refused(*, undone: bool, converted_on: datetime, days: int, may: bool, now: datetime) -> Refusal | None:
	"""Return why nobody, or not this user, can take the conversion back, whatever has become of the records."""
	if undone:
		return Refusal.UNDONE
	if not may:
		return Refusal.NO_RIGHT
	if days <= 0:
		return Refusal.NEVER
	return Refusal.TOO_LATE if now > until(converted_on, days) else None


def fates(made: Collection[Made]) -> Fates:
	"""Return what becomes of the records that a conversion made and that are still there.

	What depends on one of them hinders all of it, and so does one that was submitted. One that has changed
	stays, with what it names.
	"""
	own = {each.record for each in made}
	hindering = [each.record for each in made if each.is_submitted]
	hindering += [other for each in made for other in each.named_by if other not in own]
	if hindering:
		return Fates(hindered_by=tuple(dict.fromkeys(hindering)))
	kept = {each.record: reason for each in made if (reason := _keeping(each))}
	kept |= dict.fromkeys(_needed(made, kept), Keeping.NEEDED)
	removed = [each.record for each in made if each.record not in kept]
	return Fates(removed=tuple(sorted(removed, key=_place)), kept=kept)


def _keeping(made: Made) -> Keeping | None:
	if made.is_changed:
		return Keeping.CHANGED
	return Keeping.ADDED_TO if made.has_more else None


def _needed(made: Collection[Made], kept: Collection[Record]) -> list[Record]:
	"""Return what is named, directly or through others, by what is kept."""
	staying, needed = set(kept), []
	while more := [
		each.record for each in made if each.record not in staying and staying.intersection(each.named_by)
	]:
		staying.update(more)
		needed += more
	return needed


def _place(record: Record) -> int:
	return DELETION_ORDER.index(record.doctype) if record.doctype in DELETION_ORDER else -1


def still_filled(filled: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
	"""Return the fields that hold what the conversion wrote. filled, present: fingerprints by field."""
	return [field for field, value in filled.items() if present.get(field) == value]


def given_back(
	changes: Mapping[str, list[Any]],
	present: Mapping[str, Any],
	cleared: Iterable[str],
	answered: bool,
) -> dict[str, Any]:
	"""Return what changes about a lead that is not converted any more.

	changes: field → [before, after the conversion]. present: the values of now. cleared: fields that tell of
	the conversion. What has moved since stays; the state does so as one, with ERPNext's own unless
	that still says converted. answered: whether a person of ours ever answered the customer.
	"""
	back = {
		field: before
		for field, (before, after) in changes.items()
		if field not in (*STATE, "status") and present.get(field) == after
	}
	back |= dict.fromkeys(cleared)
	return back | _state_given_back(changes, present, answered)


def _state_given_back(
	changes: Mapping[str, list[Any]], present: Mapping[str, Any], answered: bool
) -> dict[str, Any]:
	before, after = (
		{
			field: changes[field][place] if field in changes else present.get(field)
			for field in (*STATE, "status")
		}
		for place in (0, 1)
	)
	if all(present.get(field) == after[field] for field in STATE):
		return {field: before[field] for field in (*STATE, "status") if field in changes}
	returned = present.get("inbox_reason") == Reason.RETURNED.value and before["inbox_status"]
	back = _heard_from(before, answered) if returned else {}
	if "status" in changes and present.get("status") == after["status"]:
		status = before["status"]
		back["status"] = rules.erp_status_after(Happening.INBOUND, status) if returned else status
	return back


def _heard_from(before: Mapping[str, Any], answered: bool) -> dict[str, Any]:
	"""Return the state of a lead whose customer has spoken since, as if it had not been converted."""
	situation = Situation(rules.Status(before["inbox_status"]), answered=answered)
	decision = rules.decide(situation, Happening.INBOUND)
	moved = decision.status.value != before["inbox_status"]
	return {
		"inbox_status": decision.status.value,
		"inbox_reason": decision.reason if moved else before["inbox_reason"],
	}
