"""Each lead of a bulk conversion exactly once, whoever dies or hurries: between real processes (CO-7).

On the live site, with its worker stopped: here the tests themselves are the jobs.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import frappe
import pytest

from lead_inbox import tasks
from lead_inbox.conversion.bulk import changes, row_conversion, run_state, runs, selection
from lead_inbox.conversion.making import converting
from lead_inbox.conversion.rules import Choice
from lead_inbox.tests.integration.builders import make_lead
from tools.services import wait_until

ROW = "Bulk Lead Conversion Row"
COUNT, COMPANY = 12, "Acme"
SECONDS = 300
KILLED = -signal.SIGKILL
# A worker in a process of its own. One that is to be killed is so in the middle of a lead, after it has converted
# some: what it holds is written and not committed.
WORKER = """
import os, signal, sys, frappe
site, path, deadly = sys.argv[1], sys.argv[2], int(sys.argv[3])
frappe.init(site=site, sites_path=path)
frappe.connect()
frappe.flags.mute_emails = True
from lead_inbox.conversion.making import converting
from lead_inbox.conversion.bulk import runs
convert, done = converting.convert, []
def convert_and_die(*arguments, **options):
	converted = convert(*arguments, **options)
	done.append(converted)
	if len(done) == deadly:
		os.kill(os.getpid(), signal.SIGKILL)
	return converted
converting.convert = convert_and_die
runs.advance_due(300)
frappe.destroy()
"""


@pytest.fixture
def live(live_site: Any) -> Iterator[Any]:
	live_site.worker.stop()
	yield live_site


def worker(live: Any, deadly: int = 0) -> subprocess.Popen:
	command = [sys.executable, "-c", WORKER, live.name, live.sites_path, str(deadly)]
	return subprocess.Popen(command, cwd=live.sites_path)


def prepare(count: int = COUNT) -> str:
	"""Leads of one company that share a new Customer, all of them pending."""
	leads = [
		make_lead(
			first_name=f"Customer {number}",
			email_id=f"customer-{number}@customer.example",
			company_name=COMPANY,
		).name
		for number in range(count)
	]
	run = selection.prepare(leads)
	key = frappe.db.get_value(ROW, {"bulk_conversion": run}, "company_key")
	changes.set_company(run, key, "Shared", "")
	runs.start(run)
	return run


def sweep(live: Any, run: str) -> None:
	"""As the scheduler does every minute: the database may need a moment to notice that a worker is gone."""

	def is_finished() -> bool:
		live.run(tasks.run_bulk_conversions)
		return live.run(frappe.db.get_value, "Bulk Lead Conversion", run, "status") == "Finished"

	assert wait_until(is_finished, 60)


def statuses(run: str) -> dict[str, int]:
	return {status: count for status, count in run_state.counts(run).items() if count}


def made() -> dict[str, int]:
	doctypes = ("Customer", "Opportunity", "Lead Conversion")
	return {doctype: frappe.db.count(doctype) for doctype in doctypes}


def expect_each_once(live: Any, run: str, count: int = COUNT) -> None:
	assert live.run(statuses, run) == {"Converted": count}
	assert live.run(made) == {"Customer": 1, "Opportunity": count, "Lead Conversion": count}
	assert live.run(frappe.db.get_value, "Bulk Lead Conversion", run, "status") == "Finished"
	assert live.run(frappe.db.count, "Error Log") == 0


def test_run_whose_worker_is_killed_goes_on_and_converts_each_lead_once(live: Any) -> None:
	run = live.run(prepare)
	assert worker(live, deadly=4).wait(SECONDS) == KILLED
	assert live.run(statuses, run) == {"Converted": 3, "Pending": COUNT - 3}
	assert live.run(made) == {"Customer": 1, "Opportunity": 3, "Lead Conversion": 3}
	sweep(live, run)
	expect_each_once(live, run)


def test_worker_that_is_killed_with_the_shared_customer_in_hand_leaves_no_second_one(live: Any) -> None:
	run = live.run(prepare)
	assert worker(live, deadly=1).wait(SECONDS) == KILLED
	assert live.run(made) == {"Customer": 0, "Opportunity": 0, "Lead Conversion": 0}
	sweep(live, run)
	expect_each_once(live, run)


def test_of_three_workers_on_a_run_one_does_it(live: Any) -> None:
	run = live.run(prepare)
	workers = [worker(live) for _number in range(3)]
	assert [process.wait(SECONDS) for process in workers] == [0, 0, 0]
	expect_each_once(live, run)


def test_workers_that_both_have_a_run_in_hand_convert_no_lead_twice(live: Any) -> None:
	"""The run's lock ends with a connection that breaks, its worker may not have noticed yet: the rows' locks hold."""
	run = live.run(prepare)

	def convert_some(_turn: int) -> int:
		return live.run(lambda: sum(iter(lambda: row_conversion.convert_next(run), False)))

	with ThreadPoolExecutor(2) as threads:
		counts = list(threads.map(convert_some, range(2)))
	assert sum(counts) == COUNT
	assert live.run(statuses, run) == {"Converted": COUNT}
	assert live.run(frappe.db.count, "Lead Conversion") == COUNT


def test_lead_that_somebody_converts_at_that_moment_is_converted_once(live: Any) -> None:
	run = live.run(prepare, 1)
	(lead,) = live.run(lambda: frappe.get_all(ROW, filters={"bulk_conversion": run}, pluck="lead"))
	with ThreadPoolExecutor(1) as threads:
		by_hand = threads.submit(live.run, converting.convert, lead, Choice())
		live.run(tasks.run_bulk_conversions)
		by_hand.exception(60)
	assert live.run(frappe.db.count, "Lead Conversion") == 1
	assert live.run(frappe.db.count, "Customer") == 1


def test_run_is_stopped_while_a_worker_is_at_it(live: Any) -> None:
	run = live.run(prepare)
	process = worker(live)
	assert wait_until(lambda: live.run(statuses, run).get("Converted", 0) > 0, 60)
	live.run(runs.stop, run)
	assert process.wait(SECONDS) == 0
	left = live.run(statuses, run)
	assert left["Pending"] + left["Converted"] == COUNT
	assert live.run(frappe.db.count, "Lead Conversion") == left["Converted"]
