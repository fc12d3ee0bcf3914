"""Bookings that are made, moved and called off at the same moment: requirement BO-3 with real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import frappe
import pytest

from lead_inbox.bookings import booking as bookings
from lead_inbox.bookings.refusals import BookingRefused
from lead_inbox.bookings.rules import Origin
from lead_inbox.tests.integration.booking_builders import in_days, make_booking, make_service
from lead_inbox.tests.integration.builders import make_lead, state_of

WORKERS = 6
PLACES = 3


@pytest.fixture
def repair(live_site) -> str:
	return live_site.run(make_service, "", capacity=PLACES)


def make_leads() -> list[str]:
	addresses = (f"at-once-{number}@customer.example" for number in range(WORKERS))
	return [make_lead(first_name="Naree", email_id=address).name for address in addresses]


def make_bookings(service: str, leads: list[str]) -> list[str]:
	"""One for each of the leads, all at different times."""
	return [
		make_booking(service, in_days(10 + number), lead=lead, origin=Origin.USER)
		for number, lead in enumerate(leads)
	]


def outcome(site: Any, act: Callable[..., Any], *arguments: Any, **options: Any) -> str:
	try:
		return site.run(act, *arguments, **options) or "done"
	except BookingRefused as refused:
		return refused.refusal.value


def move(booking: str, starts_on: datetime) -> None:
	bookings.reschedule(booking, starts_on, notify=False)


def cancel(booking: str) -> None:
	bookings.cancel(booking, "Ill", notify=False)


def count_at(service: str, starts_on: datetime) -> int:
	return frappe.db.count("Booking", {"service": service, "starts_on": starts_on})


def test_one_request_that_comes_many_times_at_once_is_one_booking(live_site, repair):
	with ThreadPoolExecutor(WORKERS) as threads:
		booked = list(
			threads.map(lambda _turn: outcome(live_site, make_booking, repair, key="once"), range(WORKERS))
		)

	assert len(set(booked)) == 1 and booked[0].startswith("BOOK-")
	assert live_site.run(count_at, repair, in_days()) == 1


def test_of_many_that_are_moved_to_one_time_at_once_as_many_go_as_there_are_places(live_site, repair):
	booked = live_site.run(make_bookings, repair, live_site.run(make_leads))
	later = in_days(30)  # asked here: the threads are outside Frappe
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = list(threads.map(lambda name: outcome(live_site, move, name, later), booked))

	assert sorted(outcomes) == ["done"] * PLACES + ["taken"] * (WORKERS - PLACES)
	assert live_site.run(count_at, repair, later) == PLACES


def test_a_lead_whose_bookings_all_end_at_once_is_active(live_site, repair):
	lead = live_site.run(make_leads)[0]
	booked = live_site.run(make_bookings, repair, [lead] * WORKERS)
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = set(threads.map(lambda name: outcome(live_site, cancel, name), booked))

	assert outcomes == {"done"}
	assert live_site.run(state_of, lead)[0] == "Active"


def test_bookings_of_different_services_hinder_nobody(live_site, repair):
	"""What is kept of them, reminders above all, stands side by side in the same tables."""
	services = [repair, *(live_site.run(make_service, f"Service {number}") for number in range(1, WORKERS))]
	wanted = list(zip(services, live_site.run(make_leads), strict=True))
	sooner, later = in_days(10), in_days(30)

	def book_and_move(service: str, lead: str) -> list[str]:
		booking = outcome(live_site, make_booking, service, sooner, lead=lead, origin=Origin.USER)
		return [booking, outcome(live_site, move, booking, later)]

	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = list(threads.map(lambda pair: book_and_move(*pair), wanted))

	assert all(booking.startswith("BOOK-") and moved == "done" for booking, moved in outcomes)
	assert all(live_site.run(count_at, service, later) == 1 for service in services)
