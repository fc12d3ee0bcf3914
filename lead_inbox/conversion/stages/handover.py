"""What follows when a lead becomes SQL: who is to have it hears of it, and its sequence begins (CO-1)."""

from __future__ import annotations

import frappe

from lead_inbox.conversion.stages import scoring, stage_settings
from lead_inbox.inbox import alerts
from lead_inbox.sequences.enrollment import assignees, enrolling_by_rule


def hand_over(lead: str) -> None:
	"""Tell whoever has the lead that it waits to be accepted; of a lead that nobody has, its channel's people."""
	alerts.handed_over(lead, assignees.owner_of("Lead", lead))


def begin_sequence(lead: str) -> None:
	"""Let the lead enter the sequence of its source. That it may not is no error: see enrolling_by_rule."""
	sequence = stage_settings.sequence_for(_source_of(lead))
	if sequence:
		enrolling_by_rule.enroll_quietly(sequence, "Lead", lead)


def _source_of(lead: str) -> str:
	field = scoring.source_field()
	return (field and frappe.db.get_value("Lead", lead, field.fieldname)) or ""
