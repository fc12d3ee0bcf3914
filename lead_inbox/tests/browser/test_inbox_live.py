"""What others do is seen in the open page without a reload."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Page, Request, expect

from lead_inbox.tests.browser import staging
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import (
	AS_JUN,
	AS_SARA,
	PATH,
	WIDE,
	messages,
	open_row,
	row,
	rows,
	tab,
	wait_until_live,
	wait_until_loaded,
)
from lead_inbox.tests.browser.partner import deliver
from tools.live import ServedSite

SEEN_WITHIN_SECONDS = 2


def open_live(served_site: ServedSite, open_page: OpenPage, **options: Any) -> Page:
	page = open_page(PATH, **WIDE, **options)
	wait_until_loaded(page)
	wait_until_live(served_site, page)
	return page


def test_arrival_is_seen_within_two_seconds(served_site: ServedSite, open_page: OpenPage) -> None:
	page = open_live(served_site, open_page, **AS_JUN)
	page.evaluate("window.not_reloaded = true")
	deliver(served_site, name="Warm Up", message="The worker has loaded its modules after this.")
	expect(row(page, "Warm Up")).to_be_visible()
	sent_at = time.monotonic()
	deliver(served_site, name="Maria Lopez", message="The water heater has stopped.")
	expect(row(page, "Maria Lopez")).to_be_visible()
	assert time.monotonic() - sent_at < SEEN_WITHIN_SECONDS
	expect(row(page, "Maria Lopez")).to_have_class(re.compile("is-unread"))
	expect(rows(page).first).to_contain_text("Maria Lopez")
	expect(tab(page, "New")).to_contain_text("2")
	assert page.evaluate("window.not_reloaded")


def test_message_appears_in_the_open_conversation(served_site: ServedSite, open_page: OpenPage) -> None:
	customer = {"name": "Maria Lopez", "thread_id": "thread of Maria"}
	served_site.run(lambda: staging.lead("First", **customer))
	page = open_live(served_site, open_page, **AS_JUN)
	open_row(page, "Maria Lopez")
	deliver(served_site, message="Second", **customer)
	expect(messages(page)).to_have_count(2)
	expect(messages(page).last).to_contain_text("Second")
	expect(messages(page).last).to_be_in_viewport()
	expect(row(page, "Maria Lopez")).to_contain_text("Second")
	expect(row(page, "Maria Lopez")).not_to_have_class(re.compile("is-unread"))


def test_message_below_what_is_read_is_announced(served_site: ServedSite, open_page: OpenPage) -> None:
	customer = {"name": "Maria Lopez", "thread_id": "thread of Maria"}
	name = served_site.run(lambda: staging.lead("First", **customer))
	served_site.run(staging.talk, name, 40)
	page = open_live(served_site, open_page, **AS_JUN)
	open_row(page, "Maria Lopez")
	page.get_by_role("log").evaluate("log => log.scrollTo(0, 0)")
	deliver(served_site, message="Last", **customer)
	news = page.get_by_role("button", name="New message below")
	expect(news).to_be_visible()
	expect(messages(page).last).not_to_be_in_viewport()
	news.click()
	expect(messages(page).last).to_be_in_viewport()
	expect(news).to_have_count(0)


def test_reply_of_a_colleague_moves_the_lead(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(lambda: staging.lead(email="naree@customer.example"))
	page = open_live(served_site, open_page, **AS_SARA)
	expect(row(page, "Naree Phan")).to_be_visible()
	served_site.run(staging.answer, name, "We do.")
	expect(rows(page)).to_have_count(0)
	expect(tab(page, "Active")).to_contain_text("1")
	tab(page, "Active").click()
	expect(row(page, "Naree Phan")).to_contain_text("We do.")


def test_delivery_is_asked_for_when_its_event_was_missed(
	served_site: ServedSite, open_page: OpenPage
) -> None:
	"""Frappe lets a page hear of changes some time after it has loaded, and tells it nothing of those before."""
	lead = served_site.run(lambda: staging.lead(email="naree@customer.example"))
	message = served_site.run(staging.reply_on_its_way, lead)
	page = open_page(f"{PATH}/{lead}", **AS_JUN, **WIDE)
	expect(page.locator(".inbox-delivery")).to_have_text("Queued")
	served_site.run(staging.become_sent, message)
	expect(page.locator(".inbox-delivery")).to_have_text("Sent")


def test_burst_of_changes_makes_few_requests(served_site: ServedSite, open_page: OpenPage) -> None:
	"""A thousand events. All have been handled when a change made after them is seen."""
	names = served_site.run(staging.leads, 30)
	page = open_live(served_site, open_page, **AS_JUN)
	asked: list[str] = []
	page.on("request", lambda request: asked.append(request.url) if is_question(request) else None)
	served_site.run(staging.tell_of_changes, names * 34, "New")
	deliver(served_site, name="After The Burst", message="Here I am")
	expect(row(page, "After The Burst")).to_be_visible()
	assert 0 < len(asked) < 15, f"{len(asked)} requests"


def is_question(request: Request) -> bool:
	return "lead_inbox.api.desk." in request.url


def test_others_who_have_the_lead_open_are_shown(served_site: ServedSite, open_page: OpenPage) -> None:
	name = served_site.run(staging.lead)
	jun = open_live(served_site, open_page, **AS_JUN)
	open_row(jun, "Naree Phan")
	expect(jun.get_by_title("Sara Moss has this lead open too")).to_have_count(0)
	sara = open_page(f"{PATH}/{name}", **AS_SARA, **WIDE)
	expect(jun.get_by_title("Sara Moss has this lead open too")).to_be_visible()
	expect(sara.get_by_title("Jun Kim has this lead open too")).to_be_visible()
	sara.evaluate("frappe.set_route('List', 'ToDo')")
	expect(jun.get_by_title("Sara Moss has this lead open too")).to_have_count(0)


def test_live_again_after_another_page_was_shown(served_site: ServedSite, open_page: OpenPage) -> None:
	"""Frappe's own list of leads ends the page's subscription some seconds after it was left."""
	served_site.run(staging.lead)
	page = open_live(served_site, open_page, **AS_JUN)
	page.evaluate("frappe.set_route('List', 'Lead')")
	expect(page.locator(".page-title:visible")).to_contain_text("Lead")
	deliver(served_site, name="While Away", message="Nobody looks")
	page.go_back()
	expect(row(page, "While Away")).to_be_visible()
	page.wait_for_function("!cur_list.realtime_events_setup")
	deliver(served_site, name="Back Again", message="Somebody looks")
	expect(row(page, "Back Again")).to_be_visible()
