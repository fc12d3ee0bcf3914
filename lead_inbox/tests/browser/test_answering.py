"""The whole way of a lead that is answered: by HTTP in, by mail out and back, declined, restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	PATH,
	WIDE,
	dialog,
	field,
	messages,
	open_row,
	row,
	rows,
	tab,
	text_box,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_live,
	wait_until_loaded,
)
from lead_inbox.tests.browser.partner import answer_to, deliver
from lead_inbox.tests.doubles.smtp import MailServer, ReceivedMail
from tools.live import ServedSite

NAREE = "naree@customer.example"


def test_lead_is_answered_declined_and_restored(
	served_site: ServedSite,
	open_page: OpenPage,
	mail_server: MailServer,
	screenshot: Callable[[Page, str], Path],
) -> None:
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	wait_until_live(served_site, page)
	page.evaluate("window.not_reloaded = true")

	deliver(served_site, name="Naree Phan", email=NAREE, message="Can someone come before Friday?")
	expect(row(page, "Naree Phan")).to_be_visible()
	open_row(page, "Naree Phan")
	text_box(page).fill("Thursday at nine?")
	page.get_by_role("button", name="Send", exact=True).click()
	expect(messages(page).last.locator(".inbox-delivery")).to_have_text("Sent")
	(mail,) = mail_server.mails
	expect_from_the_company(mail)
	assert "Thursday at nine?" in mail.text

	served_site.run(staging.receive, answer_to(mail.message, f"Naree Phan <{NAREE}>", "Thursday suits me."))
	expect(messages(page)).to_have_count(3)
	expect(messages(page).last).to_contain_text("Thursday suits me.")
	expect(messages(page).last).to_contain_text("Naree Phan")
	expect(messages(page).last).not_to_contain_text("> Thursday at nine?")
	messages(page).last.get_by_role("button", name="Show all").click()
	expect(messages(page).last).to_contain_text("> Thursday at nine?")
	expect(page.locator("[data-inbox-status]")).to_have_text("Active")
	screenshot(page, "answering-conversation")

	decline(page, screenshot)
	expect(page.locator("[data-inbox-status]")).to_have_text("Declined")
	expect(messages(page).last).to_contain_text("Sorry, we are full this week.")
	expect(messages(page).last.locator(".inbox-delivery")).to_have_text("Sent")
	expect_from_the_company(mail_server.mails[-1])
	assert "Sorry, we are full this week." in mail_server.mails[-1].text
	tab(page, "Declined").click()
	expect(row(page, "Naree Phan")).to_be_visible()
	screenshot(page, "answering-declined")

	page.locator("[data-action=restore]").click()
	wait_for_dialog(page)
	dialog(page).get_by_role("button", name="Restore", exact=True).click()
	wait_for_no_dialog(page)
	expect(page.locator("[data-inbox-status]")).to_have_text("Active")
	expect(rows(page)).to_have_count(0)
	assert len(mail_server.mails) == 2, "The customer is told of a restore only if the user says so."
	assert page.evaluate("window.not_reloaded")


def expect_from_the_company(mail: ReceivedMail) -> None:
	"""The customer sees the company's address and the lead's own, not that of who answers (RE-3)."""
	assert mail.recipients == [NAREE]
	assert "inbox@company.example" in mail.message["From"]
	assert mail.message["Reply-To"].startswith("inbox+")
	assert staging.JUN not in mail.raw.decode()


def decline(page: Page, screenshot: Callable[[Page, str], Path]) -> None:
	page.locator("[data-action=decline]").click()
	wait_for_dialog(page)
	field(page, "reason").select_option(index=1)
	dialog(page).locator("[data-fieldname=message] textarea").fill("Sorry, we are full this week.")
	screenshot(page, "answering-decline")
	dialog(page).get_by_role("button", name="Decline", exact=True).click()
	wait_for_no_dialog(page)
