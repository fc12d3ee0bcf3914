"""What a sales person does on the My Work page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from lead_inbox.tests.browser import staging, staging_work
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	NARROW,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	field,
	wait_for_dialog,
	wait_for_no_dialog,
)
from lead_inbox.tests.browser.my_work_page import (
	PATH,
	act,
	choose,
	expect_focus_on,
	expect_open,
	item,
	items,
	open_item,
	open_work,
	pane,
	tab,
	titles,
)
from lead_inbox.tests.doubles.smtp import MailServer
from tools.live import ServedSite

PHONE, MAIL = "+14155550123", "naree@customer.example"
SCRIPT = "<img src=x onerror='window.script_ran=1'><script>window.script_ran=1</script>{{ 7 * 7 }}"


# The whole way


def test_sequence_is_worked_through_from_the_page(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	"""Call logged, mail sent, step skipped, next snoozed, note on the timeline (SQ-3, SQ-5, SQ-6)."""
	lead = served_site.run(lambda: staging.lead(phone=PHONE, email=MAIL))
	plan = served_site.run(staging_work.sequence)
	enrollment = served_site.run(staging_work.enroll, lead, plan)
	page = open_work(served_site, open_page)
	page.evaluate("window.open = (address) => (window.dialed = address)")
	for work_on in (log_the_call, send_the_mail, skip_with_a_note):
		work_on(page)
		served_site.run(staging_work.go_on)
	snooze_the_last_step(page)
	expect_in_tabs(page)
	assert served_site.run(staging_work.of_enrollment, enrollment) == [
		("Ring the customer", "Completed", "Answered"),
		("Mail the offer", "Completed", None),
		("Look up the warranty", "Skipped", None),
		("Order the spare part", "Open", None),
	]
	assert served_site.run(staging_work.is_snoozed, "Order the spare part")
	assert "Bought in March, she has the bill" in served_site.run(staging_work.notes_of, lead)
	page.goto(f"/app/lead-inbox/{lead}")
	expect(page.locator(".inbox-log")).to_contain_text("Bought in March, she has the bill")
	expect(page.locator(".inbox-delivery")).to_have_text("Sent")
	(mail,) = mail_server.mails
	assert mail.recipients == [MAIL] and "we can come" in mail.text


def log_the_call(page: Page) -> None:
	open_item(page, "Ring the customer")
	expect(pane(page)).to_contain_text("Ask whether the drip has become worse.")
	expect(pane(page)).to_contain_text("step 1 of 4")
	expect(page.locator(".work-steps")).to_contain_text("Mail the offer")
	expect(act(page, "start")).to_contain_text(PHONE)
	assert page.evaluate("window.dialed") == f"tel:{PHONE}"
	dialog(page).get_by_label("Note").fill("Friday at nine suits her")
	choose(page, "Answered")
	expect(page.locator("#alert-container")).to_contain_text("Completed: Ring the customer")


def send_the_mail(page: Page) -> None:
	open_item(page, "Mail the offer")
	expect(pane(page).locator(".work-latest")).to_contain_text("Friday at nine suits her")
	letter = act(page, "start")
	expect(letter.locator("textarea")).to_have_value(re.compile("we can come"))
	letter.get_by_role("button", name="Send", exact=True).click()
	wait_for_no_dialog(page)
	expect(item(page, "Mail the offer")).to_have_count(0)


def skip_with_a_note(page: Page) -> None:
	open_item(page, "Look up the warranty")
	act(page, "note").get_by_label("Note").fill("Bought in March, she has the bill")
	choose(page, "Add Note")
	expect(pane(page).locator(".work-latest")).to_contain_text("Bought in March, she has the bill")
	act(page, "skip").get_by_label("Reason").fill("She knows it")
	choose(page, "Skip")
	expect(item(page, "Look up the warranty")).to_have_count(0)


def snooze_the_last_step(page: Page) -> None:
	open_item(page, "Order the spare part")
	act(page, "snooze").get_by_role("button", name="Tomorrow").click()
	wait_for_no_dialog(page)
	expect(page.locator(".inbox-list")).to_contain_text("Nothing is due")


def expect_in_tabs(page: Page) -> None:
	"""Each step is where it has been put."""
	tab(page, "upcoming").click()
	expect(item(page, "Order the spare part")).to_contain_text("Snoozed")
	tab(page, "completed").click()
	expect(items(page)).to_have_count(3)
	expect(item(page, "Look up the warranty")).to_contain_text("Skipped")


# The list


def test_overdue_comes_before_today_and_old_is_apart(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	for title, distance in (("Late", {"days": -2}), ("Now", {"minutes": -1}), ("Forgotten", {"days": -40})):
		served_site.run(lambda title=title, distance=distance: staging_work.add(lead, title, **distance))
	page = open_work(served_site, open_page)
	assert titles(page) == ["Late", "Now"]
	assert page.locator(".work-group").all_text_contents() == ["Overdue", "Today"]
	expect(item(page, "Late")).to_have_class(re.compile("is-late"))
	expect(item(page, "Now")).not_to_have_class(re.compile("is-late"))
	expect(item(page, "Late").locator(".work-because")).not_to_be_empty()
	expect(item(page, "Late")).to_contain_text("Naree Phan")
	expect(tab(page, "due")).to_contain_text("2")
	tab(page, "old").click()
	expect(item(page, "Forgotten")).to_be_visible()
	assert titles(page) == ["Forgotten"]


def test_list_goes_on_as_one_scrolls(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.many, lead, 45)
	page = open_work(served_site, open_page)
	expect(items(page)).to_have_count(20)
	expect(tab(page, "due")).to_contain_text("45")
	for shown in (40, 45):
		page.locator("#my-work-list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
		expect(items(page)).to_have_count(shown)
	assert titles(page) == [f"Task {number:03d}" for number in range(45)]


def test_scope_and_filters_narrow_down(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.add, lead, "Mine")
	served_site.run(staging_work.add, lead, "Of Sara", "Task", staging.SARA)
	served_site.run(staging_work.group_activity, lead)
	page = open_work(served_site, open_page)
	expect(items(page)).to_have_count(2)
	expect(item(page, "Ask for the model")).to_contain_text(staging_work.GROUP)
	page.get_by_role("button", name="Team").click()
	expect(items(page)).to_have_count(3)
	page.get_by_role("button", name="Unassigned").click()
	expect(items(page)).to_have_count(1)
	page.get_by_role("button", name="Team").click()
	expect(items(page)).to_have_count(3)
	page.get_by_role("button", name="Filter").click()
	wait_for_dialog(page)
	field(page, "kind").select_option("Task")
	field(page, "user").select_option(staging.SARA)
	dialog(page).get_by_role("button", name="Apply").click()
	expect(items(page)).to_have_count(1)
	expect(item(page, "Of Sara")).to_be_visible()
	expect(tab(page, "due")).to_contain_text("1")
	page.get_by_role("button", name="Kind: Task").click()
	page.get_by_role("button", name="Assigned to: Sara Moss").click()
	expect(items(page)).to_have_count(3)
	page.get_by_role("button", name="Filter").click()
	wait_for_dialog(page)
	field(page, "reference_doctype").select_option("Opportunity")
	dialog(page).get_by_role("button", name="Apply").click()
	expect(page.locator(".inbox-list")).to_contain_text("No activity under Due matches")
	page.locator(".inbox-notice").get_by_role("button", name="Clear all").click()
	expect(items(page)).to_have_count(3)


@pytest.mark.parametrize(
	("name", "words"),
	[
		("due", "appear here on their day"),
		("upcoming", "until its day comes"),
		("completed", "completes or skips"),
		("old", "more than 30 days"),
	],
)
def test_empty_tab_says_when_work_comes(
	served_site: ServedSite, open_page: OpenPage, name: str, words: str
) -> None:
	page = open_work(served_site, open_page)
	tab(page, name).click()
	expect(page.locator(".inbox-list")).to_contain_text(words)


def test_failure_says_what_to_do_and_retry_works(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_work(served_site, open_page)
	page.route(re.compile("worklist.get_items"), lambda route: route.abort())
	tab(page, "upcoming").click()
	alert = page.locator(".inbox-list").get_by_role("alert")
	expect(alert).to_contain_text("Check your internet connection")
	page.unroute_all()
	page.route(re.compile("worklist.get_items"), answer_500)
	alert.get_by_role("button", name="Retry").click()
	expect(alert).to_contain_text("tell your administrator")
	page.unroute_all()
	alert.get_by_role("button", name="Retry").click()
	expect(page.locator(".inbox-list")).to_contain_text("Nothing is planned for later")


def answer_500(route: Route) -> None:
	route.fulfill(status=500, json={"exception": "Boom"})


def test_assigning_waits_for_the_people_to_choose_from(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(lambda: staging_work.add(staging.lead(), "Ring the customer"))
	page = open_work(served_site, open_page)
	held: list[Route] = []
	page.route(re.compile("worklist.get_context"), lambda route: held.append(route))
	page.reload()
	open_item(page, "Ring the customer")
	page.locator(".work-actions [data-action=assign]").click()
	for route in held:
		route.continue_()
	wait_for_dialog(page)
	field(page, "assignee").select_option(staging.SARA)


# The open activity


def test_completing_opens_the_next_one(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	for minutes, title in ((-30, "First"), (-20, "Second"), (-10, "Third")):
		served_site.run(
			lambda title=title, minutes=minutes: staging_work.add(lead, title, "Task", minutes=minutes)
		)
	page = open_work(served_site, open_page)
	open_item(page, "Second")
	act(page, "complete").get_by_label("Note").fill("Easily done")
	choose(page, "Complete")
	expect_open(page, "Third")
	expect_focus_on(page, "Third")
	expect(page.get_by_role("status").filter(has_text="Completed: Second")).to_have_count(1)
	expect(page.get_by_role("status").filter(has_text="Due: 2")).to_have_count(1)
	expect(tab(page, "due")).to_contain_text("2")
	act(page, "complete")
	choose(page, "Complete")
	expect_open(page, "First")
	act(page, "complete")
	choose(page, "Complete")
	expect(page.locator(".inbox-list")).to_contain_text("Nothing is due")
	expect(pane(page)).to_contain_text("No activity is open")
	tab(page, "completed").click()
	open_item(page, "Second")
	expect(pane(page)).to_contain_text("Easily done")
	expect(page.locator(".work-actions [data-action=complete]")).to_have_count(0)


def test_closed_dialog_changes_nothing_and_gives_the_focus_back(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	lead = served_site.run(staging.lead)
	activity = served_site.run(staging_work.add, lead)
	page = open_work(served_site, open_page)
	open_item(page, "Call again")
	act(page, "complete")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	expect(page.locator(".work-actions [data-action=complete]")).to_be_focused()
	expect_open(page, "Call again")
	assert served_site.run(staging_work.status_of, activity) == "Open"


def test_activity_is_added_by_hand_for_the_record(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.add, lead)
	page = open_work(served_site, open_page)
	open_item(page, "Call again")
	page.locator("[data-action=add]").click()
	wait_for_dialog(page)
	field(page, "kind").select_option("Task")
	dialog(page).get_by_label("Title").fill("Send the bill")
	field(page, "user").select_option(staging.SARA)
	choose(page, "Add")
	expect(page.locator(".work-steps")).to_contain_text("Send the bill")
	assert ("Task", "Send the bill", staging.SARA) in served_site.run(staging_work.of_record, lead)


def test_activity_is_added_for_any_record(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	page = open_work(served_site, open_page)
	page.get_by_role("button", name="New Activity").click()
	wait_for_dialog(page)
	dialog(page).locator("[data-fieldname=Lead] input").fill(lead)
	page.get_by_role("option").filter(has_text=lead).first.click()
	dialog(page).get_by_role("button", name="Next", exact=True).click()
	expect(dialog(page).get_by_label("Title")).to_be_visible()
	dialog(page).get_by_label("Title").fill("Call again")
	choose(page, "Add")
	tab(page, "upcoming").click()
	expect(item(page, "Call again")).to_contain_text("Naree Phan")


def test_claimed_activity_is_ones_own(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.group_activity, lead)
	page = open_work(served_site, open_page)
	open_item(page, "Ask for the model")
	page.locator(".work-actions [data-action=claim]").click()
	expect(item(page, "Ask for the model").get_by_title("Jun Kim")).to_be_visible()
	expect(page.locator(".work-actions [data-action=claim]")).to_have_count(0)


def test_activity_given_away_leaves_the_list(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.add, lead)
	page = open_work(served_site, open_page)
	open_item(page, "Call again")
	act(page, "assign")
	field(page, "assignee").select_option(staging.SARA)
	choose(page, "Assign")
	expect(items(page)).to_have_count(0)
	expect(pane(page)).to_contain_text("Sara Moss")
	sara = open_work(served_site, open_page, **AS_SARA)
	expect(item(sara, "Call again")).to_be_visible()


# What others do


def test_new_work_and_what_colleagues_did_is_seen_without_a_reload(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	lead = served_site.run(staging.lead)
	first = served_site.run(staging_work.add, lead, "First", "Task")
	page = open_work(served_site, open_page)
	page.evaluate("window.not_reloaded = true")
	open_item(page, "First")
	served_site.run(lambda: staging_work.add(lead, "Second", "Task", minutes=-1))
	expect(item(page, "Second")).to_be_visible()
	expect(tab(page, "due")).to_contain_text("2")
	served_site.run(staging_work.complete, first)
	expect(items(page)).to_have_count(1)
	expect(page.locator("[data-work-state]")).to_have_text("Completed")
	expect(pane(page)).to_contain_text("Sara Moss")
	expect(page.locator(".work-actions [data-action=complete]")).to_have_count(0)
	assert page.evaluate("window.not_reloaded")


def test_activity_that_is_gone_says_so_and_leads_on(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	gone = served_site.run(lambda: staging_work.add(lead, "First", "Task", minutes=-30))
	served_site.run(lambda: staging_work.add(lead, "Second", "Task", minutes=-10))
	page = open_work(served_site, open_page)
	served_site.run(staging_work.delete, gone)
	item(page, "First").locator("a").click()
	expect(pane(page)).to_contain_text("This activity is gone")
	pane(page).get_by_role("button", name="Next").click()
	expect_open(page, "Second")


def test_link_opens_the_activity_under_its_tab(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	activity = served_site.run(lambda: staging_work.add(lead, "Later", "Task", days=3))
	page = open_work(served_site, open_page, f"{PATH}/activity/{activity}")
	expect_open(page, "Later")
	expect(tab(page, "upcoming")).to_have_attribute("aria-selected", "true")
	expect(item(page, "Later")).to_have_class(re.compile("is-open"))


# Keyboard


def test_keys_move_act_and_help(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	for minutes, title in ((-30, "First"), (-20, "Second")):
		served_site.run(
			lambda title=title, minutes=minutes: staging_work.add(lead, title, "Task", minutes=minutes)
		)
	page = open_work(served_site, open_page)
	page.keyboard.press("j")
	expect_open(page, "First")
	page.keyboard.press("j")
	expect_open(page, "Second")
	expect_focus_on(page, "Second")
	page.keyboard.press("k")
	expect_open(page, "First")
	page.keyboard.press("n")
	wait_for_dialog(page)
	dialog(page).get_by_label("Note").fill("jest")
	choose(page, "Add Note")
	expect(page.locator("#alert-container")).to_contain_text("Note added")
	expect_open(page, "First")
	expect(pane(page).locator(".work-latest")).to_contain_text("jest")
	page.keyboard.press("e")
	wait_for_dialog(page)
	choose(page, "Complete")
	expect_open(page, "Second")
	page.keyboard.press("Shift+?")
	wait_for_dialog(page)
	for words in ("Next activity", "Complete", "Snooze", "Go: call"):
		expect(dialog(page)).to_contain_text(words)
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	page.keyboard.press("Escape")
	expect(pane(page)).to_contain_text("No activity is open")
	expect_focus_on(page, "Second")


# Ways


def test_inbox_and_my_work_lead_to_each_other(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	served_site.run(staging_work.add, lead)
	page = open_page("/app/lead-inbox", **AS_JUN, **WIDE)
	link = page.get_by_role("link", name="My Work")
	expect(link).to_contain_text("1 due")
	link.click()
	open_item(page, "Call again")
	page.get_by_role("link", name="Conversation").click()
	expect(page.locator(".inbox-head-title:visible")).to_have_text("Naree Phan")
	page.wait_for_url(f"**/app/lead-inbox/{lead}")
	page.go_back()
	expect_open(page, "Call again")
	page.get_by_role("link", name="Lead Inbox").click()
	page.wait_for_url("**/app/lead-inbox")


# Narrow


def test_narrow_screen_shows_one_pane_at_a_time(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead)
	for minutes, title in ((-30, "First"), (-20, "Second")):
		served_site.run(
			lambda title=title, minutes=minutes: staging_work.add(lead, title, "Task", minutes=minutes)
		)
	page = open_work(served_site, open_page, **NARROW)
	expect(item(page, "First")).to_be_visible()
	expect(pane(page)).to_be_hidden()
	expect_no_sideways_scrolling(page)
	item(page, "First").locator("a").tap()
	expect_open(page, "First")
	expect(page.locator(".inbox-list")).to_be_hidden()
	expect_no_sideways_scrolling(page)
	act(page, "complete")
	choose(page, "Complete")
	expect_open(page, "Second")
	expect(page.locator(".work-title")).to_be_focused()
	page.get_by_role("button", name="Back to the list").tap()
	expect(item(page, "Second")).to_be_visible()
	page.wait_for_url(f"**{PATH}")


# What comes from outside


def test_script_from_outside_is_text(served_site: ServedSite, open_page: OpenPage) -> None:
	lead = served_site.run(staging.lead, SCRIPT)
	served_site.run(staging.poison, lead, SCRIPT)
	activity = served_site.run(staging_work.add, lead, "To be poisoned", "Task")
	poisoned = dict.fromkeys(("title", "error", "instructions"), SCRIPT[:140])
	served_site.run(staging_work.set_activity, activity, poisoned)
	page = open_work(served_site, open_page)
	items(page).first.locator("a").click()
	expect(page.locator(".work-title")).to_contain_text("<img src=x")
	expect(page.locator(".work-error")).to_contain_text("<img src=x")
	expect(page.locator(".work-steps")).to_contain_text("<img src=x")
	act(page, "complete")
	expect(dialog(page)).to_contain_text("<img src=x")
	choose(page, "Complete")
	expect(page.locator("#alert-container")).to_contain_text("<img src=x")
	assert page.evaluate("window.script_ran") is None
