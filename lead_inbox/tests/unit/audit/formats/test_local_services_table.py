from __future__ import annotations

import pytest

from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.inbox.event_rules import happening_of
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc

ROW = {
	"Lead ID": "77",
	"Customer": "Ada Lovelace",
	"Phone number": "+12125550123",
	"Job type": "Drain cleaning",
	"Location": "Brooklyn, NY",
	"Lead type": "Message",
	"Lead status": "New",
	"Charge status": "Charged",
	"Call duration": "",
	"Last activity": "2026-03-06 09:00:00",
	"Lead received": "2026-03-05 09:15:00",
}


def read(**changes: str) -> Told:
	values = ROW | {name.replace("_", " "): value for name, value in changes.items()}
	return told(values, tuple(values))


def test_a_lead_of_the_leads_page() -> None:
	lead = read()
	event = lead.event
	assert (lead.source, event.external_id, event.thread_id) == (Source.LOCAL_SERVICES, "77", "77")
	assert (event.kind, event.service, event.location) == ("Message", "Drain cleaning", "Brooklyn, NY")
	assert (event.person.full_name, event.person.phones) == ("Ada Lovelace", ("+12125550123",))
	assert event.occurred_on == utc(2026, 3, 5, 14, 15)  # New York's clock
	assert lead.touched_on == utc(2026, 3, 6, 14)
	assert happening_of(event) is Happening.INBOUND


@pytest.mark.parametrize(
	("status", "happenings"),
	[
		("New", ()),
		("ACTIVE", (Happening.REPLIED,)),
		("Booked", (Happening.BOOKED,)),
		("Completed", (Happening.BOOKED, Happening.BOOKINGS_ENDED)),
		("declined", (Happening.DECLINED,)),
		("Expired", (Happening.WENT_UNANSWERED, Happening.WENT_QUIET)),
		("Consumer declined", (Happening.WENT_UNANSWERED, Happening.WENT_QUIET)),
		("", ()),
	],
)
def test_what_a_status_says_has_happened(status: str, happenings: tuple[Happening, ...]) -> None:
	assert read(Lead_status=status).afterwards == happenings


def test_an_unknown_status_moves_nothing_and_is_noted() -> None:
	reading = context()
	values = ROW | {"Lead status": "On the moon"}
	(lead,) = recognize(tuple(values), values).read(values, reading)
	assert (lead.afterwards, lead.event.source_status) == ((), "On the moon")
	assert ["On the moon" in note for note in reading.notes] == [True]


@pytest.mark.parametrize(
	("duration", "happening"),
	[
		("1:15", Happening.CALL_ANSWERED),
		("75", Happening.CALL_ANSWERED),
		("0:00", Happening.CALL_MISSED),
		("", Happening.CALL_MISSED),
		("—", Happening.CALL_MISSED),
	],
)
def test_a_call_was_answered_if_somebody_talked(duration: str, happening: Happening) -> None:
	assert happening_of(read(Lead_type="Phone call", Call_duration=duration).event) is happening


def test_nobody_knows_of_a_call_in_a_table_without_durations() -> None:
	values = {name: value for name, value in ROW.items() if name != "Call duration"} | {"Lead type": "Phone"}
	event = told(values, tuple(values)).event
	assert (event.kind, event.call, happening_of(event)) == ("Phone Call", None, Happening.INBOUND)


def test_a_table_that_says_whether_calls_were_answered() -> None:
	values = ROW | {"Lead type": "Phone call", "Call status": "Answered"}
	assert happening_of(told(values, tuple(values)).event) is Happening.CALL_ANSWERED
	values["Call status"] = "Missed"
	assert happening_of(told(values, tuple(values)).event) is Happening.CALL_MISSED


def test_a_caller_whose_number_stands_in_the_place_of_the_name() -> None:
	person = read(Customer="(212) 555-0123", Phone_number="").event.person
	assert (person.full_name, person.phones) == ("", ("(212) 555-0123",))


def test_names_may_be_written_otherwise() -> None:
	values = {
		"lead_type": "MESSAGE",
		"consumer_phone_number": "+12125550123",
		"lead_creation_timestamp": "2026-03-05",
	}
	event = told(values, tuple(values)).event
	assert (event.person.phones, event.occurred_on) == (("+12125550123",), utc(2026, 3, 5, 5))


def test_a_lead_without_a_date_can_not_be_read() -> None:
	for received in ("", "soon"):
		with pytest.raises(Unreadable):
			read(Lead_received=received)


def test_a_last_activity_that_is_no_date_does_not_cost_the_lead() -> None:
	reading = context()
	values = ROW | {"Last activity": "some time ago"}
	(lead,) = recognize(tuple(values), values).read(values, reading)
	assert lead.touched_on is None
	assert ["Last activity" in note for note in reading.notes] == [True]


def test_reasons_repeat_nothing_of_the_row() -> None:
	values = ROW | {"Lead received": "Ada's birthday", "Call duration": "Ada"}
	with pytest.raises(Unreadable) as caught:
		recognize(tuple(values), values).read(values, context())
	assert "Ada" not in str(caught.value)
