"""Converting one lead from the inbox and from its form, and taking it back (CO-2, CO-8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lead_inbox.tests.browser import staging_conversion
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	PATH,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	expect_open,
	wait_for_dialog,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.looks import LOOKS, Screenshot, brightness
from tools.live import ServedSite


@pytest.fixture(autouse=True)
def no_conversions(served_site: ServedSite) -> Iterator[None]:
	served_site.run(staging_conversion.remove_conversions)
	yield
	served_site.run(staging_conversion.remove_fields)


def open_inbox(open_page: OpenPage, name: str, **options: object) -> Page:
	page = open_page(f"{PATH}/{name}", **{**AS_JUN, **WIDE, **options})
	expect_open(page, "PHAN Plumbing, Ltd.")
	return page


def side(page: Page, part: str) -> Locator:
	return page.locator(f".inbox-side [data-side={part}]")


def open_form(open_page: OpenPage, doctype: str, name: str, **options: object) -> Page:
	page = open_page(f"/app/{doctype}/{name}", **{**AS_JUN, **WIDE, **options})
	page.wait_for_function("window.cur_frm?.doc && !cur_frm.is_new()", timeout=30_000)
	return page


def open_convert(page: Page) -> Locator:
	"""From the lead's form."""
	page.get_by_role("button", name="Convert", exact=True).click()
	return expect_preview(page)


def expect_preview(page: Page) -> Locator:
	"""The dialog, once its preview is of what is chosen."""
	wait_for_dialog(page)
	expect(preview(page)).to_have_attribute("aria-busy", "false")
	return dialog(page)


def preview(page: Page) -> Locator:
	return page.locator(".convert-preview")


def option(page: Page, doctype: str, label: str) -> Locator:
	return page.locator(f"[data-choice={doctype}]").get_by_label(label)


def record(page: Page, doctype: str) -> Locator:
	return preview(page).locator(f"[data-record={doctype}]")


def submit(page: Page) -> None:
	dialog(page).get_by_role("button", name="Convert", exact=True).click()


def problems(page: Page) -> Locator:
	return preview(page).locator("[data-convert=problems]")


# From the inbox


def test_known_company_is_offered_and_its_customer_gets_the_lead(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(staging_conversion.lead_of_known_company)
	page = open_inbox(open_page, name)
	page.keyboard.press("v")
	expect_preview(page)
	match = option(page, "Customer", "Phan Plumbing Limited")
	expect(match).not_to_be_checked()
	expect(page.locator("[data-choice=Customer]")).to_contain_text("Same company name")
	expect(page.locator("[data-choice=Customer]")).to_contain_text("one that you have already: choose.")
	expect(dialog(page).get_by_role("button", name="Convert", exact=True)).to_be_disabled()
	match.check()
	customer = record(page, "Customer")
	expect(customer).to_contain_text("Existing Customer: Phan Plumbing Limited")
	expect(customer).to_contain_text("Website")
	expect(customer).to_contain_text("https://phan.example")
	expect_preview(page)
	submit(page)
	wait_for_no_dialog(page)
	became = side(page, "conversion")
	expect(became).to_contain_text("Jun Kim")
	for doctype in ("Contact", "Opportunity"):
		expect(became).to_contain_text(doctype)
	expect(side(page, "stage")).to_contain_text("Customer")
	expect(page.locator("[data-action=convert]")).to_have_count(0)
	assert served_site.run(staging_conversion.customers) == ["Phan Plumbing Limited"]
	became.get_by_role("link", name="Phan Plumbing Limited").first.click()
	expect(page.locator(".new-timeline:visible")).to_contain_text(staging_conversion.TEXT, timeout=30_000)


def test_conversion_is_undone_from_the_inbox(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_conversion.converted_lead)
	page = open_inbox(open_page, name)
	page.locator("[data-action=undo_conversion]").click()
	wait_for_dialog(page)
	expect(dialog(page).locator("[data-undo=removed]")).to_contain_text("Customer")
	dialog(page).get_by_role("button", name="Undo Conversion").click()
	wait_for_no_dialog(page)
	expect(side(page, "conversion")).to_have_count(0)
	expect(side(page, "stage").locator("[data-action=convert]")).to_be_visible()
	assert served_site.run(staging_conversion.customers) == []


def test_sales_accepts_what_is_handed_over(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_conversion.business_lead)
	served_site.run(staging_conversion.hand_over, name)
	page = open_inbox(open_page, name)
	expect(page.locator(".lead-row")).to_contain_text("Handed over")
	expect(side(page, "stage")).to_contain_text("Handed over to sales.")
	page.locator("[data-action=accept]").click()
	expect(side(page, "stage")).to_contain_text("Accepted by sales")
	expect(page.locator(".lead-row")).not_to_contain_text("Handed over")
	assert served_site.run(staging_conversion.handover_of, name) == "Accepted"


def test_sales_sends_back_with_a_reason_and_stage_is_set(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(staging_conversion.business_lead)
	served_site.run(staging_conversion.hand_over, name)
	page = open_inbox(open_page, name)
	page.locator("[data-action=send_back]").click()
	wait_for_dialog(page)
	dialog(page).get_by_label("Reason").fill("No budget & <b>no</b> roof")
	dialog(page).get_by_role("button", name="Send Back").click()
	expect(side(page, "stage")).to_contain_text("Sent back: No budget & <b>no</b> roof")
	assert served_site.run(staging_conversion.handover_of, name) == "Sent Back"
	page.locator("[data-action=set_stage]").click()
	side(page, "stage").get_by_role("menuitem", name="SQL").click()
	expect(side(page, "stage").locator(".indicator-pill")).to_have_text("SQL")
	expect(side(page, "stage")).not_to_contain_text("Sent back")


# From the form


def test_lead_becomes_records_and_undo_takes_them_back(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_conversion.business_lead)
	fields = ("status", "inbox_status", "inbox_stage", "inbox_converted", "qualification_status")
	before = served_site.run(staging_conversion.lead_values, name, *fields)
	page = open_form(open_page, "lead", name)
	open_convert(page)
	option(page, "others", "A draft of a Quotation").check()
	expect_preview(page)
	for doctype in ("Customer", "Opportunity", "Quotation"):
		expect(record(page, doctype)).to_contain_text(f"New {doctype}: PHAN Plumbing, Ltd.")
	expect(preview(page).locator("[data-convert=carried]")).to_contain_text("Messages (1)")
	submit(page)
	wait_for_no_dialog(page)
	expect(page.locator("#alert-container")).to_contain_text("Converted: Customer PHAN Plumbing, Ltd.")
	assert all(served_site.run(staging_conversion.converted_to, name))
	expect(page.locator(".form-message")).to_contain_text("Converted to Customer PHAN Plumbing, Ltd.")
	expect(page.locator("[data-fieldname=first_name] input")).to_be_hidden()
	expect(page.get_by_role("button", name="Convert", exact=True)).to_have_count(0)

	page.get_by_role("button", name="Undo Conversion").click()
	wait_for_dialog(page)
	for doctype in ("Customer", "Opportunity", "Quotation"):
		expect(dialog(page).locator("[data-undo=removed]")).to_contain_text(doctype)
	dialog(page).get_by_role("button", name="Undo Conversion").click()
	wait_for_no_dialog(page)
	expect(page.get_by_role("button", name="Convert", exact=True)).to_be_visible()
	expect(page.locator("[data-fieldname=first_name] input")).to_be_visible()
	assert served_site.run(staging_conversion.lead_values, name, *fields) == before
	assert served_site.run(staging_conversion.customers) == []


def test_keyboard_chooses_and_keeps_its_place(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_conversion.lead_of_known_company)
	page = open_form(open_page, "lead", name)
	open_convert(page)
	expect(option(page, "Customer", "New Customer")).to_be_focused()
	expect(option(page, "Customer", "New Customer")).not_to_be_checked()
	page.keyboard.press("ArrowDown")
	match = option(page, "Customer", "Phan Plumbing Limited")
	expect(match).to_be_checked()
	expect_preview(page)
	expect(match).to_be_focused()
	heard = preview(page).get_by_role("status")
	expect(heard).to_contain_text("Existing Customer: Phan Plumbing Limited.")
	page.keyboard.press("Tab")
	page.keyboard.press("Tab")
	page.keyboard.press("ArrowDown")
	expect(option(page, "Opportunity", "No Opportunity")).to_be_checked()
	expect(heard).not_to_contain_text("New Opportunity")
	expect(option(page, "Opportunity", "No Opportunity")).to_be_focused()


def test_any_other_customer_can_be_looked_for(served_site: ServedSite, open_page: OpenPage) -> None:
	def stage() -> str:
		staging_conversion.make_customer("Boiler Holding")
		return staging_conversion.business_lead()

	page = open_form(open_page, "lead", served_site.run(stage))
	asked = open_convert(page)
	option(page, "Customer", "Another one").check()
	expect(asked.get_by_role("button", name="Convert", exact=True)).to_be_disabled()
	asked.get_by_label("Customer to use").fill("Boiler")
	page.locator(".awesomplete [role=option]").filter(has_text="Boiler Holding").first.click()
	expect(record(page, "Customer")).to_contain_text("Existing Customer: Boiler Holding")
	expect_preview(page)
	expect(asked.get_by_role("button", name="Convert", exact=True)).to_be_enabled()


def test_problem_is_shown_and_the_error_if_it_is_tried(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging_conversion.require_field_of_customer)
	name = served_site.run(staging_conversion.business_lead)
	page = open_form(open_page, "lead", name)
	open_convert(page)
	expect(problems(page)).to_contain_text("Customer needs a value for Tax Office.")
	submit(page)
	error = page.locator(".msgprint-dialog")
	expect(error).to_contain_text("Customer needs a value for Tax Office.")
	error.locator(".btn-modal-close").click()
	expect(problems(page)).to_be_visible()
	assert served_site.run(staging_conversion.customers) == []


# Looks


def test_looks_of_dialogs(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_conversion.showcase)
	page = open_form(open_page, "lead", name, **AS_SARA, **LOOKS[look][1])
	open_convert_from_menu(page)
	screenshot(page, f"convert-{look}")
	option(page, "Customer", "Phan Plumbing Limited").check()
	expect(record(page, "Customer")).to_contain_text("These fields are empty and are filled:")
	expect_preview(page)
	expect_no_sideways_scrolling(page)
	screenshot(page, f"convert-{look}-existing")
	preview(page).locator("[data-convert=left]").scroll_into_view_if_needed()
	expect(preview(page).locator("[data-convert=left]")).to_contain_text("Vaillant ecoTEC, 2009")
	screenshot(page, f"convert-{look}-left")
	if look == "dark":
		assert brightness(page, ".convert-preview", "backgroundColor") < 80
		assert brightness(page, ".convert-preview h4 b", "color") > 120
	submit(page)
	wait_for_no_dialog(page)
	expect(page.locator(".form-message")).to_be_visible()
	screenshot(page, f"convert-{look}-form")


def open_convert_from_menu(page: Page) -> None:
	"""On a narrow screen Frappe puts the form's buttons behind its menu."""
	button = page.get_by_role("button", name="Convert", exact=True)
	if not button.is_visible():
		page.locator(".menu-btn-group:visible button").first.click()
		page.locator(".dropdown-menu.show").get_by_text("Convert", exact=True).click()
	else:
		button.click()
	expect_preview(page)


def test_looks_of_the_inbox(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_conversion.converted_lead)
	page = open_inbox(open_page, name, **AS_SARA, **LOOKS[look][1])
	show_details(page)
	expect(side(page, "conversion")).to_be_visible()
	screenshot(page, f"convert-{look}-inbox")
	other = served_site.run(staging_conversion.handed_over_lead)
	page.goto(f"{PATH}/{other}")
	expect_open(page, "Cedar Roofing")
	expect_no_sideways_scrolling(page)
	page.get_by_role("button", name="More actions").first.click()
	expect(page.locator(".inbox-head [data-action=convert]")).to_be_visible()
	screenshot(page, f"convert-{look}-actions")
	page.keyboard.press("Escape")
	show_details(page)
	expect(page.locator("[data-action=accept]")).to_be_visible()
	screenshot(page, f"convert-{look}-stage")


def show_details(page: Page) -> None:
	details = page.get_by_role("button", name="Details of the lead")
	if details.is_visible():
		details.click()
