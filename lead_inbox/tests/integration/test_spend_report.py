"""The report of what leads cost: requirement IN-10."""

from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run

from lead_inbox.api import disputes
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import make_channel, make_lead, make_user

REPORT = "Lead Spend"


@pytest.fixture(autouse=True)
def channels():
	return [make_channel("Google"), make_channel("Partner")]


def lead(channel: str, arrived: str, price: float = 0, currency: str = "EUR", **values: Any) -> str:
	priced = {"inbox_price": price, "inbox_price_currency": currency, "inbox_charged": 1} if price else {}
	name = make_lead(**{**priced, **values}).name
	frappe.db.set_value("Lead", name, {"inbox_channel": channel, "inbox_arrived_on": f"{arrived} 23:30:00"})
	return name


def report(group_by: str = "Channel and Month", **filters: Any) -> dict[str, Any]:
	dates = {"from_date": "2026-01-01", "to_date": "2026-03-31"}
	return run(REPORT, filters={**dates, "group_by": group_by, **filters}, ignore_prepared_report=True)


def rows(*fields: str, **filters: Any) -> list[tuple[Any, ...]]:
	return [tuple(row[field] for field in fields) for row in report(**filters)["result"]]


def credit(name: str, amount: float) -> None:
	filed = frappe.get_doc("Lead Dispute", disputes.file(name, "Dispute", "Spam"))
	filed.update({"result": "Credited", "credited_amount": amount})
	filed.save()


def test_spend_credits_and_costs_by_channel_and_month():
	booked = lead("Google", "2026-01-31", 30)
	lifecycle.apply(booked, Happening.BOOKED)
	lifecycle.apply(booked, Happening.BOOKINGS_ENDED)
	lifecycle.apply(booked, Happening.CONVERTED)
	credit(lead("Google", "2026-01-02", 20), 15)
	lead("Google", "2026-01-03", 10, inbox_credit_state="Credited")
	lead("Google", "2026-01-04")  # free
	lead("Google", "2026-02-01", 8)
	lead("Partner", "2026-01-05", 50, "USD", inbox_charged=0)

	found = rows("channel", "month", "currency", "leads", "charged", "spend", "credits", "net")
	assert found == [
		("Google", "2026-01", "EUR", 4, 3, 60, 25, 35),
		("Google", "2026-02", "EUR", 1, 1, 8, 0, 8),
		("Partner", "2026-01", "USD", 1, 0, 0, 0, 0),
	]
	costs = rows("cost_per_lead", "booked", "cost_per_booked", "converted", "cost_per_converted")
	assert costs == [(8.75, 1, 35, 1, 35), (8, 0, None, 0, None), (0, 0, None, 0, None)]
	assert [round(rate, 1) if rate else rate for (rate,) in rows("credit_rate")] == [41.7, 0, None]


def test_a_source_s_credit_counts_once_whether_disputed_or_not():
	name = lead("Google", "2026-01-02", 20)
	credit(name, 5)
	assert frappe.db.get_value("Lead", name, "inbox_credit_state") == "Credited"
	assert rows("spend", "credits") == [(20, 5)]


def test_a_credit_of_a_lead_that_was_not_charged_is_none():
	credit(lead("Google", "2026-01-02", 20, inbox_charged=0), 20)
	assert rows("spend", "credits") == [(0, 0)]


@pytest.mark.parametrize(
	("group_by", "expected"),
	[
		("Channel", [("Google", "EUR", 3), ("Google", "USD", 4), ("Partner", "EUR", 8)]),
		("Month", [("2026-01", "EUR", 9), ("2026-02", "EUR", 2), ("2026-02", "USD", 4)]),
	],
)
def test_currencies_are_never_added(group_by, expected):
	lead("Google", "2026-01-01", 1)
	lead("Google", "2026-02-01", 2)
	lead("Google", "2026-02-02", 4, "USD")
	lead("Partner", "2026-01-01", 8)
	group = group_by.lower()
	assert rows(group, "currency", "spend", group_by=group_by) == expected


def test_the_dates_are_inclusive_and_the_channel_filters():
	lead("Google", "2025-12-31", 1)
	lead("Google", "2026-01-01", 2)
	lead("Google", "2026-03-31", 4)
	lead("Google", "2026-04-01", 8)
	lead("Partner", "2026-03-31", 16)
	assert rows("spend", group_by="Channel", channel="Google") == [(6,)]
	with pytest.raises(frappe.ValidationError, match="first date"):
		report(from_date="2026-04-01")


def test_the_chart_shows_net_spend_and_the_summary_the_whole():
	lead("Google", "2026-01-01", 1)
	lead("Partner", "2026-02-01", 2)
	credit(lead("Partner", "2026-02-01", 5), 5)
	shown = report()
	assert shown["chart"]["data"] == {
		"labels": ["2026-01", "2026-02"],
		"datasets": [{"name": "Net Spend in EUR", "values": [1, 2]}],
	}
	assert report("Channel")["chart"]["data"]["labels"] == ["Google", "Partner"]
	figures = {figure["label"]: figure["value"] for figure in shown["report_summary"]}
	assert figures == {"Leads": 3, "Spend": 8, "Credits": 5, "Net Spend": 3, "Net Cost per Lead": 1}


def test_nothing_is_shown_of_nothing():
	shown = report(from_date="2020-01-01", to_date="2020-01-31")
	assert (shown["result"], shown["chart"], shown["report_summary"]) == ([], None, [])


def test_a_user_gets_the_figures_of_the_leads_they_may_see():
	user = make_user("south@example.com")
	for name in ("South", "100% North"):
		frappe.get_doc(doctype="Territory", territory_name=name).insert(ignore_if_duplicate=True)
	lead("Google", "2026-01-01", 1, territory="100% North")
	lead("Google", "2026-01-01", 2, territory="South")
	assert rows("spend") == [(3,)]
	frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="100% North").insert()
	frappe.set_user(user)
	assert rows("spend") == [(1,)]


def test_who_has_no_right_to_leads_gets_no_figures():
	frappe.set_user(make_user("stranger@example.com", "Employee"))
	with pytest.raises(frappe.PermissionError):
		report()
