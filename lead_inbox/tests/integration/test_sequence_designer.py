"""A sequence from draft to archive: what its form lets through and what it says (SQ-1)."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import frappe
import pytest
from frappe import ValidationError
from frappe.api import v1
from frappe.client import save as save_from_form

from lead_inbox.api import sequence_plans
from lead_inbox.sequences import rules
from lead_inbox.sequences.planning import plans
from lead_inbox.tests.integration.builders import make_lead, make_user

MANAGER = "manager@company.example"


def step(title: str, kind: str = "Phone Call", **values: Any) -> dict[str, Any]:
	return {"title": title, "kind": kind, **values}


def make_plan(*steps: dict[str, Any], name: str = "Follow up", **values: Any) -> Any:
	return frappe.get_doc(
		{
			"doctype": "Sequence",
			"sequence_name": name,
			"document_type": "Lead",
			"steps": list(steps) or [step("Call")],
			**values,
		}
	).insert()


def make_template(name: str, response: str, subject: str = "Your request") -> str:
	template = frappe.get_doc(doctype="Email Template", name=name, subject=subject, response=response)
	return template.insert().name


def spoil_template(name: str, response: str) -> None:
	"""As an import or a script would write it: Frappe itself refuses a template that it can't read."""
	frappe.db.set_value("Email Template", name, "response", response)
	frappe.clear_document_cache("Email Template", name)


def track_mails(on: int) -> None:
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", on)


def activated(*steps: dict[str, Any], **values: Any) -> Any:
	plan = make_plan(*steps, **values)
	sequence_plans.activate(plan.name)
	return plan.reload()


def enroll(sequence: str, number: int = 0, status: str = "Active") -> str:
	"""A record on a version, as the engine would have left it."""
	sequence_name = frappe.db.get_value("Sequence", sequence, "sequence_name")
	return (
		frappe.get_doc(
			doctype="Sequence Enrollment",
			sequence=sequence,
			sequence_name=sequence_name,
			reference_doctype="Lead",
			reference_name=make_lead(first_name=f"Customer {number}").name,
			status=status,
		)
		.insert(ignore_links=True)
		.name
	)


def outcome_of(enrollment: str) -> tuple[str, str | None]:
	status, reason = frappe.db.get_value("Sequence Enrollment", enrollment, ["status", "exit_reason"])
	return status, reason or None


def run_jobs(jobs: list[tuple[Any, dict[str, Any]]]) -> None:
	for method, arguments in jobs:
		frappe.get_attr(method)(**arguments) if isinstance(method, str) else method(**arguments)


def status_of(sequence: str) -> str:
	return frappe.db.get_value("Sequence", sequence, "status")


def message_of(caught: pytest.ExceptionInfo[BaseException]) -> str:
	return unescape(frappe.utils.strip_html(str(caught.value)))


def refusal(*steps: dict[str, Any], **values: Any) -> str:
	"""What the form says about a plan that it does not take."""
	with pytest.raises(ValidationError) as caught:
		make_plan(*steps, **values)
	return message_of(caught)


# Plans


def test_plan_with_a_branch_is_kept_as_it_was_drawn():
	plan = make_plan(
		step("Call", branch_on="Call Answered", yes_step="Meet", next_step="Call again"),
		step("Call again", next_step="End"),
		step("Meet", "Meeting"),
	)
	first = plans.plan_of(plan.name).steps[0]
	again, meet = plan.steps[1].name, plan.steps[2].name
	assert (plan.status, plan.version) == ("Draft", 1)
	assert (first.branch.signal, first.yes, first.then) == (rules.Signal.ANSWERED, meet, again)
	assert plans.plan_of(plan.name).step(again).then is None


@pytest.mark.parametrize(
	("steps", "words"),
	[
		([step("Call"), step("call")], "Used more than once: Call and call"),
		([step("End")], "Step 1, End: End stands for the end of the plan"),
		([step(" ")], "Step 1: enter a title"),
		([step("Call", next_step="Gone")], "Step 1, Call: there is no step Gone to go to"),
		([step("Call", next_step="End"), step("Write")], "No record would ever come to Write"),
		([step("A"), step("B", next_step="A")], "The plan would never end: A → B → A"),
		([step("Call", wait=31)], "Step 1, Call: its wait is 30 days at most"),
		(
			[step("Call", wait=1, wait_unit="Weeks")],
			'Row #1: Unit of the Wait cannot be "Weeks"',
		),
		(
			[step("Write", "Email", branch_on="Field Value", branch_field="status", branch_value="Open",
				branch_within=800, branch_within_unit="Hours")],
			"Step 1, Write: the time for an answer is 30 days at most",
		),
		([step("Write", "Email", automatic=1)], "Step 1, Write: choose the Email Template"),
		([step("Text", "SMS", automatic=1)], "Step 1, Text: enter the message"),
		([step("Call", done_by="User")], "Step 1, Call: choose the user"),
		([step("Call", done_by="User Group")], "Step 1, Call: choose the User Group"),
		([step("Call", branch_on="Opened", branch_within=1)], "only a mail can be opened"),
		([step("Write", "Email", branch_on="Call Answered")], "only a Phone Call can be answered"),
		([step("Call", branch_on="Replied", branch_within=1)], "Switch off On a Reply"),
		([step("Call", branch_on="Field Value")], "choose the field that the branch asks about"),
		([step("Call", branch_on="Field Value", branch_field="status")], "enter the value"),
		(
			[step("Call", branch_on="Field Value", branch_field="colour", branch_operator="Set")],
			"Lead has no field colour to ask about",
		),
		(
			[step("Call", branch_on="Field Value", branch_field="notes", branch_operator="Set")],
			"Lead has no field notes to ask about",
		),
	],
)  # fmt: skip
def test_plan_that_would_not_work_is_refused_in_words(steps, words):
	assert words in refusal(*steps)


def test_mail_can_be_asked_about_only_where_the_site_tracks_mails():
	track_mails(0)
	opened = step("Write", "Email", branch_on="Opened", branch_within=2)
	assert "Switch Track Opens and Clicks of Mails on in Lead Inbox Settings" in refusal(opened)
	track_mails(1)
	assert make_plan(opened).steps[0].branch_on == "Opened"


def test_reply_can_be_asked_about_where_it_does_not_end_the_sequence():
	plan = make_plan(step("Call", branch_on="Replied", branch_within=1), exit_on_reply=0)
	assert plan.steps[0].branch_on == "Replied"


def test_what_the_form_hides_is_forgotten():
	"""Else the engine would try to send a call by itself."""
	template = make_template("Welcome", "Hello")
	plan = make_plan(
		step(
			"Call", automatic=1, email_template=template, message="Hi", user="Administrator", yes_step="Call"
		)
	)
	row = plan.steps[0]
	assert (row.automatic, row.email_template, row.message, row.user, row.yes_step) == (0, *[None] * 4)


def test_disabled_user_does_no_step_and_stands_in_for_nobody():
	gone = make_user("gone@company.example")
	frappe.get_doc("User", gone).update({"enabled": 0}).save()
	assert f"Step 1, Call: {gone} is disabled" in refusal(step("Call", done_by="User", user=gone))
	assert f"The stand-in {gone} is disabled" in refusal(stand_in=gone)


def test_user_group_that_nobody_is_in_is_warned_about():
	group = frappe.get_doc(
		doctype="User Group", user_group_members=[{"user": make_user("jun@company.example")}]
	)
	group.insert(set_name="Callers")
	frappe.clear_messages()
	make_plan(step("Call", done_by="User Group", user_group="Callers"))
	assert not frappe.message_log
	frappe.get_doc("User", "jun@company.example").update({"enabled": 0}).save()
	frappe.clear_messages()
	make_plan(step("Call", done_by="User Group", user_group="Callers"), name="Another")
	assert "nobody in the User Group" in str(frappe.message_log)


# Templates and conditions


@pytest.mark.parametrize(
	("response", "words"),
	[
		("Hello {{ first_name ", "line 1: unexpected end of template"),
		("Hello {{ first_name | shout }}", "line 1: No filter named 'shout'"),
		("Hello {{ frist_name }}", "'frist_name' is undefined"),
		("Hello {{ 1 / 0 }}", "division by zero"),
		("Hello {{ first_name.__class__ }}", "It may not contain .__"),
	],
)
def test_mail_that_can_not_be_filled_in_is_found_with_its_step(response, words):
	make_lead()
	template = make_template("Welcome", "Hello")
	spoil_template(template, response)
	said = refusal(step("Call"), step("Write", "Email", automatic=1, email_template=template))
	assert "Step 2, Write: Welcome can't be filled in" in said
	assert words in said


def test_subject_is_tried_too():
	template = make_template("Welcome", "Hello", subject="For {{ nobody }}")
	said = refusal(step("Write", "Email", email_template=template))
	assert "the subject of Welcome can't be filled in" in said


@pytest.mark.parametrize("has_leads", [True, False])
def test_text_is_tried_on_a_record_or_on_an_empty_one(has_leads):
	frappe.db.delete("Lead")
	if has_leads:
		make_lead()
	plan = make_plan(step("Text", "SMS", automatic=1, message="Hi {{ first_name or lead_name or '' }}"))
	assert plan.steps[0].automatic
	assert "'frist_name' is undefined" in refusal(step("Text", "SMS", message="{{ frist_name }}"), name="2")


def test_text_that_frappe_would_take_for_a_file_is_refused():
	said = refusal(step("Text", "SMS", message="See https://company.example/offer.html"))
	assert "the message can't be filled in: It ends like the name of a file" in said


def test_manager_who_may_read_no_lead_tries_templates_on_an_empty_one():
	"""The newest lead is not theirs to see, also not through the words of an error."""
	make_lead(first_name="Secret")
	frappe.set_user(make_user("designer@company.example", "Sales Manager"))
	frappe.permissions.add_user_permission(
		"Lead", make_lead().name, frappe.session.user, ignore_permissions=True
	)
	assert "Secret" not in refusal(
		step("Text", "SMS", message="{{ first_name }}{{ (first_name or '').x.y }}")
	)


@pytest.mark.parametrize(
	("condition", "words"),
	[
		("", "Enter the condition"),
		('inbox_type = "Form"', "The condition can't be asked of a record: "),
		("inbox_typ == 1", "name 'inbox_typ' is not defined"),
		("lead_name + 1 > 2", "TypeError"),
	],
)
def test_condition_that_can_not_be_asked_is_refused_in_words(condition, words):
	make_lead()
	assert words in refusal(enroll_automatically=1, enroll_condition=condition)


def test_condition_like_that_of_an_assignment_rule_is_taken():
	condition = 'inbox_status == "New" and inbox_type == "Form"'
	assert make_plan(enroll_automatically=1, enroll_condition=condition).enroll_condition == condition


# Versions


def test_activating_archives_the_version_before_and_leaves_its_records_on_it():
	first = activated(step("Call"))
	enrollment = enroll(first.name)
	second = sequence_plans.new_version(first.name)
	assert (status_of(first.name), status_of(second)) == ("Active", "Draft")
	sequence_plans.activate(second)
	assert (status_of(first.name), status_of(second)) == ("Archived", "Active")
	kept = frappe.db.get_value("Sequence Enrollment", enrollment, ["sequence", "status"])
	assert kept == (first.name, "Active")


def test_new_version_has_the_plan_in_rows_of_its_own():
	first = activated(step("Call", next_step="Write"), step("Write", "Email"), exclusive=0)
	second = frappe.get_doc("Sequence", sequence_plans.new_version(first.name))
	assert (second.name, second.version, second.exclusive) == ("Follow up v2", 2, 0)
	assert [(row.title, row.next_step) for row in second.steps] == [("Call", "Write"), ("Write", "")]
	assert not {row.name for row in first.steps} & {row.name for row in second.steps}


def test_sequence_has_one_draft_at_most():
	first = activated(step("Call"))
	sequence_plans.new_version(first.name)
	with pytest.raises(ValidationError, match=r"There is a draft of it already: .*Follow up v2"):
		sequence_plans.new_version(first.name)


def test_name_stands_for_one_kind_of_record():
	activated(step("Call"))
	assert "for another kind of record, Lead" in refusal(document_type="Opportunity")


@pytest.mark.parametrize(
	"change",
	[
		lambda doc: doc.steps[0].update({"title": "Ring"}),
		lambda doc: doc.steps[0].update({"wait": 9}),
		lambda doc: doc.append("steps", step("Another")),
		lambda doc: doc.steps.pop(),
		lambda doc: (doc.steps[0].update({"idx": 2}), doc.steps[1].update({"idx": 1})),
		lambda doc: doc.update({"exit_on_reply": 0}),
		lambda doc: doc.update({"enroll_automatically": 1, "enroll_condition": "True"}),
	],
)
@pytest.mark.parametrize("archived", [False, True])
def test_plan_that_records_go_by_can_not_be_changed(change, archived):
	plan = activated(step("Call"), step("Write", "Email"))
	if archived:
		sequence_plans.archive(plan.name)
		plan.reload()
	change(plan)
	with pytest.raises(ValidationError, match="Make a new version"):
		plan.save()


def test_form_of_an_active_sequence_saves_what_is_not_the_plan():
	plan = activated(step("Call"), step("Write", "Email"))
	stand_in = make_user("sara@company.example")
	sent = {**json.loads(plan.as_json()), "stand_in": stand_in, "description": "For the season"}
	save_from_form(json.dumps(sent))
	assert frappe.db.get_value("Sequence", plan.name, ["stand_in", "description"]) == (
		stand_in,
		"For the season",
	)


@pytest.mark.parametrize("status", ["Active", "Archived"])
def test_status_moves_by_the_buttons_only(status):
	assert "changed by the buttons" in refusal(status=status)
	plan = make_plan()
	with pytest.raises(ValidationError, match="changed by the buttons"):
		plan.update({"status": status}).save()


def test_activating_tries_the_plan_again():
	template = make_template("Welcome", "Hello")
	plan = make_plan(step("Write", "Email", automatic=1, email_template=template))
	spoil_template(template, "Hello {{ nobody }}")
	with pytest.raises(ValidationError, match="can't be filled in"):
		sequence_plans.activate(plan.name)
	assert status_of(plan.name) == "Draft"


def test_only_a_draft_is_activated_or_deleted():
	plan = activated(step("Call"))
	with pytest.raises(ValidationError, match="Only a draft can be activated"):
		sequence_plans.activate(plan.name)
	with pytest.raises(ValidationError, match="is not a draft"):
		frappe.delete_doc("Sequence", plan.name)
	draft = sequence_plans.new_version(plan.name)
	frappe.delete_doc("Sequence", draft)
	assert not frappe.db.exists("Sequence", draft)


def test_a_step_is_changed_in_its_sequence_alone():
	"""By REST a row may be written by itself; the sequence then can't tell what has changed."""
	plan = activated(step("Call"), step("Call again", wait=2))
	place = {"parent": plan.name, "parenttype": "Sequence", "parentfield": "steps"}
	doors = [
		(v1.update_doc, {"title": "Visit"}, plan.steps[1].name),
		(v1.create_doc, {**step("Visit"), **place}),
		(v1.delete_doc, {}, plan.steps[1].name),
	]
	frappe.set_user(make_user(MANAGER, "Sales Manager"))
	for door, values, *row in doors:
		frappe.local.form_dict = frappe._dict(data=json.dumps(values))
		with pytest.raises(ValidationError, match="Follow up"):
			door("Sequence Step", *row)
	assert [row.title for row in plan.reload().steps] == ["Call", "Call again"]


def test_sequence_whose_people_are_gone_can_still_be_archived_and_mended():
	gone = make_user("gone@company.example")
	plan = activated(step("Call", done_by="User", user=gone))
	frappe.db.delete("User", {"name": gone})
	frappe.clear_document_cache("User", gone)
	frappe.db.value_cache.clear()
	draft = frappe.get_doc("Sequence", sequence_plans.new_version(plan.name))
	sequence_plans.archive(plan.name)
	assert status_of(plan.name) == "Archived"
	with pytest.raises(ValidationError, match=r"Step 1, .*Call.*: choose the user"):
		draft.save()
	draft.reload().steps[0].update({"done_by": "Owner"})
	draft.save()
	sequence_plans.activate(draft.name)
	assert status_of(draft.name) == "Active"


def test_archiving_keeps_the_records_unless_told_otherwise(jobs):
	plan = activated(step("Call"))
	enrollment = enroll(plan.name)
	sequence_plans.archive(plan.name)
	assert status_of(plan.name) == "Archived"
	assert frappe.db.get_value("Sequence Enrollment", enrollment, "status") == "Active"
	assert not jobs


def test_archiving_can_let_all_records_leave(jobs):
	plan, other = activated(step("Call")), activated(step("Call"), name="Another")
	stopped = [enroll(plan.name, number, status) for number, status in enumerate(("Active", "Paused"))]
	finished, elsewhere = enroll(plan.name, 3, "Finished"), enroll(other.name, 4)
	sequence_plans.archive(plan.name, stop_running=1)
	frappe.db.commit()
	run_jobs(jobs)
	assert [outcome_of(name) for name in stopped] == [("Exited", "Archived")] * 2
	assert outcome_of(finished) == ("Finished", None)
	assert outcome_of(elsewhere) == ("Active", None)


def test_records_go_on_when_the_form_says_so(jobs):
	plan = activated(step("Call"))
	enrollment = enroll(plan.name)
	sequence_plans.archive(plan.name, stop_running="0")  # numbers of a form arrive as text
	frappe.db.commit()
	run_jobs(jobs)
	assert outcome_of(enrollment) == ("Active", None)


def test_records_of_an_archived_version_can_still_be_stopped(jobs):
	first = activated(step("Call"))
	enrollment = enroll(first.name)
	sequence_plans.activate(sequence_plans.new_version(first.name))
	sequence_plans.archive(first.name, stop_running=1)
	frappe.db.commit()
	run_jobs(jobs)
	assert outcome_of(enrollment) == ("Exited", "Archived")


def test_draft_is_not_archived():
	with pytest.raises(ValidationError, match="Delete it instead"):
		sequence_plans.archive(make_plan().name)


def test_form_tells_how_many_records_are_on_a_version():
	plan = activated(step("Call"))
	for number, status in enumerate(("Active", "Paused", "Finished", "Exited")):
		enroll(plan.name, number, status)
	plan.run_method("onload")
	assert plan.get_onload("running") == 2


# Rights


@pytest.mark.parametrize(
	"action", [sequence_plans.activate, sequence_plans.new_version, sequence_plans.archive]
)
def test_sales_person_uses_sequences_and_does_not_change_them(action):
	plan = make_plan()
	frappe.set_user(make_user("jun@company.example"))
	assert frappe.get_doc("Sequence", plan.name).has_permission("read")
	with pytest.raises(frappe.PermissionError):
		action(plan.name)


def test_sales_manager_takes_a_sequence_through_its_life():
	frappe.set_user(make_user(MANAGER, "Sales Manager", "Sales User"))
	plan = activated(step("Call"))
	sequence_plans.activate(sequence_plans.new_version(plan.name))
	sequence_plans.archive("Follow up v2")
	assert status_of("Follow up v2") == "Archived"
