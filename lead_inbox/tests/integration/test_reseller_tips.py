"""The checklist of a new customer is given, ticked and assigned: requirement RS-6."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import frappe
import pytest
from frappe.utils import now_datetime

from lead_inbox.api import resellers
from lead_inbox.reseller import customers
from lead_inbox.reseller.follow_up.usual_tips import usual_tips
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	doc_of,
	make_family,
	make_reseller_customer,
)


@pytest.fixture
def family() -> str:
	return make_family(setup_tips=usual_tips())


@pytest.fixture
def name(family: str) -> str:
	return make_reseller_customer("Created", family)


@pytest.fixture
def jun() -> str:
	return make_user("jun@company.example")


@pytest.fixture
def kim() -> str:
	return make_user("kim@company.example")


def tips_of(name: str) -> list[Any]:
	return doc_of(name).tips


def todos_of(user: str) -> list[frappe._dict]:
	return frappe.get_all(
		"ToDo",
		{"allocated_to": user, "reference_type": RESELLER_CUSTOMER},
		["name", "status", "description", "reference_name", "assigned_by"],
		order_by="creation asc",
	)


def test_the_tips_come_with_the_account(family):
	checked = make_reseller_customer("Checked", family)
	assert tips_of(checked) == []
	customers.note_account(checked, account_of(checked))
	assert [tip.topic for tip in tips_of(checked)] == [tip["topic"] for tip in usual_tips()]
	assert tips_of(checked)[0].instructions == usual_tips()[0]["instructions"]
	assert {tip.done for tip in tips_of(checked)} == {0}


def test_news_of_the_account_give_no_second_list(name):
	resellers.tick_tip(name, tips_of(name)[0].name, 1)
	customers.note_account(name, replace(account_of(name), organization_name="Delta Mills"))
	assert [tip.done for tip in tips_of(name)] == [1, 0, 0, 0]


def test_tips_that_change_later_leave_what_was_done(family, name):
	frappe.get_doc(FAMILY, family).update({"setup_tips": [{"topic": "Something else"}]}).save()
	assert len(tips_of(name)) == len(usual_tips())


def test_ticking_says_who_and_when(name, jun):
	before = now_datetime().replace(microsecond=0)
	frappe.set_user(jun)
	shown = resellers.tick_tip(name, tips_of(name)[1].name, 1)["tips"]
	assert [tip["done"] for tip in shown] == [0, 1, 0, 0]
	tip = tips_of(name)[1]
	assert tip.done_by == jun and tip.done_on >= before

	resellers.tick_tip(name, tip.name, 0)
	tip = tips_of(name)[1]
	assert (tip.done, tip.done_by, tip.done_on) == (0, None, None)


def test_a_second_tick_leaves_the_first_one_s_name(name, jun, kim):
	row = tips_of(name)[0].name
	frappe.set_user(jun)
	resellers.tick_tip(name, row, 1)
	frappe.set_user(kim)
	resellers.tick_tip(name, row, 1)
	assert tips_of(name)[0].done_by == jun


def test_an_active_customer_waits_for_its_setup_until_all_is_ticked(family):
	active = make_reseller_customer("Active", family)
	assert (doc_of(active).waits_for, doc_of(active).waits_for_what) == ("Us", "setup")
	for tip in tips_of(active):
		resellers.tick_tip(active, tip.name, 1)
	assert doc_of(active).waits_for == "Nobody"


def test_an_assigned_tip_is_a_todo_that_ends_with_the_tick(name, jun):
	row = tips_of(name)[0]
	frappe.set_user(make_user("boss@company.example", "Sales Manager"))
	resellers.assign_tip(name, row.name, jun)
	(todo,) = todos_of(jun)
	assert (todo.status, todo.reference_name, todo.assigned_by) == ("Open", name, "boss@company.example")
	assert row.topic in todo.description
	assert tips_of(name)[0].assigned_to == jun
	assert jun in frappe.db.get_value(RESELLER_CUSTOMER, name, "_assign")

	resellers.tick_tip(name, row.name, 1)
	assert [todo.status for todo in todos_of(jun)] == ["Closed"]
	resellers.tick_tip(name, row.name, 0)
	assert [todo.status for todo in todos_of(jun)] == ["Open"]


def test_nobody_sets_up_a_customer_who_buys_elsewhere(name, jun):
	for tip in tips_of(name)[:2]:
		resellers.assign_tip(name, tip.name, jun)
	resellers.tick_tip(name, tips_of(name)[0].name, 1)
	customers.transfer_out(name, "Found a nearer one")
	assert [todo.status for todo in todos_of(jun)] == ["Closed", "Cancelled"]


def test_a_new_family_can_begin_with_the_usual_tips():
	family = frappe.get_doc(FAMILY, make_family(setup_tips=[{"topic": "Our own", "instructions": "First."}]))
	family.add_usual_tips()
	assert [tip.topic for tip in family.setup_tips] == ["Our own", *(tip["topic"] for tip in usual_tips())]
	family.add_usual_tips()
	assert len(family.setup_tips) == 1 + len(usual_tips()), "what is there already is not added again"
	assert frappe.get_doc(FAMILY, family.name).setup_tips[1:] == [], "the user saves"


def test_the_assignee_is_told(name, jun):
	resellers.assign_tip(name, tips_of(name)[0].name, jun)
	told = frappe.get_all("Notification Log", {"for_user": jun, "type": "Assignment"}, pluck="document_name")
	assert told == [name]


def test_two_tips_of_one_user_are_two_todos(name, jun):
	for tip in tips_of(name)[:2]:
		resellers.assign_tip(name, tip.name, jun)
	resellers.tick_tip(name, tips_of(name)[0].name, 1)
	assert [todo.status for todo in todos_of(jun)] == ["Closed", "Open"]


def test_assigning_again_moves_the_todo(name, jun, kim):
	row = tips_of(name)[0].name
	for user in (jun, jun, kim):
		resellers.assign_tip(name, row, user)
	assert [todo.status for todo in todos_of(jun)] == ["Cancelled"]
	assert [todo.status for todo in todos_of(kim)] == ["Open"]
	resellers.assign_tip(name, row, None)
	assert tips_of(name)[0].assigned_to is None
	assert [todo.status for todo in todos_of(kim)] == ["Cancelled"]


def test_a_todo_that_its_user_deleted_is_no_obstacle(name, jun):
	row = tips_of(name)[0].name
	resellers.assign_tip(name, row, jun)
	frappe.delete_doc("ToDo", todos_of(jun)[0].name)
	resellers.tick_tip(name, row, 1)
	assert tips_of(name)[0].done == 1


def test_only_who_may_change_the_customer_is_given_a_tip(name):
	row = tips_of(name)[0].name
	stranger = make_user("stranger@company.example", "Stock User")
	with pytest.raises(ResellerRefused, match="may not change this customer"):
		resellers.assign_tip(name, row, stranger)
	with pytest.raises(ResellerRefused, match="not a user of the desk"):
		resellers.assign_tip(name, row, "nobody@company.example")
	assert tips_of(name)[0].assigned_to is None


def test_what_is_done_is_assigned_to_nobody(name, jun):
	row = tips_of(name)[0].name
	resellers.tick_tip(name, row, 1)
	with pytest.raises(ResellerRefused, match="done already"):
		resellers.assign_tip(name, row, jun)
	assert todos_of(jun) == []


def test_a_tip_of_somebody_else_is_none(family, name):
	other = make_reseller_customer("Created", family)
	with pytest.raises(ResellerRefused, match="does not exist any more"):
		resellers.tick_tip(name, tips_of(other)[0].name, 1)
