"""Scores and the stages that they speak for: requirement CO-1."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from lead_inbox import tasks
from lead_inbox.api import stages as api
from lead_inbox.api.desk import get_lead
from lead_inbox.conversion.stages import rescoring, scoring, stages
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.replies import tracking
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	state_of,
)
from lead_inbox.tests.integration.sequence_builders import enrollment_of, make_sequence

RESCORE_SECONDS = 60


def make_rule(points: int, **values: Any) -> Any:
	"""A rule on a field, unless it says otherwise."""
	rule = {"rule_name": f"Rule {frappe.generate_hash(length=6)}", "kind": "Field", "points": points}
	return frappe.get_doc(doctype="Lead Score Rule", **{**rule, **values}).insert()


def on_field(field: str, operator: str = "Set", value: str = "", points: int = 10, **values: Any) -> Any:
	return make_rule(points, field=field, operator=operator, value=value, **values)


def on_doing(engagement: str, points: int = 10, **values: Any) -> Any:
	return make_rule(points, kind="Engagement", engagement=engagement, **values)


def set_thresholds(mql: int = 0, sql: int = 0) -> None:
	frappe.get_doc("Lead Inbox Settings").update({"mql_score": mql, "sql_score": sql}).save()


def score_of(lead: str) -> int:
	return frappe.db.get_value("Lead", lead, "inbox_score") or 0


def stage_of(lead: str) -> str:
	return frappe.db.get_value("Lead", lead, "inbox_stage")


def say(lead: str, direction: str = "Out", days_ago: float = 0, **values: Any) -> str:
	"""Keep a message in a lead's conversation, as if it were so old."""
	defaults = {"kind": "Email", "delivery_status": "Sent" if direction == "Out" else None}
	return messages.record(
		lead,
		lead_email=None,
		direction=direction,
		external_id=frappe.generate_hash(length=12),
		sent_on=add_to_date(now_datetime(), days=-days_ago),
		text="Hello",
		**{**defaults, **values},
	)


def rescore_all(hours_later: float = 0) -> None:
	rescoring.rescore_due(RESCORE_SECONDS, now=add_to_date(now_datetime(), hours=hours_later))


def set_value(lead: str, **values: Any) -> None:
	frappe.get_doc("Lead", lead).update(values).save()


def test_a_lead_has_its_score_from_the_beginning():
	on_field("job_title", "Contains", "head", points=15)
	on_field("annual_revenue", "Greater Than", "1000", points=20)
	on_field("website", "Not Set", points=-5)
	lead = make_lead(job_title="Head of Purchasing", annual_revenue=5000).name
	assert score_of(lead) == 30


def test_a_change_of_a_field_changes_the_score():
	on_field("job_title", "Equal To", "CEO")
	lead = make_lead().name
	set_value(lead, job_title="ceo")
	assert score_of(lead) == 10
	frappe.get_doc("Lead", lead).db_set("job_title", "Intern")
	assert score_of(lead) == 0


def test_a_lead_that_arrives_is_scored_by_its_source():
	frappe.get_doc(doctype="Lead Source", source_name="Fair").insert()
	make_rule(25, kind="Source", source="Fair")
	make_channel(source="Fair")
	make_channel("Other")
	assert score_of(arrive(type="message", name="Ada", message="Hi")) == 25
	assert score_of(arrive("Other", type="message", name="Eve", message="Hi")) == 0


def test_an_arrival_is_no_reply_and_an_answer_to_us_is_one():
	make_channel()
	on_doing("Replied", 10)
	lead = arrive(type="message", name="Ada", phone="+14155550123", message="Hi")
	assert score_of(lead) == 0
	say(lead)
	lifecycle.apply(lead, Happening.REPLIED)
	assert score_of(lead) == 0
	arrive(type="message", name="Ada", phone="+14155550123", message="Tell me more")
	assert score_of(lead) == 10


@pytest.mark.parametrize(
	("engagement", "values"),
	[
		("Clicked a Link", {"clicked_on": "2026-01-01 09:00:00"}),
		("Opened a Mail", {"opened_on": "2026-01-01 09:00:00"}),
		("Answered a Call", {"kind": "Call", "call_status": "Answered"}),
	],
)
def test_what_the_customer_did_with_our_messages_counts_once(engagement, values):
	on_doing(engagement, 10)
	lead = make_lead().name
	for _turn in range(3):
		say(lead, **values)
	stages.rescore(lead)
	assert score_of(lead) == 10


def test_a_call_that_nobody_answered_and_a_message_that_has_not_left_give_nothing():
	on_doing("Answered a Call")
	on_doing("Replied")
	lead = make_lead().name
	say(lead, kind="Call", call_status="Missed", delivery_status=None)
	stages.rescore(lead)
	assert score_of(lead) == 0
	other = make_lead().name
	say(other, delivery_status="Cancelled", days_ago=2)
	say(other, "In", days_ago=1)
	stages.rescore(other)
	assert score_of(other) == 0


def test_an_automatic_answer_is_no_reply():
	on_doing("Replied")
	lead = make_lead().name
	say(lead, days_ago=2)
	say(lead, "In", days_ago=1, automated=1)
	stages.rescore(lead)
	assert score_of(lead) == 0


def test_a_booking_counts_also_when_it_is_over():
	on_doing("Booked", 40)
	lead = make_lead().name
	lifecycle.require(lead, Happening.BOOKED)
	assert score_of(lead) == 40
	lifecycle.require(lead, Happening.BOOKINGS_ENDED)
	assert score_of(lead) == 40


def test_a_click_is_heard_at_once(monkeypatch):
	on_doing("Clicked a Link", 10)
	on_doing("Opened a Mail", 5)
	monkeypatch.setattr(tracking, "_is_allowed_for", lambda _communication: True)
	lead = make_lead().name
	tracking.clicked(say(lead))
	assert score_of(lead) == 15


def test_points_fade_with_time():
	on_doing("Replied", 100, decay_days=10)
	lead = make_lead().name
	say(lead, days_ago=6)
	say(lead, "In", days_ago=5)
	stages.rescore(lead)
	assert score_of(lead) == 50
	rescore_all(hours_later=48)
	assert score_of(lead) == 30


def test_a_lead_is_looked_at_once_a_day():
	on_field("first_name", points=100, decay_days=10)
	lead = make_lead().name
	rescore_all(hours_later=23)
	assert score_of(lead) == 100
	rescore_all(hours_later=24.5)
	assert score_of(lead) == 90


def test_a_rule_that_is_new_changed_or_deleted_counts_for_all_leads_in_a_job(jobs):
	lead = make_lead(job_title="CEO").name
	rule = on_field("job_title")
	frappe.db.commit()
	assert "lead_inbox.tasks.rescore_leads" in [method for method, _arguments in jobs]
	tasks.rescore_leads()
	assert score_of(lead) == 10
	rule.update({"points": 70}).save()
	rescore_all()
	assert score_of(lead) == 70
	rule.delete()
	rescore_all()
	assert score_of(lead) == 0


def test_a_rule_that_is_switched_off_gives_nothing():
	rule = on_field("first_name")
	lead = make_lead().name
	rule.update({"enabled": 0}).save()
	rescore_all()
	assert score_of(lead) == 0


def test_all_batches_are_done_and_a_second_run_finds_nothing(monkeypatch):
	monkeypatch.setattr(rescoring, "BATCH", 2)
	leads = [make_lead(job_title="CEO").name for _index in range(5)]
	on_field("job_title")
	rescore_all()
	assert [score_of(lead) for lead in leads] == [10] * 5
	monkeypatch.setattr(rescoring, "_rescore_apart", pytest.fail)
	rescore_all()


def test_leads_that_are_over_keep_their_score():
	declined, customer = make_lead().name, make_lead().name
	lifecycle.require(declined, Happening.DECLINED)
	lifecycle.note_conversion(customer, {})
	on_field("first_name")
	rescore_all()
	assert score_of(declined) == score_of(customer) == 0
	lifecycle.require(declined, Happening.RESTORED)
	assert score_of(declined) == 10


def test_a_site_without_rules_is_not_asked_anything():
	lead = make_lead().name
	with_queries = []
	real = frappe.db.sql
	frappe.db.sql = lambda *args, **options: with_queries.append(args[0]) or real(*args, **options)
	try:
		scoring.rules()
		with_queries.clear()
		stages.rescore(lead)
		assert with_queries == []
		assert rescoring.rescore_due(RESCORE_SECONDS)
		assert not [query for query in with_queries if "tabLead`" in str(query)]
	finally:
		del frappe.db.sql


def test_a_rule_whose_field_is_gone_is_skipped_and_its_form_says_so():
	field = frappe.get_doc(
		doctype="Custom Field", dt="Lead", fieldname="fleet_size", label="Fleet Size", fieldtype="Int"
	)
	rule = on_field("first_name", points=7)
	frappe.db.set_value("Lead Score Rule", rule.name, {"field": field.fieldname, "operator": "Set"})
	on_field("job_title", points=3)
	frappe.clear_document_cache("Lead Score Rule", rule.name)
	assert score_of(make_lead(job_title="CEO").name) == 3
	rule.reload()
	rule.run_method("onload")
	assert "fleet_size" in rule.get("__onload").problem
	frappe.local.message_log = []
	set_thresholds(mql=5)
	assert rule.name in str(frappe.local.message_log)


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"field": "no_such_field"}, "no field"),
		({"field": "inbox_score"}, "no field"),
		({"field": "notes"}, "no field"),
		({"field": "annual_revenue", "operator": "Greater Than", "value": "much"}, "number"),
		({"field": "annual_revenue", "operator": "Contains", "value": "1"}, "no text"),
		({"field": "job_title", "operator": "Less Than", "value": "1"}, "neither greater nor less"),
		({"field": "job_title", "operator": "Equal To"}, "Enter the value"),
		({"field": "job_title", "operator": "Resembles", "value": "x"}, "should be one of"),
		({"field": "job_title", "points": 0}, "points"),
		({"field": "job_title", "points": 10**7}, "at most"),
		({"field": "job_title", "decay_days": -1}, "fade"),
		({"kind": "Source"}, "source"),
		({"kind": "Engagement"}, "what the customer did"),
	],
)
def test_a_rule_that_can_not_work_is_refused_with_what_to_do(values, words):
	with pytest.raises(frappe.ValidationError, match=words):
		make_rule(values.pop("points", 5), **values)


def test_settings_refuse_an_sql_below_an_mql_and_two_sequences_for_a_source():
	with pytest.raises(frappe.ValidationError, match="MQL before it is SQL"):
		set_thresholds(mql=50, sql=20)
	frappe.clear_messages()
	sequence = make_sequence()
	rows = [{"source": "Fair", "sequence": sequence}, {"source": "fair", "sequence": sequence}]
	with pytest.raises(frappe.ValidationError, match="fair has a sequence already"):
		frappe.get_doc("Lead Inbox Settings").update({"source_sequences": rows}).save()


def test_a_score_makes_a_lead_mql_and_then_sql():
	set_thresholds(mql=10, sql=20)
	on_field("job_title")
	on_field("website")
	lead = make_lead().name
	assert stage_of(lead) == "Lead"
	set_value(lead, job_title="CEO")
	assert stage_of(lead) == "MQL"
	assert frappe.db.get_value("Lead", lead, "inbox_mql_on")
	assert not frappe.db.get_value("Lead", lead, "inbox_sql_on")
	set_value(lead, website="https://company.example")
	assert stage_of(lead) == "SQL"
	assert frappe.db.get_value("Lead", lead, ["inbox_handover", "inbox_sql_on"])[0] == "Waiting"


def test_a_stage_stays_when_the_score_falls():
	set_thresholds(mql=10)
	on_field("job_title")
	lead = make_lead(job_title="CEO").name
	set_value(lead, job_title="")
	assert (score_of(lead), stage_of(lead)) == (0, "MQL")


def test_an_open_form_can_not_save_a_stage():
	lead = make_lead()
	lead.update({"inbox_stage": "SQL", "inbox_score": 99}).save()
	assert (score_of(lead.name), stage_of(lead.name)) == (0, "Lead")


def test_lower_thresholds_move_the_leads_there_are():
	on_field("job_title")
	lead = make_lead(job_title="CEO").name
	set_thresholds(mql=10)
	rescore_all()
	assert stage_of(lead) == "MQL"


def test_a_lead_from_before_there_were_stages_takes_part():
	lead = make_lead(job_title="CEO").name
	empty = dict.fromkeys(("inbox_stage", "inbox_scored_on", "inbox_handover"))
	frappe.db.set_value("Lead", lead, empty, update_modified=False)
	on_field("job_title")
	set_thresholds(mql=10)
	rescore_all()
	assert (score_of(lead), stage_of(lead)) == (10, "MQL")


def test_one_lead_that_fails_does_not_keep_the_others_and_is_tried_again(monkeypatch):
	set_thresholds(mql=10)
	good, bad = make_lead(job_title="CEO").name, make_lead(job_title="CEO").name
	on_field("job_title")
	real = stages.reach

	def reach(lead: str, *details: Any) -> None:
		if lead == bad:
			raise ValueError("broken")
		real(lead, *details)

	monkeypatch.setattr(stages, "reach", reach)
	rescore_all()
	assert (stage_of(good), stage_of(bad)) == ("MQL", "Lead")
	monkeypatch.setattr(stages, "reach", real)
	rescore_all()
	assert stage_of(bad) == "MQL"


def test_a_sequence_takes_leads_by_their_stage():
	set_thresholds(mql=10)
	sequence = make_sequence(enroll_automatically=1, enroll_condition="inbox_stage == 'MQL'")
	on_doing("Clicked a Link", 10)
	lead = make_lead().name
	say(lead, clicked_on="2026-01-01 09:00:00")
	stages.rescore(lead)
	(name,) = frappe.get_all("Sequence Enrollment", filters={"reference_name": lead}, pluck="name")
	assert enrollment_of(name).sequence == sequence


def test_an_assignment_rule_gives_out_leads_by_their_stage():
	jun = make_user("jun@company.example")
	frappe.get_doc(
		{
			"doctype": "Assignment Rule",
			"name": "SQLs",
			"document_type": "Lead",
			"assign_condition": "inbox_stage == 'SQL'",
			"rule": "Round Robin",
			"description": "SQL",
			"assignment_days": [
				{"day": day}
				for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
			],
			"users": [{"user": jun}],
		}
	).insert()
	lead = make_lead().name
	stages.set_stage(lead, "SQL")
	assert frappe.db.get_value("Lead", lead, "inbox_assignee") == jun


def test_the_inbox_page_has_stage_and_score():
	on_field("job_title")
	lead = make_lead(job_title="CEO").name
	shown = get_lead(lead)["lead"]
	assert (shown["stage"], shown["score"], shown["handover"]) == ("Lead", 10, None)


def test_the_form_of_a_rule_offers_what_may_be_asked():
	offered = api.get_rule_choices()
	names = [field["value"] for field in offered["fields"]]
	assert "job_title" in names and "inbox_status" in names
	assert not {"inbox_score", "inbox_stage", "notes", "inbox_relay_token"} & set(names)
	assert set(offered["sources"]) == set(frappe.get_all("Lead Source", pluck="name", order_by="name"))


def test_a_lead_that_is_gone_meanwhile_is_no_error():
	on_field("first_name")
	stages.rescore("CRM-LEAD-none")


def test_leads_that_were_merged_have_one_score_and_two_again_when_that_is_taken_back():
	on_doing("Replied", 10)
	winner, loser = make_lead(), make_lead()
	for lead in (winner.name, loser.name):
		stages.rescore(lead)
	say(loser.name, days_ago=2)
	say(loser.name, "In", days_ago=1)
	merge = merging.merge(winner.name, loser.name)
	rescore_all()
	assert score_of(winner.name) == 10
	merging.unmerge(merge)
	rescore_all()
	assert (score_of(winner.name), score_of(loser.name)) == (0, 10)


def test_scores_do_not_touch_the_state():
	make_channel()
	on_field("first_name")
	lead = arrive(type="message", name="Ada", message="Hi")
	modified = frappe.db.get_value("Lead", lead, "modified")
	stages.rescore(lead)
	assert state_of(lead) == ("New", "")
	assert frappe.db.get_value("Lead", lead, "modified") == modified
