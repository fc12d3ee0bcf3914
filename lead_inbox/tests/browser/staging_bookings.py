"""What the tests of bookings in the browser need beside staging.py, and what they look up afterwards.
Called as that is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe.utils import add_to_date, now_datetime

from lead_inbox.bookings.booking import Request, book, cancel, complete
from lead_inbox.bookings.rules import Origin
from lead_inbox.tests.browser import staging
from lead_inbox.tests.integration.booking_builders import all_week, in_days, make_item, make_service
from lead_inbox.tests.integration.builders import make_holiday_list

TABLES = (
	*("Booking", "Booking Claim", "Booking Reminder", "Booking Review"),
	*("Bookable Service", "Bookable Service User", "Lead Channel Hours"),
)
SERVICE = "Boiler service"
OTHER_SERVICE = "Consultation"
PRICE_LIST = "Visits"
PRICE = 120


def remove_bookings() -> None:
	for table in TABLES:
		frappe.db.delete(table)
	frappe.clear_cache()


def service(**values: Any) -> str:
	"""An hour, every day from nine to five, by Jun or Sara, at the customer's."""
	return make_service(SERVICE, staging.JUN, staging.SARA, **{"hours": all_week(), **values})


def priced_services() -> None:
	"""Two services, one of them with a price and at a place of its own."""
	service(price_list=_price_list(), item=_priced_item())
	make_service(OTHER_SERVICE, staging.JUN, hours=all_week("13:00:00", "15:00:00"), place="Oak Street 4")


def _price_list() -> str:
	if not frappe.db.exists("Price List", PRICE_LIST):
		values = {"price_list_name": PRICE_LIST, "selling": 1, "currency": "USD", "enabled": 1}
		frappe.get_doc(doctype="Price List", **values).insert()
	return PRICE_LIST


def _priced_item() -> str:
	item = make_item()
	of_list = {"item_code": item, "price_list": PRICE_LIST}
	if not frappe.db.exists("Item Price", of_list):
		frappe.get_doc(doctype="Item Price", price_list_rate=PRICE, **of_list).insert()
	return item


def customer(**payload: Any) -> str:
	"""A lead that can be written to. Its name."""
	return staging.lead(**{"email": "naree@customer.example", "phone": "+1 415 555 0123", **payload})


def at(days: int = 1, hour: int = 10) -> datetime:
	return in_days(days, hour)


def booked(lead: str, starts_on: datetime, **values: Any) -> str:
	"""A booking of a lead by Jun, for Jun, unless said otherwise. Its name."""
	wanted = {"service": SERVICE, "user": staging.JUN, "notify": False, **values}
	return staging.as_user(staging.JUN, lambda: book(Request(lead=lead, starts_on=starts_on, **wanted)))


def booked_lead(**values: Any) -> str:
	"""A lead with a booking tomorrow at ten. Its name."""
	service()
	name = customer()
	booked(name, at(), **values)
	return name


def requested_lead() -> str:
	"""A lead whose customer asks for tomorrow at ten, which somebody has to confirm. Its name."""
	service(needs_confirmation=1)
	name = customer()
	booked(name, at(), origin=Origin.CUSTOMER)
	return name


def be_over(lead: str) -> None:
	"""Pretend that the time of a lead's bookings was an hour ago."""
	times = {
		"starts_on": add_to_date(now_datetime(), hours=-2),
		"ends_on": add_to_date(now_datetime(), hours=-1),
	}
	frappe.db.set_value("Booking", {"lead": lead}, times, update_modified=False)


def closed_for(days: int) -> str:
	"""A customer, and a service that is closed for so many days from today. The lead's name."""
	closed = [at(day).date() for day in range(days)]
	service(holiday_list=make_holiday_list(*closed))
	return customer()


def take(starts_on: datetime) -> None:
	"""Somebody else gets the last place."""
	booked(staging.lead(name="Tom Becker", email="tom@customer.example"), starts_on, user=None)


def cancel_all(lead: str) -> None:
	for name in frappe.get_all("Booking", {"lead": lead}, pluck="name", order_by="name asc"):
		cancel(name, "The customer moves away")


def bookings_of(lead: str) -> list[dict[str, Any]]:
	fields = ["name", "status", "service", "starts_on", "user", "place", "notes", "reason", "by_hand"]
	return frappe.get_all("Booking", {"lead": lead}, fields, order_by="starts_on asc")


def status_of(lead: str) -> str:
	return frappe.db.get_value("Lead", lead, "inbox_status")


def told(lead: str) -> list[str]:
	"""The subjects or texts that go to a lead's customer."""
	filters = {"lead": lead, "direction": "Out", "kind": ["in", ["Email", "SMS"]]}
	return frappe.get_all("Lead Message", filters, pluck="content", order_by="sent_on asc")


def showcase() -> str:
	"""The lead of the screenshots: two bookings ahead, one that was reviewed. Its name."""
	priced_services()
	name = customer()
	past = booked(name, at(3, 9))
	be_over(name)
	complete(past)
	frappe.get_doc(
		doctype="Booking Review",
		booking=past,
		lead=name,
		customer_name="Naree Phan",
		stars=4,
		verified=1,
		words="Quick and friendly.",
		given_on=now_datetime(),
		answer="Thank you, see you next year.",
	).insert(ignore_permissions=True)
	booked(name, at(1, 10), place="Oak Street 4, side door", notes="Gate code 4411.")
	booked(name, at(8, 13), service=OTHER_SERVICE)
	for days in (1, 2, 4):
		booked(staging.lead(name=f"Tom Becker {days}", email=f"t{days}@customer.example"), at(days, 14))
	return name
