"""Who hears of a lead, and how: the alerts of requirements IN-2, IN-3 and RE-8."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import add_to_date, get_url, now_datetime, strip_html

from lead_inbox.custom_fields import ALERT_KINDS
from lead_inbox.inbox import alerts, conversation, lifecycle, messages
from lead_inbox.inbox.rules import Happening
from lead_inbox.reseller.vendor import news
from lead_inbox.reseller.vendor.vendor_rules import Action, Trouble
from lead_inbox.sequences.activities import next_contact
from lead_inbox.tests.integration.booking_builders import in_days, make_booking, make_service
from lead_inbox.tests.integration.builders import (
	arrive,
	make_channel,
	make_lead,
	make_user,
	process_all,
	receive_mail,
	set_back,
)
from lead_inbox.tests.integration.reseller_builders import doc_of, make_reseller_customer

HELLO = {"type": "message", "name": "Naree Phan", "phone": "+14155550123", "message": "It drips <b>"}


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


def round_robin(*users: str, **values) -> None:
	frappe.get_doc(
		{
			"doctype": "Assignment Rule",
			"name": "Round robin",
			"document_type": "Lead",
			"assign_condition": "inbox_status == 'New'",
			"close_condition": "inbox_status in ('Closed', 'Declined')",
			"rule": "Round Robin",
			"description": "New lead",
			"assignment_days": [
				{"day": day}
				for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
			],
			"users": [{"user": user} for user in users],
			**values,
		}
	).insert()


def notifications(user: str) -> list[frappe._dict]:
	return frappe.get_all(
		"Notification Log",
		filters={"for_user": user, "document_type": "Lead"},
		fields=["type", "subject", "link", "email_content", "document_name"],
		order_by="creation asc",
	)


def mails_to(user: str) -> list[str]:
	queue = frappe.get_all(
		"Email Queue Recipient", filters={"recipient": user}, pluck="parent", order_by="creation asc"
	)
	return [frappe.db.get_value("Email Queue", name, "message") for name in queue]


def test_everybody_in_sales_hears_of_an_unassigned_lead(jun, sara):
	make_channel()
	lead = arrive(**HELLO)

	for user in (jun, sara):
		(told,) = notifications(user)
		assert "New lead from Partner" in told.subject and "Naree Phan" in told.subject
		assert told.link == get_url(f"/app/lead-inbox/{lead}")
		assert len(mails_to(user)) == 1


def test_the_mail_opens_exactly_that_lead(jun):
	make_channel()
	lead = arrive(**HELLO)
	(mail,) = mails_to(jun)
	assert f"/app/lead-inbox/{lead}" in mail.replace("=\n", "").replace("=\r\n", "")


def test_a_channel_s_user_group_hears_of_its_leads_and_nobody_else(jun, sara):
	frappe.get_doc(doctype="User Group", name="HVAC", user_group_members=[{"user": sara}]).insert()
	make_channel(user_group="HVAC")
	arrive(**HELLO)

	assert len(notifications(sara)) == 1
	assert notifications(jun) == []


def test_an_assignment_rule_gives_arrivals_out_in_turn(jun, sara):
	make_channel()
	round_robin(jun, sara)
	leads = [arrive(type="message", name=f"Lead {index}", message="Hi") for index in range(4)]

	assert [frappe.db.get_value("Lead", lead, "inbox_assignee") for lead in leads] == [jun, sara, jun, sara]


def test_the_assignee_alone_is_told_once_and_by_a_link_to_the_inbox(jun, sara):
	make_channel()
	round_robin(jun)
	lead = arrive(**HELLO)

	(told,) = notifications(jun)
	assert told.link == get_url(f"/app/lead-inbox/{lead}")
	assert "New lead from Partner" in told.subject
	assert len(mails_to(jun)) == 1
	assert notifications(sara) == [] and mails_to(sara) == []


def test_a_second_message_of_a_lead_does_not_alert_as_new(jun):
	make_channel()
	arrive(**HELLO)
	arrive(**HELLO)
	assert len(notifications(jun)) == 1


def test_what_a_stranger_writes_is_text_in_the_alert(jun):
	make_channel()
	arrive(type="message", name="Ada", message="<script>alert(1)</script>")
	(told,) = notifications(jun)
	assert "<script" not in told.email_content + told.subject


def test_who_switched_mails_off_gets_the_desk_notification_only(jun):
	frappe.get_doc("Notification Settings", jun).update({"enable_email_notifications": 0}).save()
	make_channel()
	arrive(**HELLO)

	assert len(notifications(jun)) == 1
	assert mails_to(jun) == []


def test_the_owner_of_the_opportunity_hears_of_a_customer_who_returns(jun, sara):
	make_channel()
	lead = make_lead(phone="+14155550123").name
	frappe.get_doc(
		doctype="Opportunity", opportunity_from="Lead", party_name=lead, opportunity_owner=sara
	).insert()
	frappe.get_doc(
		doctype="Customer", customer_name="Naree", customer_type="Individual", lead_name=lead
	).insert()
	arrive(**HELLO)

	assert "is back" in notifications(sara)[-1].subject
	assert all("is back" not in told.subject for told in notifications(jun))


def test_the_assignee_hears_when_a_declined_lead_writes_again(jun):
	make_channel()
	lead = arrive(**HELLO)
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [jun]})
	lifecycle.require(lead, Happening.DECLINED)
	arrive(**HELLO)

	assert "was declined" in notifications(jun)[-1].subject


def test_closing_an_assignment_frees_the_lead(jun):
	make_channel()
	lead = arrive(**HELLO)
	assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [jun]})
	assert frappe.db.get_value("Lead", lead, "inbox_assignee") == jun
	assign_to.remove("Lead", lead, jun)
	assert not frappe.db.get_value("Lead", lead, "inbox_assignee")


def test_a_new_lead_that_only_called_is_to_be_called_back(jun):
	make_channel()
	arrive(type="phone call", name="Naree Phan", phone="+14155550123", call={"answered": False})
	assert [strip_html(told.subject) for told in notifications(jun)] == [
		"Missed call from Naree Phan: call back"
	]


def assign(lead: str, *users: str) -> None:
	for user in users:
		assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [user]})


def subjects_since(user: str, count: int) -> list[str]:
	return [strip_html(told.subject) for told in notifications(user)[count:]]


@pytest.fixture
def lead(jun, sara) -> str:
	"""A lead in work that both have; what they were told of it so far is one notification each."""
	make_channel()
	frappe.get_doc(doctype="User Group", name="Nobody", user_group_members=[{"user": "Guest"}]).insert()
	frappe.db.set_value("Lead Channel", "Partner", "user_group", "Nobody")
	frappe.clear_document_cache("Lead Channel", "Partner")
	lead = arrive(**HELLO)
	assign(lead, jun, sara)
	lifecycle.apply(lead, Happening.REPLIED)
	return lead


def test_all_who_have_a_lead_in_work_hear_of_a_message_and_nobody_else(lead, jun, sara):
	ann = make_user("ann@company.example")
	arrive(**{**HELLO, "message": "When?"})

	for user in (jun, sara):
		assert subjects_since(user, 1) == ["New message from Naree Phan"]
		assert notifications(user)[-1].link == get_url(f"/app/lead-inbox/{lead}")
		assert notifications(user)[-1].email_content == "When?"
		assert len(mails_to(user)) == 2
	assert notifications(ann) == []


def test_the_first_mail_on_a_lead_that_was_made_by_hand_earlier_is_no_new_lead(jun):
	lead = make_lead(first_name="Naree", email_id="naree@customer.example").name
	assign(lead, jun)
	set_back(lead, inbox_arrived_on=3)
	told = len(notifications(jun))
	receive_mail("naree@customer.example", "When?", reference_doctype="Lead", reference_name=lead)
	process_all()
	assert subjects_since(jun, told) == ["New message from Naree"]


def test_a_lead_in_work_that_nobody_has_calls_the_channel_s_people(jun):
	make_channel()
	lifecycle.apply(arrive(**HELLO), Happening.REPLIED)
	arrive(**HELLO)
	assert subjects_since(jun, 1) == ["New message from Naree Phan"]


@pytest.mark.parametrize(
	("call", "subject"),
	[
		({"answered": False}, "Missed call from Naree Phan: call back"),
		({"answered": True, "duration_seconds": 30}, "Naree Phan has called"),
	],
)
def test_a_call_of_a_lead_in_work_says_whether_to_call_back(lead, jun, call, subject):
	arrive(type="phone call", phone="+14155550123", call=call)
	assert subjects_since(jun, 1) == [subject]


def test_what_we_said_ourselves_by_another_system_alerts_nobody(lead, jun):
	arrive(**{**HELLO, "direction": "out"})
	assert subjects_since(jun, 1) == []


def test_an_arrival_that_assigns_the_lead_anew_tells_once(jun):
	make_channel()
	round_robin(jun)
	lead = arrive(**HELLO)
	assign_to.remove("Lead", lead, jun)
	lifecycle.apply(lead, Happening.WENT_UNANSWERED)
	told_before = len(notifications(jun))
	arrive(**HELLO)

	assert frappe.db.get_value("Lead", lead, "inbox_assignee") == jun
	told = [subject for subject in subjects_since(jun, told_before) if "removed" not in subject]
	assert told == ["New lead from Partner: Naree Phan"]


def test_losing_an_assignment_is_not_told_as_a_new_lead(jun):
	make_channel()
	lead = arrive(**HELLO)
	assign(lead, jun)
	assign_to.remove("Lead", lead, jun)
	assert "has been removed" in notifications(jun)[-1].subject


def test_a_mail_that_frappe_passes_on_is_mailed_once(lead, jun, sara):
	"""Frappe copies a mail that an Email Account receives to the assignees who have not turned that off."""
	frappe.db.set_value("Lead", lead, "email_id", "naree@example.com")
	frappe.get_doc("Notification Settings", sara).update(
		{"enable_email_threads_on_assigned_document": 0}
	).save()
	mails_before = {user: len(mails_to(user)) for user in (jun, sara)}
	mail = receive_mail(
		"naree@example.com",
		"When?",
		reference_doctype="Lead",
		reference_name=lead,
		email_account="Outgoing",
		recipients="inbox@company.example",
	)
	mail.send_email(is_inbound_mail_communcation=True)
	process_all()

	for user in (jun, sara):
		assert "New message" in notifications(user)[-1].subject
		assert len(mails_to(user)) == mails_before[user] + 1


def test_a_mention_tells_whom_it_names_once_and_not_its_author(lead, jun, sara):
	ann = make_user("ann@company.example")
	frappe.set_user(sara)
	conversation.add_note(lead, "@Jun and @jun: please call <b>, says @Sara")
	frappe.set_user("Administrator")

	assert subjects_since(jun, 1) == ["Sara mentioned you in a note on Naree Phan"]
	assert "&lt;b&gt;" in notifications(jun)[-1].email_content
	assert subjects_since(sara, 1) == [] and notifications(ann) == []


def test_who_may_not_read_the_lead_is_not_told_of_a_mention(lead):
	outsider = make_user("eve@company.example", "Employee", "Stock User")
	conversation.add_note(lead, "@Eve look at this")
	assert notifications(outsider) == []


@pytest.fixture
def failed(lead, jun) -> str:
	return messages.record(
		lead,
		lead_email=None,
		kind="Email",
		direction="Out",
		external_id="failed",
		user=jun,
		delivery_status="Failed",
		delivery_error="550 no such mailbox",
	)


def test_a_message_that_could_not_be_sent_is_its_author_s_to_know(failed, jun, sara):
	alerts.failed_send(failed)
	assert subjects_since(jun, 1) == ["Your message to Naree Phan could not be sent"]
	assert notifications(jun)[-1].email_content == "550 no such mailbox"
	assert subjects_since(sara, 1) == []


def test_of_one_that_wrote_itself_the_assignees_hear(failed, jun, sara):
	frappe.db.set_value("Lead Message", failed, {"automated": 1, "user": None})
	alerts.failed_send(failed)
	for user in (jun, sara):
		assert subjects_since(user, 1) == ["An automatic message to Naree Phan could not be sent"]


def test_a_channel_s_warning_is_for_the_sales_managers(jun):
	make_channel()
	manager = make_user("boss@company.example", "Sales Manager", "Sales User")
	alerts.channel_warned("Partner", "Only 40 % are answered")

	(told,) = frappe.get_all(
		"Notification Log", filters={"document_type": "Lead Channel"}, fields=["for_user", "subject", "link"]
	)
	assert (told.for_user, told.subject) == (manager, "Only 40 % are answered")
	assert told.link == get_url("/app/lead-channel/Partner")


def test_a_mail_that_is_held_waits_for_who_has_the_lead_and_shows_no_address(lead, jun):
	alerts.mail_held(lead, "stranger@elsewhere.example")
	(subject,) = subjects_since(jun, 1)
	assert "accept or refuse" in subject and "stranger" not in subject


def alert_of_kind(kind: str, lead: str, failed: str, jun: str) -> None:
	"""Let happen what alerts jun with a kind of alert."""
	if kind == "new_lead":
		frappe.db.set_value("Lead Channel", "Partner", "user_group", None)
		frappe.clear_document_cache("Lead Channel", "Partner")
		arrive(type="message", name="Ada", phone="+14155550177", message="Hi")
	elif kind == "message":
		arrive(**HELLO)
	elif kind == "mention":
		conversation.add_note(lead, "@Jun")
	elif kind == "nudge":
		alerts.nudge(lead, jun, "Naree Phan")
	elif kind == "failed_send":
		alerts.failed_send(failed)
	elif kind == "activity":
		next_contact.add_by_hand("Lead", lead, "Task", "Look", add_to_date(now_datetime(), days=1), jun)
	elif kind == "qualified":
		alerts.handed_over(lead, jun)
	elif kind == "booking":
		make_booking(make_service("", jun), in_days(3 + frappe.db.count("Booking")), lead=lead)
	elif kind == "reseller":
		customer = doc_of(make_reseller_customer("Checked"))
		customer.db_set("owner", jun)
		news.of_failure(customer, Action.CREATE, Trouble.REFUSED, "No such place")
	else:
		frappe.get_doc("User", jun).add_roles("Sales Manager")
		alerts.channel_warned("Partner", "Slow")


def all_told(user: str) -> int:
	return frappe.db.count("Notification Log", {"for_user": user})


@pytest.mark.parametrize("kind", sorted(ALERT_KINDS))
def test_each_kind_of_alert_can_be_turned_off_by_itself(kind, lead, failed, jun):
	settings = frappe.get_doc("Notification Settings", jun)
	told, mailed = all_told(jun), len(mails_to(jun))
	settings.update({f"lead_inbox_{other}": int(other == kind) for other in ALERT_KINDS}).save()
	alert_of_kind(kind, lead, failed, jun)
	assert (all_told(jun), len(mails_to(jun))) == (told + 1, mailed + 1)

	settings.update({f"lead_inbox_{other}": int(other != kind) for other in ALERT_KINDS}).save()
	alert_of_kind(kind, lead, failed, jun)
	assert (all_told(jun), len(mails_to(jun))) == (told + 1, mailed + 1)


def test_a_user_without_settings_is_told(lead, jun):
	frappe.delete_doc("Notification Settings", jun)
	arrive(**HELLO)
	assert len(subjects_since(jun, 1)) == 1


def test_who_turned_all_notifications_off_hears_nothing(lead, jun):
	frappe.get_doc("Notification Settings", jun).update({"enabled": 0}).save()
	mails = len(mails_to(jun))
	arrive(**HELLO)
	assert subjects_since(jun, 1) == [] and len(mails_to(jun)) == mails


def test_a_user_who_left_is_not_told(lead, jun):
	frappe.db.set_value("User", jun, "enabled", 0)
	arrive(**HELLO)
	assert subjects_since(jun, 1) == []


def test_turning_new_leads_off_leaves_the_assignment_s_own_notification(jun):
	frappe.get_doc("Notification Settings", jun).update({"lead_inbox_new_lead": 0}).save()
	make_channel()
	round_robin(jun)
	arrive(**HELLO)
	assert [told.type for told in notifications(jun)] == ["Assignment"]


def test_the_switches_of_all_are_asked_by_one_query(lead, monkeypatch):
	queries: list[str] = []
	ask = frappe.db.sql

	def count(query, *args, **options):
		if "Notification Settings" in str(query) and "left join" in str(query).lower():
			queries.append(query)
		return ask(query, *args, **options)

	monkeypatch.setattr(frappe.db, "sql", count)
	arrive(**HELLO)
	assert len(queries) == 1
