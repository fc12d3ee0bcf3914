"""Records leaving sequences: requirement SQ-7."""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.inbox import lifecycle, listeners
from lead_inbox.inbox.contact import refusals
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.replies import declining
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment import engine
from lead_inbox.sequences.rules import ExitReason, Result
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead
from lead_inbox.tests.integration.sequence_builders import (
	activities_of,
	activity_of,
	advance,
	enroll,
	enrollment_of,
	make_opportunity,
	make_sequence,
	make_template,
	set_due,
	step,
)

EMAIL = "naree@customer.example"


def automatic_mail(title: str = "Mail", **fields):
	return step(title, "Email", automatic=1, email_template=make_template(), **fields)


def outcome_of(enrollment: str) -> tuple[str, str | None]:
	row = enrollment_of(enrollment)
	return row.status, row.exit_reason


def convert(lead: str) -> None:
	frappe.get_doc(doctype="Customer", customer_name="Naree", lead_name=lead).insert()


def be_merged(lead: str) -> None:
	merging.merge(make_lead(first_name="Winner").name, lead)


HAPPENINGS = {
	"Replied": lambda lead: lifecycle.apply(lead, Happening.INBOUND),
	"Converted": convert,
	"Booked": lambda lead: lifecycle.apply(lead, Happening.BOOKED),
	"Declined": lambda lead: declining.decline(lead, "Spam"),
	"Do Not Contact": lambda lead: lifecycle.apply(lead, Happening.CONTACT_REFUSED),
	"Unsubscribed": lambda lead: refusals.refuse(lead, "Email", True),
	"Bounced": lambda lead: lifecycle.mark_bounced(lead, EMAIL),
	"Merged": be_merged,
}
SWITCHES = {
	"Replied": "exit_on_reply",
	"Converted": "exit_on_conversion",
	"Booked": "exit_on_booking",
	"Declined": "exit_on_decline",
	"Bounced": "exit_on_bounce",
}


@pytest.mark.parametrize("reason", HAPPENINGS)
def test_a_record_leaves_with_its_reason_and_nothing_is_left_to_do(reason):
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence(["Call", automatic_mail()]), lead)
	advance()
	HAPPENINGS[reason](lead.name)
	assert outcome_of(enrollment) == ("Exited", reason)
	assert activities_of(enrollment) == [("Call", "Cancelled")]
	assert enrollment_of(enrollment).ended_on
	set_due(enrollment)
	advance()
	assert activities_of(enrollment) == [("Call", "Cancelled")]


@pytest.mark.parametrize("reason", SWITCHES)
def test_a_sequence_may_go_on_after_it(reason):
	lead = make_lead(email_id=EMAIL)
	sequence = make_sequence(["Call", automatic_mail()], **{SWITCHES[reason]: 0})
	enrollment = enroll(sequence, lead)
	advance()
	HAPPENINGS[reason](lead.name)
	assert outcome_of(enrollment) == ("Active", None)
	assert activities_of(enrollment) == [("Call", "Open")]


@pytest.mark.parametrize("reason", ["Do Not Contact", "Unsubscribed", "Merged"])
def test_what_can_not_be_turned_off_ends_every_sequence(reason):
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail()], **dict.fromkeys(SWITCHES.values(), 0)), lead)
	HAPPENINGS[reason](lead.name)
	assert outcome_of(enrollment) == ("Exited", reason)


@pytest.mark.parametrize("reason", HAPPENINGS)
def test_a_mail_that_is_due_already_is_taken_back(reason):
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail(), automatic_mail("Another")]), lead)
	advance()
	message = activity_of(enrollment).message
	HAPPENINGS[reason](lead.name)
	assert frappe.db.get_value("Lead Message", message, "delivery_status") == "Cancelled"
	assert activities_of(enrollment) == [("Mail", "Cancelled")]
	assert outcome_of(enrollment) == ("Exited", reason)


def test_a_missed_call_is_no_reply():
	lead = make_lead()
	enrollment = enroll(make_sequence(["Call"]), lead)
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	assert outcome_of(enrollment) == ("Active", None)


def test_the_first_reply_is_stamped_with_the_time_that_it_took():
	lead = make_lead()
	enrollment = enroll(make_sequence(["Call"], exit_on_reply=0), lead)
	frappe.db.commit()
	frappe.db.set_value("Sequence Enrollment", enrollment, "enrolled_on", now_datetime() - timedelta(hours=3))
	lifecycle.apply(lead.name, Happening.INBOUND)
	first = enrollment_of(enrollment)
	assert abs(first.reply_seconds - 3 * 3600) < 60
	lifecycle.apply(lead.name, Happening.INBOUND, on=now_datetime() + timedelta(hours=1))
	assert enrollment_of(enrollment).replied_on == first.replied_on


def test_a_reply_is_taken_and_ends_what_was_deleted_by_force():
	lead = make_lead(email_id=EMAIL)
	sequence = make_sequence(["Call"])
	enrollment = enroll(sequence, lead)
	frappe.db.delete("Sequence", {"name": sequence})
	frappe.clear_document_cache("Sequence", sequence)
	frappe.db.commit()
	lifecycle.apply(lead.name, Happening.INBOUND)
	assert outcome_of(enrollment) == ("Exited", "Replied")


def test_a_reply_is_taken_though_the_step_that_waits_for_it_is_gone():
	lead = make_lead(email_id=EMAIL)
	asking = automatic_mail(branch_on="Replied", branch_within=2, yes_step="Call")
	enrollment = enroll(make_sequence([asking, "Write", "Call"], exit_on_reply=0), lead)
	frappe.db.set_value("Sequence Enrollment", enrollment, {"phase": "Watching", "step": "gone"})
	frappe.db.commit()
	lifecycle.apply(lead.name, Happening.INBOUND)
	assert enrollment_of(enrollment).replied_on


def test_a_reply_answers_a_branch_of_a_sequence_that_goes_on():
	lead = make_lead()
	steps = [step("Write", branch_on="Replied", branch_within=3, yes_step="Thank"), "Remind", "Thank"]
	enrollment = enroll(make_sequence(steps, exit_on_reply=0), lead)
	advance()
	engine.finish_step(activity_of(enrollment).name, Result.COMPLETED, frozenset())
	lifecycle.apply(lead.name, Happening.INBOUND)
	assert enrollment_of(enrollment).step_title == "Thank"


def test_a_medium_that_the_plan_does_not_use_any_more_may_be_refused():
	lead = make_lead(email_id=EMAIL, phone="+14155550123")
	enrollment = enroll(make_sequence([automatic_mail(), step("Call", "Phone Call")]), lead)
	refusals.refuse(lead.name, "SMS", True)
	assert outcome_of(enrollment) == ("Active", None)
	refusals.refuse(lead.name, "Call", True)
	assert outcome_of(enrollment) == ("Exited", "Unsubscribed")


def test_a_lead_that_was_refused_while_nobody_listened_gets_no_mail():
	"""By an import or another app's SQL, for instance: the gate is asked again before each send."""
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail()]), lead)
	frappe.db.set_value("Lead", lead.name, "inbox_no_mail", 1)
	advance()
	assert outcome_of(enrollment) == ("Exited", "Unsubscribed")
	assert frappe.db.count("Lead Message", {"lead": lead.name, "direction": "Out"}) == 0


@pytest.mark.parametrize(
	("changes", "reason"),
	[
		({"status": "Do Not Contact"}, "Do Not Contact"),
		({"inbox_status": "Closed", "inbox_reason": "Converted"}, "Converted"),
		({"inbox_status": "Declined"}, "Declined"),
		({"inbox_merged_into": "another"}, "Merged"),
	],
)
def test_what_the_record_has_become_is_looked_at_again_before_each_step(changes, reason):
	lead = make_lead()
	enrollment = enroll(make_sequence(["Call"]), lead)
	frappe.db.set_value("Lead", lead.name, changes)
	advance()
	assert outcome_of(enrollment) == ("Exited", reason)
	assert activities_of(enrollment) == []


def test_a_bounce_in_a_sequence_that_goes_on_leaves_the_mail_to_a_person():
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail()], exit_on_bounce=0), lead)
	lifecycle.mark_bounced(lead.name, EMAIL)
	for _attempt in range(4):
		set_due(enrollment)
		advance()
	assert "come back" in activity_of(enrollment).error


def test_an_automatic_message_that_the_gate_stops_on_its_way_lets_the_record_leave():
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail()]), lead)
	advance()
	frappe.db.set_value("Lead", lead.name, "inbox_no_mail", 1)
	message = activity_of(enrollment).message
	frappe.db.set_value("Lead Message", message, "delivery_status", "Cancelled")
	listeners.message_settled(message, "Cancelled")
	assert outcome_of(enrollment) == ("Exited", "Unsubscribed")


def test_a_record_that_is_deleted_takes_its_sequence_along():
	lead = make_lead(email_id=EMAIL)
	enrollment = enroll(make_sequence([automatic_mail()]), lead)
	advance()
	frappe.delete_doc("Lead", lead.name)
	assert not frappe.db.exists("Sequence Enrollment", enrollment)
	assert not frappe.db.exists("Sales Activity", {"enrollment": enrollment})
	advance()


def test_an_enrollment_whose_record_went_without_a_word_ends():
	lead = make_lead()
	enrollment = enroll(make_sequence(["Call"]), lead)
	frappe.db.delete("Lead", {"name": lead.name})
	advance()
	assert outcome_of(enrollment) == ("Exited", "Stopped")


# Opportunities


def an_opportunity(**fields):
	opportunity = make_opportunity(make_lead(email_id=EMAIL).name)
	sequence = make_sequence(["Call", automatic_mail()], document_type="Opportunity", **fields)
	enrollment = enroll(sequence, opportunity)
	advance()
	return opportunity, enrollment


@pytest.mark.parametrize(
	("status", "reason"), [("Converted", "Converted"), ("Lost", "Declined"), ("Closed", "Declined")]
)
def test_an_opportunity_leaves_when_it_is_over(status, reason):
	opportunity, enrollment = an_opportunity()
	opportunity.reload()
	opportunity.db_set("status", status)
	assert outcome_of(enrollment) == ("Exited", reason)


def test_a_lost_opportunity_may_be_what_a_sequence_is_for():
	opportunity, enrollment = an_opportunity(exit_on_decline=0)
	opportunity.reload()
	opportunity.db_set("status", "Lost")
	assert outcome_of(enrollment) == ("Active", None)


@pytest.mark.parametrize("reason", ["Replied", "Do Not Contact", "Unsubscribed", "Bounced"])
def test_what_its_customer_says_concerns_the_opportunity_too(reason):
	opportunity, enrollment = an_opportunity()
	HAPPENINGS[reason](opportunity.party_name)
	assert outcome_of(enrollment) == ("Exited", reason)


def test_a_customer_made_of_its_lead_does_not_end_an_opportunitys_sequence():
	opportunity, enrollment = an_opportunity()
	convert(opportunity.party_name)
	assert outcome_of(enrollment) == ("Active", None)


def test_an_opportunity_that_is_deleted_takes_its_sequence_along():
	opportunity, enrollment = an_opportunity()
	frappe.delete_doc("Opportunity", opportunity.name)
	assert not frappe.db.exists("Sequence Enrollment", enrollment)
	assert not frappe.db.exists("Sales Activity", {"enrollment": enrollment})


# What lets a record in does not throw it out


def entering_by_rule(condition: str = 'status == "Lead"', **fields) -> str:
	return make_sequence(["Call"], enroll_automatically=1, enroll_condition=condition, **fields)


def enrollments_of(lead: str) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		"Sequence Enrollment",
		filters={"reference_name": lead},
		fields=["status", "exit_reason", "replied_on"],
		order_by="creation asc",
	)
	return [(row.status, row.replied_on) for row in rows]


def test_the_arrival_that_makes_a_lead_is_no_reply_to_the_sequence_that_it_enters_by():
	make_channel()
	entering_by_rule()
	lead = arrive(type="message", name="Naree", phone="+14155550123", message="It drips")
	assert enrollments_of(lead) == [("Active", None)]


def test_the_arrival_that_lets_an_older_lead_in_is_no_reply_either():
	make_channel()
	entering_by_rule('city == "Hanoi"')
	lead = arrive(type="message", name="Naree", phone="+14155550123", message="It drips")
	arrive(type="message", name="Naree", phone="+14155550123", message="In Hanoi", city="Hanoi")
	assert enrollments_of(lead) == [("Active", None)]


def test_the_next_arrival_is_a_reply():
	make_channel()
	entering_by_rule()
	arrive(type="message", name="Naree", phone="+14155550123", message="It drips")
	lead = arrive(type="message", name="Naree", phone="+14155550123", message="Hello?")
	((status, replied_on),) = enrollments_of(lead)
	assert (status, bool(replied_on)) == ("Exited", True)


def test_the_form_that_made_a_lead_is_no_reply_though_it_is_read_later():
	from lead_inbox.inbox import events, intake

	make_channel("Web", "Web Form")
	entering_by_rule()
	lead = make_lead(first_name="Naree", email_id=EMAIL)
	frappe.db.commit()
	payload = {
		"name": lead.name,
		"title": "Ask",
		"submitted_on": str(lead.creation),
		"values": {},
		"labels": {},
	}
	event = events.store("Web", lead.name, frappe.as_json(payload), lead=lead.name)
	intake.process(event.name)
	assert frappe.db.count("Lead Message", {"lead": lead.name}) == 1
	assert enrollments_of(lead.name) == [("Active", None)]


def test_a_customer_who_writes_to_a_lead_made_by_hand_has_replied():
	make_channel()
	lead = make_lead(first_name="Naree", phone="+14155550123")
	enrollment = enroll(make_sequence(["Call"]), lead)
	frappe.db.commit()
	arrive(type="message", name="Naree", phone="+14155550123", message="Hello")
	assert outcome_of(enrollment) == ("Exited", "Replied")


# Archiving


def test_all_that_are_in_an_archived_sequence_leave_it(monkeypatch):
	monkeypatch.setattr(engine, "LEAVE_BATCH", 3)
	sequence, other = make_sequence(["Call"]), make_sequence(["Call"])
	enrollments = [enroll(sequence, make_lead(first_name=f"N {number}")) for number in range(7)]
	stays = enroll(other, make_lead(first_name="Stays"))
	advance()
	assert engine.leave_all(sequence, ExitReason.ARCHIVED) == 7
	assert {outcome_of(name) for name in enrollments} == {("Exited", "Archived")}
	assert {activity_of(name).status for name in enrollments} == {"Cancelled"}
	assert outcome_of(stays) == ("Active", None)
