"""What the inbox page asks and does, as a user of the desk: requirement IN-7."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import add_to_date, now_datetime

from lead_inbox.api import desk
from lead_inbox.inbox import lifecycle, listing
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	set_back,
)


@pytest.fixture(autouse=True)
def jun() -> str:
	make_channel()
	user = make_user("jun@company.example")
	frappe.set_user(user)
	return user


def as_administrator(action):
	user = frappe.session.user
	frappe.set_user("Administrator")
	try:
		return action()
	finally:
		frappe.set_user(user)


def lead_arrives(name: str = "Naree Phan", **payload) -> str:
	return as_administrator(
		lambda: arrive(**{"type": "message", "name": name, "message": "It drips", **payload})
	)


def shown(status: str = "New", **options) -> list[str]:
	return [row["name"] for row in desk.get_leads(status, **options)["leads"]]


def test_the_list_shows_newest_interaction_first():
	first, second = lead_arrives("First", phone="+14155550101"), lead_arrives("Second")
	assert shown() == [second, first]
	lead_arrives(phone="+14155550101", message="Me again")
	assert shown() == [first, second]


def test_pages_follow_each_other_without_gap_or_repetition():
	leads = [lead_arrives(f"Lead {index}") for index in range(7)]
	same_moment = now_datetime()
	for lead in leads[:4]:
		frappe.db.set_value("Lead", lead, "inbox_last_interaction_on", same_moment, update_modified=False)

	seen, cursor = [], None
	while True:
		page = desk.get_leads("New", page_length=2, cursor=cursor)
		seen += [row["name"] for row in page["leads"]]
		cursor = page["next_cursor"]
		if not cursor:
			break
	assert sorted(seen) == sorted(leads) and len(seen) == 7


def test_a_row_has_what_the_list_shows(jun):
	lead = lead_arrives(service="HVAC repair")
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [jun]})
	row = desk.get_row(lead)

	assert (row["title"], row["preview"], row["service"], row["channel"]) == (
		"Naree Phan",
		"It drips",
		"HVAC repair",
		"Partner",
	)
	assert row["assignee"]["full_name"] == "Jun"
	assert (row["countdown"]["to"], row["countdown"]["days"], row["countdown"]["warn"]) == (
		"Unanswered",
		15,
		False,
	)
	assert row["message"]["direction"] == "In"


def test_the_countdown_warns_on_the_last_day():
	lead = lead_arrives()
	set_back(lead, inbox_aging_from=14.5)
	assert desk.get_row(lead)["countdown"]["warn"] is True


def test_reading_is_each_user_s_own(jun):
	lead = lead_arrives(phone="+14155550101")
	assert desk.get_row(lead)["unread"]
	desk.mark_read(lead)
	desk.mark_read(lead)
	assert not desk.get_row(lead)["unread"]

	frappe.set_user("Administrator")
	assert desk.get_row(lead)["unread"]
	frappe.set_user(jun)
	desk.mark_unread(lead)
	assert desk.get_row(lead)["unread"]


def test_a_new_message_is_unread_again():
	lead = lead_arrives(phone="+14155550101")
	desk.mark_read(lead)
	lead_arrives(phone="+14155550101", message="Hello?")
	assert desk.get_row(lead)["unread"]


def test_counts_are_those_of_the_tabs_and_capped(monkeypatch):
	monkeypatch.setattr(listing, "COUNT_LIMIT", 3)
	leads = [lead_arrives(f"Lead {index}") for index in range(5)]
	lifecycle.apply(leads[0], Happening.DECLINED)
	counts = desk.get_counts()

	assert (counts["New"], counts["Declined"], counts["Closed"], counts["capped_at"]) == (4, 1, 0, 3)


def test_mine_and_unassigned(jun):
	mine, shared, nobody_s = lead_arrives("Mine"), lead_arrives("Shared"), lead_arrives("Nobody's")
	assign_to.add({"doctype": "Lead", "name": mine, "assign_to": [jun]})
	assign_to.add({"doctype": "Lead", "name": shared, "assign_to": ["Administrator"]})
	assign_to.add({"doctype": "Lead", "name": shared, "assign_to": [jun]})

	assert set(shown(scope="mine")) == {mine, shared}
	assert shown(scope="unassigned") == [nobody_s]
	assert desk.get_counts(scope="mine")["New"] == 2


def test_filters_narrow_list_and_counts():
	call = lead_arrives("Caller", type="call")
	lead_arrives("Writer")

	assert shown(filters={"type": "Phone Call"}) == [call]
	assert desk.get_counts(filters={"type": "Phone Call"})["New"] == 1
	assert shown(filters={"channel": "E-mail"}) == []
	assert len(shown(filters={"from_date": "2000-01-01", "to_date": "2999-01-01"})) == 2
	assert shown(filters={"to_date": "2000-01-01"}) == []


def test_snoozed_leads_are_hidden_until_asked_for():
	lead = lead_arrives()
	assert desk.snooze([lead], str(add_to_date(now_datetime(), days=1)))["done"] == [lead]
	assert shown() == []
	assert shown(snoozed=1) == [lead]
	desk.unsnooze([lead])
	assert shown() == [lead]


def test_a_conversation_has_messages_transitions_and_facts():
	lead = lead_arrives(email="naree@example.com", postal_code="94110")
	desk.add_note(lead, "Gate code 4411")
	said = desk.get_lead(lead)

	assert [(m["kind"], m["direction"], m["content"]) for m in said["messages"]] == [
		("Message", "In", "It drips"),
		("Note", "Internal", "Gate code 4411"),
	]
	assert said["transitions"][0]["to_status"] == "New"
	assert (said["lead"]["postal_code"], said["reply"]["email"]["address"]) == ("94110", "naree@example.com")
	assert said["reply"]["medium"] == "Email"
	assert said["can"] == {
		**dict.fromkeys(("write", "assign", "reply", "decline", "merge", "dispute"), True),
		**dict.fromkeys(("convert", "set_stage"), True),
		"restore": False,
	}


def test_a_long_conversation_comes_in_pages():
	lead = lead_arrives()
	for index in range(60):
		desk.add_note(lead, f"Note {index}")
	newest = desk.get_lead(lead)
	older = desk.get_messages(lead, newest["messages"][0]["name"])

	assert (len(newest["messages"]), newest["older"]) == (50, True)
	assert (len(older["messages"]), older["older"]) == (11, False)
	assert older["messages"][0]["content"] == "It drips"


def test_a_template_is_filled_in_as_plain_text():
	as_administrator(
		lambda: frappe.get_doc(
			doctype="Email Template",
			name="Hello",
			subject="Hello {{ lead_name }}",
			response="<p>Dear {{ lead_name }}</p>",
		).insert()
	)
	assert desk.get_template(lead_arrives(), "Hello") == {
		"subject": "Hello Naree Phan",
		"content": "Dear Naree Phan",
	}


def test_one_lead_that_fails_does_not_stop_the_others(jun):
	lead = lead_arrives()
	result = desk.assign([lead, "CRM-LEAD-NONE"], jun)

	assert result["done"] == [lead]
	assert [failure["name"] for failure in result["failed"]] == ["CRM-LEAD-NONE"]


@pytest.mark.parametrize(
	"search", ["Naree", "phan nar", "naree@example.com", "drips", "4155550101", "+1 415 555 01"]
)
def test_search_finds_by_name_mail_phone_and_message(live_site, search):
	"""Full-text indexes see committed rows only, so this one runs on the live site."""
	lead = live_site.run(committed_lead)
	assert live_site.run(found_as_administrator, search) == [lead]
	assert live_site.run(found_as_administrator, "nothing of the kind") == []


def committed_lead() -> str:
	if not frappe.db.exists("Lead Channel", "Partner"):
		make_channel(default_country="United States")
	frappe.db.set_single_value("System Settings", "country", "United States")
	return arrive(
		type="message", name="Naree Phan", phone="+14155550101", email="naree@example.com", message="It drips"
	)


def found_as_administrator(search: str) -> list[str]:
	return shown(search=search)


def test_a_user_sees_only_the_leads_that_permissions_allow(jun):
	as_administrator(
		lambda: [
			frappe.get_doc(
				doctype="Territory", territory_name=name, parent_territory="All Territories"
			).insert()
			for name in ("North", "South")
		]
	)
	north = as_administrator(lambda: make_lead(territory="North").name)
	south = as_administrator(lambda: make_lead(territory="South").name)
	as_administrator(
		lambda: frappe.get_doc(
			doctype="User Permission", user=jun, allow="Territory", for_value="North"
		).insert()
	)
	as_administrator(lambda: [desk.add_note(lead, "A note") for lead in (north, south)])

	assert shown() == [north]
	assert desk.get_counts()["New"] == 1
	assert desk.get_row(south) is None
	with pytest.raises(frappe.PermissionError):
		desk.get_lead(south)
	assert set(frappe.get_list("Lead Message", pluck="lead", order_by="name")) == {north}
	assert set(frappe.get_list("Lead Transition", pluck="lead", order_by="name")) == {north}
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Lead Message", {"lead": south}).check_permission("read")
