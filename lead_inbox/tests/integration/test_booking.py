"""Making, moving and ending bookings: requirements BO-1, BO-3 and BO-4."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import frappe
import pytest
from erpnext.crm.utils import open_leads_opportunities_based_on_todays_event
from frappe.desk.doctype.event.event import get_events
from frappe.utils import add_days, getdate, now_datetime

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.bookings.rules import Origin, Refusal
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.booking_builders import make_service
from lead_inbox.tests.integration.builders import make_channel, make_lead, make_user, state_of
from lead_inbox.tests.integration.conversion_builders import NONE, convert, make_customer
from lead_inbox.tests.integration.outgoing import as_user

REPAIR = "Repair"


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


@pytest.fixture
def repair(jun, sara) -> str:
	"""An hour of work that two people do, one customer at a time each, around the clock."""
	make_service(REPAIR, jun, sara, capacity=2)
	return REPAIR


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example", phone="+14155550123").name


def at(days: int, hour: int = 10) -> datetime:
	return datetime.combine(add_days(getdate(), days), time(hour))


def book(lead: str, starts_on: datetime | None = None, **values) -> str:
	return bookings.book(Request(service=REPAIR, lead=lead, starts_on=starts_on or at(2), **values))


def row(booking: str) -> frappe._dict:
	return frappe.db.get_value("Booking", booking, "*", as_dict=True)


def begin(booking: str) -> None:
	"""Pretend that a booking's time has come."""
	now = now_datetime().replace(microsecond=0)
	times = {"starts_on": now - timedelta(hours=1), "ends_on": now}
	frappe.db.set_value("Booking", booking, times)


def calendar_of(user: str, day: datetime) -> list[frappe._dict]:
	return [event for event in get_events(day.date(), day.date(), user) if event.owner == user]


def refused(act, *args, **kwargs) -> Refusal:
	with pytest.raises(BookingRefused) as caught:
		act(*args, **kwargs)
	assert str(caught.value)
	return caught.value.refusal


def claims() -> set[tuple]:
	"""The places that bookings hold."""
	filters = {"booking": ["is", "set"]}
	fields = ["resource", "tick_on", "seat", "booking"]
	rows = frappe.get_all("Booking Claim", filters=filters, fields=fields, order_by="name")
	return {tuple(claim.values()) for claim in rows}


def everything() -> tuple:
	"""What a refused request must leave as it was."""
	tables = ("Booking", "Booking Claim", "Event", "Lead Message", "Booking Reminder")
	return (claims(), *(frappe.db.count(table) for table in tables))


def told(user: str) -> list[str]:
	filters = {"for_user": user, "document_type": "Booking"}
	return frappe.get_all("Notification Log", filters=filters, pluck="subject", order_by="creation asc")


class TestBooking:
	def test_says_what_was_agreed(self, repair, lead, jun):
		booked = row(book(lead, user=jun, notes="It drips", place="1 Pipe Street"))

		assert (booked.status, booked.service, booked.user) == ("Confirmed", repair, jun)
		assert (booked.starts_on, booked.ends_on) == (at(2), at(2, 11))
		assert (booked.customer_name, booked.lead_email) == ("Naree", "naree@customer.example")
		assert (booked.phone, booked.notes, booked.place) == ("+14155550123", "It drips", "1 Pipe Street")
		assert (booked.origin, booked.booked_by) == ("User", "Administrator")
		assert booked.item and booked.time_zone and "Naree" in booked.title

	def test_is_in_the_calendar_of_who_does_it(self, repair, lead, jun, sara):
		booking = book(lead, user=jun)

		(event,) = calendar_of(jun, at(2))
		assert event.name == row(booking).event
		assert event.starts_on == at(2) and event.ends_on == at(2, 11)
		assert calendar_of(sara, at(2)) == []

	def test_does_not_let_erpnext_reopen_the_lead_on_the_day(self, repair, lead, jun):
		booking = book(lead, user=jun)
		begin(booking)
		frappe.db.set_value("Event", row(booking).event, {"starts_on": now_datetime(), "ends_on": None})
		frappe.get_doc("Lead", lead).update({"status": "Do Not Contact"}).save()

		open_leads_opportunities_based_on_todays_event()

		assert frappe.db.get_value("Lead", lead, "status") == "Do Not Contact"

	def test_without_a_wish_falls_to_somebody_who_is_free(self, repair, lead, jun, sara):
		users = {row(book(lead)).user, row(book(lead)).user}

		assert users == {jun, sara}

	def test_is_remarked_in_the_conversation(self, repair, lead):
		book(lead)

		remark = frappe.get_last_doc("Lead Message", {"lead": lead, "kind": "Note"})
		assert repair in remark.content and remark.user == "Administrator"

	def test_without_a_lead_is_a_customer_s(self, repair):
		customer = make_customer("Old Friend", mobile_no="+14155550199").name
		booked = row(bookings.book(Request(service=repair, customer=customer, starts_on=at(2))))

		assert (booked.customer, booked.customer_name, booked.lead) == (customer, "Old Friend", None)

	def test_of_nobody_is_refused(self, repair):
		assert refused(bookings.book, Request(service=repair, starts_on=at(2))) is Refusal.NO_CONTACT_DATA

	def test_is_written_by_nobody_else(self, repair, lead):
		values = {"lead": lead, "service": repair, "starts_on": at(2), "ends_on": at(2, 11)}
		booking = book(lead, at(3))

		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(doctype="Booking", **values).insert(ignore_permissions=True)
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc("Booking", booking).update({"starts_on": at(4)}).save(ignore_permissions=True)
		assert row(booking).starts_on == at(3)

	def test_can_not_be_made_or_changed_through_rest_by_a_manager(self, repair, lead):
		manager = make_user("boss@company.example", "Sales Manager")
		booking = frappe.get_doc("Booking", book(lead))
		assert as_user(manager, booking.has_permission, "read")
		for ptype in ("create", "write", "delete"):
			assert not as_user(manager, booking.has_permission, ptype)

	def test_nothing_is_taken_from_the_defaults_of_whoever_books(self, lead, repair, jun):
		other = make_customer("Other").name
		frappe.get_doc(
			doctype="User Permission", user=jun, allow="Customer", for_value=other, is_default=1
		).insert()
		booking = row(as_user(jun, book, lead))

		assert not (booking.price or booking.currency or booking.customer or booking.channel)


class TestTheLead:
	@pytest.mark.parametrize(
		"happenings",
		[[], [Happening.REPLIED], [Happening.WENT_UNANSWERED]],
		ids=["New", "Active", "Inactive"],
	)
	def test_in_work_becomes_booked(self, repair, lead, happenings):
		for happening in happenings:
			lifecycle.apply(lead, happening)
		book(lead)

		assert state_of(lead)[0] == "Booked"

	def test_is_active_again_when_the_last_of_its_bookings_is_over(self, repair, lead):
		first, second, third = book(lead, at(2)), book(lead, at(3)), book(lead, at(4))
		bookings.cancel(first, "Ill")
		assert state_of(lead)[0] == "Booked"
		begin(second)
		bookings.complete(second)
		assert state_of(lead)[0] == "Booked"
		bookings.cancel(third, "Ill")
		assert state_of(lead)[0] == "Active"

	def test_that_was_declined_stays_so_and_is_booked_once_it_is_restored(self, repair, lead):
		lifecycle.apply(lead, Happening.DECLINED)
		book(lead)
		assert state_of(lead)[0] == "Declined"
		lifecycle.require(lead, Happening.RESTORED)
		assert state_of(lead)[0] == "Booked"

	def test_that_was_converted_stays_closed_and_its_customer_can_be_booked(self, repair, lead):
		customer = convert(lead, opportunity=NONE).customer
		booking = book(lead)

		assert state_of(lead) == ("Closed", "Converted")
		assert row(booking).customer == customer
		bookings.cancel(booking, "Ill")
		assert state_of(lead) == ("Closed", "Converted")


class TestOnce:
	def test_the_same_request_is_the_same_booking(self, repair, lead):
		first = book(lead, key="a")
		before = everything()

		assert book(lead, key="a") == first
		assert book(lead, at(3), key="a") == first, "another body does not make another booking"
		assert everything() == before
		assert book(lead, at(3), key="b") != first

	def test_the_same_request_of_another_origin_is_another(self, repair, lead):
		assert book(lead, key="a") != book(lead, at(3), key="a", origin=Origin.CUSTOMER)

	def test_a_booking_of_a_source_is_booked_once(self, repair, lead):
		make_channel()
		told_by_source = {"channel": "Partner", "external_id": "42", "origin": Origin.PARTNER}
		first = book(lead, **told_by_source)

		assert book(lead, at(3), **told_by_source) == first
		assert row(first).starts_on == at(2)

	def test_also_one_that_was_cancelled_since(self, repair, lead):
		first = book(lead, key="a")
		bookings.cancel(first, "Ill")

		assert book(lead, key="a") == first
		assert row(first).status == "Cancelled"

	def test_the_last_place_is_given_once(self, repair, lead):
		book(lead)
		book(lead)
		before = everything()

		assert refused(book, lead) is Refusal.TAKEN
		assert everything() == before

	def test_who_is_booked_is_not_booked_again_for_something_else(self, repair, lead, jun):
		make_service("Survey", jun)
		book(lead, user=jun)

		survey = Request(service="Survey", lead=lead, starts_on=at(2))
		assert refused(bookings.book, survey) is Refusal.TAKEN
		assert bookings.book(Request(service="Survey", lead=lead, starts_on=at(2, 11)))


class TestRefused:
	def test_a_time_that_has_passed(self, repair, lead):
		assert refused(book, lead, at(-1)) is Refusal.IN_THE_PAST
		assert refused(book, lead, at(-1), by_hand=True) is Refusal.IN_THE_PAST

	def test_an_end_before_the_start(self, repair, lead):
		assert refused(book, lead, at(2), ends_on=at(2, 9)) is Refusal.ENDS_BEFORE_START
		assert refused(book, lead, at(2), ends_on=at(2)) is Refusal.ENDS_BEFORE_START

	def test_a_service_that_there_is_not(self, lead):
		assert refused(book, lead) is Refusal.UNKNOWN_SERVICE

	def test_a_service_that_was_disabled(self, repair, lead):
		frappe.get_doc("Bookable Service", repair).update({"enabled": 0}).save()
		assert refused(book, lead) is Refusal.UNKNOWN_SERVICE

	def test_online_what_is_not_offered_online(self, repair, lead):
		frappe.get_doc("Bookable Service", repair).update({"online": 0}).save()
		assert refused(book, lead, origin=Origin.CUSTOMER) is Refusal.NOT_ONLINE
		assert book(lead)

	def test_customers_whom_nobody_can_reach(self, repair):
		nobody = make_lead(first_name="Nobody").name
		assert refused(book, nobody, origin=Origin.GOOGLE) is Refusal.NO_CONTACT_DATA
		assert book(nobody, origin=Origin.GOOGLE, phone="+14155550177")

	def test_a_time_that_is_not_offered(self, repair, lead):
		odd = at(2) + timedelta(minutes=7)
		assert refused(book, lead, odd) is Refusal.NO_SUCH_SLOT
		assert row(book(lead, odd, by_hand=True)).by_hand

	def test_a_lead_that_is_gone(self, repair):
		with pytest.raises(frappe.DoesNotExistError):
			book("CRM-LEAD-0000-00000")


class TestByHand:
	def test_a_taken_time_can_be_booked_all_the_same(self, repair, lead, jun):
		book(lead, user=jun)
		booked = row(book(lead, user=jun, by_hand=True))

		assert booked.by_hand and booked.user == jun
		assert len(calendar_of(jun, at(2))) == 2

	def test_a_length_of_one_s_own(self, repair, lead):
		booked = row(book(lead, at(2), ends_on=at(2, 14), by_hand=True))

		assert booked.ends_on == at(2, 14)
		assert refused(bookings.reschedule, book(lead, at(5)), at(2, 13), user=booked.user) is Refusal.TAKEN


class TestPartner:
	def test_a_partner_s_booking_is_a_fact(self, repair):
		make_channel()
		unknown = make_lead(first_name="Known To Them").name
		request = {"origin": Origin.PARTNER, "channel": "Partner"}

		booked = [book(unknown, at(2), external_id=str(n), **request) for n in range(4)]
		past = book(unknown, at(-1), external_id="past", **request)

		assert len(set(booked)) == 4 and row(past).status == "Confirmed"

	def test_what_we_do_not_offer_is_kept_under_its_own_name(self, lead, jun):
		request = Request(
			lead=lead, starts_on=at(2), service_text="Roof <b>Wash</b>", origin=Origin.PARTNER, user=jun
		)
		booked = row(bookings.book(request))

		assert (booked.service, booked.service_text) == (None, "Roof <b>Wash</b>")
		assert booked.ends_on == at(2, 11) and booked.user == jun
		(event,) = calendar_of(jun, at(2))
		assert "<b>" not in frappe.db.get_value("Event", event.name, "description").replace("<br>", "")


class TestMoving:
	def test_frees_the_old_time_and_takes_the_new_one(self, repair, lead):
		moved, other = book(lead), book(lead)
		bookings.reschedule(moved, at(3), reason="Ill")

		assert (row(moved).starts_on, row(moved).ends_on, row(moved).reason) == (at(3), at(3, 11), "Ill")
		assert row(moved).revision == 1
		assert book(lead), "a place of the old time is free"
		book(lead, at(3))
		assert refused(book, lead, at(3)) is Refusal.TAKEN
		assert row(other).starts_on == at(2)

	def test_moves_the_calendar_entry(self, repair, lead, jun):
		booking = book(lead, user=jun)
		event = row(booking).event
		bookings.reschedule(booking, at(3))

		assert calendar_of(jun, at(2)) == []
		assert [entry.name for entry in calendar_of(jun, at(3))] == [event]

	def test_to_a_taken_time_is_refused_and_changes_nothing(self, repair, lead):
		book(lead, at(3)), book(lead, at(3))
		booking = book(lead)
		before = (everything(), row(booking))

		assert refused(bookings.reschedule, booking, at(3)) is Refusal.TAKEN
		assert (everything(), row(booking)) == before

	def test_by_an_hour_that_overlaps_itself_is_possible(self, repair, lead, jun):
		booking = book(lead, at(2), ends_on=at(2, 12), user=jun, by_hand=True)
		bookings.reschedule(booking, at(2, 11), by_hand=True)

		assert (row(booking).starts_on, row(booking).ends_on) == (at(2, 11), at(2, 13))

	def test_gives_it_to_a_colleague(self, repair, lead, jun, sara):
		booking = book(lead, user=jun)
		bookings.reschedule(booking, at(2), user=sara)

		assert row(booking).user == sara
		assert calendar_of(jun, at(2)) == []
		assert len(calendar_of(sara, at(2))) == 1

	def test_keeps_who_has_it_while_they_are_free(self, repair, lead, jun, sara):
		booking = book(lead, user=jun)
		bookings.reschedule(booking, at(3))
		assert row(booking).user == jun
		book(lead, at(4), user=jun)
		bookings.reschedule(booking, at(4))
		assert row(booking).user == sara

	def test_to_where_it_is_changes_nothing(self, repair, lead):
		booking = book(lead)
		before = (everything(), row(booking))
		bookings.reschedule(booking, at(2))

		assert (everything(), row(booking)) == before

	def test_what_is_over_can_not_be_moved(self, repair, lead):
		booking = book(lead)
		bookings.cancel(booking, "Ill")

		assert refused(bookings.reschedule, booking, at(3)) is Refusal.IS_OVER

	def test_into_the_past_is_refused(self, repair, lead):
		assert refused(bookings.reschedule, book(lead), at(-1)) is Refusal.IN_THE_PAST

	def test_customers_move_it_until_the_limit(self, repair, lead):
		frappe.get_doc("Bookable Service", repair).update({"change_until_minutes": 1440}).save()
		early, late = book(lead, at(5)), book(lead, at(1, 0))

		bookings.reschedule(early, at(6), origin=Origin.CUSTOMER)
		for act in (bookings.reschedule, bookings.cancel):
			wanted = at(7) if act is bookings.reschedule else "Ill"
			assert refused(act, late, wanted, origin=Origin.CUSTOMER) is Refusal.TOO_LATE_TO_CHANGE
		bookings.cancel(late, "They asked us")


class TestEnding:
	def test_cancelling_frees_the_time_and_the_calendar(self, repair, lead, jun):
		booking = book(lead, user=jun)
		bookings.cancel(booking, "Ill")

		assert (row(booking).status, row(booking).reason) == ("Cancelled", "Ill")
		assert row(booking).revision == 1 and row(booking).over_since
		assert calendar_of(jun, at(2)) == [] and claims() == set()
		assert book(lead, user=jun)

	def test_a_cancelled_booking_can_not_be_changed(self, repair, lead):
		booking = book(lead)
		bookings.cancel(booking, "Ill")
		for act in (bookings.confirm, bookings.complete, bookings.mark_no_show):
			assert refused(act, booking) is Refusal.IS_OVER
		assert refused(bookings.cancel, booking, "Again") is Refusal.IS_OVER
		assert refused(bookings.decline, booking, "No") is Refusal.IS_OVER
		assert row(booking).reason == "Ill"

	def test_it_can_be_told_what_came_of_it_once_it_has_begun(self, repair, lead, jun):
		booking = book(lead, user=jun)
		assert refused(bookings.complete, booking) is Refusal.NOT_YET
		begin(booking)
		bookings.complete(booking)

		assert row(booking).status == "Completed" and claims() == set()
		assert frappe.db.get_value("Event", row(booking).event, "status") == "Completed"
		bookings.mark_no_show(booking)
		assert row(booking).status == "No Show"

	def test_one_that_is_gone(self):
		with pytest.raises(frappe.DoesNotExistError):
			bookings.cancel("BOOK-0000-00000", "Ill")


class TestRequested:
	@pytest.fixture
	def requested(self, repair, lead) -> str:
		frappe.get_doc("Bookable Service", repair).update({"needs_confirmation": 1}).save()
		return book(lead, origin=Origin.CUSTOMER)

	def test_holds_its_time_and_the_lead_is_booked(self, requested, lead):
		assert row(requested).status == "Requested"
		assert claims() and state_of(lead)[0] == "Booked"

	def test_users_confirm_it(self, requested, lead):
		bookings.confirm(requested)

		assert row(requested).status == "Confirmed"
		assert refused(bookings.confirm, requested) is Refusal.IS_OVER

	def test_users_decline_it(self, requested, lead):
		bookings.decline(requested, "We are on holiday")

		assert (row(requested).status, row(requested).reason) == ("Declined", "We are on holiday")
		assert claims() == set() and state_of(lead)[0] == "Active"

	def test_what_a_user_books_needs_no_confirmation(self, requested, lead):
		assert row(book(lead, at(3))).status == "Confirmed"

	def test_a_source_may_say_that_it_is_agreed(self, requested, lead):
		assert row(book(lead, at(3), origin=Origin.GOOGLE, confirmed=True)).status == "Confirmed"


class TestColleagues:
	def test_who_does_it_is_told_and_not_who_booked(self, repair, lead, jun, sara):
		booking = as_user(sara, lambda: book(lead, user=jun))
		as_user(sara, bookings.reschedule, booking, at(3))
		as_user(sara, bookings.cancel, booking, "Ill")

		assert len(told(jun)) == 3 and told(sara) == []

	def test_who_had_it_is_told_that_a_colleague_has_it(self, repair, lead, jun, sara):
		booking = book(lead, user=jun)
		before = len(told(jun))
		bookings.reschedule(booking, at(2), user=sara)

		assert len(told(jun)) == before + 1 and len(told(sara)) == 1

	def test_names_are_shown_as_text(self, repair, lead, jun):
		book(lead, user=jun, customer_name="Naree <b>Phan</b> & Sons")

		(subject,) = told(jun)
		assert "<b>" not in subject.replace("<strong>", "") and "&amp;" in subject


class TestCalendar:
	def test_an_entry_that_is_moved_by_hand_goes_back(self, repair, lead, jun):
		booking = book(lead, user=jun)
		event = frappe.get_doc("Event", row(booking).event)
		event.update({"starts_on": at(5), "ends_on": at(5, 11)}).save()

		assert frappe.db.get_value("Event", event.name, "starts_on") == at(2)
		assert row(booking).starts_on == at(2)

	def test_an_entry_that_is_closed_by_hand_leaves_the_booking(self, repair, lead, jun):
		booking = book(lead, user=jun)
		frappe.get_doc("Event", row(booking).event).update({"status": "Cancelled"}).save()

		assert row(booking).status == "Confirmed"
		assert len(calendar_of(jun, at(2))) == 1

	def test_an_entry_that_is_deleted_comes_again_with_the_next_change(self, repair, lead, jun):
		booking = book(lead, user=jun)
		frappe.delete_doc("Event", row(booking).event)
		assert row(booking).event is None

		bookings.reschedule(booking, at(3))
		assert len(calendar_of(jun, at(3))) == 1
