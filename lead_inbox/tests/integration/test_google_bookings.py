"""Customers book from Google: requirement BO-6, the booking server of Google's Actions Center."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.google import merchants, server
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.tests.integration.booking_builders import in_days, make_service
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user, state_of
from lead_inbox.tests.integration.google_booking_builders import (
	MERCHANT,
	PARTNER,
	REPAIR,
	creation,
	seconds,
	slot,
	user,
)


@pytest.fixture(autouse=True)
def merchant() -> str:
	make_user(PARTNER, "Lead Partner")
	make_channel(MERCHANT, "Google Actions Center", api_user=PARTNER, default_country="United States")
	make_service(REPAIR, capacity=3, lead_time_minutes=120)
	return MERCHANT


def ask(method: str, payload: dict[str, Any], caller: str = PARTNER) -> dict[str, Any]:
	return server.serve(method, merchants.channels_of(caller), payload)


def create(number: int = 1, **values: Any) -> dict[str, Any]:
	return ask("CreateBooking", creation(number, **values))


def booked(number: int = 1, **values: Any) -> str:
	return create(number, **values)["booking"]["booking_id"]


def update(booking: str, **values: Any) -> dict[str, Any]:
	return ask("UpdateBooking", {"booking": {"booking_id": booking, **values}})


def cause(answer: dict[str, Any]) -> str:
	assert set(answer) == {"booking_failure"}
	return answer["booking_failure"]["cause"]


def available(*starts: datetime, **values: Any) -> list[bool]:
	asked = [{**slot(start, **values)} for start in starts]
	for entry in asked:
		del entry["merchant_id"]
	answer = ask("BatchAvailabilityLookup", {"merchant_id": MERCHANT, "slot_time": asked})
	assert [entry["slot_time"] for entry in answer["slot_time_availability"]] == asked
	return [entry["available"] for entry in answer["slot_time_availability"]]


def faults(method: str, payload: dict[str, Any], caller: str = PARTNER) -> set[str]:
	with pytest.raises(MalformedEvent) as raised:
		ask(method, payload, caller)
	return set(raised.value.fields)


def row(booking: str) -> Any:
	return frappe.get_doc("Booking", booking)


def counts() -> tuple[int, ...]:
	return tuple(frappe.db.count(doctype) for doctype in ("Booking", "Lead", "Lead Event", "Lead Message"))


def test_a_booking_is_confirmed_and_is_a_lead_that_is_booked():
	answer = create(additional_request="Ring twice")

	made = row(answer["booking"]["booking_id"])
	assert answer == {
		"booking": {
			"booking_id": made.name,
			"slot": slot(),
			"user_information": user(),
			"status": "CONFIRMED",
		}
	}
	assert (made.service, made.starts_on, made.ends_on) == (REPAIR, in_days(2), in_days(2, 11))
	assert (made.customer_name, made.lead_email, made.phone, made.notes) == (
		"Naree Phan1",
		"naree1@customer.example",
		"+14155550001",
		"Ring twice",
	)
	assert (made.origin, made.channel, made.booked_by) == ("Google", MERCHANT, None)
	lead = frappe.get_doc("Lead", made.lead)
	assert (lead.lead_name, lead.inbox_type, lead.inbox_channel) == ("Naree Phan1", "Booking", MERCHANT)
	assert state_of(lead.name)[0] == "Booked"
	said = frappe.get_all("Lead Message", {"lead": lead.name, "direction": "In"}, ["kind", "content"])
	assert said == [{"kind": "Booking", "content": "Ring twice"}]


def test_what_somebody_has_to_confirm_is_pending():
	frappe.get_doc("Bookable Service", REPAIR).update({"needs_confirmation": 1}).save()
	answer = create()["booking"]
	assert answer["status"] == "PENDING_MERCHANT_CONFIRMATION"
	bookings.decline(answer["booking_id"], "No time")
	status = ask("GetBookingStatus", {"booking_id": answer["booking_id"]})
	assert status == {"booking_id": answer["booking_id"], "booking_status": "DECLINED_BY_MERCHANT"}


def test_the_same_token_again_is_the_same_booking_and_the_same_answer():
	first = create()
	before = counts()
	assert create() == first
	assert counts() == before


def test_the_same_token_with_another_body_is_refused():
	create()
	before = counts()
	assert faults("CreateBooking", creation(1, slot=slot(in_days(3)))) == {"idempotency_token"}
	assert faults("CreateBooking", creation(2, token="t-1")) == {"idempotency_token"}
	assert counts() == before


def test_a_booking_that_failed_leaves_nothing_and_is_tried_again_with_the_same_token():
	frappe.db.set_value("Bookable Service", REPAIR, "capacity", 1)
	frappe.clear_document_cache("Bookable Service", REPAIR)
	first = booked(1)
	before = counts()
	assert cause(create(2)) == "SLOT_UNAVAILABLE"
	assert counts() == before

	update(first, status="CANCELED")
	assert create(2)["booking"]["status"] == "CONFIRMED"


def test_three_places_are_given_to_three():
	answers = [create(number) for number in range(1, 5)]
	assert [answer["booking"]["status"] for answer in answers[:3]] == ["CONFIRMED"] * 3
	assert cause(answers[3]) == "SLOT_UNAVAILABLE"


def test_somebody_whom_the_inbox_knows_is_the_same_lead():
	make_channel()
	lead = arrive(name="Naree Phan", phone="(415) 555-0001", message="Hi")
	assert row(booked(1)).lead == lead


def test_the_same_user_of_google_is_the_same_lead_with_another_number_too():
	first = row(booked(1))
	moved = {**user(1), "telephone": "+14155559999", "email": "new@customer.example"}
	second = row(booked(1, token="t-9", user_information=moved, slot=slot(in_days(3))))
	assert second.lead == first.lead
	assert (second.phone, second.lead_email) == ("+14155559999", "new@customer.example")


def test_nobody_books_a_slot_twice_or_two_at_a_time():
	make_service("Cleaning", capacity=3)
	booked(1)
	before = counts()
	assert cause(create(1, token="again")) == "SLOT_ALREADY_BOOKED_BY_USER"
	other = slot(service_id="Cleaning")
	assert cause(create(1, token="other", slot=other)) == "OVERLAPPING_RESERVATION"
	assert counts() == before
	assert create(2, slot=other)["booking"]["status"] == "CONFIRMED"


def test_who_has_the_last_place_already_is_told_so():
	frappe.db.set_value("Bookable Service", REPAIR, "capacity", 1)
	frappe.clear_document_cache("Bookable Service", REPAIR)
	booked(1)
	assert cause(create(1, token="again")) == "SLOT_ALREADY_BOOKED_BY_USER"


@pytest.mark.parametrize(
	("start", "values"),
	[
		(lambda: in_days(-1), {}),
		(lambda: now_datetime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), {}),
		(lambda: in_days(500), {}),
		(lambda: in_days(2) + timedelta(minutes=7), {}),
		(lambda: in_days(2), {"duration_sec": "1800"}),
	],
)
def test_what_is_no_free_slot_is_not_available_and_can_not_be_booked(start, values):
	starts_on = start()
	assert available(starts_on, **values) == [False]
	before = counts()
	assert cause(create(slot=slot(starts_on, **values))) == "SLOT_UNAVAILABLE"
	assert counts() == before


def test_slots_are_answered_in_the_order_asked_for_however_often():
	frappe.db.set_value("Bookable Service", REPAIR, "capacity", 1)
	frappe.clear_document_cache("Bookable Service", REPAIR)
	booked(1)
	assert available(in_days(3), in_days(2), in_days(2, 11), in_days(2), in_days(400), in_days(3)) == [
		True,
		False,
		True,
		False,
		False,
		True,
	]
	assert available() == []


def test_the_older_check_counts_places():
	booked(1)
	assert ask("CheckAvailability", {"slot": slot()}) == {"slot": slot(), "count_available": 2}
	assert ask("CheckAvailability", {"slot": slot(in_days(-2))})["count_available"] == 0


def test_a_closed_channel_offers_nothing_but_lets_customers_cancel():
	booking = booked(1)
	frappe.get_doc("Lead Channel", MERCHANT).update({"paused_until": "2999-01-01"}).save()
	assert available(in_days(2)) == [False]
	assert cause(create(2)) == "SLOT_UNAVAILABLE"
	assert update(booking, status="CANCELED")["booking"]["status"] == "CANCELED"


@pytest.mark.parametrize("values", [{"online": 0}, {"enabled": 0}])
def test_a_service_that_is_not_offered_any_more_is_unavailable(values):
	frappe.get_doc("Bookable Service", REPAIR).update(values).save()
	assert available(in_days(2)) == [False]
	assert cause(create()) == "SLOT_UNAVAILABLE"


def test_unknown_merchants_and_services_are_bad_data():
	nowhere, nothing = slot(merchant_id="Elsewhere"), slot(service_id="Magic")
	assert faults("CreateBooking", creation(slot=nowhere)) == {"slot.merchant_id"}
	assert faults("CreateBooking", creation(slot=nothing)) == {"slot.service_id"}
	assert faults("CheckAvailability", {"slot": nothing}) == {"slot.service_id"}
	lookup = {"merchant_id": MERCHANT, "slot_time": [nothing]}
	assert faults("BatchAvailabilityLookup", lookup) == {"slot_time.service_id"}


def test_who_can_not_be_reached_can_not_book():
	unreachable = {**user(), "telephone": "", "email": "nowhere"}
	assert faults("CreateBooking", creation(user_information=unreachable)) == {"user_information"}
	assert counts()[0] == 0


def test_a_customer_moves_a_booking():
	booking = booked(1)
	moved = update(booking, slot={"start_sec": seconds(in_days(3)), "duration_sec": 3600})
	assert moved == {
		"booking": {"booking_id": booking, "slot": slot(in_days(3)), "status": "CONFIRMED"},
	}
	assert (row(booking).starts_on, row(booking).ends_on) == (in_days(3), in_days(3, 11))
	assert update(booking, slot=slot(in_days(3))) == moved


def test_a_customer_cancels_a_booking_once():
	booking = booked(1)
	assert update(booking, status="CANCELED")["booking"]["status"] == "CANCELED"
	assert cause(update(booking, status="CANCELED")) == "BOOKING_ALREADY_CANCELLED"
	assert cause(update(booking, slot=slot(in_days(3)))) == "BOOKING_ALREADY_CANCELLED"
	assert state_of(row(booking).lead)[0] == "Active"


def test_it_may_be_too_late_to_cancel_or_move():
	frappe.get_doc("Bookable Service", REPAIR).update({"change_until_minutes": 3 * 24 * 60}).save()
	booking = booked(1)
	assert cause(update(booking, status="CANCELED")) == "OUTSIDE_CANCELLATION_WINDOW"
	assert cause(update(booking, slot=slot(in_days(5)))) == "OUTSIDE_CANCELLATION_WINDOW"
	assert row(booking).status == "Confirmed"


def test_what_is_over_can_not_be_cancelled():
	booking = booked(1)
	frappe.db.set_value("Booking", booking, "status", "Completed")
	assert cause(update(booking, status="CANCELED")) == "BOOKING_NOT_CANCELLABLE"


def test_a_booking_is_not_moved_to_where_there_is_no_place():
	frappe.db.set_value("Bookable Service", REPAIR, "capacity", 1)
	frappe.clear_document_cache("Bookable Service", REPAIR)
	make_service("Cleaning")
	booking = booked(1)
	booked(2, slot=slot(in_days(3)))
	assert cause(update(booking, slot=slot(in_days(3)))) == "SLOT_UNAVAILABLE"
	booked(1, token="cleaning", slot=slot(in_days(4), service_id="Cleaning"))
	assert cause(update(booking, slot=slot(in_days(4)))) == "OVERLAPPING_RESERVATION"
	assert row(booking).starts_on == in_days(2)


def test_a_booking_keeps_its_service():
	booking = booked(1)
	make_service("Cleaning")
	other = {"booking_id": booking, "slot": slot(in_days(3), service_id="Cleaning")}
	assert faults("UpdateBooking", {"booking": other}) == {"booking.slot.service_id"}


def test_the_bookings_of_a_user_are_listed_and_nobody_else_s():
	"""Also of two users who share a phone, and so are one lead to the inbox."""
	first = booked(1)
	second = booked(1, token="t-9", slot=slot(in_days(3)))
	shared = {**user(2), "telephone": user(1)["telephone"]}
	third = booked(2, user_information=shared, slot=slot(in_days(4)))
	update(first, status="CANCELED")

	listed = ask("ListBookings", {"user_id": "user-1"})["bookings"]
	assert [(entry["booking_id"], entry["status"]) for entry in listed] == [
		(second, "CONFIRMED"),
		(first, "CANCELED"),
	]
	assert listed[0] == {
		"booking_id": second,
		"slot": slot(in_days(3)),
		"user_information": user(1),
		"status": "CONFIRMED",
	}
	assert [entry["booking_id"] for entry in ask("ListBookings", {"user_id": "user-2"})["bookings"]] == [
		third
	]
	assert ask("ListBookings", {"user_id": "user-3"}) == {"bookings": []}


def test_one_user_may_stand_for_several_merchants_and_for_no_others():
	make_channel("Second shop", "Google Actions Center", api_user=PARTNER)
	stranger = make_user("other@partner.example", "Lead Partner")
	make_channel("Other business", "Google Actions Center", api_user=stranger)
	second = booked(1, slot=slot(merchant_id="Second shop"))
	assert row(second).channel == "Second shop"

	assert faults("UpdateBooking", {"booking": {"booking_id": second, "status": "CANCELED"}}, stranger) == {
		"booking.booking_id"
	}
	with pytest.raises(server.NoSuchBooking):
		ask("GetBookingStatus", {"booking_id": second}, stranger)
	assert ask("ListBookings", {"user_id": "user-1"}, stranger) == {"bookings": []}
	assert faults("CreateBooking", creation(2), stranger) == {"slot.merchant_id"}


def test_bookings_made_elsewhere_are_not_google_s_business():
	lead = make_lead(first_name="Ada", phone="+14155550199").name
	booking = bookings.book(Request(service=REPAIR, lead=lead, starts_on=in_days(2)))
	with pytest.raises(server.NoSuchBooking):
		ask("GetBookingStatus", {"booking_id": booking})
	assert faults("UpdateBooking", {"booking": {"booking_id": booking, "status": "CANCELED"}}) == {
		"booking.booking_id"
	}


def test_how_somebody_pays_is_not_kept():
	booked(1, payment_processing_parameters={"unparsed_payment_method_token": "4111111111111111"})
	assert "4111" not in frappe.db.get_value("Lead Event", {"channel": MERCHANT}, "payload")


def test_texts_that_no_database_holds_are_booked_all_the_same():
	odd = {**user(), "given_name": "\ud800\x00<b>Naree</b>"}
	answer = create(user_information=odd, additional_request="\udfff 😀")
	assert answer["booking"]["status"] == "CONFIRMED"
	assert create(user_information=odd, additional_request="\udfff 😀") == answer


def test_fifty_slots_are_answered_within_a_second():
	starts = [in_days(day, hour) for day in range(2, 27) for hour in (9, 15)]
	available(*starts)  # what Frappe reads once
	began = time.monotonic()
	assert available(*starts) == [True] * 50
	assert time.monotonic() - began < 1


def test_a_channel_shows_the_address_that_google_is_told():
	address = frappe.get_doc("Lead Channel", MERCHANT).door_url
	assert address.endswith("/api/method/lead_inbox.api.v1.google_bookings.serve")


@pytest.mark.parametrize("roles", [("Sales User",), ("Lead Partner", "Sales User")])
def test_the_key_of_a_user_with_more_rights_is_not_given_away(roles):
	anybody = make_user("anybody@company.example", *roles)
	with pytest.raises(frappe.ValidationError, match="and no other"):
		make_channel("Second shop", "Google Actions Center", api_user=anybody)
	with pytest.raises(frappe.ValidationError, match="Choose the User of the Source"):
		make_channel("Third shop", "Google Actions Center")
