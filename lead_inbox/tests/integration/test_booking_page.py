"""The page on which customers book, move and cancel by a signed link: requirements BO-5, BO-3, QU-3."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import frappe
import pytest
from redis import ConnectionPool

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.pages import limits, links
from lead_inbox.bookings.rules import Origin
from lead_inbox.inbox.merging import merging
from lead_inbox.tests.integration.booking_builders import (
	all_week,
	in_days,
	make_booking,
	make_item,
	make_service,
)
from lead_inbox.tests.integration.builders import make_holiday_list, make_lead, make_user
from lead_inbox.tests.integration.customers_browser import CustomersBrowser, Shown
from tools.services import free_port

VISIT = "Boiler Visit"
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
TEN, ELEVEN = "10:00 AM", "11:00 AM"


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id="naree@customer.example", phone="+14155550123").name


@pytest.fixture
def service() -> str:
	return make_service(VISIT, hours=all_week(), description="We look after your boiler.")


@pytest.fixture
def customer() -> CustomersBrowser:
	before = {name: getattr(frappe.local, name, None) for name in ("request", "request_ip")}
	yield CustomersBrowser()
	for name, value in before.items():
		setattr(frappe.local, name, value)


def bookings_of(lead: str, **filters: Any) -> list[frappe._dict]:
	fields = ["name", "status", "service", "starts_on", "ends_on", "origin", "notes", "place", "reason"]
	return frappe.get_all("Booking", {"lead": lead, **filters}, fields, order_by="starts_on asc")


def times_on(customer: CustomersBrowser, lead: str, day: datetime, service: str = VISIT) -> Shown:
	"""The page with a week's times, from a day on."""
	return customer.open(links.service_link(lead) + f"&service={service}&from={day.date()}")


def chosen(customer: CustomersBrowser, lead: str, starts_on: datetime, service: str = VISIT) -> Shown:
	"""The last look before a time is booked."""
	start = starts_on.isoformat(timespec="minutes")
	return customer.open(links.service_link(lead) + f"&service={service}&start={start}")


def own(lead: str, starts_on: datetime | None = None, **values: Any) -> str:
	"""A booking of the customer's."""
	return make_booking(VISIT, starts_on or in_days(3), lead=lead, **values)


def offers(page: Shown, starts_on: datetime) -> bool:
	start = quote(starts_on.isoformat(timespec="minutes"))
	return f"start={start}" in page.html


class TestBooking:
	def test_from_the_link_to_the_booking(self, service, lead, customer):
		page = customer.open(links.service_link(lead))
		assert VISIT in page.text and "We look after your boiler." in page.text and "1 hour" in page.text
		page = customer.follow(page, VISIT)
		page = customer.follow(page, "Later")
		page = customer.follow(page, TEN)
		assert "Book This Appointment?" in page.text and TEN in page.text
		page = customer.send(page, notes="The gate is open", place="Oak Street 4")

		assert page.status == 200 and "It is confirmed." in page.text
		(booking,) = bookings_of(lead)
		assert (booking.status, booking.service, booking.origin) == ("Confirmed", VISIT, "Customer")
		assert booking.starts_on.hour == 10 and booking.ends_on - booking.starts_on == timedelta(hours=1)
		assert (booking.notes, booking.place) == ("The gate is open", "Oak Street 4")
		assert frappe.db.get_value("Lead", lead, "inbox_status") == "Booked"

	def test_what_has_to_be_confirmed_is_requested(self, lead, customer):
		make_service(VISIT, hours=all_week(), needs_confirmation=1)
		page = chosen(customer, lead, in_days(3))
		assert "confirm it soon" in page.text
		page = customer.send(page)

		assert "We Have Your Request" in page.text
		assert bookings_of(lead)[0].status == "Requested"

	def test_a_form_that_is_sent_twice_books_once(self, service, lead, customer):
		form = chosen(customer, lead, in_days(3))
		first, second = customer.send(form), customer.send(form)

		assert (first.status, second.status) == (200, 200) and "It is confirmed." in second.text
		assert len(bookings_of(lead)) == 1

	def test_another_customers_key_gives_no_look_at_their_booking(self, service, lead, customer):
		make_service("Other Visit", hours=all_week(), capacity=2)
		form = chosen(customer, lead, in_days(3), "Other Visit")
		customer.send(form, notes="Secret")
		other = make_lead(first_name="Eve", email_id="eve@customer.example").name
		page = chosen(customer, other, in_days(3), "Other Visit")
		page = customer.send(page, key=form.forms[0].values["key"])

		assert "Secret" not in page.text
		assert len(bookings_of(lead)) == len(bookings_of(other)) == 1

	def test_a_time_that_was_taken_meanwhile_is_said_and_others_are_shown(self, service, lead, customer):
		form = chosen(customer, lead, in_days(3))
		make_booking(service, in_days(3))
		page = customer.send(form)

		assert page.status == 409 and "taken meanwhile" in page.text
		assert offers(page, in_days(3, 11)) and not offers(page, in_days(3))
		assert bookings_of(lead) == []

	def test_a_link_to_a_time_that_was_taken_shows_others(self, service, lead, customer):
		make_booking(service, in_days(3))
		page = chosen(customer, lead, in_days(3))

		assert "taken meanwhile" in page.text and ELEVEN in page.links and not page.forms

	@pytest.mark.parametrize(
		"start",
		["2020-01-01T10:00", "2999-01-01T10:00", "tomorrow", "", "0001-01-01T00:00", "9999-12-31T23:59"],
	)
	def test_a_time_that_is_not_offered_is_not_booked(self, service, lead, start, customer):
		form = chosen(customer, lead, in_days(3))
		page = customer.send(form, start=start)

		assert page.status == 409 and bookings_of(lead) == []

	def test_a_time_between_or_outside_the_hours_is_not_booked(self, service, lead, customer):
		form = chosen(customer, lead, in_days(3))
		for starts_on in (in_days(3, 10, 30), in_days(3, 20), in_days(3, 16, 30)):
			page = customer.send(form, start=starts_on.isoformat(timespec="minutes"))
			assert page.status == 409
		assert bookings_of(lead) == []

	def test_the_notice_and_the_days_ahead_of_the_service_are_kept(self, lead, customer):
		make_service(VISIT, hours=all_week(), lead_time_minutes=4 * 1440, horizon_days=10)
		form = chosen(customer, lead, in_days(5))
		for starts_on in (in_days(3), in_days(12)):
			page = customer.send(form, start=starts_on.isoformat(timespec="minutes"))
			assert page.status == 409
		assert bookings_of(lead) == []

	def test_what_is_not_for_customers_is_not_offered(self, service, lead, customer):
		form = chosen(customer, lead, in_days(3))
		make_service("Inside", online=0)
		make_service("Gone", enabled=0)
		page = customer.open(links.service_link(lead))
		assert "Inside" not in page.text and "Gone" not in page.text
		for name in ("Inside", "Gone", "None", SCRIPT):
			page = customer.send(form, service=name)
			assert page.status == 409 and VISIT in page.links
		assert bookings_of(lead) == []

	def test_whom_we_can_not_reach_gives_an_address(self, service, customer):
		lead = make_lead(first_name="Naree", phone=None, mobile_no=None).name
		form = chosen(customer, lead, in_days(3))
		page = customer.send(form, email="no address", notes="Mind the <dog>")
		assert page.status == 422 and "no e-mail address" in page.text and "&lt;dog&gt;" in page.html
		page = customer.send(form, email="", phone="12")
		assert page.status == 422 and "no phone number" in page.text
		page = customer.send(form)
		assert page.status == 422 and "so that we can reach you" in page.text
		page = customer.send(form, email="naree@customer.example")

		assert page.status == 200
		(booking,) = bookings_of(lead)
		assert frappe.db.get_value("Booking", booking.name, "lead_email") == "naree@customer.example"

	def test_nobody_can_fill_the_calendar_with_one_link(self, lead, customer):
		make_service(VISIT, hours=all_week(), capacity=20)
		form = chosen(customer, lead, in_days(3))
		for number in range(12):
			starts_on = in_days(3 + number // 8, 9 + number % 8)
			page = customer.send(form, start=starts_on.isoformat(timespec="minutes"))

		assert page.status == 409 and "10 appointments ahead" in page.text
		assert len(bookings_of(lead)) == 10

	def test_the_customer_is_told_by_mail(self, service, lead, customer):
		customer.send(chosen(customer, lead, in_days(3)))

		mails = frappe.get_all(
			"Lead Message", {"lead": lead, "direction": "Out"}, ["subject"], order_by="creation asc"
		)
		assert [mail.subject.partition(":")[0] for mail in mails] == ["Confirmed"]


class TestTimes:
	def test_only_free_ones_are_shown_by_day(self, service, lead, customer):
		make_booking(service, in_days(3, 12))
		page = times_on(customer, lead, in_days(3))

		assert page.html.count(">12:00 PM<") == 6 and page.html.count(">11:00 AM<") == 7
		assert page.text.index("9:00 AM") < page.text.index(TEN)

	def test_are_in_the_zone_of_the_service_with_its_name(self, lead, customer):
		make_service(VISIT, hours=all_week("09:00:00", "10:00:00"), time_zone="Asia/Tokyo")
		page = times_on(customer, lead, in_days(3))

		assert "Japan Time" in page.text
		assert "9:00 AM" in page.links and TEN not in page.links
		page = customer.send(customer.follow(page, "9:00 AM"))
		assert "9:00 AM to 10:00 AM (Japan Standard Time)" in page.text

	def test_a_week_without_any_leads_to_the_next_one(self, lead, customer):
		closed = [in_days(days).date() for days in range(12)]
		make_service(VISIT, hours=all_week(), holiday_list=make_holiday_list(*closed))
		page = customer.follow(customer.open(links.service_link(lead)), VISIT)
		assert "no free time in these days" in page.text
		page = customer.follow(page, "Next free time")

		assert TEN in page.links

	def test_without_any_time_it_says_whom_to_ask(self, service, lead, customer):
		closed = [in_days(days).date() for days in range(5)]
		make_service("Closed", hours=all_week(), horizon_days=2, holiday_list=make_holiday_list(*closed))
		page = times_on(customer, lead, in_days(3), "Closed")

		assert "none later either" in page.text and "Questions?" in page.text

	def test_days_before_today_are_not_shown(self, service, lead, customer):
		page = times_on(customer, lead, in_days(-30))
		assert "Earlier" not in page.text and "Later" in page.text
		page = times_on(customer, lead, in_days(3000))
		assert "Later" not in page.text and "Earlier" in page.text

	def test_a_price_is_shown_where_there_is_one(self, lead, customer):
		price_list = frappe.get_doc(
			doctype="Price List", price_list_name="Visits", selling=1, currency="EUR", enabled=1
		).insert()
		frappe.get_doc(
			doctype="Item Price", item_code=make_item(), price_list=price_list.name, price_list_rate=99.5
		).insert()
		make_service(VISIT, hours=all_week(), price_list=price_list.name)

		assert "99.50" in customer.open(links.service_link(lead)).text


class TestChanging:
	def test_is_moved_to_another_time(self, service, lead, customer):
		booking = own(lead)
		page = customer.follow(customer.open(links.booking_link(booking)), "Choose Another Time")
		assert "So far:" in page.text
		page = customer.follow(page, ELEVEN)
		assert "Move the Appointment?" in page.text
		page = customer.send(page)

		assert page.status == 200 and ELEVEN in page.text
		(row,) = bookings_of(lead)
		assert row.starts_on.hour == 11 and row.status == "Confirmed"

	def test_is_cancelled_with_a_reason_and_the_time_is_free_again(self, service, lead, customer):
		booking = own(lead)
		page = customer.follow(customer.open(links.booking_link(booking)), "Cancel the Appointment")
		form = page
		page = customer.send(form, reason="I am away")
		assert "Your Appointment Is Cancelled" in page.text and not page.forms
		again = customer.send(form, reason="Twice")

		assert again.status == 200 and "Your Appointment Is Cancelled" in again.text
		(row,) = bookings_of(lead)
		assert (row.status, row.reason) == ("Cancelled", "I am away")
		page = times_on(customer, make_lead(first_name="Tom").name, in_days(3))
		assert offers(page, in_days(3))

	def test_sending_the_move_twice_moves_once(self, service, lead, customer):
		booking = own(lead)
		page = customer.follow(customer.open(links.booking_link(booking)), "Choose Another Time")
		form = customer.follow(page, ELEVEN)
		customer.send(form)
		page = customer.send(form)

		assert page.status == 200
		assert frappe.db.get_value("Booking", booking, "revision") == 1

	def test_after_the_limit_it_tells_the_limit_and_whom_to_call(self, service, lead, customer):
		company = frappe.db.get_value("Lead", lead, "company") or frappe.db.get_single_value(
			"Global Defaults", "default_company"
		)
		frappe.db.set_value("Company", company, "phone_no", "+1 415 555 0100")
		booking = own(lead)
		page = customer.open(links.booking_link(booking))
		before = customer.open(page.address("Cancel"))
		frappe.db.set_value("Bookable Service", VISIT, "change_until_minutes", 5 * 1440)
		frappe.clear_document_cache("Bookable Service", VISIT)
		page = customer.open(links.booking_link(booking))

		assert "could be moved or cancelled here until" in page.text and "+1 415 555 0100" in page.text
		assert not any("Cancel" in label or "Choose Another" in label for label in page.links)
		page = customer.send(before)
		assert page.status == 409 and "too late" in page.text
		assert bookings_of(lead)[0].status == "Confirmed"

	def test_to_a_time_that_was_taken_meanwhile_it_is_not_moved(self, service, lead, customer):
		booking = own(lead)
		page = customer.follow(customer.open(links.booking_link(booking)), "Choose Another Time")
		form = customer.follow(page, ELEVEN)
		starts_on = datetime.fromisoformat(form.forms[0].values["start"])
		make_booking(service, starts_on)
		page = customer.send(form)

		assert page.status == 409 and "taken meanwhile" in page.text and page.links
		assert bookings_of(lead)[0].starts_on == in_days(3)

	def test_what_is_over_is_only_shown(self, service, lead, customer):
		booking = own(lead)
		move = customer.follow(customer.open(links.booking_link(booking)), "Choose Another Time")
		move = customer.follow(move, ELEVEN)
		bookings.cancel(booking, "We are ill")
		page = customer.send(move)
		assert page.status == 409 and "over" in page.text
		page = customer.open(links.booking_link(booking))

		assert "Your Appointment Is Cancelled" in page.text and "Book Another Appointment" in page.links

	def test_a_length_that_was_agreed_by_hand_can_not_be_lost(self, service, lead, customer):
		starts_on = in_days(3)
		booking = make_booking(
			VISIT,
			starts_on,
			lead=lead,
			origin=Origin.USER,
			ends_on=starts_on + timedelta(hours=3),
			by_hand=True,
		)
		page = customer.open(links.booking_link(booking))

		assert "Choose Another Time" not in page.links and "Cancel the Appointment" in page.links

	def test_bookings_ahead_are_listed_for_who_may_book(self, service, lead, customer):
		own(lead)
		page = customer.open(links.service_link(lead))
		assert "Your Appointments" in page.text
		page = customer.follow(page, VISIT)

		assert "It is confirmed." in page.text


class TestWhoMayNot:
	@pytest.mark.parametrize("token", ["", "x", "eyJib29raW5nIjoiQk9PSy0xIn0.abc", SCRIPT, "a" * 10_000])
	def test_a_forged_link_shows_and_does_nothing(self, service, lead, token, customer):
		booking = own(lead)
		page = customer.open(f"/booking?link={quote(token)}")
		assert page.status == 403 and VISIT not in page.text and "Naree" not in page.text
		assert "<script>" not in page.html and not page.forms
		for values in ({"do": "cancel"}, {"do": "book", "service": VISIT, "start": "2026-12-24T10:00"}):
			assert customer.post("/booking", link=token, booking=booking, lead=lead, **values).status == 403
		assert [row.status for row in bookings_of(lead)] == ["Confirmed"]

	def test_an_expired_link_helps_on(self, service, lead, customer):
		booking = own(lead)
		frappe.db.set_single_value("Lead Inbox Settings", "booking_link_days", -40)  # so it ended long ago
		link = links.booking_link(booking)
		page = customer.open(link)
		assert page.status == 410 and "too old" in page.text and VISIT not in page.text
		assert customer.post(link, do="cancel").status == 410
		assert bookings_of(lead)[0].status == "Confirmed"

	def test_a_review_link_opens_no_booking(self, service, lead, customer):
		token = links.review_link(own(lead)).partition("=")[2]

		assert customer.open(f"/booking?link={token}").status == 403

	def test_a_link_changes_no_other_booking(self, service, lead, customer):
		mine, other = own(lead), make_lead(first_name="Tom", email_id="tom@customer.example").name
		theirs = own(other, in_days(4))
		customer.post(links.booking_link(mine), do="cancel", booking=theirs, name=theirs, lead=other)

		assert bookings_of(other)[0].status == "Confirmed" and bookings_of(lead)[0].status == "Cancelled"

	def test_a_link_to_a_booking_books_nothing_and_one_to_book_cancels_nothing(self, service, lead, customer):
		booking = own(lead)
		start = in_days(4).isoformat(timespec="minutes")
		customer.post(links.booking_link(booking), do="book", service=VISIT, start=start, key="k")
		customer.post(links.service_link(lead), do="cancel", booking=booking)
		customer.post(links.service_link(lead), do="move", booking=booking, start=start)

		assert [(row.status, row.starts_on) for row in bookings_of(lead)] == [("Confirmed", in_days(3))]

	def test_looking_changes_nothing(self, service, lead, customer):
		booking = own(lead)
		start = in_days(4).isoformat(timespec="minutes")
		customer.open(links.booking_link(booking) + "&do=cancel")
		customer.open(links.service_link(lead) + f"&do=book&service={VISIT}&start={start}&key=k")

		assert len(bookings_of(lead)) == 1 and bookings_of(lead)[0].status == "Confirmed"

	def test_of_a_deleted_lead_nothing_is_left(self, service, lead, customer):
		addresses = links.service_link(lead), links.booking_link(own(lead))
		frappe.delete_doc("Lead", lead)

		for address in addresses:
			page = customer.open(address)
			assert page.status == 410 and VISIT not in page.text

	def test_a_merged_lead_books_for_the_winner(self, service, lead, customer):
		form = chosen(customer, lead, in_days(3))
		winner = make_lead(first_name="Naree", email_id="n@customer.example").name
		merging.merge(winner, lead)
		assert customer.send(form).status == 200

		assert len(bookings_of(winner)) == 1

	def test_scripts_are_text_wherever_they_come_from(self, service, lead, customer):
		frappe.db.set_value("Bookable Service", VISIT, "description", SCRIPT)
		frappe.clear_document_cache("Bookable Service", VISIT)
		form = chosen(customer, lead, in_days(3))
		page = customer.send(form, notes=SCRIPT, place=SCRIPT)
		pages = [page, customer.open(links.service_link(lead))]
		pages.append(customer.follow(page, "Cancel the Appointment"))
		pages.append(customer.send(pages[-1], reason=SCRIPT))
		pages.append(
			customer.open(links.service_link(lead) + f"&service={SCRIPT}&from={SCRIPT}&step={SCRIPT}")
		)

		assert all("<script" not in page.html and "<img" not in page.html for page in pages)
		row = bookings_of(lead)[0]
		assert "<script" not in f"{row.notes}{row.place}{row.reason}"

	def test_a_user_of_the_desk_sees_what_a_customer_sees(self, service, lead):
		user = make_user("jun@company.example")
		page = chosen(CustomersBrowser(user), lead, in_days(3))
		page = CustomersBrowser(user).send(page)

		assert page.status == 200 and "It is confirmed." in page.text
		assert bookings_of(lead)[0].origin == "Customer"


class TestLimits:
	@pytest.fixture(autouse=True)
	def low(self, monkeypatch: pytest.MonkeyPatch) -> None:
		monkeypatch.setattr(limits, "OF_LINK", (20, 3))
		monkeypatch.setattr(limits, "OF_ADDRESS", (20, 3))

	def test_a_link_is_good_for_so_many_forms_an_hour_from_wherever(self, service, lead):
		link = links.booking_link(own(lead))
		answers = [CustomersBrowser().post(link).status for _number in range(5)]

		assert answers == [200, 200, 200, 429, 429]
		assert CustomersBrowser().open(link).status == 200

	def test_an_address_is_good_for_so_many_forms_an_hour_with_whatever_link(self, service, lead):
		eve = CustomersBrowser()
		answers = [eve.post("/booking", link=f"x{number}").status for number in range(4)]

		assert answers == [403, 403, 403, 429]
		assert eve.post(links.booking_link(own(lead)), do="cancel").status == 429
		assert bookings_of(lead)[0].status == "Confirmed"

	def test_without_redis_customers_are_served_uncounted(
		self, service: str, lead: str, monkeypatch: pytest.MonkeyPatch
	) -> None:
		link = links.booking_link(own(lead))
		monkeypatch.setattr(frappe.cache, "connection_pool", ConnectionPool(port=free_port()))
		answers = [CustomersBrowser().post(link).status for _number in range(5)]

		assert answers == [200] * 5
