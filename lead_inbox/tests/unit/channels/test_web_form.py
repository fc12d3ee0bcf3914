from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from lead_inbox.channels.event import MalformedEvent, Person
from lead_inbox.channels.web_form import parse
from lead_inbox.tests.unit.channels.strategies import BERLIN

FORM = {
	"name": "CRM-LEAD-1",
	"title": "Ask for a quote",
	"submitted_on": "2026-03-31 14:05:00",
	"values": {
		"first_name": "Ada",
		"last_name": "Lovelace",
		"email_id": "ada@example.com",
		"mobile_no": "0151 1",
		"phone": "0151 1",
		"company_name": "",
		"city": "Berlin",
		"move_in": date(2026, 5, 1),
		"pets": True,
		"garden": False,
		"wishes": "light\nand air",
		"rooms": [{"size": 4}],
	},
	"labels": {"first_name": "First Name", "wishes": "Your wishes"},
}


def test_a_form() -> None:
	event = parse(FORM, BERLIN)
	assert (event.external_id, event.kind, event.subject) == ("CRM-LEAD-1", "Form", "Ask for a quote")
	assert event.occurred_on == datetime(2026, 3, 31, 12, 5, tzinfo=timezone.utc)
	assert event.person == Person(
		full_name="Ada Lovelace",
		first_name="Ada",
		last_name="Lovelace",
		phones=("0151 1",),
		emails=("ada@example.com",),
		city="Berlin",
	)
	assert event.text.split("\n") == [
		"First Name: Ada",
		"last_name: Lovelace",
		"email_id: ada@example.com",
		"mobile_no: 0151 1",
		"phone: 0151 1",
		"city: Berlin",
		"move_in: 2026-05-01",
		"pets: Yes",
		"Your wishes: light",
		"and air",
	]


def test_an_empty_form() -> None:
	event = parse({}, BERLIN)
	assert (event.external_id, event.text, event.person) == ("delivery-1", "", Person())


def test_wrong_types_are_named() -> None:
	with pytest.raises(MalformedEvent) as caught:
		parse(FORM | {"values": "all of it", "title": []}, BERLIN)
	assert set(caught.value.fields) == {"values", "title"}
