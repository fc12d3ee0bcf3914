"""Pictures of My Work for a person to look at, and what a program can check of its looks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging, staging_work
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_SARA,
	expect_no_sideways_scrolling,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.looks import LOOKS, Screenshot, brightness
from lead_inbox.tests.browser.my_work_page import (
	PATH,
	act,
	expect_open,
	item,
	items,
	open_work,
	tab,
	wait_until_loaded,
)
from tools.live import ServedSite


def test_list_and_activity(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	key = served_site.run(staging_work.showcase, staging.SARA)
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_work(served_site, open_page, **options)
	expect(items(page)).to_have_count(5)
	expect_no_sideways_scrolling(page)
	screenshot(page, f"my-work-{look}-list")
	if look == "dark":
		expect_dark(page)
	page.goto(f"{PATH}/{key}")
	expect_open(page, "Ring the customer")
	expect(page.locator(".work-latest")).to_contain_text("Gate code 4411")
	wait_until_loaded(page)
	expect_no_sideways_scrolling(page)
	screenshot(page, f"my-work-{look}-activity")
	for action in ("complete", "skip", "snooze", "assign"):
		act(page, action)
		expect_no_sideways_scrolling(page)
		screenshot(page, f"my-work-{look}-{action}")
		page.keyboard.press("Escape")
		wait_for_no_dialog(page)


def expect_dark(page: Page) -> None:
	for part in (".my-work", ".work-group", ".work-row"):
		assert brightness(page, part, "backgroundColor") < 80, part
	for part in (".lead-row-title", ".work-because", ".work-group", ".lead-row-preview"):
		assert brightness(page, part, "color") > 120, part


def test_error_and_other_tabs(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	served_site.run(staging_work.showcase, staging.SARA)
	page = open_work(served_site, open_page, **AS_SARA)
	item(page, "Mail with price list").locator("a").click()
	expect(page.locator(".work-error")).to_be_visible()
	screenshot(page, "my-work-error")
	for name, title in (
		("upcoming", "Ask again"),
		("completed", "Send the brochure"),
		("old", "Forgotten long ago"),
	):
		tab(page, name).click()
		item(page, title).locator("a").click()
		expect_open(page, title)
		screenshot(page, f"my-work-{name}")


def test_empty(served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	page = open_work(served_site, open_page)
	expect(page.locator(".inbox-list")).to_contain_text("Nothing is due")
	screenshot(page, "my-work-empty")
