from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_inbox.audit.formats import registry
from lead_inbox.audit.formats.registry import FORMATS, recognize
from lead_inbox.audit.told import Unreadable
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.tests.unit.audit.formats import test_erpnext_leads as erpnext
from lead_inbox.tests.unit.audit.formats import test_event_lines as events
from lead_inbox.tests.unit.audit.formats import test_lead_forms as forms
from lead_inbox.tests.unit.audit.formats import test_local_services_api as api
from lead_inbox.tests.unit.audit.formats import test_local_services_detailed as detailed
from lead_inbox.tests.unit.audit.formats import test_local_services_table as leads_page
from lead_inbox.tests.unit.audit.formats.reading import context
from lead_inbox.tests.unit.channels.strategies import json_like, objects

TABLES = (
	(leads_page.ROW, "Google Local Services leads (download of the Leads page)"),
	(forms.ROW, "Google Ads lead forms"),
	(erpnext.ROW, "ERPNext leads"),
)
ENTRIES = (
	(events.LINE, "Lead Inbox events"),
	({"localServicesLead": api.LEAD}, "Google Local Services leads and conversations (Google Ads API)"),
	(api.conversation(), "Google Local Services leads and conversations (Google Ads API)"),
	(detailed.REPORT, "Google Local Services lead reports (Local Services API)"),
	(forms.WEBHOOK, "Google Ads lead forms"),
)


@pytest.mark.parametrize(("row", "name"), TABLES)
def test_tables_are_told_apart_by_their_columns(row: dict[str, object], name: str) -> None:
	assert recognize(tuple(row), row).name == name
	assert recognize(tuple(reversed(row)), None).name == name
	assert recognize(tuple(column.upper() for column in row), row).name == name


@pytest.mark.parametrize(("entry", "name"), [*ENTRIES, *TABLES])
def test_json_is_told_apart_by_its_first_entry(entry: dict[str, object], name: str) -> None:
	assert recognize((), entry).name == name


def test_a_missing_column_is_named() -> None:
	columns = tuple(column for column in erpnext.ROW if column != "Created On")
	with pytest.raises(Unreadable, match="ERPNext leads, but lacks: Created On"):
		recognize(columns, None)
	columns = tuple(column for column in leads_page.ROW if column != "Lead received")
	with pytest.raises(Unreadable, match=r"Leads page.*, but lacks: Lead received"):
		recognize(columns, None)


def test_a_table_of_something_else_hears_what_can_be_read() -> None:
	with pytest.raises(Unreadable) as caught:
		recognize(("Invoice", "Amount"), None)
	assert all(name in str(caught.value) for name in registry.names())


@pytest.mark.parametrize("first", [None, 7, "text", [], True])
def test_json_of_something_else(first: object) -> None:
	with pytest.raises(Unreadable):
		recognize((), first)


KEYS = tuple(
	{key for row, _name in (*TABLES, *ENTRIES) for key in row}
	| {key for row, _name in ENTRIES for value in row.values() if isinstance(value, dict) for key in value}
)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: type(known).__name__)
@settings(max_examples=50)
@given(data=st.data())
def test_any_entry_is_read_or_refused_in_words(known: registry.Format, data: st.DataObject) -> None:
	entry = data.draw(objects(KEYS) | json_like())
	list(known.moments(entry))  # type: ignore[arg-type]
	try:
		told = known.read(entry, context())  # type: ignore[arg-type]
	except (Unreadable, MalformedEvent) as error:
		assert str(error)
		return
	assert all(one.event.occurred_on and one.event.occurred_on.tzinfo for one in told)
	assert all(one.source is known.source for one in told)


@pytest.mark.parametrize(
	("row", "column"),
	[
		(leads_page.ROW, "Lead ID"),
		(forms.ROW, "Lead ID"),
		(erpnext.ROW, "ID"),
		(events.LINE, "id"),
		(events.LINE, "thread_id"),
		(detailed.REPORT, "googleAdsLeadId"),
	],
)
def test_an_id_that_a_spreadsheet_has_rounded_would_make_one_lead_of_many(
	row: dict[str, object], column: str
) -> None:
	known = recognize((), row)
	with pytest.raises(Unreadable, match="rounded"):
		known.read(row | {column: "7.30023E+11"}, context())
