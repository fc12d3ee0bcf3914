"""Bookings and what can be booked, in the words of a user."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.bookings.rules import Origin
from lead_inbox.tests.integration.builders import open_on

WORKING_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def make_item(name: str = "Boiler Service") -> str:
	"""An Item that is no stock, made once."""
	if not frappe.db.exists("Item", name):
		group = frappe.db.get_value("Item Group", {"is_group": 0}, "name", order_by="name asc")
		unit = frappe.db.get_value("UOM", {}, "name", order_by="name asc")
		values = {"item_code": name, "item_group": group, "stock_uom": unit, "is_stock_item": 0}
		frappe.get_doc(doctype="Item", **values).insert()
	return name


def make_service(name: str = "", *users: str, **values: Any) -> str:
	"""Make a Bookable Service of an hour, at all hours and without notice, unless said otherwise.

	users: who does it. values: its fields; for hours see all_week and builders.open_on.
	"""
	fields = {
		"doctype": "Bookable Service",
		"service_name": name or f"Service {frappe.generate_hash(length=6)}",
		"item": values.pop("item", None) or make_item(),
		"users": [{"user": user} for user in users],
		"lead_time_minutes": 0,
		**values,
	}
	return frappe.get_doc(fields).insert().name


def all_week(opens: str = "09:00:00", closes: str = "17:00:00") -> list[dict[str, str]]:
	"""Rows of hours, the same on every day."""
	return open_on(*((day, opens, closes) for day in WORKING_DAYS))


def in_days(days: int = 3, hour: int = 10, minute: int = 0) -> datetime:
	"""A moment of the site's, so many days from now at that time of day."""
	day = now_datetime() + timedelta(days=days)
	return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def make_booking(service: str = "", starts_on: datetime | None = None, **values: Any) -> str:
	"""Book a time, by default in three days at ten, and return the Booking. values: fields of a Request."""
	from lead_inbox.bookings.booking import Request, book

	request = {
		"service": service or make_service(),
		"starts_on": starts_on or in_days(),
		"origin": Origin.CUSTOMER,
		"customer_name": "Naree Phan",
		"email": "naree@customer.example",
		"notify": False,
		**values,
	}
	return book(Request(**request))


def insert_booking(service: str | None, starts_on: datetime, **values: Any) -> str:
	"""A row of Booking without anything that follows from it: no claims, no messages."""
	ends_on = values.pop("ends_on", starts_on + timedelta(hours=1))
	fields = {"status": "Confirmed", "service": service, "starts_on": starts_on, "ends_on": ends_on}
	doc = frappe.get_doc({"doctype": "Booking", "title": "Somebody", **fields, **values})
	doc.flags.written_by_bookings = True
	doc.db_insert() if doc.name else doc.insert(ignore_permissions=True, ignore_links=True)
	return doc.name


def insert_review(booking: str, **values: Any) -> str:
	"""A review as the customer's page stores it."""
	facts = ("lead", "customer", "customer_name", "lead_email", "service", "user")
	of = frappe.db.get_value("Booking", booking, facts, as_dict=True)
	fields = {"booking": booking, "stars": 5, "words": "Nice", **of, **values}
	return frappe.get_doc({"doctype": "Booking Review", **fields}).insert(ignore_permissions=True).name


def add_event(user: str, starts_on: datetime, **values: Any) -> str:
	"""An Event in a user's calendar, of an hour unless said otherwise."""
	fields = {"subject": "Dentist", "event_type": "Private", "status": "Open", "starts_on": starts_on}
	fields |= {"ends_on": starts_on + timedelta(hours=1), **values}
	event = frappe.get_doc({"doctype": "Event", **fields}).insert(ignore_permissions=True)
	frappe.db.set_value("Event", event.name, "owner", user, update_modified=False)
	return event.name
