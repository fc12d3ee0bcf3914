from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lead_inbox.channels.event import MalformedEvent, Person
from lead_inbox.channels.google_lead_form import key_matches, parse, presented_key
from lead_inbox.tests.unit.channels.strategies import BERLIN


def column(column_id: str, value: object, name: str | None = None) -> dict[str, object]:
	return {"column_id": column_id, "string_value": value} | ({"column_name": name} if name else {})


LEAD = {
	"lead_id": "TeSter-123-ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuvwxyz-0123456789-" * 3,
	"user_column_data": [
		column("FULL_NAME", "Ada Lovelace", "Full Name"),
		column("WORK_PHONE", "+49 30 1234567"),
		column("PHONE_NUMBER", "+49 151 23456789", "User Phone"),
		column("EMAIL", "ada@example.com"),
		column("WORK_EMAIL", "ada@work.example"),
		column("POSTAL_CODE", "10115"),
		column("STREET_ADDRESS", "1 Main St"),
		column("CITY", "Berlin"),
		column("REGION", "BE"),
		column("COUNTRY", "DE"),
		column("COMPANY_NAME", "Engines Ltd"),
		column("JOB_TITLE", "Analyst"),
		column("PREFERRED_CONTACT_TIME", "evenings", "When may we call?"),
		column("what_is_broken", "the tap\nand the sink"),
	],
	"api_version": "1.0",
	"form_id": 40000000000,
	"campaign_id": "123456789012345678",
	"adgroup_id": 20000000000,
	"gcl_id": "Cj0K",
	"google_key": "hunter2",
	"is_test": False,
	"lead_submit_time": "2026-03-31T14:05:00.000Z",
}


def test_a_lead() -> None:
	event = parse(LEAD, BERLIN)
	assert event.external_id == LEAD["lead_id"]
	assert event.kind == "Form"
	assert event.occurred_on == datetime(2026, 3, 31, 14, 5, tzinfo=timezone.utc)
	assert event.person == Person(
		full_name="Ada Lovelace",
		company_name="Engines Ltd",
		job_title="Analyst",
		phones=("+49 151 23456789", "+49 30 1234567"),
		emails=("ada@example.com", "ada@work.example"),
		postal_code="10115",
		street="1 Main St",
		city="Berlin",
		state="BE",
		country="DE",
	)
	assert event.text == "When may we call?: evenings\nwhat_is_broken: the tap\nand the sink"
	assert event.extra == {
		"When may we call?": "evenings",
		"what_is_broken": "the tap\nand the sink",
		"api_version": "1.0",
		"form_id": "40000000000",
		"campaign_id": "123456789012345678",
		"adgroup_id": "20000000000",
		"gcl_id": "Cj0K",
	}


def test_the_key_is_nowhere_in_the_event() -> None:
	assert "hunter2" not in repr(parse(LEAD, BERLIN))


def test_a_test_with_nothing_in_it() -> None:
	event = parse({"lead_id": "t", "google_key": "", "is_test": True, "form_id": 0}, BERLIN)
	assert event.is_test
	assert event.person == Person()
	assert parse({"is_test": "true", "user_column_data": None}, BERLIN).is_test


def test_a_lead_needs_its_id() -> None:
	for payload in ({}, {"lead_id": ""}, {"lead_id": None, "is_test": False}):
		with pytest.raises(MalformedEvent) as caught:
			parse(payload, BERLIN)
		assert list(caught.value.fields) == ["lead_id"]


def test_ids_may_be_numbers() -> None:
	assert parse({"lead_id": 9007199254740993}, BERLIN).external_id == "9007199254740993"


def test_first_and_last_name() -> None:
	payload = {
		"lead_id": "1",
		"user_column_data": [column("LAST_NAME", "Lovelace"), column("FIRST_NAME", "Ada")],
	}
	person = parse(payload, BERLIN).person
	assert (person.full_name, person.first_name, person.last_name) == ("Ada Lovelace", "Ada", "Lovelace")


def test_a_repeated_column_is_kept() -> None:
	payload = {"lead_id": "1", "user_column_data": [column("CITY", "Berlin"), column("CITY", "Bonn")]}
	event = parse(payload, BERLIN)
	assert (event.person.city, event.extra) == ("Berlin", {"CITY": "Bonn"})


def test_a_number_and_an_empty_answer() -> None:
	payload = {"lead_id": "1", "user_column_data": [column("POSTAL_CODE", 10115), column("CITY", None), {}]}
	assert parse(payload, BERLIN).person == Person(postal_code="10115")


def test_a_column_of_which_only_the_name_is_known() -> None:
	payload = {"lead_id": "1", "user_column_data": [{"column_name": "Pets?", "string_value": "two"}]}
	assert parse(payload, BERLIN).extra == {"Pets?": "two"}


def test_a_long_name_is_kept_whole() -> None:
	payload = {"lead_id": "1", "user_column_data": [column("FULL_NAME", "N" * 10_000, "Full Name")]}
	event = parse(payload, BERLIN)
	assert len(event.person.full_name) == 140
	assert event.extra == {"Full Name": "N" * 10_000}


def test_a_time_in_an_unknown_form_loses_no_lead() -> None:
	event = parse({"lead_id": "1", "lead_submit_time": "Mar 31"}, BERLIN)
	assert (event.occurred_on, event.extra) == (None, {"lead_submit_time": "Mar 31"})


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"lead_id": ["1"]}, "lead_id"),
		({"is_test": "perhaps"}, "is_test"),
		({"user_column_data": {"FULL_NAME": "Ada"}}, "user_column_data"),
		({"user_column_data": ["Ada"]}, "user_column_data.0"),
		({"user_column_data": [column("CITY", ["Berlin"])]}, "user_column_data.0.string_value"),
	],
)
def test_wrong_types_are_named(changes: dict[str, object], field: str) -> None:
	with pytest.raises(MalformedEvent) as caught:
		parse(LEAD | changes, BERLIN)
	assert field in caught.value.fields


class TestKey:
	def test_the_right_key(self) -> None:
		assert key_matches("hunter2", "hunter2")
		assert key_matches("schlüssel", "schlüssel")

	@pytest.mark.parametrize(
		("presented", "expected"),
		[("hunter", "hunter2"), ("", "hunter2"), ("", ""), ("x", ""), ("\ud800", "hunter2"), ("ü", "u")],
	)
	def test_other_keys(self, presented: str, expected: str) -> None:
		assert not key_matches(presented, expected)

	def test_where_it_is(self) -> None:
		assert presented_key(LEAD) == "hunter2"
		for payload in ({}, {"google_key": None}, {"google_key": 1}, [], None):
			assert presented_key(payload) == ""
