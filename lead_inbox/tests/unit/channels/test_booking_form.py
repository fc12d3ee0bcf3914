from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from lead_inbox.channels import booking_form, standard
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.tests.unit.channels.strategies import BERLIN

FORM = {
	"id": "apt-7",
	"name": "Naree Phan",
	"phone": "+16025550123",
	"service": "Drain cleaning",
	"starts_at": "2026-12-01T16:00:00Z",
	"ends_at": "2026-12-01T17:00:00Z",
	"message": "The tap drips",
	"status": "booked",
}


def test_an_entry_is_an_appointment_whatever_type_it_says() -> None:
	for entry in (FORM, {**FORM, "type": "message"}, {**FORM, "type": "sms"}):
		event = booking_form.parse(entry, BERLIN)
		assert (event.kind, event.booking.external_id) == ("Booking", "apt-7")
		assert not event.is_sms
	assert event.booking.service == "Drain cleaning"
	assert event.booking.starts_on == datetime(2026, 12, 1, 16, tzinfo=timezone.utc)
	assert event.booking.ends_on - event.booking.starts_on == timedelta(hours=1)


def test_a_sender_keeps_its_own_names_and_its_own_zone() -> None:
	field_map = (
		("appointment.ref", "id"),
		("appointment.when", "starts_at"),
		("appointment.what", "service"),
		("state", "status"),
		("contact.tel", "phone"),
	)
	context = replace(BERLIN, zone=ZoneInfo("America/Phoenix"), field_map=field_map)
	payload = {
		"appointment": {"ref": 7, "when": "2026-12-01 09:00", "what": "Tap"},
		"contact": {"tel": "1"},
		"state": "Cancelled",
	}
	booking = booking_form.parse(payload, context).booking
	assert (booking.external_id, booking.service, booking.is_off) == ("7", "Tap", True)
	assert booking.starts_on == datetime(2026, 12, 1, 16, tzinfo=timezone.utc)


def test_without_an_id_the_delivery_s_counts() -> None:
	assert booking_form.parse({"name": "Naree"}, BERLIN).booking.external_id == "delivery-1"


def test_a_time_that_is_none_is_told() -> None:
	with pytest.raises(MalformedEvent) as caught:
		booking_form.parse({**FORM, "starts_at": "tomorrow at nine"}, BERLIN)
	assert list(caught.value.fields) == ["starts_at"]


def test_a_booking_in_a_standard_event_is_an_appointment_too() -> None:
	event = standard.parse({**FORM, "type": "booking", "id": "evt_1", "booking_id": "apt-7"}, BERLIN)
	assert (event.external_id, event.booking.external_id) == ("evt_1", "apt-7")
	assert standard.parse({**FORM, "type": "message"}, BERLIN).booking is None
