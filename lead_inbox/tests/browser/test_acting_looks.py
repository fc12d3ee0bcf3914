"""Pictures of the lead's side and of the dialogs, for a person to look at, in each look of the page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging_acting
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_SARA,
	PATH,
	dialog,
	expect_no_sideways_scrolling,
	expect_open,
	field,
	wait_for_dialog,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.looks import LOOKS, Screenshot
from tools.live import ServedSite


def test_dialogs_and_side(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_acting.busy_lead)
	page = open_page(f"{PATH}/{name}", **AS_SARA, **LOOKS[look][1])
	page.evaluate("window.open = () => null")
	expect_open(page, "Naree Phan")
	expect(page.locator(".inbox-notice-bar")).to_be_visible()
	expect_no_sideways_scrolling(page)
	screenshot(page, f"acting-{look}")
	for action, words, choice in (
		("decline", "told by e-mail", ("reason", "Fully Booked")),
		("call", "Calling Naree Phan", None),
		("dispute", "open already", ("satisfaction", "Satisfied")),
		("merge", "move to the one you keep", None),
	):
		open_dialog(page, action, words, choice)
		screenshot(page, f"acting-{look}-{action}")
		page.keyboard.press("Escape")
		wait_for_no_dialog(page)
	screenshot(page, f"acting-{look}-side")


def open_dialog(page: Page, action: str, words: str, choice: tuple[str, str] | None) -> None:
	details = page.get_by_role("button", name="Details of the lead")
	in_side = action in ("dispute", "merge")
	if in_side and details.is_visible():
		details.click()
	if action == "merge":
		page.get_by_role("button", name="Merge with N. Phan").click()
	else:
		page.locator(f"[data-action={action}]").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text(words)
	if choice:
		field(page, choice[0]).select_option(choice[1])
	expect_no_sideways_scrolling(page)
