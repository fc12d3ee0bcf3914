"""What people do with activities, and what it leaves behind: requirement SQ-3."""

import html

import frappe
import pytest
from frappe.desk.form.load import get_docinfo
from frappe.utils import add_days, add_to_date, now_datetime

from lead_inbox.api import work
from lead_inbox.inbox import lifecycle, privacy
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.activities.activity_rows import NotPossibleNow
from lead_inbox.sequences.enrollment import engine
from lead_inbox.tests.integration.builders import make_lead, make_user, state_of
from lead_inbox.tests.integration.outgoing import as_user
from lead_inbox.tests.integration.sequence_builders import (
	activities_of,
	come_to_step,
	enroll,
	enrollment_of,
	make_opportunity,
	make_sequence,
	step,
)

NUMBER = "+14155550123"
CALL = step("Call about the drip", "Phone Call")


@pytest.fixture
def lead():
	return make_lead(first_name="Naree", phone=NUMBER, email_id="naree@example.com")


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


@pytest.fixture
def guest() -> str:
	return make_user("guest@company.example", "Employee")


def by_hand(record, kind: str = "Task", title: str = "Send the plan", **values) -> str:
	due_on = str(add_days(now_datetime(), 1))
	return work.add(record.doctype, record.name, kind, title, due_on, remind=0, **values)["item"]["name"]


def of_sequence(record, *steps) -> str:
	"""An open activity of a sequence's first step."""
	sequence = make_sequence(steps or (CALL, "Then this"), document_type=record.doctype)
	return come_to_step(enroll(sequence, record)).name


def make_group(name: str, *members: str) -> str:
	rows = [{"user": user} for user in members]
	return frappe.get_doc(doctype="User Group", name=name, user_group_members=rows).insert().name


def state(activity: str, *fields: str):
	return frappe.db.get_value("Sales Activity", activity, fields or "status")


def conversation_of(lead) -> list[str]:
	return [
		html.unescape(text)
		for text in frappe.get_all(
			"Lead Message",
			filters={"lead": lead.name, "kind": "Note"},
			pluck="content",
			order_by="creation asc",
		)
	]


def form_timeline(record, log: str = "info_logs") -> list[tuple[str, str]]:
	"""What the record's form shows: who did it, and what."""
	get_docinfo(frappe.get_doc(record.doctype, record.name))
	entries = sorted(frappe.response["docinfo"][log], key=lambda entry: entry.creation)
	return [(entry.owner, entry.content) for entry in entries]


def notices(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log", filters={"for_user": user}, pluck="subject", order_by="creation asc"
	)


def test_a_completed_activity_says_who_did_it_when_and_what_came_of_it(lead, jun):
	name = by_hand(lead)
	item = as_user(jun, work.complete, name, note=" Sent it by post ")["item"]

	assert (item["status"], item["completed_by"]) == ("Completed", jun)
	assert state(name, "note", "completed_by") == ("Sent it by post", jun)
	assert state(name, "completed_on") > add_to_date(now_datetime(), minutes=-1)


def test_what_was_done_is_told_once_in_the_conversation_and_once_on_the_form(lead, jun):
	as_user(jun, work.complete, by_hand(lead), note="Sent <it> by post")

	assert conversation_of(lead) == ["Completed: Send the plan\nSent <it> by post"]
	((who, what),) = form_timeline(lead)
	assert who == jun and "completed" in what and "Send the plan" in what
	assert "Sent &lt;it&gt; by post" in what


def test_a_call_is_completed_with_its_outcome_only(lead, jun):
	name = of_sequence(lead)
	for outcome in (None, "Busy"):
		with pytest.raises(frappe.ValidationError, match="whether the call was answered"):
			as_user(jun, work.complete, name, outcome=outcome)
	assert state(name) == "Open"

	as_user(jun, work.complete, name, outcome="Answered")
	assert state(name, "status", "outcome") == ("Completed", "Answered")
	assert conversation_of(lead) == ["Completed: Call about the drip (Answered)"]


def test_nothing_but_a_call_has_an_outcome(lead):
	with pytest.raises(frappe.ValidationError, match="Only a call"):
		work.complete(by_hand(lead), outcome="Answered")


@pytest.mark.parametrize(("outcome", "status"), [("Answered", "Active"), ("Not Answered", "New")])
def test_a_call_made_elsewhere_counts_for_the_lead_as_one_from_here(lead, jun, outcome, status):
	as_user(jun, work.complete, by_hand(lead, "Phone Call"), outcome=outcome)

	assert state_of(lead.name)[0] == status
	answered_by = frappe.db.get_value("Lead", lead.name, "inbox_first_response_by")
	assert answered_by == (jun if outcome == "Answered" else None)


def test_doing_it_twice_has_one_effect_and_the_second_is_told_who_was_first(lead, jun, sara):
	name = of_sequence(lead)
	as_user(jun, work.complete, name, outcome="Answered", note="Wants Friday")
	for again in (work.complete, work.skip):
		with pytest.raises(NotPossibleNow, match="Jun completed this"):
			as_user(sara, again, name, **({"outcome": "Answered"} if again is work.complete else {}))

	assert state(name, "completed_by", "note") == (jun, "Wants Friday")
	assert len(form_timeline(lead)) == 1
	assert activities_of(state(name, "enrollment")) == [("Call about the drip", "Completed")]


def test_a_completed_step_moves_its_record_on(lead):
	enrollment = enroll(make_sequence([CALL, "Then this"]), lead)
	work.complete(come_to_step(enrollment).name, outcome="Not Answered")
	come_to_step(enrollment)

	assert activities_of(enrollment) == [("Call about the drip", "Completed"), ("Then this", "Open")]


@pytest.mark.parametrize(("outcome", "follows"), [("Answered", "Thank them"), ("Not Answered", "Try again")])
def test_an_answered_call_takes_the_branch_for_it(lead, outcome, follows):
	call = {**CALL, "branch_on": "Call Answered", "yes_step": "Thank them", "next_step": "Try again"}
	enrollment = enroll(make_sequence([call, step("Try again", next_step="End"), step("Thank them")]), lead)
	work.complete(come_to_step(enrollment).name, outcome=outcome)
	assert come_to_step(enrollment).title == follows


def test_a_skipped_step_is_kept_as_skipped_and_the_next_one_takes_its_place(lead):
	enrollment = enroll(make_sequence([CALL, "Then this"]), lead)
	item = work.skip(come_to_step(enrollment).name, note="Just spoken")["item"]
	come_to_step(enrollment)

	assert item["status"] == "Skipped"
	assert activities_of(enrollment) == [("Call about the drip", "Skipped"), ("Then this", "Open")]
	assert conversation_of(lead) == ["Skipped: Call about the drip\nJust spoken"]


def test_what_was_added_by_hand_is_cancelled_when_skipped_and_can_t_be_snoozed(lead):
	name = by_hand(lead)
	with pytest.raises(NotPossibleNow, match="Only a step of a sequence"):
		work.snooze(name, str(add_days(now_datetime(), 1)))

	assert work.skip(name)["item"]["status"] == "Cancelled"
	assert conversation_of(lead) == ["Cancelled: Send the plan"]


def test_a_snoozed_step_is_due_again_at_its_time(lead):
	name, until = of_sequence(lead), add_days(now_datetime(), 3).replace(microsecond=0)
	work.snooze(name, str(until))
	assert state(name, "status", "due_on", "snoozed_until") == ("Open", until, until)


@pytest.mark.parametrize(("days", "words"), [(-1, "in the future"), (31, "30 days at most")])
def test_a_snooze_ends_in_the_future_and_within_a_month(lead, days, words):
	with pytest.raises(frappe.ValidationError, match=words):
		work.snooze(of_sequence(lead), str(add_days(now_datetime(), days)))


def test_a_note_is_in_the_conversation_and_on_the_form_whatever_became_of_the_activity(lead, jun, sara):
	name = by_hand(lead)
	work.skip(name)
	as_user(jun, work.add_note, name, "@Sara knows them <well>")

	assert conversation_of(lead)[-1] == "@Sara knows them <well>"
	((who, note),) = form_timeline(lead, "comments")
	assert who == jun and "@Sara knows them &lt;well&gt;" in note
	assert any("Jun" in subject and "mentioned you" in subject for subject in notices(sara))


def test_an_empty_note_is_refused(lead):
	with pytest.raises(frappe.ValidationError, match="Write a note first"):
		work.add_note(by_hand(lead), "  ")


def test_what_is_done_for_an_opportunity_is_on_its_form(lead, jun):
	opportunity = make_opportunity(lead.name)
	name = by_hand(opportunity)
	work.add_note(name, "Ask for the budget")
	as_user(jun, work.complete, name, note="50 thousand")

	((who, what),) = form_timeline(opportunity)
	assert who == jun and "Send the plan" in what and "50 thousand" in what
	assert "Ask for the budget" in form_timeline(opportunity, "comments")[0][1]
	assert conversation_of(lead) == []


def test_who_is_given_an_activity_hears_of_it_and_who_takes_it_need_not(lead, jun, sara):
	name = of_sequence(lead)
	item = as_user(jun, lambda: work.assign(name, user=sara))["item"]
	assert item["user"] == sara
	(told,) = notices(sara)
	assert "Jun gave you" in told and "Call about the drip" in told

	as_user(jun, lambda: work.assign(name, user=jun))
	assert notices(jun) == []


def test_an_alert_of_activities_can_be_turned_off(lead, sara):
	settings = frappe.get_doc("Notification Settings", sara)
	settings.db_set("lead_inbox_activity", 0)
	work.assign(of_sequence(lead), user=sara)
	assert notices(sara) == []


def test_a_group_s_activity_is_the_first_claimer_s_and_the_second_is_told(lead, jun, sara):
	name = of_sequence(lead)
	work.assign(name, user_group=make_group("Callers", jun, sara))
	assert state(name, "user", "user_group") == (None, "Callers")
	assert len(notices(jun)) == len(notices(sara)) == 1

	as_user(jun, work.claim, name)
	with pytest.raises(NotPossibleNow, match="Jun has claimed this already"):
		as_user(sara, work.claim, name)
	assert state(name, "user") == jun


def test_only_members_claim(lead, jun, sara):
	name = of_sequence(lead)
	work.assign(name, user_group=make_group("Callers", jun))
	with pytest.raises(NotPossibleNow, match="Only members of Callers"):
		as_user(sara, work.claim, name)


def test_what_nobody_claimed_is_whose_who_does_it(lead, jun, sara):
	name = of_sequence(lead)
	work.assign(name, user_group=make_group("Callers", jun))
	as_user(sara, work.complete, name, outcome="Answered")
	assert state(name, "user") == sara


@pytest.mark.parametrize(
	("whom", "words"),
	[
		({"user": "gone@company.example"}, "not an active user"),
		({"user": "guest@company.example"}, "may not see"),
		({"user_group": "Nobody"}, "has no members"),
		({}, "either a user or a User Group"),
		({"user": "jun@company.example", "user_group": "Nobody"}, "either a user or a User Group"),
	],
)
def test_an_activity_is_given_only_to_who_can_do_it(lead, jun, guest, whom, words):
	gone = make_user("gone@company.example")
	frappe.db.set_value("User", gone, "enabled", 0)
	make_group("Nobody", gone)
	name = of_sequence(lead)
	with pytest.raises(frappe.ValidationError, match=words):
		work.assign(name, **whom)


def test_a_paused_sequence_s_step_waits(lead):
	name = of_sequence(lead)
	enrollment = state(name, "enrollment")
	engine.pause(enrollment)
	with pytest.raises(NotPossibleNow, match="paused"):
		work.complete(name, outcome="Answered")
	engine.resume(enrollment)
	assert work.complete(name, outcome="Answered")["item"]["status"] == "Completed"


def test_who_may_not_write_the_record_does_nothing_with_its_activities(lead, guest):
	name = by_hand(lead)
	frappe.set_user(guest)
	for action, arguments in (
		(work.complete, {}),
		(work.skip, {}),
		(work.add_note, {"content": "Hi"}),
		(work.assign, {"user": guest}),
		(work.claim, {}),
		(work.prepare, {}),
	):
		with pytest.raises(frappe.PermissionError):
			action(name, **arguments)
	assert state(name) == "Open"


def test_who_may_read_the_record_sees_its_activities_and_nobody_else_does(lead, jun, guest):
	name = of_sequence(lead)
	enrollment = state(name, "enrollment")
	opportunity = by_hand(make_opportunity(lead.name))
	seen = {name, opportunity}

	for doctype, expected in (("Sales Activity", seen), ("Sequence Enrollment", {enrollment})):
		assert expected <= set(as_user(jun, frappe.get_list, doctype, pluck="name", limit=0))
		for document in expected:
			assert as_user(jun, frappe.has_permission, doctype, doc=document)
			assert not as_user(guest, frappe.has_permission, doctype, doc=document)
		with pytest.raises(frappe.PermissionError):
			as_user(guest, frappe.get_list, doctype)


def test_who_sees_some_leads_only_sees_their_activities_only(lead, jun):
	mine, other = by_hand(lead), by_hand(make_lead(first_name="Other"))
	frappe.get_doc(
		doctype="User Permission", user=jun, allow="Lead", for_value=lead.name, apply_to_all_doctypes=1
	).insert()
	visible = as_user(jun, frappe.get_list, "Sales Activity", pluck="name", limit=0)
	assert mine in visible and other not in visible
	assert not as_user(jun, frappe.has_permission, "Sales Activity", doc=other)


def test_nobody_writes_activities_by_hand(lead, jun):
	doc = frappe.get_doc("Sales Activity", by_hand(lead))
	frappe.set_user(jun)
	doc.title = "Forged"
	with pytest.raises(frappe.PermissionError):
		doc.save()


def test_an_activity_goes_with_its_lead_and_so_does_what_it_put_into_calendars(lead, jun):
	due_on = str(add_days(now_datetime(), 1))
	name = work.add("Lead", lead.name, "Phone Call", "Call", due_on, user=jun)["item"]["name"]
	of_sequence(lead)
	event, reminder = state(name, "event", "reminder")
	frappe.delete_doc("Lead", lead.name)

	assert not frappe.db.exists("Sales Activity", {"lead": lead.name})
	assert not frappe.db.exists("Sequence Enrollment", {"lead": lead.name})
	assert not frappe.db.exists("Event", event) and not frappe.db.exists("Reminder", reminder)


def test_an_opportunity_can_be_deleted_with_its_activities(lead, jun):
	opportunity = make_opportunity(lead.name)
	name = by_hand(opportunity)
	event = state(name, "event")
	frappe.delete_doc("Opportunity", opportunity.name)
	assert not frappe.db.exists("Sales Activity", name) and not frappe.db.exists("Event", event)


def test_notes_of_activities_are_found_by_the_customer_s_address_and_erased_with_them(lead):
	name = of_sequence(lead)
	work.complete(name, outcome="Answered", note="Naree's dog bites")
	assert state(name, "lead_email") == "naree@example.com"

	frappe.get_doc("Lead", lead.name).update({"email_id": "new@example.com"}).save()
	assert state(name, "lead_email") == "new@example.com"
	privacy.erase(lead.name)
	assert state(name, "status", "note", "title", "lead_email") == ("Completed", None, None, None)


def test_what_a_failed_step_says_of_a_customer_is_erased_with_them(lead):
	enrollment = state(of_sequence(lead), "enrollment")
	frappe.db.set_value("Sequence Enrollment", enrollment, "error", "Naree has no e-mail address")
	privacy.erase(lead.name)
	assert not frappe.db.get_value("Sequence Enrollment", enrollment, "error")


def test_the_step_is_not_done_when_the_enrollment_can_t_be_moved(lead, monkeypatch):
	"""Both are one transaction: an error undoes the activity too."""
	name = of_sequence(lead)
	frappe.db.commit()
	frappe.db.set_value("Sequence Enrollment", state(name, "enrollment"), "status", "Nonsense")
	with pytest.raises(ValueError):
		activities.complete(name, outcome="Answered")
	frappe.db.rollback()
	assert state(name) == "Open"
	assert conversation_of(lead) == []
	assert enrollment_of(state(name, "enrollment")).status == "Active"


def test_a_record_that_left_its_sequence_leaves_nothing_to_do(lead):
	name = of_sequence(lead)
	lifecycle.apply(lead.name, Happening.DECLINED)
	with pytest.raises(NotPossibleNow, match="Cancelled already"):
		work.complete(name, outcome="Answered")
	assert activities_of(state(name, "enrollment")) == [("Call about the drip", "Cancelled")]
