"""Response rates, the report and the number cards: requirement IN-9."""

from __future__ import annotations

from datetime import datetime

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_to_date, getdate, now_datetime

from lead_inbox.api import desk, number_cards
from lead_inbox.inbox import lifecycle, messages
from lead_inbox.inbox.response import response_rates
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user

MINUTE, HOUR = 60, 3600
CARDS = (number_cards.first_response, number_cards.response_rate, number_cards.to_call_back)


@pytest.fixture(autouse=True)
def nothing_kept():
	"""Redis outlives the rollback, and the site may have leads of its own."""
	make_channel()
	frappe.db.set_value(
		"Lead", {"inbox_arrived_on": ["is", "set"]}, "inbox_arrived_on", None, update_modified=False
	)
	frappe.cache.delete_value(response_rates.SUMMARY_KEY)
	yield
	frappe.cache.delete_value(response_rates.SUMMARY_KEY)


def lead_of(
	channel: str = "Partner",
	days_ago: float = 10,
	answered_after: int | None = None,
	owner: str | None = None,
	assigned_after: int | None = None,
) -> str:
	"""A lead that arrived some days ago, was assigned and answered so many seconds later."""
	lead = arrive(channel, type="message", name=frappe.generate_hash(length=8), message="Hi")
	arrived_on = add_to_date(now_datetime(), days=-days_ago)
	values = {"inbox_arrived_on": arrived_on, "inbox_assignee": owner}
	if assigned_after is not None:
		values["inbox_assigned_on"] = add_to_date(arrived_on, seconds=assigned_after)
	frappe.db.set_value("Lead", lead, values, update_modified=False)
	if answered_after is not None:
		lifecycle.apply(lead, Happening.REPLIED, on=add_to_date(arrived_on, seconds=answered_after))
	return lead


def arrived_on(lead: str) -> datetime:
	return frappe.db.get_value("Lead", lead, "inbox_arrived_on")


def report(**filters) -> dict:
	days = {"from_date": getdate(add_to_date(None, days=-90)), "to_date": getdate()}
	return run("Lead Response Time", filters={"by": "Channel", **days, **filters})


def rows(**filters) -> dict[str, dict]:
	return {row["group"]: row for row in report(**filters)["result"] if isinstance(row, dict)}


def test_the_rate_is_of_the_leads_that_could_have_been_answered():
	lead_of(answered_after=HOUR)
	lead_of()
	lead_of(days_ago=0.9)  # may still be answered within its first day
	lead_of(days_ago=0.5, answered_after=HOUR)
	found = rows()["Partner"]
	assert (found["leads"], found["answered"], found["rate"]) == (4, 2, pytest.approx(66.7))


def test_leads_made_by_hand_and_leads_merged_away_are_left_out():
	make_lead()
	loser = lead_of()
	frappe.db.set_value("Lead", loser, "inbox_merged_into", lead_of(answered_after=HOUR))
	assert list(rows()) == ["Partner"]
	assert rows()["Partner"]["leads"] == 1


def test_a_lead_belongs_to_the_days_on_which_it_arrived():
	lead_of(days_ago=80, answered_after=HOUR)
	lead_of(days_ago=100, answered_after=HOUR)
	assert rows()["Partner"]["leads"] == 1
	assert rows(from_date=getdate(add_to_date(None, days=-101)))["Partner"]["leads"] == 2
	assert rows(to_date=getdate(add_to_date(None, days=-80)))["Partner"]["leads"] == 1
	assert rows(to_date=getdate(add_to_date(None, days=-81))) == {}


def test_median_and_ninetieth_percentile_are_waits_that_somebody_had():
	for minutes in range(1, 11):
		lead_of(answered_after=minutes * MINUTE)
	found = rows()["Partner"]
	assert (found["elapsed_median"], found["elapsed_ninetieth"]) == (5 * MINUTE, 9 * MINUTE)
	assert (found["business_median"], found["business_ninetieth"]) == (5 * MINUTE, 9 * MINUTE)


def test_the_delays_until_assigned_and_from_there_to_the_response_are_told_apart():
	lead_of(assigned_after=10 * MINUTE, answered_after=15 * MINUTE)
	lead_of(assigned_after=30 * MINUTE, answered_after=10 * MINUTE)  # answered before anybody had it
	found = rows()["Partner"]
	assert (found["routing_median"], found["owner_median"]) == (10 * MINUTE, 5 * MINUTE)


def test_the_reply_time_to_later_messages_is_a_figure_of_its_own():
	lead = lead_of(answered_after=30 * MINUTE)
	asked = add_to_date(arrived_on(lead), days=1)
	messages.record(
		lead, lead_email=None, kind="SMS", direction="In", external_id="a", sent_on=asked, text="And?"
	)
	lifecycle.apply(lead, Happening.REPLIED, on=add_to_date(asked, seconds=2 * MINUTE))
	found = rows()["Partner"]
	assert (found["elapsed_median"], found["later_median"]) == (30 * MINUTE, 2 * MINUTE)


def test_channels_and_owners_are_told_apart():
	make_channel("Other")
	jun = make_user("jun@company.example")
	lead_of(owner=jun, answered_after=MINUTE)
	lead_of("Other", answered_after=HOUR)  # nobody has it: it is whose who answered
	lead_of("Other")
	assert {name: row["rate"] for name, row in rows().items()} == {"Other": 50, "Partner": 100}
	owners = {name: (row["leads"], row["elapsed_median"]) for name, row in rows(by="Owner").items()}
	assert owners == {jun: (1, MINUTE), "Administrator": (1, HOUR), None: (1, None)}
	assert set(rows(by="Owner", channel="Partner")) == {jun}


def test_where_nobody_waited_there_is_no_wait_of_zero_seconds():
	lead_of(days_ago=0.1)
	found = rows()["Partner"]
	assert {key: found[key] for key in ("rate", "elapsed_median", "routing_median", "later_median")} == {
		"rate": None,
		"elapsed_median": None,
		"routing_median": None,
		"later_median": None,
	}


def test_the_report_has_a_chart_of_hours_and_a_summary():
	lead_of(answered_after=90 * MINUTE)
	found = report()
	assert found["chart"]["data"]["labels"] == ["Partner"]
	assert [one["values"] for one in found["chart"]["data"]["datasets"]] == [[1.5], [1.5]]
	assert [item["value"] for item in found["report_summary"]] == [1, "100%", 90 * MINUTE]


def test_an_empty_report_says_nothing_wrong():
	found = report()
	assert (found["result"], found["chart"], found["report_summary"]) == ([], None, [])


def test_days_in_the_wrong_order_are_refused():
	with pytest.raises(frappe.ValidationError, match="first day"):
		report(from_date="2026-05-05", to_date="2026-05-04")


def test_a_user_sees_figures_of_the_leads_that_they_may_see():
	make_channel("Hidden %")
	jun = make_user("jun@company.example")
	lead_of(answered_after=MINUTE)
	lead_of("Hidden %")
	permission = {"user": jun, "allow": "Lead Channel", "for_value": "Partner"}
	frappe.get_doc(doctype="User Permission", apply_to_all_doctypes=1, **permission).insert()
	frappe.set_user(jun)
	assert [row["leads"] for row in report()["result"]] == [1]
	assert report()["report_summary"][0]["value"] == 1


def test_a_user_without_leads_is_refused():
	frappe.set_user(make_user("pat@company.example", "Accounts User"))
	with pytest.raises(frappe.PermissionError):
		report()
	for card in CARDS:
		with pytest.raises(frappe.PermissionError):
			card()


def test_the_cards_and_the_page_show_how_the_team_answered():
	lead_of(answered_after=90 * MINUTE)
	lead_of()
	called = lead_of(answered_after=MINUTE)
	lifecycle.apply(called, Happening.CALL_MISSED)
	frappe.set_user(make_user("jun@company.example"))
	median, rate, to_call_back = [card()["value"] for card in CARDS]
	assert (median, rate, to_call_back) == (MINUTE, pytest.approx(66.7), 1)
	assert desk.get_context()["response"] == {
		"median_seconds": MINUTE,
		"rate": pytest.approx(2 / 3),
		"days": 90,
	}


def test_without_leads_there_is_nothing_to_show():
	assert desk.get_context()["response"] is None
	assert number_cards.first_response() == number_cards.response_rate() == "–"


def test_the_leads_of_the_window_are_found_by_the_index_on_their_arrival():
	window = response_rates.last_days()
	plan = frappe.db.sql(
		f"explain select count(*) from `tabLead` force index (lead_inbox_arrived) where {window.where}",
		window.values,
		as_dict=True,
	)
	assert [(row.key, row.type) for row in plan] == [("lead_inbox_arrived", "range")]
