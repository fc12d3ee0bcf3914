"""What a sales person does on the inbox page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	NARROW,
	PATH,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	expect_open,
	field,
	messages,
	open_row,
	row,
	rows,
	tab,
	text_box,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_loaded,
)
from lead_inbox.tests.integration.builders import state_of
from tools.live import ServedSite

SOURCES = Path(__file__).resolve().parents[2] / "public" / "js"
SCRIPT = "<img src=x onerror='window.script_ran=1'><script>window.script_ran=1</script>{{ 7 * 7 }}"


def test_reply_makes_the_lead_active_and_moves_it(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email="naree@customer.example"))
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	text_box(page).fill("Yes, we do.\nAt what time?")
	text_box(page).press("Control+Enter")
	expect(messages(page).last).to_contain_text("Yes, we do.\nAt what time?")
	expect(messages(page).last).to_have_class(re.compile("is-out"))
	expect(page.locator("[data-inbox-status]")).to_have_text("Active")
	expect(text_box(page)).to_have_value("")
	expect(rows(page)).to_have_count(0)
	tab(page, "Active").click()
	expect(row(page, "Naree Phan")).to_contain_text("Reply: Yes, we do.")
	assert served_site.run(state_of, name)[0] == "Active"


def test_note_stays_inside_and_moves_nothing(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	page.get_by_role("button", name="Note", exact=True).click()
	text_box(page).fill("Gate code 4411")
	page.get_by_role("button", name="Add Note").click()
	expect(page.locator("article.is-note")).to_contain_text("Gate code 4411")
	expect(page.locator("[data-inbox-status]")).to_have_text("New")
	expect(row(page, "Naree Phan")).to_be_visible()


def test_draft_is_kept_until_it_is_sent(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging.lead(email="naree@customer.example"))
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	text_box(page).fill("Half an ans")
	page.reload()
	expect(text_box(page)).to_have_value("Half an ans")
	text_box(page).fill("Half an answer, and the rest")
	page.get_by_role("button", name="Send", exact=True).click()
	expect(messages(page)).to_have_count(2)
	page.reload()
	expect(messages(page)).to_have_count(2)
	expect(text_box(page)).to_have_value("")


def test_template_fills_the_reply(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging.lead(email="naree@customer.example"))
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	page.get_by_role("button", name="Templates").click()
	page.get_by_role("menuitem", name="Offer a visit").click()
	expect(text_box(page)).to_have_value("Hello Naree Phan, we can come.")
	expect(page.get_by_label("Subject")).to_have_value("Our visit")


def test_lead_without_mail_address_says_what_to_do(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone="+1 415 555 0123"))
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	expect(page.locator(".inbox-reply")).to_contain_text("has no e-mail address")
	expect(text_box(page)).to_have_count(0)
	expect(page.locator("[data-action=call]")).to_be_visible()
	page.get_by_role("link", name="Open the Lead form").click()
	page.wait_for_url(f"**/lead/{name}")


def test_keys_move_open_and_reply(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 3)
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.keyboard.press("j")
	expect_open(page, "Customer 002")
	page.keyboard.press("j")
	expect_open(page, "Customer 001")
	page.keyboard.press("k")
	expect_open(page, "Customer 002")
	expect(row(page, "Customer 002").locator("a")).to_be_focused()
	page.keyboard.press("r")
	expect(text_box(page)).to_be_focused()
	page.keyboard.type("just kidding")
	expect(text_box(page)).to_have_value("just kidding")
	expect(page.locator(".inbox-head-title")).to_have_text("Customer 002")
	page.keyboard.press("Escape")
	expect(page.get_by_role("log")).to_be_focused()
	page.keyboard.press("n")
	expect(page.get_by_label("Write a note")).to_be_focused()
	page.keyboard.press("Escape")
	page.keyboard.press("Escape")
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Keep the draft and leave").click()
	wait_for_no_dialog(page)
	expect(page.locator(".inbox-head-title")).to_have_count(0)
	expect(row(page, "Customer 002").locator("a")).to_be_focused()


def test_keys_search_help_and_dialogs(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 2)
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.keyboard.press("/")
	expect(page.get_by_role("searchbox", name="Search leads")).to_be_focused()
	page.keyboard.press("Escape")
	page.keyboard.press("Shift+Slash")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Next lead")
	page.keyboard.press("j")
	expect(page.locator(".inbox-head-title")).to_have_count(0)
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	page.keyboard.press("j")
	expect_open(page, "Customer 001")
	page.keyboard.press("s")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Snooze until")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	expect_open(page, "Customer 001")


def test_keys_rest_while_another_page_is_shown(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 2)
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.keyboard.press("j")
	expect_open(page, "Customer 001")
	page.evaluate("frappe.set_route('List', 'ToDo')")
	expect(page.locator(".page-title:visible")).to_contain_text("To Do")
	page.keyboard.press("j")
	page.keyboard.press("Escape")
	page.go_back()
	expect_open(page, "Customer 001")


def test_help_lists_the_keys_after_a_workspace_was_shown(open_page: OpenPage) -> None:
	"""Workspaces take all letters for themselves."""
	page = open_page("/app/crm", **AS_JUN, **WIDE)
	expect(page.locator(".page-title:visible")).to_contain_text("CRM")
	page.evaluate("frappe.set_route('lead-inbox')")
	wait_until_loaded(page)
	page.evaluate("frappe.set_route('crm')")
	expect(page.locator(".page-title:visible")).to_contain_text("CRM")
	page.go_back()
	wait_until_loaded(page)
	page.keyboard.press("Shift+Slash")
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Next lead")


def test_unread_is_per_user(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.lead)
	jun, sara = open_page(PATH, **AS_JUN, **WIDE), open_page(PATH, **AS_SARA, **WIDE)
	unread = re.compile("is-unread")
	for page in (jun, sara):
		expect(row(page, "Naree Phan")).to_have_class(unread)
	with jun.expect_response(re.compile("mark_read")):
		open_row(jun, "Naree Phan")
	expect(row(jun, "Naree Phan")).not_to_have_class(unread)
	for page in (jun, sara):
		page.goto(PATH)
	expect(row(sara, "Naree Phan")).to_have_class(unread)
	expect(row(jun, "Naree Phan")).to_be_visible()
	expect(row(jun, "Naree Phan")).not_to_have_class(unread)


def test_marked_unread_it_stays_unread(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	expect(row(page, "Naree Phan")).not_to_have_class(re.compile("is-unread"))
	with page.expect_response(re.compile("mark_unread")):
		page.keyboard.press("u")
	expect(row(page, "Naree Phan")).to_have_class(re.compile("is-unread"))
	page.goto(PATH)
	expect(row(page, "Naree Phan")).to_have_class(re.compile("is-unread"))


def test_reading_that_is_still_on_its_way_does_not_undo_marking_as_unread(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	held: list[Route] = []
	page.route(re.compile("mark_read"), lambda route: held.append(route))
	asked: list[str] = []
	page.on("request", lambda request: asked.append(request.url) if "mark_unread" in request.url else None)
	with page.expect_request(re.compile("mark_read")):
		open_row(page, "Naree Phan")
	page.keyboard.press("u")
	page.evaluate("() => 0")  # what the key does is done by then
	assert not asked, "the reading has not arrived yet"
	with page.expect_response(re.compile("mark_unread")):
		held.pop().continue_()
	page.goto(PATH)
	expect(row(page, "Naree Phan")).to_have_class(re.compile("is-unread"))


def test_link_opens_exactly_that_lead(served_site: ServedSite, open_page: OpenPage) -> None:
	"""A lead of another tab, far below the first page."""
	name = served_site.run(lambda: staging.lead(name="Old Customer"))
	served_site.run(staging.be_inactive, name)
	served_site.run(staging.leads, 25)
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	expect_open(page, "Old Customer")
	expect(tab(page, "Inactive")).to_have_attribute("aria-selected", "true")
	expect(row(page, "Old Customer").locator("a")).to_have_attribute("aria-current", "true")
	page.goto(f"{PATH}/{served_site.run(staging.oldest_new_lead)}")
	expect_open(page, "Customer 000")
	expect(tab(page, "New")).to_have_attribute("aria-selected", "true")
	expect(row(page, "Customer 024")).to_be_visible()
	expect(row(page, "Customer 000")).to_have_count(0)


def test_link_to_nothing_says_so(open_page: OpenPage) -> None:
	page = open_page(f"{PATH}/CRM-LEAD-0000-00000", **AS_JUN, **WIDE)
	alert = page.locator(".inbox-conversation").get_by_role("alert")
	expect(alert).to_contain_text("CRM-LEAD-0000-00000 could not be opened")
	expect(alert).to_contain_text("may have been deleted")
	expect(page.locator(".inbox-list")).to_contain_text("No new leads")


def test_address_follows_the_open_lead(served_site: ServedSite, open_page: OpenPage) -> None:
	first, second = served_site.run(staging.leads, 2)
	page = open_page("/app/todo", **AS_JUN, **WIDE)
	expect(page.locator(".page-title:visible")).to_contain_text("To Do")
	page.evaluate("frappe.set_route('lead-inbox')")
	open_row(page, "Customer 000")
	page.wait_for_url(f"**{PATH}/{first}")
	open_row(page, "Customer 001")
	page.wait_for_url(f"**{PATH}/{second}")
	page.go_back()
	page.wait_for_url("**/app/todo")


def test_list_goes_on_as_one_scrolls(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 45)
	page = open_page(PATH, **AS_JUN, **WIDE)
	expect(rows(page)).to_have_count(20)
	expect(tab(page, "New")).to_contain_text("45")
	scroll_to_end(page)
	expect(rows(page)).to_have_count(40)
	scroll_to_end(page)
	expect(rows(page)).to_have_count(45)
	expect(page.locator(".inbox-more")).to_have_count(0)
	titles = page.locator(".lead-row-title").all_text_contents()
	assert titles == [f"Customer {number:03d}" for number in reversed(range(45))]


def scroll_to_end(page: Page) -> None:
	page.locator(".inbox-rows").evaluate("list => list.scrollTo(0, list.scrollHeight)")


def test_older_messages_come_above(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead)
	served_site.run(staging.talk, name, 119)
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	expect(messages(page)).to_have_count(50)
	expect(messages(page).last).to_be_in_viewport()
	first_shown = messages(page).first
	name_of_first = first_shown.get_attribute("data-message")
	page.get_by_role("button", name="Older messages").click()
	expect(messages(page)).to_have_count(100)
	expect(page.locator(f"[data-message='{name_of_first}']")).to_be_in_viewport()
	page.get_by_role("button", name="Older messages").click()
	expect(messages(page)).to_have_count(120)


def test_search_and_filters_narrow_down(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging.lead("The sink leaks", name="Maria Lopez", phone="+1 212 555 0142"))
	other = served_site.run(
		lambda: staging.lead(name="Tom Becker", channel=staging.OTHER_CHANNEL, type="form")
	)
	served_site.run(staging.assign, other, staging.JUN)
	page = open_page(PATH, **AS_JUN, **WIDE)
	expect(rows(page)).to_have_count(2)
	for wanted, title in (
		("maria", "Maria Lopez"),
		("+1 212 555 0142", "Maria Lopez"),
		("leaks", "Maria Lopez"),
	):
		page.get_by_role("searchbox", name="Search leads").fill(wanted)
		expect(page.locator(".inbox-chips")).to_contain_text(wanted)
		expect(rows(page)).to_have_count(1)
		expect(row(page, title)).to_be_visible()
	page.get_by_role("searchbox", name="Search leads").fill("nobody of that name")
	expect(page.locator(".inbox-list")).to_contain_text("No lead under New matches")
	page.get_by_role("button", name="Clear all").first.click()
	expect(page.get_by_role("searchbox", name="Search leads")).to_have_value("")
	expect(rows(page)).to_have_count(2)
	page.get_by_role("button", name="Mine").click()
	expect(rows(page)).to_have_count(1)
	expect(row(page, "Tom Becker")).to_be_visible()
	expect(tab(page, "New")).to_contain_text("1")
	page.get_by_role("button", name="Unassigned").click()
	expect(row(page, "Maria Lopez")).to_be_visible()
	expect(row(page, "Tom Becker")).to_have_count(0)
	page.get_by_role("button", name="All", exact=True).click()
	page.get_by_role("button", name="Filter").click()
	field(page, "channel").select_option(staging.OTHER_CHANNEL)
	dialog(page).get_by_role("button", name="Apply").click()
	expect(rows(page)).to_have_count(1)
	expect(row(page, "Tom Becker")).to_be_visible()
	page.get_by_role("button", name=f"Channel: {staging.OTHER_CHANNEL}").click()
	expect(rows(page)).to_have_count(2)


def test_snooze_hides_and_the_filter_shows(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	page.locator("[data-action=snooze]").click()
	dialog(page).get_by_role("button", name="Tomorrow").click()
	expect(rows(page)).to_have_count(0)
	expect(page.locator(".inbox-head")).to_contain_text("Snoozed until")
	until = served_site.run(staging.snoozed_until, name)
	assert until is not None and (until.hour, until.minute) == (9, 0)
	page.get_by_role("button", name="Filter").click()
	dialog(page).get_by_text("Show snoozed leads").click()
	dialog(page).get_by_role("button", name="Apply").click()
	expect(rows(page)).to_have_count(1)
	page.locator("[data-action=unsnooze]").click()
	expect(page.locator("[data-action=snooze]")).to_be_visible()
	assert served_site.run(staging.snoozed_until, name) is None


def test_selected_leads_are_assigned_together(served_site: ServedSite, open_page: OpenPage) -> None:
	names = served_site.run(staging.leads, 3)
	page = open_page(PATH, **AS_JUN, **WIDE)
	row(page, "Customer 002").locator(".lead-row-select").click()
	row(page, "Customer 000").locator(".lead-row-select").click()
	expect(page.get_by_role("toolbar", name="Selected leads")).to_contain_text("2 selected")
	page.keyboard.press("a")
	field(page, "user").select_option(staging.SARA)
	dialog(page).get_by_role("button", name="Assign", exact=True).click()
	for title in ("Customer 002", "Customer 000"):
		expect(row(page, title).get_by_title("Sara Moss").first).to_be_visible()
	expect(page.get_by_role("toolbar", name="Selected leads")).to_have_count(0)
	assert [served_site.run(staging.assignees, name) for name in names] == [
		[staging.SARA],
		[],
		[staging.SARA],
	]


@pytest.mark.parametrize(
	("status", "words"),
	[
		("New", "appear here the moment they arrive"),
		("Booked", "a time has been agreed"),
		("Closed", "converted"),
	],
)
def test_empty_tab_says_when_leads_come(open_page: OpenPage, status: str, words: str) -> None:
	page = open_page(PATH, **AS_JUN, **WIDE)
	tab(page, status).click()
	expect(page.locator(".inbox-list")).to_contain_text(words)


def test_failure_says_what_to_do_and_retry_works(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.route(re.compile("desk.get_leads"), lambda route: route.abort())
	tab(page, "Active").click()
	alert = page.locator(".inbox-list").get_by_role("alert")
	expect(alert).to_contain_text("Check your internet connection")
	page.unroute_all()
	page.route(re.compile("desk.get_leads"), answer_500)
	alert.get_by_role("button", name="Retry").click()
	expect(alert).to_contain_text("tell your administrator")
	page.unroute_all()
	alert.get_by_role("button", name="Retry").click()
	expect(page.locator(".inbox-list")).to_contain_text("No active leads")


def answer_500(route: Route) -> None:
	route.fulfill(status=500, json={"exception": "Boom"})


def test_filter_waits_for_what_it_offers(open_page: OpenPage) -> None:
	page = open_page(PATH, **AS_JUN, **WIDE)
	held: list[Route] = []
	page.route(re.compile("desk.get_context"), lambda route: held.append(route))
	page.reload()
	wait_until_loaded(page)
	page.get_by_role("button", name="Filter").dblclick()
	for route in held:
		route.continue_()
	wait_for_dialog(page)
	expect(dialog(page)).to_have_count(1)
	field(page, "channel").select_option(staging.CHANNEL)


def test_what_a_dialog_offers_is_asked_again_after_a_failure(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	served_site.run(staging.lead)
	page = open_page(PATH, **AS_JUN, **WIDE)
	page.route(re.compile("desk.get_context"), lambda route: route.abort())
	page.reload()
	open_row(page, "Naree Phan")
	page.locator("[data-action=decline]").click()
	expect(page.locator("#alert-container")).to_contain_text("Check your internet connection")
	page.unroute_all()
	page.locator("[data-action=decline]").click()
	wait_for_dialog(page)
	field(page, "reason").select_option("Fully Booked")


def test_unsent_reply_is_kept(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging.lead(email="naree@customer.example"))
	page = open_page(PATH, **AS_JUN, **WIDE)
	open_row(page, "Naree Phan")
	page.route(re.compile("replies.send"), lambda route: route.abort())
	text_box(page).fill("Are you there?")
	page.get_by_role("button", name="Send", exact=True).click()
	expect(page.locator("#alert-container")).to_contain_text("Your text is kept")
	expect(text_box(page)).to_have_value("Are you there?")
	expect(messages(page)).to_have_count(1)


def test_narrow_screen_shows_one_pane_at_a_time(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(postal_code="94110"))
	page = open_page(PATH, **AS_JUN, **NARROW)
	expect(row(page, "Naree Phan")).to_be_visible()
	expect(page.locator(".inbox-conversation")).to_be_hidden()
	expect_no_sideways_scrolling(page)
	row(page, "Naree Phan").locator("a").tap()
	expect_open(page, "Naree Phan")
	expect(page.locator(".inbox-list")).to_be_hidden()
	expect_no_sideways_scrolling(page)
	page.get_by_role("button", name="Details of the lead").tap()
	expect(page.locator(".inbox-side")).to_contain_text("94110")
	expect(page.locator(".inbox-conversation")).to_be_hidden()
	page.get_by_role("button", name="Close details").tap()
	expect_open(page, "Naree Phan")
	page.get_by_role("button", name="Back to the list").tap()
	expect(row(page, "Naree Phan")).to_be_visible()
	page.wait_for_url(f"**{PATH}")
	row(page, "Naree Phan").locator("a").tap()
	page.wait_for_url(f"**{PATH}/{name}")
	page.go_back()
	expect(row(page, "Naree Phan")).to_be_visible()


def test_script_from_outside_is_text(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead, SCRIPT)
	served_site.run(staging.poison, name, SCRIPT)
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	expect(messages(page).first).to_contain_text(SCRIPT)
	expect(page.locator(".lead-row-preview")).to_contain_text("<img src=x")
	expect(page.locator(".inbox-head-title")).to_contain_text("<img src=x")
	expect(page.locator(".inbox-side")).to_contain_text(SCRIPT)
	page.get_by_role("button", name="Filter").click()
	expect(field(page, "assignee").locator("option", has_text="<img src=x")).to_have_count(1)
	assert page.evaluate("window.script_ran") is None
	assert page.locator(".lead-inbox img, .lead-inbox script").count() == 0


def test_no_component_prints_html() -> None:
	"""What comes from outside reaches the page as text nodes only."""
	sources = [
		path for path in SOURCES.rglob("*") if path.suffix in (".js", ".vue") and "dist" not in path.parts
	]
	assert len(sources) > 20
	printing = re.compile(r"v-html|innerHTML|insertAdjacentHTML|\.html\(")
	assert [path.name for path in sources if printing.search(path.read_text())] == []


def test_times_are_those_of_the_user(served_site: ServedSite, open_page: OpenPage) -> None:
	"""The site's zone is New York, the user's Kolkata: nine and a half or ten and a half hours ahead."""
	name = served_site.run(staging.lead)
	site_time = served_site.run(staging.sent_on_of_only_message, name)
	served_site.run(lambda: staging.set_user(staging.SARA, time_zone="Asia/Kolkata"))
	try:
		page = open_page(f"{PATH}/{name}", **AS_SARA, **WIDE)
		shown = messages(page).first.locator("small").inner_text()
		hours, minutes = map(int, re.findall(r"(\d+):(\d\d)", shown)[-1])
		ahead = (hours * 60 + minutes - site_time.hour * 60 - site_time.minute) % (24 * 60)
		assert ahead in (9 * 60 + 30, 10 * 60 + 30)
	finally:
		served_site.run(lambda: staging.set_user(staging.SARA, time_zone=""))
