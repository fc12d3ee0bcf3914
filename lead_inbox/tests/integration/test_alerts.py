"""Who hears of a lead, and how: the alerts of requirements IN-2 and IN-3."""

import frappe
import pytest
from frappe.desk.form import assign_to
from frappe.utils import get_url

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user

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
