from __future__ import annotations

from datetime import datetime, timezone

import pytest

from lead_inbox.channels.call_log import is_final, parse
from lead_inbox.channels.event import CallDetails, MalformedEvent, Person
from lead_inbox.tests.unit.channels.strategies import BERLIN

CALL = {
	"id": "CA1",
	"from": "+4915123456789",
	"to": "+493012345",
	"type": "Incoming",
	"status": "Completed",
	"duration": 61,
	"start_time": datetime(2026, 3, 31, 14, 5),
	"recording_url": "https://calls.example/1.mp3",
	"medium": "Exophone 1",
	"summary": "Wants a quote",
}


def test_an_answered_call() -> None:
	event = parse(CALL, BERLIN)
	assert (event.external_id, event.kind, event.direction) == ("CA1", "Phone Call", "In")
	assert event.person == Person(phones=("+4915123456789",))
	assert event.occurred_on == datetime(2026, 3, 31, 12, 5, tzinfo=timezone.utc)
	assert event.call == CallDetails(True, 61, "https://calls.example/1.mp3")
	assert event.text == "Wants a quote"
	assert event.extra == {"medium": "Exophone 1"}


def test_the_other_party_of_our_own_call() -> None:
	event = parse(CALL | {"type": "Outgoing"}, BERLIN)
	assert (event.direction, event.person.phones) == ("Out", ("+493012345",))


@pytest.mark.parametrize(
	("status", "duration", "answered", "final"),
	[
		("Completed", 61, True, True),
		("Completed", "61", True, True),
		("Completed", 0, False, True),
		("Completed", None, False, True),
		("In Progress", 0, True, False),
		("Ringing", 0, False, False),
		("Queued", 0, False, False),
		("No Answer", 0, False, True),
		("Busy", 0, False, True),
		("Failed", 3, False, True),
		("Canceled", 0, False, True),
		("", 0, False, False),
	],
)
def test_who_was_reached(status: str, duration: object, answered: bool, final: bool) -> None:
	event = parse(CALL | {"status": status, "duration": duration}, BERLIN)
	assert event.call is not None
	assert event.call.answered is answered
	assert event.source_status == status
	assert is_final(status) is final


def test_a_withheld_number() -> None:
	assert parse(CALL | {"from": None}, BERLIN).person == Person()


def test_a_broken_log_is_named() -> None:
	with pytest.raises(MalformedEvent) as caught:
		parse(CALL | {"duration": "a while", "from": ["+1"]}, BERLIN)
	assert set(caught.value.fields) == {"duration", "from"}
