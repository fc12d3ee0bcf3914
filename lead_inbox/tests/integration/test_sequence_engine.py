"""Records going through sequences: requirements SQ-2, SQ-4 and SQ-8."""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.inbox.replies import outbox
from lead_inbox.sequences.enrollment import assignees, engine, enrollment_rules, exits
from lead_inbox.sequences.rules import ExitReason, Result, Signal
from lead_inbox.tests.integration.builders import closed_now, make_channel, make_lead, make_user
from lead_inbox.tests.integration.sequence_builders import (
	activities_of,
	activity_of,
	advance,
	come_to_step,
	enroll,
	enrollment_of,
	make_opportunity,
	make_sequence,
	make_template,
	open_activities,
	set_due,
	step,
)

ANA, BEN = "ana@company.example", "ben@company.example"


def lead_of(user: str, **values):
	return make_lead(lead_owner=user, **values)


def complete(enrollment: str, *noticed: Signal) -> None:
	engine.finish_step(activity_of(enrollment).name, Result.COMPLETED, frozenset(noticed))


def make_group(*users: str) -> str:
	name = f"Group {frappe.generate_hash(length=6)}"
	members = [{"user": user} for user in users]
	group = frappe.get_doc(doctype="User Group", name=name, user_group_members=members)
	return group.insert(ignore_mandatory=True).name


def message_of(enrollment: str):
	return frappe.get_doc("Lead Message", activity_of(enrollment).message)


def automatic_mail(title: str = "Mail", template: str | None = None, **fields):
	return step(title, "Email", automatic=1, email_template=template or make_template(), **fields)


# Persons' steps


def test_a_step_is_in_its_owners_worklist_once_its_wait_is_over():
	ana = make_user(ANA)
	lead = lead_of(ana)
	enrollment = enroll(make_sequence([step("Call", "Phone Call", wait=2, instructions="Be brief")]), lead)
	advance()
	assert open_activities(lead) == []
	activity = come_to_step(enrollment)
	assert (activity.title, activity.kind, activity.status) == ("Call", "Phone Call", "Open")
	assert (activity.user, activity.instructions, activity.lead) == (ana, "Be brief", lead.name)


def test_the_next_step_comes_after_the_present_one_is_done_and_its_own_wait():
	enrollment = enroll(make_sequence(["One", step("Two", wait=1)]), make_lead())
	advance()
	complete(enrollment)
	waiting = enrollment_of(enrollment)
	assert (waiting.phase, waiting.step_title) == ("Waiting", "Two")
	assert timedelta(hours=23) < waiting.due_on - now_datetime() <= timedelta(days=1)
	assert come_to_step(enrollment).title == "Two"
	complete(enrollment)
	assert enrollment_of(enrollment).status == "Finished"
	assert enrollment_of(enrollment).ended_on


def test_many_advance_together_each_to_its_own_activity():
	sequence = make_sequence(["Call"])
	leads = [make_lead(first_name=f"Number {number}") for number in range(7)]
	enrollments = [enroll(sequence, lead) for lead in leads]
	advance()
	assert [activity_of(name).reference_name for name in enrollments] == [lead.name for lead in leads]
	advance()
	assert frappe.db.count("Sales Activity", {"sequence": sequence}) == 7


@pytest.mark.parametrize(("kind", "phase"), [("call", "Working"), ("mail", "Sending")])
def test_what_is_due_is_worked_in_bounded_batches(kind, phase, monkeypatch):
	monkeypatch.setattr("lead_inbox.sequences.enrollment.advancing.BATCH", 3)
	sequence = make_sequence(["Call"] if kind == "call" else [automatic_mail()])
	leads = [
		make_lead(first_name=f"N {number}", email_id=f"n{number}@customer.example") for number in range(8)
	]
	enrollments = [enroll(sequence, lead) for lead in leads]
	assert advance() is True
	assert {enrollment_of(name).phase for name in enrollments} == {phase}


def test_the_time_that_a_job_has_is_kept():
	enroll(make_sequence(["Call"]), make_lead())
	assert engine.advance_due(0) is False


def test_an_activity_is_due_when_somebody_works():
	make_channel("Closed", hours=closed_now())
	lead = make_lead()
	frappe.db.set_value("Lead", lead.name, "inbox_channel", "Closed")
	activity = come_to_step(enroll(make_sequence(["Call"]), lead))
	assert activity.due_on > now_datetime() + timedelta(hours=1)


def test_a_sequences_own_hours_count_where_the_lead_has_none():
	make_channel("Closed", hours=closed_now())
	activity = come_to_step(enroll(make_sequence(["Call"], hours_channel="Closed"), make_lead()))
	assert activity.due_on > now_datetime() + timedelta(hours=1)


def test_a_clock_set_back_an_hour_does_no_step_twice_and_keeps_no_one_waiting_for_good():
	enrollment = enroll(make_sequence(["One", step("Two", wait=1, wait_unit="Hours")]), make_lead())
	advance()
	later = now_datetime() + timedelta(hours=1)
	complete(enrollment)
	set_due(enrollment, later)  # as it was written by the clock that ran ahead
	advance()
	assert activities_of(enrollment) == [("One", "Open")]
	assert come_to_step(enrollment).title == "Two"


def test_what_is_due_at_once_wakes_a_worker_after_the_commit(jobs):
	engine.WAKING.is_awake()
	enroll(make_sequence(["Call"]), make_lead())
	job = "lead_inbox.tasks.advance_sequences"
	assert job not in [method for method, _arguments in jobs]
	frappe.db.commit()
	assert [method for method, _arguments in jobs].count(job) == 1
	engine.WAKING.is_awake()


# Who does it


def test_the_owner_is_the_first_assignee_else_the_owner_field_and_never_who_is_disabled():
	ana, ben = make_user(ANA), make_user(BEN)
	lead = lead_of(ana)
	assert assignees.owner_of("Lead", lead.name) == ana
	frappe.desk.form.assign_to.add({"doctype": "Lead", "name": lead.name, "assign_to": [ben]})
	assert assignees.owner_of("Lead", lead.name) == ben
	frappe.db.set_value("User", ben, "enabled", 0)
	assert assignees.owner_of("Lead", lead.name) == ana


def test_a_step_may_be_a_certain_users_or_a_groups():
	ana, ben = make_user(ANA), make_user(BEN)
	group = make_group(ben)
	steps = [step("One", done_by="User", user=ben), step("Two", done_by="User Group", user_group=group)]
	enrollment = enroll(make_sequence(steps), lead_of(ana))
	advance()
	assert activity_of(enrollment).user == ben
	complete(enrollment)
	second = come_to_step(enrollment)
	assert (second.user, second.user_group) == (None, group)


def test_the_stand_in_does_the_steps_of_who_is_disabled():
	ana, ben = make_user(ANA), make_user(BEN)
	sequence = make_sequence([step("Call", done_by="User", user=ana)], stand_in=ben)
	frappe.db.set_value("User", ana, "enabled", 0)
	assert come_to_step(enroll(sequence, make_lead())).user == ben


def test_who_was_deleted_does_no_step():
	ben, gone = make_user(BEN), "gone@company.example"
	sequence = make_sequence([step("Call", done_by="User", user=make_user(ANA))], stand_in=ben)
	frappe.db.set_value("Sequence Step", {"parent": sequence}, "user", gone)
	frappe.clear_document_cache("Sequence", sequence)
	assert come_to_step(enroll(sequence, make_lead())).user == ben


def test_who_may_not_read_the_record_does_no_step():
	ben, stranger = make_user(BEN), make_user("stranger@company.example", "Customer")
	sequence = make_sequence([step("Call", done_by="User", user=stranger)], stand_in=ben)
	assert come_to_step(enroll(sequence, make_lead())).user == ben


def test_who_may_read_other_records_only_does_no_step():
	ana, ben = make_user(ANA), make_user(BEN)
	other, lead = make_lead(first_name="Other"), make_lead()
	frappe.get_doc(doctype="User Permission", user=ana, allow="Lead", for_value=other.name).insert()
	sequence = make_sequence([step("Call", done_by="User", user=ana)], stand_in=ben)
	enrollments = [enroll(sequence, record) for record in (lead, other)]
	advance()
	assert [activity_of(name).user for name in enrollments] == [ben, ana]


def test_a_group_without_members_leaves_the_step_to_who_enrolled_the_record():
	ana = make_user(ANA)
	sequence = make_sequence([step("Call", done_by="User Group", user_group=make_group(make_user(BEN)))])
	frappe.db.set_value("User", BEN, "enabled", 0)
	lead = make_lead()
	frappe.set_user(ana)
	enrollment = enroll(sequence, lead)
	frappe.set_user("Administrator")
	activity = come_to_step(enrollment)
	assert (activity.user, activity.user_group) == (ana, None)


def test_a_step_that_nobody_can_do_is_unassigned_not_lost():
	ana = make_user(ANA)
	sequence, lead = make_sequence(["Call"]), lead_of(ana)
	frappe.set_user(ana)
	enrollment = enroll(sequence, lead)
	frappe.set_user("Administrator")
	frappe.db.set_value("User", ana, "enabled", 0)
	activity = come_to_step(enrollment)
	assert (activity.status, activity.user, activity.user_group) == ("Open", None, None)


def test_after_two_changes_of_the_owner_the_open_step_stays_and_the_next_goes_to_the_newest():
	ana, ben, cleo = make_user(ANA), make_user(BEN), make_user("cleo@company.example")
	lead = lead_of(ana)
	enrollment = enroll(make_sequence(["One", "Two"]), lead)
	advance()
	for owner in (ben, cleo):
		lead.reload()
		lead.lead_owner = owner
		lead.save()
	assert activity_of(enrollment).user == ana
	complete(enrollment)
	advance()
	assert activity_of(enrollment).user == cleo


@pytest.mark.parametrize(
	("choice", "expected"),
	[
		("stay", (ANA, "Open", "Active")),
		("move", (BEN, "Open", "Active")),
		("stop", (ANA, "Cancelled", "Exited")),
	],
)
def test_who_changes_the_owner_chooses_what_becomes_of_the_open_step(choice, expected):
	from lead_inbox.api import desk

	ana, ben = make_user(ANA), make_user(BEN)
	lead = lead_of(ana)
	enrollment = enroll(make_sequence(["One", "Two"]), lead)
	advance()
	desk.assign([lead.name], ben, sequences=choice)
	activity = activity_of(enrollment)
	assert (activity.user, activity.status, enrollment_of(enrollment).status) == expected


def test_a_choice_that_there_is_not_is_refused():
	enrollment = enroll(make_sequence(["One"]), make_lead())
	with pytest.raises(frappe.ValidationError, match="stay, move, stop"):
		engine.follow_owner(enrollment, "sell")


# Automatic steps


def test_an_automatic_mail_goes_out_filled_in_and_the_step_is_done_when_it_has_left():
	lead = make_lead(first_name="Naree", email_id="naree@customer.example")
	enrollment = enroll(make_sequence([automatic_mail(), "Call"]), lead)
	advance()
	message = message_of(enrollment)
	assert (message.kind, message.recipient, message.subject) == ("Email", lead.email_id, "Your request")
	assert (message.content, message.automated, message.delivery_status) == ("Hello Naree", 1, "Queued")
	assert (activity_of(enrollment).status, enrollment_of(enrollment).phase) == ("Sending", "Sending")
	settle(message, "Sent")
	assert activities_of(enrollment) == [("Mail", "Completed")]
	assert enrollment_of(enrollment).step_title == "Call"


def test_an_automatic_sms_is_filled_in_for_its_record():
	frappe.db.set_single_value("SMS Settings", "sms_gateway_url", "http://127.0.0.1:9/")
	lead = make_lead(first_name="Naree", phone="+14155550123")
	text = step("Text", "SMS", automatic=1, message="Hi {{ first_name }}, {{ doc.name }}")
	enrollment = enroll(make_sequence([text]), lead)
	advance()
	message = message_of(enrollment)
	assert (message.kind, message.recipient) == ("SMS", "+14155550123")
	assert message.content == f"Hi Naree, {lead.name}"


def test_an_opportunitys_mail_knows_its_own_fields_and_its_leads():
	lead = make_lead(first_name="Naree", email_id="naree@customer.example")
	opportunity = make_opportunity(lead.name)
	template = make_template("{{ first_name }}: {{ doc.name }}, {{ opportunity_type }}")
	sequence = make_sequence([automatic_mail(template=template)], document_type="Opportunity")
	enrollment = enroll(sequence, opportunity)
	advance()
	assert message_of(enrollment).content == f"Naree: {opportunity.name}, Sales"
	assert message_of(enrollment).lead == lead.name


def test_a_message_has_one_key_so_it_is_never_written_twice():
	enrollment = enroll(make_sequence([automatic_mail()]), make_lead(email_id="naree@customer.example"))
	advance()
	first = message_of(enrollment).name
	# as after a crash that undid the enrollment's own rows but for the message
	frappe.db.delete("Sales Activity", {"enrollment": enrollment})
	frappe.db.set_value(
		"Sequence Enrollment", enrollment, {"phase": "Waiting", "due_on": now_datetime(), "activity": None}
	)
	advance()
	assert message_of(enrollment).name == first
	assert frappe.db.count("Lead Message", {"automated": 1}) == 1


def test_an_automatic_mail_waits_for_the_opening_and_is_sent_once():
	make_channel("Closed", hours=closed_now())
	lead = make_lead(email_id="naree@customer.example")
	frappe.db.set_value("Lead", lead.name, "inbox_channel", "Closed")
	enrollment = enroll(make_sequence([automatic_mail()]), lead)
	advance()
	waiting = enrollment_of(enrollment)
	assert (waiting.phase, waiting.activity) == ("Waiting", None)
	assert waiting.due_on > now_datetime() + timedelta(hours=1)


def test_a_mail_that_failed_is_handed_to_a_person_who_sees_why():
	ana = make_user(ANA)
	lead = lead_of(ana, email_id="naree@customer.example")
	enrollment = enroll(make_sequence([automatic_mail()]), lead)
	advance()
	message = message_of(enrollment)
	frappe.db.set_value("Lead Message", message.name, "delivery_error", "Mailbox &lt;full&gt;")
	settle(message, "Failed")
	activity = activity_of(enrollment)
	assert (activity.status, activity.user, activity.error) == ("Open", ana, "Mailbox <full>")
	assert enrollment_of(enrollment).phase == "Working"
	assert frappe.db.exists("Notification Log", {"for_user": ana, "document_name": activity.name})


def test_a_failed_mail_that_a_person_sends_again_completes_the_step():
	enrollment = enroll(make_sequence([automatic_mail()]), make_lead(email_id="naree@customer.example"))
	advance()
	message = message_of(enrollment)
	settle(message, "Failed")
	settle(message, "Sent")
	assert activities_of(enrollment) == [("Mail", "Completed")]
	assert enrollment_of(enrollment).status == "Finished"


def test_a_message_that_a_person_takes_back_is_theirs_to_replace():
	enrollment = enroll(make_sequence([automatic_mail()]), make_lead(email_id="naree@customer.example"))
	advance()
	assert outbox.withdraw(message_of(enrollment).name)
	activity = activity_of(enrollment)
	assert (activity.status, bool(activity.error)) == ("Open", True)


@pytest.mark.parametrize(("status", "phase"), [("Sent", None), ("Failed", "Working"), ("Queued", "Sending")])
def test_a_message_of_which_the_outbox_never_told_is_looked_after(status, phase):
	enrollment = enroll(make_sequence([automatic_mail()]), make_lead(email_id="naree@customer.example"))
	advance()
	frappe.db.set_value("Lead Message", message_of(enrollment).name, "delivery_status", status)
	set_due(enrollment)
	advance()
	row = enrollment_of(enrollment)
	assert row.phase == phase
	assert phase != "Sending" or row.due_on > now_datetime()


def test_a_message_that_was_on_its_way_when_the_sequence_was_paused_is_looked_after_too():
	enrollment = enroll(
		make_sequence([automatic_mail(), "Call"]), make_lead(email_id="naree@customer.example")
	)
	advance()
	engine.pause(enrollment)
	frappe.db.set_value("Lead Message", message_of(enrollment).name, "delivery_status", "Sent")
	set_due(enrollment)
	advance()
	row = enrollment_of(enrollment)
	assert (row.status, row.step_title) == ("Paused", "Call")


def test_where_the_customer_has_no_lead_a_person_does_the_automatic_step():
	customer = frappe.get_doc(doctype="Customer", customer_name="No lead").insert()
	opportunity = frappe.get_doc(
		doctype="Opportunity",
		opportunity_from="Customer",
		party_name=customer.name,
		opportunity_owner=make_user(ANA),
	).insert()
	sequence = make_sequence([automatic_mail()], document_type="Opportunity")
	enrollment = enroll(sequence, opportunity)
	advance()
	activity = activity_of(enrollment)
	assert (activity.status, activity.user, activity.lead) == ("Open", ANA, None)
	assert "no lead" in activity.error


# What goes wrong


def break_template(template: str, response: str) -> None:
	frappe.db.set_value("Email Template", template, "response", response)


@pytest.mark.parametrize(
	"response", ["{% if %}", "{{ 1 / 0 }}", "{{ first_name.nothing.more }}", "Hello {{ frist_name }}"]
)
def test_a_template_that_breaks_is_tried_again_and_then_a_person_is_told(response):
	ana, template = make_user(ANA), make_template()
	lead = lead_of(ana, email_id="naree@customer.example")
	enrollment = enroll(make_sequence([automatic_mail(template=template)]), lead)
	break_template(template, response)
	delays = []
	for _attempt in enrollment_rules.RETRY_SECONDS:
		set_due(enrollment)
		advance()
		delays.append(enrollment_of(enrollment).due_on - now_datetime())
	assert delays == sorted(delays)
	assert activity_of(enrollment) is None
	activity = come_to_step(enrollment)
	assert (activity.status, activity.user) == ("Open", ana)
	assert activity.error
	assert frappe.db.exists("Notification Log", {"for_user": ana, "document_name": activity.name})
	assert frappe.db.count("Lead Message", {"lead": lead.name}) == 0


def test_a_template_that_was_mended_in_time_is_sent():
	template = make_template()
	enrollment = enroll(
		make_sequence([automatic_mail(template=template)]), make_lead(email_id="naree@customer.example")
	)
	break_template(template, "{% if %}")
	advance()
	assert enrollment_of(enrollment).error
	break_template(template, "Mended")
	set_due(enrollment)
	advance()
	assert message_of(enrollment).content == "Mended"
	assert enrollment_of(enrollment).attempts == 0


def test_one_that_fails_keeps_no_other_waiting():
	template = make_template()
	broken = make_sequence([automatic_mail(template=template)])
	failing = enroll(broken, make_lead(email_id="one@customer.example"))
	others = [enroll(make_sequence(["Call"]), make_lead(first_name=f"N {number}")) for number in range(3)]
	mailed = enroll(make_sequence([automatic_mail()]), make_lead(email_id="two@customer.example"))
	break_template(template, "{% if %}")
	advance()
	assert enrollment_of(failing).attempts == 1
	assert {enrollment_of(name).phase for name in others} == {"Working"}
	assert enrollment_of(mailed).phase == "Sending"


def test_a_step_that_is_gone_becomes_a_persons_task_and_the_end_of_the_plan():
	lead = make_lead(lead_owner=make_user(ANA))
	enrollment = enroll(make_sequence(["Call", "Meet"]), lead)
	frappe.db.set_value("Sequence Enrollment", enrollment, {"step": "gone", "step_title": "Lost"})
	for _attempt in range(len(enrollment_rules.RETRY_SECONDS) + 1):
		set_due(enrollment)
		advance()
	activity = activity_of(enrollment)
	assert (activity.title, activity.kind, activity.user) == ("Lost", "Task", ANA)
	assert "Lost" in activity.error
	complete(enrollment)
	assert enrollment_of(enrollment).status == "Finished"


def test_a_lead_without_an_address_leaves_its_mail_to_a_person():
	enrollment = enroll(make_sequence([automatic_mail()]), make_lead())
	for _attempt in range(len(enrollment_rules.RETRY_SECONDS) + 1):
		set_due(enrollment)
		advance()
	assert "no e-mail address" in activity_of(enrollment).error


# Branches


def test_what_a_call_came_to_decides_where_the_record_goes():
	steps = [step("Call", "Phone Call", branch_on="Call Answered", yes_step="Thank"), "Write", "Thank"]
	for noticed, title in (((Signal.ANSWERED,), "Thank"), ((), "Write")):
		enrollment = enroll(make_sequence(steps), make_lead(first_name=title))
		advance()
		complete(enrollment, *noticed)
		assert enrollment_of(enrollment).step_title == title


def test_a_mail_that_was_opened_in_time_is_a_yes_and_one_that_was_not_a_no():
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", 1)
	mail = automatic_mail(branch_on="Opened", branch_within=2, yes_step="Call")
	sequence = make_sequence([mail, "Write", "Call"])
	opened, unopened = (
		enroll(sequence, make_lead(email_id=f"{name}@customer.example")) for name in ("one", "two")
	)
	advance()
	for name in (opened, unopened):
		settle(message_of(name), "Sent")
	assert enrollment_of(opened).phase == "Watching"
	exits.mail_opened(message_of(opened).name)
	assert enrollment_of(opened).step_title == "Call"
	set_due(unopened)
	advance()
	assert enrollment_of(unopened).step_title == "Write"


def test_a_mail_that_was_opened_before_it_was_known_to_have_left_is_a_yes():
	frappe.db.set_single_value("Lead Inbox Settings", "track_mails", 1)
	mail = automatic_mail(branch_on="Opened", branch_within=2, yes_step="Call")
	enrollment = enroll(make_sequence([mail, "Write", "Call"]), make_lead(email_id="quick@customer.example"))
	advance()
	message = message_of(enrollment)
	frappe.db.set_value("Lead Message", message.name, "opened_on", now_datetime())
	settle(message, "Sent")
	assert enrollment_of(enrollment).step_title == "Call"


def test_a_field_that_gets_its_value_answers_the_branch_at_once():
	branch = {"branch_on": "Field Value", "branch_field": "qualification_status", "branch_value": "Qualified"}
	steps = [step("Ask", **branch, branch_within=5, yes_step="Offer"), "Wait", "Offer"]
	lead = make_lead()
	enrollment = enroll(make_sequence(steps), lead)
	advance()
	complete(enrollment)
	assert enrollment_of(enrollment).phase == "Watching"
	lead.reload()
	lead.qualification_status = "Qualified"
	lead.save()
	assert enrollment_of(enrollment).step_title == "Offer"


def test_a_field_that_has_its_value_already_answers_when_the_step_is_done():
	branch = {"branch_on": "Field Value", "branch_field": "qualification_status", "branch_value": "Qualified"}
	steps = [step("Ask", **branch, branch_within=5, yes_step="Offer"), "Wait", "Offer"]
	enrollment = enroll(make_sequence(steps), make_lead(qualification_status="Qualified"))
	advance()
	complete(enrollment)
	assert enrollment_of(enrollment).step_title == "Offer"


# Pausing and cutting short


def test_a_paused_sequence_waits_and_goes_on_with_what_was_left():
	enrollment = enroll(make_sequence([step("Call", wait=2)]), make_lead())
	due_on = enrollment_of(enrollment).due_on
	engine.pause(enrollment)
	paused = enrollment_of(enrollment)
	assert (paused.status, paused.due_on) == ("Paused", None)
	assert abs(paused.left_seconds - 2 * 86400) < 60
	advance()
	engine.resume(enrollment)
	assert enrollment_of(enrollment).status == "Active"
	assert abs(enrollment_of(enrollment).due_on - due_on) < timedelta(minutes=1)


def test_the_open_step_of_a_paused_sequence_rests_too():
	enrollment = enroll(make_sequence(["Call"]), make_lead())
	advance()
	engine.pause(enrollment)
	assert activity_of(enrollment).status == "Paused"
	engine.resume(enrollment)
	assert activity_of(enrollment).status == "Open"


def test_a_wait_can_be_cut_short_and_an_open_step_can_not():
	enrollment = enroll(make_sequence([step("Call", wait=9)]), make_lead())
	engine.cut_short(enrollment)
	advance()
	assert activity_of(enrollment).title == "Call"
	with pytest.raises(engine.NotPossible):
		engine.cut_short(enrollment)


def test_what_has_ended_can_not_be_paused():
	enrollment = enroll(make_sequence(["Call"]), make_lead())
	engine.leave(enrollment, ExitReason.STOPPED)
	with pytest.raises(engine.NotPossible):
		engine.pause(enrollment)


def settle(message, status: str) -> None:
	"""Let the outbox tell what became of a message."""
	from lead_inbox.inbox import listeners

	frappe.db.set_value("Lead Message", message.name, "delivery_status", status)
	listeners.message_settled(message.name, status)
