"""Answering a customer from the conversation: by mail, SMS and note, now and later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from lead_inbox.inbox.replies.sms_rules import count_segments
from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	NARROW,
	PATH,
	WIDE,
	dialog,
	expect_no_sideways_scrolling,
	expect_open,
	messages,
	row,
	text_box,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
)
from lead_inbox.tests.doubles.sms_gateway import SmsGateway, sms_gateway
from lead_inbox.tests.doubles.smtp import MailServer
from tools.live import ServedSite

CUSTOMER = {"email": "naree@customer.example", "phone": "+1 415 555 0123"}
REFUSAL = "550 5.1.1 No such mailbox here"


@pytest.fixture
def gateway(served_site: ServedSite) -> Iterator[SmsGateway]:
	"""The site can send SMS, for one test."""
	with sms_gateway() as running:
		served_site.run(staging.text_through, running.url)
		yield running
		served_site.run(staging.text_through, None)


def open_conversation(served_site: ServedSite, open_page: OpenPage, **options: object) -> Page:
	"""The page of a user who has a new lead of Naree Phan open, live."""
	name = served_site.run(lambda: staging.lead(**CUSTOMER))
	page = open_page(f"{PATH}/{name}", **{**AS_JUN, **WIDE, **options})
	expect_open(page, "Naree Phan")
	wait_until_live(served_site, page)
	return page


def medium(page: Page, name: str) -> Locator:
	return page.get_by_role("group", name="Kind of message").get_by_role("button", name=name, exact=True)


def send(page: Page) -> None:
	page.get_by_role("button", name="Send", exact=True).click()


def delivery(message: Locator, words: str) -> None:
	expect(message.locator(".inbox-delivery")).to_have_text(words)


def test_mail_reaches_the_customer_and_its_state_is_seen_live(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	page = open_conversation(served_site, open_page)
	text_box(page).fill("Yes, we do.\nAt <nine>?")
	send(page)
	delivery(messages(page).last, "Sent")
	(mail,) = mail_server.mails
	assert mail.recipients == ["naree@customer.example"]
	assert "At <nine>?" in mail.text
	expect(messages(page).first).to_contain_text("answered after")


def test_failed_mail_says_why_and_is_sent_again(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	mail_server.answers.append(REFUSAL)
	page = open_conversation(served_site, open_page)
	text_box(page).fill("Are you there?")
	send(page)
	message = messages(page).last
	delivery(message, "Failed")
	expect(message).to_contain_text("No such mailbox here")
	message.get_by_role("button", name="Retry").click()
	delivery(message, "Sent")
	expect(message.get_by_role("button", name="Retry")).to_have_count(0)
	assert len(mail_server.mails) == 1


def test_who_overlooked_a_colleague_s_answer_is_asked_first(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	name = served_site.run(lambda: staging.lead(**CUSTOMER))
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	expect_open(page, "Naree Phan")
	page.route(re.compile("desk.get_lead"), lambda route: route.abort())  # the page hears of nothing
	served_site.run(staging.answer, name, "We come at nine.", staging.SARA)
	text_box(page).fill("We come at noon.")
	send(page)
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Sara Moss has answered")
	expect(dialog(page)).to_contain_text("We come at nine.")
	dialog(page).get_by_role("button", name="Cancel").click()
	wait_for_no_dialog(page)
	expect(text_box(page)).to_have_value("We come at noon.")
	send(page)
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Send anyway").click()
	expect(messages(page).last).to_contain_text("We come at noon.")
	expect(text_box(page)).to_have_value("")


def test_sms_goes_to_the_number_and_from_the_sender_that_were_chosen(
	served_site: ServedSite, open_page: OpenPage, gateway: SmsGateway
) -> None:
	page = open_conversation(served_site, open_page)
	medium(page, "SMS").click()
	text_box(page).fill("See you at nine.")
	expect(page.locator(".inbox-reply-state")).to_contain_text("16 characters, 1 SMS")
	page.get_by_role("button", name="to +14155550123").click()
	page.get_by_role("menuitemradio", name="Company", exact=True).click()
	page.get_by_role("button", name="to +14155550123").click()
	page.get_by_role("menuitem", name="Another number").click()
	dialog(page).locator("[data-fieldname=number] input").fill("+1 415 555 0177")
	dialog(page).get_by_role("button", name="Choose").click()
	wait_for_no_dialog(page)
	send(page)
	delivery(messages(page).last, "Sent")
	(sent,) = gateway.taken
	assert sent.values == {"text": "See you at nine.", "to": "+14155550177", "from": "Company"}


def test_sms_that_is_too_long_says_what_to_do(
	served_site: ServedSite, open_page: OpenPage, gateway: SmsGateway
) -> None:
	page = open_conversation(served_site, open_page)
	medium(page, "SMS").click()
	text_box(page).fill("x" * 1600)
	expect(page.locator(".inbox-reply-state")).to_contain_text("1600 characters, 11 SMS")
	expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
	text_box(page).fill("x" * 2000)
	expect(page.locator(".inbox-reply-state")).to_contain_text("send it as an e-mail")
	expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
	text_box(page).press("Control+Enter")
	expect(messages(page)).to_have_count(1)


def test_page_counts_sms_as_the_server_does(
	served_site: ServedSite, open_page: OpenPage, gateway: SmsGateway
) -> None:
	page = open_conversation(served_site, open_page)
	medium(page, "SMS").click()
	for text in ("x" * 160, "x" * 161, "€" * 81, "x" * 152 + "€" + "x" * 100, "Καλημέρα " * 8, "😀" * 68):
		text_box(page).fill(text)
		counted = f"{len(text)} characters, {count_segments(text)} SMS"
		expect(page.locator(".inbox-reply-state")).to_contain_text(counted)


def test_medium_that_is_not_possible_says_why(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_conversation(served_site, open_page)
	medium(page, "SMS").click()
	expect(page.locator(".inbox-reply")).to_contain_text("No SMS gateway is set up.")
	expect(text_box(page)).to_have_count(0)
	medium(page, "E-mail").click()
	expect(text_box(page)).to_be_focused()


def test_message_for_later_is_changed_and_then_sent_at_once(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	page = open_conversation(served_site, open_page)
	text_box(page).fill("Good morning!")
	page.get_by_role("button", name="Send later").click()
	wait_for_dialog(page)
	expect(dialog(page).get_by_role("button")).to_contain_text(["Next week"])
	dialog(page).get_by_role("button", name="Next week").click()
	message = page.locator("article.is-scheduled")
	expect(message).to_contain_text("Good morning!")
	expect(message).to_contain_text("09:00")
	expect(page.locator("[data-inbox-status]")).to_have_text("New")
	message.get_by_role("button", name="Change").click()
	wait_for_dialog(page)
	dialog(page).locator("[data-fieldname=content] textarea").fill("Good morning, Naree!")
	dialog(page).get_by_role("button", name="Save").click()
	expect(message).to_contain_text("Good morning, Naree!")
	wait_for_no_dialog(page)
	assert not mail_server.mails
	message.get_by_role("button", name="Send now").click()
	delivery(messages(page).last, "Sent")
	expect(message).to_have_count(0)
	expect(page.locator("[data-inbox-status]")).to_have_text("Active")
	(mail,) = mail_server.mails
	assert "Good morning, Naree!" in mail.text


def test_message_for_later_is_cancelled(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer
) -> None:
	page = open_conversation(served_site, open_page)
	text_box(page).fill("Good morning!")
	page.get_by_role("button", name="Send later").click()
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Tomorrow", exact=False).last.click()
	message = page.locator("article.is-scheduled")
	expect(message).to_contain_text("Tomorrow")
	wait_for_no_dialog(page)
	message.get_by_role("button", name="Cancel").click()
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Keep it").click()
	wait_for_no_dialog(page)
	expect(message).to_be_visible()
	message.get_by_role("button", name="Cancel").click()
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Cancel the message").click()
	expect(message).to_have_count(0)
	expect(messages(page)).to_have_count(1)
	assert not mail_server.mails


def test_each_medium_has_a_draft_of_its_own(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_conversation(served_site, open_page)
	text_box(page).fill("For the customer")
	medium(page, "Note").click()
	expect(text_box(page)).to_have_value("")
	text_box(page).fill("For colleagues")
	page.reload()
	expect(text_box(page)).to_have_value("For the customer")
	medium(page, "Note").click()
	expect(text_box(page)).to_have_value("For colleagues")
	page.get_by_role("button", name="Add Note").click()
	expect(page.locator("article.is-note")).to_contain_text("For colleagues")
	medium(page, "E-mail").click()
	expect(text_box(page)).to_have_value("For the customer")


def test_leaving_an_unsent_message_asks_first(served_site: ServedSite, open_page: OpenPage) -> None:
	first, second = served_site.run(staging.leads, 2)
	page = open_page("/app/todo", **AS_JUN, **WIDE)
	expect(page.locator(".page-title:visible")).to_contain_text("To Do")
	page.evaluate(f"frappe.set_route('lead-inbox', '{second}')")
	expect_open(page, "Customer 001")
	ways_out = [
		lambda: row(page, "Customer 000").locator("a").click(),
		lambda: page.evaluate("frappe.set_route('List', 'ToDo')"),
		lambda: page.go_back(),
	]
	text_box(page).fill("Half an ans")
	steps = page.evaluate("history.length")
	for leave in ways_out:
		leave()
		stay(page)
		assert page.evaluate("history.length") == steps, "The way back got longer."
		expect(page).to_have_url(re.compile(second))
		expect(text_box(page)).to_have_value("Half an ans")
	text_box(page).press("Escape")
	page.keyboard.press("Escape")
	stay(page)
	expect(page.get_by_role("log")).to_be_focused()
	row(page, "Customer 000").locator("a").click()
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Keep the draft and leave").click()
	expect_open(page, "Customer 000")
	expect(page).to_have_url(re.compile(first))
	wait_for_no_dialog(page)
	page.keyboard.press("k")
	expect_open(page, "Customer 001")
	expect(text_box(page)).to_have_value("Half an ans")
	page.keyboard.press("j")  # nothing was typed this time: there is nothing to ask
	expect_open(page, "Customer 000")
	page.go_back()
	expect(page.locator(".page-title:visible")).to_contain_text("To Do")


def stay(page: Page) -> None:
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Stay").click()
	wait_for_no_dialog(page)


def test_closing_the_tab_asks_only_with_an_unsent_message(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	asked: list[str] = []

	def leave(question: Dialog) -> None:
		asked.append(question.type)
		question.accept()

	page = open_conversation(served_site, open_page)
	page.on("dialog", leave)
	page.reload()
	expect_open(page, "Naree Phan")
	assert asked == []
	text_box(page).press_sequentially("Half")
	page.reload()
	expect(text_box(page)).to_have_value("Half")
	assert asked == ["beforeunload"]


def test_files_go_with_the_mail(
	served_site: ServedSite, open_page: OpenPage, mail_server: MailServer, tmp_path: Path
) -> None:
	page = open_conversation(served_site, open_page)
	for name in ("Offer #1.txt", "Wrong file.txt"):
		attach(page, tmp_path, name, "Twelve dollars")
	page.get_by_role("button", name="Remove Wrong file.txt").click()
	chips = page.locator(".inbox-reply .inbox-attachments li")
	expect(chips).to_have_count(1)
	text_box(page).fill("Our offer is attached.")
	send(page)
	delivery(messages(page).last, "Sent")
	expect(chips).to_have_count(0)
	(mail,) = mail_server.mails
	assert [part.get_filename() for part in mail.message.iter_attachments()] == ["Offer #1.txt"]
	link = messages(page).last.get_by_role("link", name="Offer #1.txt")
	answer = page.evaluate("url => fetch(url).then((answer) => answer.text())", link.get_attribute("href"))
	assert answer == "Twelve dollars"


def attach(page: Page, folder: Path, name: str, text: str) -> None:
	(folder / name).write_text(text)
	page.get_by_role("button", name="Attach files").click()
	wait_for_dialog(page)
	dialog(page).locator("input[type=file]").set_input_files(folder / name)
	expect(dialog(page)).to_contain_text(name)
	dialog(page).get_by_role("button", name="Upload").click()
	wait_for_no_dialog(page)


def test_file_that_is_too_large_is_refused(
	served_site: ServedSite, open_page: OpenPage, tmp_path: Path
) -> None:
	page = open_conversation(served_site, open_page)
	(tmp_path / "Film.txt").write_bytes(b"x" * (26 * 1024 * 1024))
	page.get_by_role("button", name="Attach files").click()
	wait_for_dialog(page)
	dialog(page).locator("input[type=file]").set_input_files(tmp_path / "Film.txt")
	expect(page.locator("#alert-container")).to_contain_text("exceeds 25 MB")
	dialog(page).locator(".btn-modal-close").click()
	expect(page.locator(".inbox-reply .inbox-attachments li")).to_have_count(0)


def test_colleague_is_mentioned_by_keyboard(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_conversation(served_site, open_page)
	medium(page, "Note").click()
	text_box(page).press_sequentially("Ask @")
	names = page.get_by_role("listbox", name="Colleagues")
	options = names.get_by_role("option")
	expect(options.first).to_have_attribute("aria-selected", "true")
	page.keyboard.press("ArrowDown")
	expect(options.nth(1)).to_have_attribute("aria-selected", "true")
	expect(text_box(page)).to_have_attribute(
		"aria-activedescendant", options.nth(1).get_attribute("id") or ""
	)
	page.keyboard.press("Escape")
	expect(names).to_have_count(0)
	expect(text_box(page)).to_be_focused()
	page.keyboard.type("mos")
	expect(options).to_have_count(1)
	page.keyboard.press("Enter")
	expect(text_box(page)).to_have_value("Ask @Sara Moss ")
	page.keyboard.type("about the gate")
	page.get_by_role("button", name="Add Note").click()
	expect(page.locator("article.is-note")).to_contain_text("Ask @Sara Moss about the gate")


def test_held_mail_is_accepted_into_the_conversation(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_conversation(served_site, open_page)
	served_site.run(staging.write_to_relay, "husband@family.example", "Friday is better.")
	held = page.get_by_role("region", name="Held mail")
	expect(held).to_contain_text("husband@family.example")
	expect(held).to_contain_text("Friday is better.")
	expect(messages(page)).to_have_count(1)
	held.get_by_role("button", name="Accept once").click()
	expect(messages(page).last).to_contain_text("Friday is better.")
	expect(held).to_have_count(0)


def test_held_mail_that_is_refused_stays_outside(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_conversation(served_site, open_page)
	served_site.run(staging.write_to_relay, "stranger@elsewhere.example", "Click here.")
	held = page.get_by_role("region", name="Held mail")
	held.get_by_role("button", name="Refuse").click()
	expect(held).to_have_count(0)
	expect(messages(page)).to_have_count(1)


def test_composer_on_a_narrow_screen(
	served_site: ServedSite, open_page: OpenPage, gateway: SmsGateway
) -> None:
	page = open_conversation(served_site, open_page, **NARROW)
	for name in ("SMS", "Note", "E-mail"):
		medium(page, name).tap()
		text_box(page).fill("A long text for the customer. " * 20)
		expect_no_sideways_scrolling(page)
	expect(page.get_by_role("button", name="Send later")).to_be_in_viewport()
	expect(page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport()
