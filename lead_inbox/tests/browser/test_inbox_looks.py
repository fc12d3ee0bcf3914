"""Pictures of the page for a person to look at, and what a program can check of its looks."""

from __future__ import annotations

from playwright.sync_api import expect

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	NARROW,
	PATH,
	WIDE,
	expect_open,
	field,
	row,
	tab,
	wait_for_dialog,
	wait_until_loaded,
)
from lead_inbox.tests.browser.looks import Screenshot, brightness, desk_theme
from tools.live import ServedSite


def test_wide(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	name = served_site.run(staging.showcase)
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	expect_open(page, "Naree Phan")
	expect(page.get_by_label("Recording of the call")).to_be_visible()
	expect(page.locator(".inbox-side")).to_contain_text("HVAC repair")
	expect(row(page, "Γιώργος Παπαδάκης")).to_contain_text("Quiet in 1 day")
	expect(page.locator(".lead-row", has_text="Missed call").locator(".indicator-pill.red")).to_be_visible()
	expect(page.locator(".inbox-delivery")).to_have_text("Sent")
	assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
	screenshot(page, "inbox-wide")
	page.locator("[data-action=snooze]").click()
	wait_for_dialog(page)
	screenshot(page, "inbox-snooze")


def test_filters(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	served_site.run(staging.showcase)
	page = open_page(PATH, **AS_JUN, **WIDE)
	tab(page, "Active").click()
	wait_until_loaded(page)
	page.get_by_role("button", name="Filter").click()
	wait_for_dialog(page)
	field(page, "channel").select_option(staging.CHANNEL)
	screenshot(page, "inbox-filter")
	page.get_by_role("button", name="Apply").click()
	expect(page.locator(".inbox-chips")).to_contain_text(staging.CHANNEL)
	row(page, "Naree Phan").locator(".lead-row-select").click()
	screenshot(page, "inbox-selected")


def test_dark(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	name = served_site.run(staging.showcase)
	with desk_theme(served_site, staging.SARA, "Dark"):
		page = open_page(f"{PATH}/{name}", **AS_SARA, **WIDE)
		expect_open(page, "Naree Phan")
		expect(page.locator(".inbox-side")).to_contain_text("HVAC repair")
		for part in (".lead-inbox", ".inbox-log", ".inbox-message", ".inbox-reply", ".inbox-side"):
			assert brightness(page, part, "backgroundColor") < 80, part
		for part in (".lead-row-title", ".inbox-message-text", ".inbox-side dd", ".inbox-tab"):
			assert brightness(page, part, "color") > 150, part
		expect(page.locator(".inbox-delivery")).to_have_text("Sent")
		screenshot(page, "inbox-dark")


def test_narrow(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	name = served_site.run(staging.showcase)
	page = open_page(PATH, **AS_JUN, **NARROW)
	tab(page, "Active").click()
	expect(row(page, "Naree Phan")).to_be_visible()
	screenshot(page, "inbox-narrow-list")
	page.goto(f"{PATH}/{name}")
	expect_open(page, "Naree Phan")
	expect(page.locator(".inbox-delivery")).to_have_text("Sent")
	screenshot(page, "inbox-narrow-conversation")
	page.get_by_role("button", name="Details of the lead").tap()
	expect(page.locator(".inbox-side")).to_contain_text("HVAC repair")
	screenshot(page, "inbox-narrow-lead")


def test_empty(open_page: OpenPage, screenshot: Screenshot) -> None:
	page = open_page(PATH, **AS_JUN, **WIDE)
	expect(page.locator(".inbox-list")).to_contain_text("No new leads")
	screenshot(page, "inbox-empty")
