"""The report of what came of sequences: requirement SQ-9."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import ExitReason
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.sequence_builders import (
	activity_of,
	advance,
	enroll,
	make_opportunity,
	make_sequence,
	set_due,
	set_status,
	step,
)

REPORT = "Sequence Performance"
START = datetime(2026, 3, 2, 9)


@pytest.fixture(autouse=True)
def _jobs(jobs):
	"""Nothing goes to a worker."""


def report(**filters: Any) -> dict[str, Any]:
	dates = {"from_date": "2026-01-01", "to_date": "2026-12-31"}
	return run(REPORT, filters={**dates, **filters}, ignore_prepared_report=True)


def rows(*fields: str, **filters: Any) -> list[tuple[Any, ...]]:
	return [tuple(row.get(field) for field in fields) for row in report(**filters)["result"]]


def enter(sequence: str, record: Any = None, enrolled_on: datetime = START) -> str:
	"""Let a record enter, by default a new lead, and come to its first step."""
	enrollment = enroll(sequence, record or make_lead())
	advance()
	frappe.db.set_value("Sequence Enrollment", enrollment, "enrolled_on", enrolled_on)
	return enrollment


def finish(enrollment: str, act: Any = activities.complete, done_on: datetime = START) -> None:
	"""Do or skip the step that an enrollment is at, and let it come to the next."""
	name = activity_of(enrollment).name
	act(name)
	frappe.db.set_value("Sales Activity", name, "completed_on", done_on)
	if frappe.db.get_value("Sequence Enrollment", enrollment, "due_on"):
		set_due(enrollment)
		advance()


def reply(enrollment: str, after: timedelta) -> None:
	"""The customer answers so long after they entered."""
	lead = frappe.db.get_value("Sequence Enrollment", enrollment, "lead")
	lifecycle.apply(lead, Happening.INBOUND, on=START + after)


def test_records_are_counted_by_version_and_by_step():
	sequence = make_sequence(["Call", "Write"], sequence_name="New lead")
	finished, skipped, _waiting, paused, stopped, replied = (enter(sequence) for _ in range(6))
	finish(finished)
	finish(finished)
	finish(skipped, activities.skip)
	engine.pause(paused)
	engine.leave(stopped, ExitReason.STOPPED)
	finish(replied, done_on=START + timedelta(hours=1))
	reply(replied, timedelta(hours=3))

	states = ("label", "entered", "active", "paused", "finished", "exited", "exit_replied", "exit_stopped")
	assert rows(*states) == [
		("New lead v1", 6, 2, 1, 1, 2, 1, 1),
		("1. Call", 6, 1, 1, None, 1, 0, 1),
		("2. Write", 3, 1, 0, None, 1, 1, 0),
	]
	work = ("kind", "done", "skipped", "replied", "reply_median", "indent")
	assert rows(*work) == [
		(None, None, None, 1, 3 * 3600, 0),
		("Task", 2, 1, 1, 2 * 3600, 1),
		("Task", 1, 0, 0, None, 1),
	]
	shown = [column["fieldname"] for column in report()["columns"] if column["fieldname"].startswith("exit_")]
	assert shown == ["exit_replied", "exit_stopped"]


def test_a_reply_belongs_to_the_step_that_was_done_last_before_it():
	sequence = make_sequence(
		["Call", step("Write", wait=5, wait_unit="Days"), "Close"], exit_on_reply=0, sequence_name="Goes on"
	)
	between = enter(sequence)
	finish(between, done_on=START + timedelta(days=1))
	reply(between, timedelta(days=2))
	finish(between, done_on=START + timedelta(days=3))
	after_two = enter(sequence)
	finish(after_two, done_on=START + timedelta(hours=1))
	finish(after_two, done_on=START + timedelta(hours=2))
	reply(after_two, timedelta(hours=5))
	before_any = enter(sequence)
	reply(before_any, timedelta(minutes=5))
	finish(before_any, done_on=START + timedelta(days=1))

	assert rows("label", "replied", "reply_median") == [
		("Goes on v1", 3, 5 * 3600),
		("1. Call", 1, 86400),
		("2. Write", 1, 3 * 3600),
		("3. Close", 0, None),
	]


def test_the_median_is_a_time_that_somebody_took():
	sequence = make_sequence()
	for minutes in (10, 20, 300):
		reply(enter(sequence), timedelta(minutes=minutes))
	shown = report()
	assert shown["result"][0]["reply_median"] == 20 * 60
	assert {figure["label"]: figure["value"] for figure in shown["report_summary"]} == {
		"Entered": 3,
		"Finished": 0,
		"Replied": 3,
		"Time to Reply: Median": 20 * 60,
	}


def test_each_filter_leaves_what_it_names():
	first = make_sequence(sequence_name="New lead")
	enter(first)
	set_status(first, "Archived")
	enter(make_sequence(sequence_name="New lead"))
	enter(
		make_sequence(sequence_name="Quoted", document_type="Opportunity"), make_opportunity(make_lead().name)
	)
	make_sequence(sequence_name="Nobody entered")

	def versions(**filters: Any) -> list[str]:
		return [label for label, indent in rows("label", "indent", **filters) if not indent]

	assert versions() == ["New lead v2", "New lead v1", "Quoted v1"]
	assert versions(sequence="New lead", version=1) == ["New lead v1"]
	assert versions(sequence="New lead") == ["New lead v2", "New lead v1"]
	assert versions(document_type="Opportunity") == ["Quoted v1"]
	assert versions(sequence="No such") == []


def test_the_dates_are_inclusive_and_go_by_enrollment():
	sequence = make_sequence()
	for enrolled_on in (
		"2026-02-28 23:59:59",
		"2026-03-01 00:00:00",
		"2026-03-31 23:59:59",
		"2026-04-01 00:00:00",
	):
		enter(sequence, enrolled_on=frappe.utils.get_datetime(enrolled_on))
	assert rows("entered", from_date="2026-03-01", to_date="2026-03-31") == [(2,), (2,)]
	with pytest.raises(frappe.ValidationError, match="first day"):
		report(from_date="2026-04-02", to_date="2026-04-01")


def test_the_chart_shows_the_steps_of_one_version_and_compares_several():
	first = make_sequence(["Call", "Write"], sequence_name="New lead")
	finish(enter(first))
	chart = report()["chart"]["data"]
	assert chart["labels"] == ["1. Call", "2. Write"]
	assert {bar["name"]: bar["values"] for bar in chart["datasets"]} == {
		"Entered": [1, 1],
		"Done": [1, 0],
		"Skipped": [0, 0],
		"Replied": [0, 0],
	}
	engine.pause(enter(make_sequence(sequence_name="Other")))
	chart = report()["chart"]["data"]
	assert chart["labels"] == ["New lead v1", "Other v1"]
	assert {bar["name"]: bar["values"] for bar in chart["datasets"]}["Paused"] == [0, 1]


def test_nothing_is_shown_of_nothing():
	shown = report(from_date="2020-01-01", to_date="2020-01-31")
	assert (shown["result"], shown["chart"], shown["report_summary"]) == ([], None, [])


def test_a_user_gets_the_figures_of_the_records_they_may_see():
	user = make_user("south@example.com")
	for name in ("South", "100% North"):
		frappe.get_doc(doctype="Territory", territory_name=name).insert(ignore_if_duplicate=True)
	sequence = make_sequence()
	for territory in ("South", "100% North", "100% North"):
		finish(enter(sequence, make_lead(territory=territory)))
	assert rows("entered", "done") == [(3, None), (3, 3)]
	frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="South").insert()
	frappe.set_user(user)
	assert rows("entered", "done") == [(1, None), (1, 1)]


def test_who_has_no_right_to_records_gets_no_figures():
	enter(make_sequence())
	frappe.set_user(make_user("stranger@example.com", "Employee"))
	with pytest.raises(frappe.PermissionError):
		report()
