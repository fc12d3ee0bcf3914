"""The form of a lead that was converted: read-only, with links to what it became, and a way back."""

from __future__ import annotations

from collections.abc import Iterator

import frappe
import pytest
from playwright.sync_api import Page, expect

from lead_inbox.conversion.making.converting import convert
from lead_inbox.conversion.rules import Choice
from lead_inbox.conversion.undoing import undo
from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import AS_JUN, WIDE, dialog
from lead_inbox.tests.browser.looks import Screenshot
from tools.live import ServedSite

COMPANY = "Phan & Daughters Plumbing"


def make_converted_lead() -> str:
	frappe.set_user(staging.JUN)
	lead = frappe.get_doc(
		doctype="Lead", first_name="Naree", last_name="Phan", company_name=COMPANY, city="Oakland"
	).insert()
	convert(lead.name, Choice())
	frappe.db.commit()
	return lead.name


def clear_away(lead: str) -> None:
	frappe.set_user("Administrator")
	if conversion := frappe.db.get_value("Lead Conversion", {"in_force_key": lead}):
		undo.undo(conversion)
	frappe.db.commit()


@pytest.fixture
def lead(served_site: ServedSite) -> Iterator[str]:
	name = served_site.run(make_converted_lead)
	yield name
	served_site.run(clear_away, name)


def open_form(open_page: OpenPage, lead: str) -> Page:
	page = open_page(f"/app/lead/{lead}", **AS_JUN, **WIDE)
	expect(page.locator(".form-message")).to_contain_text("Converted to")
	return page


def test_it_is_read_only_and_leads_to_what_it_became(open_page, lead, screenshot: Screenshot):
	page = open_form(open_page, lead)
	notice = page.locator(".form-message")
	expect(notice.get_by_role("link", name=COMPANY)).to_be_visible()
	expect(notice).to_contain_text("Jun Kim")
	expect(page.locator('[data-fieldname="first_name"] input:visible')).to_have_count(0)
	expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
	screenshot(page, "converted-lead")


def test_undoing_says_first_what_goes_and_then_the_form_can_be_edited(
	open_page, lead, screenshot: Screenshot
):
	page = open_form(open_page, lead)
	page.get_by_role("button", name="Undo Conversion").click()
	shown = dialog(page)
	expect(shown).to_contain_text("These records are deleted:")
	expect(shown.get_by_role("link", name=COMPANY).first).to_be_visible()
	screenshot(page, "undo-conversion")
	shown.get_by_role("button", name="Undo Conversion").click()
	expect(page.locator('[data-fieldname="first_name"] input')).to_be_editable()
	expect(page.get_by_role("button", name="Convert", exact=True)).to_be_visible()
