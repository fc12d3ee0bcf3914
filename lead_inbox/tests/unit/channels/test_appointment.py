from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from lead_inbox.channels import clean
from lead_inbox.channels.appointment import details_of, is_off, place_of, said_once
from lead_inbox.channels.event import LeadEvent, Person

NOON = datetime(2026, 12, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
	("status", "expected"),
	[
		("Dismissed", True),
		("user canceled", True),
		("CANCELLED", True),
		("lost", True),
		("New", False),
		("Converted", False),
		("needs scheduling", False),
		("", None),
	],
)
def test_words_for_an_appointment_that_is_off(status: str, expected: bool | None) -> None:
	assert is_off(status) is expected


def test_an_end_that_is_not_after_the_start_is_none() -> None:
	event = LeadEvent("1", "Booking", Person())
	assert details_of(event, "1", NOON, NOON).ends_on is None
	assert details_of(event, "1", None, NOON).ends_on is None
	assert details_of(event, "1", NOON, NOON + timedelta(hours=1)).ends_on == NOON + timedelta(hours=1)


def test_the_place_is_the_customer_s_address_where_the_source_names_none() -> None:
	person = Person(street="1 Main St", postal_code="94105", city="San Francisco", state="CA")
	assert place_of(person) == "1 Main St, 94105 San Francisco, CA"
	assert place_of(Person(city="San Francisco")) == ""
	event = LeadEvent("1", "Booking", person, location="The shop", text="n" * 50_000)
	details = details_of(event, "1", NOON, None)
	assert details.place == "The shop"
	assert len(details.notes) <= clean.DESCRIPTION_LIMIT


def test_the_same_words_are_one_message_and_other_words_another() -> None:
	first = said_once(LeadEvent("7", "Booking", Person(), text="It drips"))
	again = said_once(LeadEvent("7", "Booking", Person(), text="It drips", source_status="Accepted"))
	other = said_once(LeadEvent("7", "Booking", Person(), text="It floods"))
	assert first.external_id == again.external_id != other.external_id
	assert first.thread_id == other.thread_id == "7"
