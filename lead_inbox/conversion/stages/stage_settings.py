"""What an administrator chose about stages in Lead Inbox Settings, read from Frappe's cache (CO-1)."""

from __future__ import annotations

import frappe
from frappe.utils import cint

from lead_inbox.conversion.records import SETTINGS
from lead_inbox.conversion.stages.score_rules import same_source
from lead_inbox.conversion.stages.stage_rules import Thresholds

REMIND_AFTER_HOURS = 24  # where the site had its settings before there was this one


def thresholds() -> Thresholds:
	settings = frappe.get_cached_doc(SETTINGS)
	return Thresholds(cint(settings.mql_score), cint(settings.sql_score))


def remind_after_hours() -> int:
	"""Return the hours after which leads are to be qualified; 0: nobody is reminded."""
	hours = frappe.get_cached_doc(SETTINGS).remind_after_hours
	return REMIND_AFTER_HOURS if hours is None else cint(hours)


def sequence_for(source: str) -> str | None:
	"""Return the version of a sequence that SQLs of a source enter: the active one of the chosen name.

	The source's own row goes before the one of every other source. None where there is none.
	"""
	rows = frappe.get_cached_doc(SETTINGS).source_sequences
	own = next((row.sequence for row in rows if same_source(row.source, source)), None)
	chosen = own or next((row.sequence for row in rows if not row.source), None)
	name = chosen and frappe.get_cached_value("Sequence", chosen, "sequence_name")
	versions = {"sequence_name": name, "document_type": "Lead", "status": "Active"}
	return frappe.db.get_value("Sequence", versions) if name else None
