"""Bookings follow their lead: merged, converted, taken back, deleted, erased (BO-1, IN-3, CO-6, CO-8, QU-4)."""

from __future__ import annotations

from datetime import datetime, time

import frappe
import pytest
from frappe.utils import add_days, getdate

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.booking import Request
from lead_inbox.conversion.undoing import undo
from lead_inbox.inbox import lifecycle, privacy
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.booking_builders import insert_review, make_service
from lead_inbox.tests.integration.builders import make_lead, make_user, state_of
from lead_inbox.tests.integration.conversion_builders import NONE, convert, existing, make_customer

REPAIR = "Repair"


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def repair(jun) -> str:
	make_service(REPAIR, jun)
	return REPAIR


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example", phone="+14155550123").name


@pytest.fixture
def other() -> str:
	return make_lead(first_name="N.", email_id="n@customer.example").name


def at(days: int, hour: int = 10) -> datetime:
	return datetime.combine(add_days(getdate(), days), time(hour))


def book(lead: str, starts_on: datetime | None = None, **values) -> str:
	return bookings.book(Request(service=REPAIR, lead=lead, starts_on=starts_on or at(2), **values))


def row(booking: str) -> frappe._dict:
	return frappe.db.get_value("Booking", booking, "*", as_dict=True)


class TestMerging:
	def test_bookings_go_to_the_winner_which_is_booked_then(self, repair, lead, other):
		booking = book(other)
		about_it = insert_review(booking)
		merging.merge(lead, other)

		assert row(booking).lead == lead
		assert frappe.db.get_value("Booking Review", about_it, "lead") == lead
		assert state_of(lead)[0] == "Booked" and state_of(other) == ("Closed", "Merged")

	def test_taken_back_each_has_its_own_again(self, repair, lead, other):
		booking = book(other)
		merge = merging.merge(lead, other)
		merging.unmerge(merge)

		assert row(booking).lead == other
		assert state_of(lead)[0] == "New" and state_of(other)[0] == "Booked"

	def test_what_was_booked_since_stays_with_the_winner(self, repair, lead, other):
		book(other)
		merge = merging.merge(lead, other)
		since = book(lead, at(3))
		merging.unmerge(merge)

		assert row(since).lead == lead
		assert state_of(lead)[0] == "Booked" and state_of(other)[0] == "Booked"

	def test_a_booking_that_ended_meanwhile_leaves_neither_booked(self, repair, lead, other):
		booking = book(other)
		merge = merging.merge(lead, other)
		bookings.cancel(booking, "Ill")
		assert state_of(lead)[0] == "Active"
		merging.unmerge(merge)

		assert state_of(other)[0] == "Active"

	def test_the_bookings_are_of_the_customer_that_the_winner_has_become(self, repair, lead, other):
		booking = book(other)
		customer = convert(lead, opportunity=NONE).customer
		merge = merging.merge(lead, other)
		assert row(booking).customer == customer
		merging.unmerge(merge)

		assert row(booking).customer is None

	def test_a_booking_for_a_merged_lead_is_one_of_the_winner(self, repair, lead, other):
		merging.merge(lead, other)

		assert row(book(other)).lead == lead


class TestConverting:
	def test_bookings_are_the_customer_s_too(self, repair, lead):
		booking = book(lead)
		about_it = insert_review(booking)
		customer = convert(lead, opportunity=NONE).customer

		assert row(booking).customer == customer and row(booking).lead == lead
		assert frappe.db.get_value("Booking Review", about_it, "customer") == customer
		assert row(booking).status == "Confirmed" and state_of(lead) == ("Closed", "Converted")

	def test_taken_back_they_are_the_lead_s_alone(self, repair, lead):
		before = book(lead)
		converted = convert(lead, opportunity=NONE)
		since = book(lead, at(3))
		undo.undo(converted.conversion)

		assert not frappe.db.exists("Customer", converted.customer)
		assert (row(before).customer, row(since).customer) == (None, None)
		assert state_of(lead)[0] == "Booked"

	def test_taken_back_after_the_last_booking_was_over_the_lead_is_active(self, repair, lead):
		booking = book(lead)
		converted = convert(lead, opportunity=NONE)
		bookings.cancel(booking, "Ill")
		undo.undo(converted.conversion)

		assert state_of(lead)[0] == "Active"

	def test_a_booking_of_another_lead_stands_in_the_way_of_undoing(self, repair, lead, other):
		converted = convert(lead, opportunity=NONE)
		book(other)
		convert(other, customer=existing(converted.customer), opportunity=NONE)

		with pytest.raises(undo.UndoRefused):
			undo.undo(converted.conversion)
		assert frappe.db.exists("Customer", converted.customer)


class TestDeleting:
	def test_a_lead_takes_its_bookings_along_and_frees_their_times(self, repair, lead, other, jun):
		booking = book(lead)
		event = row(booking).event
		about_it = insert_review(booking)
		frappe.delete_doc("Lead", lead)

		assert not frappe.db.exists("Booking", booking)
		assert not frappe.db.exists("Booking Review", about_it)
		assert not frappe.db.exists("Event", event)
		assert frappe.db.count("Booking Reminder", {"booking": booking}) == 0
		assert frappe.db.count("Booking Claim", {"booking": booking}) == 0
		assert book(other)

	def test_what_a_customer_has_booked_stays_without_the_lead(self, repair, lead):
		booking = book(lead)
		customer = make_customer("Phan Plumbing").name
		frappe.db.set_value("Booking", booking, "customer", customer)
		frappe.delete_doc("Lead", lead)

		assert (row(booking).lead, row(booking).customer) == (None, customer)
		assert frappe.db.exists("Event", row(booking).event)
		bookings.reschedule(booking, at(3))
		bookings.cancel(booking, "Ill")

	def test_a_service_with_bookings_stays(self, repair, lead):
		book(lead)
		with pytest.raises(frappe.LinkExistsError):
			frappe.delete_doc("Bookable Service", repair)


class TestPersonalData:
	def test_a_lead_that_is_erased_leaves_the_figures(self, repair, lead):
		booking = book(lead, at(2), notes="Beware of the dog", place="1 Pipe Street")
		about_it = insert_review(booking)
		event = row(booking).event
		bookings.reschedule(booking, at(3), reason="Naree is ill")
		privacy.erase(lead)

		erased = row(booking)
		assert (erased.service, erased.starts_on) == (repair, at(3))
		personal = ("customer_name", "lead_email", "phone", "notes", "place", "reason", "title")
		assert [erased[field] for field in personal] == [None] * len(personal)
		words = ["customer_name", "lead_email", "words"]
		assert frappe.db.get_value("Booking Review", about_it, words) == (None, None, None)
		assert frappe.db.get_value("Booking Review", about_it, "stars") == 5
		assert not frappe.db.exists("Event", event)

	def test_bookings_are_found_by_the_lead_s_present_address(self, repair, lead):
		booking = book(lead)
		frappe.get_doc("Lead", lead).update({"email_id": "new@customer.example"}).save()

		assert row(booking).lead_email == "new@customer.example"
		asked_for = {field["doctype"]: field for field in frappe.get_hooks("user_data_fields")}
		assert asked_for["Booking"]["filter_by"] == "lead_email"


class TestState:
	def test_a_lead_that_left_its_state_comes_back_as_its_bookings_say(self, repair, lead):
		book(lead)
		lifecycle.require(lead, Happening.CONTACT_REFUSED)
		lifecycle.require(lead, Happening.CLOSING_UNDONE)
		assert state_of(lead)[0] == "Booked"

	def test_a_booking_that_ended_while_it_was_away_counts_no_more(self, repair, lead):
		booking = book(lead)
		lifecycle.require(lead, Happening.CONTACT_REFUSED)
		bookings.cancel(booking, "Ill")
		lifecycle.require(lead, Happening.CLOSING_UNDONE)
		assert state_of(lead)[0] == "Active"
