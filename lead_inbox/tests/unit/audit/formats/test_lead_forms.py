from __future__ import annotations

import pytest

from lead_inbox.audit.formats.lead_forms import LeadForms
from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Source, Unreadable
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.channels.google_lead_form import parse
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc
from lead_inbox.tests.unit.channels.strategies import BERLIN

ROW = {
	"Lead ID": "abc",
	"Lead submit time": "2026-03-05T14:15:00Z",
	"Full name": "Ada Lovelace",
	"User phone": "+12125550123",
	"Email": "ada@example.com",
	"Postal code": "11201",
	"How soon?": "This week",
	"Campaign ID": "21",
	"Form ID": "4",
	"GCLID": "Cj0",
}
WEBHOOK = {
	"lead_id": "abc",
	"lead_submit_time": "2026-03-05T14:15:00Z",
	"user_column_data": [
		{"column_id": "FULL_NAME", "column_name": "Full name", "string_value": "Ada Lovelace"},
		{"column_id": "PHONE_NUMBER", "column_name": "User phone", "string_value": "+12125550123"},
		{"column_id": "EMAIL", "column_name": "Email", "string_value": "ada@example.com"},
		{"column_id": "POSTAL_CODE", "column_name": "Postal code", "string_value": "11201"},
		{"column_id": "How soon?", "column_name": "How soon?", "string_value": "This week"},
	],
	"campaign_id": "21",
	"form_id": "4",
	"gcl_id": "Cj0",
}


def test_a_row_is_what_the_webhook_would_have_brought() -> None:
	read = told(ROW, tuple(ROW))
	assert read.source is Source.LEAD_FORM
	assert read.event == parse(WEBHOOK, BERLIN)


def test_kept_payloads_of_the_webhook() -> None:
	assert told(WEBHOOK).event == told(ROW, tuple(ROW)).event


def test_the_time_may_be_written_as_spreadsheets_do() -> None:
	values = ROW | {"Lead submit time": "2026-03-05 09:15"}
	assert told(values, tuple(values)).event.occurred_on == utc(2026, 3, 5, 14, 15)


def test_a_table_without_ids_gives_the_same_row_the_same_id() -> None:
	values = {name: value for name, value in ROW.items() if name != "Lead ID"}
	turned_round = dict(reversed(values.items()))
	ids = {told(row, tuple(row)).event.external_id for row in (values, turned_round)}
	assert len(ids) == 1
	other = told(values | {"Email": "ben@example.com"}, tuple(values)).event.external_id
	assert other and other not in ids


def test_a_row_that_lacks_its_id_or_its_time() -> None:
	for column in ("Lead ID", "Lead submit time"):
		with pytest.raises(Unreadable):
			LeadForms().read(ROW | {column: ""}, context())
	with pytest.raises(MalformedEvent):
		LeadForms().read(WEBHOOK | {"lead_id": ""}, context())


def test_a_test_lead_is_marked() -> None:
	values = ROW | {"Is test": "true"}
	assert told(values, tuple(values)).event.is_test


def test_column_ids_instead_of_words() -> None:
	values = {"lead_id": "1", "lead_submit_time": "2026-03-05", "EMAIL": "ada@example.com", "gcl_id": "Cj0"}
	known = recognize(tuple(values), values)
	assert known.name == LeadForms.name
	assert known.read(values, context())[0].event.person.emails == ("ada@example.com",)
