from __future__ import annotations

import pytest

from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Unreadable
from lead_inbox.inbox.event_rules import happening_of
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.unit.audit.formats.reading import context, told, utc

REPORT = {
	"leadId": "5",
	"googleAdsLeadId": "77",
	"leadType": "PHONE_CALL",
	"leadCategory": "plumber",
	"leadCreationTimestamp": "2026-03-05T14:15:00Z",
	"geo": "New York",
	"timezone": {"id": "America/New_York"},
	"phoneLead": {"consumerPhoneNumber": "+12125550123", "chargedConnectedCallDurationSeconds": "75"},
}
MESSAGE = {name: value for name, value in REPORT.items() if name != "phoneLead"} | {
	"leadType": "MESSAGE",
	"messageLead": {
		"customerName": "Ada Lovelace",
		"consumerPhoneNumber": "+12125550123",
		"postalCode": "11201",
		"jobType": "leak",
	},
}


def test_an_answered_call() -> None:
	event = told(REPORT).event
	assert (event.kind, event.person.phones) == ("Phone Call", ("+12125550123",))
	assert event.occurred_on == utc(2026, 3, 5, 14, 15)
	assert happening_of(event) is Happening.CALL_ANSWERED


def test_it_has_the_id_that_the_google_ads_api_gives() -> None:
	assert told(REPORT).event.external_id == "77"
	assert (
		told({name: value for name, value in REPORT.items() if name != "googleAdsLeadId"}).event.external_id
		== "5"
	)


def test_a_call_that_nobody_took() -> None:
	values = REPORT | {"phoneLead": {"consumerPhoneNumber": "+12125550123"}}
	assert happening_of(told(values).event) is Happening.CALL_MISSED


def test_a_message() -> None:
	event = told(MESSAGE).event
	assert (event.kind, event.service, event.person.full_name) == ("Message", "leak", "Ada Lovelace")
	assert (event.person.postal_code, happening_of(event)) == ("11201", Happening.INBOUND)
	assert event.location == ""  # geo is where the business is


def test_a_booking_has_its_appointment() -> None:
	values = {name: value for name, value in REPORT.items() if name != "phoneLead"} | {
		"leadType": "BOOKING",
		"bookingLead": {
			"consumerEmail": "ada@example.com",
			"bookingAppointmentTimestamp": "2026-03-09T14:00:00Z",
		},
	}
	event = told(values).event
	assert (event.kind, event.person.emails) == ("Booking", ("ada@example.com",))
	assert event.booking and event.booking.starts_on == utc(2026, 3, 9, 14)


@pytest.mark.parametrize(
	"changes",
	[
		{"leadId": None, "googleAdsLeadId": None},
		{"leadCreationTimestamp": None},
		{"leadCreationTimestamp": "2026-02-30T25:00:00Z"},
		{"phoneLead": {"chargedConnectedCallDurationSeconds": "long"}},
	],
)
def test_what_can_not_be_read(changes: dict[str, object]) -> None:
	with pytest.raises(Unreadable):
		recognize((), REPORT).read(REPORT | changes, context())
