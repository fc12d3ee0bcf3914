"""Nothing lost, nothing twice, under load and under failure: requirements IN-2 and QU-2."""

import json
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest

from lead_inbox.tests.integration.builders import (
	delete_channels,
	make_channel,
	signed_headers,
	wait_until_processed,
)
from tools.services import wait_until

HOOK = "/api/method/lead_inbox.api.v1.webhook.receive/Partner"
WORKERS = 8


@pytest.fixture
def partners(live_site):
	live_site.run(make_channel)
	yield live_site
	wait_until_processed(live_site)
	live_site.run(delete_channels, "Partner")


def send(partners, event_id: str, **payload) -> int:
	body = json.dumps({"type": "message", "message": "Hello", **payload}).encode()
	return partners.request("POST", HOOK, body=body, headers=signed_headers(body, event_id)).status


def counts(partners) -> dict[str, int]:
	return {
		doctype: partners.run(frappe.db.count, doctype)
		for doctype in ("Lead", "Contact", "Lead Message", "Lead Event")
	}


def waiting(partners) -> int:
	return partners.run(frappe.db.count, "Lead Event", {"status": ["!=", "Processed"]})


def sweep() -> None:
	from lead_inbox import tasks

	tasks._process_due(600)


def test_one_event_delivered_200_times_by_8_threads_is_one_lead(partners):
	contacts_before = counts(partners)["Contact"]
	with ThreadPoolExecutor(WORKERS) as threads:
		statuses = list(
			threads.map(
				lambda _turn: send(
					partners, "evt_1", name="Naree Phan", phone="+14155550123", email="n@example.com"
				),
				range(200),
			)
		)

	assert sorted(set(statuses)) == [200, 202] and statuses.count(202) == 1
	assert wait_until(lambda: waiting(partners) == 0, 60)
	found = counts(partners)
	assert (found["Lead"], found["Lead Message"], found["Contact"] - contacts_before) == (1, 1, 1)


def test_one_person_s_50_first_messages_at_once_are_one_lead(partners):
	"""Different events, one phone: no row exists yet that could be locked."""
	with ThreadPoolExecutor(WORKERS) as threads:
		statuses = set(
			threads.map(
				lambda turn: send(partners, f"evt_{turn}", name="Naree", phone="+14155550123"), range(50)
			)
		)
		assert statuses == {202}
		sweeps = [threads.submit(partners.run, sweep) for _worker in range(4)]
	assert all(job.exception() is None for job in sweeps)

	assert wait_until(lambda: waiting(partners) == 0, 60)
	found = counts(partners)
	assert (found["Lead"], found["Lead Message"]) == (1, 50)


def test_1000_events_survive_a_killed_worker_and_a_redis_that_is_away(partners):
	"""The worker dies by SIGKILL in the middle of processing, the queue's Redis while events arrive."""

	def deliver(turn: int) -> int:
		return send(partners, f"evt_{turn}", name=f"Lead {turn}", phone=f"+1415{5550000 + turn}")

	with ThreadPoolExecutor(WORKERS) as threads:
		assert set(threads.map(deliver, range(300))) == {202}
		assert wait_until(lambda: counts(partners)["Lead"] >= 5, 60)
		partners.worker.kill()
		partners.redis_queue.kill()
		processed_when_killed = counts(partners)["Lead"]
		assert set(threads.map(deliver, range(300, 1000))) == {202}
	assert processed_when_killed < 300, "the worker was killed too late to prove anything"
	assert counts(partners)["Lead Event"] == 1000

	partners.redis_queue.start()
	partners.worker.start()
	partners.run(sweep)
	assert wait_until(lambda: waiting(partners) == 0, 120)
	found = counts(partners)
	assert (found["Lead"], found["Lead Message"]) == (1000, 1000)
