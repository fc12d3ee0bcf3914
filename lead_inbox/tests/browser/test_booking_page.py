"""The page on which customers book, move and cancel, as their browser has it (BO-5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging_booking_page, staging_bookings
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import AS_JUN, NARROW, expect_no_sideways_scrolling
from lead_inbox.tests.browser.looks import Screenshot
from tools.live import ServedSite

WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
DARK = {**NARROW, "color_scheme": "dark"}
TEN, ELEVEN, NOON = "10:00 AM", "11:00 AM", "12:00 PM"
SHORTEST_TARGET = 44  # pixels that a finger needs

Visit = Callable[..., Page]


@pytest.fixture(autouse=True)
def no_bookings(served_site: ServedSite) -> Iterator[None]:
	served_site.run(staging_bookings.remove_bookings)
	yield
	served_site.run(staging_bookings.remove_bookings)


def choose(page: Page, time: str) -> None:
	"""A time of the last day that is shown, so that it is not too late to change it."""
	page.get_by_role("link", name=time, exact=True).last.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_books_moves_and_cancels(
	scripts: bool, customer: Visit, served_site: ServedSite, screenshot: Screenshot
):
	staged = served_site.run(staging_booking_page.path_to_book)
	page = customer(staged["path"], **NARROW, java_script_enabled=scripts)
	looks = f"booking-page-{'scripts' if scripts else 'plain'}"
	screenshot(page, f"{looks}-1-services")
	page.get_by_role("link", name=staging_bookings.SERVICE).click()
	screenshot(page, f"{looks}-2-times")
	choose(page, TEN)
	screenshot(page, f"{looks}-3-confirm")
	page.get_by_label("Anything we should know?").fill("The gate is open")
	page.get_by_role("button", name="Book").click()
	expect(page.get_by_text("It is confirmed.")).to_be_visible()
	screenshot(page, f"{looks}-4-booked")
	(booking,) = served_site.run(staging_bookings.bookings_of, staged["lead"])
	assert (booking["status"], booking["notes"], booking["starts_on"].hour) == (
		"Confirmed",
		"The gate is open",
		10,
	)

	page.get_by_role("link", name="Choose Another Time").click()
	choose(page, ELEVEN)
	screenshot(page, f"{looks}-5-move")
	page.get_by_role("button", name="Move").click()
	expect(page.get_by_text(f"{ELEVEN} to {NOON}")).to_be_visible()

	page.get_by_role("link", name="Cancel the Appointment").click()
	page.get_by_label("Why?").fill("I am away")
	screenshot(page, f"{looks}-6-cancel")
	page.get_by_role("button", name="Cancel the Appointment").click()
	expect(page.get_by_role("heading", level=1)).to_have_text("Your Appointment Is Cancelled")
	page.reload()
	expect(page.get_by_role("heading", level=1)).to_have_text("Your Appointment Is Cancelled")
	(booking,) = served_site.run(staging_bookings.bookings_of, staged["lead"])
	assert (booking["status"], booking["reason"], booking["starts_on"].hour) == ("Cancelled", "I am away", 11)


@pytest.mark.parametrize("look", [NARROW, WIDE, DARK], ids=["narrow", "wide", "dark"])
def test_fits_and_can_be_tapped(look, customer: Visit, served_site: ServedSite, screenshot: Screenshot):
	staged = served_site.run(staging_booking_page.path_to_booking)
	page = customer(staged["path"], **look)
	expect_no_sideways_scrolling(page)
	screenshot(page, f"booking-page-{look['viewport']['width']}-{look.get('color_scheme', 'light')}-booking")
	page.get_by_role("link", name="Choose Another Time").click()
	expect_no_sideways_scrolling(page)
	screenshot(page, f"booking-page-{look['viewport']['width']}-{look.get('color_scheme', 'light')}-times")
	box = page.get_by_role("link", name=ELEVEN, exact=True).first.bounding_box()
	assert box and box["height"] >= SHORTEST_TARGET and box["width"] >= SHORTEST_TARGET


def test_can_be_used_by_keyboard(customer: Visit, served_site: ServedSite):
	staged = served_site.run(staging_booking_page.path_to_booking)
	page = customer(staged["path"], **WIDE)
	page.get_by_role("link", name="Cancel the Appointment").focus()
	page.keyboard.press("Enter")
	page.get_by_label("Why?").focus()
	page.keyboard.type("I am away")
	page.keyboard.press("Tab")
	page.keyboard.press("Enter")

	expect(page.get_by_role("heading", level=1)).to_have_text("Your Appointment Is Cancelled")


def test_a_time_that_somebody_else_took_is_said(
	customer: Visit, served_site: ServedSite, screenshot: Screenshot
):
	staged = served_site.run(staging_booking_page.path_to_booking)
	page = customer(staged["path"], **NARROW)
	page.get_by_role("link", name="Choose Another Time").click()
	choose(page, ELEVEN)
	start = datetime.fromisoformat(page.locator("input[name=start]").input_value())
	served_site.run(staging_bookings.take, start)
	page.get_by_role("button", name="Move").click()

	expect(page.get_by_role("alert")).to_contain_text("taken meanwhile")
	expect(page.get_by_role("link", name=NOON, exact=True).first).to_be_visible()
	screenshot(page, "booking-page-taken")


def test_when_it_is_too_late_it_says_whom_to_ask(
	customer: Visit, served_site: ServedSite, screenshot: Screenshot
):
	staged = served_site.run(staging_booking_page.path_to_booking)
	served_site.run(staging_booking_page.close_changes)
	page = customer(staged["path"], **NARROW)

	expect(page.get_by_text("It could be moved or cancelled here until")).to_be_visible()
	expect(page.get_by_role("link", name="Cancel the Appointment")).to_have_count(0)
	expect(page.locator(".booking-help a[href^='mailto:']")).to_be_visible()
	screenshot(page, "booking-page-too-late")


def test_a_user_of_the_desk_may_use_a_link_too(open_page: OpenPage, served_site: ServedSite):
	"""Frappe wants its token of them in every form."""
	staged = served_site.run(staging_booking_page.path_to_booking)
	page = open_page("/app", **AS_JUN)
	page.wait_for_function("window.frappe?.csrf_token")
	page.goto(staged["path"])
	page.get_by_role("link", name="Cancel the Appointment").click()
	page.get_by_role("button", name="Cancel the Appointment").click()

	expect(page.get_by_role("heading", level=1)).to_have_text("Your Appointment Is Cancelled")


def test_a_link_stays_between_the_customer_and_us(served_site: ServedSite):
	"""Over HTTP: nothing is kept, told or indexed, and a forged link is told from an old one."""
	staged = served_site.run(staging_booking_page.path_to_booking)
	answers = {
		200: served_site.request("GET", staged["path"]),
		403: served_site.request("GET", f"{staged['path']}x"),
	}
	for status, answer in answers.items():
		assert answer.status == status
		assert answer.headers["Cache-Control"] == "no-store"
		assert answer.headers["Referrer-Policy"] == "no-referrer"
		assert "noindex" in answer.headers["X-Robots-Tag"]
	assert staging_bookings.SERVICE.encode() in answers[200].body
	assert staging_bookings.SERVICE.encode() not in answers[403].body


def test_two_clicks_at_once_book_once(served_site: ServedSite):
	"""Both forms reach the server before either is answered."""
	staged = served_site.run(staging_booking_page.path_to_book)
	values = {
		"link": staged["path"].partition("link=")[2],
		"do": "book",
		"service": staging_bookings.SERVICE,
		"start": served_site.run(staging_bookings.at, 3).isoformat(timespec="minutes"),
		"key": "clicked",
	}
	with ThreadPoolExecutor(max_workers=2) as threads:
		clicks = [threads.submit(served_site.post_form, "/booking", values) for _click in range(2)]

	assert [click.result().status for click in clicks] == [303, 303]
	assert len(served_site.run(staging_bookings.bookings_of, staged["lead"])) == 1
