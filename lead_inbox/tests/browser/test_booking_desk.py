"""Booking in the desk: from the inbox, from the Lead's form, on the Booking's form, in list and calendar (BO-1, BO-4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from lead_inbox.tests.browser import staging, staging_bookings
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	NARROW,
	PATH,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	expect_open,
	row,
	tab,
	text_box,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
	wait_until_loaded,
)
from lead_inbox.tests.browser.looks import LOOKS, Screenshot, brightness
from tools.live import ServedSite

SMALLER = {"viewport": {"width": 1280, "height": 800}}


At = Callable[[int, int], datetime]


@pytest.fixture
def at(served_site: ServedSite) -> At:
	"""A moment of the site's: at(days from today, hour)."""
	today = served_site.run(staging_bookings.at, 0, 0)
	return lambda days, hour: today + timedelta(days=days, hours=hour)


@pytest.fixture(autouse=True)
def no_bookings(served_site: ServedSite) -> None:
	served_site.run(staging_bookings.remove_bookings)


def open_inbox(open_page: OpenPage, name: str, **options: object) -> Page:
	page = open_page(f"{PATH}/{name}", **{**AS_JUN, **SMALLER, **options})
	expect_open(page, "Naree Phan")
	return page


def side(page: Page) -> Locator:
	return page.locator(".inbox-side [data-side=bookings]")


def do(page: Page, action: str) -> None:
	side(page).locator(f"[data-booking={action}]").first.click()


def open_booking(page: Page) -> Locator:
	"""By its key, from the inbox."""
	expect(page.locator("[data-action=book]")).to_be_visible()
	page.keyboard.press("b")
	return wait_for_slots(page)


def wait_for_slots(page: Page) -> Locator:
	wait_for_dialog(page)
	expect(page.locator(".booking-week")).to_have_attribute("aria-busy", "false")
	return dialog(page)


def slot(page: Page, starts_on: datetime) -> Locator:
	return page.locator(f".booking-slot input[value='{starts_on:%Y-%m-%d %H:%M:%S}']")


def choose(page: Page, starts_on: datetime) -> None:
	slot(page, starts_on).check()


def submit(page: Page, label: str) -> None:
	dialog(page).get_by_role("button", name=label, exact=True).click()


def fill_time(page: Page, field: str, moment: datetime) -> None:
	control = page.locator(f"[data-field={field}] input")
	control.fill(f"{moment:%m-%d-%Y %H:%M:%S}")
	control.press("Tab")


def choose_time_by_hand(page: Page, starts_on: datetime) -> None:
	page.get_by_role("button", name="Another time").click()
	fill_time(page, "starts_on", starts_on)


def fill(page: Page, field: str, text: str) -> None:
	dialog(page).locator(f"textarea[name={field}], [data-fieldname={field}] textarea").fill(text)


# From the inbox


def test_free_slot_is_booked_and_shown(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	served_site.run(staging_bookings.service)
	name = served_site.run(staging_bookings.customer)
	page = open_inbox(open_page, name)
	expect(side(page)).to_contain_text("Nothing is booked.")
	box = open_booking(page)
	expect(box.get_by_role("button", name="Book", exact=True)).to_be_disabled()
	box.get_by_label("Who does it").select_option(label="Sara Moss")
	choose(page, at(1, 11))
	fill(page, "place", "Oak Street 4")
	fill(page, "notes", "Gate code 4411")
	submit(page, "Book")
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("Tomorrow, 11:00 to 12:00")
	for words in ("Confirmed", "Sara Moss", "Oak Street 4", "Gate code 4411"):
		expect(side(page)).to_contain_text(words)
	expect(page.locator(".inbox-head [data-inbox-status]")).to_have_text("Booked")
	(booking,) = served_site.run(staging_bookings.bookings_of, name)
	assert (booking["starts_on"], booking["user"]) == (at(1, 11), staging.SARA)
	assert served_site.run(staging_bookings.told, name)


def test_customer_is_not_told_when_that_is_not_wanted(
	served_site: ServedSite, open_page: OpenPage, at: At
) -> None:
	served_site.run(staging_bookings.service)
	name = served_site.run(staging_bookings.customer)
	page = open_inbox(open_page, name)
	open_booking(page)
	choose(page, at(1, 11))
	dialog(page).get_by_label("Tell the customer").uncheck()
	submit(page, "Book")
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("Confirmed")
	assert served_site.run(staging_bookings.told, name) == []


def test_keyboard_goes_through_the_slots(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	served_site.run(staging_bookings.service)
	page = open_inbox(open_page, served_site.run(staging_bookings.customer))
	open_booking(page)
	first = slot(page, at(1, 16))
	first.focus()
	page.keyboard.press("Space")
	expect(first).to_be_checked()
	page.keyboard.press("ArrowDown")
	expect(slot(page, at(2, 9))).to_be_checked()
	expect(slot(page, at(2, 9))).to_have_accessible_name(re.compile(r"\w+day, .*9:00"))
	expect(dialog(page).locator("[data-booking=chosen]")).to_contain_text("9:00 to 10:00")


def test_taken_meanwhile_is_said_and_the_slots_come_anew(
	served_site: ServedSite, open_page: OpenPage, at: At
) -> None:
	served_site.run(staging_bookings.service)
	name = served_site.run(staging_bookings.customer)
	page = open_inbox(open_page, name)
	open_booking(page)
	choose(page, at(1, 11))
	served_site.run(staging_bookings.take, at(1, 11))
	submit(page, "Book")
	expect(dialog(page).get_by_role("alert")).to_contain_text("11:00 has been taken meanwhile.")
	expect(slot(page, at(1, 11))).to_have_count(0)
	expect(dialog(page).get_by_role("button", name="Book", exact=True)).to_be_disabled()
	assert served_site.run(staging_bookings.bookings_of, name) == []
	choose(page, at(1, 12))
	expect(dialog(page).get_by_role("alert")).to_have_count(0)
	submit(page, "Book")
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("12:00 to 13:00")


def test_time_by_hand_shows_conflicts_and_is_booked_anyway(
	served_site: ServedSite, open_page: OpenPage, at: At, screenshot: Screenshot
) -> None:
	served_site.run(staging_bookings.service)
	served_site.run(staging_bookings.take, at(1, 11))
	name = served_site.run(staging_bookings.customer)
	page = open_inbox(open_page, name)
	open_booking(page)
	choose_time_by_hand(page, at(1, 11))
	conflict = dialog(page).locator("[data-conflict=booking]")
	expect(conflict).to_contain_text("Tom Becker")
	expect(conflict).to_contain_text("Tomorrow 11:00 to 12:00")
	screenshot(page, "booking-conflict")
	submit(page, "Book")
	page.get_by_role("button", name="Book anyway").click()
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("11:00 to 12:00")
	(booking,) = served_site.run(staging_bookings.bookings_of, name)
	assert booking["by_hand"]


def test_time_by_hand_may_be_thought_better_of(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	served_site.run(staging_bookings.service)
	name = served_site.run(staging_bookings.customer)
	page = open_inbox(open_page, name)
	open_booking(page)
	choose_time_by_hand(page, at(1, 20))
	expect(dialog(page).locator("[data-conflict=hours]")).to_contain_text("Outside the hours")
	submit(page, "Book")
	page.locator(".modal.show").last.get_by_role("button", name="Cancel").click()
	expect(page.locator(".booking-box")).to_be_visible()
	assert served_site.run(staging_bookings.bookings_of, name) == []


def test_days_without_free_times_lead_on(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	page = open_inbox(open_page, served_site.run(staging_bookings.closed_for, 7))
	open_booking(page)
	expect(dialog(page)).to_contain_text("No free times in these days")
	dialog(page).get_by_role("button", name="Next days").click()
	expect(slot(page, at(7, 9))).to_be_visible()
	dialog(page).get_by_role("button", name="Earlier days").click()
	expect(dialog(page)).to_contain_text("No free times in these days")


def test_other_zone_of_the_service_is_named(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging_bookings.service(time_zone="Asia/Tokyo"))
	page = open_inbox(open_page, served_site.run(staging_bookings.customer))
	open_booking(page)
	expect(page.locator("[data-booking=zone]")).to_contain_text("Asia/Tokyo")
	clocks = page.locator(".booking-day:not(.is-full)").last.locator(".booking-slot span")
	expect(clocks.first).to_have_text(re.compile(r"^0?9:00"))
	expect(clocks.last).to_have_text(re.compile(r"^16:00"))


def test_nothing_to_book_leads_to_the_setup(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_bookings.customer)
	page = open_page(f"{PATH}/{name}", **SMALLER)
	expect_open(page, "Naree Phan")
	page.keyboard.press("b")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("There is nothing to book yet")
	expect(dialog(page).get_by_role("link", name="Set up services")).to_be_visible()


def test_booking_is_moved_with_a_reason(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	name = served_site.run(staging_bookings.booked_lead)
	page = open_inbox(open_page, name)
	do(page, "reschedule")
	wait_for_slots(page)
	choose(page, at(2, 15))
	expect(dialog(page).get_by_role("button", name="Move", exact=True)).to_be_disabled()
	fill(page, "reason", "The van is broken")
	submit(page, "Move")
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("15:00 to 16:00")
	expect(side(page)).to_contain_text("The van is broken")
	(booking,) = served_site.run(staging_bookings.bookings_of, name)
	assert booking["starts_on"] == at(2, 15)


def test_booking_is_cancelled_with_a_reason(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_bookings.booked_lead)
	page = open_inbox(open_page, name)
	do(page, "cancel")
	wait_for_dialog(page)
	fill(page, "reason", "Nobody is at home")
	submit(page, "Cancel the booking")
	wait_for_no_dialog(page)
	expect(side(page)).to_contain_text("Nothing is booked.")
	side(page).get_by_text("Earlier bookings (1)").click()
	expect(side(page)).to_contain_text("Cancelled")
	expect(side(page)).to_contain_text("Nobody is at home")


def test_request_is_confirmed(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_inbox(open_page, served_site.run(staging_bookings.requested_lead))
	expect(side(page)).to_contain_text("Requested")
	do(page, "confirm")
	expect(side(page)).to_contain_text("Confirmed")
	expect(side(page).locator("[data-booking=confirm]")).to_have_count(0)


def test_request_is_declined_with_a_reason(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_inbox(open_page, served_site.run(staging_bookings.requested_lead))
	do(page, "decline")
	wait_for_dialog(page)
	fill(page, "reason", "Too far away")
	submit(page, "Decline the request")
	wait_for_no_dialog(page)
	side(page).get_by_text("Earlier bookings (1)").click()
	expect(side(page)).to_contain_text("Too far away")


def test_what_became_of_it_is_told_and_corrected(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_bookings.booked_lead)
	page = open_inbox(open_page, name)
	expect(side(page).locator("[data-booking=complete]")).to_have_count(0)
	served_site.run(staging_bookings.be_over, name)
	page.reload()
	do(page, "complete")
	side(page).get_by_text("Earlier bookings (1)").click()
	expect(side(page)).to_contain_text("Completed")
	do(page, "mark_no_show")
	expect(side(page).locator(".indicator-pill")).to_have_text("No Show")


def test_what_others_book_is_seen_at_once(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_bookings.booked_lead)
	page = open_inbox(open_page, name)
	wait_until_live(served_site, page)
	expect(side(page)).to_contain_text("Tomorrow, 10:00 to 11:00")
	served_site.run(staging_bookings.cancel_all, name)
	expect(side(page)).to_contain_text("Nothing is booked.")


def test_rows_of_booked_leads_show_their_next_time(
	served_site: ServedSite, open_page: OpenPage, at: At
) -> None:
	name = served_site.run(staging_bookings.booked_lead)
	page = open_page(PATH, **AS_JUN, **SMALLER)
	tab(page, "Booked").click()
	wait_until_loaded(page)
	expect(row(page, "Naree Phan").locator("[data-next-booking]")).to_have_text("Tomorrow 10:00")
	wait_until_live(served_site, page)
	served_site.run(lambda: staging_bookings.booked(name, staging_bookings.at(0, 23), by_hand=True))
	expect(row(page, "Naree Phan").locator("[data-next-booking]")).to_have_text("Today 23:00")


def test_link_of_the_customers_page_goes_into_the_reply(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging_bookings.service)
	page = open_inbox(open_page, served_site.run(staging_bookings.customer))
	text_box(page).fill("Choose a time here:")
	do(page, "insert_link")
	expect(text_box(page)).to_have_value(
		re.compile(r"^Choose a time here:\s+https?://\S+/booking\?link=\S+$")
	)
	expect(text_box(page)).to_be_focused()


def test_actions_have_room_on_a_phone(
	served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	page = open_inbox(open_page, served_site.run(staging_bookings.customer), **NARROW)
	for action in ("call", "book", "snooze", "decline"):
		expect(page.locator(f".inbox-head [data-action={action}]")).to_be_in_viewport(ratio=1)
	expect(page.get_by_role("button", name="Details of the lead")).to_be_in_viewport(ratio=1)
	screenshot(page, "booking-narrow-actions")


def test_help_lists_the_key(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_inbox(open_page, served_site.run(staging_bookings.customer))
	page.keyboard.press("Shift+?")
	expect(dialog(page)).to_contain_text("Book a time")


# From the forms


def open_form(open_page: OpenPage, doctype: str, name: str, **options: object) -> Page:
	page = open_page(f"/app/{doctype}/{name}", **{**AS_JUN, **SMALLER, **options})
	page.wait_for_function("window.cur_frm?.doc && !cur_frm.is_new()", timeout=30_000)
	return page


def press(page: Page, label: str) -> None:
	"""On a narrow screen Frappe puts the form's buttons behind its menu."""
	button = page.locator(".page-head:visible").get_by_role("button", name=label, exact=True)
	if page.viewport_size["width"] > 600:
		return button.click()
	page.locator(".menu-btn-group:visible button").first.click()
	page.locator(".dropdown-menu.show").get_by_text(label, exact=True).click()


def test_lead_is_booked_from_its_form(served_site: ServedSite, open_page: OpenPage, at: At) -> None:
	served_site.run(staging_bookings.service)
	name = served_site.run(staging_bookings.customer)
	page = open_form(open_page, "lead", name)
	press(page, "Book")
	wait_for_slots(page)
	choose(page, at(1, 11))
	submit(page, "Book")
	wait_for_no_dialog(page)
	expect(page.locator("#alert-container")).to_contain_text("Booked: ")
	assert len(served_site.run(staging_bookings.bookings_of, name)) == 1


def test_booking_is_changed_on_its_form_with_buttons_only(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	lead = served_site.run(staging_bookings.booked_lead)
	(booking,) = served_site.run(staging_bookings.bookings_of, lead)
	page = open_form(open_page, "booking", booking["name"])
	expect(page.locator(".page-head:visible")).to_contain_text("Confirmed")
	expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
	press(page, "Cancel…")
	wait_for_dialog(page)
	fill(page, "reason", "Nobody is at home")
	submit(page, "Cancel the booking")
	wait_for_no_dialog(page)
	expect(page.locator(".page-head:visible")).to_contain_text("Cancelled")
	expect(page.get_by_role("button", name="Move…")).to_have_count(0)


# Looks


def test_looks_of_the_inbox(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_bookings.showcase)
	page = open_inbox(open_page, name, **AS_SARA, **looks(look))
	screenshot(page, f"booking-{look}-inbox")
	expect_no_sideways_scrolling(page)
	show_details(page)
	expect(side(page).locator("[data-booking=reschedule]").first).to_be_visible()
	side(page).get_by_text("Earlier bookings (1)").click()
	expect(side(page).get_by_label("4 of 5 stars")).to_be_visible()
	side(page).scroll_into_view_if_needed()
	screenshot(page, f"booking-{look}-side")
	side(page).locator("[data-booking=insert_link]").scroll_into_view_if_needed()
	screenshot(page, f"booking-{look}-side-end")
	expect_no_sideways_scrolling(page)
	if look == "dark":
		assert brightness(page, ".inbox-booking", "backgroundColor") < 80
		assert brightness(page, ".inbox-booking a", "color") > 150


def test_looks_of_the_dialogs(
	look: str, served_site: ServedSite, open_page: OpenPage, at: At, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_bookings.showcase)
	page = open_inbox(open_page, name, **AS_SARA, **looks(look))
	page.locator("[data-action=book]").click()
	wait_for_dialog(page)
	dialog(page).get_by_label("Service").select_option(staging_bookings.SERVICE)
	wait_for_slots(page)
	choose(page, at(1, 11))
	expect(dialog(page)).to_contain_text("120")
	screenshot(page, f"booking-{look}-book")
	assert page.locator(".modal-body:visible").evaluate("body => body.scrollWidth <= body.clientWidth")
	dialog(page).locator("[name=notes]").scroll_into_view_if_needed()
	screenshot(page, f"booking-{look}-book-end")
	if look == "dark":
		assert brightness(page, ".booking-details", "backgroundColor") < 80
		assert brightness(page, ".booking-day h4", "color") > 120
	dialog(page).locator(".btn-modal-close").click()
	wait_for_no_dialog(page)
	show_details(page)
	do(page, "reschedule")
	wait_for_slots(page)
	page.get_by_role("button", name="Another time").click()
	fill_time(page, "starts_on", at(1, 14))
	expect(dialog(page).locator("[data-conflict]").first).to_be_visible()
	screenshot(page, f"booking-{look}-move")


def test_looks_of_list_calendar_and_forms(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_bookings.showcase)
	page = open_inbox(open_page, name, **AS_SARA, **looks(look))
	page.goto("/app/booking")
	expect(page.locator(".list-row:visible").first).to_be_visible()
	screenshot(page, f"booking-{look}-list")
	page.goto("/app/booking/view/calendar")
	expect(page.locator(".fc-event").first).to_be_visible()
	expect(page.locator(".footnote-area")).to_contain_text("Click a booking to open it.")
	screenshot(page, f"booking-{look}-calendar")
	booking = served_site.run(staging_bookings.bookings_of, name)[0]
	page.goto(f"/app/booking/{booking['name']}")
	expect(page.get_by_label("4 of 5 stars")).to_be_visible()
	screenshot(page, f"booking-{look}-form")


def looks(look: str) -> dict[str, object]:
	options = LOOKS[look][1]
	return {**options, **SMALLER} if options == WIDE else options


def show_details(page: Page) -> None:
	details = page.get_by_role("button", name="Details of the lead")
	if details.is_visible():
		details.click()
