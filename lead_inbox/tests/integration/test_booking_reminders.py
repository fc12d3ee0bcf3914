"""Customers and staff are reminded of bookings, once and in time: requirement BO-7."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox import tasks
from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.rules import Origin
from lead_inbox.bookings.telling import reminders, usual_times
from lead_inbox.tests.integration.booking_builders import in_days, make_booking, make_service
from lead_inbox.tests.integration.builders import make_channel, make_lead, make_user
from lead_inbox.tests.integration.outgoing import deliver, let_time_pass, mails_leave, texts_leave

ADDRESS = "naree@customer.example"
NUMBER = "+14155550123"
DAY, HOUR = (1440, "Email or SMS", 1), (60, "SMS", 0)


@pytest.fixture
def server(monkeypatch):
	with mails_leave(monkeypatch) as double:
		yield double


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree", email_id=ADDRESS, mobile_no=NUMBER).name


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture(autouse=True)
def times() -> None:
	set_times(DAY, HOUR)


def set_times(*rows: tuple[int, str, int]) -> None:
	settings = frappe.get_doc("Lead Inbox Settings")
	fields = ("minutes_before", "to_customer", "to_staff")
	settings.set("booking_reminders", [dict(zip(fields, row, strict=True)) for row in rows])
	settings.save()


def book(lead: str, *users: str, **values) -> str:
	return make_booking(
		make_service("Boiler repair", *users), **{"lead": lead, "origin": Origin.USER, **values}
	)


def reminders_of(booking: str) -> dict[tuple[str, str, int], frappe._dict]:
	rows = frappe.get_all("Booking Reminder", {"booking": booking}, ["*"], order_by="due_on asc")
	return {(row.kind, row.audience, row.minutes_before): row for row in rows}


def let_it_be_due(booking: str, key: tuple[str, str, int], late: timedelta = timedelta(seconds=1)) -> str:
	name = reminders_of(booking)[key].name
	frappe.db.set_value("Booking Reminder", name, "due_on", now_datetime() - late)
	return name


TO_CUSTOMER, BY_SMS, TO_STAFF = (
	("Reminder", "Customer", 1440),
	("Reminder", "Customer", 60),
	("Reminder", "Staff", 1440),
)
OUTCOME = ("Outcome", "Staff", 0)


def state_of(name: str) -> tuple[str, str]:
	return frappe.db.get_value("Booking Reminder", name, ["status", "error"])


def notifications_of(user: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Notification Log", {"for_user": user}, ["subject", "link"], order_by="creation asc"
	)


def test_a_booking_is_reminded_of_at_the_times_that_the_administrator_chose(lead):
	booking = book(lead)
	assert {key: row.due_on for key, row in reminders_of(booking).items()} == {
		TO_CUSTOMER: in_days(2),
		TO_STAFF: in_days(2),
		BY_SMS: in_days() - timedelta(hours=1),
		OUTCOME: in_days() + timedelta(hours=1, minutes=30),
	}


def test_the_customer_is_reminded_once(lead, server):
	booking = book(lead)
	name = let_it_be_due(booking, TO_CUSTOMER)
	tasks.send_booking_reminders()
	deliver()
	tasks.send_booking_reminders()
	deliver()
	(mail,) = server.mails
	assert "This is a reminder of your appointment." in mail.text and "Boiler repair" in mail.text
	assert "/booking?" in mail.text
	assert state_of(name)[0] == "Sent"
	assert frappe.db.get_value("Booking Reminder", name, "message")


def test_what_is_not_due_waits(lead, server):
	booking = book(lead)
	reminders.send_due(60)
	assert {row.status for row in reminders_of(booking).values()} == {"Waiting"}
	assert server.mails == []


def test_a_reminder_by_sms_goes_by_sms_though_there_is_an_address(lead, server):
	booking = book(lead)
	let_it_be_due(booking, BY_SMS)
	with texts_leave() as gateway:
		reminders.send_due(60)
		deliver()
		assert [text.values["to"] for text in gateway.taken] == [NUMBER]
	assert server.mails == []


def test_whoever_does_it_is_reminded_on_the_desk(lead, jun):
	booking = book(lead, jun)
	let_it_be_due(booking, TO_STAFF)
	before = len(notifications_of(jun))
	reminders.send_due(60)
	reminders.send_due(60)
	(told,) = notifications_of(jun)[before:]
	assert "Reminder: Boiler repair with <strong>Naree" in told.subject
	assert told.link.endswith(f"/app/lead-inbox/{lead}")


def test_a_booking_is_not_reminded_of_for_a_time_that_has_passed(lead):
	soon = now_datetime().replace(microsecond=0) + timedelta(minutes=90)
	booking = book(lead, starts_on=soon, by_hand=True)
	assert set(reminders_of(booking)) == {BY_SMS, OUTCOME}


def test_reminders_move_with_the_booking(lead, server):
	booking = book(lead)
	let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	bookings.reschedule(booking, in_days(6), notify=False)
	rows = reminders_of(booking)
	assert (rows[TO_CUSTOMER].status, rows[TO_CUSTOMER].due_on) == ("Waiting", in_days(5))
	assert rows[BY_SMS].due_on == in_days(6) - timedelta(hours=1)
	deliver()
	assert server.mails == [], "the reminder of the old time has gone out"

	let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	assert len(server.mails) == 1


def test_a_reminder_that_has_gone_out_is_followed_by_another_one_for_the_new_time(lead, server):
	booking = book(lead)
	let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	bookings.reschedule(booking, in_days(6), notify=False)
	let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	assert len(server.mails) == 2


def test_none_after_a_cancellation(lead, server):
	booking = book(lead)
	let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	bookings.cancel(booking, "Sold", notify=False)
	assert reminders_of(booking) == {}
	deliver()
	assert server.mails == []


def test_what_is_only_requested_is_reminded_of_once_it_is_confirmed(lead):
	service = make_service(needs_confirmation=1, online=1)
	booking = make_booking(service, lead=lead, origin=Origin.CUSTOMER)
	assert reminders_of(booking) == {}
	bookings.confirm(booking)
	assert TO_CUSTOMER in reminders_of(booking)


def test_one_that_was_overslept_is_skipped_and_says_why(lead, server):
	booking = book(lead)
	name = let_it_be_due(booking, TO_CUSTOMER, late=timedelta(hours=13))
	reminders.send_due(60)
	deliver()
	status, error = state_of(name)
	assert status == "Skipped" and "long passed" in error
	assert server.mails == []


@pytest.mark.parametrize(
	("field", "words"),
	[("unsubscribed", "unsubscribed from mails"), ("inbox_no_mail", "does not want mails")],
)
def test_a_customer_who_refuses_gets_none_and_the_reminder_says_why(lead, server, field, words):
	booking = book(lead)
	frappe.db.set_value("Lead", lead, field, 1)
	name = let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	status, error = state_of(name)
	assert status == "Skipped" and words in error
	assert server.mails == []


def test_one_that_did_not_get_out_has_failed_and_says_why(lead, server):
	server.refused_recipients[ADDRESS] = "550 no such mailbox"
	booking = book(lead)
	name = let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	status, error = state_of(name)
	assert status == "Failed" and "no such mailbox" in error


def test_one_that_could_not_leave_in_time_is_taken_back(lead, server):
	booking = book(lead)
	name = let_it_be_due(booking, TO_CUSTOMER)
	reminders.send_due(60)
	frappe.db.set_default("suspend_email_queue", 1)
	deliver()
	assert server.mails == []
	frappe.db.set_value("Booking", booking, "starts_on", now_datetime() - timedelta(minutes=6))
	reminders.send_due(60)
	frappe.db.set_default("suspend_email_queue", 0)
	let_time_pass(frappe.db.get_value("Booking Reminder", name, "message"))
	deliver()
	assert server.mails == []
	assert state_of(name) == ("Skipped", "It had not left when the booking began.")


def test_the_partner_reminds_its_customers_but_not_our_staff(lead, jun):
	booking = book(lead, jun, origin=Origin.PARTNER, channel=make_channel().name, external_id="7")
	assert set(reminders_of(booking)) == {TO_STAFF, OUTCOME}


def test_staff_are_asked_once_what_came_of_it(lead, jun):
	booking = book(lead, jun)
	let_it_be_due(booking, OUTCOME, late=timedelta(days=3))
	before = len(notifications_of(jun))
	reminders.send_due(60)
	reminders.send_due(60)
	(told,) = notifications_of(jun)[before:]
	assert "Say whether it is completed or a no-show" in told.subject


def test_staff_are_not_asked_what_they_have_said(lead, jun):
	booking = book(lead, jun)
	frappe.db.set_value("Booking", booking, {"starts_on": in_days(-1), "ends_on": in_days(-1, 11)})
	bookings.mark_no_show(booking)
	assert OUTCOME not in reminders_of(booking)


def test_another_reminder_s_trouble_keeps_nobody_waiting(server, lead):
	gone = book(lead)
	broken = let_it_be_due(gone, TO_CUSTOMER, late=timedelta(minutes=2))
	frappe.db.set_value("Booking Reminder", broken, "medium", "Pigeon")
	other = make_lead(first_name="Kim", email_id="kim@customer.example").name
	let_it_be_due(make_booking(lead=other, origin=Origin.USER), TO_CUSTOMER)
	reminders.send_due(60)
	deliver()
	assert [mail.recipients for mail in server.mails] == [["kim@customer.example"]]


def test_a_new_site_reminds_a_day_and_an_hour_before(lead):
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.set("booking_reminders", [])
	settings.save()
	usual_times.write()
	assert set(reminders_of(book(lead))) == {
		*(("Reminder", audience, minutes) for audience in ("Customer", "Staff") for minutes in (1440, 60)),
		OUTCOME,
	}
	usual_times.write()
	assert len(frappe.get_doc("Lead Inbox Settings").booking_reminders) == 2


def test_new_times_hold_for_bookings_that_are_made_already(lead, jobs):
	booking = book(lead)
	jobs.clear()
	set_times((120, "Email", 0))
	frappe.db.commit()
	assert ("lead_inbox.tasks.plan_booking_reminders", {}) in jobs
	tasks.plan_booking_reminders()
	assert {key: row.due_on for key, row in reminders_of(booking).items()} == {
		("Reminder", "Customer", 120): in_days() - timedelta(hours=2),
		OUTCOME: in_days() + timedelta(hours=1, minutes=30),
	}


def test_other_settings_plan_nothing_again(jobs):
	frappe.db.commit()
	jobs.clear()
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.undo_days = 5
	settings.save()
	frappe.db.commit()
	assert "lead_inbox.tasks.plan_booking_reminders" not in [method for method, _arguments in jobs]
