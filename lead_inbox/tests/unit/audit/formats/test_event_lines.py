from __future__ import annotations

import pytest

from lead_inbox.audit.formats.event_lines import EventLines
from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Source, Unreadable
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.inbox.event_rules import happening_of
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc

LINE = {
	"id": "1",
	"type": "call",
	"thread_id": "job-1",
	"occurred_at": "2026-03-05T09:15:00-05:00",
	"name": "Ada Lovelace",
	"phone": "+12125550123",
	"call": {"direction": "in", "duration_seconds": 75},
}


def test_an_event() -> None:
	read = told(LINE)
	assert (read.source, read.event.external_id, read.event.thread_id) == (Source.EVENTS, "1", "job-1")
	assert read.event.occurred_on == utc(2026, 3, 5, 14, 15)
	assert happening_of(read.event) is Happening.CALL_ANSWERED


def test_a_table_of_dotted_paths_says_the_same() -> None:
	values = {
		"id": "1",
		"type": "call",
		"thread_id": "job-1",
		"Occurred at": "2026-03-05T09:15:00-05:00",
		"name": "Ada Lovelace",
		"phone": "+12125550123",
		"email": "",
		"call.direction": "in",
		"call.duration_seconds": "75",
	}
	assert told(values, tuple(values)).event == told(LINE).event


def test_a_time_without_an_offset_is_in_the_zone_of_the_audit() -> None:
	assert told(LINE | {"occurred_at": "2026-03-05 09:15"}).event.occurred_on == utc(2026, 3, 5, 14, 15)


def test_an_appointment() -> None:
	values = {
		"type": "booking",
		"booking_id": "B",
		"occurred_at": "2026-03-05",
		"starts_at": "2026-03-09 10:00",
	}
	booking = told(values).event.booking
	assert booking and (booking.external_id, booking.starts_on) == ("B", utc(2026, 3, 9, 14))


def test_a_file_whose_first_event_lacks_its_time_is_recognized_by_the_rest() -> None:
	first = {"id": "1", "thread_id": "job-1", "message": "Hello"}
	assert recognize((), first).name == EventLines.name


@pytest.mark.parametrize("time", ["", None, "soon"])
def test_an_event_without_a_time_can_not_be_read(time: object) -> None:
	with pytest.raises(Unreadable):
		EventLines().read(LINE | {"occurred_at": time}, context())


def test_values_of_a_wrong_type_are_named_by_their_path() -> None:
	with pytest.raises(MalformedEvent) as caught:
		EventLines().read(LINE | {"call": {"duration_seconds": "long"}}, context())
	assert list(caught.value.fields) == ["call.duration_seconds"]


def test_what_is_no_object_can_not_be_read() -> None:
	for entry in ([], "text", 7, None):
		with pytest.raises(Unreadable):
			EventLines().read(entry, context())  # type: ignore[arg-type]
