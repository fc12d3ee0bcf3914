"""Customers are asked from time to time what has changed, and the answer is kept with its history: requirement RS-7."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import frappe
import pytest
from frappe.utils import add_months, getdate

from lead_inbox import tasks
from lead_inbox.api import resellers
from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up import detail_checks
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.reseller_builders import doc_of, make_family, make_reseller_customer


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def family() -> str:
	return make_family(details_every_months=6)


@pytest.fixture
def delta(family: str, jun: str) -> str:
	"""An active customer of Jun's."""
	return of_user(jun, make_reseller_customer("Active", family, domain="delta-mills.com"))


def of_user(user: str, name: str) -> str:
	frappe.db.set_value(RESELLER_CUSTOMER, name, "owner", user, update_modified=False)
	return name


def let_days_pass(name: str, days: int) -> None:
	"""As if all that is known of the customer's questions had been so many days earlier."""
	doc, earlier = doc_of(name), timedelta(days=days)
	frappe.db.set_value(
		RESELLER_CUSTOMER,
		name,
		{
			"details_due_on": doc.details_due_on and doc.details_due_on - earlier,
			"details_asked_on": doc.details_asked_on and doc.details_asked_on - earlier,
		},
	)


def let_it_be_due(name: str) -> None:
	let_days_pass(name, (doc_of(name).details_due_on - getdate()).days)


def reminders_of(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log",
		{"for_user": user, "document_type": RESELLER_CUSTOMER},
		pluck="subject",
		order_by="creation asc",
	)


def answers_of(name: str) -> list[Any]:
	return doc_of(name).detail_checks


def test_the_first_question_is_due_so_many_months_after_the_account(delta):
	assert doc_of(delta).details_due_on == getdate(add_months(getdate(), 6))


def test_the_owner_is_reminded_when_it_is_due_and_each_week_until_there_is_an_answer(delta, jun):
	tasks.follow_up_resellers()
	assert reminders_of(jun) == []
	let_it_be_due(delta)
	tasks.follow_up_resellers()
	tasks.follow_up_resellers()
	assert len(reminders_of(jun)) == 1
	assert "Delta Mills Ltd." in reminders_of(jun)[0]
	let_days_pass(delta, 6)
	tasks.follow_up_resellers()
	assert len(reminders_of(jun)) == 1
	let_days_pass(delta, 1)
	tasks.follow_up_resellers()
	assert len(reminders_of(jun)) == 2

	resellers.answer_details(delta, {}, "Nothing new")
	let_days_pass(delta, 30)
	tasks.follow_up_resellers()
	assert len(reminders_of(jun)) == 2


def test_the_list_shows_that_the_customer_is_waited_for(delta):
	let_it_be_due(delta)
	tasks.follow_up_resellers()
	assert (doc_of(delta).waits_for, doc_of(delta).waits_for_what) == ("Customer", "a check of the details")
	resellers.answer_details(delta, {}, "")
	assert doc_of(delta).waits_for == "Nobody"


def test_the_next_round_is_asked_for_again(delta, jun):
	for turn in (1, 2):
		let_it_be_due(delta)
		tasks.follow_up_resellers()
		assert len(reminders_of(jun)) == turn
		resellers.answer_details(delta, {}, "")
		assert doc_of(delta).details_due_on == getdate(add_months(getdate(), 6))


def test_two_runs_at_once_ask_once(delta, jun):
	let_it_be_due(delta)
	(found_by_both,) = detail_checks.due()
	detail_checks.follow_up(found_by_both)
	detail_checks.follow_up(found_by_both)
	assert len(reminders_of(jun)) == 1


def test_an_answer_says_what_was_and_what_is(delta, jun):
	let_it_be_due(delta)
	tasks.follow_up_resellers()
	asked_on = doc_of(delta).details_asked_on
	frappe.set_user(jun)
	new = {"organization_name": "Delta Wool Ltd.", "city": "Chania"}
	resellers.answer_details(delta, json.dumps(new), "Mali said so by phone")

	(answer,) = answers_of(delta)
	assert (answer.outcome, answer.note, answer.recorded_by) == ("Changed", "Mali said so by phone", jun)
	assert answer.asked_on == asked_on and answer.answered_on >= asked_on
	assert json.loads(answer.changes) == {"organization_name": ["Delta Mills Ltd.", "Delta Wool Ltd."]}
	assert (doc_of(delta).organization_name, doc_of(delta).title) == ("Delta Wool Ltd.", "Delta Wool Ltd.")

	resellers.answer_details(delta, {}, "")
	assert answers_of(delta)[1].asked_on is None, "nobody has asked since"


def test_frappe_s_history_has_the_change_too(delta):
	resellers.answer_details(delta, {"organization_name": "Delta Wool Ltd."}, "")
	versions = frappe.get_all("Version", {"docname": delta}, pluck="data", order_by="creation asc")
	changed = [change for data in versions for change in json.loads(data)["changed"]]
	assert ["organization_name", "Delta Mills Ltd.", "Delta Wool Ltd."] in changed


def test_an_answer_without_changes_is_kept_as_well(delta):
	resellers.answer_details(delta, {"organization_name": "Delta Mills Ltd."}, "")
	(answer,) = answers_of(delta)
	assert (answer.outcome, answer.asked_on, json.loads(answer.changes)) == ("Unchanged", None, {})


def test_earlier_answers_stay(delta):
	resellers.answer_details(delta, {"city": "Rethymno"}, "")
	resellers.answer_details(delta, {"city": "Heraklion"}, "")
	changes = [json.loads(answer.changes)["city"] for answer in answers_of(delta)]
	assert changes == [["Chania", "Rethymno"], ["Rethymno", "Heraklion"]]


def test_a_new_domain_needs_an_administrator_of_it(delta):
	with pytest.raises(ResellerRefused, match="Enter an address of the customer's own domain"):
		resellers.answer_details(delta, {"domain": "delta-wool.com"}, "")
	new = {"domain": "delta-wool.com", "primary_email": "mali@delta-wool.com"}
	resellers.answer_details(delta, new, "")
	assert (doc_of(delta).domain, doc_of(delta).primary_email) == ("delta-wool.com", "mali@delta-wool.com")


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"primary_email": "mali@elsewhere.com"}, "Primary E-mail"),
		({"domain": "co.uk", "primary_email": "mali@delta-mills.com"}, "Domain"),
		({"phone": "12"}, "Phone"),
		({"organization_name": ""}, "Organization Name"),
	],
)
def test_what_is_wrong_is_refused_and_no_answer_is_kept(delta, values, words):
	due_on = doc_of(delta).details_due_on
	with pytest.raises(ResellerRefused, match=words):
		resellers.answer_details(delta, values, "")
	assert answers_of(delta) == [] and doc_of(delta).details_due_on == due_on
	assert doc_of(delta).domain == "delta-mills.com"


def test_an_answer_changes_nothing_that_no_customer_knows(delta):
	identity = doc_of(delta).cloud_identity_id
	resellers.answer_details(delta, {"cloud_identity_id": "C0", "status": "Draft", "crm_id": "x"}, "")
	assert doc_of(delta).cloud_identity_id == identity and doc_of(delta).status == "Active"
	assert answers_of(delta)[0].outcome == "Unchanged"


def test_nobody_is_asked_who_has_no_account(family):
	checked = make_reseller_customer("Checked", family)
	tasks.follow_up_resellers()
	assert doc_of(checked).details_due_on is None
	with pytest.raises(ResellerRefused):
		resellers.answer_details(checked, {}, "")


def test_who_went_elsewhere_is_not_asked_any_more(delta, jun):
	let_it_be_due(delta)
	assert detail_checks.due() == [delta]
	customers.transfer_out(delta, "Found a nearer one")
	assert detail_checks.due() == []
	detail_checks.follow_up(delta)
	assert reminders_of(jun) == []


def test_a_family_that_begins_or_ends_asking_is_followed(family, delta, jun):
	let_it_be_due(delta)
	frappe.get_doc(FAMILY, family).update({"details_every_months": 0}).save()
	tasks.follow_up_resellers()
	assert (reminders_of(jun), doc_of(delta).details_due_on) == ([], None)

	frappe.get_doc(FAMILY, family).update({"details_every_months": 3}).save()
	tasks.follow_up_resellers()
	assert doc_of(delta).details_due_on == getdate(add_months(getdate(), 3))
	assert detail_checks.due() == []
