"""Records entering sequences: requirement SQ-2."""

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.api import sequences as desk
from lead_inbox.api.v1 import enrollments as door
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.rules import Happening
from lead_inbox.sequences.enrollment import engine, enrolling
from lead_inbox.sequences.enrollment.enrolling import EnrollmentRefused
from lead_inbox.sequences.rules import ExitReason
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.sequence_builders import (
	enroll,
	enrollment_of,
	make_opportunity,
	make_sequence,
	set_status,
	step,
)


def refused(sequence: str, record) -> str:
	with pytest.raises(EnrollmentRefused) as refusal:
		enroll(sequence, record)
	return str(refusal.value)


def another_version(sequence: str, **fields) -> str:
	name = frappe.db.get_value("Sequence", sequence, "sequence_name")
	set_status(sequence, "Archived")
	return make_sequence(["Call"], sequence_name=name, **fields)


def enrollments_of(record) -> list[tuple[str, str]]:
	rows = frappe.get_all(
		"Sequence Enrollment",
		filters={"reference_doctype": record.doctype, "reference_name": record.name},
		fields=["status", "rotation"],
		order_by="rotation asc",
	)
	return [(row.status, row.rotation) for row in rows]


def test_a_record_enters_at_the_beginning():
	user = make_user("ana@company.example")
	sequence, lead = make_sequence([step("Call", wait=1), "Write"]), make_lead()
	frappe.set_user(user)
	row = enrollment_of(enroll(sequence, lead))
	assert (row.status, row.phase, row.step_title) == ("Active", "Waiting", "Call")
	assert (row.enrolled_by, row.enrolled_via, row.lead) == (user, "User", lead.name)


def test_an_opportunity_is_its_leads_customers():
	lead = make_lead()
	opportunity = make_opportunity(lead.name)
	enrollment = enroll(make_sequence(document_type="Opportunity"), opportunity)
	assert enrollment_of(enrollment).lead == lead.name


def test_an_opportunity_of_a_customer_is_that_of_the_lead_that_the_customer_was():
	lead = make_lead()
	customer = frappe.get_doc(doctype="Customer", customer_name="Naree", lead_name=lead.name).insert()
	opportunity = frappe.get_doc(
		doctype="Opportunity", opportunity_from="Customer", party_name=customer.name
	).insert()
	enrollment = enroll(make_sequence(document_type="Opportunity"), opportunity)
	assert enrollment_of(enrollment).lead == lead.name


@pytest.mark.parametrize("status", ["Draft", "Archived"])
def test_only_an_active_sequence_takes_records(status):
	assert "not active" in refused(make_sequence(status=status), make_lead())


def test_a_sequence_takes_records_of_its_type():
	assert "Opportunity" in refused(make_sequence(document_type="Opportunity"), make_lead())


def test_a_record_that_is_gone_is_refused():
	lead = make_lead()
	lead.delete()
	assert "does not exist" in refused(make_sequence(), lead)


def become_merged(lead) -> None:
	merging.merge(make_lead(first_name="Winner").name, lead.name)


@pytest.mark.parametrize(
	("become", "words"),
	[
		(become_merged, "merged"),
		(lambda lead: lifecycle.apply(lead.name, Happening.CONTACT_REFUSED), "does not want"),
		(lambda lead: lifecycle.apply(lead.name, Happening.CONVERTED), "converted"),
		(lambda lead: lifecycle.apply(lead.name, Happening.DECLINED), "declined"),
		(lambda lead: lifecycle.apply(lead.name, Happening.BOOKED), "booked"),
	],
)
def test_a_record_that_would_leave_at_once_does_not_enter(become, words):
	lead = make_lead()
	become(lead)
	assert words in refused(make_sequence(), lead)


def test_a_sequence_for_converted_leads_takes_them():
	lead = make_lead()
	lifecycle.apply(lead.name, Happening.CONVERTED)
	assert enroll(make_sequence(exit_on_conversion=0), lead)


def test_a_record_is_in_a_sequence_once_whatever_its_version():
	sequence, lead = make_sequence(), make_lead()
	enroll(sequence, lead)
	assert "already" in refused(sequence, lead)
	assert "already" in refused(another_version(sequence), lead)


def test_once_means_once():
	sequence, lead = make_sequence(), make_lead()
	engine.leave(enroll(sequence, lead), ExitReason.STOPPED)
	assert "once" in refused(sequence, lead)


def test_a_record_may_enter_again_when_it_has_finished():
	sequence, lead = make_sequence(re_enrollment="When Finished"), make_lead()
	first = enroll(sequence, lead)
	assert "already" in refused(sequence, lead)
	engine.leave(first, ExitReason.STOPPED)
	enroll(sequence, lead)
	assert enrollments_of(lead) == [("Exited", 0), ("Active", 1)]


def test_at_any_time_it_begins_anew_and_still_has_one_active_step():
	sequence, lead = make_sequence(re_enrollment="Any Time"), make_lead()
	first = enroll(sequence, lead)
	enroll(sequence, lead)
	assert enrollments_of(lead) == [("Exited", 0), ("Active", 1)]
	assert enrollment_of(first).exit_reason == "Stopped"


@pytest.mark.parametrize(("first", "second", "works"), [(1, 0, False), (0, 1, False), (0, 0, True)])
def test_exclusive_sequences_exclude_others_both_ways(first, second, works):
	lead = make_lead()
	enroll(make_sequence(exclusive=first), lead)
	other = make_sequence(exclusive=second)
	if works:
		assert enroll(other, lead)
	else:
		assert "exclude" in refused(other, lead)


def test_an_exclusive_sequence_that_has_ended_excludes_nothing():
	lead = make_lead()
	engine.leave(enroll(make_sequence(), lead), ExitReason.STOPPED)
	assert enroll(make_sequence(), lead)


def test_the_database_refuses_a_second_enrollment_that_the_check_could_not_see():
	sequence, lead = make_sequence(), make_lead()
	engine.begin_all(sequence, "Lead", {lead.name: 0}, via="User", user="Administrator")
	with pytest.raises(Exception) as error:
		engine.begin_all(sequence, "Lead", {lead.name: 0}, via="User", user="Administrator")
	assert frappe.db.is_unique_key_violation(error.value)


# Many at once


def test_of_many_the_result_says_which_are_in_already():
	sequence = make_sequence()
	leads = [make_lead(first_name=f"N {number}").name for number in range(30)]
	enrolling.enroll_many(sequence, "Lead", leads[:6])
	result = enrolling.enroll_many(sequence, "Lead", [*leads, "gone"])
	assert result["done"] == leads[6:]
	assert sorted(result["failed"]) == sorted([*leads[:6], "gone"])
	assert "already" in result["failed"][leads[0]]
	assert "does not exist" in result["failed"]["gone"]
	assert frappe.db.count("Sequence Enrollment", {"sequence": sequence}) == 30


def test_a_thousand_of_which_two_hundred_are_in_already(monkeypatch):
	sequence, now = make_sequence(), now_datetime()
	names = [f"BULK-{number:04}" for number in range(1000)]
	rows = [(name, now, now, name, "Lead", "New") for name in names]
	columns = ["name", "creation", "modified", "lead_name", "status", "inbox_status"]
	frappe.db.bulk_insert("Lead", columns, rows)
	enrolling.enroll_many(sequence, "Lead", names[:200])
	result = enrolling.enroll_many(sequence, "Lead", names)
	assert (len(result["done"]), len(result["failed"])) == (800, 200)
	assert set(result["failed"]) == set(names[:200])
	assert frappe.db.count("Sequence Enrollment", {"sequence": sequence}) == 1000


def test_a_record_named_twice_enters_once():
	sequence, lead = make_sequence(), make_lead()
	result = enrolling.enroll_many(sequence, "Lead", [lead.name, lead.name])
	assert result == {"done": [lead.name], "failed": {}}


def test_a_few_enter_at_once_and_many_by_a_job(jobs):
	sequence = make_sequence()
	leads = [make_lead(first_name=f"N {number}").name for number in range(3)]
	assert desk.enroll(sequence, "Lead", leads[:2])["done"] == leads[:2]
	assert desk.enroll(sequence, "Lead", leads + [f"gone {n}" for n in range(100)]) == {"queued": 103}
	((method, arguments),) = [job for job in jobs if "enroll" in str(job[0])]
	frappe.get_attr(method)(**arguments)
	assert frappe.db.count("Sequence Enrollment", {"sequence": sequence}) == 3


def test_a_user_enrolls_what_they_may_write():
	sequence, mine, other = make_sequence(), make_lead(), make_lead(first_name="Other")
	user = make_user("ana@company.example")
	frappe.get_doc(doctype="User Permission", user=user, allow="Lead", for_value=mine.name).insert()
	frappe.set_user(user)
	result = desk.enroll(sequence, "Lead", [mine.name, other.name])
	assert result["done"] == [mine.name]
	assert "no right" in result["failed"][other.name]
	assert desk.enroll(sequence, "Lead", [other.name])["done"] == []


def test_who_may_not_write_the_record_does_not_move_it():
	lead = make_lead()
	enrollment = enroll(make_sequence(["Call"]), lead)
	user = make_user("ana@company.example")
	other = make_lead(first_name="Other").name
	frappe.get_doc(doctype="User Permission", user=user, allow="Lead", for_value=other).insert()
	frappe.set_user(user)
	for method in (desk.pause, desk.resume, desk.leave, desk.cut_short):
		with pytest.raises(frappe.PermissionError):
			method(enrollment)
	assert enrollment_of(enrollment).status == "Active"


# By API


def test_an_integration_enrolls_by_the_sequences_name():
	sequence, lead = make_sequence(), make_lead()
	newest = another_version(sequence)
	frappe.set_user(make_user("robot@company.example"))
	answer = door.enroll(frappe.db.get_value("Sequence", sequence, "sequence_name"), "Lead", lead.name)
	row = enrollment_of(answer["enrollment"])
	assert (row.sequence, row.enrolled_via, row.enrolled_by) == (newest, "API", "robot@company.example")


def test_an_integration_has_its_users_rights_only():
	sequence, lead = make_sequence(), make_lead()
	frappe.set_user(make_user("robot@company.example", "Customer"))
	with pytest.raises(frappe.PermissionError):
		door.enroll(sequence, "Lead", lead.name)


def test_an_integration_is_told_of_a_sequence_that_there_is_not():
	with pytest.raises(frappe.DoesNotExistError, match="no active sequence"):
		door.enroll("Nothing", "Lead", make_lead().name)


# By a rule


def by_rule(condition: str, **fields) -> str:
	return make_sequence(["Call"], enroll_automatically=1, enroll_condition=condition, **fields)


def test_a_new_record_enters_if_the_condition_holds():
	by_rule('city == "Hanoi"')
	fits, other = make_lead(city="Hanoi"), make_lead(first_name="Other", city="Hue")
	assert enrollments_of(fits) == [("Active", 0)]
	assert enrollments_of(other) == []


def test_a_record_enters_when_the_condition_comes_true():
	by_rule('city == "Hanoi"')
	lead = make_lead(city="Hue")
	lead.city = "Hanoi"
	lead.save()
	lead.save()
	assert enrollments_of(lead) == [("Active", 0)]


def test_a_state_that_the_inbox_moves_lets_a_record_in():
	by_rule('inbox_status == "Active"')
	lead = make_lead()
	lifecycle.apply(lead.name, Happening.REPLIED)
	assert enrollments_of(lead) == [("Active", 0)]


def test_an_opportunity_enters_by_its_own_rules():
	by_rule('status == "Open"', document_type="Opportunity")
	lead = make_lead()
	opportunity = make_opportunity(lead.name)
	assert enrollments_of(opportunity) == [("Active", 0)]
	assert enrollments_of(lead) == []


def test_nobody_of_whom_a_rule_could_ask_a_step_is_noted():
	by_rule('city == "Hanoi"')
	lead = make_lead(city="Hanoi")
	row = frappe.get_doc("Sequence Enrollment", {"reference_name": lead.name})
	assert (row.enrolled_via, row.enrolled_by) == ("Rule", None)


def test_an_archived_sequence_takes_nobody_by_itself():
	sequence = by_rule('city == "Hanoi"')
	set_status(sequence, "Archived")
	assert enrollments_of(make_lead(city="Hanoi")) == []


def test_a_condition_that_goes_on_being_true_lets_a_record_in_again_only_when_it_comes_true_anew():
	by_rule('city == "Hanoi"', re_enrollment="When Finished")
	lead = make_lead(city="Hanoi")
	engine.leave(engine.running("Lead", lead.name)[0], ExitReason.STOPPED)
	lead.reload()
	lead.job_title = "Director"
	lead.save()
	assert enrollments_of(lead) == [("Exited", 0)]
	for city in ("Hue", "Hanoi"):
		lead.city = city
		lead.save()
	assert enrollments_of(lead) == [("Exited", 0), ("Active", 1)]


def test_a_customer_who_comes_again_may_enter_again():
	by_rule("inbox_call_back_on", re_enrollment="When Finished")
	lead = make_lead()
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	engine.leave(engine.running("Lead", lead.name)[0], ExitReason.STOPPED)
	lifecycle.apply(lead.name, Happening.CALL_MISSED)
	assert enrollments_of(lead) == [("Exited", 0), ("Active", 1)]


def break_condition(sequence: str, condition: str) -> None:
	frappe.db.set_value("Sequence", sequence, "enroll_condition", condition)
	frappe.clear_document_cache("Sequence", sequence)


def test_a_condition_that_breaks_is_told_of_and_the_record_is_saved():
	sequence = by_rule('city == "Hanoi"')
	break_condition(sequence, "no_such_field > 3")
	lead = make_lead(city="Hanoi")
	assert frappe.db.exists("Lead", lead.name)
	assert any("no_such_field" in message["message"] for message in frappe.get_message_log())
	assert frappe.db.exists("Error Log", {"reference_doctype": "Sequence", "reference_name": sequence})


def test_what_a_customer_wrote_is_text_in_the_words_of_a_condition_that_breaks():
	break_condition(by_rule('city == "Hanoi"'), "int(city)")
	make_lead(city="<b>Hanoi</b>")
	(told,) = frappe.get_message_log()
	assert "Hanoi" in told["message"] and "<b>" not in told["message"]


def test_a_visitor_is_not_told_of_a_condition_that_breaks():
	break_condition(by_rule('city == "Hanoi"'), "no_such_field > 3")
	lead = frappe.get_doc(doctype="Lead", first_name="Naree")
	frappe.set_user("Guest")
	lead.insert(ignore_permissions=True)
	assert frappe.get_message_log() == []


def test_a_record_that_may_not_enter_is_saved_without_a_word():
	by_rule('city == "Hanoi"')
	by_rule('city == "Hanoi"')
	lead = make_lead(city="Hanoi")
	assert len(enrollments_of(lead)) == 1
	assert frappe.get_message_log() == []
