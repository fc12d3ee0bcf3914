"""What the desk asks of bookings, and who may: requirements BO-1, BO-2, BO-4 and QU-3."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import frappe
import pytest
from frappe.utils import add_days, get_system_timezone, getdate, now_datetime

from lead_inbox.api import bookings
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.lead_inbox.doctype.booking.booking import get_events
from lead_inbox.tests.integration.booking_builders import make_service
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.outgoing import as_user

REPAIR = "Repair"


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


@pytest.fixture
def repair(jun) -> str:
	make_service(REPAIR, jun)
	return REPAIR


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example", territory="North").name


@pytest.fixture(autouse=True)
def territories() -> None:
	for name in ("North", "South"):
		if not frappe.db.exists("Territory", name):
			frappe.get_doc(doctype="Territory", territory_name=name, is_group=0).insert()


@pytest.fixture
def southerner() -> str:
	"""A sales person who may see other leads and customers than the ones of the tests."""
	user = make_user("south@company.example")
	frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="South").insert()
	return user


def at(days: int, hour: int = 10) -> datetime:
	return datetime.combine(add_days(getdate(), days), time(hour))


def day(days: int) -> str:
	return str(at(days).date())


def book(lead: str, starts_on: datetime | None = None, **values) -> str:
	return bookings.book(lead, REPAIR, str(starts_on or at(2)), **values)["booking"]


def begin(booking: str) -> None:
	now = now_datetime().replace(microsecond=0)
	times = {"starts_on": now - timedelta(hours=1), "ends_on": now}
	frappe.db.set_value("Booking", booking, times)


def slots_on(days: int, **values) -> list[dict]:
	(found,) = bookings.get_slots(REPAIR, day(days), day(days), **values)["days"]
	return found["slots"]


class TestReading:
	def test_services_with_who_does_them(self, repair, jun):
		(service,) = [each for each in bookings.get_services() if each["name"] == repair]

		assert service["duration_minutes"] == 60
		assert service["users"] == [{"name": jun, "full_name": "Jun"}]

	def test_free_slots_by_day(self, repair, lead, jun):
		book(lead)
		found = bookings.get_slots(repair, day(2), day(4))

		assert found["time_zone"] == get_system_timezone()
		assert [each["date"] for each in found["days"]] == [at(n).date() for n in (2, 3, 4)]
		free = [slot["starts_on"] for slot in found["days"][0]["slots"]]
		assert at(2) not in free and at(2, 11) in free
		assert list(found["days"][1]["slots"][0]["users"]) == [jun]

	def test_the_time_of_the_booking_that_is_moved_is_free(self, repair, lead):
		booking = book(lead)
		assert at(2) in [slot["starts_on"] for slot in slots_on(2, booking=booking)]

	@pytest.mark.parametrize("until", [1, 65], ids=["none", "too many"])
	def test_so_many_days_can_be_asked_for(self, repair, until):
		with pytest.raises(frappe.ValidationError):
			bookings.get_slots(repair, day(2), day(until))

	def test_a_lead_s_bookings_with_what_can_be_done(self, repair, lead, jun):
		past, later, sooner = book(lead), book(lead, at(4)), book(lead, at(3))
		bookings.cancel(past, "Ill")
		begin(sooner)
		found = bookings.get_bookings(lead)

		assert [each["name"] for each in found["upcoming"]] == [sooner, later]
		assert [each["name"] for each in found["past"]] == [past]
		first, second = found["upcoming"]
		assert first["user_name"] == "Jun" and first["service_name"] == repair
		assert first["can"] == {
			"reschedule": True,
			"cancel": True,
			"confirm": False,
			"decline": False,
			"complete": True,
			"no_show": True,
		}
		assert not second["can"]["complete"]
		assert not any(found["past"][0]["can"].values()) and found["past"][0]["reason"] == "Ill"
		assert first["review"] is None

	def test_conflicts_name_who_and_what(self, repair, lead, jun):
		book(lead)
		(found,) = bookings.get_conflicts(repair, str(at(2)), str(at(2, 11)), user=jun)

		assert (found["kind"], found["user"]) == ("booking", jun)
		assert "Naree" in found["label"]

	def test_the_calendar_shows_bookings_that_the_user_may_see(self, repair, lead, jun, southerner):
		booking = book(lead)
		cancelled = book(lead, at(3))
		bookings.cancel(cancelled, "Ill")

		shown = get_events(day(1), day(5), filters="[]")
		assert [each["name"] for each in shown if each["status"] == "Confirmed"] == [booking]
		assert as_user(southerner, get_events, day(1), day(5)) == []
		assert get_events(day(3), day(5), filters='[["Booking","status","=","Confirmed"]]') == []


class TestBooking:
	def test_at_a_free_slot(self, repair, lead):
		assert bookings.get_bookings(lead)["upcoming"] == []
		booking = book(lead)
		assert [each["name"] for each in bookings.get_bookings(lead)["upcoming"]] == [booking]

	def test_at_another_time_the_user_is_asked_first(self, repair, lead, jun):
		first = book(lead)
		asked = bookings.book(lead, repair, str(at(2)), user=jun)

		assert asked["confirm"] and "booking" not in asked
		assert [each["kind"] for each in asked["conflicts"]] == ["booking"]
		assert frappe.db.count("Booking", {"lead": lead}) == 1
		second = bookings.book(lead, repair, str(at(2)), user=jun, anyway=1)["booking"]
		assert second != first and frappe.db.get_value("Booking", second, "by_hand")

	def test_a_free_slot_is_none_by_hand_whatever_the_user_said(self, repair, lead):
		assert not frappe.db.get_value("Booking", book(lead, anyway=1), "by_hand")

	def test_nobody_is_asked_about_a_time_that_has_passed(self, repair, lead):
		with pytest.raises(BookingRefused):
			book(lead, at(-1), anyway=1)

	def test_by_somebody_who_is_not_of_the_service_only_by_hand(self, repair, lead, sara):
		assert "confirm" in bookings.book(lead, repair, str(at(2)), user=sara)
		booking = book(lead, user=sara, anyway=1)
		assert frappe.db.get_value("Booking", booking, "user") == sara

	def test_by_nobody_of_the_desk_is_refused(self, repair, lead):
		with pytest.raises(frappe.ValidationError):
			book(lead, user="nobody@company.example", anyway=1)


class TestChanging:
	def test_rescheduling_asks_too(self, repair, lead):
		book(lead, at(3))
		booking = book(lead)

		assert bookings.reschedule(booking, str(at(3)))["conflicts"]
		assert bookings.reschedule(booking, str(at(4)), reason="Ill") == {"booking": booking}
		assert bookings.reschedule(booking, str(at(3)), anyway=1) == {"booking": booking}
		assert frappe.db.get_value("Booking", booking, ["starts_on", "by_hand"]) == (at(3), 1)

	@pytest.mark.parametrize("act", [bookings.cancel, bookings.decline])
	def test_calling_off_needs_a_reason(self, repair, lead, act):
		with pytest.raises(frappe.ValidationError):
			act(book(lead), " ")

	def test_what_came_of_it(self, repair, lead):
		booking = book(lead)
		begin(booking)
		bookings.complete(booking)
		bookings.mark_no_show(booking)

		(past,) = bookings.get_bookings(lead)["past"]
		assert past["status"] == "No Show" and past["can"]["complete"]

	def test_a_request_is_confirmed(self, repair, lead):
		booking = book(lead)
		frappe.db.set_value("Booking", booking, "status", "Requested")
		bookings.confirm(booking)
		assert frappe.db.get_value("Booking", booking, "status") == "Confirmed"


class TestRights:
	def test_who_may_not_see_the_lead_sees_and_does_nothing(self, repair, lead, southerner):
		booking = book(lead)
		for act, arguments in (
			(bookings.get_bookings, [lead]),
			(bookings.get_link, [lead]),
			(bookings.book, [lead, repair, str(at(3))]),
			(bookings.reschedule, [booking, str(at(3))]),
			(bookings.cancel, [booking, "Ill"]),
			(bookings.confirm, [booking]),
			(bookings.decline, [booking, "No"]),
			(bookings.complete, [booking]),
			(bookings.mark_no_show, [booking]),
		):
			with pytest.raises(frappe.PermissionError):
				as_user(southerner, act, *arguments)
		assert frappe.db.get_value("Booking", booking, ["status", "starts_on"]) == ("Confirmed", at(2))

	@pytest.mark.parametrize("doctype", ["Booking", "Booking Review", "Booking Reminder"])
	def test_lists_and_documents_follow_the_lead(self, repair, lead, southerner, jun, doctype):
		booking = book(lead)
		name = booking if doctype == "Booking" else insert(doctype, booking, lead)

		assert name in as_user(jun, frappe.get_list, doctype, pluck="name")
		assert name not in as_user(southerner, frappe.get_list, doctype, pluck="name")
		assert as_user(jun, frappe.has_permission, doctype, "read", name)
		assert not as_user(southerner, frappe.has_permission, doctype, "read", name)

	def test_of_a_customer_s_booking_they_follow_the_customer(self, repair, lead, southerner, jun):
		booking = book(lead)
		customer = make_customer("Phan Plumbing", territory="North").name
		frappe.db.set_value("Booking", booking, {"lead": None, "customer": customer})

		assert booking in as_user(jun, frappe.get_list, "Booking", pluck="name")
		assert booking not in as_user(southerner, frappe.get_list, "Booking", pluck="name")
		assert not as_user(southerner, frappe.has_permission, "Booking", "read", booking)
		with pytest.raises(frappe.PermissionError):
			as_user(southerner, bookings.cancel, booking, "Ill")

	def test_who_may_only_read_the_lead_can_change_nothing(self, repair, lead):
		booking = book(lead)
		reader = make_user("reader@company.example", "Blogger")
		frappe.share.add("Lead", lead, reader, read=1)

		assert as_user(reader, bookings.get_bookings, lead)["upcoming"][0]["can"]["cancel"] is False
		with pytest.raises(frappe.PermissionError):
			as_user(reader, bookings.cancel, booking, "Ill")


def insert(doctype: str, booking: str, lead: str) -> str:
	doc = frappe.get_doc(doctype=doctype, booking=booking, lead=lead, kind="Reminder", audience="Staff")
	return doc.insert(ignore_permissions=True).name
