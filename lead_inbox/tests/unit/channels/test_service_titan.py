from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lead_inbox.channels.event import MalformedEvent, Person
from lead_inbox.channels.service_titan import parse
from lead_inbox.tests.unit.channels.strategies import BERLIN

BOOKING = {
	"id": 4711,
	"source": "Website",
	"createdOn": "2026-11-25T09:00:00Z",
	"modifiedOn": "2026-11-25T10:30:00Z",
	"name": "Naree Phan",
	"address": {
		"street": "1 Main St",
		"unit": "4b",
		"city": "Phoenix",
		"state": "AZ",
		"zip": "85001",
		"country": "USA",
	},
	"customerType": "Residential",
	"start": "2026-12-01T16:00:00Z",
	"summary": "The tap drips\nsince Monday",
	"campaignId": 12,
	"jobTypeId": 33,
	"isFirstTimeClient": True,
	"status": "New",
	"externalId": "web-1",
	"priority": "Urgent",
	"contacts": [
		{"id": 1, "type": "Phone", "value": "+1 602 555 0123", "memo": "home"},
		{"id": 2, "type": "Fax", "value": "+1 602 555 0199"},
		{"id": 3, "type": "Email", "value": "naree@example.com"},
		{"id": 4, "type": "MobilePhone", "value": "+1 602 555 0124"},
	],
}


def test_a_booking() -> None:
	event = parse(BOOKING, BERLIN)
	assert event.kind == "Booking"
	assert event.text == "The tap drips\nsince Monday"
	assert event.thread_id == "4711"
	assert event.occurred_on == datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
	assert event.person == Person(
		full_name="Naree Phan",
		phones=("+1 602 555 0123", "+1 602 555 0124"),
		emails=("naree@example.com",),
		street="1 Main St",
		city="Phoenix",
		state="AZ",
		postal_code="85001",
		country="USA",
	)
	assert event.extra["contacts.1.value"] == "+1 602 555 0199"
	assert event.extra["priority"] == "Urgent"
	booking = event.booking
	assert (booking.external_id, booking.is_off, booking.status) == ("4711", False, "New")
	assert booking.starts_on == datetime(2026, 12, 1, 16, tzinfo=timezone.utc)
	assert booking.place == "1 Main St, 85001 Phoenix, AZ"
	assert booking.changed_on == event.occurred_on


def test_another_state_of_it_is_the_same_booking_and_no_new_message() -> None:
	first, moved = parse(BOOKING, BERLIN), parse({**BOOKING, "start": "2026-12-02T16:00:00Z"}, BERLIN)
	assert moved.external_id == first.external_id
	assert moved.booking.external_id == first.booking.external_id
	assert parse({**BOOKING, "status": "Dismissed"}, BERLIN).booking.is_off is True


@pytest.mark.parametrize("start", [None, ""])
def test_a_booking_may_have_no_time_and_nobody_to_reach(start: str | None) -> None:
	event = parse({"id": 1, "start": start, "summary": "Call me", "contacts": None}, BERLIN)
	assert event.booking.starts_on is None
	assert event.person.is_anonymous


def test_without_an_id_it_is_malformed() -> None:
	with pytest.raises(MalformedEvent) as caught:
		parse({"name": "Naree", "start": "soon"}, BERLIN)
	assert set(caught.value.fields) == {"id", "start"}
