"""The report of which Reseller Customers wait, for whom, for what, and since when (RS-8)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_to_date, now_datetime

from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.reseller_builders import make_family, make_reseller_customer

REPORT = "Reseller Customers Waiting"
Cells = list[tuple[Any, ...]]


def waiting(days: int, *args: str, **values: Any) -> str:
	"""A customer that has waited for so many days."""
	name = make_reseller_customer(*args, **values)
	since = add_to_date(now_datetime(), days=-days, hours=-1)
	frappe.db.set_value(RESELLER_CUSTOMER, name, "waits_since", since)
	return name


def report(**filters: Any) -> dict[str, Any]:
	return run(REPORT, filters=filters, ignore_prepared_report=True)


def rows(*fields: str, **filters: Any) -> Cells:
	return [tuple(row.get(field) for field in fields) for row in report(**filters)["result"]]


@pytest.fixture
def family() -> str:
	return make_family("Workspace")


@pytest.fixture
def customers(family) -> dict[str, str]:
	"""By what they wait for. The active one waits for nothing."""
	return {
		"form": waiting(2, family=family, organization_name="Alpha"),
		"order": waiting(9, "Created", family=family, organization_name="Beta"),
		"terms": waiting(40, "Ordered", family=make_family("Zeta"), organization_name="Gamma"),
		"nothing": waiting(90, "Active", family=family, organization_name="Delta"),
	}


def test_it_tells_who_waits_for_whom_for_what_and_since_when(customers):
	assert rows("label", "count", "who", "what", "days", "status", "indent") == [
		("Us", 2, None, None, 9, None, 0),
		("Beta", None, "Us", "an order", 9, "Created", 1),
		("Alpha", None, "Us", "the form", 2, "Draft", 1),
		("Customer", 1, None, None, 40, None, 0),
		("Gamma", None, "Customer", "the terms of service", 40, "Ordered", 1),
	]
	assert rows("reseller_customer")[1] == (customers["order"],)


def test_groups_by_matter_by_family_and_by_status(customers):
	def groups(by: str) -> Cells:
		return [row[:2] for row in rows("label", "count", "indent", group_by=by) if not row[2]]

	assert groups("What For") == [("the form", 1), ("an order", 1), ("the terms of service", 1)]
	assert groups("Product Family") == [("Workspace", 2), ("Zeta", 1)]
	assert groups("Status") == [("Draft", 1), ("Created", 1), ("Ordered", 1)]


def test_what_has_no_family_comes_last(customers):
	name = waiting(1, organization_name="Omega")
	frappe.db.set_value(RESELLER_CUSTOMER, name, "product_family", None)

	assert rows("label", "count", group_by="Product Family")[-2:] == [
		("No Product Family", 1),
		("Omega", None),
	]


def test_the_chart_stacks_by_how_long_they_wait(customers):
	waiting(3, family="Workspace")
	chart = report()["chart"]

	assert chart["data"]["labels"] == ["Us", "Customer"]
	assert {part["name"]: part["values"] for part in chart["data"]["datasets"]} == {
		"Up to 2 days": [1, 0],
		"Up to a week": [1, 0],
		"Up to a month": [1, 0],
		"Longer": [0, 1],
	}


def test_the_summary_counts_by_party(customers):
	figures = {figure["label"]: figure["value"] for figure in report()["report_summary"]}

	assert figures == {
		"For Us": 2,
		"For the Customer": 1,
		"For the Vendor": 0,
		"Longest Wait in Days": 40,
	}


def test_filters_leave_out_the_others(customers):
	assert [row[0] for row in rows("label", waits_for="Customer")] == ["Customer", "Gamma"]
	assert [row[0] for row in rows("label", product_family="Workspace")] == ["Us", "Beta", "Alpha"]
	waiting(1, family="Workspace", origin="Import", organization_name="Kappa")
	assert [row[0] for row in rows("label", origin="Import")] == ["Us", "Kappa"]


def test_choices_that_there_are_not_are_refused():
	with pytest.raises(frappe.ValidationError, match="Choose one of"):
		report(group_by="Weather")
	with pytest.raises(frappe.ValidationError, match="Choose one of"):
		report(waits_for="Godot")


def test_nothing_is_shown_of_nothing():
	found = report()

	assert (found["result"], found["chart"], found["report_summary"]) == ([], None, [])


def test_only_customers_that_the_user_may_see_are_listed(customers):
	jun = make_user("jun@company.example")
	frappe.get_doc(
		doctype="User Permission",
		user=jun,
		allow="Reseller Product Family",
		for_value="Zeta",
		apply_to_all_doctypes=1,
	).insert()
	frappe.set_user(jun)

	assert [row[0] for row in rows("label")] == ["Customer", "Gamma"]


def test_who_may_see_no_customers_gets_no_report(customers):
	frappe.set_user(make_user("stranger@company.example", "Purchase User"))

	with pytest.raises(frappe.PermissionError):
		report()
