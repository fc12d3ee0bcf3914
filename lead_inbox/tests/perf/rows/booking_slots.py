"""The free times of many services, with many bookings in the table against few: what is over costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import frappe
from frappe.utils import now_datetime

from lead_inbox.bookings.services import slots
from lead_inbox.tests.perf.measure import Comparison, time_of
from lead_inbox.tests.perf.site import SALES_USERS, WEEKDAYS
from lead_inbox.tests.perf.sizes import BOOKABLE_SERVICES, BOOKINGS, FEW_BOOKINGS, LEADS, SLOT_DAYS

ROUNDS = 6
CALLS = 5
ITEM = "Perf Visit"
TABLE, KEPT = "tabBooking", "perf kept Booking"

# The first ones are ahead, in the days that are asked about; all others are over, within two years. Of those
# most were completed, some called off, and of some nobody has told what became of them.
BOOKINGS_OF_SERVICES = """
	insert into `tabBooking` (
		name, creation, modified, owner, modified_by, title, customer_name, status, service, user, starts_on,
		ends_on, time_zone, origin, external_key, request_key
	)
	select name, starts_on, starts_on, 'Administrator', 'Administrator', 'Perf', 'Perf', status,
		concat('Perf Service ', lpad(mod(n, %(services)s) + 1, 2, '0')),
		elt(mod(mod(n, %(services)s), %(users)s) + 1, {users}), starts_on, starts_on + interval 1 hour, 'UTC', 'Customer', name, name
	from (
		select seq as n, concat('PERF-', lpad(seq, 8, '0')) as name,
			%(midnight)s + interval 9 + mod(seq * 31, 8) hour
				+ interval if(seq <= %(ahead)s, mod(seq * 7919, %(days)s) + 1, 0) day
				- interval if(seq <= %(ahead)s, 0, mod(seq * 7919, 730) + 1) day as starts_on,
			case
				when seq <= %(ahead)s or mod(seq, 10) = 0 then 'Confirmed'
				when mod(seq, 10) = 1 then 'Cancelled' else 'Completed'
			end as status
		from seq_1_to_{bookings}
	) numbers
"""


def measure() -> list[Comparison]:
	names = make_services()
	large: list[float] = []
	small: list[float] = []
	for number in range(ROUNDS):
		sides = [(large, BOOKINGS), (small, FEW_BOOKINGS)]
		for seconds, bookings in sides if number % 2 == 0 else reversed(sides):
			with only(bookings):
				seconds += seconds_of_calls(names)
	return [
		Comparison(
			what=f"free slots of {len(names)} services over {SLOT_DAYS} days, with {BOOKINGS:,} bookings",
			against=f"the same with {FEW_BOOKINGS:,} bookings; as many are ahead in both",
			at_most=1.5,
			size=f"{len(large)} calls a side; {LEADS:,} leads, {len(SALES_USERS)} users",
			seconds=large,
			seconds_against=small,
		)
	]


def seconds_of_calls(names: list[str]) -> list[float]:
	"""One call more than is counted: the first one finds neither pages nor documents in memory."""
	return [_seconds_of_call(names) for _ in range(CALLS + 1)][1:]


def _seconds_of_call(names: list[str]) -> float:
	found: dict[str, list[slots.Slot]] = {}
	now = now_datetime()
	until = now + timedelta(days=SLOT_DAYS)
	seconds = time_of(lambda: found.update(slots.free_slots_of(names, now, until, by_customer=True)))
	frappe.db.rollback()  # as the end of a request does
	if not all(found.get(name) for name in names):
		raise RuntimeError("A service has no free slot at all.")
	return seconds


@contextmanager
def only(bookings: int) -> Iterator[None]:
	"""Have that many bookings in the table, and put what it holds aside."""
	_put_back()
	frappe.db.sql_ddl(f"rename table `{TABLE}` to `{KEPT}`")
	frappe.db.sql_ddl(f"create table `{TABLE}` like `{KEPT}`")
	try:
		_fill(bookings)
		yield
	finally:
		_put_back()


def _fill(bookings: int) -> None:
	"""Insert bookings of the services, FEW_BOOKINGS of them ahead, the others over."""
	users = ", ".join(map(repr, SALES_USERS))
	values = {"services": BOOKABLE_SERVICES, "users": len(SALES_USERS), "days": SLOT_DAYS - 2}
	values |= {
		"ahead": FEW_BOOKINGS,
		"midnight": datetime.combine(now_datetime().date(), datetime.min.time()),
	}
	frappe.db.sql(BOOKINGS_OF_SERVICES.format(users=users, bookings=bookings), values)
	frappe.db.commit()
	frappe.db.sql_ddl(f"analyze table `{TABLE}`")


def _put_back() -> None:
	"""Also after a run that was broken off."""
	frappe.db.commit()
	if frappe.db.sql("show tables like %s", (KEPT,)):
		frappe.db.sql_ddl(f"drop table if exists `{TABLE}`")
		frappe.db.sql_ddl(f"rename table `{KEPT}` to `{TABLE}`")


def make_services() -> list[str]:
	"""Services of an hour on every day from nine to five, each done by two users. Made once."""
	if not frappe.db.exists("Item", ITEM):
		group = frappe.db.get_value("Item Group", {"is_group": 0}, "name", order_by="name asc")
		frappe.get_doc(doctype="Item", item_code=ITEM, item_group=group, is_stock_item=0).insert()
	hours = [{"day": day, "opens_at": "09:00:00", "closes_at": "17:00:00"} for day in WEEKDAYS]
	names = [f"Perf Service {number:02}" for number in range(1, BOOKABLE_SERVICES + 1)]
	for number, name in enumerate(names):
		if not frappe.db.exists("Bookable Service", name):
			users = [{"user": SALES_USERS[(number + turn) % len(SALES_USERS)]} for turn in range(2)]
			fields = {"service_name": name, "item": ITEM, "users": users, "hours": hours}
			frappe.get_doc(doctype="Bookable Service", **fields).insert()
	frappe.db.commit()
	return names
