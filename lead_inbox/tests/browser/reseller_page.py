"""The guided form of a reseller customer in the words of its user."""

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
)

PATH = "/app/reseller-customer-setup"


def open_setup(open_page: Any, *route: str, **options: Any) -> Page:
	"""The page, loaded; by default Jun's and wide."""
	page = open_page("/".join([PATH, *route]), **{**AS_JUN, **WIDE, **options})
	expect(page.locator(".reseller-setup")).to_have_attribute("aria-busy", "false", timeout=30_000)
	return page


def begin(page: Page, origin: str = "New customer") -> None:
	page.get_by_role("radio", name=re.compile(f"^{origin}")).check()
	page.locator("[data-action=begin]").click()
	expect_step(page, "Kind")


def begin_setup(open_page: Any, *, origin: str = "New customer", to: str = "Kind") -> Page:
	"""The page with a customer that was just begun, at its first step or at the one after it."""
	page = open_setup(open_page)
	begin(page, origin)
	if to != "Kind":
		go_on(page, to)
	return page


def field(page: Page, name: str) -> Locator:
	"""What a field of the step is entered in."""
	return page.locator(f"[data-field={name}]").locator("input:not([type=radio]), textarea").first


def fill(page: Page, **values: str) -> None:
	for name, value in values.items():
		field(page, name).fill(value)


def choose_link(page: Page, name: str, typed: str) -> None:
	"""As a user does in Frappe's own Link: type, and take what is offered."""
	control = field(page, name)
	# Frappe looks up what stands there already, and would put it back
	page.wait_for_function("!frappe.request.ajax_count")
	control.fill(typed)
	page.locator(f"[data-field={name}] [role=option]", has_text=typed).first.click()
	expect(control).to_have_value(typed)


def choose_type(page: Page, name: str) -> None:
	page.locator("[data-field=customer_type]").get_by_role("radio", name=re.compile(f"^{name}")).check()


def fault(page: Page, name: str) -> Locator:
	return page.locator(f"[data-field={name}] .reseller-fault")


def requirement(page: Page, words: str) -> Locator:
	return page.locator(".reseller-requirement", has_text=words)


def prove_all(page: Page) -> None:
	"""Answer every requirement of the step."""
	for row in page.locator(".reseller-requirement").all():
		row.get_by_label("Yes", exact=True).check()
		row.get_by_label("Evidence").fill("Seen in the vendor's console")


def go_on(page: Page, to: str) -> None:
	page.locator(".reseller-foot [data-action=next]").click()
	expect_step(page, to)


def try_to_go_on(page: Page) -> None:
	page.locator(".reseller-foot [data-action=next]").click()


def step(page: Page, name: str) -> Locator:
	"""Its button in the rail."""
	return page.locator(f".reseller-rail [data-step={name}]")


def expect_step(page: Page, name: str) -> None:
	expect(page.locator(".reseller-step")).to_have_attribute("data-pane", name)
	expect(step(page, name)).to_have_attribute("aria-current", "step")


def choose(page: Page, menu: str, entry: str) -> None:
	"""Of a form's menu."""
	page.get_by_role("button", name=menu, exact=True).click(timeout=30_000)
	page.get_by_role("link", name=entry, exact=True).click()


def answer(page: Page, button: str, **values: str) -> None:
	"""Fill in the open dialog and be done with it."""
	wait_for_dialog(page)
	for name, value in values.items():
		dialog(page).locator(f"[data-fieldname={name}]").locator("input, textarea").fill(value)
	dialog(page).get_by_role("button", name=button, exact=True).click()
	wait_for_no_dialog(page)


def record_consent(page: Page, given_by: str = "Mali Georgiou") -> None:
	page.locator("[data-action=record-consent]").click()
	answer(page, "Record", given_by=given_by, evidence="Mail of this morning")


def note_account(page: Page, name: str, **values: str) -> None:
	"""What was made in the vendor's console."""
	page.locator("#reseller-account-name").fill(name)
	for part, value in values.items():
		page.locator(f"#reseller-account-{part}").fill(value)
	page.locator("[data-action=note-account]").click()
