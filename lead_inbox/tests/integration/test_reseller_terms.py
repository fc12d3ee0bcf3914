"""Whoever looks after a customer asks for the terms of service until their acceptance is recorded: requirement RS-3."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import add_days, get_datetime, getdate

from lead_inbox import tasks
from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up import terms
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.reseller_builders import doc_of, make_family, make_reseller_customer


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def family() -> str:
	return make_family(terms_reminder_days=3)


@pytest.fixture
def ordered(family: str, jun: str) -> str:
	"""A customer of Jun's who has ordered."""
	return of_user(jun, make_reseller_customer("Ordered", family))


def of_user(user: str, name: str) -> str:
	frappe.db.set_value(RESELLER_CUSTOMER, name, "owner", user, update_modified=False)
	return name


def let_days_pass(name: str, days: int) -> None:
	"""As if all that is planned for a customer had been so many days earlier."""
	planned = doc_of(name).terms_remind_on
	frappe.db.set_value(RESELLER_CUSTOMER, name, "terms_remind_on", add_days(planned, -days))


def reminders_of(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log",
		{"for_user": user, "document_type": RESELLER_CUSTOMER},
		pluck="subject",
		order_by="creation asc",
	)


def test_nobody_is_reminded_on_the_day_of_the_order(ordered, jun):
	tasks.follow_up_resellers()
	tasks.follow_up_resellers()
	assert reminders_of(jun) == []
	assert doc_of(ordered).terms_remind_on == getdate(add_days(getdate(), 3))


def test_the_owner_is_reminded_once_each_time_it_is_due_until_it_is_recorded(ordered, jun):
	tasks.follow_up_resellers()
	for turn in (1, 2):
		let_days_pass(ordered, 2)
		tasks.follow_up_resellers()
		assert len(reminders_of(jun)) == turn - 1, "it is not due yet"
		let_days_pass(ordered, 1)
		tasks.follow_up_resellers()
		tasks.follow_up_resellers()
		assert len(reminders_of(jun)) == turn
	assert "Delta Mills Ltd." in reminders_of(jun)[0]
	assert doc_of(ordered).terms_asked_on is not None

	customers.accept_terms(ordered, getdate())
	let_days_pass(ordered, 3)
	assert terms.due() == []
	tasks.follow_up_resellers()
	assert len(reminders_of(jun)) == 2
	assert doc_of(ordered).terms_accepted_on == getdate()


def test_two_runs_at_once_remind_once(ordered, jun):
	tasks.follow_up_resellers()
	let_days_pass(ordered, 3)
	(found_by_both,) = terms.due()
	terms.follow_up(found_by_both)
	terms.follow_up(found_by_both)
	assert len(reminders_of(jun)) == 1


def test_a_family_may_want_no_reminders(family, ordered, jun):
	frappe.get_doc(FAMILY, family).update({"terms_reminder_days": 0}).save()
	tasks.follow_up_resellers()
	assert terms.due() == []
	assert doc_of(ordered).terms_remind_on is None


def test_who_took_the_order_back_is_not_reminded(ordered, jun):
	tasks.follow_up_resellers()
	customers.withdraw_order(ordered)
	assert doc_of(ordered).terms_remind_on is None
	tasks.follow_up_resellers()
	assert reminders_of(jun) == []

	customers.note_order(ordered)
	tasks.follow_up_resellers()
	assert doc_of(ordered).terms_remind_on == getdate(add_days(getdate(), 3))


def test_the_reminder_opens_the_customer(ordered, jun):
	tasks.follow_up_resellers()
	let_days_pass(ordered, 3)
	tasks.follow_up_resellers()
	link = frappe.db.get_value("Notification Log", {"for_user": jun, "document_name": ordered}, "link")
	assert link.endswith(f"/app/reseller-customer/{ordered}")


def test_who_turned_reminders_off_gets_none(ordered, jun):
	frappe.db.set_value("Notification Settings", jun, "lead_inbox_reseller", 0)
	tasks.follow_up_resellers()
	let_days_pass(ordered, 3)
	tasks.follow_up_resellers()
	assert reminders_of(jun) == []


def test_a_partner_s_customer_is_the_account_manager_s(family):
	partner, manager = (
		make_user("partner@elsewhere.example", "Lead Partner"),
		make_user("kim@company.example"),
	)
	customer = make_customer("Delta Mills", account_manager=manager).name
	name = of_user(partner, make_reseller_customer("Ordered", family, customer=customer))
	tasks.follow_up_resellers()
	let_days_pass(name, 3)
	tasks.follow_up_resellers()
	assert (len(reminders_of(manager)), reminders_of(partner)) == (1, [])


def test_nobody_s_customer_is_the_sales_managers(family, ordered, jun):
	manager = make_user("head@company.example", "Sales Manager")
	frappe.get_doc("User", jun).update({"enabled": 0}).save()
	tasks.follow_up_resellers()
	let_days_pass(ordered, 3)
	tasks.follow_up_resellers()
	assert len(reminders_of(manager)) == 1


def test_one_customer_s_trouble_keeps_no_other_waiting(family, ordered, jun):
	other = of_user(jun, make_reseller_customer("Ordered", family, organization_name="Kappa Wool"))
	tasks.follow_up_resellers()
	for name in (ordered, other):
		let_days_pass(name, 3)
	frappe.db.set_value(
		RESELLER_CUSTOMER, ordered, {"terms_remind_on": "2020-01-01", "customer_type": "Tribe"}
	)
	tasks.follow_up_resellers()
	(told,) = reminders_of(jun)
	assert "Kappa Wool" in told
	assert frappe.db.count("Error Log", {"reference_name": ordered}) > 0


@pytest.mark.parametrize(
	("last", "following"),
	[("2026-03-10 17:00:00", "2026-03-11 08:00:00"), ("2026-03-10 08:00:00", "2026-03-10 09:00:00")],
)
def test_people_are_reminded_by_day_and_what_was_left_over_an_hour_later(last, following):
	job = frappe.get_doc("Scheduled Job Type", {"method": "lead_inbox.tasks.follow_up_resellers"})
	job.last_execution = get_datetime(last)
	assert job.get_next_execution() == get_datetime(following)
