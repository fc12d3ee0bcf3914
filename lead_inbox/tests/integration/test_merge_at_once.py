"""Merging while others do the same, or while the customer writes: requirement IN-3 with real transactions."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import frappe
import pytest

from lead_inbox.inbox import events, intake
from lead_inbox.inbox.merging import merging
from lead_inbox.tests.integration.builders import (
	arrive,
	delete_channels,
	make_channel,
	somebody_waits_for_a_lead,
	state_of,
)
from tools.services import wait_until

WORKERS = 6


@pytest.fixture
def site_at_work(live_site):
	live_site.run(make_channel)
	yield live_site
	live_site.run(delete_channels, "Partner")


def first_message(thread: str, phone: str) -> str:
	return arrive(thread_id=thread, name="Naree Phan", phone=phone, message="Hi")


def store_message() -> str:
	return events.store("Partner", "evt_1", frappe.as_json({"thread_id": "t-2", "message": "More"})).name


def merge_and_wait(winner: str, loser: str, merged: Event, seen: Event) -> None:
	merging.merge(winner, loser)
	merged.set()
	seen.wait(60)


def merges() -> int:
	return frappe.db.count("Lead Merge")


def what_is_left(*leads: str) -> list[tuple[str, int]]:
	"""State and number of messages of each."""
	return [(state_of(lead)[0], frappe.db.count("Lead Message", {"lead": lead})) for lead in leads]


def outcome(site: Any, winner: str, loser: str) -> str:
	"""`merged`, or the kind of error; two that wait for each other may be told so by the database."""
	try:
		site.run(merging.merge, winner, loser)
	except (merging.MergeRefused, frappe.QueryDeadlockError) as error:
		return type(error).__name__
	return "merged"


def test_of_many_merges_of_one_pair_at_once_one_happens(site_at_work):
	one = site_at_work.run(first_message, "t-1", "+14155550123")
	other = site_at_work.run(first_message, "t-2", "+14155550124")
	pairs = [(one, other), (other, one)] * (WORKERS // 2)
	with ThreadPoolExecutor(WORKERS) as threads:
		outcomes = list(threads.map(lambda pair: outcome(site_at_work, *pair), pairs))

	assert outcomes.count("merged") == 1
	assert sorted(site_at_work.run(what_is_left, one, other)) == [("Closed", 0), ("New", 2)]
	assert site_at_work.run(merges) == 1


def test_what_arrives_for_the_loser_during_the_merge_is_the_winner_s(site_at_work):
	"""The customer writes in the moment when the merge is done but not yet committed."""
	winner = site_at_work.run(first_message, "t-1", "+14155550123")
	loser = site_at_work.run(first_message, "t-2", "+14155550124")
	event = site_at_work.run(store_message)
	merged, seen = Event(), Event()
	with ThreadPoolExecutor(2) as threads:
		merge = threads.submit(site_at_work.run, merge_and_wait, winner, loser, merged, seen)
		assert merged.wait(60)
		arrival = threads.submit(site_at_work.run, intake.process, event)
		waits = wait_until(lambda: site_at_work.run(somebody_waits_for_a_lead), 30)
		seen.set()
	assert waits and merge.exception() is None and arrival.exception() is None

	assert site_at_work.run(what_is_left, winner, loser) == [("New", 3), ("Closed", 0)]
