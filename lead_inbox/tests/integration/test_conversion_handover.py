"""From marketing to sales and back, and reminders of leads that want qualifying: requirement CO-1."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import add_to_date, now_datetime, strip_html

from lead_inbox.api import stages as api
from lead_inbox.conversion.stages import qualifying, stages
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import ExitReason
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user, set_back
from lead_inbox.tests.integration.sequence_builders import make_sequence, set_status
from lead_inbox.tests.integration.test_conversion_stages import (
	on_doing,
	on_field,
	rescore_all,
	say,
	score_of,
	set_thresholds,
	set_value,
	stage_of,
)

LATER = "2026-01-01 09:00:00"


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


@pytest.fixture
def lead(jun) -> str:
	"""A lead of Jun's that its next click makes SQL."""
	set_thresholds(mql=10, sql=20)
	on_field("job_title", points=10)
	on_doing("Clicked a Link", points=10)
	return make_lead(job_title="CEO", lead_owner=jun).name


def click(lead: str, on: str = LATER) -> None:
	say(lead, clicked_on=on)
	stages.rescore(lead)


def standing_of(lead: str) -> tuple[str, str, str]:
	fields = ["inbox_stage", "inbox_handover", "inbox_sent_back_reason"]
	return tuple(value or "" for value in frappe.db.get_value("Lead", lead, fields))


def told(user: str, words: str) -> list[str]:
	filters = {"for_user": user, "document_type": "Lead", "subject": ["like", f"%{words}%"]}
	found = frappe.get_all("Notification Log", filters=filters, pluck="subject", order_by="creation asc")
	return [strip_html(subject) for subject in found]


def notes_of(lead: str) -> list[str]:
	filters = {"lead": lead, "kind": "Note"}
	found = frappe.get_all("Lead Message", filters=filters, pluck="content", order_by="creation asc")
	return [messages.as_text(content) for content in found]


def sequences_of(lead: str) -> list[str]:
	filters = {"reference_name": lead}
	return frappe.get_all("Sequence Enrollment", filters=filters, pluck="sequence", order_by="creation asc")


def choose_sequences(*rows: tuple[str, str]) -> None:
	chosen = [{"source": source, "sequence": sequence} for source, sequence in rows]
	frappe.get_doc("Lead Inbox Settings").update({"source_sequences": chosen}).save()


def test_an_sql_waits_for_its_owner_who_hears_of_it_once(lead, jun, sara):
	click(lead)
	assert standing_of(lead) == ("SQL", "Waiting", "")
	click(lead)
	assert len(told(jun, "is sales qualified")) == 1
	assert told(sara, "is sales qualified") == []


def test_the_assignee_goes_before_the_owner(lead, jun, sara):
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [sara]})
	click(lead)
	assert (len(told(sara, "is sales qualified")), len(told(jun, "is sales qualified"))) == (1, 0)


def test_of_a_lead_whose_owner_is_disabled_the_channel_s_people_hear(lead, jun, sara):
	frappe.db.set_value("User", jun, "enabled", 0)
	click(lead)
	assert len(told(sara, "is sales qualified")) == 1


def test_who_switched_these_alerts_off_is_not_told(lead, jun):
	frappe.get_doc("Notification Settings", jun).update({"lead_inbox_qualified": 0}).save()
	click(lead)
	assert told(jun, "is sales qualified") == []


def test_accepting_a_lead_is_said_in_the_conversation_and_happens_once(lead, jun, sara):
	click(lead)
	frappe.set_user(jun)
	assert api.accept(json.dumps([lead])) == {"done": [lead], "failed": []}
	assert standing_of(lead)[1] == "Accepted"
	assert notes_of(lead) == ["Jun accepted the lead for sales."]
	frappe.set_user(sara)
	(failed,) = api.accept([lead])["failed"]
	assert "accepted this lead already" in failed["message"]


def test_a_lead_that_is_not_handed_over_can_not_be_accepted_or_sent_back(lead):
	assert "not handed over" in api.accept([lead])["failed"][0]["message"]
	assert "can be sent back" in api.send_back([lead], "No")["failed"][0]["message"]


def test_a_lead_that_is_sent_back_says_why_and_can_be_found(lead, jun):
	click(lead)
	frappe.set_user(jun)
	api.send_back([lead], "Budget < 5k & no date")
	assert standing_of(lead)[:2] == ("MQL", "Sent Back")
	shown = frappe.get_list("Lead", filters={"inbox_handover": "Sent Back"}, pluck="name", order_by="name")
	assert shown == [lead]
	assert notes_of(lead) == ["Jun sent the lead back to marketing: Budget < 5k & no date"]
	stored = frappe.db.get_value("Lead", lead, "inbox_sent_back_reason")
	assert messages.as_text(stored) == "Budget < 5k & no date" and "<" not in stored


def test_without_a_reason_no_lead_is_sent_back(lead):
	click(lead)
	assert "Say why" in api.send_back([lead], "  ")["failed"][0]["message"]
	assert standing_of(lead)[1] == "Waiting"


def test_a_long_reason_is_whole_in_the_conversation(lead):
	click(lead)
	reason = "No budget. " * 50
	stages.send_back(lead, reason)
	assert reason.strip() in notes_of(lead)[0]
	assert len(standing_of(lead)[2]) <= 140


def test_where_no_score_makes_mqls_a_lead_sent_back_is_a_lead(jun):
	set_thresholds(sql=10)
	on_field("job_title")
	lead = make_lead(job_title="CEO", lead_owner=jun).name
	assert standing_of(lead)[:2] == ("SQL", "Waiting")
	stages.send_back(lead, "No budget")
	assert standing_of(lead)[:2] == ("Lead", "Sent Back")


def test_sent_back_it_comes_again_only_when_its_score_rises(lead, jun):
	on_field("website", points=1)
	click(lead)
	stages.send_back(lead, "No budget")
	click(lead)
	lifecycle.apply(lead, Happening.REPLIED)
	rescore_all(hours_later=48)
	assert standing_of(lead)[:2] == ("MQL", "Sent Back")
	set_back(lead, inbox_sql_on=5)
	set_value(lead, website="https://company.example")
	assert standing_of(lead) == ("SQL", "Waiting", "")
	assert frappe.db.get_value("Lead", lead, "inbox_sql_on") > add_to_date(now_datetime(), days=-1)
	assert len(told(jun, "is sales qualified")) == 2


def test_new_rules_do_not_hand_a_lead_over_that_was_sent_back(lead):
	click(lead)
	stages.send_back(lead, "No budget")
	on_field("first_name", points=500)
	rescore_all()
	assert (score_of(lead), stage_of(lead)) == (520, "MQL")


def test_a_stage_that_a_person_sets_stays_until_something_raises_the_score(lead):
	click(lead)
	api.set_stage([lead], "Lead")
	assert standing_of(lead) == ("Lead", "", "")
	stages.rescore(lead)
	rescore_all(hours_later=48)
	assert stage_of(lead) == "Lead"
	on_field("website", points=1)
	set_value(lead, website="https://company.example")
	assert stage_of(lead) == "SQL"


def test_who_sets_sql_on_their_own_lead_has_accepted_it(lead, jun, sara):
	frappe.set_user(jun)
	api.set_stage([lead], "SQL")
	assert standing_of(lead)[:2] == ("SQL", "Accepted")
	assert told(jun, "is sales qualified") == []


def test_who_sets_sql_on_a_colleague_s_lead_hands_it_over(lead, jun, sara):
	frappe.set_user(sara)
	api.set_stage([lead], "SQL")
	assert standing_of(lead)[:2] == ("SQL", "Waiting")
	assert len(told(jun, "is sales qualified")) == 1


def test_nobody_sets_a_customer_or_moves_a_lead_that_is_over(lead):
	assert "when it is converted" in api.set_stage([lead], "Customer")["failed"][0]["message"]
	lifecycle.require(lead, Happening.DECLINED)
	assert "Take that back first" in api.set_stage([lead], "SQL")["failed"][0]["message"]


def test_who_may_not_write_a_lead_does_not_move_it(lead):
	click(lead)
	frappe.set_user(make_user("reader@company.example", "Accounts User"))
	for act in (
		api.accept,
		lambda leads: api.send_back(leads, "No"),
		lambda leads: api.set_stage(leads, "MQL"),
	):
		with pytest.raises(frappe.PermissionError):
			act([lead])
	frappe.set_user("Administrator")
	assert standing_of(lead) == ("SQL", "Waiting", "")


def test_converting_a_lead_accepts_it_and_undoing_that_gives_its_stage_back(lead):
	click(lead)
	before = lifecycle.stored_state(lead)
	lifecycle.note_conversion(lead, {})
	assert standing_of(lead)[:2] == ("Customer", "Accepted")
	click(lead)
	assert stage_of(lead) == "Customer"
	lifecycle.absorb(lead, before)
	assert standing_of(lead)[:2] == ("SQL", "Waiting")


def test_an_sql_enters_the_sequence_of_its_source(lead):
	fair, rest = make_sequence(), make_sequence()
	for source in ("Fair", "Paper"):
		frappe.get_doc(doctype="Lead Source", source_name=source).insert()
	choose_sequences(("", rest), ("fair", fair))
	set_value(lead, source="Fair")
	assert sequences_of(lead) == []
	click(lead)
	assert sequences_of(lead) == [fair]
	other = make_lead(job_title="CEO", source="Paper").name
	click(other)
	assert sequences_of(other) == [rest]


def test_without_a_sequence_for_its_source_it_enters_none(lead):
	choose_sequences(("Fair", make_sequence()))
	click(lead)
	assert standing_of(lead)[0] == "SQL"
	assert sequences_of(lead) == []


def test_a_sequence_that_was_chosen_goes_on_in_its_new_version(lead):
	first = make_sequence()
	choose_sequences(("", first))
	name = frappe.db.get_value("Sequence", first, "sequence_name")
	set_status(first, "Archived")
	second = make_sequence(sequence_name=name)
	click(lead)
	assert sequences_of(lead) == [second]


def test_a_sequence_that_does_not_take_the_lead_is_no_error(lead):
	sequence = make_sequence()
	choose_sequences(("", sequence))
	set_status(sequence, "Archived")
	click(lead)
	assert standing_of(lead)[:2] == ("SQL", "Waiting")
	assert sequences_of(lead) == []


def test_a_sequence_is_entered_once_each_time_sql_is_reached(lead):
	sequence = make_sequence(re_enrollment="When Finished")
	choose_sequences(("", sequence))
	click(lead)
	click(lead)
	assert len(sequences_of(lead)) == 1
	stages.send_back(lead, "No")
	stages.set_stage(lead, "SQL")
	assert len(sequences_of(lead)) == 1, "It is still in it."
	stages.send_back(lead, "No")
	for enrollment in engine.running("Lead", lead):
		engine.leave(enrollment, ExitReason.STOPPED)
	stages.set_stage(lead, "SQL")
	assert len(sequences_of(lead)) == 2


# Reminders


def unqualified(hours_ago: float = 25, **values) -> str:
	lead = make_lead(**values).name
	set_back(lead, inbox_arrived_on=hours_ago / 24)
	return lead


def test_who_has_a_lead_that_nobody_qualified_is_reminded_once(jun, sara):
	unqualified(lead_owner=jun, first_name="Ada")
	assert qualifying.remind() == 1
	assert told(jun, "not been qualified") == ["Ada has not been qualified yet"]
	assert told(sara, "not been qualified") == []
	assert qualifying.remind() == 0


def test_several_leads_are_one_reminder(jun):
	for name in ("Eve", "Mia", "Ada"):
		lead = unqualified(lead_owner=jun, first_name=name)
	frappe.db.set_value("Lead", lead, "title", "Ada <b>")
	assert qualifying.remind() == 3
	assert told(jun, "not been qualified") == ["3 leads have not been qualified yet"]
	content = frappe.db.get_value("Notification Log", {"for_user": jun}, "email_content")
	assert all(name in content for name in ("Eve", "Mia", "Ada")) and "<b>" not in content


def test_of_a_lead_that_nobody_has_the_channel_s_people_are_reminded(jun, sara):
	frappe.get_doc(doctype="User Group", name="HVAC", user_group_members=[{"user": sara}]).insert()
	make_channel(user_group="HVAC")
	set_back(arrive(type="message", name="Ada", message="Hi"), inbox_arrived_on=1.1)
	qualifying.remind()
	assert len(told(sara, "not been qualified")) == 1
	assert told(jun, "not been qualified") == []


def test_nobody_is_reminded_of_what_is_early_old_qualified_asleep_or_over(jun):
	unqualified(hours_ago=23, lead_owner=jun)
	unqualified(hours_ago=24 * 9, lead_owner=jun)
	unqualified(lead_owner=jun, qualification_status="Qualified")
	stages.set_stage(unqualified(lead_owner=jun), "MQL")
	lifecycle.require(unqualified(lead_owner=jun), Happening.DECLINED)
	lifecycle.note_conversion(unqualified(lead_owner=jun), {})
	lifecycle.snooze(unqualified(lead_owner=jun), add_to_date(now_datetime(), days=1))
	assert qualifying.remind() == 0


def test_the_hours_are_the_site_s_and_nought_reminds_nobody(jun):
	unqualified(hours_ago=3, lead_owner=jun)
	settings = frappe.get_doc("Lead Inbox Settings")
	settings.update({"remind_after_hours": 0}).save()
	assert qualifying.remind() == 0
	settings.update({"remind_after_hours": 2}).save()
	assert qualifying.remind() == 1


def test_a_reminder_that_fails_keeps_no_other(jun, sara, monkeypatch):
	good, bad = unqualified(lead_owner=jun), unqualified(lead_owner=sara)
	real = qualifying.alerts.to_qualify

	def to_qualify(users, leads):
		if sara in users:
			raise ValueError("broken")
		real(users, leads)

	monkeypatch.setattr(qualifying.alerts, "to_qualify", to_qualify)
	assert qualifying.remind() == 1
	assert frappe.db.get_value("Lead", good, "inbox_qualify_reminded_on")
	assert not frappe.db.get_value("Lead", bad, "inbox_qualify_reminded_on")
