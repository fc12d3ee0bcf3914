"""What the demo shows of bookings: two services that people do, and a visit that a lead has booked."""

from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from lead_inbox.bookings import booking
from lead_inbox.bookings.services import slots

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PRICE_LIST = "Standard Selling"
# By name: description, minutes, price.
SERVICES: dict[str, tuple[str, int, float]] = {
	"Inspection Visit": ("We come, measure and tell you what it will cost.", 60, 90),
	"Yearly Maintenance": ("Cleaning, filters, a check of all pressures.", 90, 180),
}
DAYS_AHEAD = 14


def make_services(users: list[str]) -> None:
	"""Made again it changes nothing."""
	for name, (description, minutes, price) in SERVICES.items():
		if not frappe.db.exists("Item", name):
			frappe.get_doc(
				doctype="Item", item_code=name, item_group="Services", stock_uom="Nos", is_stock_item=0
			).insert()
			frappe.get_doc(
				doctype="Item Price", item_code=name, price_list=PRICE_LIST, price_list_rate=price
			).insert()
		if not frappe.db.exists("Bookable Service", name):
			frappe.get_doc(
				doctype="Bookable Service",
				service_name=name,
				item=name,
				description=description,
				duration_minutes=minutes,
				step_minutes=30,
				buffer_after_minutes=30,
				capacity=len(users),
				price_list=PRICE_LIST,
				users=[{"user": user} for user in users],
				hours=[{"day": day, "opens_at": "09:00", "closes_at": "17:00"} for day in WEEKDAYS],
			).insert()


def book_visit(lead: str) -> None:
	"""A lead that is booked, once."""
	service = next(iter(SERVICES))
	if frappe.db.exists("Booking", {"lead": lead}):
		return
	tomorrow = now_datetime() + timedelta(days=1)
	free = slots.free_slots(service, tomorrow, tomorrow + timedelta(days=DAYS_AHEAD))
	visit = booking.Request(service=service, lead=lead, starts_on=free[0].starts_on, notify=False)
	booking.book(visit)  # untold: the demo has no mail server
