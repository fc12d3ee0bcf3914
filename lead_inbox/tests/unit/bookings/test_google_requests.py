"""What Google's Actions Center asks, and how it is answered: requirement BO-6."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.google import answer_rules, request_rules, time_rules
from lead_inbox.bookings.google.answer_rules import Booked, Cause
from lead_inbox.bookings.rules import Refusal, Status
from lead_inbox.channels import google_booking
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.inbox.response.working_time import instant_of
from lead_inbox.tests.unit.channels.strategies import BERLIN, json_like, objects

ZONE = ZoneInfo("Europe/Berlin")
START = 1_800_000_000
SLOT = {"merchant_id": "Google", "service_id": "Repair", "start_sec": str(START), "duration_sec": "3600"}
USER = {
	"user_id": "1234567890123456789",
	"given_name": "Naree",
	"family_name": "Phan",
	"telephone": "+14155550123",
	"email": "naree@customer.example",
}
CREATION = {"slot": SLOT, "user_information": USER, "idempotency_token": "token-1"}
BOOKED = Booked("BOOK-2026-00001", "Google", "Repair", START, 3600, Status.CONFIRMED)
READERS: dict[str, Callable[[object], object]] = {
	"BatchAvailabilityLookup": request_rules.read_lookup,
	"CheckAvailability": request_rules.read_check,
	"CreateBooking": request_rules.read_creation,
	"UpdateBooking": request_rules.read_update,
	"GetBookingStatus": request_rules.read_booking_id,
	"ListBookings": request_rules.read_user_id,
}
NAMES = (
	"merchant_id",
	"slot_time",
	"service_id",
	"start_sec",
	"duration_sec",
	"availability_tag",
	"resources",
	"party_size",
	"slot",
	"user_information",
	"user_id",
	"telephone",
	"address",
	"idempotency_token",
	"booking",
	"booking_id",
	"status",
)


def faults_of(read: Callable[[object], object], payload: object) -> set[str]:
	with pytest.raises(MalformedEvent) as raised:
		read(payload)
	return set(raised.value.fields)


def changed(payload: dict, path: str, value: object) -> dict:
	"""A copy with another value at a dotted path; None takes it away."""
	name, _dot, rest = path.partition(".")
	inner = changed(payload[name], rest, value) if rest else value
	return {key: member for key, member in {**payload, name: inner}.items() if member is not None}


@pytest.mark.parametrize("number", [START, str(START), float(START)])
def test_an_int64_is_a_number_or_a_text(number):
	slot = request_rules.read_creation(changed(CREATION, "slot.start_sec", number)).slot
	assert (slot.start_sec, slot.duration_sec) == (START, 3600)
	assert slot.echo == SLOT


@pytest.mark.parametrize(
	"value", ["soon", "1.5", 1.5, True, [], {}, "9" * 30, 2**63, "-1", -1, 0, "0", "", "１２３"]
)
def test_what_is_no_start_is_refused(value):
	assert faults_of(request_rules.read_creation, changed(CREATION, "slot.start_sec", value)) == {
		"slot.start_sec"
	}


@pytest.mark.parametrize(
	"path",
	[
		"slot.merchant_id",
		"slot.service_id",
		"slot.start_sec",
		"idempotency_token",
		"user_information.user_id",
	],
)
def test_what_a_booking_can_not_be_made_without_is_named(path):
	assert faults_of(request_rules.read_creation, changed(CREATION, path, None)) == {path}


def test_every_fault_is_named_at_once():
	assert faults_of(request_rules.read_creation, {"slot": "now", "user_information": []}) >= {
		"slot",
		"user_information",
		"idempotency_token",
	}


def test_the_duration_may_be_left_to_the_service():
	payload = {"merchant_id": "Google", "slot_time": [{"service_id": "Repair", "start_sec": START}]}
	(slot,) = request_rules.read_lookup(payload).slots
	assert slot.duration_sec is None
	assert slot.echo == {"service_id": "Repair", "start_sec": str(START)}


def test_what_is_answered_of_a_slot_is_what_we_know_of_slots():
	resources = {"staff_id": "7", "party_size": 2, "unknown": [1]}
	payload = changed(changed(CREATION, "slot.resources", resources), "slot.unknown", {"a": 1})
	assert request_rules.read_creation(payload).slot.echo == {
		**SLOT,
		"resources": {"staff_id": "7", "party_size": 2},
	}


@pytest.mark.parametrize("count", [0, 1, 50])
def test_each_slot_asked_for_is_answered_once_and_in_order(count):
	asked = [{"service_id": "Repair", "start_sec": START + place} for place in range(count)]
	lookup = request_rules.read_lookup({"merchant_id": "Google", "slot_time": asked})
	answer = answer_rules.lookup_answer(lookup.slots, [place % 2 for place in range(count)])
	assert [
		(int(entry["slot_time"]["start_sec"]), entry["available"])
		for entry in answer["slot_time_availability"]
	] == [(START + place, bool(place % 2)) for place in range(count)]


def test_one_slot_without_a_service_makes_the_lookup_malformed():
	payload = {"merchant_id": "Google", "slot_time": [{"service_id": "Repair", "start_sec": START}, {}]}
	assert faults_of(request_rules.read_lookup, payload) == {
		"slot_time.1.service_id",
		"slot_time.1.start_sec",
	}


def test_an_update_cancels_or_moves():
	cancelling = request_rules.read_update({"booking": {"booking_id": "B", "status": "CANCELED"}})
	moving = request_rules.read_update({"booking": {"booking_id": "B", "slot": {"start_sec": START}}})
	assert cancelling.cancels and not moving.cancels
	assert (moving.slot.start_sec, moving.slot.service_id) == (START, "")


def test_a_cancellation_counts_more_than_a_slot_beside_it():
	update = {"booking": {"booking_id": "B", "status": "CANCELED", "slot": {"start_sec": "x"}}}
	assert request_rules.read_update(update).cancels


@pytest.mark.parametrize("status", [None, "CONFIRMED", "canceled", 4])
def test_an_update_that_changes_nothing_is_malformed(status):
	payload = {"booking": {"booking_id": "B", "status": status}}
	assert "booking" in faults_of(request_rules.read_update, payload)


@pytest.mark.parametrize("method", READERS)
@given(payload=json_like() | objects(NAMES))
def test_whatever_is_sent_is_read_or_its_faults_are_named(method, payload):
	try:
		json.dumps(getattr(READERS[method](payload), "user", None))
	except MalformedEvent as error:
		assert error.fields


@given(payload=objects(NAMES))
def test_what_is_read_can_be_answered(payload):
	try:
		lookup = request_rules.read_lookup(payload)
	except MalformedEvent:
		return
	json.dumps(answer_rules.lookup_answer(lookup.slots, [1] * len(lookup.slots)))


def test_who_books_becomes_the_lead_s_person():
	event = google_booking.parse({**CREATION, "additional_request": "Ring twice\nplease"}, BERLIN)
	assert (event.external_id, event.thread_id) == ("token-1", USER["user_id"])
	assert (event.person.full_name, event.person.phones, event.person.emails) == (
		"Naree Phan",
		("+14155550123",),
		("naree@customer.example",),
	)
	assert (event.kind, event.service, event.text) == ("Booking", "Repair", "Ring twice\nplease")


def test_somebody_who_can_not_be_reached_can_not_book():
	unreachable = changed(changed(CREATION, "user_information.telephone", None), "user_information.email", "")
	assert faults_of(lambda payload: google_booking.parse(payload, BERLIN), unreachable) == {
		"user_information.telephone",
		"user_information.email",
	}


@pytest.mark.parametrize(
	("refusal", "status", "cause"),
	[
		(Refusal.TAKEN, None, Cause.SLOT_UNAVAILABLE),
		(Refusal.NO_SUCH_SLOT, None, Cause.SLOT_UNAVAILABLE),
		(Refusal.IN_THE_PAST, None, Cause.SLOT_UNAVAILABLE),
		(Refusal.OUTSIDE_HOURS, None, Cause.SLOT_UNAVAILABLE),
		(Refusal.TOO_LATE_TO_CHANGE, Status.CONFIRMED, Cause.OUTSIDE_CANCELLATION_WINDOW),
		(Refusal.IS_OVER, Status.CANCELLED, Cause.BOOKING_ALREADY_CANCELLED),
		(Refusal.IS_OVER, Status.COMPLETED, Cause.BOOKING_NOT_CANCELLABLE),
		(Refusal.IS_OVER, Status.DECLINED, Cause.BOOKING_NOT_CANCELLABLE),
	],
)
def test_a_refusal_has_its_cause(refusal, status, cause):
	assert answer_rules.cause_of(refusal, status) is cause


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_name_at_google(status):
	assert answer_rules.STATUS_NAMES[status] in {
		"CONFIRMED",
		"PENDING_MERCHANT_CONFIRMATION",
		"CANCELED",
		"NO_SHOW",
		"DECLINED_BY_MERCHANT",
	}


def test_a_booking_is_answered_with_the_slot_and_the_user_of_its_request():
	creation = request_rules.read_creation(changed(CREATION, "slot.availability_tag", "tag"))
	answer = answer_rules.creation_answer(BOOKED, creation.slot, creation.user)
	assert answer == {
		"booking": {
			"booking_id": "BOOK-2026-00001",
			"slot": {**SLOT, "availability_tag": "tag"},
			"user_information": USER,
			"status": "CONFIRMED",
		}
	}


def test_a_status_says_nothing_of_payments():
	assert answer_rules.status_answer(BOOKED) == {
		"booking_id": "BOOK-2026-00001",
		"booking_status": "CONFIRMED",
	}


starts = st.integers(min_value=1, max_value=request_rules.LAST_START)


@given(
	seconds=starts, zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"])
)
def test_a_start_comes_back_from_the_site_s_time(seconds, zone):
	zone = ZoneInfo(zone)
	start = time_rules.start_on(seconds, zone)
	assert start is None or instant_of(start, zone).timestamp() == seconds


def test_an_hour_that_comes_twice_is_offered_once():
	first = int(datetime.fromisoformat("2027-10-31T02:30:00+02:00").timestamp())
	again = first + 3600
	assert time_rules.start_on(first, ZONE) == datetime(2027, 10, 31, 2, 30)
	assert time_rules.start_on(again, ZONE) is None
	assert time_rules.end_on(again, ZONE) == datetime(2027, 10, 31, 2, 30)


def test_a_slot_over_a_change_of_clocks_ends_after_its_duration():
	start = int(datetime.fromisoformat("2027-03-28T01:30:00+01:00").timestamp())
	assert time_rules.end_on(start + 3600, ZONE) - time_rules.end_on(start, ZONE) == timedelta(hours=2)
