"""Claiming and advancing due enrollments: two workers against one, each a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.sequences.planning import plans, versions
from lead_inbox.tests.perf.database import wait_for_rest
from lead_inbox.tests.perf.measure import Comparison, alternate, time_of
from lead_inbox.tests.perf.sizes import ENROLLMENTS, LEADS
from lead_inbox.tests.perf.worker import BEGIN, READY

ROUNDS = 2
MOST_SECONDS = 3600
SEQUENCE_NAME = "Perf Follow Up"
TABLES = ("Sales Activity", "Sequence Enrollment")
KEPT = "perf kept {0}"

# Each record stands before its first step, which has been due for some minutes; later ones for less.
DUE = """
	insert into `tabSequence Enrollment` (
		name, creation, modified, owner, modified_by, sequence, sequence_name, rotation,
		reference_doctype, reference_name, `lead`, status, phase, step, step_title, due_on,
		left_seconds, noticed, attempts, enrolled_on, enrolled_by, enrolled_via
	)
	select left(md5(concat('perf enrollment ', n)), 10), %(now)s, %(now)s, 'Administrator', 'Administrator',
		%(sequence)s, %(sequence_name)s, 0, 'Lead', name, name, 'Active', 'Waiting', %(step)s, %(title)s,
		%(now)s - interval 30 minute + interval n * 10000 microsecond,
		0, 0, 0, %(now)s, 'Administrator', 'User'
	from (
		select name, row_number() over (order by name) as n from `tabLead`
		where inbox_status in ('New', 'Active') order by name limit %(count)s
	) leads
"""


def measure() -> list[Comparison]:
	due = Due(min(ENROLLMENTS, frappe.db.count("Lead", {"inbox_status": ["in", ["New", "Active"]]})))
	with _empty_tables():
		due.advance(1)  # what the database has in memory is the same for both sides
		seconds, seconds_against = alternate(ROUNDS, lambda: due.advance(2), lambda: due.advance(1))
	return [
		Comparison(
			what=f"claim and advance {due.count:,} due enrollments, 2 workers",
			against="1 worker",
			at_most=0.8,
			size=f"{LEADS:,} leads, {ROUNDS} runs a side, {os.cpu_count()} processors",
			seconds=seconds,
			seconds_against=seconds_against,
		)
	]


class Due:
	"""So many enrollments that are due, done by some workers, and put back."""

	def __init__(self, count: int) -> None:
		self.count = count
		self.sequence = frappe.db.exists("Sequence", {"sequence_name": SEQUENCE_NAME}) or _make_sequence()
		frappe.db.commit()

	def advance(self, workers: int) -> list[float]:
		"""Return the seconds until all of them are done."""
		self._fill()
		with ready_workers(workers) as processes:
			seconds = time_of(lambda: _run(processes))
		frappe.db.rollback()  # this connection's snapshot is older than what the workers did
		done = frappe.db.count("Sales Activity", {"status": "Open"})
		left = frappe.db.count("Sequence Enrollment", {"phase": "Waiting"})
		if (done, left) != (self.count, 0):
			raise RuntimeError(f"{done:,} steps were opened and {left:,} were left of {self.count:,}.")
		return [seconds]

	def _fill(self) -> None:
		_empty()
		step = plans.plan_of(self.sequence).steps[0]
		values = {
			"now": now_datetime() - timedelta(minutes=1),
			"count": self.count,
			"sequence": self.sequence,
		}
		values |= {"sequence_name": SEQUENCE_NAME, "step": step.key, "title": step.title}
		frappe.db.sql(DUE, values)
		frappe.db.commit()
		for doctype in TABLES:
			frappe.db.sql_ddl(f"analyze table `tab{doctype}`")
		wait_for_rest()


@contextmanager
def _empty_tables() -> Iterator[None]:
	"""Put what is seeded of other rows aside."""
	_put_back()
	for doctype in TABLES:
		frappe.db.sql_ddl(f"rename table `tab{doctype}` to `{KEPT.format(doctype)}`")
		frappe.db.sql_ddl(f"create table `tab{doctype}` like `{KEPT.format(doctype)}`")
	try:
		yield
	finally:
		_put_back()


def _put_back() -> None:
	"""Also after a run that was broken off."""
	frappe.db.commit()
	for doctype in TABLES:
		kept = KEPT.format(doctype)
		if frappe.db.sql("show tables like %s", (kept,)):
			frappe.db.sql_ddl(f"drop table if exists `tab{doctype}`")
			frappe.db.sql_ddl(f"rename table `{kept}` to `tab{doctype}`")


def _empty() -> None:
	frappe.db.commit()
	for doctype in TABLES:
		frappe.db.sql_ddl(f"truncate table `tab{doctype}`")


def _make_sequence() -> str:
	steps = [
		{"title": "Call", "kind": "Phone Call", "wait": 1, "wait_unit": "Hours", "wait_in": "Elapsed Time"},
		{"title": "Write", "kind": "Task", "wait": 2, "wait_unit": "Days"},
	]
	doc = frappe.get_doc(doctype="Sequence", sequence_name=SEQUENCE_NAME, document_type="Lead", steps=steps)
	doc.insert()
	versions.activate(doc.name)
	return doc.name


@contextmanager
def ready_workers(count: int) -> Iterator[list[subprocess.Popen[Any]]]:
	"""Processes that have connected and wait for the word: starting Python is not measured."""
	command = [sys.executable, "-m", "lead_inbox.tests.perf.worker", frappe.local.site, str(MOST_SECONDS)]
	processes = [
		subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
		for _number in range(count)
	]
	try:
		for process in processes:
			if process.stdout.readline().strip() != READY:
				raise RuntimeError("A worker did not start.")
		yield processes
	finally:
		for process in processes:
			process.kill()
			process.communicate()


def _run(processes: list[subprocess.Popen[Any]]) -> None:
	for process in processes:
		process.stdin.write(f"{BEGIN}\n")
		process.stdin.flush()
	statuses = [process.wait() for process in processes]
	if any(statuses):
		raise RuntimeError("A worker failed.")
