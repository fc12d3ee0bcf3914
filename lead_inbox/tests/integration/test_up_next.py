"""Up next: what comes next for one record, and where its sequences stand (SQ-5, SQ-4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.api import worklist as desk
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import ExitReason
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.sequence_builders import (
	come_to_step,
	enroll,
	make_opportunity,
	make_sequence,
	step,
)
from lead_inbox.tests.integration.test_worklist import as_user, make_activity, make_event

STEPS = (
	step("Call", "Phone Call", branch_on="Call Answered", yes_step="Meet", next_step="Write"),
	step("Write", "Email", wait=2, wait_in="Working Time"),
	step("Meet", "Meeting", wait=30, wait_unit="Minutes"),
	step("Give up"),
)


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def lead(jun: str) -> Any:
	return make_lead(first_name="Naree", lead_owner=jun)


def shown(user: str, record: Any) -> dict[str, Any]:
	return as_user(user, desk.get_up_next, record.doctype, record.name)


def test_of_a_record_without_plans_there_is_nothing(lead, jun):
	sequence = make_sequence(["Call"], description="Call at once")
	seen = shown(jun, lead)
	assert (seen["items"], seen["later"], seen["enrollments"], seen["past"]) == ([], [], [], [])
	(offered,) = seen["sequences"]
	assert (offered["name"], offered["description"]) == (sequence, "Call at once")
	assert seen["can"] == {"enroll": True, "add": True, "write": True}


def test_the_active_step_can_be_worked_on_and_the_later_ones_only_seen(lead, jun):
	enrollment = enroll(make_sequence(STEPS), lead)
	activity = come_to_step(enrollment)
	seen = shown(jun, lead)
	(item,) = seen["items"]
	assert (item["name"], item["step_no"], item["step_count"]) == (activity.name, 1, 4)
	assert item["can"]["start"] and item["can"]["snooze"]
	assert [(one["title"], one["kind"]) for one in seen["later"]] == [
		("Write", "Email"),
		("Meet", "Meeting"),
		("Give up", "Task"),
	]
	assert [one["in_words"] for one in seen["later"]] == [
		"2 working days later",
		"30 minutes later",
		"right after that",
	]
	(standing,) = seen["enrollments"]
	assert (standing["name"], standing["phase"], standing["step_title"]) == (enrollment, "Working", "Call")
	assert standing["version"] == 1 and not standing["previous_owner"]


def test_while_a_sequence_waits_its_next_step_is_told(lead, jun):
	enrollment = enroll(make_sequence([step("Call", "Phone Call", wait=2), step("Write", "Email")]), lead)
	seen = shown(jun, lead)
	(standing,) = seen["enrollments"]
	assert seen["items"] == [] and [one["title"] for one in seen["later"]] == ["Write"]
	assert (standing["name"], standing["status"], standing["phase"]) == (enrollment, "Active", "Waiting")
	assert standing["due_on"] > now_datetime() and "Comes" in standing["in_words"]
	assert standing["waits_for"] is None


def test_a_branch_says_what_it_watches_for(lead, jun):
	steps = [step("Write", "Email", branch_on="Replied", branch_within=3), step("Call", "Phone Call")]
	activity = come_to_step(enroll(make_sequence(steps, exit_on_reply=0), lead))
	as_user(jun, activities.complete, activity.name)
	(standing,) = shown(jun, lead)["enrollments"]
	assert (standing["phase"], standing["waits_for"]) == ("Watching", "Replied")
	assert "reply" in standing["in_words"]


def test_a_paused_step_is_shown_and_can_not_be_worked_on(lead, jun):
	enrollment = enroll(make_sequence(["Call"]), lead)
	come_to_step(enrollment)
	engine.pause(enrollment)
	seen = shown(jun, lead)
	assert (seen["items"][0]["status"], seen["enrollments"][0]["status"]) == ("Paused", "Paused")
	assert not seen["items"][0]["can"]["complete"] and not seen["items"][0]["can"]["snooze"]


def test_what_is_planned_beside_sequences_is_shown_in_the_order_of_time(lead, jun):
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	later = now_datetime() + timedelta(days=2)
	by_hand, meeting = make_activity(lead, jun, later), make_event(lead, jun, later + timedelta(days=1))
	make_activity(lead, jun, status="Completed", completed_on=now_datetime())
	make_activity(make_lead(first_name="Other"), jun)
	assert [item["key"] for item in shown(jun, lead)["items"]] == [
		f"call_back/{lead.name}",
		f"activity/{by_hand}",
		f"event/{meeting}",
	]


def test_an_opportunity_has_plans_of_its_own(lead, jun):
	opportunity = make_opportunity(lead.name, opportunity_owner=jun)
	for_leads = make_sequence(["Call"])
	for_opportunities = make_sequence(["Ask"], document_type="Opportunity")
	activity = make_activity(opportunity, jun)
	seen = shown(jun, opportunity)
	assert [item["name"] for item in seen["items"]] == [activity]
	assert [one["name"] for one in seen["sequences"]] == [for_opportunities] != [for_leads]
	assert activity not in [item["name"] for item in shown(jun, lead)["items"]]


def test_a_step_of_a_previous_owner_is_marked(lead, jun):
	sara = make_user("sara@company.example")
	come_to_step(enroll(make_sequence(["Call", "Write"]), lead))
	assert not shown(jun, lead)["enrollments"][0]["previous_owner"]
	lead.reload()
	lead.lead_owner = sara
	lead.save()
	(standing,) = shown(jun, lead)["enrollments"]
	assert standing["previous_owner"] and standing["owner_full_name"] == "Sara"


def test_a_step_that_is_somebody_else_s_by_the_plan_is_no_previous_owner_s(lead, jun):
	sara = make_user("sara@company.example")
	come_to_step(enroll(make_sequence([step("Call", done_by="User", user=sara)]), lead))
	assert not shown(jun, lead)["enrollments"][0]["previous_owner"]


def test_sequences_that_would_refuse_the_record_are_not_offered(lead, jun):
	exclusive = make_sequence(["Call"], exclusive=1)
	again = make_sequence(["Call"], exclusive=0, re_enrollment="Any Time")
	make_sequence(["Call"], status="Archived")
	make_sequence(["Call"], status="Draft")
	assert {one["name"] for one in shown(jun, lead)["sequences"]} == {exclusive, again}
	enroll(again, lead)
	assert [one["name"] for one in shown(jun, lead)["sequences"]] == [again]
	lifecycle.apply(lead.name, Happening.DECLINED)
	assert shown(jun, lead)["sequences"] == []


def test_the_last_five_sequences_that_it_has_been_through_are_told(lead, jun):
	for number in range(7):
		enrollment = enroll(make_sequence(["Call"], sequence_name=f"Sequence {number}"), lead)
		engine.leave(enrollment, ExitReason.STOPPED)
		frappe.db.set_value(
			"Sequence Enrollment", enrollment, "ended_on", now_datetime() + timedelta(minutes=number)
		)
	past = shown(jun, lead)["past"]
	assert [one["sequence_name"] for one in past] == [f"Sequence {number}" for number in (6, 5, 4, 3, 2)]
	assert {one["exit_reason"] for one in past} == {"Stopped"}


def test_a_sequence_that_was_deleted_by_force_does_not_break_it(lead, jun):
	enrollment = enroll(make_sequence(["Call"]), lead)
	activity = come_to_step(enrollment)
	frappe.db.delete("Sequence", {"name": activity.sequence})
	frappe.db.delete("Sequence Step", {"parent": activity.sequence})
	frappe.clear_document_cache("Sequence", activity.sequence)
	seen = shown(jun, lead)
	assert [item["name"] for item in seen["items"]] == [activity.name]
	assert (seen["later"], seen["enrollments"][0]["step_no"]) == ([], None)


def test_who_may_not_read_the_record_gets_nothing(lead):
	stranger = make_user("stranger@company.example", "Customer")
	with pytest.raises(frappe.PermissionError):
		shown(stranger, lead)


def test_no_other_doctype_has_an_up_next(jun):
	with pytest.raises(frappe.ValidationError):
		as_user(jun, desk.get_up_next, "User", jun)
