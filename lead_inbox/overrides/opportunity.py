"""ERPNext's Opportunity, whoever writes it: it may enter a sequence by that, or leave the ones it is in."""

from __future__ import annotations

from typing import Any

from lead_inbox.conversion.mapping import mapping
from lead_inbox.inbox.removal import delete_calendar_entries
from lead_inbox.sequences.enrollment import engine, enrolling_by_rule, exits


def before_validate(doc: Any, _method: str | None = None) -> None:
	"""Whoever makes an Opportunity of a lead, ERPNext's own Make too: it says which lead it came from."""
	if doc.opportunity_from == "Lead" and not doc.inbox_lead:
		doc.inbox_lead = doc.party_name


def after_mapping(doc: Any, _method: str | None = None, source: Any = None) -> None:
	"""Runs when ERPNext makes one of another document, before anybody has saved it."""
	mapping.follow_mapper(source, doc)


def on_change(doc: Any, _method: str | None = None) -> None:
	"""Runs after an insert, each save and each db_set, ERPNext's own included."""
	exits.opportunity_changed(doc.name, doc.status)
	enrolling_by_rule.follow(doc)


def on_trash(doc: Any, _method: str | None = None) -> None:
	delete_calendar_entries({"reference_doctype": doc.doctype, "reference_name": doc.name})
	engine.forget_record(doc.doctype, doc.name)
