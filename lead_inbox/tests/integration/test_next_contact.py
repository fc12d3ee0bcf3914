"""Activities added by hand and meetings, in step with the calendar: requirements SQ-5 and SQ-6."""

from datetime import datetime, time, timedelta

import frappe
import pytest
from erpnext.crm.utils import open_leads_opportunities_based_on_todays_event
from frappe.automation.doctype.reminder.reminder import send_reminders
from frappe.desk.doctype.event.event import get_events
from frappe.desk.form.load import get_docinfo
from frappe.utils import add_days, now_datetime

from lead_inbox.api import work
from lead_inbox.sequences.activities.activity_rows import NotPossibleNow
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.outgoing import as_user
from lead_inbox.tests.integration.sequence_builders import (
	come_to_step,
	enroll,
	make_opportunity,
	make_sequence,
	step,
)

LINK = "https://meet.example/" + "x" * 200


@pytest.fixture
def lead():
	return make_lead(first_name="Naree", phone="+14155550123", email_id="naree@example.com")


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


def at(days: int, hour: int = 10) -> datetime:
	return datetime.combine(add_days(now_datetime(), days), time(hour))


def plan(
	record, user: str, due_on: datetime | None = None, kind: str = "Phone Call", **values
) -> frappe._dict:
	due_on = str(due_on or at(2))
	item = work.add(record.doctype, record.name, kind, "Call again", due_on, user=user, **values)["item"]
	return activity(item["name"])


def activity(name: str) -> frappe._dict:
	return frappe.db.get_value("Sales Activity", name, "*", as_dict=True)


def event_of(name: str) -> frappe._dict | None:
	event = frappe.db.get_value("Sales Activity", name, "event")
	return frappe.db.get_value("Event", event, "*", as_dict=True) if event else None


def reminder_of(name: str) -> frappe._dict | None:
	reminder = frappe.db.get_value("Sales Activity", name, "reminder")
	return frappe.db.get_value("Reminder", reminder, "*", as_dict=True) if reminder else None


def calendar_of(user: str) -> list[str]:
	events = get_events(str(at(-1).date()), str(at(60).date()), user=user)
	return [event.subject for event in events]


def meeting_step(lead) -> str:
	sequence = make_sequence([step("Show the roof", "Meeting", instructions="Bring <tiles>"), "After"])
	return come_to_step(enroll(sequence, lead)).name


def plan_meeting(name: str, starts_on: datetime | None = None, **values) -> dict:
	starts_on = starts_on or at(3)
	return work.plan_meeting(
		name, "Roof visit", str(starts_on), str(starts_on + timedelta(hours=1)), **values
	)["item"]


def form_entries(doctype: str, name: str) -> list[str]:
	get_docinfo(frappe.get_doc(doctype, name))
	info = frappe.response["docinfo"]
	return [row.content for row in (*info.info_logs, *info.comments, *info.communications)]


def test_a_next_contact_is_in_its_user_s_worklist_calendar_and_reminders(lead, jun, sara):
	row = as_user(jun, lambda: plan(lead, sara, instructions="Ask for <photos>"))

	assert (row.user, row.status, row.due_on, row.lead) == (sara, "Open", at(2), lead.name)
	assert calendar_of(sara) == ["Call again"] and calendar_of(jun) == []
	event, reminder = event_of(row.name), reminder_of(row.name)
	assert (event.starts_on, event.event_category, event.owner) == (at(2), "Call", sara)
	assert (event.reference_doctype, event.reference_docname) == ("Lead", lead.name)
	assert (reminder.user, reminder.remind_at, reminder.reminder_docname) == (sara, at(2), lead.name)


def test_whoever_is_given_a_next_contact_hears_of_it(lead, jun, sara):
	as_user(jun, lambda: plan(lead, sara))
	told = frappe.get_all("Notification Log", filters={"for_user": sara}, fields=["subject", "link"])
	assert len(told) == 1 and "Jun gave you" in told[0].subject and told[0].link.endswith(lead.name)


def test_the_reminder_reaches_the_user(lead, jun):
	row = as_user(jun, lambda: plan(lead, jun))
	frappe.db.set_value("Reminder", row.reminder, "remind_at", now_datetime() + timedelta(minutes=1))
	send_reminders()
	assert frappe.db.exists("Notification Log", {"for_user": jun, "document_name": lead.name})


def test_it_can_be_planned_without_a_reminder_and_for_oneself(lead, jun):
	frappe.set_user(jun)
	row = plan(lead, None, remind=0)
	assert (row.user, row.reminder) == (jun, None)


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"due_on": "2020-01-01 09:00:00"}, "today or a day in the future"),
		({"kind": "Fax"}, "Choose one of"),
		({"title": "  "}, "in a few words"),
		({"user": "nobody@company.example"}, "not an active user"),
	],
)
def test_what_can_t_be_planned_says_why(lead, values, words):
	arguments = {"kind": "Phone Call", "title": "Call", "due_on": str(at(1)), **values}
	with pytest.raises(frappe.ValidationError, match=words):
		work.add("Lead", lead.name, **arguments)


def test_only_leads_and_opportunities_have_a_next_contact(lead, jun):
	with pytest.raises(frappe.PermissionError):
		work.add("User", jun, "Task", "Hack", str(at(1)))


def test_an_opportunity_s_next_contact_knows_the_customer_s_lead(lead, jun):
	row = plan(make_opportunity(lead.name), jun)
	assert (row.reference_doctype, row.lead) == ("Opportunity", lead.name)


@pytest.mark.parametrize(("act", "status"), [("complete", "Completed"), ("skip", "Cancelled")])
def test_what_is_done_or_cancelled_is_so_in_the_calendar_and_reminds_nobody(lead, jun, act, status):
	row = plan(lead, jun)
	getattr(work, act)(row.name, **({"outcome": "Answered"} if act == "complete" else {}))

	assert event_of(row.name).status == status
	assert not frappe.db.exists("Reminder", row.reminder)
	assert calendar_of(jun) == []


def test_what_is_given_to_somebody_else_moves_to_their_calendar(lead, jun, sara):
	row = plan(lead, jun)
	work.assign(row.name, user=sara)

	assert (calendar_of(jun), calendar_of(sara)) == ([], ["Call again"])
	assert reminder_of(row.name).user == sara


def test_what_is_given_to_a_group_is_in_the_calendar_of_who_claims_it(lead, jun, sara):
	row = plan(lead, jun)
	frappe.get_doc(doctype="User Group", name="Callers", user_group_members=[{"user": sara}]).insert()
	work.assign(row.name, user_group="Callers")
	assert (calendar_of(jun), calendar_of(sara)) == ([], [])
	assert not frappe.db.exists("Reminder", row.reminder)

	as_user(sara, lambda: work.claim(row.name))
	assert calendar_of(sara) == ["Call again"] and reminder_of(row.name).user == sara


def test_what_is_moved_in_the_calendar_is_due_then(lead, jun):
	row = plan(lead, jun)
	event = frappe.get_doc("Event", row.event)
	event.update({"starts_on": at(5), "ends_on": at(5, 11)}).save()

	assert activity(row.name).due_on == at(5)
	assert reminder_of(row.name).remind_at == at(5)


def test_what_is_ticked_off_in_the_calendar_is_done(lead, jun):
	row = plan(lead, jun, kind="Task")
	as_user(jun, lambda: frappe.get_doc("Event", row.event).update({"status": "Closed"}).save())

	done = activity(row.name)
	assert (done.status, done.completed_by) == ("Completed", jun)


@pytest.mark.parametrize("how", ["cancelled", "deleted"])
def test_an_event_that_is_cancelled_or_deleted_leaves_the_activity_to_be_done(lead, jun, how):
	row = plan(lead, jun)
	event = frappe.get_doc("Event", row.event)
	if how == "deleted":
		frappe.delete_doc("Event", event.name)
	else:
		event.update({"status": "Cancelled"}).save()

	left = activity(row.name)
	assert (left.status, left.event) == ("Open", None)


def test_a_next_contact_does_not_reopen_its_lead_on_its_day(lead, jun):
	"""ERPNext's daily job sets the participants of today's Events to Open."""
	plan(lead, jun, due_on=at(0, 23))
	frappe.db.set_value("Lead", lead.name, "status", "Do Not Contact")
	open_leads_opportunities_based_on_todays_event()
	assert frappe.db.get_value("Lead", lead.name, "status") == "Do Not Contact"


def test_planning_puts_nothing_into_the_timeline_but_doing_it_does(lead, jun):
	row = plan(lead, jun, kind="Task")
	assert form_entries("Lead", lead.name) == []
	work.complete(row.name)
	assert len(form_entries("Lead", lead.name)) == 1


def test_a_step_s_meeting_is_planned_with_who_when_where_and_link(lead, jun, sara):
	name = meeting_step(lead)
	work.assign(name, user=sara)
	item = as_user(jun, lambda: plan_meeting(name, location="5 Main St", video_link=LINK))

	assert item["due_on"] == at(3)
	shown = item["event"]
	assert (shown["subject"], shown["starts_on"], shown["location"]) == ("Roof visit", at(3), "5 Main St")
	assert shown["video_link"] == LINK
	assert {"Sara", "Jun"} <= set(shown["people"])
	event = frappe.get_doc("Event", shown["name"])
	assert LINK in event.description and "<tiles>" not in event.description
	assert event.event_category == "Meeting" and event.owner == sara
	assert as_user(jun, lambda: frappe.get_doc("Event", event.name).has_permission("read"))


def test_a_meeting_is_in_the_timeline_of_the_record_that_it_is_about(lead):
	plan_meeting(meeting_step(lead))
	assert len(form_entries("Lead", lead.name)) == 1


def test_planning_a_meeting_again_moves_it(lead):
	name = meeting_step(lead)
	first = plan_meeting(name)["event"]["name"]
	again = plan_meeting(name, starts_on=at(9))["event"]
	assert (again["name"], again["starts_on"]) == (first, at(9))
	assert activity(name).due_on == at(9)


def test_a_next_contact_that_is_a_meeting_has_one_event(lead, jun):
	row = plan(lead, jun, kind="Meeting")
	plan_meeting(row.name)
	assert calendar_of(jun) == ["Roof visit"]
	assert reminder_of(row.name).remind_at == at(3)


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"ends_on": "2100-01-01 08:00:00"}, "ends after it starts"),
		({"starts_on": "2020-01-01 09:00:00"}, "in the future"),
		({"video_link": "javascript:alert(1)"}, "begins with https"),
		({"subject": " "}, "in a few words"),
	],
)
def test_a_meeting_that_can_t_be_says_why(lead, values, words):
	times = {"starts_on": "2100-01-01 09:00:00", "ends_on": "2100-01-01 10:00:00"}
	arguments = {"subject": "Visit", **times, **values}
	with pytest.raises(frappe.ValidationError, match=words):
		work.plan_meeting(meeting_step(lead), **arguments)


def test_only_a_meeting_can_be_planned_as_one(lead, jun):
	with pytest.raises(frappe.ValidationError, match="is no meeting"):
		plan_meeting(plan(lead, jun).name)


def test_a_link_is_asked_of_google_after_the_commit_where_the_host_has_a_calendar_there(lead, jun, jobs):
	frappe.db.set_single_value("Google Settings", "enable", 1)
	calendar = frappe.get_doc(
		doctype="Google Calendar", calendar_name="Jun's", user=jun, push_to_google_calendar=1
	)
	calendar.flags.ignore_validate = True
	calendar.insert()
	row = plan(lead, jun, kind="Meeting")
	event = plan_meeting(row.name)["event"]["name"]
	assert not frappe.db.get_value("Event", event, "sync_with_google_calendar")
	frappe.db.commit()
	assert ("lead_inbox.tasks.push_event", {"name": event, "google_calendar": calendar.name}) in jobs


def test_a_meeting_that_was_held_completes_its_step_with_the_note(lead):
	name = meeting_step(lead)
	event = plan_meeting(name)["event"]["name"]
	item = work.close_meeting(event, note="They want slate")["item"]

	assert (item["status"], item["note"]) == ("Completed", "They want slate")
	assert frappe.db.get_value("Event", event, "status") == "Completed"
	assert any("They want slate" in entry for entry in form_entries("Lead", lead.name))
	with pytest.raises(NotPossibleNow):
		work.complete(name)
	with pytest.raises(frappe.ValidationError, match="Completed already"):
		work.close_meeting(event)


def test_a_meeting_of_the_calendar_alone_is_closed_with_a_note_on_its_records(lead, jun):
	event = frappe.get_doc(doctype="Event", subject="Site visit", starts_on=at(1), event_type="Public")
	event.add_participant("Lead", lead.name)
	event.insert()
	as_user(jun, lambda: work.close_meeting(event.name, note="Rained off"))

	assert frappe.db.get_value("Event", event.name, "status") == "Completed"
	assert any("Site visit" in entry and "Rained off" in entry for entry in form_entries("Lead", lead.name))


def test_who_may_write_none_of_its_records_closes_no_meeting(lead, jun):
	event = plan_meeting(meeting_step(lead))["event"]["name"]
	guest = make_user("guest@company.example", "Employee")
	with pytest.raises(frappe.PermissionError):
		as_user(guest, lambda: work.close_meeting(event))


def test_a_skipped_step_leaves_the_meeting_that_was_agreed_with_the_customer(lead):
	name = meeting_step(lead)
	event = plan_meeting(name)["event"]["name"]
	work.skip(name)
	assert frappe.db.get_value("Event", event, "status") == "Open"
