"""A sequence on its form: drawn while it is written, activated, and protected from then on."""

from __future__ import annotations

import re
from typing import Any

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from lead_inbox.api import sequence_plans
from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	NARROW,
	dialog,
	expect_no_sideways_scrolling,
	wait_for_dialog,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.looks import Screenshot, desk_theme
from tools.live import ServedSite

NAME = "After a quotation"
TALL: dict[str, Any] = {"viewport": {"width": 1440, "height": 1700}}
FORM_LOOKS = {
	"wide": ("Light", TALL),
	"dark": ("Dark", TALL),
	"narrow": ("Light", {**NARROW, "has_touch": False}),
}
PLAN = (
	{"title": "Send the offer", "kind": "Email", "wait": 0, "branch_on": "Opened", "branch_within": 2,
		"yes_step": "Ask for a decision", "next_step": "Remind"},
	{"title": "Remind", "kind": "SMS", "wait": 1, "next_step": "End"},
	{"title": "Ask for a decision", "kind": "Phone Call", "wait": 4, "wait_unit": "Hours",
		"branch_on": "Call Answered", "yes_step": "Meet", "next_step": "Call again"},
	{"title": "Call again", "kind": "Phone Call", "wait": 2, "wait_in": "Elapsed Time", "next_step": "Close"},
	{"title": "Meet", "kind": "Meeting", "wait": 3, "done_by": "User", "user": staging.JUN},
	{"title": "Close", "kind": "Task", "wait": 30},
)  # fmt: skip


@pytest.fixture(autouse=True)
def plan(served_site: ServedSite) -> str:
	return served_site.run(make_plan)


def make_plan() -> str:
	for table in ("Sequence", "Sequence Step", "Sequence Enrollment"):
		frappe.db.delete(table)
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", 1)
	rows = [dict(row) for row in PLAN]
	return (
		frappe.get_doc(doctype="Sequence", sequence_name=NAME, document_type="Lead", steps=rows).insert().name
	)


def let_records_enter(sequence: str) -> None:
	"""As the engine would have left two leads."""
	sequence_plans.activate(sequence)
	for number in range(2):
		frappe.get_doc(
			doctype="Sequence Enrollment",
			sequence=sequence,
			sequence_name=NAME,
			reference_doctype="Lead",
			reference_name=staging.lead(name=f"Customer {number}"),
			status="Active",
		).insert(ignore_links=True)


def open_form(open_page: OpenPage, name: str, **options: Any) -> Page:
	page = open_page(f"/app/sequence/{name}", **{**TALL, **options})
	expect(steps(page).first).to_be_visible(timeout=30_000)  # the desk's first form takes some seconds
	return page


def steps(page: Page) -> Locator:
	return page.locator(".sequence-plan").get_by_role("list", name="The plan").locator("> li")


def step(page: Page, title: str) -> Locator:
	return steps(page).filter(has=page.locator(".plan-title", has_text=re.compile(f"^{re.escape(title)}$")))


def arrows(page: Page) -> list[str]:
	return page.locator(".sequence-plan .plan-answer").all_text_contents()


def button(page: Page, label: str) -> Locator:
	return page.locator(".page-actions").get_by_role("button", name=label, exact=True)


def intro(page: Page) -> Locator:
	return page.locator(".form-message")


def edit_row(page: Page, number: int) -> Locator:
	"""Open a row of the grid and return its form."""
	page.evaluate("number => cur_frm.fields_dict.steps.grid.grid_rows[number - 1].toggle_view(true)", number)
	return page.locator(".grid-row-open .form-in-grid")


def fill(form: Locator, field: str, value: str) -> None:
	box = form.locator(f"[data-fieldname={field}] input")
	box.fill(value)
	box.dispatch_event("change")


def confirm(page: Page, choice: str = "Yes") -> None:
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name=choice, exact=True).click()
	wait_for_no_dialog(page)


def stored(served_site: ServedSite, name: str, field: str) -> Any:
	return served_site.run(lambda: frappe.db.get_value("Sequence", name, field))


def test_plan_is_drawn_with_its_waits_and_branches(open_page: OpenPage, plan: str) -> None:
	page = open_form(open_page, plan)
	expect(steps(page)).to_have_count(len(PLAN))
	expect(step(page, "Send the offer")).to_contain_text("at once")
	expect(step(page, "Send the offer")).to_contain_text("Opened within 2 days?")
	expect(step(page, "Send the offer")).to_contain_text("yes: 3. Ask for a decision")
	expect(step(page, "Ask for a decision")).to_contain_text("after 4 working hours")
	expect(step(page, "Call again")).to_contain_text("after 2 days")
	expect(step(page, "Meet")).to_contain_text("Meeting · Jun Kim")
	expect(page.locator(".plan-end")).to_have_count(2)
	assert arrows(page) == ["no", "yes", "then", "no", "yes", "then", "then", "then"]


def test_drawing_follows_what_is_typed(open_page: OpenPage, plan: str) -> None:
	page = open_form(open_page, plan)
	row = edit_row(page, 3)
	fill(row, "wait", "9")
	expect(step(page, "Ask for a decision")).to_contain_text("after 9 working hours")
	fill(row, "title", "Ask again")
	expect(step(page, "Send the offer")).to_contain_text("yes: 3. Ask again")
	assert page.evaluate("cur_frm.doc.steps[0].yes_step") == "Ask again"


def test_plan_that_would_not_work_shows_it_before_it_is_saved(open_page: OpenPage, plan: str) -> None:
	page = open_form(open_page, plan)
	page.evaluate(
		"frappe.model.set_value('Sequence Step', cur_frm.doc.steps[1].name, 'next_step', 'Send the offer')"
	)
	expect(step(page, "Remind")).to_contain_text("Leads back: the plan would never end")
	page.evaluate(
		"frappe.model.set_value('Sequence Step', cur_frm.doc.steps[1].name, 'next_step', 'Nowhere')"
	)
	expect(step(page, "Remind")).to_contain_text("No step is called Nowhere")
	page.evaluate("frappe.model.set_value('Sequence Step', cur_frm.doc.steps[0].name, 'next_step', 'Close')")
	expect(step(page, "Remind")).to_contain_text("No record comes here")
	page.keyboard.press("Control+s")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("there is no step Nowhere to go to")


def test_choices_of_a_row_are_the_titles_and_the_fields_of_the_record(open_page: OpenPage, plan: str) -> None:
	page = open_form(open_page, plan)
	row = edit_row(page, 1)
	row.locator("[data-fieldname=yes_step] input").fill("")
	offered = row.locator("[data-fieldname=yes_step] .awesomplete li")
	expect(offered).to_have_text([*(made["title"] for made in PLAN), "End"])
	row.locator("[data-fieldname=branch_on] select").select_option("Field Value")
	row.locator("[data-fieldname=branch_field] input").fill("inbox_service")
	expect(row.locator("[data-fieldname=branch_field] .awesomplete li")).to_have_text(
		["Service (inbox_service)"]
	)


def test_activated_plan_can_not_be_changed_any_more(
	served_site: ServedSite, open_page: OpenPage, plan: str
) -> None:
	page = open_form(open_page, plan)
	expect(intro(page)).to_contain_text("A draft")
	button(page, "Activate").click()
	confirm(page)
	expect(intro(page)).to_contain_text("Active: records enter this version. 0 records are in it.")
	assert stored(served_site, plan, "status") == "Active"
	assert page.evaluate("cur_frm.get_field('steps').grid.is_editable()") is False
	page.evaluate("cur_frm.doc.exclusive = 0; cur_frm.dirty(); cur_frm.save().catch(() => {})")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Make a new version")
	assert stored(served_site, plan, "exclusive") == 1


def test_new_version_is_opened_as_a_draft(served_site: ServedSite, open_page: OpenPage, plan: str) -> None:
	served_site.run(lambda: sequence_plans.activate(plan))
	page = open_form(open_page, plan)
	button(page, "New Version").click()
	expect(intro(page)).to_contain_text("A draft")
	expect(steps(page)).to_have_count(len(PLAN))
	assert page.evaluate("cur_frm.doc.name") == f"{NAME} v2"


def test_archiving_asks_what_becomes_of_the_records(
	served_site: ServedSite, open_page: OpenPage, plan: str
) -> None:
	served_site.run(lambda: let_records_enter(plan))
	page = open_form(open_page, plan)
	expect(intro(page)).to_contain_text("2 records are in it")
	button(page, "Archive").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("The 2 that are in it")
	confirm(page, "Archive")
	expect(intro(page)).to_contain_text(
		"Archived: no record enters this version any more. 2 records are in it."
	)
	button(page, "Stop Records").click()
	confirm(page)
	expect(page.get_by_text("2 records have left")).to_be_visible(timeout=60_000)  # a worker does it
	wait_for_no_dialog(page)  # which would cover what the user does meanwhile
	expect(intro(page)).to_contain_text("0 records are in it")


@pytest.mark.parametrize("form_look", FORM_LOOKS)
def test_looks(
	form_look: str, served_site: ServedSite, open_page: OpenPage, plan: str, screenshot: Screenshot
) -> None:
	theme, size = FORM_LOOKS[form_look]
	with desk_theme(served_site, "Administrator", theme):
		page = open_form(open_page, plan, **size)
		page.locator(".sequence-plan").scroll_into_view_if_needed()
		screenshot(page, f"sequence-designer-{form_look}")
		expect_no_sideways_scrolling(page)
