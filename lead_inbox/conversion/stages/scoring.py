"""Reading the rules of the score, and what they ask of leads, in a few queries for any number of them (CO-1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import frappe
from frappe.cache_manager import clear_doctype_map, get_doctype_map
from frappe.model import no_value_fields, table_fields
from frappe.query_builder import Case
from frappe.query_builder.functions import Max, Min
from frappe.utils import get_datetime

from lead_inbox.conversion.stages import score_rules
from lead_inbox.conversion.stages.score_rules import (
	Engagement,
	Facts,
	FieldIs,
	Operator,
	Problem,
	ScoreRule,
	SourceIs,
)
from lead_inbox.custom_fields import CONVERSION_FIELDS
from lead_inbox.inbox.replies.delivery_rules import Delivery
from lead_inbox.inbox.rules import Status
from lead_inbox.inbox.side import SOURCE_FIELDS

RULE = "Lead Score Rule"
CHANGED_ON = "lead_inbox_score_rules_changed_on"  # a global default
VALUELESS_TYPES = (*no_value_fields, *table_fields, "Password")
# What follows from the score, or from what a lead with one never is, is not asked of for it.
NOT_ASKED = frozenset(
	(
		*("inbox_stage", "inbox_score", "inbox_handover", "inbox_sent_back_reason", "inbox_mql_on"),
		*("inbox_sql_on", "inbox_scored_on", "inbox_qualify_reminded_on", *CONVERSION_FIELDS),
	)
)
GONE_OUT = (Delivery.SENT.value, Delivery.DELIVERED.value)


def rules() -> tuple[ScoreRule, ...]:
	"""Return the enabled rules that can be asked. From Frappe's cache: this is asked at every save."""
	found = (frappe.get_cached_doc(RULE, row["name"]) for row in enabled_rules())
	return tuple(_rule(doc) for doc in found if problem_of(doc) is None)


def enabled_rules() -> list[dict[str, Any]]:
	return get_doctype_map(RULE, "Lead", filters={"enabled": 1}, order_by="name asc")


def forget_rules() -> None:
	"""Read the rules anew: one has changed."""
	clear_doctype_map(RULE, "Lead")
	# who reads them before the commit remembers what was true until then
	frappe.db.after_commit.add(lambda: clear_doctype_map(RULE, "Lead"))


def note_rules_changed(on: datetime) -> None:
	frappe.db.set_global(CHANGED_ON, str(on))
	frappe.db.after_commit.add(lambda: frappe.cache.hdel("defaults", "__global"))  # as above


def rules_changed_on() -> datetime | None:
	"""Return when rules or thresholds changed last, site time. Leads looked at before are to be looked at anew."""
	on = frappe.db.get_global(CHANGED_ON)
	return get_datetime(on) if on else None


def fields() -> dict[str, Any]:
	"""Return the fields of Lead that a rule may ask for, by name: those that hold one value."""
	return {
		field.fieldname: field
		for field in frappe.get_meta("Lead").fields
		if field.fieldtype not in VALUELESS_TYPES
		and field.fieldname not in NOT_ASKED
		and not (field.hidden or field.get("is_virtual"))
	}


def source_field() -> Any | None:
	"""Return Lead's field for the source, which has another name in ERPNext 16."""
	meta = frappe.get_meta("Lead")
	return next((meta.get_field(name) for name in SOURCE_FIELDS if meta.has_field(name)), None)


def problem_of(doc: Any) -> Problem | None:
	"""Return why a Lead Score Rule can't be asked, None when it can."""
	if doc.kind == "Engagement":
		known = [engagement.value for engagement in Engagement]
		return None if doc.engagement in known else Problem.NO_ENGAGEMENT
	if doc.kind == "Source":
		return None if doc.source else Problem.NO_SOURCE
	if doc.field not in fields():
		return Problem.NO_FIELD
	return score_rules.condition_problem(_asked_of(doc))


def asked_fields(of: Iterable[ScoreRule]) -> set[str]:
	"""Return the columns of Lead on which rules depend."""
	asked = {rule.asks.field for rule in of if isinstance(rule.asks, FieldIs)}
	source = source_field()
	if source and any(isinstance(rule.asks, SourceIs) for rule in of):
		asked.add(source.fieldname)
	return asked


def scores_of(leads: Collection[str], by: Sequence[ScoreRule], now: datetime) -> dict[str, int]:
	"""Return the score of each lead that exists. In a fixed number of queries."""
	facts = _facts_of(leads, by)
	return {lead: score_rules.score(by, known, now) for lead, known in facts.items()}


def source_of(lead: Any) -> str:
	"""lead: a row with the source's column."""
	field = source_field()
	return (field and lead.get(field.fieldname)) or ""


def _rule(doc: Any) -> ScoreRule:
	return ScoreRule(doc.points or 0, _asked_of(doc), doc.decay_days or 0)


def _asked_of(doc: Any) -> FieldIs | SourceIs | Engagement:
	if doc.kind == "Engagement":
		return Engagement(doc.engagement)
	if doc.kind == "Source":
		return SourceIs(doc.source)
	fieldtype = fields()[doc.field].fieldtype
	return FieldIs(doc.field, fieldtype, Operator(doc.operator or Operator.SET.value), doc.value or "")


def _facts_of(leads: Collection[str], by: Sequence[ScoreRule]) -> dict[str, Facts]:
	if not leads:
		return {}
	rows = frappe.get_all(
		"Lead",
		filters={"name": ["in", list(leads)]},
		fields=["name", "inbox_arrived_on", *(asked_fields(by) - {"inbox_arrived_on"})],
		order_by="name asc",
	)
	engaged_on = _engagements(leads, {rule.asks for rule in by if isinstance(rule.asks, Engagement)})
	return {
		row.name: Facts(row, source_of(row), row.inbox_arrived_on, engaged_on.get(row.name)) for row in rows
	}


def _engagements(
	leads: Collection[str], wanted: Collection[Engagement]
) -> dict[str, dict[Engagement, datetime]]:
	"""Return when each lead's customer did what was asked for, the latest time."""
	found: dict[str, dict[Engagement, datetime]] = {}
	if set(wanted) - {Engagement.BOOKED}:
		for row in _said(leads):
			found[row.lead] = {
				engagement: on for engagement in wanted if (on := _when(engagement, row)) is not None
			}
	if Engagement.BOOKED in wanted:
		for lead, on in _booked(leads):
			found.setdefault(lead, {})[Engagement.BOOKED] = on
	return found


def _when(engagement: Engagement, row: frappe._dict) -> datetime | None:
	if engagement is Engagement.REPLIED:
		replied = row.heard_on and row.first_said_on and row.heard_on > row.first_said_on
		return row.heard_on if replied else None
	columns = {
		Engagement.CLICKED: row.clicked_on,
		Engagement.OPENED: row.opened_on,
		Engagement.CALL_ANSWERED: row.spoke_on,
	}
	return columns.get(engagement)


def _said(leads: Collection[str]) -> list[frappe._dict]:
	message = frappe.qb.DocType("Lead Message")
	is_call, by_person = message.kind == "Call", message.automated == 0
	heard = (message.direction == "In") & by_person & ~is_call
	# a call has no delivery status; one that is Cancelled or waits has not reached the customer
	gone_out = message.delivery_status.isin(GONE_OUT) | message.delivery_status.isnull()
	said = (message.direction == "Out") & (gone_out | (message.delivery_status == ""))
	return (
		frappe.qb.from_(message)
		.select(
			message.lead,
			Max(Case().when(heard, message.sent_on)).as_("heard_on"),
			Min(Case().when(said, message.sent_on)).as_("first_said_on"),
			Max(message.clicked_on).as_("clicked_on"),
			Max(message.opened_on).as_("opened_on"),
			Max(Case().when(is_call & (message.call_status == "Answered"), message.sent_on)).as_("spoke_on"),
		)
		.where(message.lead.isin(list(leads)))
		.groupby(message.lead)
	).run(as_dict=True)


def _booked(leads: Collection[str]) -> list[tuple[str, datetime]]:
	transition = frappe.qb.DocType("Lead Transition")
	return (
		frappe.qb.from_(transition)
		.select(transition.lead, Max(transition.transition_on))
		.where(transition.lead.isin(list(leads)) & (transition.to_status == Status.BOOKED.value))
		.groupby(transition.lead)
	).run()
