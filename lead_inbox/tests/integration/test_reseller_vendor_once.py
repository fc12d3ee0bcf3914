"""A vendor makes an account once, whoever dies or hurries: RS-9 between real processes and transactions.

On the live site, with its worker stopped: here the tests themselves are the jobs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.reseller.records import REQUEST, RESELLER_CUSTOMER
from lead_inbox.reseller.vendor import answering, requests, vendors
from lead_inbox.reseller.vendor.google_channel import GoogleChannel
from lead_inbox.reseller.vendor.vendor_rules import Action
from lead_inbox.tests.doubles import cloud_channel
from lead_inbox.tests.doubles.cloud_channel import ACCOUNT, CloudChannel
from lead_inbox.tests.integration.reseller_builders import doc_of, make_family, make_reseller_customer
from lead_inbox.tests.integration.test_reseller_vendor import elsewhere

KILLED = -signal.SIGKILL
SECONDS = 120
# A worker in a process of its own, which speaks with Google's double through Google's client.
JOB = """
import sys, frappe
frappe.init(site=sys.argv[1], sites_path=sys.argv[2])
frappe.connect()
from lead_inbox.reseller.vendor import answering, vendors
from lead_inbox.reseller.vendor.google_channel import GoogleChannel
from lead_inbox.tests.doubles.cloud_channel import ACCOUNT, client_of
vendors._google = lambda: GoogleChannel(client_of(sys.argv[3]), ACCOUNT)
answering.answer_due(60)
frappe.destroy()
"""


@dataclass(frozen=True)
class Live:
	"""The live site, and Google as its jobs see it."""

	site: Any
	google: CloudChannel

	def run(self, function: Any, *arguments: Any, **options: Any) -> Any:
		return self.site.run(function, *arguments, **options)

	def job(self) -> subprocess.Popen:
		arguments = [self.site.name, self.site.sites_path, self.google.address]
		return subprocess.Popen([sys.executable, "-c", JOB, *arguments], cwd=self.site.sites_path)

	def die_when(self, method: str) -> None:
		"""A worker is killed when Google has done something and before the answer gets out."""
		job: list[subprocess.Popen] = []

		def kill(done: str) -> None:
			if done == method:
				os.kill(job[0].pid, signal.SIGKILL)

		self.google.on_done = kill
		job.append(self.job())
		assert job[0].wait(SECONDS) == KILLED
		self.google.on_done = lambda _method: None


@pytest.fixture
def live(live_site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
	live_site.worker.stop()
	with cloud_channel.served() as google:
		monkeypatch.setattr(vendors, "_google", lambda: GoogleChannel(google.client(), ACCOUNT))
		yield Live(live_site, google)


def ask(**values: Any) -> str:
	name = make_reseller_customer("Checked", make_family(connection=vendors.GOOGLE), **values)
	requests.ask(name, Action.IMPORT if values.get("origin") == "Import" else Action.CREATE)
	return name


def facts(name: str) -> tuple[str, str, str]:
	doc = doc_of(name)
	return doc.status, doc.vendor_account or "", doc.cloud_identity_id or ""


def let_lease_end(name: str) -> None:
	past = now_datetime() - timedelta(seconds=1)
	frappe.db.set_value(REQUEST, {"reseller_customer": name, "status": "Waiting"}, "next_attempt_on", past)


@pytest.mark.parametrize("customer_type", ["Domain", "Team"])
def test_a_job_that_is_killed_after_google_made_the_account_makes_no_second_one(
	live: Live, customer_type: str
) -> None:
	name = live.run(ask, customer_type=customer_type)
	live.die_when("create_customer")
	(made,) = live.google.customers
	assert live.run(facts, name) == ("Checked", "", "")

	live.run(answering.answer_due, 60)
	assert live.run(facts, name) == ("Checked", "", ""), "Nobody takes it up while the worker may be alive."
	live.run(let_lease_end, name)
	live.run(answering.answer_due, 60)
	status, account, identity = live.run(facts, name)
	assert (status, account) == ("Created", made) and identity
	assert list(live.google.customers) == [made]
	assert live.google.calls.count("create_customer") == 1


def test_a_job_that_is_killed_after_google_gave_over_the_account_imports_no_second_time(live: Live) -> None:
	name = live.run(ask, origin="Import")
	live.run(elsewhere, live.google, name)
	live.die_when("import_customer")
	assert live.run(facts, name) == ("Checked", "", "")

	live.run(let_lease_end, name)
	live.run(answering.answer_due, 60)
	assert live.run(facts, name) == ("Imported", next(iter(live.google.customers)), "C9")
	assert live.google.calls.count("import_customer") == 1


def test_a_job_that_is_killed_after_google_made_the_identity_makes_no_second_one(live: Live) -> None:
	name = live.run(ask)
	live.die_when("provision_cloud_identity")
	status, _account, identity = live.run(facts, name)
	assert (status, identity) == ("Created", "")

	live.run(let_lease_end, name)
	live.run(answering.answer_due, 60)
	assert live.run(facts, name)[2]
	assert live.google.calls.count("provision_cloud_identity") == 1


def test_of_workers_who_begin_together_each_request_is_one_s(live: Live) -> None:
	names = [live.run(ask) for _number in range(4)]
	jobs = [live.job() for _number in range(2)]
	start = threading.Barrier(2)
	with ThreadPoolExecutor(2) as threads:
		assert all(threads.map(lambda _turn: live.run(answer_together, start), range(2)))
	assert [job.wait(SECONDS) for job in jobs] == [0, 0]
	for name in names:
		status, account, identity = live.run(facts, name)
		assert status == "Created" and account in live.google.customers and identity
	assert len(live.google.customers) == 4
	assert (
		live.google.calls.count("create_customer") == live.google.calls.count("provision_cloud_identity") == 4
	)


def answer_together(start: threading.Barrier) -> bool:
	start.wait(60)
	return answering.answer_due(60)


def test_of_two_users_who_ask_at_once_one_request_is_made(live: Live) -> None:
	name = live.run(lambda: make_reseller_customer("Checked", make_family(connection=vendors.GOOGLE)))
	start = threading.Barrier(2)
	with ThreadPoolExecutor(2) as threads:
		names = list(threads.map(lambda _turn: live.run(ask_together, start, name), range(2)))
	assert names[0] == names[1]
	live.run(answering.answer_due, 60)
	assert len(live.google.customers) == 1


def ask_together(start: threading.Barrier, name: str) -> str:
	"""Both transactions have their snapshot before either writes."""
	frappe.db.count(REQUEST)
	start.wait(60)
	return requests.ask(name, Action.CREATE)


def test_while_google_is_asked_people_may_go_on_with_the_customer(live: Live) -> None:
	name = live.run(ask)
	locked: list[bool] = []
	live.google.on_done = lambda _method: locked.append(live.run(lock_all_of, name))
	live.run(answering.answer_due, 60)
	assert locked == [True, True]


def lock_all_of(name: str) -> bool:
	"""Lock a customer's row and those of its requests; raises QueryTimeoutError where one would have to wait."""
	for table, column in ((RESELLER_CUSTOMER, "name"), (REQUEST, "reseller_customer")):
		assert frappe.db.sql(f"select name from `tab{table}` where {column} = %s for update nowait", name)
	return True
