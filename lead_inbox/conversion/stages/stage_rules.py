"""How far a lead has come towards a sale, as pure functions (CO-1).

A stage is reached, never left, by the score. Back goes a lead only when somebody says so, and one that
somebody put back comes forward again only when something happens that raises its score, or when somebody
says that too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from lead_inbox.inbox.rules import Status


class Stage(str, Enum):
	LEAD = "Lead"
	MQL = "MQL"
	SQL = "SQL"
	CUSTOMER = "Customer"


class Handover(str, Enum):
	WAITING = "Waiting"
	ACCEPTED = "Accepted"
	SENT_BACK = "Sent Back"


ORDER = tuple(Stage)
BY_HAND = (Stage.LEAD, Stage.MQL, Stage.SQL)
TAKING_PART = (Status.NEW, Status.ACTIVE, Status.BOOKED, Status.INACTIVE)


@dataclass(frozen=True)
class Thresholds:
	"""Scores from which on a lead is MQL and SQL; 0 for a stage that no score reaches."""

	mql: int = 0
	sql: int = 0


@dataclass(frozen=True)
class Standing:
	"""Where a lead stands. score: as it was reckoned last."""

	stage: Stage = Stage.LEAD
	score: int = 0
	handover: Handover | None = None


@dataclass(frozen=True)
class Occasion:
	"""Why a score is reckoned. Without either, time has passed.

	happened: something happened to the lead or was written in it. rules_changed: the lead has not been
	looked at since the rules or thresholds changed.
	"""

	happened: bool = False
	rules_changed: bool = False


def takes_part(lead: Mapping[str, Any]) -> bool:
	"""Whether a lead has a score and a stage to reach: not one that is over, or a customer already."""
	status = lead["inbox_status"]
	is_over = bool(status) and Status(status) not in TAKING_PART
	return not is_over and not lead["inbox_converted"] and standing(lead).stage is not Stage.CUSTOMER


def standing(lead: Mapping[str, Any]) -> Standing:
	"""lead: its state fields. A lead from before there were stages has none."""
	handover = lead["inbox_handover"]
	return Standing(
		Stage(lead["inbox_stage"] or Stage.LEAD.value),
		lead["inbox_score"] or 0,
		Handover(handover) if handover else None,
	)


def stage_of_score(score: int, thresholds: Thresholds) -> Stage:
	if thresholds.sql and score >= thresholds.sql:
		return Stage.SQL
	return Stage.MQL if thresholds.mql and score >= thresholds.mql else Stage.LEAD


def is_before(stage: Stage, other: Stage) -> bool:
	return ORDER.index(stage) < ORDER.index(other)


def stage_after(before: Standing, score: int, thresholds: Thresholds, occasion: Occasion) -> Stage:
	"""Return the stage of a lead whose score has been reckoned anew."""
	reached = stage_of_score(score, thresholds)
	if not is_before(before.stage, reached):
		return before.stage
	if _was_put_back(before, thresholds, occasion) and not (occasion.happened and score > before.score):
		return before.stage
	return reached


def _was_put_back(before: Standing, thresholds: Thresholds, occasion: Occasion) -> bool:
	"""Whether somebody has put the lead below the stage that its score spoke for.

	With other rules or thresholds than then, its old score tells nothing of that.
	"""
	if before.handover is Handover.SENT_BACK:
		return True
	return not occasion.rules_changed and is_before(before.stage, stage_of_score(before.score, thresholds))


def forward(
	before: Stage, stage: Stage, now: datetime, thresholds: Thresholds, accepted: bool = False
) -> dict[str, Any]:
	"""Return what changes in a lead that reaches a later stage.

	Whoever skips MQL has been one, where scores make MQLs. accepted: whoever is to have the lead says it is SQL.
	"""
	changes: dict[str, Any] = {"inbox_stage": stage.value}
	if stage is Stage.MQL or (before is Stage.LEAD and thresholds.mql):
		changes["inbox_mql_on"] = now
	if stage is Stage.SQL:
		handover = Handover.ACCEPTED if accepted else Handover.WAITING
		changes |= {
			"inbox_sql_on": now,
			"inbox_handover": handover.value,
			"inbox_sent_back_reason": None,
		}
	return changes


def by_hand(
	before: Stage, stage: Stage, now: datetime, thresholds: Thresholds, accepted: bool
) -> dict[str, Any]:
	"""Return what changes in a lead whose stage a person sets. It is handed over to nobody short of SQL."""
	ends_handover = {"inbox_handover": None, "inbox_sent_back_reason": None}
	if is_before(before, stage):
		return ends_handover | forward(before, stage, now, thresholds, accepted)
	return {"inbox_stage": stage.value, **ends_handover}


def sent_back(mql_on: datetime | None, reason: str) -> dict[str, Any]:
	"""Return what changes in an SQL that sales does not take: it is again what it was before.

	mql_on: when it became MQL, None where it never was one. reason: as it is stored.
	"""
	return {
		"inbox_stage": (Stage.MQL if mql_on else Stage.LEAD).value,
		"inbox_handover": Handover.SENT_BACK.value,
		"inbox_sent_back_reason": reason,
	}
