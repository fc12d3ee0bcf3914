"""Reckoning scores anew that nothing happened to: points fade, and rules change (CO-1).

Leads are taken in batches, those first that were looked at longest ago, each batch a transaction that holds
its leads' rows. What somebody else holds is left for the next run. A lead whose stage stays is written
without telling the open inboxes, which would hear of thousands.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika.terms import Criterion

from lead_inbox.conversion.stages import scoring, stage_rules, stages
from lead_inbox.conversion.stages.score_rules import ScoreRule
from lead_inbox.custom_fields import STATE_FIELDS
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.waking import Waking

BATCH = 200
FADES_AFTER = timedelta(hours=24)
SAVEPOINT = "rescored_lead"
WAKING = Waking("lead_inbox_rescoring", "lead_inbox.tasks.rescore_leads")


def rules_changed() -> None:
	"""Let all leads be looked at anew, by a job after the commit: a rule or a threshold has changed."""
	scoring.forget_rules()
	scoring.note_rules_changed(now_datetime())
	frappe.db.after_commit.add(WAKING.wake)


def rescore_due(seconds: float, now: datetime | None = None) -> bool:
	"""Reckon the scores that are due; return False when the time ran out first. Commits after each batch.

	now: site time, default the present.
	"""
	now, ends_at = now or now_datetime(), time.monotonic() + seconds
	changed_on, left = scoring.rules_changed_on(), set[str]()
	rules = scoring.rules()
	before = _cutoff(rules, changed_on, now)
	while names := _due(before, left, unscored=bool(rules)):
		if time.monotonic() > ends_at:
			return False
		left |= set(names) - _rescore_apart(names, rules, now)
	return True


def _cutoff(rules: Sequence[ScoreRule], changed_on: datetime | None, now: datetime) -> datetime | None:
	"""Return the time before which a lead was looked at that is due: its points have faded, or rules changed."""
	fades = any(rule.decay_days for rule in rules)
	return max(filter(None, (changed_on, now - FADES_AFTER if fades else None)), default=None)


def _due(before: datetime | None, left: Collection[str], *, unscored: bool) -> list[str]:
	"""Return a batch of leads that were looked at before a time, or never.

	left: those that this run could not do. unscored: there are rules for those that never had a score.
	"""
	if not (before or unscored):
		return []
	for status in stage_rules.TAKING_PART:
		found = _not_looked_at_since(status.value, before, unscored, BATCH + len(left))
		if names := [name for name in found if name not in left]:
			return names[:BATCH]
	return []


def _not_looked_at_since(status: str, before: datetime | None, unscored: bool, limit: int) -> list[str]:
	lead = frappe.qb.DocType("Lead")
	scored_on = lead.inbox_scored_on
	conditions = [scored_on.isnull()] if unscored else []
	conditions += [scored_on < before] if before else []
	return (
		frappe.qb.from_(lead)
		.select(lead.name)
		.where((lead.inbox_status == status) & Criterion.any(conditions))
		.orderby(scored_on)
		.limit(limit)
	).run(pluck=True)


def _rescore_apart(names: list[str], rules: Sequence[ScoreRule], now: datetime) -> set[str]:
	"""Rescore a batch in a transaction that begins with its locks, so that it sees what is true then."""
	frappe.db.commit()
	try:
		done = _rescore(names, rules, now)
		frappe.db.commit()
		return done
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()  # others wanted the same rows: the next run does it
		return set()


def _rescore(names: list[str], rules: Sequence[ScoreRule], now: datetime) -> set[str]:
	rows = _hold(names)
	scored = {row.name: row for row in rows if stage_rules.takes_part(row)}
	scores = scoring.scores_of(scored, rules, now)
	failed = {lead for lead in scored if not _reach(scored[lead], scores[lead])}
	looked_at = {
		row.name: scores.get(row.name, row.inbox_score or 0) for row in rows if row.name not in failed
	}
	lifecycle.note_scores(looked_at, now)
	return set(looked_at)


def _hold(names: list[str]) -> list[frappe._dict]:
	lead = frappe.qb.DocType("Lead")
	return (
		frappe.qb.from_(lead)
		.select(lead.name, *(lead[field] for field in STATE_FIELDS))
		.where(lead.name.isin(names))
		.orderby(lead.name)
		.for_update(skip_locked=True)
	).run(as_dict=True)


def _reach(row: Any, score: int) -> bool:
	"""Let a lead reach the stage of its score; return False for one that could not: the others go on."""
	stage = stages.stage_after(row, score, happened=False)
	if not stage:
		return True
	frappe.db.savepoint(SAVEPOINT)
	try:
		stages.reach(row.name, row, stage)
		return True
	except (frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		raise
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.log_error(
			_("The stage of a lead could not be set"), reference_doctype="Lead", reference_name=row.name
		)
		return False
