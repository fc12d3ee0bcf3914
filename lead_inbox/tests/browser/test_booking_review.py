"""The page on which customers review a booking, and what the desk shows of reviews (BO-8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import Page, expect

from lead_inbox.bookings.booking import complete
from lead_inbox.bookings.pages import links
from lead_inbox.bookings.reviewing import review_rules, reviews
from lead_inbox.tests.browser import staging_bookings
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import AS_JUN, NARROW, WIDE, dialog, expect_no_sideways_scrolling
from tools.live import ServedSite

Screenshot = Callable[[Page, str], Path]
SCRIPT = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
THANKS = "Thank you for your review"


@pytest.fixture(autouse=True)
def no_bookings(served_site: ServedSite) -> Iterator[None]:
	served_site.run(staging_bookings.remove_bookings)
	yield
	served_site.run(staging_bookings.remove_bookings)


@pytest.fixture
def booking(served_site: ServedSite) -> str:
	return served_site.run(completed)


@pytest.fixture
def path(served_site: ServedSite, booking: str) -> str:
	link = urlsplit(served_site.run(links.review_link, booking))
	return f"{link.path}?{link.query}"


def completed() -> str:
	"""A booking that was an hour ago."""
	staging_bookings.service()
	booking = staging_bookings.booked(staging_bookings.customer(), staging_bookings.at())
	now = now_datetime().replace(microsecond=0)
	times = {"starts_on": now - timedelta(hours=2), "ends_on": now - timedelta(hours=1)}
	frappe.db.set_value("Booking", booking, times)
	complete(booking)
	return booking


def given(booking: str, words: str) -> str:
	return reviews.give(booking, review_rules.read("4", words))


def stars_of(booking: str) -> list[int]:
	return frappe.get_all("Booking Review", {"booking": booking}, pluck="stars", order_by="creation asc")


def answers_to(booking: str) -> list[str]:
	lead = frappe.db.get_value("Booking", booking, "lead")
	filters = {"lead": lead, "subject": ["like", "Our answer%"]}
	return frappe.get_all("Lead Message", filters, pluck="content", order_by="creation asc")


def test_a_customer_reviews_on_a_phone_by_keyboard_and_without_scripts(
	booking: str, path: str, customer: Callable[..., Page], served_site: ServedSite, screenshot: Screenshot
) -> None:
	page = customer(path, java_script_enabled=False, **NARROW)
	stars = page.get_by_role("radio")
	expect(stars).to_have_count(5)
	expect(page.get_by_role("group", name="How many stars do you give?")).to_be_visible()
	screenshot(page, "booking-review-form-phone")
	stars.first.focus()
	page.keyboard.press("Space")
	for _step in range(3):
		page.keyboard.press("ArrowRight")
	expect(page.get_by_role("radio", name="4 of 5 stars")).to_be_checked()
	page.get_by_label(re.compile("What would you like to say")).fill("On time.\nAnd tidy & clean")
	screenshot(page, "booking-review-filled-phone")
	page.get_by_role("button", name="Send Review").press("Enter")
	expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
	expect(page.get_by_role("img", name="4 of 5 stars")).to_be_visible()
	expect(page.locator("blockquote")).to_have_text("On time.\nAnd tidy & clean")
	screenshot(page, "booking-review-thanks-phone")
	assert served_site.run(stars_of, booking) == [4]


def test_the_page_fits_and_has_no_way_to_a_second_review(
	booking: str, path: str, customer: Callable[..., Page], served_site: ServedSite, screenshot: Screenshot
) -> None:
	page = customer(path, **NARROW)
	expect_no_sideways_scrolling(page)
	page.get_by_role("radio", name="2 of 5 stars").check()
	page.get_by_role("button", name="Send Review").click()
	expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
	page.goto(path)
	expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
	expect(page.get_by_role("radio")).to_have_count(0)
	expect_no_sideways_scrolling(page)
	wide = customer(path, **WIDE)
	expect(wide.get_by_role("heading", name=THANKS)).to_be_visible()
	screenshot(wide, "booking-review-thanks-wide")
	assert served_site.run(stars_of, booking) == [2]


def test_who_is_logged_in_can_review_too(path: str, open_page: OpenPage) -> None:
	page = open_page(path, **AS_JUN, **WIDE)
	page.get_by_role("radio", name="5 of 5 stars").check()
	page.get_by_role("button", name="Send Review").click()
	expect(page.get_by_role("heading", name=THANKS)).to_be_visible()


def test_a_link_that_was_changed_says_so(
	path: str, customer: Callable[..., Page], screenshot: Screenshot
) -> None:
	page = customer(path[:-2] + "xx", **NARROW)
	expect(page.get_by_role("heading", name="No review can be given here")).to_be_visible()
	expect(page.get_by_role("radio")).to_have_count(0)
	screenshot(page, "booking-review-forged-phone")


def test_of_many_sent_at_once_one_is_kept(booking: str, path: str, served_site: ServedSite) -> None:
	token = parse_qs(urlsplit(path).query)["link"][0]

	def send(stars: int) -> int:
		form = {"link": token, "stars": str(stars), "words": f"Number {stars}"}
		return served_site.post_form("/booking-review", form, {"Accept": "text/html"}).status

	with ThreadPoolExecutor(max_workers=5) as threads:
		statuses = list(threads.map(send, (1, 2, 3, 4, 5)))
	assert statuses == [303] * 5
	assert len(served_site.run(stars_of, booking)) == 1


def test_the_page_keeps_its_secret(path: str, served_site: ServedSite) -> None:
	for answer in (
		served_site.request("GET", path),
		served_site.request("GET", path + "x"),
		served_site.post_form("/booking-review", {"link": "x", "stars": "5"}),
	):
		assert answer.headers["Cache-Control"] == "no-store"
		assert answer.headers["Referrer-Policy"] == "no-referrer"
		assert "noindex" in answer.headers["X-Robots-Tag"]


def test_a_user_answers_and_a_script_is_only_text(
	booking: str,
	path: str,
	open_page: OpenPage,
	customer: Callable[..., Page],
	served_site: ServedSite,
	screenshot: Screenshot,
) -> None:
	review = served_site.run(given, booking, SCRIPT)
	page = open_page(f"/app/booking-review/{review}", **AS_JUN, **WIDE)
	expect(page.locator("[data-fieldname=words] .like-disabled-input")).to_have_text(SCRIPT)
	page.get_by_role("button", name="Answer", exact=True).click()
	box = dialog(page)
	expect(box.locator("[data-fieldname=tell_customer] .input-area input")).to_be_checked()
	screenshot(page, "booking-review-answer")
	box.locator("textarea").fill("Thank you <b>very</b> much")
	box.get_by_role("button", name="Save Answer").click()
	expect(page.locator("[data-fieldname=answer] .like-disabled-input")).to_have_text(
		"Thank you <b>very</b> much"
	)
	expect(page.get_by_role("button", name="Change Answer")).to_be_visible()
	screenshot(page, "booking-review-answered")
	assert len(served_site.run(answers_to, booking)) == 1
	page.goto("/app/booking-review")
	expect(page.locator(".result").get_by_role("img", name="4 of 5 stars")).to_be_visible()
	screenshot(page, "booking-review-list")
	shown = customer(path, **NARROW)
	expect(shown.get_by_text("Thank you <b>very</b> much")).to_be_visible()
	expect(shown.locator("blockquote")).to_have_text(SCRIPT)
	screenshot(shown, "booking-review-answer-phone")
	assert "hacked" not in (page.title(), shown.title())


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_report_tells_of_stars_and_no_shows(
	size: dict, booking: str, open_page: OpenPage, served_site: ServedSite, screenshot: Screenshot
) -> None:
	served_site.run(given, booking, "Fine")
	page = open_page("/app/query-report/Booking%20Performance", **AS_JUN, **size)
	report = page.locator(".page-container:visible")
	expect(report.locator(".report-wrapper .dt-row-0")).to_contain_text(staging_bookings.SERVICE)
	expect(report.locator(".chart-wrapper .frappe-chart")).to_be_visible()
	expect(report.locator(".report-summary")).to_contain_text("4.0")
	screenshot(page, f"report-booking-performance-{'wide' if size is WIDE else 'narrow'}")


def test_the_workspace_leads_to_bookings(
	booking: str, open_page: OpenPage, served_site: ServedSite, screenshot: Screenshot
) -> None:
	served_site.run(given, booking, "Fine")
	page = open_page("/app/lead-hub", **AS_JUN, **WIDE)
	expect(page.locator(".number-widget-box", has_text="Average Stars")).to_contain_text("4")
	chart = page.locator(".dashboard-widget-box", has_text="Booking Performance")
	expect(chart.locator(".frappe-chart")).to_be_visible()
	for name in ("Booking", "Bookable Service", "Booking Review", "Booking Performance"):
		expect(page.locator(".link-item", has_text=re.compile(rf"^\s*{name}\s*$"))).to_be_visible()
	page.screenshot(path=screenshot(page, "workspace-with-bookings"), full_page=True)
