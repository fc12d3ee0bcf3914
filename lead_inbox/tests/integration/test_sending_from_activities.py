"""Writing and calling from an activity: requirement SQ-5."""

import frappe
import pytest
from frappe.desk.form.load import get_docinfo
from frappe.utils import add_days, now_datetime

from lead_inbox.api import calls, decisions, replies, work
from lead_inbox.inbox.contact import calls as recorded_calls
from lead_inbox.inbox.replies import outbox
from lead_inbox.sequences.activities import activities
from lead_inbox.sequences.activities.activity_rows import NotPossibleNow
from lead_inbox.sequences.enrollment import engine
from lead_inbox.tests.integration.builders import make_lead, make_user, process_all, receive_mail, state_of
from lead_inbox.tests.integration.outgoing import (
	as_user,
	deliver,
	let_time_pass,
	mails_leave,
	texts_leave,
)
from lead_inbox.tests.integration.sequence_builders import (
	come_to_step,
	enroll,
	make_opportunity,
	make_sequence,
	make_template,
	step,
)

NUMBER, MOBILE = "+14155550123", "+14155550199"
ADDRESS = "naree@example.com"


@pytest.fixture
def lead():
	return make_lead(first_name="Naree", phone=NUMBER, mobile_no=MOBILE, email_id=ADDRESS)


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


def of_sequence(record, first, **sequence) -> str:
	name = make_sequence([first, "After"], document_type=record.doctype, **sequence)
	return come_to_step(enroll(name, record)).name


def mail_step(record, response: str = "Hello {{ first_name }}", **sequence) -> str:
	template = make_template(response, "About {{ first_name }}'s roof")
	return of_sequence(record, step("Write to them", "Email", email_template=template), **sequence)


def by_hand(record, kind: str) -> str:
	due_on = str(add_days(now_datetime(), 1))
	return work.add(record.doctype, record.name, kind, f"A {kind}", due_on)["item"]["name"]


def state(name: str, *fields: str):
	return frappe.db.get_value("Sales Activity", name, fields or "status")


def write(lead, name: str, medium: str = "Email", **options) -> str:
	return replies.send(lead.name, medium, "Hello Naree", activity=name, **options)["message"]["name"]


def tomorrow() -> str:
	return str(add_days(now_datetime(), 1))


def remarks(lead) -> list[str]:
	return frappe.get_all("Lead Message", filters={"lead": lead.name, "kind": "Note"}, pluck="content")


def form_entries(doctype: str, name: str) -> list[str]:
	get_docinfo(frappe.get_doc(doctype, name))
	return [row.content for row in frappe.response["docinfo"].info_logs]


def test_a_mail_step_opens_with_its_template_filled(lead):
	ready = work.prepare(mail_step(lead))

	assert (ready["subject"], ready["content"], ready["error"]) == ("About Naree's roof", "Hello Naree", None)
	assert (ready["lead"], ready["activity"]["kind"]) == (lead.name, "Email")
	assert ready["reply"]["email"] == {"address": ADDRESS, "possible": True, "why": ""}


def test_a_template_that_breaks_leaves_an_empty_mail_and_says_so(lead):
	name = mail_step(lead)
	template = frappe.get_last_doc("Email Template")
	template.update({"response": "{{ 1 / 0 }}"}).save()
	ready = work.prepare(name)
	assert (ready["subject"], ready["content"]) == ("", "")
	assert "can't be filled in" in ready["error"]
	assert frappe.get_message_log() == []


def test_an_sms_step_opens_with_its_text_and_the_numbers_business_first(lead):
	name = of_sequence(lead, step("Text them", "SMS", message="Hi {{ first_name }}"))
	with texts_leave():
		ready = work.prepare(name)
	assert ready["content"] == "Hi Naree"
	assert [(number["number"], number["kind"]) for number in ready["numbers"]] == [
		(NUMBER, "business"),
		(MOBILE, "personal"),
	]


def test_what_the_customer_does_not_want_is_said_before_it_is_started(lead):
	decisions.refuse_contact(lead.name, "Call", 1)
	assert work.prepare(by_hand(lead, "Phone Call"))["refusals"]["Call"]


def test_an_opportunity_s_step_is_filled_from_it_and_written_to_its_lead(lead):
	opportunity = make_opportunity(lead.name)
	ready = work.prepare(mail_step(opportunity, "{{ first_name }}, about {{ name }}"))
	assert (ready["lead"], ready["content"]) == (lead.name, f"Naree, about {opportunity.name}")


def test_a_record_without_a_lead_has_nobody_to_write_to():
	customer = frappe.get_doc(doctype="Customer", customer_name="Direct").insert().name
	opportunity = make_opportunity(customer, opportunity_from="Customer")
	ready = work.prepare(by_hand(opportunity, "Email"))
	assert (ready["lead"], ready["reply"], ready["numbers"]) == (None, None, [])


def test_a_mail_from_an_activity_completes_it_and_is_the_only_thing_said(lead, jun):
	name = mail_step(lead)
	message = as_user(jun, write, lead, name)

	assert state(name, "status", "message", "completed_by") == ("Completed", message, jun)
	assert state_of(lead.name)[0] == "Active"
	assert remarks(lead) == [] and form_entries("Lead", lead.name) == []


def test_an_sms_is_told_of_on_the_form_which_shows_none(lead):
	with texts_leave():
		write(lead, by_hand(lead, "SMS"), "SMS")
	(entry,) = form_entries("Lead", lead.name)
	assert "completed" in entry and "A SMS" in entry
	assert remarks(lead) == []


def test_a_mail_for_an_opportunity_is_told_of_on_its_form(lead):
	opportunity = make_opportunity(lead.name)
	write(lead, by_hand(opportunity, "Email"))
	(entry,) = form_entries("Opportunity", opportunity.name)
	assert "A Email" in entry


def test_a_scheduled_mail_completes_its_activity_when_it_is_sent(lead, jun, monkeypatch):
	name = mail_step(lead)
	message = as_user(jun, lambda: write(lead, name, send_on=tomorrow()))
	assert state(name, "status", "message") == ("Scheduled", message)
	with pytest.raises(NotPossibleNow, match="scheduled"):
		work.complete(name)

	let_time_pass(message)
	with mails_leave(monkeypatch) as server:
		deliver()
	assert len(server.mails) == 1
	assert state(name, "status", "completed_by") == ("Completed", jun)
	enrollment = state(name, "enrollment")
	assert come_to_step(enrollment).title == "After"


def test_a_cancelled_mail_leaves_its_activity_to_be_done(lead):
	name = mail_step(lead)
	replies.cancel(write(lead, name, send_on=tomorrow()))

	assert state(name, "status", "message") == ("Open", None)
	assert "was cancelled" in state(name, "error")
	assert work.complete(name)["item"]["status"] == "Completed"


def test_a_failed_mail_by_hand_says_why(lead):
	name = by_hand(lead, "Email")
	message = write(lead, name, send_on=tomorrow())
	frappe.db.set_value("Lead", lead.name, "email_id", "")
	frappe.db.set_value("Lead Message", message, "recipient", "no address")
	let_time_pass(message)
	deliver()
	assert state(name) == "Open"
	assert state(name, "error")[0]


def test_the_mail_of_a_step_whose_sequence_ended_is_taken_back(lead):
	name = mail_step(lead)
	message = write(lead, name, send_on=tomorrow())
	receive_mail(ADDRESS, "Thanks, got it", reference_doctype="Lead", reference_name=lead.name)
	process_all()

	assert state(name) == "Cancelled"
	assert frappe.db.get_value("Lead Message", message, "delivery_status") == "Cancelled"


def test_a_failure_while_the_sequence_is_paused_waits_for_it(lead):
	name = mail_step(lead)
	message = write(lead, name, send_on=tomorrow())
	engine.pause(state(name, "enrollment"))
	outbox.cancel(message)
	assert state(name) == "Paused"


@pytest.mark.parametrize("kind", ["SMS", "Phone Call", "Task"])
def test_a_mail_does_not_do_what_is_to_be_done_otherwise(lead, kind):
	name = by_hand(lead, kind)
	with pytest.raises(frappe.ValidationError, match="is done by"):
		write(lead, name)
	assert state(name) == "Open"
	assert not frappe.db.exists("Lead Message", {"lead": lead.name, "kind": "Email"})


def test_an_activity_of_another_customer_is_not_done(lead):
	other = by_hand(make_lead(first_name="Other"), "Email")
	with pytest.raises(frappe.ValidationError, match="another customer"):
		write(lead, other)


def test_what_was_done_already_is_not_written_again(lead):
	name = mail_step(lead)
	write(lead, name)
	with pytest.raises(NotPossibleNow):
		write(lead, name)
	assert frappe.db.count("Lead Message", {"lead": lead.name, "kind": "Email"}) == 1


def test_a_call_from_an_activity_completes_it_with_its_outcome(lead, jun):
	call = step("Call about the drip", "Phone Call")
	name = of_sequence(lead, call)
	frappe.set_user(jun)
	message = calls.start(lead.name, NUMBER, activity=name)["message"]
	assert message["subject"] == "Call about the drip"
	assert state(name) == "Open"

	calls.finish(message["name"], 1, 60, "Wants Friday")
	assert state(name, "status", "outcome", "completed_by") == ("Completed", "Answered", jun)
	assert frappe.db.get_value("Lead Message", message["name"], "content") == "Wants Friday"
	assert remarks(lead) == [] and form_entries("Lead", lead.name) == []
	assert come_to_step(state(name, "enrollment")).title == "After"


def test_the_telephony_s_word_completes_the_activity_too(lead):
	name = by_hand(lead, "Phone Call")
	calls.start(lead.name, NUMBER, activity=name)
	frappe.get_doc(
		{
			"doctype": "Call Log",
			"id": frappe.generate_hash(length=10),
			"type": "Outgoing",
			"from": "+14155550000",
			"to": NUMBER,
			"status": "No Answer",
			"start_time": now_datetime(),
		}
	).insert(ignore_permissions=True)
	assert state(name, "status", "outcome") == ("Completed", "Not Answered")


def test_a_call_of_which_nobody_tells_leaves_its_activity_to_be_done(lead):
	name = by_hand(lead, "Phone Call")
	message = calls.start(lead.name, NUMBER, activity=name)["message"]["name"]
	recorded_calls.give_up(message)
	assert state(name) == "Open"


def test_dialing_again_is_the_call_that_counts(lead):
	name = by_hand(lead, "Phone Call")
	calls.start(lead.name, NUMBER, activity=name)
	second = calls.start(lead.name, MOBILE, activity=name)["message"]["name"]
	calls.finish(second, 0)
	assert state(name, "status", "outcome", "message") == ("Completed", "Not Answered", second)


def test_a_call_s_outcome_that_is_told_after_somebody_completed_it_changes_nothing(lead):
	name = by_hand(lead, "Phone Call")
	message = calls.start(lead.name, NUMBER, activity=name)["message"]["name"]
	work.complete(name, outcome="Answered")
	calls.finish(message, 0)
	assert state(name, "status", "outcome") == ("Completed", "Answered")


def test_who_may_not_see_the_lead_of_an_opportunity_sees_nothing_of_it(lead, jun):
	opportunity = make_opportunity(lead.name)
	name = by_hand(opportunity, "Email")
	other = make_lead(first_name="Other")
	frappe.get_doc(
		doctype="User Permission", user=jun, allow="Lead", for_value=other.name, applicable_for="Lead"
	).insert()
	ready = as_user(jun, work.prepare, name)
	assert (ready["lead"], ready["reply"], ready["numbers"]) == (None, None, [])


def test_activities_are_completed_once_when_the_same_news_comes_twice(lead, jun, monkeypatch):
	name = by_hand(lead, "Email")
	message = write(lead, name, send_on=tomorrow())
	let_time_pass(message)
	with mails_leave(monkeypatch):
		deliver()
	done_on = state(name, "completed_on")
	activities.message_settled(message, "Sent")
	assert state(name, "completed_on") == done_on
