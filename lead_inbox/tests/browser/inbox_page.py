"""The inbox page in the words of its user."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from lead_inbox.tests.browser import staging
from tools.live import ServedSite

PATH = "/app/lead-inbox"
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 860}}
NARROW: dict[str, Any] = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}
AS_JUN = {"user": staging.JUN, "password": staging.PASSWORD}
AS_SARA = {"user": staging.SARA, "password": staging.PASSWORD}
LEADS = "doctype:Lead"  # the room of who may read leads, as Frappe names it
PROBE_MS = 500
PROBES = 60


def wait_until_loaded(page: Page) -> None:
	expect(page.locator(".inbox-rows")).to_have_attribute("aria-busy", "false")


def wait_until_live(served_site: ServedSite, page: Page, room: str = LEADS) -> None:
	"""Frappe's socket lets a page into a room once it has asked the site, and tells nobody when."""
	page.evaluate(
		"""() => {
			window.hears = false;
			frappe.realtime.on("lead_inbox_probe", () => (window.hears = true));
		}"""
	)
	for _attempt in range(PROBES):
		served_site.run(staging.probe, room)
		try:
			page.wait_for_function("window.hears", timeout=PROBE_MS)
		except TimeoutError:
			continue
		return
	raise AssertionError(f"The page is not in the room {room}.")


def rows(page: Page) -> Locator:
	return page.locator(".lead-row")


def row(page: Page, title: str) -> Locator:
	return rows(page).filter(
		has=page.locator(".lead-row-title", has_text=re.compile(f"^{re.escape(title)}$"))
	)


def open_row(page: Page, title: str) -> None:
	row(page, title).locator("a").click()
	expect_open(page, title)


def expect_open(page: Page, title: str) -> None:
	expect(page.locator(".inbox-head-title")).to_have_text(title)
	expect(page.locator(".inbox-log article").first).to_be_visible()


def tab(page: Page, status: str) -> Locator:
	return page.get_by_role("tab").and_(page.locator(f"[data-tab={status}]"))


def text_box(page: Page) -> Locator:
	return page.locator(".inbox-reply textarea")


def messages(page: Page) -> Locator:
	return page.locator(".inbox-log article")


def field(page: Page, name: str) -> Locator:
	"""A choice in Frappe's open dialog."""
	return dialog(page).locator(f"[data-fieldname={name}] select")


def wait_for_dialog(page: Page) -> None:
	"""Frappe takes no key for a dialog before it has faded in."""
	page.wait_for_function("window.cur_dialog?.display")


def wait_for_no_dialog(page: Page) -> None:
	expect(page.locator("body")).not_to_have_class(re.compile("modal-open"))


def expect_no_sideways_scrolling(page: Page) -> None:
	"""Waits for it: after a click the next page may not be there yet."""
	page.wait_for_function("document.documentElement?.scrollWidth <= window.innerWidth")


def dialog(page: Page) -> Locator:
	return page.locator(".modal.show")
