"""My Work: whose work it shows, in which tab, in which order, and page by page (SQ-6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.utils import now_datetime

from lead_inbox.api import worklist as desk
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.contact.masking import NUMBER_FIELDS
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities, meetings
from lead_inbox.sequences.worklist import worklist
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user
from lead_inbox.tests.integration.sequence_builders import (
	come_to_step,
	enroll,
	make_opportunity,
	make_sequence,
	step,
)

NUMBER = "+14155550123"


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def lead() -> Any:
	return make_lead(first_name="Naree")


def today_at(hour: int = 0, minute: int = 0, **days: int) -> datetime:
	moment = now_datetime().replace(hour=hour, minute=minute, second=0, microsecond=0)
	return moment + timedelta(**days)


def make_activity(record: Any, user: str | None, due_on: datetime | None = None, **values: Any) -> str:
	"""An activity as the modules that write them leave it; by default it has been due since midnight."""
	return (
		frappe.get_doc(
			**{
				"doctype": "Sales Activity",
				"title": "Call",
				"kind": "Phone Call",
				"status": "Open",
				"due_on": due_on or today_at(),
				"user": user,
				"reference_doctype": record.doctype,
				"reference_name": record.name,
				"lead": record.name if record.doctype == "Lead" else None,
				**values,
			}
		)
		.insert()
		.name
	)


def make_event(record: Any, owner: str, starts_on: datetime | None = None, **values: Any) -> str:
	"""A meeting with a record in somebody's calendar."""
	event = frappe.get_doc(
		**{
			"doctype": "Event",
			"subject": "Talk about the roof",
			"event_type": "Private",
			"starts_on": starts_on or today_at(),
			"event_participants": [{"reference_doctype": record.doctype, "reference_docname": record.name}],
			**values,
		}
	).insert()
	frappe.db.set_value("Event", event.name, "owner", owner)
	return event.name


def make_group(*members: str) -> str:
	rows = [{"user": user} for user in members]
	return frappe.get_doc(doctype="User Group", name="Callers", user_group_members=rows).insert().name


def items(user: str, /, tab: str = "due", scope: str = "mine", **filters: Any) -> list[dict[str, Any]]:
	return as_user(user, desk.get_items, tab, scope, filters)["items"]


def names(user: str, /, tab: str = "due", scope: str = "mine", **filters: Any) -> list[str]:
	return [item["name"] for item in items(user, tab, scope, **filters)]


def as_user(user: str, function: Any, *args: Any, **values: Any) -> Any:
	before = frappe.session.user
	frappe.set_user(user)
	try:
		return function(*args, **values)
	finally:
		frappe.set_user(before)


def page_through(
	user: str, tab: str, length: int, between: Any = lambda shown: None
) -> Iterator[dict[str, Any]]:
	"""Yield the items of a tab as its pages come; `between` runs after each page."""
	cursor, shown = None, []
	while True:
		answer = as_user(user, desk.get_items, tab, cursor=cursor, page_length=length)
		yield from answer["items"]
		shown += answer["items"]
		cursor = answer["next_cursor"]
		if not cursor:
			return
		between(shown)


def hide_how_to_reach_customers() -> None:
	for field in ("email_id", *NUMBER_FIELDS):
		make_property_setter("Lead", field, "permlevel", 7, "Int", validate_fields_for_doctype=False)
	frappe.clear_cache(doctype="Lead")


# Tabs


@pytest.mark.parametrize(
	("days", "tab", "bucket"),
	[
		(0, "due", "today"),
		(-1, "due", "overdue"),
		(-30, "due", "overdue"),
		(-31, "old", "old"),
		(1, "upcoming", "upcoming"),
	],
)
def test_the_day_that_it_is_due_decides_where_an_item_stands(lead, jun, days, tab, bucket):
	activity = make_activity(lead, jun, today_at(days=days))
	shown = {one: names(jun, one) for one in ("due", "upcoming", "completed", "old")}
	assert shown == {one: [activity] if one == tab else [] for one in shown}
	assert items(jun, tab)[0]["bucket"] == bucket
	counts = as_user(jun, desk.get_counts)
	expected = {bucket: 1, **({"due": 1} if tab == "due" else {})}
	assert counts == {**dict.fromkeys(counts, 0), **expected, "capped_at": 99}


def test_what_is_snoozed_is_upcoming_until_its_time(lead, jun):
	soon, past = now_datetime() + timedelta(seconds=30), now_datetime() - timedelta(seconds=1)
	sleeping = make_activity(lead, jun, soon, snoozed_until=soon)
	awake = make_activity(lead, jun, past, snoozed_until=past)
	assert names(jun, "upcoming") == [sleeping]
	assert awake in names(jun, "due") + names(jun, "old") and sleeping not in names(jun, "due")
	assert "Snoozed" in items(jun, "upcoming")[0]["because"]


def test_a_scheduled_mail_is_upcoming_until_it_is_sent(lead, jun):
	activity = make_activity(lead, jun, today_at(days=-1), status="Scheduled", kind="Email")
	assert (names(jun, "due"), names(jun, "upcoming")) == ([], [activity])


@pytest.mark.parametrize("status", ["Sending", "Paused", "Cancelled"])
def test_what_nobody_can_work_on_is_in_no_tab(lead, jun, status):
	make_activity(lead, jun, status=status, completed_on=now_datetime())
	assert not any(names(jun, tab) for tab in ("due", "upcoming", "completed", "old"))


def test_what_was_completed_or_skipped_is_listed_latest_first(lead, jun):
	first = come_to_step(enroll(make_sequence(["One", "Two"]), lead))
	frappe.db.set_value("Sales Activity", first.name, "user", jun)
	as_user(jun, activities.skip, first.name)
	by_hand, skipped_by_hand = make_activity(lead, jun), make_activity(lead, jun)
	as_user(jun, activities.complete, by_hand, outcome="Answered")
	as_user(jun, activities.skip, skipped_by_hand)
	assert names(jun, "completed") == [by_hand, first.name]
	assert [item["status"] for item in items(jun, "completed")] == ["Completed", "Skipped"]


# Whose


def test_mine_is_what_i_have_and_what_my_groups_have_not_claimed(lead, jun):
	sara = make_user("sara@company.example")
	group = make_group(jun)
	mine, unclaimed = make_activity(lead, jun), make_activity(lead, None, user_group=group)
	hers, nobodys = make_activity(lead, sara), make_activity(lead, None)
	make_activity(lead, sara, user_group=group)
	assert set(names(jun)) == {mine, unclaimed}
	assert hers in names(sara) and unclaimed not in names(sara)
	assert set(names(jun, scope="unassigned")) == {unclaimed, nobodys}
	assert set(names(jun, scope="team")) >= {mine, unclaimed, hers, nobodys}
	assert set(names(jun, scope="team", user=sara)) == set(names(sara))
	assert items(jun, scope="team", user=sara)[0]["user_full_name"] == "Sara"


def test_filters_narrow_down_the_list_and_the_counts_alike(lead, jun):
	sequence = make_sequence([step("Write", "Email")])
	of_sequence = come_to_step(enroll(sequence, lead)).name
	frappe.db.set_value("Sales Activity", of_sequence, "user", jun)
	opportunity = make_opportunity(lead.name)
	task = make_activity(opportunity, jun, kind="Task")
	for filters, expected in (
		({}, {of_sequence, task}),
		({"kind": "Task"}, {task}),
		({"sequence": sequence}, {of_sequence}),
		({"reference_doctype": "Opportunity"}, {task}),
		({"kind": "Task", "reference_doctype": "Lead"}, set()),
	):
		assert set(names(jun, **filters)) == expected
		assert as_user(jun, desk.get_counts, filters=filters)["due"] == len(expected)


@pytest.mark.parametrize(
	"asked",
	[
		{"tab": "now"},
		{"scope": "all"},
		{"filters": "[1]"},
		{"filters": {"kind": "Visit"}},
		{"filters": {"user": {"a": 1}}},
	],
)
def test_a_question_that_makes_no_sense_is_refused_with_words(jun, asked):
	with pytest.raises(frappe.ValidationError):
		as_user(jun, desk.get_items, **{"tab": "due", **asked})


def test_of_another_territory_nothing_is_seen(jun):
	for name in ("North", "South"):
		frappe.get_doc(doctype="Territory", territory_name=name, parent_territory="All Territories").insert()
	north, south = make_lead(territory="North"), make_lead(territory="South")
	mine, hidden = make_activity(north, jun), make_activity(south, jun)
	visible, secret = make_event(north, jun), make_event(south, jun)
	for one in (north, south):
		frappe.db.set_value("Lead", one.name, {"inbox_call_back_on": now_datetime(), "inbox_assignee": jun})
	frappe.get_doc(doctype="User Permission", user=jun, allow="Territory", for_value="North").insert()
	for scope in ("mine", "team"):
		shown = items(jun, scope=scope)
		assert {item["key"] for item in shown} == {
			f"activity/{mine}",
			f"event/{visible}",
			f"call_back/{north.name}",
		}
		assert as_user(jun, desk.get_counts, scope)["due"] == 3
	for source, name in (("activity", hidden), ("event", secret), ("call_back", south.name)):
		assert as_user(jun, desk.get_item, source, name) is None
	with pytest.raises(frappe.PermissionError):
		as_user(jun, desk.get_up_next, "Lead", south.name)


def test_who_may_not_write_the_record_sees_the_item_and_can_do_nothing(lead, jun):
	activity = make_activity(lead, jun)
	assert items(jun)[0]["can"]["complete"]
	role = frappe.get_doc(doctype="Role", role_name="Work Reader").insert().name
	for doctype in ("Lead", "Sales Activity"):
		frappe.get_doc(doctype="Custom DocPerm", parent=doctype, role=role, permlevel=0, read=1).insert()
	frappe.clear_cache()
	reader = make_user("reader@company.example", role)
	frappe.db.set_value("Sales Activity", activity, "user", reader)
	(item,) = items(reader)
	assert item["name"] == activity and not any(item["can"].values())


def test_who_may_not_see_numbers_sees_titles_masked(jun):
	make_channel()
	lead = frappe.get_doc("Lead", arrive(type="message", phone=NUMBER, message="It drips"))
	make_activity(lead, jun)
	make_event(lead, jun)
	frappe.db.set_value("Lead", lead.name, {"inbox_call_back_on": now_datetime(), "inbox_assignee": jun})
	assert NUMBER in str(items(jun))
	hide_how_to_reach_customers()
	shown = items(jun)
	assert {item["reference_title"] for item in shown} == {"•••23"}
	assert len(shown) == 3 and "4155550123" not in str(shown)


# Meetings and calls back


def test_meetings_with_my_records_are_mine_whoever_has_made_them(jun):
	sara = make_user("sara@company.example")
	lead, other = make_lead(lead_owner=jun), make_lead(first_name="Other")
	opportunity = make_opportunity(make_lead(first_name="Third").name, opportunity_owner=jun)
	by_lead, by_opportunity = make_event(lead, sara), make_event(opportunity, sara)
	own, assigned = make_event(other, jun), make_event(other, sara)
	by_reference = make_event(
		other, sara, event_participants=[], reference_doctype="Lead", reference_docname=lead.name
	)
	frappe.get_doc(
		doctype="ToDo", allocated_to=jun, reference_type="Event", reference_name=assigned, description="Go"
	).insert()
	strange = make_event(other, sara)
	make_event(frappe._dict(doctype="User", name="Administrator"), jun)  # about no record
	assert set(names(jun)) == {by_lead, by_opportunity, own, assigned, by_reference}
	assert as_user(jun, desk.get_counts)["due"] == 5
	assert strange in names(jun, scope="team")
	item = as_user(jun, desk.get_item, "event", by_opportunity)
	assert (item["reference_doctype"], item["reference_name"]) == ("Opportunity", opportunity.name)
	assert item["lead"] == opportunity.party_name and item["event"]["subject"] == "Talk about the roof"
	assert item["can"]["start"] and item["can"]["complete"] and not item["can"]["skip"]


def test_only_open_meetings_are_listed(lead, jun):
	past, later = make_event(lead, jun, today_at(days=-2)), make_event(lead, jun, today_at(days=2))
	old = make_event(lead, jun, today_at(days=-40))
	for status in ("Completed", "Closed", "Cancelled"):
		make_event(lead, jun, status=status)
	assert (names(jun), names(jun, "upcoming"), names(jun, "old")) == ([past], [later], [old])
	as_user(jun, meetings.close_meeting, past)
	assert names(jun) == []
	assert as_user(jun, desk.get_item, "event", past)["bucket"] == "completed"


def test_a_meeting_of_an_activity_is_listed_once(lead, jun):
	activity = make_activity(lead, jun, kind="Meeting", title="Look at the roof")
	starts_on = today_at(days=1)
	as_user(
		jun,
		meetings.plan_meeting,
		activity,
		"Look at the roof",
		starts_on,
		starts_on + timedelta(hours=1),
		video_link="https://meet.example/abc",
	)
	(item,) = items(jun, "upcoming")
	assert item["key"] == f"activity/{activity}"
	assert item["event"]["video_link"] == "https://meet.example/abc"
	assert item["event"]["starts_on"] == starts_on and "Naree" in item["event"]["people"]


def test_a_customer_to_call_back_is_an_item_until_somebody_answers(lead, jun):
	lifecycle.set_assignee(lead.name, jun)
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	(item,) = items(jun)
	assert (item["key"], item["kind"], item["lead"]) == (f"call_back/{lead.name}", "Phone Call", lead.name)
	assert "called back" in item["because"]
	assert names(make_user("sara@company.example")) == []
	lifecycle.apply(lead.name, Happening.REPLIED)
	assert items(jun) == [] and as_user(jun, desk.get_item, "call_back", lead.name) is None


def test_a_lead_that_sleeps_is_to_be_called_when_it_wakes(lead, jun):
	lifecycle.set_assignee(lead.name, jun)
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	lifecycle.snooze(lead.name, today_at(days=2))
	assert (names(jun), names(jun, "upcoming")) == ([], [lead.name])
	lifecycle.wake(lead.name)
	assert names(jun) == [lead.name]


# Order


def test_earlier_days_come_first_and_on_one_day_what_is_more_urgent(jun):
	make_channel()
	wrote = frappe.get_doc("Lead", arrive(type="message", name="Naree Phan", message="It drips"))
	calm = make_lead(first_name="Calm")
	lifecycle.apply(calm.name, Happening.REPLIED)
	frappe.db.set_value("Lead", calm.name, "inbox_last_inbound_on", today_at(days=-9))
	late, early = today_at(1), today_at()
	third, second = make_activity(calm, jun, early), make_activity(wrote, jun, late)
	first = make_activity(calm, jun, today_at(days=-1))
	shown = items(jun)
	assert [item["name"] for item in shown] == [first, second, third]
	assert "nobody has answered" in shown[1]["because"] and "nobody" not in shown[2]["because"]
	lifecycle.apply(wrote.name, Happening.REPLIED)
	frappe.db.set_value("Lead Message", {"lead": wrote.name}, "answered_on", now_datetime())
	frappe.db.set_value("Lead", wrote.name, "inbox_last_inbound_on", today_at(days=-9))
	assert names(jun) == [first, third, second]


# Pages


@pytest.mark.parametrize("tab", ["due", "upcoming", "old", "completed"])
@pytest.mark.parametrize("length", [1, 2, 20])
def test_pages_hold_each_item_once_in_one_order(lead, jun, tab, length, monkeypatch):
	monkeypatch.setattr(worklist, "WINDOW", 3)
	day = {"due": 0, "upcoming": 2, "old": -40, "completed": -1}[tab]
	done = {"status": "Completed"} if tab == "completed" else {}
	on = today_at(days=day)
	expected = set()
	for number in range(9):  # three of them at the same moment
		due_on = on + timedelta(minutes=number // 3)
		completed = {**done, "completed_on": due_on} if done else {}
		expected.add(make_activity(lead, jun, due_on, **completed))
	if not done:
		expected |= {make_event(lead, jun, on + timedelta(minutes=number)) for number in range(4)}
	shown = [item["name"] for item in page_through(jun, tab, length)]
	assert len(shown) == len(expected) and set(shown) == expected
	if not done:
		due = [item["due_on"] for item in page_through(jun, tab, length)]
		assert due == sorted(due)


@pytest.mark.parametrize("window", [2, 3, 500])
def test_what_is_completed_between_pages_neither_loses_nor_repeats_another(lead, jun, window, monkeypatch):
	monkeypatch.setattr(worklist, "WINDOW", window)
	expected = [make_activity(lead, jun, today_at(minute=number)) for number in range(10)]

	def complete_first_and_last_shown(shown: list[dict[str, Any]]) -> None:
		for name in {shown[0]["name"], shown[-1]["name"]}:
			if frappe.db.get_value("Sales Activity", name, "status") == "Open":
				as_user(jun, activities.complete, name, outcome="Answered")

	shown = [item["name"] for item in page_through(jun, "due", 2, complete_first_and_last_shown)]
	assert shown == expected


def test_a_cursor_that_is_none_of_ours_is_refused(jun):
	for tab in ("due", "upcoming"):
		for cursor in ("x", "[]", '["2026-01-01"]', '[null, ["a", "b", "c"], null]', "{}", "7"):
			with pytest.raises(frappe.ValidationError):
				as_user(jun, desk.get_items, tab, cursor=cursor)


def test_counts_are_capped(lead, jun, monkeypatch):
	monkeypatch.setattr(worklist, "COUNT_LIMIT", 2)
	for number in range(4):
		make_activity(lead, jun, today_at(days=-(number % 2)))
	counts = as_user(jun, desk.get_counts)
	assert (counts["overdue"], counts["today"], counts["due"], counts["capped_at"]) == (2, 2, 3, 2)


def test_a_page_takes_as_many_queries_whatever_it_holds(jun):
	leads = [make_lead(first_name=f"Lead {number}") for number in range(12)]
	for lead in leads:
		make_activity(lead, jun)
		make_event(lead, jun)
	few, many = (count_queries(lambda length=length: items_of_page(jun, length)) for length in (14, 24))
	assert len(many) == len(few)


def items_of_page(user: str, length: int) -> None:
	assert len(as_user(user, desk.get_items, "due", page_length=length)["items"]) == length


def count_queries(action: Any) -> list[Any]:
	action()  # what is cached later on
	run, count = frappe.db.sql, []

	def sql(*args: Any, **options: Any) -> Any:
		count.append(args)
		return run(*args, **options)

	frappe.db.sql = sql
	try:
		action()
	finally:
		del frappe.db.sql
	return count


def test_the_context_offers_what_dialogs_need(jun):
	sequence = make_sequence(["Call"])
	make_sequence(["Call"], status="Draft")
	group = make_group(jun)
	context = as_user(jun, desk.get_context)
	assert context["user"] == jun and context["can_add"] and group in context["user_groups"]
	assert [one["name"] for one in context["sequences"]] == [sequence]
	assert jun in [one["name"] for one in context["users"]]
