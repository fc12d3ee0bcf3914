"""Decisions about making one lead of two, and two of one again, as pure functions (IN-3).

The winner is the lead that goes on, the loser the one that closes. Values of a lead come in as a mapping
of its fields; nothing here reads a clock or a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from lead_inbox.custom_fields import STAGES
from lead_inbox.inbox import rules
from lead_inbox.inbox.rules import Happening, Reason, Situation, Status

RESPONSE_FIELDS = (
	"inbox_first_response_on",
	"inbox_first_response_by",
	"inbox_first_response_seconds",
	"inbox_first_response_business_seconds",
)
EARLIER = ("inbox_arrived_on", "inbox_assigned_on", "inbox_call_back_on")
LATER = (
	"inbox_last_inbound_on",
	"inbox_last_interaction_on",
	"inbox_aging_from",
	"inbox_auto_replied_on",
)
STAGE_FIELDS = (
	"inbox_stage",
	"inbox_mql_on",
	"inbox_sql_on",
	"inbox_handover",
	"inbox_sent_back_reason",
)
# What is one fact is filled or given back as one: half of an address is another place.
TOGETHER = (
	("city", "state", "country"),
	("phone", "phone_ext"),
	("inbox_status", "inbox_reason", "status"),
	RESPONSE_FIELDS,
	STAGE_FIELDS,
)
IN_WORK = (Status.NEW, Status.ACTIVE, Status.BOOKED)


class Refusal(str, Enum):
	"""Why two leads can't be merged, or a merge can't be taken back."""

	SAME_LEAD = "same lead"
	LOSER_MERGED = "loser merged already"
	WINNER_MERGED = "winner merged away"
	BOTH_CONVERTED = "both converted"
	LOSER_CONVERTED = "loser converted"
	UNDONE_ALREADY = "undone already"
	WINNER_CONVERTED_SINCE = "winner converted since"


@dataclass(frozen=True)
class Party:
	"""One of the two leads. converted: a Customer, Opportunity or Quotation was made of it."""

	name: str
	merged_into: str | None = None
	converted: bool = False


def merge_refused(winner: Party, loser: Party) -> Refusal | None:
	"""Return why `loser` can't be merged into `winner`, None when it can.

	A lead that was merged away can be neither, so merges never form a circle.
	"""
	if winner.name == loser.name:
		return Refusal.SAME_LEAD
	if loser.merged_into:
		return Refusal.LOSER_MERGED
	if winner.merged_into:
		return Refusal.WINNER_MERGED
	if loser.converted:
		return Refusal.BOTH_CONVERTED if winner.converted else Refusal.LOSER_CONVERTED
	return None


def unmerge_refused(winner: Party, was_converted: bool, undone: bool) -> Refusal | None:
	"""Return why a merge can't be taken back, None when it can.

	was_converted: whether the winner was converted before the merge. A Customer that was made of both
	leads can't be shared out.
	"""
	if undone:
		return Refusal.UNDONE_ALREADY
	if winner.merged_into:
		return Refusal.WINNER_MERGED
	if winner.converted and not was_converted:
		return Refusal.WINNER_CONVERTED_SINCE
	return None


def missing_values(
	winner: Mapping[str, Any],
	loser: Mapping[str, Any],
	fields: Iterable[str],
	together: Iterable[tuple[str, ...]] = TOGETHER,
) -> dict[str, Any]:
	"""Return what the winner lacks and the loser has, of the given fields. Nothing is overwritten.

	together: fields that are one fact, so all of them are filled or none.
	"""
	return {
		field: loser[field]
		for field in fields
		if loser.get(field) and not any(winner.get(other) for other in _belonging_to(field, together))
	}


def _belonging_to(field: str, together: Iterable[tuple[str, ...]] = TOGETHER) -> tuple[str, ...]:
	return next((group for group in together if field in group), (field,))


def joined_clocks(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> dict[str, Any]:
	"""Return the winner's times and what goes with them, as if all had happened to one lead."""
	joined = {
		**{field: _best(min, winner[field], loser[field]) for field in EARLIER},
		**{field: _best(max, winner[field], loser[field]) for field in LATER},
		"inbox_channel": winner["inbox_channel"] or loser["inbox_channel"],
		"inbox_last_message": _livelier(winner, loser)["inbox_last_message"],
	}
	first = _first_answered(winner, loser)
	return joined | {field: first[field] for field in RESPONSE_FIELDS}


def _best(choose: Any, *moments: datetime | None) -> datetime | None:
	known = [moment for moment in moments if moment]
	return choose(known) if known else None


def _livelier(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> Mapping[str, Any]:
	"""The lead that was last spoken with, of those that have a message."""
	said = [lead for lead in (winner, loser) if lead["inbox_last_message"]]
	return max(said, key=lambda lead: lead["inbox_last_interaction_on"] or datetime.min, default=winner)


def _first_answered(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> Mapping[str, Any]:
	answered = [lead for lead in (winner, loser) if lead["inbox_first_response_on"]]
	return min(answered, key=lambda lead: lead["inbox_first_response_on"], default=winner)


def joined_state(winner: Mapping[str, Any], loser: Mapping[str, Any], answered: bool) -> dict[str, Any]:
	"""Return what changes in the winner's state; empty when it stays.

	A lead in work must not vanish into one at rest: a winner that is Inactive, or converted, becomes what
	an inbound message makes of it. One that nobody has answered also ends the winner's snooze and opens
	ERPNext's Replied, as its message would have. answered: whether a person ever answered either of them.
	"""
	if _status(loser) not in IN_WORK:
		return {}
	changes: dict[str, Any] = {}
	if _is_at_rest(winner):
		decision = rules.decide(Situation(_status(winner), answered=answered), Happening.INBOUND)
		changes |= {"inbox_status": decision.status.value, "inbox_reason": decision.reason}
	if _status(loser) is Status.NEW and (changes or _status(winner) in rules.OPEN):
		changes |= {
			"inbox_snoozed_until": None,
			"status": rules.erp_status_after(Happening.INBOUND, winner["status"]),
		}
	return changes


def joined_stage(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> dict[str, Any]:
	"""Return the stage of the lead that has come further towards a sale, with all that belongs to it; empty
	when that is the winner's. Scores are not added up: the winner's follows from what it has by now."""
	if _progress(loser) <= _progress(winner):
		return {}
	return {field: loser[field] for field in STAGE_FIELDS}


def _progress(lead: Mapping[str, Any]) -> int:
	stage = lead["inbox_stage"]
	return STAGES.index(stage) if stage in STAGES else 0


def _status(lead: Mapping[str, Any]) -> Status | None:
	return Status(lead["inbox_status"]) if lead["inbox_status"] else None


def _is_at_rest(lead: Mapping[str, Any]) -> bool:
	converted = _status(lead) is Status.CLOSED and lead["inbox_reason"] == Reason.CONVERTED.value
	return _status(lead) is Status.INACTIVE or converted


def joined_refusals(
	winner: Mapping[str, Any], loser: Mapping[str, Any], fields: Iterable[str], refuses_all: bool
) -> list[str]:
	"""Return the ticks that the winner lacks: what the person refused once, they refused.

	refuses_all: the loser is a lead that must not be contacted at all.
	"""
	return [field for field in fields if not winner.get(field) and (loser.get(field) or refuses_all)]


@dataclass(frozen=True)
class Seen:
	"""What one user has seen of one lead. heard_on: when there was last something to see."""

	heard_on: datetime | None
	read_on: datetime | None

	@property
	def is_unread(self) -> bool:
		return self.heard_on is not None and (self.read_on is None or self.read_on < self.heard_on)


def joined_marker(winner: Seen, loser: Seen) -> datetime | None:
	"""Return up to when a user has read the two leads as one; None for unread, if either was."""
	if winner.is_unread or loser.is_unread:
		return None
	return _best(max, winner.read_on, loser.read_on)


def given_back(changed: Mapping[str, list[Any]], present: Mapping[str, Any]) -> dict[str, Any]:
	"""Return the fields to set to what they were before a merge.

	changed: field → [before, after the merge]. present: the values of now. What has moved since stays, and
	so does what belongs to it.
	"""
	return {
		field: before
		for field, (before, _after) in changed.items()
		if all(changed[other][1] == present.get(other) for other in _belonging_to(field) if other in changed)
	}
