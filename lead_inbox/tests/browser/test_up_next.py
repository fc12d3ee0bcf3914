"""What comes next for a lead or an opportunity: on their forms, in the inbox and in their lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from lead_inbox.tests.browser import staging, staging_acting, staging_up_next
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
	row,
	text_box,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
)
from lead_inbox.tests.doubles.sms_gateway import SmsGateway, sms_gateway
from lead_inbox.tests.doubles.smtp import MailServer
from lead_inbox.tests.integration.sequence_builders import step
from tools.live import ServedSite
from tools.sites import ADMIN_PASSWORD

Screenshot = Callable[[Page, str], Path]
PHONE = "+14155550123"
TEXT = "Hello Naree Phan, here are our prices."
LOOKS: dict[str, tuple[str, dict[str, Any]]] = {
	"wide": ("Light", WIDE),
	"narrow": ("Light", NARROW),
	"dark": ("Dark", WIDE),
}


@pytest.fixture
def gateway(served_site: ServedSite) -> Iterator[SmsGateway]:
	"""The site can send SMS, for one test."""
	with sms_gateway() as running:
		served_site.run(staging.text_through, running.url)
		yield running
		served_site.run(staging.text_through, None)


def open_form(open_page: OpenPage, doctype: str, name: str, **options: Any) -> Page:
	"""A form of Jun's, its telephone and its new tabs replaced: `opened` tells what they were given."""
	page = open_page(f"/app/{doctype}/{name}", **{**AS_JUN, **WIDE, **options})
	page.evaluate("window.open = (address) => (window.opened = address)")
	expect(box(page)).to_have_attribute("aria-busy", "false")
	return page


def open_inbox(open_page: OpenPage, lead: str, **options: Any) -> Page:
	page = open_page(f"{PATH}/{lead}", **{**AS_JUN, **WIDE, **options})
	expect_open(page, "Naree Phan")
	expect(box(page)).to_have_attribute("aria-busy", "false")
	return page


def box(page: Page) -> Locator:
	return page.get_by_role("region", name="Up next")


def entry(page: Page, title: str) -> Locator:
	return box(page).get_by_role("article", name=title)


def press(within: Locator, name: str) -> None:
	within.locator(f"[data-up-next={name}]").click()


def choose(page: Page, within: Locator, name: str) -> None:
	"""What is behind "…"."""
	press(within, "menu")
	page.locator(f".dropdown-menu.show [data-up-next={name}]").click()


def asked(page: Page, title: str) -> Locator:
	"""The open dialog, when it can be answered."""
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text(title)
	return dialog(page)


def answer(page: Page, button: str) -> None:
	dialog(page).get_by_role("button", name=button, exact=True).click()


# On the form of a lead


def test_steps_are_completed_skipped_and_snoozed_one_after_the_other(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(
		staging_up_next.lead_at_step, "Read the request", "Look at the house", "Make an offer"
	)
	page = open_form(open_page, "lead", name)
	expect(entry(page, "Read the request")).to_contain_text("step 1 of 3")
	expect(box(page).get_by_role("list", name="Later steps").get_by_role("listitem")).to_have_text(
		[re.compile("Look at the house"), re.compile("Make an offer")]
	)

	press(entry(page, "Read the request"), "complete")
	asked(page, "Complete: Read the request").get_by_label("Note").fill("Wants <b>two</b> units")
	answer(page, "Complete")
	expect(entry(page, "Look at the house")).to_contain_text("step 2 of 3")
	expect(page.locator(".new-timeline")).to_contain_text("Wants <b>two</b> units")

	press(entry(page, "Look at the house"), "skip")
	expect(asked(page, "Skip: Look at the house")).to_contain_text("goes on with its next step")
	answer(page, "Skip")
	press(entry(page, "Make an offer"), "snooze")
	asked(page, "Snooze: Make an offer").get_by_role("button", name="Tomorrow").click()
	expect(entry(page, "Make an offer")).to_contain_text("snoozed until Tomorrow")
	states = served_site.run(staging_up_next.activities_on, name)
	assert [state[:2] for state in states] == [
		("Read the request", "Completed"),
		("Look at the house", "Skipped"),
		("Make an offer", "Open"),
	]


def test_call_of_a_step_completes_it_with_its_outcome(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(step("Call", "Phone Call"), "Write it down"))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Call"), "start")
	expect(asked(page, "Calling Naree Phan")).to_contain_text(PHONE)
	assert page.evaluate("window.opened") == f"tel:{PHONE}"
	dialog(page).get_by_label("Note").fill("Comes on Friday")
	answer(page, "Answered")
	expect(entry(page, "Write it down")).to_be_visible()
	assert served_site.run(staging_up_next.activities_on, name)[0][:3] == ("Call", "Completed", "Answered")
	assert served_site.run(staging_acting.calls_of, name)[0][0] == "Answered"


def test_number_to_call_is_chosen_and_an_unwanted_call_is_warned_of(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(staging_up_next.lead_to_call)
	served_site.run(staging_acting.set_lead, name, {"mobile_no": "+14155550199"})
	page = open_form(open_page, "lead", name)
	press(entry(page, "Call"), "start")
	asked(page, "Call Naree Phan").get_by_role("button", name="+14155550199").click()
	expect(dialog(page).filter(has_text="does not want to be called")).to_be_visible()
	answer(page, "Call anyway")
	expect(dialog(page).filter(has_text="Calling Naree Phan")).to_be_visible()
	assert page.evaluate("window.opened") == "tel:+14155550199"


def test_call_that_is_told_of_afterwards_needs_its_outcome(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(step("Call", "Phone Call")))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Call"), "complete")
	asked(page, "Complete: Call")
	field(page, "outcome").select_option("Not Answered")
	answer(page, "Complete")
	expect(box(page)).to_contain_text("Nothing is planned.")
	assert served_site.run(staging_up_next.activities_on, name) == [("Call", "Completed", "Not Answered", "")]


def test_mail_of_a_step_is_sent_from_the_form(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step(), "Wait"))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Send the price list"), "start")
	composer = asked(page, "Send the price list · Naree Phan")
	expect(composer).to_contain_text("Do you come on Saturdays?")
	expect(composer.get_by_label("Subject")).to_have_value("Our prices")
	expect(text_box(page)).to_have_value(TEXT)
	expect(text_box(page)).to_be_focused()
	text_box(page).press("Control+Enter")
	expect(entry(page, "Wait")).to_be_visible()
	assert served_site.run(staging_acting.sent_to, name) == [TEXT]
	assert served_site.run(staging_up_next.activities_on, name)[0][1] == "Completed"


def test_mail_of_a_step_can_go_later(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step()))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Send the price list"), "start")
	asked(page, "Send the price list")
	answer(page, "Send later")
	dialog(page).filter(has_text="Another time").get_by_role("button", name="Next week").click()
	expect(entry(page, "Send the price list")).to_contain_text("goes out")
	assert served_site.run(staging_up_next.activities_on, name)[0][1] == "Scheduled"


def test_mail_without_an_address_is_warned_of(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step()))
	served_site.run(staging_acting.set_lead, name, {"email_id": None})
	page = open_form(open_page, "lead", name)
	press(entry(page, "Send the price list"), "start")
	expect(asked(page, "Send the price list")).to_contain_text("The lead has no e-mail address.")
	expect(dialog(page).get_by_role("button", name="Send", exact=True)).to_have_count(0)


def test_draft_of_a_step_is_kept_and_goes_on(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step()))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Send the price list"), "start")
	asked(page, "Send the price list")
	text_box(page).fill("Hello Naree, ")
	page.keyboard.press("Escape")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	press(entry(page, "Send the price list"), "start")
	asked(page, "Send the price list")
	expect(text_box(page)).to_have_value("Hello Naree, ")


def test_sms_of_a_step_goes_to_the_number_that_was_chosen(
	served_site: ServedSite, open_page: OpenPage, gateway: SmsGateway
) -> None:
	steps = [step("Text them", "SMS", message="Are you still looking, {{ lead_name }}?")]
	name = served_site.run(lambda: staging_up_next.lead_at_step(*steps))
	served_site.run(staging_acting.set_lead, name, {"mobile_no": "+14155550199"})
	page = open_form(open_page, "lead", name)
	press(entry(page, "Text them"), "start")
	asked(page, "Text them · Naree Phan")
	expect(text_box(page)).to_have_value("Are you still looking, Naree Phan?")
	dialog(page).get_by_role("button", name=f"to {PHONE}").click()
	page.get_by_role("menuitemradio", name="+14155550199").click()
	answer(page, "Send")
	wait_for_no_dialog(page)
	expect(box(page)).to_contain_text("Nothing is planned.")
	assert served_site.run(staging_acting.sent_to, name) == ["Are you still looking, Naree Phan?"]


def test_meeting_is_planned_and_then_joined(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(step("Show the plans", "Meeting")))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Show the plans"), "start")
	expect(asked(page, "Show the plans")).to_contain_text("Not planned yet")
	answer(page, "Plan it…")
	planning = dialog(page).filter(has_text="Plan a meeting")
	planning.get_by_label("Video link").fill("https://meet.example/naree")
	planning.get_by_label("Location").fill("12 Main Street")
	planning.get_by_role("button", name="Plan", exact=True).click()
	join = entry(page, "Show the plans").get_by_role("button", name="Join the meeting")
	join.click()
	expect(asked(page, "Naree Phan")).to_contain_text("12 Main Street")
	assert page.evaluate("window.opened") == "https://meet.example/naree"
	answer(page, "It has taken place")
	expect(box(page)).to_contain_text("Nothing is planned.")
	assert served_site.run(staging_up_next.activities_on, name)[0][1] == "Completed"


def test_sequence_is_paused_resumed_hurried_and_stopped(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step("Read", step("Call again", wait=2)))
	page = open_form(open_page, "lead", name)
	press(entry(page, "Read"), "complete")
	asked(page, "Complete: Read")
	answer(page, "Complete")
	waiting = box(page).get_by_role("article", name="Call again")
	expect(waiting.locator("[data-up-next=start]")).to_have_count(0)
	choose(page, waiting, "pause")
	expect(waiting).to_contain_text("Paused")
	assert served_site.run(staging_up_next.enrollments_of, name) == [("Paused", "")]
	press(waiting, "resume")
	expect(waiting).not_to_contain_text("Paused")
	press(waiting, "cut_short")
	expect(waiting.locator("[data-up-next=start]")).to_be_visible()
	choose(page, waiting, "leave")
	asked(page, "Stop “New web lead” for this record?")
	answer(page, "Stop the sequence")
	expect(box(page)).to_contain_text("Nothing is planned.")
	assert served_site.run(staging_up_next.enrollments_of, name) == [("Exited", "Stopped")]


def test_lead_enters_a_sequence_and_gets_an_activity_by_hand(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(lambda: staging.lead(**staging_up_next.CUSTOMER))
	served_site.run(staging.assign, name, staging.JUN)
	served_site.run(staging_up_next.active_sequence, "Care", "Say hello")
	page = open_form(open_page, "lead", name)
	press(box(page), "enroll")
	asked(page, "Add to a sequence")
	answer(page, "Add")
	expect(entry(page, "Say hello")).to_contain_text("Care")
	expect(entry(page, "Say hello").locator("[data-up-next=start]")).to_be_visible()

	press(box(page).locator(".up-next-head"), "add")
	asked(page, "Add an activity: Naree Phan").get_by_label("Title").fill("Ring about the offer")
	answer(page, "Add")
	by_hand = entry(page, "Ring about the offer")
	expect(by_hand).to_contain_text("due Tomorrow")
	expect(by_hand.locator("[data-up-next=snooze]")).to_have_count(0)
	press(by_hand, "skip")
	expect(asked(page, "Skip: Ring about the offer")).to_contain_text("It is cancelled")
	answer(page, "Skip")
	expect(by_hand).to_have_count(0)
	assert [state[:2] for state in served_site.run(staging_up_next.activities_on, name)] == [
		("Say hello", "Open"),
		("Ring about the offer", "Cancelled"),
	]


def test_note_is_added_and_a_step_is_assigned(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_up_next.lead_at_step, "Read the request")
	page = open_form(open_page, "lead", name)
	choose(page, entry(page, "Read the request"), "note")
	asked(page, "Note: Read the request").get_by_label("Note").fill("The dog bites")
	answer(page, "Add Note")
	wait_for_no_dialog(page)
	expect(page.locator(".new-timeline")).to_contain_text("The dog bites")
	choose(page, entry(page, "Read the request"), "assign")
	asked(page, "Assign: Read the request")
	field(page, "assignee").select_option(staging.SARA)
	answer(page, "Assign")
	expect(entry(page, "Read the request")).to_contain_text("Sara Moss")
	assert served_site.run(staging_up_next.done_by, name) == [staging.SARA]


def test_box_follows_what_a_colleague_does(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_up_next.lead_at_step, "Read the request", "Make an offer")
	page = open_form(open_page, "lead", name)
	wait_until_live(served_site, page)
	served_site.run(staging_up_next.finish_first, name)
	expect(entry(page, "Make an offer")).to_be_visible()
	expect(entry(page, "Read the request")).to_have_count(0)


def test_form_has_one_box_that_goes_with_it(served_site: ServedSite, open_page: OpenPage) -> None:
	first = served_site.run(staging_up_next.lead_at_step, "Read the request")
	henry = {"email": "henry@customer.example", "phone": "+1 415 555 0177"}
	second = served_site.run(lambda: staging_up_next.lead_at_step("Make an offer", name="Offers", **henry))
	page = open_form(open_page, "lead", first)
	page.evaluate("cur_frm.refresh()")
	page.evaluate("cur_frm.reload_doc()")
	expect(box(page)).to_have_count(1)
	page.evaluate("(name) => frappe.set_route('Form', 'Lead', name)", second)
	expect(entry(page, "Make an offer")).to_be_visible()
	expect(box(page)).to_have_count(1)
	page.evaluate("frappe.set_route('List', 'Lead')")
	expect(page.locator(".up-next")).to_have_count(0)
	page.evaluate("frappe.new_doc('Lead')")
	expect(page.locator("[data-fieldname=first_name] input").last).to_be_visible()
	expect(page.locator(".up-next")).to_have_count(0)
	page.evaluate("(name) => frappe.set_route('Form', 'Lead', name)", first)
	expect(entry(page, "Read the request")).to_be_visible()


def test_failed_box_can_be_tried_again(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_up_next.lead_at_step, "Read the request")
	page = open_form(open_page, "lead", name)
	asks = re.compile("worklist.get_up_next")
	page.route(asks, lambda route: route.abort())
	page.evaluate("cur_frm.lead_inbox_up_next.unmount()")
	page.evaluate("cur_frm.refresh()")
	expect(box(page)).to_contain_text("What comes next could not be loaded.")
	page.unroute(asks)
	box(page).get_by_role("button", name="Retry").click()
	expect(entry(page, "Read the request")).to_be_visible()


def test_step_is_done_by_keyboard(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_up_next.lead_at_step, "Read the request", "Make an offer")
	page = open_form(open_page, "lead", name)
	entry(page, "Read the request").locator("[data-up-next=start]").focus()
	page.keyboard.press("Enter")
	asked(page, "Read the request").get_by_role("button", name="Complete").focus()
	page.keyboard.press("Enter")
	expect(entry(page, "Make an offer")).to_be_visible()
	wait_for_no_dialog(page)
	expect(page.locator(".up-next:focus-within, .up-next:focus")).to_have_count(1)


# On the form of an opportunity


def test_owner_changed_and_the_step_moves_too(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging_up_next.opportunity_at_step, "Draw up the offer", "Hand it over")
	served_site.run(staging_up_next.pass_to, name, staging.SARA)
	page = open_form(open_page, "opportunity", name)
	expect(entry(page, "Draw up the offer")).to_contain_text("Sara Moss is the owner now")
	press(entry(page, "Draw up the offer"), "move")
	expect(entry(page, "Draw up the offer")).not_to_contain_text("is the owner now")
	assert served_site.run(staging_up_next.done_by, name) == [staging.SARA]


@pytest.mark.parametrize(
	("choice", "state"), [("stay", ("Active", "")), ("stop", ("Exited", "Owner Changed"))]
)
def test_owner_changed_and_the_step_stays_or_ends(
	served_site: ServedSite, open_page: OpenPage, choice: str, state: tuple[str, str]
) -> None:
	name = served_site.run(staging_up_next.opportunity_at_step, "Draw up the offer")
	served_site.run(staging_up_next.pass_to, name, staging.SARA)
	page = open_form(open_page, "opportunity", name)
	press(entry(page, "Draw up the offer"), choice)
	expect(box(page)).not_to_contain_text("is the owner now")
	assert served_site.run(staging_up_next.enrollments_of, name) == [state]
	page.reload()
	expect(box(page)).to_have_attribute("aria-busy", "false")
	expect(box(page)).not_to_contain_text("is the owner now")


def test_mail_without_a_lead_goes_by_the_desk_and_is_told_of(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(
		lambda: staging_up_next.opportunity_of_customer(
			staging_up_next.mail_step(text="Here are our prices.")
		)
	)
	# Frappe's own composer asks for rights on Email Account, which sales people lack on this site
	page = open_form(open_page, "opportunity", name, user="Administrator", password=ADMIN_PASSWORD)
	press(entry(page, "Send the price list"), "start")
	composer = asked(page, "Our prices")
	expect(composer.locator(".ql-editor[contenteditable=true]")).to_contain_text("Here are our prices.")
	expect(composer.locator("[data-fieldname=recipients] input")).to_have_value(
		re.compile(r"^buyer@mills\.example(, )?$")  # Frappe's field ends a list with a comma
	)
	composer.get_by_role("button", name="Send", exact=True).click()
	expect(dialog(page).filter(has_text="Complete: Send the price list")).to_be_visible()
	answer(page, "Complete")
	expect(box(page)).to_contain_text("Nothing is planned.")


# In the inbox


def test_mail_of_a_step_is_written_in_the_inbox(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step(), "Wait"))
	page = open_inbox(open_page, name)
	press(entry(page, "Send the price list"), "start")
	expect(text_box(page)).to_have_value(TEXT)
	expect(page.locator(".inbox-reply")).to_contain_text("For the step: Send the price list")
	page.locator(".inbox-reply").get_by_role("button", name="Send", exact=True).click()
	expect(entry(page, "Wait")).to_be_visible()
	expect(text_box(page)).to_have_value("")
	expect(messages(page).last.locator(".inbox-delivery")).to_have_text("Sent")
	(mail,) = mail_server.mails
	assert mail.message["Subject"] == "Our prices"
	assert TEXT in mail.text
	assert served_site.run(staging_up_next.activities_on, name)[0][:2] == ("Send the price list", "Completed")


def test_draft_is_replaced_by_a_step_only_if_the_user_says_so(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step()))
	page = open_inbox(open_page, name)
	text_box(page).fill("What I was about to say")
	press(entry(page, "Send the price list"), "start")
	asked(page, "You have begun another message")
	answer(page, "Keep what I wrote")
	wait_for_no_dialog(page)
	expect(text_box(page)).to_have_value("What I was about to say")
	expect(page.locator(".inbox-reply")).not_to_contain_text("For the step")
	press(entry(page, "Send the price list"), "start")
	asked(page, "You have begun another message")
	answer(page, "Replace")
	expect(text_box(page)).to_have_value(TEXT)


def test_message_is_sent_without_completing_the_step(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_up_next.lead_at_step(staging_up_next.mail_step()))
	page = open_inbox(open_page, name)
	press(entry(page, "Send the price list"), "start")
	page.get_by_role("button", name="Send it without completing the step").click()
	text_box(page).press("Control+Enter")
	expect(text_box(page)).to_have_value("")
	expect(entry(page, "Send the price list")).to_be_visible()
	assert served_site.run(staging_up_next.activities_on, name)[0][1] == "Open"


def test_assigning_in_the_inbox_asks_what_becomes_of_the_sequence(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(staging_up_next.lead_at_step, "Read the request")
	page = open_inbox(open_page, name)
	page.keyboard.press("a")
	asked(page, "A running sequence")
	field(page, "user").select_option(staging.SARA)
	field(page, "sequences").select_option("stop")
	answer(page, "Assign")
	expect(box(page)).to_contain_text("Nothing is planned.")
	assert served_site.run(staging_up_next.enrollments_of, name) == [("Exited", "Owner Changed")]


def test_selected_leads_enter_a_sequence(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 3)
	page = open_page(PATH, **AS_JUN, **WIDE)
	served_site.run(staging_up_next.active_sequence, "Care", "Say hello")
	for number in range(2):
		row(page, f"Customer {number:03d}").hover()
		row(page, f"Customer {number:03d}").get_by_role("checkbox").check()
	page.get_by_role("button", name="Add to sequence").click()
	asked(page, "Add 2 records to a sequence")
	answer(page, "Add")
	expect(page.locator("#alert-container")).to_contain_text("Added to the sequence: 2 leads")


# In a list


def test_checked_leads_enter_a_sequence_and_refusals_are_told(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	inside = served_site.run(lambda: staging_up_next.lead_at_step("Say hello", name="Care"))
	outside = served_site.run(lambda: staging.lead(name="Henry Adams", email="henry@customer.example"))
	page = open_page("/app/lead", **AS_JUN, **WIDE)
	for name in (inside, outside):
		page.locator(f".list-row-checkbox[data-name='{name}']").check()
	page.get_by_role("button", name="Actions").click()
	page.get_by_role("link", name="Add to Sequence").click()
	asked(page, "Add 2 records to a sequence")
	answer(page, "Add")
	expect(dialog(page).filter(has_text="Not done for all")).to_contain_text("Naree Phan")
	assert served_site.run(staging_up_next.enrollments_of, outside) == [("Active", "")]


# What it looks like


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest, served_site: ServedSite) -> Iterator[str]:
	theme, _size = LOOKS[request.param]
	served_site.run(lambda: staging.set_user(staging.SARA, desk_theme=theme))
	yield request.param
	served_site.run(lambda: staging.set_user(staging.SARA, desk_theme="Light"))


def test_up_next_looks(
	look: str, served_site: ServedSite, open_page: OpenPage, screenshot: Screenshot
) -> None:
	name = served_site.run(staging_up_next.busy_lead)
	options = {**AS_SARA, **LOOKS[look][1]}
	page = open_form(open_page, "lead", name, **options)
	expect(entry(page, "Call if no answer")).to_be_visible()
	expect_no_sideways_scrolling(page)
	screenshot(page, f"up-next-{look}-form")
	press(entry(page, "Call if no answer"), "menu")
	screenshot(page, f"up-next-{look}-menu")
	page.keyboard.press("Escape")
	press(entry(page, "Call if no answer"), "complete")
	asked(page, "Complete: Call if no answer")
	screenshot(page, f"up-next-{look}-complete")

	page = open_inbox(open_page, name, **options)
	expect_no_sideways_scrolling(page)
	screenshot(page, f"up-next-{look}-inbox")
	box(page).locator(".up-next-more").click()
	screenshot(page, f"up-next-{look}-inbox-all")
