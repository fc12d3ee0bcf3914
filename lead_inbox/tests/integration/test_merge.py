"""Two leads of one person become one, and two again: requirement IN-3."""

import json
from typing import Any

import frappe
import pytest
from frappe.desk.doctype.tag.tag import DocTags
from frappe.desk.form import assign_to
from frappe.utils import add_days, now_datetime

from lead_inbox.api import desk, merges
from lead_inbox.inbox import lifecycle, reading
from lead_inbox.inbox.merging import duplicates, merging
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.activities import activities, next_contact
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	receive_mail,
	set_back,
	state_of,
	transitions_of,
)
from lead_inbox.tests.integration.sequence_builders import come_to_step, enroll, make_sequence

MOVED_TABLES = (
	*("Lead Message", "Lead Event", "Communication", "Communication Link", "Comment", "ToDo", "Event"),
	*("Event Participants", "Dynamic Link", "File", "Tag Link", "CRM Note", "Prospect Lead", "Issue"),
	*("Appointment", "Lead Read Marker", "Lead Dispute", "Sales Activity", "Reminder"),
)
# When a row was touched, which a merge may say, and a marker's name, which it may not keep.
TOUCH = ("modified", "modified_by")


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


@pytest.fixture
def winner() -> str:
	return arrive(thread_id="t-1", name="Naree Phan", phone="+14155550123", message="Hi from my phone")


@pytest.fixture
def loser() -> str:
	return arrive(
		thread_id="t-2",
		name="N. Phan",
		email="naree@example.com",
		mobile="+14155550124",
		message="Hi by mail",
		service="Roof",
	)


def contents(doctype: str) -> dict[str, dict[str, Any]]:
	"""All rows of a table as they are; nothing and an empty text are the same."""
	rows = frappe.db.sql(f"select * from `tab{doctype}`", as_dict=True)
	key = "user" if doctype == "Lead Read Marker" else "name"
	left_out = {*TOUCH, "creation", "name"} if doctype == "Lead Read Marker" else set(TOUCH)
	return {
		f"{row[key]} {row.lead if key == 'user' else ''}": {
			field: value or None for field, value in row.items() if field not in left_out
		}
		for row in rows
	}


def of(doctype: str, lead: str, **filters: Any) -> list[str]:
	return frappe.get_all(doctype, filters={"lead": lead, **filters}, pluck="name", order_by="name asc")


def furnish(lead: str, user: str) -> None:
	"""Give a lead one of everything that can hang on it."""
	doc = frappe.get_doc("Lead", lead)
	doc.add_comment("Comment", "Call in the afternoon")
	doc.append("notes", {"note": "Has a dog", "added_by": "Administrator", "added_on": now_datetime()})
	doc.append("notes", {"note": "And a cat", "added_by": "Administrator", "added_on": now_datetime()})
	doc.save()
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [user]})
	DocTags("Lead").add(lead, f"Tag of {lead}")
	DocTags("Lead").add(lead, "Urgent")
	receive_mail("naree@example.com", "A mail", reference_doctype="Lead", reference_name=lead)
	linked = receive_mail("other@example.com", "Another mail")
	linked.add_link("Lead", lead, autosave=True)
	event = frappe.get_doc(doctype="Event", subject="Visit", starts_on=now_datetime(), event_type="Public")
	event.append("event_participants", {"reference_doctype": "Lead", "reference_docname": lead})
	event.insert()
	for doctype, values in {
		"Address": {"address_title": lead, "address_line1": "1 Main St", "city": "Rome", "country": "Italy"},
		"Contact": {"first_name": lead},
	}.items():
		document = frappe.get_doc(doctype=doctype, **values)
		document.append("links", {"link_doctype": "Lead", "link_name": lead})
		document.insert()
	frappe.get_doc(
		doctype="File",
		file_name=f"{lead}.txt",
		content=lead,
		attached_to_doctype="Lead",
		attached_to_name=lead,
	).insert()
	prospect = frappe.get_doc(doctype="Prospect", company_name=f"Company of {lead}")
	prospect.append("leads", {"lead": lead})
	prospect.insert()
	frappe.get_doc(doctype="Issue", subject=f"Issue of {lead}", lead=lead).insert()
	plan_next_contact(lead, user)


def plan_next_contact(lead: str, user: str | None = None, title: str = "Call again") -> str:
	return next_contact.add_by_hand("Lead", lead, "Task", title, add_days(now_datetime(), 1), user)


def test_a_merge_and_its_undoing_leave_every_row_as_it_was(winner, loser):
	for lead, user in ((winner, make_user("w@example.com")), (loser, make_user("l@example.com"))):
		furnish(lead, user)
	reading.mark_read(loser, "w@example.com")
	reading.mark_read(winner, "w@example.com")
	reading.mark_read(winner, "l@example.com")
	frappe.db.set_value("Lead", loser, {"inbox_no_calls": 1, "website": "https://phan.example"})
	tables = ("Lead", *MOVED_TABLES)
	before = {doctype: contents(doctype) for doctype in tables}

	merge = merges.merge(winner, loser)
	during = {doctype: contents(doctype) for doctype in tables}
	merges.unmerge(merge)

	still = {"Lead Dispute", "Appointment"}
	assert {doctype for doctype in tables if during[doctype] == before[doctype]} == still
	after = {doctype: contents(doctype) for doctype in tables}
	for doctype in tables:
		for name, row in before[doctype].items():
			assert after[doctype][name] == row, (doctype, name)
		assert after[doctype].keys() == before[doctype].keys(), doctype
	assert frappe.db.get_value("Lead Merge", merge, "undone_by") == "Administrator"


def test_all_that_hangs_on_the_loser_goes_to_the_winner(winner, loser):
	furnish(loser, make_user("l@example.com"))
	messages = of("Lead Message", loser)
	merges.merge(winner, loser)

	shown = [message["name"] for message in desk.get_lead(winner)["messages"]]
	assert set(messages) <= set(shown)
	assert of("Lead Message", loser) == of("Lead Event", loser) == []
	doc = frappe.get_doc("Lead", winner)
	assert [(note.idx, note.note) for note in doc.notes] == [(1, "Has a dog"), (2, "And a cat")]
	assert doc.get_assigned_users() == {"l@example.com"}
	assert set(doc.get_tags()) == {f"Tag of {loser}", "Urgent"}
	assert "Call in the afternoon" in doc._comments
	assert doc.inbox_assignee == "l@example.com"
	assert not frappe.get_doc("Lead", loser).get_assigned_users()
	for doctype in ("Comment", "Communication"):
		assert not frappe.db.exists(doctype, {"reference_doctype": "Lead", "reference_name": loser})


def test_what_is_planned_by_hand_goes_with_its_person_and_what_was_done_stays(winner, loser):
	done, planned = (plan_next_contact(loser, title=title) for title in ("Done", "Planned"))
	activities.complete(done)
	step = come_to_step(enroll(make_sequence(["Call"]), frappe.get_doc("Lead", loser))).name
	merge = merges.merge(winner, loser)

	fields = ["reference_name", "lead", "status"]
	assert frappe.db.get_value("Sales Activity", planned, fields) == (winner, winner, "Open")
	assert frappe.db.get_value("Sales Activity", done, fields) == (loser, loser, "Completed")
	assert frappe.db.get_value("Sales Activity", step, fields) == (loser, loser, "Cancelled")
	event, reminder = frappe.db.get_value("Sales Activity", planned, ["event", "reminder"])
	assert frappe.db.get_value("Event", event, "reference_docname") == winner
	assert frappe.db.get_value("Reminder", reminder, "reminder_docname") == winner
	merges.unmerge(merge)
	assert frappe.db.get_value("Sales Activity", planned, fields) == (loser, loser, "Open")


def test_the_loser_is_closed_and_leads_to_the_winner(winner, loser):
	merges.merge(winner, loser)
	assert state_of(loser) == ("Closed", "Merged")
	assert frappe.db.get_value("Lead", loser, "inbox_merged_into") == winner
	assert transitions_of(loser) == [("", "New", ""), ("New", "Closed", "Merged")]


def test_the_winner_gets_what_it_lacks_and_keeps_what_it_has(winner, loser):
	merges.merge(winner, loser)
	kept = frappe.get_doc("Lead", winner)
	assert (kept.lead_name, kept.phone, kept.inbox_service) == ("Naree Phan", "+14155550123", "Roof")
	assert not kept.email_id
	kept.save()  # ERPNext's rules still hold
	assert arrive(phone="+14155550124", message="From the other number") == winner


def test_a_number_that_the_winner_lacks_finds_it_afterwards():
	first = arrive(name="Ada", email="ada@example.com", message="Hi")
	second = arrive(name="Ada", phone="+14155550177", message="Hi")
	merges.merge(first, second)
	assert frappe.db.get_value("Lead", first, "inbox_phone_e164") == "+14155550177"


def test_what_comes_for_the_loser_goes_to_the_winner(winner, loser):
	merges.merge(winner, loser)
	assert arrive(thread_id="t-2", message="In the old thread") == winner
	assert arrive(email="Naree@Example.com", message="From the old address") == winner
	assert arrive(phone="+14155550124", message="From the old number") == winner
	mail = receive_mail("naree@example.com", "Re: Hi", reference_doctype="Lead", reference_name=loser)
	from lead_inbox.tests.integration.builders import process_all

	process_all()
	assert frappe.db.get_value("Lead Message", {"communication": mail.name}, "lead") == winner
	assert state_of(loser) == ("Closed", "Merged")


def test_a_chain_of_merges_is_followed_and_taken_back_link_by_link(winner, loser):
	third = make_lead(first_name="Third")
	first_merge = merges.merge(winner, loser)
	second_merge = merges.merge(third.name, winner)
	assert arrive(email="naree@example.com", message="Again") == third.name

	with pytest.raises(merging.MergeRefused, match="merged into another lead"):
		merges.unmerge(first_merge)
	merges.unmerge(second_merge)
	merges.unmerge(first_merge)
	assert arrive(thread_id="t-2", message="Back") == loser


def test_after_the_undoing_each_hears_its_own_customer_again(winner, loser):
	merge = merges.merge(winner, loser)
	later = arrive(thread_id="t-2", message="While they were one")
	merges.unmerge(merge)
	assert later == winner
	assert arrive(email="naree@example.com", message="Mine") == loser
	assert arrive(phone="+14155550123", message="Mine") == winner
	texts = frappe.get_all("Lead Message", {"lead": winner}, pluck="content", order_by="sent_on asc")
	assert "While they were one" in texts and "Hi by mail" not in texts


def test_a_deleted_winner_does_no_harm(winner, loser):
	merges.merge(winner, loser)
	frappe.delete_doc("Lead", winner)
	assert frappe.db.get_value("Lead", loser, "inbox_merged_into") is None
	assert arrive(email="naree@example.com", message="Hello?") == loser
	assert state_of(loser) == ("Active", "Returned")


def test_a_winner_that_is_gone_without_a_trace_does_no_harm(winner, loser):
	merges.merge(winner, loser)
	frappe.db.delete("Lead", {"name": winner})
	assert arrive(email="naree@example.com", message="Hello?") == loser


def test_a_deleted_loser_takes_no_message_along(winner, loser):
	merges.merge(winner, loser)
	frappe.delete_doc("Lead", loser)
	assert len(of("Lead Message", winner)) == 2
	assert frappe.db.count("Lead Merge") == 0


@pytest.mark.parametrize("back", [False, True])
def test_what_people_did_since_stays(winner, loser, back):
	merge = merges.merge(winner, loser)
	lifecycle.apply(winner, Happening.REPLIED)
	frappe.get_doc("Lead", winner).db_set("inbox_service", "Windows")
	answered_on = frappe.db.get_value("Lead", winner, "inbox_first_response_on")
	if back:
		merges.unmerge(merge)
	kept = frappe.get_doc("Lead", winner)
	assert (kept.inbox_status, kept.inbox_service) == ("Active", "Windows")
	assert kept.inbox_first_response_on == answered_on


def test_times_are_joined(winner, loser):
	set_back(winner, inbox_arrived_on=3, inbox_last_inbound_on=3, inbox_aging_from=3)
	set_back(loser, inbox_arrived_on=5, inbox_last_inbound_on=1, inbox_aging_from=1, inbox_call_back_on=1)
	lifecycle.apply(loser, Happening.REPLIED)
	old = frappe.get_doc("Lead", loser)
	set_back(loser, inbox_call_back_on=1)
	merges.merge(winner, loser)
	kept = frappe.get_doc("Lead", winner)
	assert kept.inbox_arrived_on == old.inbox_arrived_on
	assert kept.inbox_last_inbound_on == old.inbox_last_inbound_on
	assert kept.inbox_first_response_on == old.inbox_first_response_on
	assert kept.inbox_call_back_on


def test_an_unanswered_lead_wakes_the_inactive_one_it_joins(winner, loser):
	lifecycle.apply(winner, Happening.REPLIED)
	lifecycle.apply(winner, Happening.WENT_QUIET)
	merge = merges.merge(winner, loser)
	assert state_of(winner) == ("Active", "")
	merges.unmerge(merge)
	assert state_of(winner) == ("Inactive", "Quiet")
	assert transitions_of(winner)[-2:] == [("Inactive", "Active", ""), ("Active", "Inactive", "Quiet")]


def test_a_refusal_of_either_is_the_refusal_of_both(winner, loser):
	lifecycle.refuse_contact(loser, "SMS", True)
	frappe.get_doc(
		doctype="Email Unsubscribe",
		email="naree@example.com",
		reference_doctype="Lead",
		reference_name=loser,
	).insert()
	merge = merges.merge(winner, loser)
	fields = ["inbox_no_calls", "inbox_no_sms", "unsubscribed"]
	assert frappe.db.get_value("Lead", winner, fields) == (0, 1, 1)
	merges.unmerge(merge)
	assert frappe.db.get_value("Lead", winner, fields) == (0, 0, 0)


def test_who_was_not_to_be_contacted_is_not_contacted_under_another_name(winner, loser):
	doc = frappe.get_doc("Lead", loser)
	doc.status = "Do Not Contact"
	doc.save()
	merges.merge(winner, loser)
	assert frappe.db.get_value("Lead", winner, ["inbox_no_calls", "inbox_no_mail", "inbox_no_sms"]) == (
		1,
		1,
		1,
	)


def test_nobody_is_assigned_twice(winner, loser):
	user = make_user("both@example.com")
	for lead in (winner, loser):
		assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [user]})
	merge = merges.merge(winner, loser)
	tasks = {"allocated_to": user, "reference_type": "Lead", "status": "Open"}
	assert frappe.get_all("ToDo", tasks, pluck="reference_name") == [winner]
	assert json.loads(frappe.db.get_value("Lead", winner, "_assign")) == [user]
	merges.unmerge(merge)
	assert sorted(frappe.get_all("ToDo", tasks, pluck="reference_name")) == sorted([winner, loser])


@pytest.mark.parametrize("close_rule", ["", "inbox_status == 'Closed'"])
def test_assignment_rules_neither_take_the_task_away_nor_assign_a_closed_lead(winner, loser, close_rule):
	user = make_user("rule@example.com")
	rule = frappe.get_doc(
		doctype="Assignment Rule",
		name="Everybody",
		document_type="Lead",
		priority=0,
		assign_condition="status == 'Lead'",
		close_condition=close_rule,
		rule="Round Robin",
		description="New lead",
	)
	rule.append("users", {"user": user})
	for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
		rule.append("assignment_days", {"day": day})
	rule.insert()
	frappe.get_doc("Lead", loser).save()
	assert frappe.db.get_value("Lead", loser, "inbox_assignee") == user
	merges.merge(winner, loser)
	open_tasks = {"reference_type": "Lead", "status": "Open"}
	assert frappe.get_all("ToDo", open_tasks, pluck="reference_name") == [winner]
	assert frappe.db.get_value("Lead", winner, "inbox_assignee") == user


def test_what_a_user_has_not_read_of_the_loser_is_unread(winner, loser):
	user = make_user("reader@example.com")
	reading.mark_read(winner, user)
	frappe.set_user(user)
	assert desk.get_row(winner)["unread"] is False
	merge = merges.merge(winner, loser)
	assert desk.get_row(winner)["unread"] is True
	merges.unmerge(merge)
	assert (desk.get_row(winner)["unread"], desk.get_row(loser)["unread"]) == (False, True)


class TestRefusals:
	def test_one_lead_twice(self, winner):
		with pytest.raises(merging.MergeRefused, match="two different leads"):
			merges.merge(winner, winner)

	def test_a_lead_that_was_merged_already(self, winner, loser):
		merges.merge(winner, loser)
		with pytest.raises(merging.MergeRefused, match=r"N\. Phan has been merged"):
			merges.merge(make_lead().name, loser)

	def test_a_circle(self, winner, loser):
		merges.merge(winner, loser)
		with pytest.raises(merging.MergeRefused, match="merged into another lead"):
			merges.merge(loser, winner)

	def test_a_converted_loser_and_the_other_way_round(self, winner, loser):
		make_customer(loser)
		with pytest.raises(merging.MergeRefused, match=r"keep N\. Phan"):
			merges.merge(winner, loser)
		merges.merge(loser, winner)
		assert state_of(winner) == ("Closed", "Merged")
		assert state_of(loser) == ("Active", "Returned")

	def test_two_converted_leads(self, winner, loser):
		make_customer(loser)
		make_customer(winner)
		with pytest.raises(merging.MergeRefused, match="both leads"):
			merges.merge(winner, loser)

	def test_a_merge_is_taken_back_once(self, winner, loser):
		merge = merges.merge(winner, loser)
		merges.unmerge(merge)
		with pytest.raises(merging.MergeRefused, match="already"):
			merges.unmerge(merge)
		merges.merge(winner, loser)

	def test_a_winner_that_was_converted_since(self, winner, loser):
		merge = merges.merge(winner, loser)
		make_customer(winner)
		with pytest.raises(merging.MergeRefused, match="has been made of Naree Phan since"):
			merges.unmerge(merge)

	def test_a_lead_that_is_gone(self, winner):
		with pytest.raises(frappe.DoesNotExistError):
			merging.merge(winner, "CRM-LEAD-GONE")


class TestPermissions:
	@pytest.fixture
	def reader(self, loser) -> str:
		"""May see and write leads of one territory only; the loser is in another."""
		user = make_user("south@example.com")
		for name in ("South", "North"):
			frappe.get_doc(doctype="Territory", territory_name=name).insert(ignore_if_duplicate=True)
		frappe.db.set_value("Lead", loser, "territory", "North")
		frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="South").insert()
		return user

	def test_both_leads_must_be_the_user_s_to_write(self, winner, loser, reader):
		frappe.db.set_value("Lead", winner, "territory", "South")
		frappe.set_user(reader)
		for pair in ((winner, loser), (loser, winner)):
			with pytest.raises(frappe.PermissionError):
				merges.merge(*pair)

	def test_a_merge_is_seen_by_who_sees_both_leads(self, winner, loser, reader):
		frappe.db.set_value("Lead", winner, "territory", "South")
		merge = merges.merge(winner, loser)
		frappe.set_user(make_user("all@example.com"))
		assert frappe.get_list("Lead Merge", pluck="name") == [merge]
		frappe.set_user(reader)
		assert frappe.get_list("Lead Merge", pluck="name") == []
		assert not frappe.has_permission("Lead Merge", doc=merge)
		with pytest.raises(frappe.PermissionError):
			merges.unmerge(merge)


class TestDuplicates:
	def reasons(self, lead: str) -> dict[str, str]:
		return {row["name"]: row["reason"] for row in duplicates.find(lead)}

	def test_one_person_is_found_by_each_trait(self):
		lead = make_lead(
			first_name="Ada",
			last_name="Lovelace",
			phone="+14155550101",
			email_id="ada@example.com",
			company_name="Engines",
			inbox_postal_code="10115",
		)
		by_phone = make_lead(first_name="A", mobile_no="+1 415 555 0101")
		by_place = make_lead(first_name="Ada", last_name="Lovelace", inbox_postal_code="10115")
		by_company = make_lead(first_name="ada", last_name="lovelace", company_name="Engines")
		by_contact = make_lead(first_name="Office")
		contact = frappe.get_doc(doctype="Contact", first_name="Office")
		contact.append("email_ids", {"email_id": "Ada@example.com", "is_primary": 1})
		contact.append("links", {"link_doctype": "Lead", "link_name": by_contact.name})
		contact.insert()
		make_lead(first_name="Ada", last_name="Lovelace")
		assert self.reasons(lead.name) == {
			by_phone.name: "Same phone number",
			by_place.name: "Same name and postal code",
			by_company.name: "Same name and company",
			by_contact.name: "Same e-mail in its contacts",
		}
		assert self.reasons(by_contact.name) == {lead.name: "Same e-mail"}

	def test_at_most_ten_are_shown_and_none_that_was_merged(self):
		lead = make_lead(first_name="A", phone="+14155550101")
		others = [make_lead(first_name="B", phone="+14155550101").name for _turn in range(12)]
		assert len(self.reasons(lead.name)) == 10
		for other in others[:5]:
			merges.merge(lead.name, other)
		assert set(self.reasons(lead.name)) == set(others[5:])

	def test_only_leads_that_the_user_may_see(self, loser):
		user = make_user("south@example.com")
		for name in ("South", "North"):
			frappe.get_doc(doctype="Territory", territory_name=name).insert(ignore_if_duplicate=True)
		lead = make_lead(first_name="N", phone="+14155550124", territory="South")
		frappe.db.set_value("Lead", loser, "territory", "North")
		assert set(self.reasons(lead.name)) == {loser}
		frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="South").insert()
		frappe.set_user(user)
		assert self.reasons(lead.name) == {}


def test_a_person_that_the_source_wipes_is_erased_from_the_merged_lead_too(winner, loser):
	merges.merge(winner, loser)
	arrive(thread_id="t-1", status="WIPED_OUT")
	fields = ["lead_name", "email_id", "mobile_no"]
	assert frappe.db.get_value("Lead", loser, fields) == ("[erased]", None, None)
	assert frappe.db.get_value("Lead Merge", {"winner": winner}, "ledger").find("naree") == -1


def test_the_number_of_queries_does_not_grow_with_the_messages(winner, loser, monkeypatch):
	def queries(action: Any) -> int:
		counted = []
		real = frappe.db.sql
		monkeypatch.setattr(frappe.db, "sql", lambda *a, **k: (counted.append(1), real(*a, **k))[1])
		action()
		monkeypatch.setattr(frappe.db, "sql", real)
		return len(counted)

	def run(lead: str) -> tuple[int, int]:
		names: list[str] = []
		merged = queries(lambda: names.append(merges.merge(winner, lead)))
		return merged, queries(lambda: merges.unmerge(names[0]))

	run(loser)  # reads what is cached afterwards
	few = run(loser)
	message = frappe.get_doc("Lead Message", of("Lead Message", loser)[0])
	for turn in range(50):
		message.name, message.message_key = f"m-{turn}", f"k-{turn}"
		message.db_insert()
	assert run(loser) == few


def make_customer(lead: str) -> None:
	frappe.get_doc(
		doctype="Customer",
		customer_name=f"Customer {lead}",
		customer_group="All Customer Groups",
		territory="All Territories",
		lead_name=lead,
	).insert()


def test_merging_soon_after_each_other_keeps_the_call_back(winner, loser):
	frappe.db.set_value("Lead", loser, "inbox_call_back_on", add_days(now_datetime(), -1))
	merge = merges.merge(winner, loser)
	assert frappe.db.get_value("Lead", winner, "inbox_call_back_on")
	assert not frappe.db.get_value("Lead", loser, "inbox_call_back_on")
	merges.unmerge(merge)
	assert frappe.db.get_value("Lead", loser, "inbox_call_back_on")
	assert not frappe.db.get_value("Lead", winner, "inbox_call_back_on")
