"""What a customer does not want is respected, by whatever is sent: requirement RE-9."""

import frappe
import pytest
from erpnext.crm.doctype.email_campaign.email_campaign import (
	send_email_to_leads_or_contacts,
	set_email_campaign_status,
)
from frappe.email.queue import unsubscribe
from frappe.utils import today

from lead_inbox.api import decisions
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.contact import consent
from lead_inbox.tests.integration.builders import make_lead, make_user

EMAIL = "naree@example.com"


@pytest.fixture
def lead() -> str:
	return make_lead(email_id=EMAIL, phone="+14155550123").name


@pytest.fixture
def campaign(lead) -> str:
	template = frappe.get_doc(
		doctype="Email Template", name="News", subject="News", response="Hello {{ doc.first_name }}"
	).insert()
	frappe.get_doc(
		doctype="Campaign",
		campaign_name="Autumn",
		campaign_schedules=[{"email_template": template.name, "send_after_days": 0}],
	).insert()
	return (
		frappe.get_doc(
			doctype="Email Campaign",
			campaign_name="Autumn",
			email_campaign_for="Lead",
			recipient=lead,
			start_date=today(),
			sender="Administrator",
		)
		.insert()
		.name
	)


def refusals(lead: str) -> dict[str, str | None]:
	return consent.refusals(consent.facts(lead))


def rows_of(lead: str) -> list[str]:
	return frappe.get_all(
		"Email Unsubscribe",
		filters={"reference_doctype": "Lead", "reference_name": lead},
		pluck="email",
		order_by="creation",
	)


def notes(lead: str) -> list[str]:
	return frappe.get_all(
		"Lead Message",
		filters={"lead": lead, "kind": "Note", "direction": "Internal"},
		pluck="content",
		order_by="creation asc",
	)


def mails_queued_for(address: str) -> int:
	return frappe.db.count("Email Queue Recipient", {"recipient": address})


def error_logs() -> set[str]:
	"""Their table knows no transactions: those of other tests are there too."""
	return set(frappe.get_all("Error Log", pluck="name", order_by="name asc"))


def notify_lead(lead: str) -> None:
	"""What a Notification of Frappe on Lead does."""
	frappe.sendmail(
		recipients=[EMAIL],
		subject="By itself",
		message="Hello",
		reference_doctype="Lead",
		reference_name=lead,
	)


def save(lead: str, **values) -> None:
	frappe.get_doc("Lead", lead).update(values).save()


def test_who_has_said_nothing_may_be_contacted_in_every_way(lead):
	assert refusals(lead) == {"Call": None, "Email": None, "SMS": None}


@pytest.mark.parametrize(
	("medium", "sentence"),
	[
		("Call", "The customer does not want to be called."),
		("Email", "The customer does not want mails."),
		("SMS", "The customer does not want text messages."),
	],
)
def test_a_user_s_tick_closes_that_way_and_no_other_until_it_is_taken_back(lead, medium, sentence):
	decisions.refuse_contact(lead, medium, 1)
	open_ways = {"Call", "Email", "SMS"} - {medium}
	assert refusals(lead) == {medium: sentence, **dict.fromkeys(open_ways)}
	assert notes(lead) == [sentence]

	decisions.refuse_contact(lead, medium, 0)
	assert refusals(lead) == {"Call": None, "Email": None, "SMS": None}
	assert "again" in notes(lead)[-1]


@pytest.mark.parametrize(
	("values", "media"),
	[
		({"status": "Do Not Contact"}, {"Call", "Email", "SMS"}),
		({"unsubscribed": 1}, {"Email"}),
		({"inbox_no_calls": 1, "inbox_no_sms": 1}, {"Call", "SMS"}),
		({"inbox_no_mail": 1}, {"Email"}),
	],
)
def test_the_lead_s_form_says_the_same(lead, values, media):
	save(lead, **values)
	assert {medium for medium, sentence in refusals(lead).items() if sentence} == media


def test_an_address_that_bounced_gets_no_more_mail_until_it_is_corrected(lead):
	lifecycle.mark_bounced(lead, EMAIL.upper())
	assert "come back" in refusals(lead)["Email"] and not refusals(lead)["SMS"]

	save(lead, email_id="naree.phan@example.com")
	assert not refusals(lead)["Email"]


def test_a_lead_that_was_merged_away_is_not_contacted(lead):
	lifecycle.merge_away(lead, make_lead().name)
	assert all("merged" in sentence for sentence in refusals(lead).values())


def test_a_customer_who_wants_no_mail_at_all_gets_none(lead):
	frappe.get_doc(doctype="Email Unsubscribe", email=EMAIL, global_unsubscribe=1).insert()
	assert refusals(lead)["Email"] == "The customer has unsubscribed from mails."


def test_the_gate_does_not_open_for_want_of_knowledge(lead):
	with pytest.raises(ValueError, match="inbox_no_sms"):
		consent.refusal({"name": lead, "email_id": EMAIL}, "SMS")


def test_the_link_in_a_mail_refuses_mail_and_says_so_in_the_conversation(lead):
	frappe.set_user("Guest")
	unsubscribe("Lead", lead, EMAIL)
	frappe.set_user("Administrator")

	assert frappe.db.get_value("Lead", lead, ["inbox_no_mail", "unsubscribed"]) == (1, 1)
	assert refusals(lead)["Email"] == "The customer does not want mails."
	assert notes(lead) == ["The customer has refused mails by the link."]

	unsubscribe("Lead", lead, EMAIL)
	assert len(notes(lead)) == 1


def test_somebody_in_copy_speaks_for_themselves_only(lead):
	unsubscribe("Lead", lead, "his.sister@example.com")
	assert not refusals(lead)["Email"] and notes(lead) == []


def test_deleting_the_unsubscription_takes_it_back(lead):
	unsubscribe("Lead", lead, EMAIL)
	frappe.delete_doc("Email Unsubscribe", frappe.db.get_value("Email Unsubscribe", {"email": EMAIL}))

	assert not refusals(lead)["Email"]
	assert frappe.db.get_value("Lead", lead, ["inbox_no_mail", "unsubscribed"]) == (0, 0)
	assert notes(lead)[-1] == "The customer may be mailed again."


@pytest.mark.parametrize("by_form", [True, False])
def test_frappe_s_own_automatic_mails_stop_and_start_with_the_tick(lead, by_form):
	def refuse(refused: int) -> None:
		if by_form:
			save(lead, inbox_no_mail=refused)
		else:
			decisions.refuse_contact(lead, "Email", refused)

	refuse(1)
	notify_lead(lead)
	assert mails_queued_for(EMAIL) == 0
	assert rows_of(lead) == [EMAIL]

	refuse(0)
	notify_lead(lead)
	assert mails_queued_for(EMAIL) == 1
	assert rows_of(lead) == []


def test_a_refusal_follows_the_customer_to_a_new_address(lead):
	save(lead, inbox_no_mail=1)
	save(lead, email_id="new@example.com")
	assert rows_of(lead) == [EMAIL, "new@example.com"]

	save(lead, inbox_no_mail=0)
	assert rows_of(lead) == []


def test_the_form_stays_savable_after_a_tick(lead):
	form = frappe.get_doc("Lead", lead)
	form.inbox_no_mail = 1
	form.save()
	form.job_title = "Owner"
	form.save()
	assert frappe.db.get_value("Lead", lead, ["inbox_no_mail", "unsubscribed"]) == (1, 1)


def test_a_form_that_was_open_does_not_take_a_refusal_back(lead):
	form = frappe.get_doc("Lead", lead)
	unsubscribe("Lead", lead, EMAIL)
	form.job_title = "Owner"
	with pytest.raises(frappe.TimestampMismatchError):
		form.save()


def test_a_lead_that_is_imported_with_the_tick_gets_no_mail():
	lead = make_lead(email_id=EMAIL, inbox_no_mail=1).name
	notify_lead(lead)
	assert mails_queued_for(EMAIL) == 0


def test_an_email_campaign_stops_with_the_tick_and_goes_on_when_it_is_taken_back(lead, campaign):
	decisions.refuse_contact(lead, "Email", 1)
	set_email_campaign_status()
	send_email_to_leads_or_contacts()
	assert frappe.db.get_value("Email Campaign", campaign, "status") == "Unsubscribed"
	assert mails_queued_for(EMAIL) == 0

	decisions.refuse_contact(lead, "Email", 0)
	assert frappe.db.get_value("Email Campaign", campaign, "status") == "In Progress"


def test_a_campaign_that_the_customer_left_themselves_stays_left(lead, campaign):
	unsubscribe("Email Campaign", campaign, EMAIL)
	decisions.refuse_contact(lead, "Email", 1)
	decisions.refuse_contact(lead, "Email", 0)
	assert frappe.db.get_value("Email Campaign", campaign, "status") == "Unsubscribed"


def test_a_campaign_mails_who_does_not_mind(lead, campaign):
	send_email_to_leads_or_contacts()
	assert mails_queued_for(EMAIL) == 1


def test_a_campaign_s_mail_that_must_not_go_is_kept_back_and_logged(lead, campaign):
	lifecycle.mark_bounced(lead, EMAIL)
	logged_before = error_logs()
	send_email_to_leads_or_contacts()

	assert mails_queued_for(EMAIL) == 0
	assert frappe.db.count("Communication", {"reference_doctype": "Email Campaign"}) == 0
	reasons = [frappe.db.get_value("Error Log", name, "error") for name in error_logs() - logged_before]
	assert any("has come back" in reason for reason in reasons)
	assert frappe.db.get_value("Email Campaign", campaign, "status") == "In Progress"


def test_an_assignment_is_no_contact(lead):
	save(lead, status="Do Not Contact")
	user = make_user("jun@company.example")
	frappe.desk.form.assign_to.add({"doctype": "Lead", "name": lead, "assign_to": [user]})
	assert frappe.db.count("Notification Log", {"for_user": user}) == 1


def test_an_unknown_way_of_contact_is_refused_with_words(lead):
	with pytest.raises(frappe.ValidationError, match="Choose one of Call, Email, SMS"):
		decisions.refuse_contact(lead, "Fax", 1)


def test_who_may_not_write_the_lead_notes_nothing(lead):
	frappe.set_user(make_user("guest@company.example", "Employee"))
	with pytest.raises(frappe.PermissionError):
		decisions.refuse_contact(lead, "Call", 1)
