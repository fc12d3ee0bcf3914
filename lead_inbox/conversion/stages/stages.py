"""Moving one lead from stage to stage: by its score, by whoever works on it, and back (CO-1).

Everything happens in the caller's transaction, under the lead's lock, so a stage is reached once whoever else
is at work. The callers have checked the right to write the lead.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname, now_datetime

from lead_inbox.conversion.stages import handover, scoring, stage_rules, stage_settings
from lead_inbox.conversion.stages.stage_rules import BY_HAND, Handover, Occasion, Stage
from lead_inbox.inbox import lifecycle, messages, notes
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment import assignees, enrolling_by_rule, exits

REASON_LENGTH = 140


class StageRefused(frappe.ValidationError):
	"""What the user asked for is not possible where the lead stands; the sentence says what is."""


def happened(lead: str, happening: Happening, on: Any) -> None:
	"""A listener of the inbox: something happened to a lead."""
	if happening is Happening.CONVERTED:
		_end_waiting(lead)
	else:
		rescore(lead)


def message_used(message: str) -> None:
	"""A listener: the customer has opened a mail, or followed a link in it. message: its Lead Message."""
	if scoring.rules():
		rescore(frappe.db.get_value("Lead Message", message, "lead"))


def lead_changed(doc: Any) -> None:
	"""A Lead was inserted or written, perhaps in a field that a rule asks for. doc: the document."""
	if any(doc.has_value_changed(field) for field in scoring.asked_fields(scoring.rules())):
		rescore(doc.name)


def rescore(lead: str) -> None:
	"""Reckon the score of a lead to which something has happened, and let it reach the stage that it speaks for.

	Without rules on the site nothing is read.
	"""
	rules = scoring.rules()
	if not rules:
		return
	row = lifecycle.stored_state(lead)
	if not row or not stage_rules.takes_part(row):
		return
	now = now_datetime()
	score = scoring.scores_of([lead], rules, now)[lead]
	stage = stage_after(row, score, happened=True)
	if score != row.inbox_score or not row.inbox_scored_on:
		lifecycle.note_scores({lead: score}, now)
	if stage:
		reach(lead, row, stage)


def stage_after(row: Any, score: int, *, happened: bool) -> Stage | None:
	"""Return the stage that a lead reaches with its new score, None when it stays. row: its state fields."""
	before = stage_rules.standing(row)
	changed_on = scoring.rules_changed_on()
	is_news = bool(changed_on) and (not row.inbox_scored_on or row.inbox_scored_on < changed_on)
	occasion = Occasion(happened=happened, rules_changed=is_news)
	stage = stage_rules.stage_after(before, score, stage_settings.thresholds(), occasion)
	return None if stage is before.stage else stage


def reach(lead: str, row: Any, stage: Stage) -> None:
	"""Let a lead reach a later stage by its score, with what follows. row: its state fields."""
	before = stage_rules.standing(row).stage
	_move(lead, stage_rules.forward(before, stage, now_datetime(), stage_settings.thresholds()))


def set_stage(lead: str, stage: str) -> None:
	"""Set the stage as a user says, forward or back. Whoever has the lead accepts it by that.

	Raises StageRefused for what is no stage to set, and for a lead that is over or a customer.
	"""
	if stage not in [each.value for each in BY_HAND]:
		wanted = ", ".join(_(each.value) for each in BY_HAND)
		frappe.throw(
			_("Choose one of {0}. A lead becomes a customer when it is converted.").format(wanted),
			StageRefused,
		)
	row, wanted_stage = _hold(lead), Stage(stage)
	before = stage_rules.standing(row).stage
	if before is wanted_stage:
		return
	is_own = assignees.owner_of("Lead", lead) == frappe.session.user
	thresholds = stage_settings.thresholds()
	_move(lead, stage_rules.by_hand(before, wanted_stage, now_datetime(), thresholds, accepted=is_own))


def accept(lead: str) -> None:
	"""Take a lead that was handed over to sales. Raises StageRefused for one that does not wait for it."""
	row = _hold(lead)
	handed_over = stage_rules.standing(row).handover
	if handed_over is not Handover.WAITING:
		words = {
			Handover.ACCEPTED: _("Somebody has accepted this lead already."),
			Handover.SENT_BACK: _(
				"Somebody has sent this lead back already. Set its stage to SQL to take it."
			),
		}
		not_waiting = _("This lead is not handed over to sales. Set its stage to SQL to take it.")
		frappe.throw(words.get(handed_over, not_waiting), StageRefused)
	lifecycle.set_stage(lead, {"inbox_handover": Handover.ACCEPTED.value})
	_remark(lead, _("{0} accepted the lead for sales.").format(get_fullname()))


def send_back(lead: str, reason: str) -> None:
	"""Give an SQL back to marketing, which reads why. Raises StageRefused without a reason, or for another lead."""
	reason = (reason or "").strip()
	if not reason:
		frappe.throw(_("Say why you send the lead back: marketing reads it."), StageRefused)
	row = _hold(lead)
	if stage_rules.standing(row).stage is not Stage.SQL:
		frappe.throw(_("Only a sales qualified lead (SQL) can be sent back."), StageRefused)
	_move(lead, stage_rules.sent_back(row.inbox_mql_on, messages.as_stored(reason, REASON_LENGTH)))
	_remark(lead, _("{0} sent the lead back to marketing: {1}").format(get_fullname(), reason))


def _hold(lead: str) -> Any:
	"""Lock a lead until the transaction ends and return its state fields. Raises StageRefused for one that is over."""
	row = lifecycle.stored_state(lead)
	if not row:
		frappe.throw(
			_("Lead {0} does not exist any more.").format(escape_html(lead)), frappe.DoesNotExistError
		)
	if not stage_rules.takes_part(row):
		frappe.throw(
			_("This lead is declined, closed or a customer. Take that back first to change its stage."),
			StageRefused,
		)
	return row


def _move(lead: str, changes: dict[str, Any]) -> None:
	"""Write a stage, and tell those who wait for one. Becoming SQL has consequences of its own."""
	lifecycle.set_stage(lead, changes)
	exits.lead_changed(lead)
	enrolling_by_rule.follow(frappe.get_doc("Lead", lead))
	if changes["inbox_stage"] != Stage.SQL.value:
		return
	if changes["inbox_handover"] == Handover.WAITING.value:
		handover.hand_over(lead)
	handover.begin_sequence(lead)


def _end_waiting(lead: str) -> None:
	"""Whoever converts a lead has accepted it."""
	row = lifecycle.stored_state(lead)
	if row and stage_rules.standing(row).handover is Handover.WAITING:
		lifecycle.set_stage(lead, {"inbox_handover": Handover.ACCEPTED.value})


def _remark(lead: str, text: str) -> None:
	notes.remark(lead, text, user=frappe.session.user)
	lifecycle.announce(lead)
