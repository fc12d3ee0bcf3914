"""What a sales person does with a lead apart from writing: calls, decisions, merges, disputes."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from lead_inbox.tests.browser import staging, staging_acting
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	PATH,
	WIDE,
	dialog,
	expect_open,
	field,
	messages,
	row,
	rows,
	tab,
	wait_for_dialog,
	wait_for_no_dialog,
	wait_until_loaded,
)
from lead_inbox.tests.integration.builders import state_of
from tools.live import ServedSite

BUSINESS, MOBILE = "+14155550123", "+14155550199"
MAIL = "naree@customer.example"


def open_lead(open_page: OpenPage, name: str, title: str = "Naree Phan") -> Page:
	"""The page with a lead open, its telephone replaced: `dialed` tells what it was given."""
	page = open_page(f"{PATH}/{name}", **AS_JUN, **WIDE)
	page.evaluate("window.open = (address) => (window.dialed = address)")
	expect_open(page, title)
	return page


def dialed(page: Page) -> str | None:
	return page.evaluate("window.dialed ?? null")


def press(page: Page, key: str) -> Locator:
	"""Press a key that asks something, and return the dialog."""
	page.keyboard.press(key)
	wait_for_dialog(page)
	return dialog(page)


def answer(page: Page, button: str) -> None:
	"""Choose a button of the open dialog."""
	dialog(page).get_by_role("button", name=button, exact=True).click()


def side(page: Page) -> Locator:
	return page.locator(".inbox-side")


def head_status(page: Page) -> Locator:
	return page.locator("[data-inbox-status]")


# Calls


def test_call_is_dialed_and_its_outcome_kept(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	page = open_lead(open_page, name)
	asked = press(page, "c")
	expect(asked).to_contain_text("Calling Naree Phan")
	expect(asked).to_contain_text(BUSINESS)
	assert dialed(page) == f"tel:{BUSINESS}"
	expect(asked.get_by_role("timer")).to_have_text("0:01")
	asked.get_by_label("Note").fill("Comes on Friday & pays cash")
	asked.get_by_label("Duration").fill("2:14")
	answer(page, "Answered")
	expect(messages(page).last).to_contain_text("2:14")
	expect(messages(page).last).to_contain_text("Comes on Friday & pays cash")
	expect(head_status(page)).to_have_text("Active")
	assert served_site.run(staging_acting.calls_of, name) == [
		("Answered", BUSINESS, 134, "Comes on Friday &amp; pays cash")
	]


def test_clock_tells_the_duration_unless_the_user_does(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	page = open_lead(open_page, name)
	asked = press(page, "c")
	expect(asked.get_by_label("Duration")).to_have_value("0:02")
	asked.get_by_label("Duration").fill("soon")
	answer(page, "Answered")
	expect(page.locator("#alert-container")).to_contain_text("minutes:seconds")
	asked.get_by_label("Duration").fill("3")
	answer(page, "Answered")
	wait_for_no_dialog(page)
	expect(messages(page).last).to_contain_text("3:00")


def test_closed_call_stays_in_progress_until_logged(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	page = open_lead(open_page, name)
	press(page, "c")
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	expect(head_status(page)).to_have_text("New")
	assert served_site.run(staging_acting.calls_of, name)[0][0] == "In Progress"
	messages(page).last.get_by_role("button", name="Log the outcome").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Call to Naree Phan")
	expect(dialog(page).get_by_role("timer")).to_have_text("")
	answer(page, "No answer")
	wait_for_no_dialog(page)
	expect(messages(page).last.get_by_role("button", name="Log the outcome")).to_have_count(0)
	expect(head_status(page)).to_have_text("New")
	assert served_site.run(staging_acting.calls_of, name) == [("Missed", BUSINESS, 0, "")]


def test_unwanted_call_is_warned_of_first(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	served_site.run(staging_acting.refuse, name, "Call")
	page = open_lead(open_page, name)
	expect(press(page, "c")).to_contain_text("does not want to be called")
	answer(page, "Cancel")
	wait_for_no_dialog(page)
	assert (dialed(page), served_site.run(staging_acting.calls_of, name)) == (None, [])
	press(page, "c")
	answer(page, "Call anyway")
	expect(dialog(page).filter(has_text="Calling Naree Phan")).to_be_visible()
	assert dialed(page) == f"tel:{BUSINESS}"


def test_number_is_chosen_or_typed(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	served_site.run(staging_acting.set_lead, name, {"mobile_no": MOBILE})
	page = open_lead(open_page, name)
	choose = page.get_by_role("button", name="choose a number")
	choose.click()
	page.get_by_role("menuitem", name=MOBILE).click()
	wait_for_dialog(page)
	assert dialed(page) == f"tel:{MOBILE}"
	page.keyboard.press("Escape")
	wait_for_no_dialog(page)
	choose.click()
	page.get_by_role("menuitem", name="Another number").click()
	wait_for_dialog(page)
	dialog(page).get_by_label("Number").fill("+1 212 555 0142")
	dialog(page).get_by_label("Number").press("Enter")
	expect(dialog(page)).to_contain_text("Calling Naree Phan")
	assert dialed(page) == "tel:+12125550142"


def test_lead_without_number_gets_the_pad(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead)
	page = open_lead(open_page, name)
	asked = press(page, "c")
	asked.get_by_label("Number").fill("call me")
	answer(page, "Call")
	expect(dialog(page)).to_contain_text("no phone number that can be called")
	assert (dialed(page), served_site.run(staging_acting.calls_of, name)) == (None, [])


def test_hidden_number_is_not_dialed_and_the_page_says_why(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS))
	served_site.run(staging_acting.hide_numbers)
	try:
		page = open_lead(open_page, name)
		expect(side(page)).to_contain_text("•••23")
		expect(page.locator(".lead-inbox")).not_to_contain_text(BUSINESS)
		expect(press(page, "c")).to_contain_text("You may not see the numbers of customers")
		assert (dialed(page), served_site.run(staging_acting.calls_of, name)) == (None, [])
	finally:
		served_site.run(staging_acting.show_numbers)


def test_missed_call_asks_to_call_back_until_done(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging_acting.missed_call(phone=BUSINESS))
	page = open_lead(open_page, name)
	expect(row(page, "Naree Phan")).to_contain_text("To call back")
	bar = page.locator(".inbox-notice-bar")
	expect(bar).to_contain_text("To call back since Today")
	bar.get_by_role("button", name="Done").click()
	expect(bar).to_have_count(0)
	expect(row(page, "Naree Phan")).not_to_contain_text("To call back")


# Decisions


def test_declined_with_a_message_and_restored(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email=MAIL))
	page = open_lead(open_page, name)
	asked = press(page, "d")
	expect(asked).to_contain_text(f"told by e-mail to {MAIL}")
	field(page, "reason").select_option("Fully Booked")
	expect(asked.get_by_label("Message to the customer")).to_have_value(re.compile("fully booked"))
	field(page, "reason").select_option("Not in Our Area")
	text = asked.get_by_label("Message to the customer")
	expect(text).to_have_value(re.compile("work in your area"))
	text.fill("We only work in Oakland.")
	field(page, "reason").select_option("Service Not Offered")
	expect(text).to_have_value("We only work in Oakland.")
	answer(page, "Decline")
	expect(head_status(page)).to_have_text("Declined")
	expect(messages(page).last).to_contain_text("We only work in Oakland.")
	expect(rows(page)).to_have_count(0)
	assert served_site.run(state_of, name) == ("Declined", "Service Not Offered")
	assert served_site.run(staging_acting.sent_to, name) == ["We only work in Oakland."]
	page.keyboard.press("d")
	page.keyboard.press("u")
	expect(page.locator(".modal.show")).to_have_count(0)
	page.get_by_role("button", name="Restore").click()
	wait_for_dialog(page)
	expect(dialog(page).get_by_label("Message to the customer")).to_be_hidden()
	answer(page, "Restore")
	expect(head_status(page)).to_have_text("New")
	expect(page.locator("[data-action=decline]")).to_be_visible()
	assert len(served_site.run(staging_acting.sent_to, name)) == 1


def test_restored_lead_may_be_told(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email=MAIL))
	served_site.run(staging_acting.decline, name)
	page = open_lead(open_page, name)
	page.get_by_role("button", name="Restore").click()
	wait_for_dialog(page)
	dialog(page).get_by_label("Tell the customer").check()
	dialog(page).get_by_label("Message to the customer").fill("We can come after all.")
	answer(page, "Restore")
	expect(messages(page).last).to_contain_text("We can come after all.")
	expect(head_status(page)).to_have_text("Active")


def test_silent_reason_tells_nobody(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email=MAIL))
	page = open_lead(open_page, name)
	asked = press(page, "d")
	field(page, "reason").select_option("Spam")
	expect(asked).to_contain_text("the customer is not told")
	answer(page, "Decline")
	expect(head_status(page)).to_have_text("Declined")
	assert served_site.run(staging_acting.sent_to, name) == []


def test_unreachable_customer_is_named_before_and_after(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead)
	page = open_lead(open_page, name)
	asked = press(page, "d")
	expect(asked).to_contain_text("cannot be told: The lead has no e-mail address.")
	field(page, "reason").select_option("Fully Booked")
	answer(page, "Decline")
	told = dialog(page).filter(has_text="the customer was not told")
	expect(told).to_contain_text("Naree Phan: The lead has no e-mail address.")
	assert served_site.run(state_of, name)[0] == "Declined"


def test_selected_leads_are_declined_together(served_site: ServedSite, open_page: OpenPage) -> None:
	names = served_site.run(staging.leads, 3)
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.keyboard.press("j")
	page.keyboard.press("x")
	page.keyboard.press("j")
	page.keyboard.press("x")
	expect(page.get_by_role("toolbar", name="Selected leads")).to_contain_text("2 selected")
	expect(press(page, "d")).to_contain_text("Decline 2 leads")
	field(page, "reason").select_option("Fully Booked")
	answer(page, "Decline")
	expect(page.locator("#alert-container")).to_contain_text("Declined: 2 leads")
	expect(rows(page)).to_have_count(1)
	tab(page, "Declined").click()
	expect(rows(page)).to_have_count(2)
	assert [served_site.run(state_of, name)[0] for name in names] == ["New", "Declined", "Declined"]


def test_bulk_bar_declines_too(served_site: ServedSite, open_page: OpenPage) -> None:
	served_site.run(staging.leads, 2)
	page = open_page(PATH, **AS_JUN, **WIDE)
	row(page, "Customer 001").locator(".lead-row-select").click()
	page.get_by_role("toolbar", name="Selected leads").get_by_role("button", name="Decline").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("Decline Customer 001")


def test_refused_contact_is_noted_and_taken_back(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(phone=BUSINESS, email=MAIL))
	page = open_lead(open_page, name)
	calls = side(page).locator("[data-medium=Call]")
	expect(calls).to_have_attribute("aria-pressed", "true")
	calls.press("Enter")
	expect(calls).to_have_attribute("aria-pressed", "false")
	expect(calls).to_have_attribute("title", "The customer does not want to be called.")
	expect(side(page).locator("[data-medium=Email]")).to_have_attribute("aria-pressed", "true")
	assert served_site.run(staging_acting.refuses, name, "Call")
	calls.click()
	wait_for_dialog(page)
	answer(page, "Cancel")
	wait_for_no_dialog(page)
	assert served_site.run(staging_acting.refuses, name, "Call")
	calls.click()
	wait_for_dialog(page)
	answer(page, "Allow")
	expect(calls).to_have_attribute("aria-pressed", "true")
	assert not served_site.run(staging_acting.refuses, name, "Call")


def test_bounced_address_is_marked_and_not_clicked_away(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email=MAIL))
	served_site.run(staging_acting.set_lead, name, {"inbox_bounced_email": MAIL})
	page = open_lead(open_page, name)
	expect(side(page)).to_contain_text("Mail bounced")
	mail = side(page).locator("[data-medium=Email]")
	expect(mail).to_have_attribute("aria-disabled", "true")
	expect(mail).to_have_attribute("title", re.compile("correct the lead's address"))


# Leads of one person


def test_two_leads_are_merged_and_taken_apart(served_site: ServedSite, open_page: OpenPage) -> None:
	loser = served_site.run(lambda: staging.lead("My old request", name="N. Phan", email=MAIL))
	winner = served_site.run(lambda: staging.lead("My new request", phone=BUSINESS))
	served_site.run(staging_acting.set_lead, loser, {"phone": BUSINESS, "inbox_phone_e164": BUSINESS})
	page = open_lead(open_page, winner)
	same = side(page).locator("section", has_text="Possibly the same person")
	expect(same).to_contain_text("Same phone number")
	same.get_by_role("button", name="Merge with N. Phan").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("move to the one you keep")
	answer(page, "Merge")
	expect(page.locator(".inbox-log")).to_contain_text("My old request")
	expect(row(page, "N. Phan")).to_have_count(0)
	assert served_site.run(staging_acting.merged_into, loser) == winner
	merged = side(page).locator("section", has_text="Merged into this lead")
	merged.get_by_role("link", name="N. Phan").click()
	expect(page.locator(".inbox-notice-bar")).to_contain_text("Merged into: Naree Phan")
	page.locator(".inbox-notice-bar").get_by_role("link", name="Naree Phan").click()
	expect_open(page, "Naree Phan")
	merged.get_by_role("button", name="Take the merge of N. Phan back").click()
	wait_for_dialog(page)
	answer(page, "Take back")
	expect(page.locator(".inbox-log")).not_to_contain_text("My old request")
	expect(merged).to_have_count(0)
	assert served_site.run(staging_acting.merged_into, loser) is None


def test_any_other_lead_can_be_kept_instead(served_site: ServedSite, open_page: OpenPage) -> None:
	other = served_site.run(
		lambda: staging.lead("The office is cold", name="Delta Mills", email="it@delta.example")
	)
	opened = served_site.run(staging.lead)
	page = open_lead(open_page, opened)
	page.get_by_role("button", name="More actions").click()
	page.locator("[data-action=merge]").click()
	wait_for_dialog(page)
	chooser = dialog(page).get_by_label("Lead of the same person")
	chooser.fill(other)
	page.get_by_role("option").filter(has_text="Delta Mills").click()
	answer(page, "Next")
	field(page, "winner").select_option(other)
	answer(page, "Merge")
	expect_open(page, "Delta Mills")
	page.wait_for_url(f"**{PATH}/{other}")
	assert served_site.run(staging_acting.merged_into, opened) == other


def test_form_of_a_merged_lead_points_to_the_other(served_site: ServedSite, open_page: OpenPage) -> None:
	winner, loser = (served_site.run(staging.lead), served_site.run(lambda: staging.lead(name="N. Phan")))
	served_site.run(staging_acting.merge, winner, loser)
	page = open_page(f"/app/lead/{loser}", **AS_JUN, **WIDE)
	headline = page.locator(".form-message:visible")
	expect(headline).to_contain_text("was merged into")
	headline.get_by_role("link", name=winner).click()
	page.wait_for_url(f"**/lead/{winner}")


# Charges


def test_charged_lead_is_disputed(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(price=38, currency="USD"))
	served_site.run(staging_acting.set_lead, name, {"inbox_charged": 1})
	page = open_lead(open_page, name)
	charge = side(page).locator("section", has_text="Charge")
	expect(charge).to_contain_text("$ 38.00 · charged")
	charge.get_by_role("button", name="Feedback or dispute").click()
	wait_for_dialog(page)
	expect(field(page, "reason")).to_be_hidden()
	field(page, "kind").select_option("Dispute")
	expect(field(page, "satisfaction")).to_be_hidden()
	field(page, "reason").select_option("Other")
	comment = dialog(page).locator(".frappe-control[data-fieldname=comment]")
	expect(comment.locator(".control-label")).to_have_class(re.compile("reqd"))
	comment.get_by_label("Comment").fill("A wrong number")
	answer(page, "File")
	expect(charge).to_contain_text("Dispute: Other")
	expect(charge).to_contain_text("Filed")
	assert served_site.run(staging_acting.disputes_of, name) == [("Dispute", "Other", "A wrong number")]
	charge.get_by_role("button", name="Feedback or dispute").click()
	wait_for_dialog(page)
	expect(dialog(page)).to_contain_text("open already")
	expect(field(page, "kind").locator("option")).to_have_text(["Feedback"])
	field(page, "satisfaction").select_option("Satisfied")
	field(page, "reason").select_option("Booked Customer")
	answer(page, "File")
	expect(charge).to_contain_text("Feedback: Booked Customer")


# The page


def test_help_lists_the_keys_of_calls_and_declines(open_page: OpenPage) -> None:
	page = open_page(PATH, **AS_JUN, **WIDE)
	wait_until_loaded(page)
	page.keyboard.press("Shift+Slash")
	wait_for_dialog(page)
	for words in ("Call", "Decline"):
		expect(dialog(page).get_by_text(words, exact=True)).to_be_visible()


def test_head_tells_how_the_team_answers(served_site: ServedSite, open_page: OpenPage) -> None:
	first, _second = served_site.run(staging.leads, 2)
	served_site.run(staging.answer, first, "Yes, we do.")
	page = open_page(PATH, **AS_JUN, **WIDE)
	expect(page.locator(".inbox-response")).to_have_text(
		re.compile(r"First response .*min median.*100 % answered.*90 days")
	)
