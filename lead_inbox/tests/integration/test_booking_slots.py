"""Free times of services on a site (BO-2): their hours, their users, their bookings, and the users' calendars."""

from __future__ import annotations

from datetime import datetime, timedelta

import frappe
import pytest

from lead_inbox.bookings.rules import Refusal
from lead_inbox.bookings.services import conflicts, services, slots
from lead_inbox.tests.integration.booking_builders import (
	add_event,
	all_week,
	insert_booking,
	make_item,
	make_service,
)
from lead_inbox.tests.integration.builders import make_holiday_list, make_user
from lead_inbox.tests.perf.database import recorded

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = datetime(2035, 6, 4, 10)
MIDNIGHT = datetime(2035, 6, 4)


def free(service: str, **options: object) -> list[str]:
	"""The times of day of the free slots of that day."""
	return [
		f"{slot.starts_on:%H:%M}" for slot in slots.free_slots(service, MIDNIGHT, MIDNIGHT + DAY, **options)
	]


def at(service: str, starts_on: datetime = TEN, **options: object) -> slots.Slot | None:
	return next(iter(slots.free_slots(service, starts_on, starts_on + timedelta(minutes=5), **options)), None)


@pytest.fixture
def ann() -> str:
	return make_user("ann@company.example")


@pytest.fixture
def bob() -> str:
	return make_user("bob@company.example")


# Reading a service


def test_a_service_is_read_with_the_enabled_users_of_its_table_and_its_group(ann, bob):
	gone = make_user("gone@company.example")
	frappe.db.set_value("User", gone, "enabled", 0)
	group = frappe.get_doc(
		doctype="User Group", name="Plumbers", user_group_members=[{"user": user} for user in (bob, gone)]
	).insert()
	service = services.read(make_service("", ann, user_group=group.name, buffer_before_minutes=10))
	assert service.users == (ann, bob)
	assert service.step == HOUR + timedelta(minutes=10)


def test_a_service_that_is_disabled_or_does_not_exist_cannot_be_booked():
	disabled = make_service(enabled=0)
	assert (services.read(disabled), services.read("No such service")) == (None, None)
	assert slots.refusal(disabled, TEN, TEN + HOUR) is Refusal.UNKNOWN_SERVICE
	assert free(disabled) == []
	assert disabled not in [service.name for service in services.read_all()]


def test_customers_are_offered_only_what_they_book_themselves():
	service, soon = make_service(online=0), {"by_customer": True, "now": TEN - 2 * DAY}
	assert (bool(free(service)), free(service, **soon), bool(free(make_service(), **soon))) == (
		True,
		[],
		True,
	)
	assert slots.refusal(service, TEN, TEN + HOUR, **soon) is Refusal.NOT_ONLINE
	assert service not in [found.name for found in services.read_all(online=True)]


def test_the_price_is_the_item_price_of_its_list():
	item = make_item()
	service = services.read(make_service(item=item, price_list="Standard Selling"))
	assert services.price_of(service) is None
	frappe.get_doc(
		doctype="Item Price", item_code=item, price_list="Standard Selling", price_list_rate=80
	).insert()
	currency = frappe.db.get_value("Price List", "Standard Selling", "currency")
	assert services.price_of(service) == (80, currency)
	assert services.price_of(services.read(make_service(item=item))) is None


def test_a_customer_may_have_a_price_of_their_own():
	item = make_item()
	customer = frappe.get_doc(doctype="Customer", customer_name="Phan Plumbing").insert().name
	service = services.read(make_service(item=item, price_list="Standard Selling"))
	for rate, values in ((80, {}), (60, {"customer": customer})):
		prices = {"item_code": item, "price_list": "Standard Selling", "price_list_rate": rate, **values}
		frappe.get_doc(doctype="Item Price", **prices).insert()
	assert (services.price_of(service)[0], services.price_of(service, customer)[0]) == (80, 60)


# Free times


def test_hours_and_holidays_of_the_service():
	service = make_service(hours=all_week("09:00:00", "12:00:00"))
	assert free(service) == ["09:00", "10:00", "11:00"]
	frappe.get_doc("Bookable Service", service).update(
		{"holiday_list": make_holiday_list(MIDNIGHT.date())}
	).save()
	assert free(service) == []


def test_a_booking_takes_its_place_until_it_is_over():
	service = make_service(hours=all_week("09:00:00", "12:00:00"))
	booking = insert_booking(service, TEN)
	assert free(service) == ["09:00", "11:00"]
	assert free(service, ignoring=booking) == ["09:00", "10:00", "11:00"]
	frappe.db.set_value("Booking", booking, "status", "Cancelled")
	assert free(service) == ["09:00", "10:00", "11:00"]


def test_what_is_only_requested_holds_its_place():
	service = make_service()
	insert_booking(service, TEN, status="Requested")
	assert slots.refusal(service, TEN, TEN + HOUR) is Refusal.TAKEN


def test_a_booking_of_days_takes_all_that_is_within_it():
	service = make_service()
	insert_booking(service, TEN - 20 * DAY, ends_on=TEN + HOUR)
	assert (at(service), at(service, TEN + HOUR).places) == (None, 1)


def test_as_many_at_once_as_there_are_places():
	service = make_service(capacity=3)
	for left in (2, 1):
		insert_booking(service, TEN)
		assert at(service).places == left
	insert_booking(service, TEN)
	assert at(service) is None


def test_what_a_service_keeps_free_around_its_bookings():
	service = make_service(hours=all_week("09:00:00", "13:00:00"), step_minutes=60, buffer_after_minutes=30)
	insert_booking(service, TEN)
	assert free(service) == ["12:00"]


def test_users_who_do_another_service_then_are_not_free(ann, bob):
	one, other = make_service("", ann, bob, capacity=5), make_service("", ann, buffer_before_minutes=60)
	insert_booking(other, TEN + HOUR, user=ann)
	slot = at(one)
	assert (slot.users, slot.places) == ((bob,), 1)
	assert at(one, user=ann) is None
	assert slots.refusal(one, TEN, TEN + HOUR, user=ann) is Refusal.TAKEN
	assert slots.refusal(one, TEN, TEN + HOUR, user=bob) is None


def test_a_service_whose_users_have_all_left_has_no_free_times(ann):
	service = make_service("", ann)
	frappe.db.set_value("User", ann, "enabled", 0)
	assert free(service) == []


@pytest.mark.parametrize(
	("values", "is_free"),
	[
		({}, False),
		({"ends_on": None}, False),
		({"starts_on": TEN - HOUR}, True),
		({"status": "Completed"}, True),
		({"status": "Cancelled"}, True),
		({"starts_on": MIDNIGHT, "ends_on": None, "all_day": 1}, False),
		({"starts_on": TEN - 300 * DAY, "ends_on": TEN + 9 * DAY}, False),
		(
			{
				"starts_on": TEN - 14 * DAY,
				"ends_on": TEN - 14 * DAY + HOUR,
				"repeat_this_event": 1,
				"repeat_on": "Daily",
			},
			False,
		),
		({"event_type": "Public"}, False),
	],
)
def test_what_users_have_in_their_calendar_is_not_free(ann, values, is_free):
	service = make_service("", ann)
	add_event(ann, **{"starts_on": TEN, **values})
	assert bool(at(service)) == is_free


def test_the_calendar_of_somebody_else_does_not_matter(ann, bob):
	service = make_service("", ann)
	add_event(bob, TEN)
	assert at(service).users == (ann,)


def test_who_takes_part_in_a_meeting_is_not_free_unless_they_decline(ann, bob):
	service = make_service("", ann)
	event = frappe.get_doc("Event", add_event(bob, TEN))
	event.add_participant("User", ann)
	event.save()
	assert at(service) is None
	frappe.db.set_value("Event Participants", event.event_participants[0].name, "attending", "No")
	assert at(service).users == (ann,)


def test_the_event_of_a_booking_counts_as_the_booking(ann):
	service = make_service("", ann)
	booking = insert_booking(service, TEN, user=ann)
	add_event(ann, TEN, inbox_booking=booking)
	assert (at(service), at(service, ignoring=booking).users) == (None, (ann,))


def test_as_many_queries_for_many_services_as_for_one(ann, bob):
	names = [make_service("", ann, bob) for _number in range(8)]
	for name in names:
		insert_booking(name, TEN, user=ann)
	slots.free_slots_of(names, MIDNIGHT, MIDNIGHT + DAY)
	counts = []
	for asked in (names[:1], names):
		with recorded() as statements:
			found = slots.free_slots_of(asked, MIDNIGHT, MIDNIGHT + DAY)
		assert list(found) == asked
		counts.append(len(statements))
	assert counts[0] == counts[1]


# What speaks against a time


def kinds(service: str, starts_on: datetime = TEN, **options: object) -> list[tuple[str, str]]:
	found = conflicts.conflicts(service, starts_on, starts_on + HOUR, **options)
	return [(conflict["kind"], conflict["label"]) for conflict in found]


def test_nothing_speaks_against_a_free_time(ann):
	assert kinds(make_service("", ann)) == []


def test_conflicts_say_who_and_what(ann):
	service = make_service("", ann, hours=all_week("12:00:00", "17:00:00"))
	booking = insert_booking(service, TEN, user=ann, title="Naree: Boiler")
	add_event(ann, TEN)
	assert kinds(service) == [
		("hours", f"Outside the hours of {service}"),
		("booking", "Naree: Boiler"),
		("event", "Dentist"),
	]
	assert kinds(service, ignoring=booking)[1:] == [("event", "Dentist")]
	found = conflicts.conflicts(service, TEN, TEN + HOUR)
	assert [row["user"] for row in found] == [None, ann, ann]
	assert (found[1]["starts_on"], found[1]["ends_on"]) == (TEN, TEN + HOUR)


def test_a_holiday_is_called_by_its_name():
	service = make_service(holiday_list=make_holiday_list(MIDNIGHT.date()))
	assert kinds(service) == [("holiday", "Closed")]


def test_what_one_of_two_users_has_to_do_is_no_conflict_unless_they_are_asked_for(ann, bob):
	service = make_service("", ann, bob)
	add_event(ann, TEN)
	assert kinds(service) == []
	assert kinds(service, user=ann) == [("event", "Dentist")]


def test_what_the_user_may_not_read_is_called_busy(ann, bob):
	service = make_service("", ann)
	add_event(ann, TEN)
	frappe.set_user(bob)
	assert kinds(service) == [("event", "Busy")]


# What a service may say


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"duration_minutes": 0}, "how many minutes"),
		({"duration_minutes": 7}, "Duration in Minutes must be a multiple of 5"),
		({"buffer_after_minutes": 1500}, "Minutes Kept Free After must be at most 1440"),
		({"capacity": 0}, "Places must be at least 1"),
		({"horizon_days": 0}, "Days Ahead must be at least 1"),
		({"time_zone": "Mars"}, "Mars is not a time zone"),
		({"hours": [*all_week(), *all_week("16:00:00", "18:00:00")]}, "The hours of Monday overlap"),
		({"hours": all_week("17:00:00", "09:00:00")}, "it closes before it opens"),
	],
)
def test_what_a_service_cannot_say_is_refused_with_words(values, words):
	with pytest.raises(frappe.ValidationError, match=words):
		make_service(**values)
