"""Converting many leads: from the list to the table, through the run, to the result (CO-7)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import Locator, Page, expect

from lead_inbox.conversion.bulk import news, selection
from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_SARA,
	NARROW,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
)
from lead_inbox.tests.browser.test_inbox_looks import brightness
from lead_inbox.tests.integration.builders import make_lead
from tools.live import ServedSite

TABLES = (
	*("Bulk Lead Conversion", "Bulk Lead Conversion Row", "Lead Conversion", "Lead Conversion Entry"),
	*("Customer", "Opportunity"),
)
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
	"wide": ("Light", WIDE),
	"narrow": ("Light", NARROW),
	"dark": ("Dark", WIDE),
}
Screenshot = Callable[[Page, str], Path]


@pytest.fixture(autouse=True)
def no_conversions(served_site: ServedSite) -> None:
	served_site.run(lambda: [frappe.db.delete(table) for table in TABLES])


def person(name: str, company: str = "", **values: Any) -> str:
	own = {"email_id": f"{frappe.scrub(name)}@customer.example", "company_name": company}
	return make_lead(first_name=name, **{**own, **values}).name


def showcase() -> str:
	"""Two leads of a company, one of a company that is a customer, a double, and others."""
	frappe.get_doc(doctype="Customer", customer_name="Bolt Limited").insert()
	leads = [
		person("Naree", "Acme Ltd", lead_owner=staging.SARA),
		person("Pim", "Bolt", qualification_status="In Process"),
		person("Odd", "ACME"),
		person("Kai", mobile_no="+14155550133"),
		person("Twin", phone="+14155550133"),
		person("Zoe"),
	]
	return selection.prepare(leads)


def some_people(count: int) -> str:
	return selection.prepare([person(f"Person {number:03d}") for number in range(count)])


def open_run(served_site: ServedSite, open_page: OpenPage, run: str, **options: Any) -> Page:
	page = open_page(f"/app/bulk-lead-conversion/{run}", **{**WIDE, **options})
	expect(page.locator(".bulk-table")).to_be_visible(
		timeout=30_000
	)  # the desk's first form takes some seconds
	wait_until_live(served_site, page, f"doc:Bulk Lead Conversion/{run}")
	return page


def rows(page: Page) -> Locator:
	return page.locator(".bulk-row")


def row(page: Page, name: str) -> Locator:
	return rows(page).filter(has=page.get_by_role("rowheader", name=name))


def names(page: Page) -> list[str]:
	return page.locator(".bulk-lead a").all_text_contents()


def cell(page: Page, name: str, label: str) -> Locator:
	return page.get_by_label(f"{label} of {name}")


def act(page: Page, action: str) -> None:
	page.locator(f".bulk-conversion [data-action={action}]").click()


def start(page: Page) -> None:
	act(page, "start")
	wait_for_dialog(page)
	dialog(page).locator(".btn-modal-primary:visible").click()
	wait_for_no_dialog(page)


def expect_finished(page: Page, words: str) -> None:
	expect(page.locator(".bulk-words")).to_contain_text(words, timeout=60_000)


def show(page: Page, label: str) -> None:
	page.get_by_role("group", name="Show").get_by_role("button", name=label).click()


def choose_link(page: Page, box: Locator, typed: str) -> None:
	"""As a user does in Frappe's own Link: type, and take what is offered."""
	box.fill(typed)
	page.locator(".awesomplete:has(:focus) [role=option]").filter(has_text=typed).first.click()


# from the list to the table


def test_leads_that_are_checked_in_the_list_come_into_the_table(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	leads = served_site.run(lambda: [person("Naree"), person("Pim")])
	page = open_page("/app/lead", **WIDE)
	for lead in leads:
		page.locator(f".list-row-checkbox[data-name='{lead}']").check()
	page.get_by_role("button", name="Actions").click()
	page.locator(".actions-btn-group").get_by_role("link", name="Convert", exact=True).click()
	expect(rows(page)).to_have_count(2)
	assert sorted(names(page)) == ["Naree", "Pim"]
	expect(page.locator(".bulk-words")).to_contain_text("2 leads will be converted: to 2 new customers")


def test_who_may_not_convert_in_bulk_is_not_offered_it(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: person("Naree"))
	page = open_page("/app/lead", **AS_SARA, **WIDE)
	page.locator(".list-row-checkbox").first.check()
	page.get_by_role("button", name="Actions").click()
	menu = page.locator(".actions-btn-group")
	expect(menu.get_by_role("link", name="Add to Sequence")).to_be_visible()
	expect(menu.get_by_role("link", name="Convert", exact=True)).to_have_count(0)


# before the run


def test_double_is_left_out_until_it_is_taken_in(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_run(served_site, open_page, served_site.run(showcase))
	twin = row(page, "Twin")
	expect(twin).to_contain_text("Left Out")
	expect(twin).to_contain_text("The same phone number as row 4.")
	expect(cell(page, "Twin", "Qualification")).to_be_disabled()
	twin.get_by_role("button", name="Take In").click()
	expect(twin).to_contain_text("To Convert")
	expect(cell(page, "Twin", "Qualification")).to_be_enabled()
	twin.get_by_role("button", name="Leave Out").click()
	expect(twin).to_contain_text("Left out by hand.")


def test_leads_of_a_company_stand_together_below_their_choice(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	page = open_run(served_site, open_page, served_site.run(showcase))
	assert names(page) == ["Naree", "Odd", "Pim", "Kai", "Twin", "Zoe"]
	bars = page.locator(".bulk-company")
	expect(bars).to_have_count(2)
	expect(bars.nth(0)).to_contain_text("2 leads of Acme Ltd")
	expect(bars.nth(1)).to_contain_text("Bolt is a customer already")
	page.get_by_label("Customer for the leads of Acme Ltd").select_option(label="One new customer for all")
	expect(cell(page, "Odd", "Customer")).to_have_value("Shared")
	page.get_by_label("Customer for the leads of Bolt").select_option(label="Existing: Bolt Limited")
	expect(row(page, "Pim")).to_contain_text("Bolt Limited")
	expect(page.locator(".bulk-words")).to_contain_text(
		"5 leads will be converted: to 3 new customers and 5 new opportunities."
	)


def test_row_is_changed_in_place(served_site: ServedSite, open_page: OpenPage) -> None:
	run = served_site.run(showcase)
	page = open_run(served_site, open_page, run)
	expect(cell(page, "Naree", "Owner").first).to_have_class("bulk-cell is-default")
	expect(cell(page, "Pim", "Qualification").locator("option").first).to_have_text("In Process (as it is)")
	cell(page, "Zoe", "Qualification").select_option("Qualified")
	cell(page, "Zoe", "Opportunity").select_option("None")
	cell(page, "Zoe", "Customer").select_option("Existing")
	choose_link(page, row(page, "Zoe").locator("[data-label=Customer] input"), "Bolt Limited")
	expect(row(page, "Zoe").locator("[data-label=Customer] .bulk-cell")).to_have_text("Bolt Limited")
	page.reload()
	expect(cell(page, "Zoe", "Qualification")).to_have_value("Qualified")
	expect(cell(page, "Zoe", "Opportunity")).to_have_value("None")
	expect(row(page, "Zoe").locator("[data-label=Customer] .bulk-cell")).to_have_text("Bolt Limited")


def test_owner_is_chosen_with_the_keyboard_alone(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_run(served_site, open_page, served_site.run(showcase))
	owner = row(page, "Zoe").locator("[data-label=Owner]")
	owner.get_by_role("button").focus()
	page.keyboard.press("Enter")
	expect(owner.locator("input")).to_be_focused()
	page.keyboard.press("Escape")
	expect(owner.get_by_role("button")).to_be_focused()
	page.keyboard.press("Enter")
	page.keyboard.type(staging.SARA)
	expect(owner.locator("[role=option]").first).to_contain_text(staging.SARA)
	page.keyboard.press("Enter")
	expect(owner.get_by_role("button")).to_have_text("Sara Moss")


def test_column_is_changed_for_all_that_are_selected(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_run(served_site, open_page, served_site.run(lambda: some_people(60)))
	expect(rows(page)).to_have_count(50)
	page.get_by_label("Select all on this page").check()
	expect(page.locator(".bulk-chosen")).to_contain_text("50 selected")
	act(page, "whole")
	expect(page.locator(".bulk-chosen")).to_contain_text("60 selected")
	act(page, "change")
	wait_for_dialog(page)
	dialog(page).locator("[data-fieldname=column] select").select_option("opportunity_mode")
	dialog(page).locator("[data-fieldname=opportunity_mode] select").select_option("None")
	dialog(page).get_by_role("button", name="Change", exact=True).click()
	wait_for_no_dialog(page)
	expect(page.locator(".bulk-words")).to_contain_text(
		"60 leads will be converted: to 60 new customers and 0"
	)
	page.get_by_role("button", name="Next").click()
	expect(rows(page)).to_have_count(10)
	expect(page.locator(".bulk-pages")).to_contain_text("51–60 of 60")
	expect(cell(page, "Person 059", "Opportunity")).to_have_value("None")


# the run and its result


def test_run_shows_its_result_with_links_and_errors(
	served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	run = served_site.run(showcase)
	served_site.run(lambda: let_fail(run, 6))
	page = open_run(served_site, open_page, run)
	page.get_by_label("Customer for the leads of Acme Ltd").select_option(label="One new customer for all")
	expect(cell(page, "Odd", "Customer")).to_have_value("Shared")
	start(page)
	expect_finished(page, "4 converted, 1 failed.")
	assert names(page) == ["Naree", "Pim", "Odd", "Kai", "Twin", "Zoe"]
	made = row(page, "Odd").locator("[data-label=Customer] a")
	expect(made).to_have_text("Acme Ltd")
	expect(row(page, "Naree").locator("[data-label=Opportunity] a")).to_have_attribute(
		"href", re.compile("^/app/opportunity/")
	)
	expect(row(page, "Zoe")).to_contain_text("Choose another owner")
	screenshot(page, "bulk-conversion-result")
	show(page, "Error")
	expect(rows(page)).to_have_count(1)
	show(page, "Success")
	expect(rows(page)).to_have_count(4)

	with page.expect_download() as download:
		page.get_by_role("link", name="Download CSV").click()
	text = Path(download.value.path()).read_text(encoding="utf-8-sig")
	assert [line["Status"] for line in csv.DictReader(io.StringIO(text))].count("Converted") == 4

	served_site.run(lambda: frappe.db.set_value("User", staging.MALLORY, "enabled", 1))
	act(page, "retry")
	expect_finished(page, "5 converted, 0 failed.")


def let_fail(run: str, position: int) -> None:
	place = {"bulk_conversion": run, "position": position}
	frappe.db.set_value("Bulk Lead Conversion Row", place, "owner_user", staging.MALLORY)
	frappe.db.set_value("User", staging.MALLORY, "enabled", 0)


def test_progress_is_shown_live_and_after_a_reload(
	served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	run = served_site.run(lambda: some_people(4))
	page = open_run(served_site, open_page, run)
	served_site.run(lambda: go_on(run, 1))
	expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "25")
	served_site.run(lambda: go_on(run, 3))
	expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "75")
	screenshot(page, "bulk-conversion-progress")
	page.reload()
	expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "75")
	expect(cell(page, "Person 003", "Opportunity")).to_be_disabled()
	act(page, "stop")
	expect(page.locator(".bulk-words")).to_contain_text("Stopped.")
	expect(page.locator("[data-action=start]")).to_have_text("Go On")


def go_on(run: str, converted: int) -> None:
	"""As a worker would have left it that is at work elsewhere."""
	running = {"status": "Running", "started_on": now_datetime(), "started_by": "Administrator"}
	frappe.db.set_value("Bulk Lead Conversion", run, running)
	done = {"bulk_conversion": run, "position": ["<=", converted]}
	frappe.db.set_value("Bulk Lead Conversion Row", done, "status", "Converted")
	news.tell(run)


def test_what_can_not_be_loaded_says_so_and_can_be_tried_again(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	run = served_site.run(lambda: some_people(2))
	page = open_run(served_site, open_page, run)
	page.route("**/lead_inbox.api.bulk_conversion.get_rows*", lambda route: route.abort())
	show(page, "To Convert")
	alert = page.locator(".bulk-conversion [role=alert]")
	expect(alert).to_contain_text("could not be loaded")
	page.unroute("**/lead_inbox.api.bulk_conversion.get_rows*")
	alert.get_by_role("button", name="Retry").click()
	expect(rows(page)).to_have_count(2)


# looks


@pytest.mark.parametrize("look", LOOKS)
def test_looks(look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot) -> None:
	theme, size = LOOKS[look]
	run = served_site.run(showcase)
	served_site.run(lambda: staging.set_user("Administrator", desk_theme=theme))
	try:
		page = open_run(served_site, open_page, run, **size)
		expect_no_sideways_scrolling(page)
		screenshot(page, f"bulk-conversion-{look}")
		if look == "dark":
			assert brightness(page, ".bulk-table thead th", "backgroundColor") < 80
			assert brightness(page, ".bulk-lead a", "color") > 120
		act(page, "start")
		wait_for_dialog(page)
		screenshot(page, f"bulk-conversion-{look}-start")
	finally:
		served_site.run(lambda: staging.set_user("Administrator", desk_theme="Light"))
