"""Pictures of the guided form of reseller customers for a person to look at, and what a program can check of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging_resellers
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_SARA,
	expect_no_sideways_scrolling,
	wait_for_dialog,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.looks import LOOKS, Screenshot, brightness
from lead_inbox.tests.browser.reseller_page import fill, open_setup, requirement, try_to_go_on
from tools.live import ServedSite

STEPS = ("kind", "customer", "requirements", "consent", "contact", "review")


@pytest.fixture(autouse=True)
def no_resellers(served_site: ServedSite) -> None:
	served_site.run(staging_resellers.remove_all)


def test_steps_of_an_import(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	known = served_site.run(staging_resellers.showcase)
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_setup(open_page, **options)
	expect(page.locator(".reseller-start")).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-start")
	for number, slug in enumerate(STEPS, 1):
		page.goto(f"/app/reseller-customer-setup/{known['import']}/{slug}")
		expect(page.locator(f"[data-pane={slug.title()}]")).to_be_visible(timeout=30_000)
		look_at(page, screenshot, f"reseller-{look}-{number}-{slug}")
	if look == "dark":
		expect_dark(page)


def test_what_is_refused(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	known = served_site.run(staging_resellers.showcase)
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_setup(open_page, known["draft"], "contact", **options)
	fill(page, alternate_email="mali@gmail", phone="2821 055555")
	try_to_go_on(page)
	expect(page.locator(".reseller-fault").first).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-refused")
	page.goto(f"/app/reseller-customer-setup/{known['draft']}/requirements")
	requirement(page, "domain registered").get_by_label("Yes", exact=True).check()
	try_to_go_on(page)
	expect(page.locator(".reseller-fault")).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-requirement-refused")


def test_account(look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	known = served_site.run(staging_resellers.showcase)
	checked = served_site.run(staging_resellers.customer, "Checked")
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_setup(open_page, checked, **options)
	expect(page.locator("[data-account=by-hand]")).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-account-by-hand")
	page.goto(f"/app/reseller-customer-setup/{known['ready']}")
	expect(page.locator("[data-account=ready]")).to_be_visible(timeout=30_000)
	look_at(page, screenshot, f"reseller-{look}-account-ready")


def test_connection(look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	served_site.run(staging_resellers.connected_workspace)
	customer = served_site.run(staging_resellers.customer, "Checked")
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_setup(open_page, customer, **options)
	expect(page.locator("[data-action=open-account]")).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-account-ask")
	served_site.run(staging_resellers.wait_for_vendor, customer)
	page.reload()
	expect(page.locator("[data-request=Waiting]")).to_be_visible(timeout=30_000)
	look_at(page, screenshot, f"reseller-{look}-account-waiting")
	served_site.run(staging_resellers.vendor_refuses, customer, "The domain has an account already.")
	page.reload()
	expect(page.locator("[data-request=Failed]")).to_be_visible(timeout=30_000)
	look_at(page, screenshot, f"reseller-{look}-account-failed")


def test_form_of_the_record(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	known = served_site.run(staging_resellers.showcase)
	page = open_page(f"/app/reseller-customer/{known['ready']}", **{**AS_SARA, **LOOKS[look][1]})
	expect(page.locator(".form-message")).to_be_visible(timeout=30_000)
	look_at(page, screenshot, f"reseller-{look}-form")
	page.get_by_role("tab", name="Follow-up").click()
	expect(page.locator(".reseller-tips li").first).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-form-tips")
	page.evaluate("cur_frm.page.inner_toolbar.find('.dropdown-item:contains(Customer)').first().click()")
	wait_for_dialog(page)
	expect(page.locator(".reseller-ties")).to_be_visible()
	look_at(page, screenshot, f"reseller-{look}-tie")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)


def look_at(page: Page, screenshot: Screenshot, name: str) -> None:
	expect_no_sideways_scrolling(page)
	screenshot(page, name)


def expect_dark(page: Page) -> None:
	for part in (".reseller-rail .is-current", ".page-container"):
		assert brightness(page, part, "backgroundColor") < 80, part
	for part in (".reseller-step h2", ".reseller-summary dd", ".reseller-step-label"):
		assert brightness(page, part, "color") > 120, part
