"""Whatever happens to a lead in a sequence, in whatever order, on the real engine and database: what is never true.

The rules have a machine like this of their own (tests/unit/sequences). This one goes through everything that is
built on them: the engine's batches, people's activities, the outbox and a mail server, exits, owners, merging.
Time passes by moving what is written in the rows.
"""

from __future__ import annotations

from collections import Counter
from itertools import count, pairwise
from typing import Any

import frappe
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
	RuleBasedStateMachine,
	initialize,
	invariant,
	precondition,
	rule,
	run_state_machine_as_test,
)

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.replies import outbox
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.activities.activity_rows import NotPossibleNow
from lead_inbox.sequences.enrollment import engine, enrolling
from lead_inbox.sequences.enrollment.engine import NotPossible
from lead_inbox.sequences.enrollment.enrolling import EnrollmentRefused
from lead_inbox.sequences.planning import plans, versions
from lead_inbox.sequences.rules import SECONDS_IN, ExitReason, Kind, Unit
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conftest import clear_cached_documents
from lead_inbox.tests.integration.outgoing import deliver, mails_leave

SARA, JUN = "sara@company.example", "jun@company.example"
CUSTOMER = "naree@customer.example"
EXAMPLE = "example"
HOUR = SECONDS_IN[Unit.HOURS]
RUNNING = ("Active", "Paused")
PENDING = ("Open", "Scheduled", "Sending", "Paused")
DONE = ("Completed", "Skipped")
ENDS = {
	"a reply": Happening.INBOUND,
	"a conversion": Happening.CONVERTED,
	"a booking": Happening.BOOKED,
	"a decline": Happening.DECLINED,
}
MOST_STEPS = 4
numbers = count(1)

kinds = st.sampled_from(
	[
		{"kind": "Phone Call"},
		{"kind": "Task"},
		{"kind": "Email", "automatic": 1, "email_template": "Life"},
		{"kind": "Email", "email_template": "Life"},
	]
)
branches = st.sampled_from(
	[
		{},
		{"branch_on": "Replied", "branch_within": 1},
		{
			"branch_on": "Field Value",
			"branch_field": "industry",
			"branch_operator": "Set",
			"branch_within": 2,
		},
	]
)
waits = st.sampled_from([(0, "Minutes"), (2, "Hours"), (1, "Days")])


@st.composite
def steps(draw: st.DrawFn) -> list[dict[str, Any]]:
	"""Every step leads to the one after it, and with the answer yes perhaps past it or to the end."""
	total = draw(st.integers(1, MOST_STEPS))
	drawn = []
	for number in range(1, total + 1):
		wait, unit = draw(waits)
		step = {"title": f"Step {number}", "wait": wait, "wait_unit": unit, "wait_in": "Elapsed Time"}
		step |= draw(kinds) | draw(branches)
		if step.get("branch_on"):
			later = ["End", *(f"Step {ahead}" for ahead in range(number + 1, total + 1))]
			step["yes_step"] = draw(st.sampled_from(later))
		drawn.append(step)
	return drawn


class LifeInASequence(RuleBasedStateMachine):
	"""One lead, one sequence, two people, a mail server, and a second lead that it may be merged into."""

	def __init__(self, server: Any) -> None:
		super().__init__()
		self.server = server
		self.mails_before = len(server.mails_to(CUSTOMER))
		self.mails_at_end: dict[str, int] = {}
		self.names: list[str] = []
		frappe.db.savepoint(EXAMPLE)
		frappe.db.commit()

	@initialize(steps=steps(), exits=st.booleans(), again=st.sampled_from(["Once", "Any Time"]))
	def enter(self, steps: list[dict[str, Any]], exits: bool, again: str) -> None:
		self.lead = make_lead(first_name="Naree", email_id=CUSTOMER, lead_owner=SARA).name
		self.other = make_lead(first_name="Phan", email_id="phan@customer.example").name
		self.sequence = make_sequence(steps, exits=exits, again=again)
		self.plan = plans.plan_of(self.sequence)
		self.names.append(enrolling.enroll(self.sequence, "Lead", self.lead))
		frappe.db.commit()

	# time

	@rule(hours=st.sampled_from([1, 3, 25, 100]))
	def time_passes(self, hours: int) -> None:
		let_pass(hours * HOUR)
		self.the_engine_runs()

	@rule()
	def the_clock_is_set_back_an_hour(self) -> None:
		let_pass(-HOUR)

	@rule()
	def the_engine_runs(self) -> None:
		frappe.set_user("Administrator")
		assert engine.advance_due(60)

	@rule()
	def it_becomes_due(self) -> None:
		let_pass(100 * 24 * HOUR)
		self.the_engine_runs()

	@rule()
	def the_outbox_runs(self) -> None:
		deliver()

	@rule()
	def the_mail_server_refuses_the_next_mail(self) -> None:
		self.server.answers[:] = ["550 No such user here"]

	# what people do

	@rule(user=st.sampled_from([SARA, JUN]), outcome=st.sampled_from(["Answered", "Not Answered"]))
	def a_user_completes_what_is_open(self, user: str, outcome: str) -> None:
		for row in self._pending():
			self._try(user, activities.complete, row.name, **outcome_for(row, outcome))

	@rule(user=st.sampled_from([SARA, JUN]))
	def a_user_skips_what_is_open(self, user: str) -> None:
		for row in self._pending():
			self._try(user, activities.skip, row.name)

	@rule()
	def a_user_completes_the_same_twice(self) -> None:
		for row in self._pending()[:1]:
			self._try(SARA, activities.complete, row.name, **outcome_for(row))
			self._try(JUN, activities.skip, row.name)

	@rule()
	def a_user_snoozes_what_is_open(self) -> None:
		for row in self._pending():
			self._try(
				SARA, activities.snooze, row.name, frappe.utils.add_to_date(None, hours=5, as_datetime=True)
			)

	@rule(user=st.sampled_from([SARA, JUN]))
	def a_user_gives_it_to_another(self, user: str) -> None:
		for row in self._pending():
			self._try(SARA, activities.assign, row.name, user=user)

	@rule(user=st.sampled_from([SARA, JUN]), choice=st.sampled_from(["stay", "move", "stop"]))
	def its_owner_changes(self, user: str, choice: str) -> None:
		frappe.set_user("Administrator")
		frappe.db.set_value("Lead", self.lead, "lead_owner", user)
		lifecycle.set_assignee(self.lead, user)
		for name in self._running():
			engine.follow_owner(name, choice)
		frappe.db.commit()

	@rule()
	def a_user_pauses_it(self) -> None:
		self._try_each(engine.pause)

	@rule()
	def a_user_lets_it_go_on(self) -> None:
		self._try_each(engine.resume)

	@rule()
	def a_user_cuts_the_wait_short(self) -> None:
		self._try_each(engine.cut_short)

	@rule()
	def a_user_adds_it_again(self) -> None:
		try:
			self.names.append(enrolling.enroll(self.sequence, "Lead", self.lead))
		except EnrollmentRefused:
			frappe.db.rollback()
		frappe.db.commit()

	@rule()
	def the_field_that_is_asked_about_is_filled(self) -> None:
		frappe.set_user("Administrator")
		lead = frappe.get_doc("Lead", self.lead)
		lead.industry = "Software"
		lead.save()
		frappe.db.commit()

	# what ends it

	@precondition(lambda self: self._activities())
	@rule(what=st.sampled_from(sorted(ENDS)))
	def something_happens_to_the_lead(self, what: str) -> None:
		frappe.set_user("Administrator")
		lifecycle.apply(self.lead, ENDS[what])
		frappe.db.commit()

	@precondition(lambda self: len(self._activities()) > 1)
	@rule()
	def the_customer_wants_no_mail_any_more(self) -> None:
		frappe.set_user("Administrator")
		lifecycle.refuse_contact(self.lead, "Email", True)
		frappe.db.commit()

	@precondition(lambda self: len(self._activities()) > 1)
	@rule()
	def a_user_stops_it(self) -> None:
		self._try_each(lambda name: engine.leave(name, ExitReason.STOPPED))

	@precondition(lambda self: len(self._activities()) > 1)
	@rule()
	def it_is_merged_into_the_other(self) -> None:
		frappe.set_user("Administrator")
		try:
			merging.merge(self.other, self.lead)
		except merging.MergeRefused:
			frappe.db.rollback()
		frappe.db.commit()

	# what is always true

	@invariant()
	def all_is_well(self) -> None:
		self.at_most_one_activity_of_the_lead_is_to_be_done()
		self.what_is_to_be_done_is_the_step_at_which_the_record_stands()
		self.no_step_was_passed_by()
		self.nothing_goes_out_to_a_record_that_has_left()
		self.each_message_goes_once()
		self.only_what_waits_is_looked_at_again()

	def at_most_one_activity_of_the_lead_is_to_be_done(self) -> None:
		pending = [row for row in self._activities() if row.status in PENDING]
		assert len(pending) <= 1, pending

	def what_is_to_be_done_is_the_step_at_which_the_record_stands(self) -> None:
		statuses = {
			("Active", "Working"): ("Open", "Scheduled"),
			("Paused", "Working"): ("Paused", "Scheduled"),
			("Active", "Sending"): ("Sending",),
			("Paused", "Sending"): ("Sending",),
		}
		for row in self._enrollments():
			pending = [
				(known.step, known.status) for known in self._activities(row) if known.status in PENDING
			]
			expected = statuses.get((row.status, row.phase))
			if not expected:
				assert not pending, (row, pending)
			else:
				assert [step for step, _status in pending] == [row.step], (row, pending)
				assert pending[0][1] in expected, (row, pending)

	def no_step_was_passed_by(self) -> None:
		"""Each step on the way was done or skipped, and led to the next by an arrow of the plan."""
		for row in self._enrollments():
			way = self._activities(row)
			for done, following in pairwise([*way, row]):
				arrived = following is not row or (row.status in RUNNING and row.step != done.step)
				if arrived:
					step = self.plan.step(done.step)
					assert done.status in DONE, (row, way)
					assert following.step in ({step.then, step.yes} if step.branch else {step.then}), (
						row,
						way,
					)
			assert len({known.step for known in way}) == len(way)

	def nothing_goes_out_to_a_record_that_has_left(self) -> None:
		for row in self._enrollments():
			if row.status in RUNNING:
				continue
			waiting = [
				known for known in self._messages(row) if known.delivery_status in ("Queued", "Scheduled")
			]
			assert not waiting, (row, waiting)
			gone = self.mails_at_end.setdefault(row.name, self._mails_about(row))
			assert self._mails_about(row) == gone, "a mail went after the end"

	def each_message_goes_once(self) -> None:
		"""A mail at the customer's for each message that says so, and one message a step."""
		messages = [message for row in self._enrollments() for message in self._messages(row)]
		gone = [message for message in messages if message.delivery_status == "Sent"]
		assert len(self.server.mails_to(CUSTOMER)) - self.mails_before == len(gone)
		keys = Counter(message.message_key for message in messages)
		assert all(times == 1 for times in keys.values()), keys

	def only_what_waits_is_looked_at_again(self) -> None:
		for row in self._enrollments():
			waits = (
				row.status == "Active" and row.phase in ("Waiting", "Watching")
			) or row.phase == "Sending"
			assert bool(row.due_on) is waits, row
			assert bool(row.exit_reason) is (row.status == "Exited"), row
			assert bool(row.ended_on) is (row.status not in RUNNING), row

	def teardown(self) -> None:
		"""It ends by itself once everything that is asked for is done. Then all of it is undone."""
		try:
			if self.names:
				self._come_to_an_end()
		finally:
			frappe.set_user("Administrator")
			self.server.answers.clear()
			frappe.db.rollback(save_point=EXAMPLE)
			frappe.db.commit()
			clear_cached_documents()

	def _come_to_an_end(self) -> None:
		self._try_each(engine.resume)
		for _turn in range(6 * MOST_STEPS):
			if not self._running():
				return
			self.it_becomes_due()
			self.the_outbox_runs()
			for row in self._pending():
				self._try("Administrator", activities.complete, row.name, **outcome_for(row))
		raise AssertionError(f"It did not end: {self._enrollments()}")

	# the tools

	def _try(self, as_user: str, action: Any, *arguments: Any, **options: Any) -> None:
		"""A user does something, and may be told that it is too late."""
		frappe.set_user(as_user)
		try:
			action(*arguments, **options)
		except (NotPossibleNow, NotPossible, frappe.PermissionError):
			frappe.db.rollback()
		frappe.db.commit()
		frappe.set_user("Administrator")

	def _try_each(self, action: Any) -> None:
		for name in self._running():
			self._try("Administrator", action, name)

	def _enrollments(self) -> list[frappe._dict]:
		return frappe.get_all(
			"Sequence Enrollment",
			filters={"name": ["in", self.names]},
			fields=["name", "status", "phase", "step", "due_on", "exit_reason", "ended_on", "lead"],
			order_by="rotation asc",
		)

	def _running(self) -> list[str]:
		return [row.name for row in self._enrollments() if row.status in RUNNING]

	def _activities(self, enrollment: frappe._dict | None = None) -> list[frappe._dict]:
		"""In the order of the plan, which is that of the way."""
		rows = frappe.get_all(
			"Sales Activity",
			filters={"enrollment": enrollment.name if enrollment else ["in", self.names]},
			fields=["name", "enrollment", "step", "title", "kind", "status", "message"],
			order_by="title asc",
		)
		return rows

	def _pending(self) -> list[frappe._dict]:
		return [row for row in self._activities() if row.status in PENDING]

	def _messages(self, enrollment: frappe._dict) -> list[frappe._dict]:
		names = [row.message for row in self._activities(enrollment) if row.message]
		return frappe.get_all(
			"Lead Message",
			filters={"name": ["in", names]},
			fields=["name", "delivery_status", "message_key"],
			order_by="name asc",
		)

	def _mails_about(self, enrollment: frappe._dict) -> int:
		sent = [
			row
			for row in self._messages(enrollment)
			if row.delivery_status in ("Sent", "Sending", "Delivered")
		]
		return len(sent)


def make_sequence(steps: list[dict[str, Any]], *, exits: bool, again: str) -> str:
	"""An active sequence of a new name: what is cached of another example's would be of other steps."""
	switches = ("reply", "conversion", "booking", "decline", "bounce")
	leaves_on = {f"exit_on_{what}": int(exits) for what in switches}
	if any(step.get("branch_on") == "Replied" for step in steps):
		leaves_on["exit_on_reply"] = 0
	doc = frappe.get_doc(
		doctype="Sequence",
		sequence_name=f"Life {next(numbers)}",
		document_type="Lead",
		re_enrollment=again,
		steps=steps,
		**leaves_on,
	).insert()
	versions.activate(doc.name)
	return doc.name


def let_pass(seconds: int) -> None:
	"""Move all that waits for a time; backwards for a clock that is set back."""
	for doctype, columns in (
		("Sequence Enrollment", ("due_on", "enrolled_on")),
		("Sales Activity", ("due_on", "snoozed_until")),
		("Lead Message", ("next_attempt_on",)),
		("Email Queue", ("send_after",)),
	):
		changes = ", ".join(f"`{column}` = `{column}` - interval %(seconds)s second" for column in columns)
		frappe.db.sql(f"update `tab{doctype}` set {changes}", {"seconds": seconds})
	frappe.db.commit()


def outcome_for(row: frappe._dict, outcome: str = "Answered") -> dict[str, str]:
	return {"outcome": outcome} if row.kind == Kind.CALL.value else {}


@pytest.fixture
def people(transaction: None) -> None:
	for user in (SARA, JUN):
		make_user(user)
	frappe.get_doc(
		doctype="Email Template",
		name="Life",
		subject="About your request",
		response="Hello {{ first_name }}",
	).insert()
	for industry in ("Software",):
		if not frappe.db.exists("Industry Type", industry):
			frappe.get_doc(doctype="Industry Type", industry=industry).insert()


def test_whatever_happens_to_a_lead_in_a_sequence(
	people: None, jobs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
	with mails_leave(monkeypatch) as server:
		run_state_machine_as_test(
			lambda: LifeInASequence(server),
			settings=settings(
				max_examples=20,
				stateful_step_count=20,
				deadline=None,
				database=None,
				phases=[Phase.generate],  # making a failure smaller would take minutes
				suppress_health_check=list(HealthCheck),
			),
		)
	assert outbox.MEDIA and server.mails, "no example sent anything"
