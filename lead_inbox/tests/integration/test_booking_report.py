"""The report of what became of bookings: requirement BO-8 and the reviews in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_months, get_first_day, get_last_day, nowdate

from lead_inbox.tests.integration.booking_builders import insert_booking, make_service
from lead_inbox.tests.integration.builders import make_channel, make_lead, make_user

REPORT = "Booking Performance"
MARCH, APRIL, JUNE = datetime(2026, 3, 2, 9), datetime(2026, 4, 1, 9), datetime(2026, 6, 30, 23, 30)


@pytest.fixture
def lead() -> str:
	return make_lead(first_name="Naree").name


def booked(lead: str, status: str, starts_on: datetime = MARCH, stars: int = 0, **values: Any) -> str:
	booking = insert_booking(values.pop("service", None), starts_on, status=status, lead=lead, **values)
	if stars:
		frappe.get_doc(doctype="Booking Review", booking=booking, lead=lead, stars=stars).insert(
			ignore_permissions=True
		)
	return booking


def report(group_by: str = "Service", **filters: Any) -> dict[str, Any]:
	dates = {"from_date": "2026-03-01", "to_date": "2026-06-30"}
	return run(REPORT, filters={**dates, "group_by": group_by, **filters}, ignore_prepared_report=True)


def rows(*fields: str, group_by: str = "Service", **filters: Any) -> list[tuple[Any, ...]]:
	return [tuple(row.get(field) for field in fields) for row in report(group_by, **filters)["result"]]


def test_bookings_are_counted_by_what_became_of_them(lead):
	service = make_service("Repair")
	for status in ("Requested", "Confirmed", "Completed", "Completed", "Completed", "No Show", "Cancelled"):
		booked(lead, status, service=service)
	booked(lead, "Declined", service=service)
	counts = ("requested", "confirmed", "completed", "no_show", "cancelled", "declined")

	assert rows("group", "bookings", *counts) == [("Repair", 8, 1, 1, 3, 1, 1, 1)]
	assert rows("no_show_rate") == [(25.0,)]


def test_a_rate_or_an_average_of_nothing_is_empty(lead):
	booked(lead, "Confirmed", service=make_service("Repair"))

	assert rows("no_show_rate", "stars", "reviews") == [(None, None, 0)]


def test_stars_are_averaged(lead):
	service = make_service("Repair")
	for stars in (5, 4, 0):
		booked(lead, "Completed", service=service, stars=stars)

	assert rows("stars", "reviews", "bookings") == [(4.5, 2, 3)]
	figures = {figure["label"]: figure["value"] for figure in report()["report_summary"]}
	assert figures == {"Bookings": 3, "No-Show Rate": "0%", "Average Stars": "4.5", "Reviews": 2}


def test_the_summary_averages_reviews_not_groups(lead):
	one, other = make_service("Repair"), make_service("Inspection")
	for stars in (5, 5, 5):
		booked(lead, "Completed", service=one, stars=stars)
	booked(lead, "Completed", service=other, stars=1)

	figures = {figure["label"]: figure["value"] for figure in report()["report_summary"]}
	assert figures["Average Stars"] == "4.0"


def test_by_user_by_channel_and_what_has_none_comes_last(lead):
	jun, sara = make_user("jun@company.example"), make_user("sara@company.example")
	make_channel("Partner")
	for user in (jun, sara, sara, None, None, None):
		booked(lead, "Completed", user=user, channel="Partner" if user == jun else None)

	assert rows("group", "bookings", group_by="User") == [(sara, 2), (jun, 1), (None, 3)]
	assert report("User")["chart"]["data"]["labels"] == ["Sara", "Jun", "None"]
	assert rows("group", "bookings", group_by="Channel") == [("Partner", 1), (None, 5)]
	assert rows("group", "bookings", user=sara) == [(None, 2)]
	assert rows("group", "bookings", channel="Partner") == [(None, 1)]


def test_by_month_of_the_booking_with_no_month_left_out(lead):
	booked(lead, "Completed", MARCH)
	booked(lead, "No Show", JUNE)
	booked(lead, "Completed", datetime(2026, 7, 1))
	booked(lead, "Completed", datetime(2026, 2, 28, 23, 59))

	assert rows("group", "bookings", group_by="Month") == [
		("2026-03", 1),
		("2026-04", 0),
		("2026-05", 0),
		("2026-06", 1),
	]
	chart = report("Month")["chart"]["data"]
	assert chart["labels"] == ["2026-03", "2026-04", "2026-05", "2026-06"]
	assert {part["name"]: part["values"] for part in chart["datasets"]}["No Shows"] == [0, 0, 0, 1]


def test_without_dates_it_is_about_a_year_and_the_rest_of_this_month(lead):
	last = get_last_day(nowdate())
	booked(lead, "Confirmed", datetime(last.year, last.month, last.day, 9))
	first = get_first_day(add_months(nowdate(), -11))
	booked(lead, "Completed", datetime(first.year, first.month, 1, 9))
	found = run(REPORT, filters={"group_by": "Month"}, ignore_prepared_report=True)["result"]

	assert len(found) == 12
	assert [row["bookings"] for row in (found[0], found[-1])] == [1, 1]


def test_dates_in_the_wrong_order_and_unknown_groups_are_refused():
	with pytest.raises(frappe.ValidationError, match="first day"):
		report(from_date="2026-07-01")
	with pytest.raises(frappe.ValidationError, match="Choose one of"):
		report("Weather")


def test_nothing_is_shown_of_nothing():
	shown = report(from_date="2020-01-01", to_date="2020-01-31")
	assert (shown["result"], shown["chart"], shown["report_summary"]) == ([], None, [])


def test_a_user_gets_the_figures_of_the_bookings_they_may_see(lead):
	booked(lead, "Completed", stars=5)
	booked(make_lead(first_name="100% Other").name, "Completed", stars=1)
	user = make_user("south@example.com")
	frappe.get_doc(doctype="User Permission", user=user, allow="Lead", for_value=lead).insert()
	assert rows("bookings", "stars") == [(2, 3)]

	frappe.set_user(user)
	assert rows("bookings", "stars") == [(1, 5)]
	figures = {figure["label"]: figure["value"] for figure in report()["report_summary"]}
	assert (figures["Bookings"], figures["Reviews"]) == (1, 1)


def test_who_has_no_right_to_bookings_gets_no_figures(lead):
	booked(lead, "Completed")
	frappe.set_user(make_user("stranger@example.com", "Employee"))
	with pytest.raises(frappe.PermissionError):
		report()
