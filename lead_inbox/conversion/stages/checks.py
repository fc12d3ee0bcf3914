"""What is refused in Lead Score Rules and in the Stages part of Lead Inbox Settings, in words for users (CO-1)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, comma_and, escape_html

from lead_inbox.conversion.stages import rescoring, scoring
from lead_inbox.conversion.stages.score_rules import MAX_POINTS, Problem

THRESHOLDS = ("mql_score", "sql_score")


def check_rule(doc: Any) -> None:
	"""Raises frappe.ValidationError for a Lead Score Rule that can't be asked of leads, or gives nothing."""
	doc._validate_selects()  # Frappe does so only after a document's own validation
	if not doc.points:
		frappe.throw(_("Enter the points that the rule gives or takes away."))
	if abs(doc.points) > MAX_POINTS:
		frappe.throw(_("Enter at most {0} points.").format(MAX_POINTS))
	if cint(doc.decay_days) < 0:
		frappe.throw(_("Enter within how many days the points fade; 0 for points that stay."))
	# a rule that is switched off may be kept although its field is gone
	if problem := problem_words(doc) if doc.enabled else None:
		frappe.throw(problem)


def problem_words(doc: Any) -> str | None:
	"""Return why a Lead Score Rule can't be asked, as a sentence in HTML; None when it can."""
	problem = scoring.problem_of(doc)
	if not problem:
		return None
	field = scoring.fields().get(doc.field or "")
	name = frappe.bold(escape_html(_(field.label) if field else doc.field or ""))
	return {
		Problem.NO_FIELD: _("Leads have no field {0} with a value to ask for. Choose another field."),
		Problem.NO_VALUE: _("Enter the value that {0} is compared with."),
		Problem.NOT_A_NUMBER: _("{0} holds a number: enter a number as the value."),
		Problem.NOT_A_DATE: _("{0} holds a date: enter the value as year-month-day, such as 2026-01-31."),
		Problem.NO_ORDER: _(
			"{0} holds a text, which is neither greater nor less. Choose another comparison."
		),
		Problem.NO_TEXT: _("{0} holds no text that could contain something. Choose another comparison."),
		Problem.NO_SOURCE: _("Choose the source that the points are for."),
		Problem.NO_ENGAGEMENT: _("Choose what the customer did."),
	}[problem].format(name)


def check_settings(settings: Any) -> None:
	"""Refuse thresholds and sequences that can't work, and tell of rules that are skipped.

	settings: Lead Inbox Settings, while it is validated. Raises frappe.ValidationError.
	"""
	mql, sql = (cint(settings.get(field)) for field in THRESHOLDS)
	if mql and sql and sql < mql:
		frappe.throw(
			_("A lead is MQL before it is SQL: the score of an SQL can't be less than that of an MQL.")
		)
	_check_sequences(settings.source_sequences)
	_tell_of_skipped_rules()
	if any(settings.has_value_changed(field) for field in THRESHOLDS):
		rescoring.rules_changed()


def _check_sequences(rows: list[Any]) -> None:
	sources: set[str] = set()
	for row in rows:
		source = (row.source or "").strip().casefold()
		if source in sources:
			words = _("Row {0}: {1} has a sequence already. Remove one of the rows.")
			frappe.throw(words.format(row.idx, escape_html(row.source) or _("Every other source")))
		sources.add(source)
		if row.sequence and frappe.db.get_value("Sequence", row.sequence, "document_type") != "Lead":
			frappe.throw(_("Row {0}: choose a sequence for leads.").format(row.idx))


def _tell_of_skipped_rules() -> None:
	docs = [frappe.get_cached_doc(scoring.RULE, row["name"]) for row in scoring.enabled_rules()]
	skipped = [frappe.bold(escape_html(doc.name)) for doc in docs if scoring.problem_of(doc)]
	if skipped:
		frappe.msgprint(
			_("These rules of the score are skipped until they are mended: {0}").format(
				comma_and(skipped, add_quotes=False)
			),
			indicator="orange",
		)
