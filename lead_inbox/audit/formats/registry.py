"""Which kinds of exports there are, and which one a file is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lead_inbox.audit.formats.base import Format, missing
from lead_inbox.audit.formats.erpnext_leads import ErpNextLeads
from lead_inbox.audit.formats.event_lines import EventLines
from lead_inbox.audit.formats.fields import names_of
from lead_inbox.audit.formats.lead_forms import LeadForms
from lead_inbox.audit.formats.local_services.api import ApiRows
from lead_inbox.audit.formats.local_services.detailed import DetailedReports
from lead_inbox.audit.formats.local_services.table import LeadTable
from lead_inbox.audit.told import Unreadable

# The first that fits is taken: those with names of their own come before those with common ones.
FORMATS: tuple[Format, ...] = (
	EventLines(),
	ApiRows(),
	DetailedReports(),
	ErpNextLeads(),
	LeadForms(),
	LeadTable(),
)

NO_ENTRIES = "The file has no entries."
NO_OBJECTS = "Its entries are no JSON objects."


def recognize(columns: Sequence[str], first: object) -> Format:
	"""Return the format of an export.

	columns: of a table, () for JSON. first: its first entry, None for an export without any. Raises Unreadable, which
	names the columns that the likeliest format lacks.
	"""
	if not columns and not isinstance(first, Mapping):
		raise Unreadable(NO_ENTRIES if first is None else NO_OBJECTS)
	for known in FORMATS:
		if known.recognizes(columns, first):
			return known
	raise Unreadable(_unlike_any(names_of(columns, first)))


def names() -> tuple[str, ...]:
	"""Return what users call the formats."""
	return tuple(known.name for known in FORMATS)


def _unlike_any(found: frozenset[str]) -> str:
	"""Name the likeliest format with what it lacks: the one that lacks least of what it needs."""
	readable = f"Exports that can be read: {'; '.join(names())}."
	lacking = [(known, missing(known.needs, found)) for known in FORMATS]
	likely = [(known, lacks) for known, lacks in lacking if lacks and len(lacks) < len(known.needs)]
	if not likely:
		return f"None of its columns or fields is known. {readable}"
	known, lacks = min(likely, key=lambda entry: len(entry[1]) / len(entry[0].needs))
	return f"It looks most like {known.name}, but lacks: {'; '.join(lacks)}. {readable}"
