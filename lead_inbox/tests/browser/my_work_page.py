"""The My Work page in the words of its user."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	WIDE,
	dialog,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
)
from tools.live import ServedSite

PATH = "/app/my-work"


def open_work(served_site: ServedSite, open_page: Any, path: str = PATH, **options: Any) -> Page:
	"""The page, loaded and hearing of news; by default Jun's and wide."""
	page = open_page(path, **{**AS_JUN, **WIDE, **options})
	wait_until_loaded(page)
	wait_until_live(served_site, page)
	return page


def wait_until_loaded(page: Page) -> None:
	expect(page.locator("#my-work-list")).to_have_attribute("aria-busy", "false")


def items(page: Page) -> Locator:
	return page.locator(".work-row")


def item(page: Page, title: str) -> Locator:
	"""The row of an activity."""
	return items(page).filter(
		has=page.locator(".lead-row-title", has_text=re.compile(f"^{re.escape(title)}$"))
	)


def titles(page: Page) -> list[str]:
	return page.locator(".lead-row-title").all_text_contents()


def open_item(page: Page, title: str) -> None:
	item(page, title).locator("a").click()
	expect_open(page, title)


def expect_open(page: Page, title: str) -> None:
	"""The activity is shown, and what belongs to its record has come."""
	expect(page.locator(".work-title")).to_have_text(title)
	expect(page.get_by_role("heading", name="Next steps")).to_be_visible()


def expect_focus_on(page: Page, title: str) -> None:
	expect(item(page, title).locator("a")).to_be_focused()


def tab(page: Page, name: str) -> Locator:
	return page.get_by_role("tab").and_(page.locator(f"[data-tab={name}]"))


def pane(page: Page) -> Locator:
	return page.locator(".inbox-conversation")


def act(page: Page, action: str) -> Locator:
	"""Press a button of the open activity that asks something, and return the dialog."""
	page.locator(f".work-actions [data-action={action}]").click()
	wait_for_dialog(page)
	return dialog(page)


def choose(page: Page, button: str) -> None:
	"""A button of the open dialog, which ends it."""
	dialog(page).get_by_role("button", name=button, exact=True).click()
	wait_for_no_dialog(page)
