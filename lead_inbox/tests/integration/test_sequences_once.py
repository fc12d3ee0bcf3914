"""Each step exactly once, whoever dies or hurries: sequences between real processes and transactions (SQ-2, SQ-8).

On the live site, with its worker stopped: here the tests themselves are the jobs.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.inbox import events, intake, lifecycle
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.activities.activity_rows import NotPossibleNow
from lead_inbox.sequences.enrollment import engine, enrolling, settling
from lead_inbox.sequences.planning import plans, versions
from lead_inbox.tests.doubles.smtp import MailServer, mail_server
from lead_inbox.tests.integration.builders import (
	delete_channels,
	make_channel,
	make_lead,
	make_outgoing_account,
	make_user,
	somebody_waits_for_a_lead,
)
from tools.services import wait_until

SARA, JUN = "sara@company.example", "jun@company.example"
MANY, MAILS = 10_000, 100
SECONDS = 120
KILLED = -signal.SIGKILL
# A worker in a process of its own, which begins when it is told to. One that is to be killed is so after it has
# called a function that often, with a batch done halfway and not committed.
JOB = """
import os, signal, sys, frappe
site, sites_path, work, seconds, mortal, times = sys.argv[1:]
frappe.init(site=site, sites_path=sites_path)
frappe.connect()
frappe.conf.mute_emails = 0
from lead_inbox.inbox.replies import outbox
from lead_inbox.sequences.enrollment import engine, moves, sending

def counted(function, left=[int(times)]):
	def call(*args, **options):
		result = function(*args, **options)
		left[0] -= 1
		if left[0] == 0:
			os.kill(os.getpid(), signal.SIGKILL)
		return result
	return call

if mortal:
	module, function = mortal.split(".")
	module = {"moves": moves, "sending": sending}[module]
	setattr(module, function, counted(getattr(module, function)))
print("ready", flush=True)
sys.stdin.readline()
{"advance": engine.advance_due, "deliver": outbox.deliver_due}[work](int(seconds))
"""


@pytest.fixture
def mails() -> Iterator[MailServer]:
	with mail_server() as server:
		yield server


@pytest.fixture
def live(live_site, mails):
	live_site.worker.stop()
	live_site.run(set_up, mails.port)
	return live_site


def set_up(port: int) -> None:
	for user in (SARA, JUN):
		make_user(user)
	make_outgoing_account(smtp_port=port)
	frappe.get_doc(
		doctype="Email Template", name="Rush", subject="Hello", response="Hello {{ first_name }}"
	).insert()


class Workers:
	"""Processes that begin together. mortal: a function, and how often the process calls it before it is killed."""

	def __init__(self, site: Any, work: str) -> None:
		self.site, self.work = site, work
		self.processes: list[subprocess.Popen] = []

	def add(self, mortal: str = "", times: int = 0) -> subprocess.Popen:
		arguments = [self.site.name, self.site.sites_path, self.work, str(SECONDS), mortal, str(times)]
		process = subprocess.Popen(
			[sys.executable, "-c", JOB, *arguments],
			cwd=self.site.sites_path,
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
		)
		self.processes.append(process)
		return process

	def run(self) -> list[int]:
		"""Returns how each process ended."""
		for process in self.processes:
			assert process.stdout.readline() == "ready\n"
		for process in self.processes:
			process.stdin.write("begin\n")
			process.stdin.flush()
		for process in self.processes:
			process.communicate(timeout=SECONDS + 60)
		return [process.returncode for process in self.processes]


def make_sequence(*steps: dict[str, Any], name: str = "Rush", **values: Any) -> str:
	plan = [
		{"title": f"Step {number}", "wait_in": "Elapsed Time", **step} for number, step in enumerate(steps)
	]
	doc = frappe.get_doc(doctype="Sequence", sequence_name=name, document_type="Lead", steps=plan, **values)
	doc.insert()
	versions.activate(doc.name)
	return doc.name


CALL = {"kind": "Phone Call", "wait": 0}
MAIL = {"kind": "Email", "automatic": 1, "email_template": "Rush", "wait": 0}
LATER = {"kind": "Task", "wait": 1, "wait_unit": "Days"}


def seed(count: int, *steps: dict[str, Any]) -> str:
	"""Put so many leads before the first step of a sequence, all of them due; return its name."""
	sequence = make_sequence(*steps)
	frappe.db.bulk_insert("Lead", *_as_table(_lead(number) for number in range(count)))
	for start in range(0, count, 1000):
		names = [f"Rush {number}" for number in range(start, min(start + 1000, count))]
		engine.begin_all(sequence, "Lead", dict.fromkeys(names, 0), via="User", user=SARA)
	frappe.db.sql("update `tabSequence Enrollment` set due_on = %s", now_datetime() - timedelta(minutes=5))
	return sequence


def _lead(number: int) -> dict[str, Any]:
	now = now_datetime()
	return {
		"name": f"Rush {number}",
		**{"creation": now, "modified": now, "owner": SARA, "modified_by": SARA, "lead_owner": SARA},
		**{"first_name": f"Customer {number}", "lead_name": f"Customer {number}", "status": "Lead"},
		"email_id": f"customer-{number}@customer.example",
		**{"inbox_status": "Active", "inbox_arrived_on": now, "inbox_last_interaction_on": now},
	}


def _as_table(rows: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
	rows = list(rows)
	return list(rows[0]), [tuple(row.values()) for row in rows]


def advance() -> None:
	assert engine.advance_due(SECONDS)


def places() -> Counter:
	"""How many enrollments are where."""
	fields = ["status", "phase", "step_title"]
	rows = frappe.get_all("Sequence Enrollment", fields=fields, order_by="name asc")
	return Counter((row.status, row.phase or "", row.step_title or "") for row in rows)


def activity_keys() -> list[str]:
	return frappe.get_all("Sales Activity", pluck="activity_key", order_by="name asc")


def expected_keys(sequence: str) -> list[str]:
	first = plans.plan_of(sequence).steps[0].key
	return [
		f"{name}:{first}" for name in frappe.get_all("Sequence Enrollment", pluck="name", order_by="name asc")
	]


def test_two_workers_and_a_killed_one_do_10_000_steps_exactly_once(live):
	"""The third dies by SIGKILL with a batch of activities inserted and not committed."""
	sequence = live.run(seed, MANY, CALL, LATER)
	workers = Workers(live, "advance")
	workers.add(), workers.add(), workers.add("moves.insert_activities", 3)
	assert workers.run() == [0, 0, KILLED]

	live.run(advance)  # the next minute's sweep, for what the dead one had in hand
	keys = live.run(activity_keys)
	assert len(keys) == MANY
	assert sorted(keys) == sorted(live.run(expected_keys, sequence))
	assert live.run(places) == {("Active", "Working", "Step 0"): MANY}
	assert live.run(frappe.db.count, "Error Log") == 0

	live.run(advance)
	assert len(live.run(activity_keys)) == MANY, "a step that is open was opened again"


def test_two_workers_and_a_killed_one_send_100_mails_exactly_once(live, mails):
	"""It dies between handing a message to the outbox and committing that; the outbox's die in its own tests.

	It begins alone: these are few mails, which another one could take up all at once.
	"""
	live.run(seed, MAILS, MAIL, LATER)
	mortal = Workers(live, "advance")
	mortal.add("sending.submit", 10)
	assert mortal.run() == [KILLED]
	assert live.run(frappe.db.count, "Lead Message") == 0

	workers = Workers(live, "advance")
	workers.add(), workers.add()
	assert workers.run() == [0, 0]
	live.run(advance)
	assert live.run(frappe.db.count, "Lead Message") == MAILS
	assert live.run(places) == {("Active", "Sending", "Step 0"): MAILS}

	senders = Workers(live, "deliver")
	senders.add(), senders.add()
	assert senders.run() == [0, 0]
	assert live.run(unmuted, outbox.deliver_due, SECONDS)
	sent = Counter(recipient for mail in mails.mails for recipient in mail.recipients)
	assert sent == {f"customer-{number}@customer.example": 1 for number in range(MAILS)}
	assert live.run(places) == {("Active", "Waiting", "Step 1"): MAILS}
	assert live.run(frappe.db.count, "Sales Activity", {"status": "Completed"}) == MAILS


def unmuted(action: Callable[..., Any], *arguments: Any) -> Any:
	frappe.conf.mute_emails = 0
	return action(*arguments)


# two at once


def at_once(live, count: int, action: Callable[[int], Any]) -> list[str]:
	"""Run an action in so many transactions, all of which have their snapshot before any of them writes.

	Returns what came of each: its result, or the class of its error.
	"""
	start = threading.Barrier(count)

	def run(turn: int) -> Any:
		frappe.db.count("Sequence Enrollment")
		frappe.db.count("Sales Activity")
		start.wait(60)
		try:
			return action(turn)
		except Exception as error:
			frappe.db.rollback()
			return type(error)

	with ThreadPoolExecutor(count) as threads:
		return list(threads.map(lambda turn: live.run(run, turn), range(count)))


def enroll(sequence: str, lead: str) -> str:
	"""As a partner's request does. A user's goes the same way, with many."""
	return enrolling.enroll_apart(sequence, "Lead", lead, via="API")


def as_user(user: str, action: Callable[..., Any], *arguments: Any) -> Any:
	frappe.set_user(user)
	return action(*arguments)


def one_open_activity(*steps: dict[str, Any]) -> str:
	sequence = make_sequence(*steps)
	lead = make_lead(first_name="Naree", email_id="naree@customer.example", lead_owner=SARA).name
	enrolling.enroll(sequence, "Lead", lead)
	frappe.db.commit()
	advance()
	return frappe.db.get_value("Sales Activity", {"reference_name": lead})


def test_of_two_who_complete_an_activity_at_once_one_does_and_the_record_moves_once(live):
	activity = live.run(one_open_activity, {**CALL, "kind": "Task"}, LATER, LATER)
	users = (SARA, JUN)
	came_of_it = at_once(live, 2, lambda turn: as_user(users[turn], activities.complete, activity))
	assert sorted(map(str, came_of_it)) == sorted(map(str, (None, NotPossibleNow)))
	assert live.run(places) == {("Active", "Waiting", "Step 1"): 1}
	assert live.run(frappe.db.count, "Sales Activity") == 1


def test_a_record_that_eight_enroll_at_once_enters_once(live):
	sequence = live.run(make_sequence, CALL)
	lead = live.run(lambda: make_lead(first_name="Naree").name)
	came_of_it = at_once(live, 8, lambda _turn: enroll(sequence, lead))
	assert len([name for name in came_of_it if isinstance(name, str)]) == 1, came_of_it
	refused = [error for error in came_of_it if not isinstance(error, str)]
	assert all(issubclass(error, frappe.ValidationError) for error in refused), came_of_it
	assert live.run(frappe.db.count, "Sequence Enrollment") == 1


def test_eight_who_enroll_different_records_at_once_do_not_get_in_each_other_s_way(live):
	sequence = live.run(make_sequence, CALL)
	leads = live.run(lambda: [make_lead(first_name=f"Customer {number}").name for number in range(8)])
	came_of_it = at_once(live, 8, lambda turn: enroll(sequence, leads[turn]))
	assert all(isinstance(name, str) for name in came_of_it), came_of_it
	assert live.run(frappe.db.count, "Sequence Enrollment") == 8


def test_rules_that_let_different_records_in_at_once_do_not_get_in_each_other_s_way(live):
	"""While many new leads arrive, each is saved in a transaction that must not be sent back."""
	sequence = live.run(make_sequence, CALL)
	leads = live.run(lambda: [make_lead(first_name=f"Customer {number}").name for number in range(8)])
	came_of_it = at_once(
		live, 8, lambda turn: enrolling.enroll(sequence, "Lead", leads[turn], via=enrolling.BY_RULE)
	)
	assert all(isinstance(name, str) for name in came_of_it), came_of_it


def test_of_two_sequences_that_exclude_each_other_a_record_enters_one(live):
	sequences = [live.run(lambda name=name: make_sequence(CALL, name=name)) for name in ("First", "Second")]
	lead = live.run(lambda: make_lead(first_name="Naree").name)
	came_of_it = at_once(live, 2, lambda turn: enroll(sequences[turn], lead))
	assert live.run(frappe.db.count, "Sequence Enrollment") == 1, came_of_it


def test_a_reply_that_was_being_read_while_the_engine_went_on_takes_back_what_that_began(live):
	"""The reply's transaction began before the engine's was committed, and does not see what that wrote."""
	lead = live.run(enrolled_lead, MAIL, LATER)
	began, advanced = threading.Event(), threading.Event()

	def reply() -> None:
		frappe.db.count("Sales Activity")
		frappe.db.count("Lead Message")
		began.set()
		advanced.wait(60)
		lifecycle.apply(lead, Happening.INBOUND)

	with ThreadPoolExecutor(1) as threads:
		replying = threads.submit(live.run, reply)
		began.wait(60)
		live.run(advance)
		assert live.run(places) == {("Active", "Sending", "Step 0"): 1}
		advanced.set()
		replying.result(60)
	assert live.run(places) == {("Exited", "", "Step 0"): 1}
	assert live.run(statuses_of, "Sales Activity", "status") == ["Cancelled"]
	assert live.run(statuses_of, "Lead Message", "delivery_status") == ["Cancelled"]


@pytest.fixture
def channel(live) -> Iterator[str]:
	live.run(make_channel)
	yield "Partner"
	live.run(delete_channels, "Partner")


def test_a_reply_that_comes_in_while_its_lead_enters_a_sequence_ends_it(live, channel):
	"""The reply waits for the lead, and goes on when who enrolled it has committed."""
	sequence = live.run(make_sequence, LATER)
	lead = live.run(lambda: make_lead(first_name="Naree", phone="+14155550123").name)
	said = frappe.as_json({"name": "Naree", "phone": "+14155550123", "message": "Yes, please"})
	event = live.run(lambda: events.store(channel, "evt_1", said).name)
	entered, waited = threading.Event(), threading.Event()

	def enter() -> None:
		enrolling.enroll(sequence, "Lead", lead)
		entered.set()
		waited.wait(60)

	with ThreadPoolExecutor(2) as threads:
		entering = threads.submit(live.run, enter)
		entered.wait(60)
		replying = threads.submit(live.run, intake.process, event)
		assert wait_until(lambda: live.run(somebody_waits_for_a_lead), 30)
		waited.set()
		entering.result(60)
		replying.result(60)
	assert live.run(places) == {("Exited", "", "Step 0"): 1}


def test_a_mail_that_fails_while_its_customer_replies_is_nobody_s_to_send_any_more(live):
	"""The outbox's transaction began before the reply's was committed."""
	lead = live.run(enrolled_lead, MAIL, LATER)
	live.run(advance)
	message = live.run(begin_to_leave, lead)
	began, left = threading.Event(), threading.Event()

	def fail() -> None:
		frappe.db.count("Sales Activity")
		began.set()
		left.wait(60)
		lifecycle.stored_state(lead)
		settling.message_settled(message, "Failed")

	with ThreadPoolExecutor(1) as threads:
		failing = threads.submit(live.run, fail)
		began.wait(60)
		live.run(lifecycle.apply, lead, Happening.INBOUND)
		left.set()
		failing.result(60)
	assert live.run(places) == {("Exited", "", "Step 0"): 1}
	assert live.run(statuses_of, "Sales Activity", "status") == ["Cancelled"]


def begin_to_leave(lead: str) -> str:
	"""The message is on the line: it can't be taken back."""
	message = frappe.db.get_value("Lead Message", {"lead": lead, "direction": "Out"})
	frappe.db.set_value("Lead Message", message, "delivery_status", "Sending")
	return message


def enrolled_lead(*steps: dict[str, Any]) -> str:
	lead = make_lead(first_name="Naree", email_id="naree@customer.example", lead_owner=SARA).name
	enrolling.enroll(make_sequence(*steps), "Lead", lead)
	return lead


def statuses_of(doctype: str, field: str) -> list[str]:
	return frappe.get_all(doctype, pluck=field, order_by="creation asc")


def test_the_engine_leaves_a_record_alone_that_somebody_has_in_hand_and_does_the_others(live):
	"""It must not wait for a user's transaction with a batch in hand."""
	held = live.run(seed, 3, CALL)
	assert held
	taken, done = threading.Event(), threading.Event()

	def hold_one() -> None:
		lifecycle.stored_state("Rush 1")
		taken.set()
		done.wait(60)

	with ThreadPoolExecutor(1) as threads:
		holding = threads.submit(live.run, hold_one)
		taken.wait(60)
		live.run(advance)
		records = live.run(
			lambda: frappe.get_all("Sales Activity", pluck="reference_name", order_by="name asc")
		)
		done.set()
		holding.result(60)
	assert sorted(records) == ["Rush 0", "Rush 2"]
	live.run(advance)
	assert live.run(places) == {("Active", "Working", "Step 0"): 3}
