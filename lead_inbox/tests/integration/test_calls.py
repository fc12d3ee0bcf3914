"""Calls in both directions: requirement RE-4."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox import tasks
from lead_inbox.api import calls, decisions
from lead_inbox.inbox import lifecycle
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	process_all,
	state_of,
)

NUMBER = "+14155550123"
FIELDS = (
	"name",
	"kind",
	"direction",
	"subject",
	"content",
	"recipient",
	"sent_on",
	"user",
	"call_status",
	"duration_seconds",
	"recording_url",
	"recording_announced",
	"call_log",
)


@pytest.fixture
def lead() -> str:
	return make_lead(phone=NUMBER, mobile_no="+14155550199").name


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


def said_on(lead: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "kind": "Call"},
		fields=list(FIELDS),
		order_by="sent_on asc, name asc",
	)


def links_of(call_log: str) -> set[tuple[str, str]]:
	return {(link.link_doctype, link.link_name) for link in frappe.get_doc("Call Log", call_log).links}


def telephony_logs(status: str, **values) -> frappe.model.document.Document:
	"""A call as a telephony integration writes it."""
	return frappe.get_doc(
		{
			"doctype": "Call Log",
			"id": frappe.generate_hash(length=10),
			"type": "Outgoing",
			"from": "+14155550000",
			"to": NUMBER,
			"status": status,
			"start_time": now_datetime(),
			**values,
		}
	).insert(ignore_permissions=True)


def test_a_call_is_recorded_with_who_called_whom_about_what(lead, jun):
	frappe.db.set_value("User", jun, "mobile_no", "+14155557777")
	frappe.set_user(jun)
	answer = calls.start(lead, NUMBER, "Call about the drip")

	assert answer["href"] == f"tel:{NUMBER}"
	(call,) = said_on(lead)
	assert (call.direction, call.subject, call.user) == ("Out", "Call about the drip", jun)
	assert (call.recipient, call.call_status) == (NUMBER, "In Progress")
	log = frappe.get_doc("Call Log", call.call_log)
	assert (log.type, log.status, log.get("from"), log.to) == (
		"Outgoing",
		"In Progress",
		"+14155557777",
		NUMBER,
	)
	assert log.employee_user_id == jun and log.start_time
	assert links_of(log.name) == {("Lead", lead)}


def test_a_call_is_linked_to_the_lead_s_open_opportunities(lead):
	opportunity, lost = (
		frappe.get_doc(doctype="Opportunity", opportunity_from="Lead", party_name=lead).insert().name
		for _index in range(2)
	)
	frappe.db.set_value("Opportunity", lost, "status", "Lost")
	calls.start(lead, NUMBER)

	(call,) = said_on(lead)
	assert links_of(call.call_log) == {("Lead", lead), ("Opportunity", opportunity)}


def test_a_call_is_not_put_on_another_lead_whose_number_ends_alike(lead):
	other = make_lead(first_name="Other", phone="+9914155550123").name
	calls.start(lead, NUMBER)

	(call,) = said_on(lead)
	assert links_of(call.call_log) == {("Lead", lead)}
	assert said_on(other) == []


@pytest.mark.parametrize(
	("typed", "dialed"), [("(415) 555-0144", "+14155550144"), ("+44 20 7946 0018", "+442079460018")]
)
def test_a_typed_number_is_dialed_with_its_country_code(lead, typed, dialed):
	frappe.db.set_value("Lead", lead, "country", "United States")
	assert calls.start(lead, typed)["href"] == f"tel:{dialed}"


@pytest.mark.parametrize("typed", ["", "call me", "12", "•••23", "javascript:alert(1)"])
def test_what_is_no_number_is_not_dialed_and_says_so(lead, typed):
	with pytest.raises(frappe.ValidationError, match="no phone number"):
		calls.start(lead, typed)
	assert said_on(lead) == []


def test_a_customer_who_wants_no_calls_is_called_after_a_warning_only(lead):
	decisions.refuse_contact(lead, "Call", 1)

	assert calls.start(lead, NUMBER) == {"confirm": "The customer does not want to be called."}
	assert said_on(lead) == []
	assert calls.start(lead, NUMBER, anyway=1)["message"]["call_status"] == "In Progress"


def test_an_answered_call_puts_the_lead_in_work_and_is_its_first_response(lead, jun):
	frappe.set_user(jun)
	message = calls.start(lead, NUMBER)["message"]["name"]
	answer = calls.finish(message, 1, 95, "Wants <b>Friday</b>")

	assert (answer["message"]["call_status"], answer["message"]["duration_seconds"]) == ("Answered", 95)
	assert answer["message"]["content"] == "Wants <b>Friday</b>"
	assert state_of(lead)[0] == "Active"
	values = frappe.db.get_value("Lead", lead, ["inbox_first_response_on", "inbox_first_response_by"])
	(call,) = said_on(lead)
	assert values == (call.sent_on, jun)
	log = frappe.get_doc("Call Log", call.call_log)
	assert (log.status, int(log.duration)) == ("Completed", 95) and log.end_time


def test_a_call_that_nobody_answered_is_an_attempt(lead):
	message = calls.start(lead, NUMBER)["message"]["name"]
	calls.finish(message, 0, 30)

	(call,) = said_on(lead)
	assert (call.call_status, call.duration_seconds) == ("Missed", 0)
	assert frappe.db.get_value("Call Log", call.call_log, "status") == "No Answer"
	assert state_of(lead)[0] == "New"
	assert not frappe.db.get_value("Lead", lead, "inbox_first_response_on")


def test_the_outcome_of_a_call_is_told_once(lead):
	message = calls.start(lead, NUMBER)["message"]["name"]
	calls.finish(message, 1, 60)
	calls.finish(message, 0, 0, "Spoke with his wife")

	(call,) = said_on(lead)
	assert (call.call_status, call.duration_seconds) == ("Answered", 60)
	assert call.content == "Spoke with his wife"


@pytest.mark.parametrize("seconds", [-1, 100_000])
def test_no_call_lasts_so_long(lead, seconds):
	message = calls.start(lead, NUMBER)["message"]["name"]
	with pytest.raises(frappe.ValidationError, match="a day at most"):
		calls.finish(message, 1, seconds)


def test_only_the_caller_and_who_may_write_the_lead_finish_a_call(lead, jun):
	message = calls.start(lead, NUMBER)["message"]["name"]
	frappe.set_user(make_user("guest@company.example", "Employee"))
	with pytest.raises(frappe.PermissionError):
		calls.finish(message, 1, 5)
	frappe.set_user(jun)
	assert calls.finish(message, 1, 5)["message"]["call_status"] == "Answered"


def test_a_message_that_is_no_call_of_ours_can_t_be_finished():
	make_channel()
	lead = arrive(type="phone call", phone=NUMBER, call={"answered": False})
	(call,) = said_on(lead)
	with pytest.raises(frappe.ValidationError, match="made from here"):
		calls.finish(call.name, 1, 5)


def test_a_call_with_the_telephony_s_own_record_is_one_call(lead):
	message = calls.start(lead, NUMBER)["message"]["name"]
	log = telephony_logs("Completed", duration=70, recording_url="https://pbx.example/1.mp3")
	log.save()  # integrations write on after the end
	process_all()

	(call,) = said_on(lead)
	assert (call.name, call.call_status, call.duration_seconds) == (message, "Answered", 70)
	assert (call.recording_url, call.call_log) == ("https://pbx.example/1.mp3", log.name)
	assert state_of(lead)[0] == "Active"
	assert frappe.db.count("Lead Event") == 0


def test_what_is_written_on_our_own_record_later_is_no_other_call(lead):
	own = calls.start(lead, NUMBER)["message"]["call_log"]
	telephony_logs("Completed", duration=70)
	frappe.get_doc("Call Log", own).update({"summary": "Wants Friday"}).save()
	process_all()

	assert len(said_on(lead)) == 1


def test_the_telephony_fills_in_what_the_user_did_not_tell(lead):
	message = calls.start(lead, NUMBER)["message"]["name"]
	calls.finish(message, 1)
	telephony_logs("Completed", duration=70)
	process_all()

	(call,) = said_on(lead)
	assert call.duration_seconds == 70


def test_each_of_two_calls_takes_its_own_record(lead):
	for _index in range(2):
		calls.start(lead, NUMBER)
	telephony_logs("No Answer")
	telephony_logs("Completed", duration=20)
	process_all()

	assert sorted(call.call_status for call in said_on(lead)) == ["Answered", "Missed"]


@pytest.mark.parametrize(
	"values",
	[
		{"to": "+14155550199"},
		{"start_time": "2026-01-05 09:30:00"},
		{"type": "Incoming", "from": NUMBER, "to": "+14155550000"},
	],
)
def test_another_call_has_a_record_of_its_own(lead, values):
	calls.start(lead, NUMBER)
	telephony_logs("Completed", duration=20, **values)
	process_all()

	assert sorted(call.call_status for call in said_on(lead)) == ["Answered", "In Progress"]


def test_a_call_whose_outcome_nobody_tells_counts_as_an_attempt_after_four_hours(lead):
	old, young = (calls.start(lead, NUMBER)["message"]["name"] for _index in range(2))
	frappe.db.set_value("Lead Message", old, "sent_on", add_to_date(now_datetime(), hours=-5))
	tasks.give_up_open_calls()

	status = {call.name: call.call_status for call in said_on(lead)}
	assert status == {old: "Missed", young: "In Progress"}
	assert state_of(lead)[0] == "New"


def test_a_missed_call_of_a_customer_is_to_be_called_back():
	make_channel()
	lead = arrive(type="phone call", name="Naree", phone=NUMBER, call={"answered": False})
	assert frappe.db.get_value("Lead", lead, "inbox_call_back_on")

	calls.end_call_back(lead)
	assert not frappe.db.get_value("Lead", lead, "inbox_call_back_on")


def test_calling_back_ends_the_wait_only_when_somebody_answers():
	make_channel()
	lead = arrive(type="phone call", name="Naree", phone=NUMBER, call={"answered": False})
	calls.finish(calls.start(lead, NUMBER)["message"]["name"], 0)
	assert frappe.db.get_value("Lead", lead, "inbox_call_back_on")

	calls.finish(calls.start(lead, NUMBER)["message"]["name"], 1, 10)
	assert not frappe.db.get_value("Lead", lead, "inbox_call_back_on")


def test_all_that_a_partner_tells_of_a_call_is_kept():
	make_channel()
	lead = arrive(
		type="phone call",
		phone=NUMBER,
		occurred_at="2026-01-05T09:30:00Z",
		call={
			"answered": True,
			"duration_seconds": 134,
			"recording_url": "https://partner.example/r/1",
			"announced": True,
		},
	)
	(call,) = said_on(lead)
	assert (call.direction, call.call_status, call.duration_seconds) == ("In", "Answered", 134)
	assert (call.recording_url, call.recording_announced) == ("https://partner.example/r/1", 1)
	assert str(call.sent_on)[:10] == "2026-01-05"
	assert frappe.db.get_value("Lead", lead, "phone") == NUMBER


def test_all_that_a_call_log_tells_of_an_incoming_call_is_kept(lead):
	telephony_logs(
		"Completed",
		type="Incoming",
		**{"from": NUMBER},
		to="+14155550000",
		duration=30,
		recording_url="https://pbx.example/2.mp3",
		start_time="2026-01-05 09:30:00",
	)
	process_all()

	(call,) = said_on(lead)
	assert (call.direction, call.call_status, call.duration_seconds) == ("In", "Answered", 30)
	assert call.recording_url == "https://pbx.example/2.mp3"
	assert str(call.sent_on) == "2026-01-05 09:30:00"
	assert not call.recording_announced  # ERPNext's Call Log does not say


def test_who_may_not_write_the_lead_does_not_call_from_it(lead):
	frappe.set_user(make_user("guest@company.example", "Employee"))
	with pytest.raises(frappe.PermissionError):
		calls.start(lead, NUMBER)
	with pytest.raises(frappe.PermissionError):
		calls.end_call_back(lead)


def test_calling_a_lead_in_another_state_leaves_that_state(lead):
	lifecycle.require(lead, lifecycle.Happening.DECLINED)
	calls.finish(calls.start(lead, NUMBER)["message"]["name"], 1, 10)
	assert state_of(lead)[0] == "Declined"
