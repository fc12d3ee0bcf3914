"""Customers hear of their bookings, and their calendars follow: requirements BO-4 and BO-9.

What is read here is the mail that came out at the other end.
"""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
import vobject
from frappe.utils import get_system_timezone

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.rules import Change, Origin
from lead_inbox.bookings.telling import notices
from lead_inbox.tests.doubles.smtp import ReceivedMail
from lead_inbox.tests.integration.booking_builders import in_days, make_booking, make_service
from lead_inbox.tests.integration.builders import make_channel, make_lead
from lead_inbox.tests.integration.outgoing import as_user, deliver, mails_leave, texts_leave

ADDRESS = "naree@customer.example"
NUMBER = "+14155550123"


@pytest.fixture
def server(monkeypatch):
	with mails_leave(monkeypatch) as double:
		yield double


@pytest.fixture
def service() -> str:
	return make_service("Boiler repair & más", place="Main St. 1\nBerlin")


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id=ADDRESS, mobile_no=NUMBER).name


def book(lead: str, service: str, **values) -> str:
	return make_booking(service, **{"lead": lead, "origin": Origin.USER, "notify": True, **values})


def invitation_in(mail):
	"""The one calendar file of a mail: its part and what a calendar reads in it."""
	(part,) = [part for part in mail.message.walk() if part.get_content_type() == "text/calendar"]
	assert part.get_filename() == "invite.ics"
	calendar = vobject.readOne(part.get_content())
	assert part.get_param("method") == calendar.method.value
	return calendar


def notes_of(lead: str) -> str:
	rows = frappe.get_all("Lead Message", {"lead": lead, "kind": "Note"}, pluck="content")
	return "\n".join(rows)


def test_a_booking_is_confirmed_by_a_mail_with_an_event_for_the_calendar(server, lead, service):
	booking = book(lead, service)
	assert server.mails == []
	deliver()
	(mail,) = server.mails
	event = invitation_in(mail).vevent

	assert mail.recipients == [ADDRESS]
	assert "Confirmed: Boiler repair & más" in mail.message["Subject"]
	assert "Your appointment is confirmed." in mail.text
	assert "Hello Naree" in mail.text and "Main St. 1" in mail.text
	assert links.booking_link(booking).partition("?")[0] in mail.text
	assert invitation_in(mail).method.value == "REQUEST"
	assert event.uid.value == f"{booking}@{frappe.local.site}"
	assert event.summary.value == "Boiler repair & más"
	assert event.location.value == "Main St. 1, Berlin"
	assert event.status.value == "CONFIRMED"
	assert event.dtstart.value == in_days().replace(tzinfo=ZoneInfo(get_system_timezone()))
	assert event.dtend.value - event.dtstart.value == timedelta(hours=1)
	assert event.organizer.value == "mailto:inbox@company.example"
	assert event.attendee.value == f"mailto:{ADDRESS}"
	assert "/booking?" in event.description.value


def test_the_same_event_moves_and_ends(server, lead, service):
	booking = book(lead, service)
	bookings.reschedule(booking, in_days(4))
	bookings.cancel(booking, "The boiler is < 5 years & sold")
	deliver()
	first, moved, cancelled = server.mails
	events = [invitation_in(mail).vevent for mail in (first, moved, cancelled)]

	assert len({event.uid.value for event in events}) == 1
	sequences = [int(event.sequence.value) for event in events]
	assert sequences == sorted(set(sequences)) and sequences[0] == 0
	assert "Your appointment has a new time." in moved.text
	assert events[1].dtstart.value == in_days(4).replace(tzinfo=ZoneInfo(get_system_timezone()))
	assert invitation_in(moved).method.value == "REQUEST"
	assert "Your appointment has been cancelled." in cancelled.text
	assert "Reason: The boiler is < 5 years & sold" in cancelled.text
	assert "&lt; 5 years &amp; sold" in cancelled.html
	assert invitation_in(cancelled).method.value == "CANCEL"
	assert events[2].status.value == "CANCELLED"


@pytest.mark.parametrize(
	("step", "method", "status", "words"),
	[
		(bookings.confirm, "REQUEST", "CONFIRMED", "Your appointment is confirmed."),
		(
			lambda booking: bookings.decline(booking, "We are on holiday"),
			"CANCEL",
			"CANCELLED",
			"Unfortunately we can't offer you this appointment.",
		),
	],
)
def test_what_is_only_requested_says_so_until_it_is_settled(server, lead, step, method, status, words):
	service = make_service(needs_confirmation=1, online=1)
	booking = book(lead, service, origin=Origin.CUSTOMER)
	step(booking)
	deliver()
	requested, settled = server.mails

	assert "We have received your request." in requested.text
	assert invitation_in(requested).vevent.status.value == "TENTATIVE"
	assert words in settled.text
	calendar = invitation_in(settled)
	assert (calendar.method.value, calendar.vevent.status.value) == (method, status)
	assert calendar.vevent.sequence.value > invitation_in(requested).vevent.sequence.value


def test_what_is_moved_before_it_is_confirmed_is_still_a_request(server, lead):
	booking = book(lead, make_service(needs_confirmation=1, online=1), origin=Origin.CUSTOMER)
	bookings.reschedule(booking, in_days(5))
	deliver()
	moved = server.mails[1]
	assert "We have received your request." in moved.text and "confirmed." in moved.text
	assert invitation_in(moved).vevent.status.value == "TENTATIVE"


def test_one_change_is_told_once(server, lead, service):
	booking = book(lead, service)
	notices.tell(booking, Change.BOOKED, origin=Origin.USER)
	deliver()
	notices.tell(booking, Change.BOOKED, origin=Origin.USER)
	deliver()
	assert len(server.mails) == 1
	invitation_in(server.mails[0])


def test_a_visitor_of_the_booking_page_is_told_too(server, lead, service):
	booking = as_user("Guest", book, lead, service, origin=Origin.CUSTOMER)
	as_user("Guest", bookings.cancel, booking, "My own reason", origin=Origin.CUSTOMER)
	deliver()
	assert [invitation_in(mail).method.value for mail in server.mails] == ["REQUEST", "CANCEL"]
	assert "My own reason" not in server.mails[1].text, "told to the one who gave it"


def test_nobody_is_told_of_what_the_user_wants_kept_quiet(server, lead, service):
	booking = book(lead, service, notify=False)
	bookings.cancel(booking, "Booked by mistake", notify=False)
	deliver()
	assert server.mails == []


def test_what_came_of_it_is_no_news_for_the_customer(server, lead, service):
	booking = book(lead, service, notify=False)
	frappe.db.set_value("Booking", booking, "starts_on", in_days(-1))
	bookings.complete(booking)
	deliver()
	assert server.mails == []


def test_the_partner_who_booked_it_tells_the_customer(server, lead, service):
	booking = book(lead, service, origin=Origin.PARTNER, channel=make_channel().name, external_id="7")
	bookings.reschedule(booking, in_days(5))
	deliver()
	assert server.mails == []
	assert "not told" not in notes_of(lead)


def test_without_an_address_it_is_told_by_sms(server, service):
	lead = make_lead(first_name="Naree", mobile_no=NUMBER).name
	with texts_leave() as gateway:
		booking = book(lead, service)
		deliver()
		text = gateway.taken[0].values
	assert text["to"] == NUMBER
	assert "Your appointment is confirmed.\nBoiler repair & más, " in text["text"]
	assert links.booking_link(booking).partition("?")[0] in text["text"]
	assert "\u202f" not in text["text"], "a sign that makes an SMS cost twice"
	assert server.mails == []


def test_a_customer_who_wants_no_mail_gets_none_and_the_lead_says_why(server, lead, service):
	frappe.db.set_value("Lead", lead, "unsubscribed", 1)
	booking = book(lead, service)
	deliver()
	assert server.mails == []
	assert frappe.db.get_value("Booking", booking, "status") == "Confirmed"
	assert "The customer was not told of the booking: The customer has unsubscribed from mails." in notes_of(
		lead
	)


def test_the_time_is_told_in_the_zone_of_the_service_by_its_name(server, lead):
	service = make_service(time_zone="Asia/Tokyo")
	book(lead, service)
	deliver()
	(mail,) = server.mails
	event = invitation_in(mail).vevent
	there = in_days().replace(tzinfo=ZoneInfo(get_system_timezone())).astimezone(ZoneInfo("Asia/Tokyo"))
	assert event.dtstart.value.replace(tzinfo=None) == there.replace(tzinfo=None)
	assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Tokyo"]
	assert there.strftime("%-I:%M %p to ") in mail.text
	assert "(Japan Standard Time)" in mail.text


def test_a_customer_reads_the_date_in_their_own_language(server, lead, service):
	frappe.db.set_value("Lead", lead, "language", "de")
	before = frappe.local.lang
	book(lead, service, starts_on=in_days(3))
	deliver()
	days = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
	assert days[in_days(3).weekday()] in server.mails[0].text
	assert frappe.local.lang == before


def set_template(field: str, subject: str, response: str) -> None:
	name = frappe.generate_hash(length=8)
	frappe.get_doc(doctype="Email Template", name=name, subject=subject, response=response).insert()
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.set(field, name)
	settings.save()


def test_the_administrator_s_words_come_first(server, lead, service):
	frappe.db.set_value("Lead", lead, "first_name", "Naree <b>& Co</b>")
	set_template(
		"booking_confirmed_template",
		"See you on {{ booking.date }}",
		"<p>Dear {{ first_name }},</p><p>{{ booking.service }} at {{ booking.time }}<br>{{ booking.place }}</p>"
		"<p>{{ booking_link }}</p>",
	)
	booking = book(lead, service)
	deliver()
	(mail,) = server.mails
	assert mail.message["Subject"].startswith("See you on ")
	assert "Dear Naree <b>& Co</b>,\n" in mail.text.replace("\r\n", "\n")
	assert "Main St. 1\nBerlin" in mail.text.replace("\r\n", "\n")
	assert links.booking_link(booking).partition("?")[0] in mail.text
	assert "<b>" not in mail.html
	invitation_in(mail)


def test_a_template_that_is_broken_hinders_no_booking(server, lead, service):
	set_template("booking_confirmed_template", "Hello", "{{ booking.service.nothing.at_all }}")
	booking = book(lead, service)
	deliver()
	assert frappe.db.get_value("Booking", booking, "status") == "Confirmed"
	assert server.mails == []
	assert "The customer was not told of the booking: " in notes_of(lead)
	assert frappe.db.count("File", {"file_name": ["like", "invite%"]}) == 0


def test_a_customer_without_a_lead_is_told_by_mail(service):
	customer = frappe.get_doc(doctype="Customer", customer_name="Naree Ltd", customer_type="Company").insert()
	booking = make_booking(
		service, origin=Origin.USER, customer=customer.name, email=ADDRESS, notify=True, lead=""
	)
	row = frappe.get_last_doc("Email Queue")
	assert [recipient.recipient for recipient in row.recipients] == [ADDRESS]
	mail = ReceivedMail("", [ADDRESS], row.message.encode())
	assert invitation_in(mail).vevent.uid.value.startswith(booking)
	assert "Your appointment is confirmed." in mail.text
	assert (row.reference_doctype, row.reference_name) == ("Customer", customer.name)


def test_a_customer_without_a_lead_and_without_an_address_is_not_told_and_the_booking_says_so(service):
	customer = frappe.get_doc(doctype="Customer", customer_name="Naree Ltd", customer_type="Company").insert()
	booking = make_booking(
		service, origin=Origin.USER, customer=customer.name, email="", notify=True, lead=""
	)
	comments = frappe.get_all("Comment", {"reference_name": booking}, pluck="content")
	assert any("The booking has no e-mail address." in comment for comment in comments)
	assert frappe.db.count("Email Queue", {"reference_name": customer.name}) == 0
