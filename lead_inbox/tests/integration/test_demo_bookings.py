"""The demo's services are accepted, and its lead is booked once."""

from __future__ import annotations

import frappe

from lead_inbox.tests.integration.builders import make_lead, make_user, state_of
from tools import demo_bookings


def test_made_again_it_stays_as_it_is():
	users = [make_user("jun@company.example"), make_user("sara@company.example")]
	demo_bookings.make_services(users)
	lead = make_lead(first_name="Maria", email_id="maria@customer.example").name
	demo_bookings.book_visit(lead)
	demo_bookings.make_services(users)
	demo_bookings.book_visit(lead)
	assert frappe.db.count("Bookable Service") == len(demo_bookings.SERVICES)
	booking = frappe.get_last_doc("Booking", {"lead": lead})
	assert (booking.status, booking.price, booking.user in users) == ("Confirmed", 90, True)
	assert frappe.db.count("Booking") == 1
	assert state_of(lead)[0] == "Booked"
