"""The reports on conversion: requirement CO-10."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.query_report import run
from frappe.utils import add_to_date, get_datetime

from lead_inbox.api import disputes
from lead_inbox.conversion.undoing import undo
from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.merging import merging
from lead_inbox.inbox.source_fields import campaign_field, source_field
from lead_inbox.permissions import lead_conditions
from lead_inbox.tests.integration.builders import make_channel, make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import (
	COMPANY,
	convert,
	make_business_lead,
	make_customer,
	make_opportunity,
)

RATE, FUNNEL, LIST, WINS = (
	*("Lead Conversion Rate", "Lead Funnel", "Converted Leads"),
	"Lead Opportunity Win Rate",
)
DAY = 86400


@pytest.fixture(autouse=True)
def _jobs(jobs):
	"""Nothing goes to a worker."""


@pytest.fixture(autouse=True)
def sources() -> None:
	"""Channels, sources and a campaign, the company's books in euro."""
	make_channel("Google")
	make_channel("Partner")
	for name in ("Search", "Fair"):
		make_named(source_field().options, "source_name", name)
	make_named(campaign_field().options, "campaign_name", "Spring")
	frappe.db.delete("Web Page View")


def make_named(doctype: str, title_field: str, name: str) -> None:
	if not frappe.db.exists(doctype, name):
		values = {
			"name": name,
			**({title_field: name} if frappe.get_meta(doctype).has_field(title_field) else {}),
		}
		frappe.get_doc(doctype=doctype, **values).insert()


def lead(arrived: str, channel: str = "", source: str = "", campaign: str = "", **values: Any) -> str:
	name = make_lead(**values).name
	own = {
		"inbox_arrived_on": f"{arrived} 12:00:00",
		"inbox_channel": channel,
		source_field().fieldname: source,
		campaign_field().fieldname: campaign,
	}
	frappe.db.set_value("Lead", name, own)
	return name


def converted(arrived: str, days: float = 1, customer: str = "", **values: Any) -> str:
	"""A lead that became a customer so many days after it arrived; by its values, for speed."""
	name = lead(arrived, **values)
	on = add_to_date(get_datetime(f"{arrived} 12:00:00"), days=days)
	lifecycle.note_conversion(name, {"inbox_converted_on": on, "inbox_customer": customer or None})
	return name


def report(name: str = RATE, **filters: Any) -> dict[str, Any]:
	dates = {"from_date": "2026-01-01", "to_date": "2026-03-31"}
	return run(name, filters={**dates, **filters}, ignore_prepared_report=True)


def rows(*fields: str, name: str = RATE, **filters: Any) -> list[tuple[Any, ...]]:
	return [tuple(row[field] for field in fields) for row in report(name, **filters)["result"]]


def visits(first: str, last: str, **values: Any) -> Any:
	return frappe.get_doc(doctype="Lead Visits", from_date=first, to_date=last, **values).insert()


def view(visitor: str, at: str, source: str = "", campaign: str = "") -> None:
	page = frappe.get_doc(
		doctype="Web Page View", path="home", visitor_id=visitor, source=source, campaign=campaign
	).insert()
	page.db_set({"creation": at, "modified": at}, update_modified=False)


def sell(customer: str, on: str, amount: float, doctype: str = "Sales Order") -> None:
	"""A submitted sale. Its books are of no interest here."""
	date = {"Sales Order": "transaction_date", "Sales Invoice": "posting_date"}[doctype]
	sale = frappe.get_doc(
		doctype=doctype, customer=customer, company=COMPANY, base_net_total=amount, docstatus=1
	)
	sale.update({date: on, "name": frappe.generate_hash(length=10)})
	sale.db_insert()


def company_currency() -> str:
	return frappe.db.get_value("Company", COMPANY, "default_currency")


def test_rates_of_the_arrivals_and_of_the_conversions_meanwhile():
	converted("2026-01-10", days=2)
	converted("2026-01-20", days=20)
	lead("2026-01-31")
	lead("2026-01-31")
	lead("2026-03-01")
	figures = ("group", "leads", "converted", "conversion_rate")
	assert rows(*figures) == [("2026-01", 4, 2, 50), ("2026-02", 0, 0, None), ("2026-03", 1, 0, 0)]
	by_conversion = rows(*figures, count_by="Conversion")
	assert by_conversion == [("2026-01", 4, 1, 25), ("2026-02", 0, 1, None), ("2026-03", 1, 0, 0)]


def test_a_conversion_counts_when_it_happened_however_long_ago_the_lead_arrived():
	converted("2025-06-01", days=230)
	assert rows("group", "leads", "converted", count_by="Conversion")[0] == ("2026-01", 0, 1)
	assert rows("leads") == []


@pytest.mark.parametrize(
	("interval", "first", "count"),
	[("Day", "2026-01-01", 90), ("Week", "2026-W01", 14), ("Month", "2026-01", 3), ("Quarter", "2026-Q1", 1)],
)
def test_every_period_has_a_row(interval: str, first: str, count: int):
	lead("2026-01-01")
	lead("2026-03-31")
	found = rows("group", "leads", interval=interval)
	assert (len(found), found[0][0], sum(leads for _group, leads in found)) == (count, first, 2)


def test_an_undone_conversion_does_not_count():
	made = convert(make_business_lead().name)
	filters = {"from_date": frappe.utils.nowdate(), "to_date": frappe.utils.nowdate()}
	assert rows("leads", "converted", **filters) == [(1, 1)]
	assert [row["customer"] for row in report(LIST, **filters)["result"]] == [made.customer]
	undo.undo(made.conversion)
	assert rows("leads", "converted", **filters) == [(1, 0)]
	assert report(LIST, **filters)["result"] == []


def test_leads_that_were_merged_count_once_and_cost_what_both_cost():
	priced = {"inbox_price": 10, "inbox_price_currency": company_currency(), "inbox_charged": 1}
	winner = lead("2026-01-02", **priced)
	merging.merge(winner, lead("2026-01-03", **priced))
	assert rows("leads", "cost")[0] == (1, 20)


def test_groups_and_filters():
	converted("2026-01-10", channel="Google", source="Search", campaign="Spring")
	lead("2026-01-11", channel="Google", source="Search")
	lead("2026-01-12", channel="Partner", source="Fair", lead_owner=make_user("owner@example.com"))
	frappe.db.set_value("Lead", {"name": ["is", "set"]}, "inbox_assignee", None)

	def groups(group_by: str, **filters: Any) -> list[tuple[Any, ...]]:
		return rows("group", "leads", "converted", group_by=group_by, **filters)

	assert groups("Channel") == [("Google", 2, 1), ("Partner", 1, 0)]
	assert groups("Source") == [("Search", 2, 1), ("Fair", 1, 0)]
	assert groups("Campaign") == [("Spring", 1, 1), (None, 2, 0)]
	assert ("owner@example.com", 1, 0) in groups("Owner")
	assert groups("Source", channel="Google", campaign="Spring") == [("Search", 1, 1)]
	assert groups("Channel", source="Fair") == [("Partner", 1, 0)]
	assert groups("Channel", owner="owner@example.com") == [("Partner", 1, 0)]


def test_time_to_convert_is_a_time_that_some_lead_took():
	for days in (1, 2, 3, 4, 5, 6, 7, 8, 9, 40):
		converted("2026-01-02", days=days)
	assert rows("time_median", "time_ninetieth")[0] == (5 * DAY, 9 * DAY)
	assert rows("time_median", "time_ninetieth")[1] == (None, None)


def test_the_site_counts_visitors_and_sessions():
	view("ann", "2026-01-05 10:00:00", "search")
	view("ann", "2026-01-05 10:29:00", "Fair")  # goes on in the session of the search
	view("ann", "2026-01-06 10:00:00", "Fair")
	view("bob", "2026-01-07 10:00:00", "somewhere else")
	view("eve", "2026-01-08 10:00:00")
	view("", "2026-01-08 10:00:00")  # nobody knows who
	view("ann", "2025-12-31 23:59:00", "Search")
	lead("2026-01-20", source="Search")
	converted("2026-01-20", source="Fair")

	counts = ("group", "visitors", "sessions", "leads_per_visitor", "converted_per_session", "visits_from")
	assert rows(*counts)[0] == ("2026-01", 3, 4, 66.7, 25, "Web Page Views")
	assert rows(*counts)[1][1:] == (None, None, None, None, None)
	assert rows("group", "visitors", "sessions", group_by="Source") == [
		("Fair", 1, 1),
		("Search", 1, 1),
		(None, 1, 1),
	]
	assert rows("visitors", source="Search")[0] == (1,)
	assert {row[0] for row in rows("visitors", group_by="Owner")} == {None}


def test_typed_visits_are_shared_by_days_and_added():
	view("ann", "2026-01-05 10:00:00", "Search")
	visits("2026-01-17", "2026-02-15", source="Search", visitors=300, sessions=600)  # thirty days
	visits("2026-03-01", "2026-03-31", source="Fair", campaign="Spring", channel="Google", visitors=50)
	lead("2026-01-20")
	counts = ("visitors", "sessions", "visits_from")
	assert rows(*counts) == [
		(151, 301, "Web Page Views and Lead Visits"),
		(150, 300, "Lead Visits"),
		(50, None, "Lead Visits"),
	]
	by_source = rows("group", "visitors", group_by="Source")
	assert by_source == [("Fair", 50), ("Search", 301), (None, None)]
	assert rows("visitors", group_by="Channel", channel="Google") == [(50,)]
	assert rows("visitors", to_date="2026-01-20")[0] == (41,)


def test_costs_are_charged_prices_less_credits_and_what_was_typed_in():
	currency = company_currency()
	priced = {"inbox_price": 40, "inbox_price_currency": currency, "inbox_charged": 1}
	converted("2026-01-02", channel="Google", **priced)
	back = lead("2026-01-03", channel="Google", **priced)
	filed = frappe.get_doc("Lead Dispute", disputes.file(back, "Dispute", "Spam"))
	filed.update({"result": "Credited", "credited_amount": 30})
	filed.save()
	lead("2026-01-04", channel="Partner", inbox_price=99, inbox_price_currency=currency)  # not charged
	visits("2026-01-01", "2026-01-31", cost=150, channel="Google")
	other = "USD" if currency != "USD" else "EUR"
	lead("2026-01-04", channel="Partner", inbox_price=7, inbox_price_currency=other, inbox_charged=1)

	assert rows("group", "cost", "cost_per_conversion", group_by="Channel") == [
		("Google", 200, 200),
		("Partner", None, None),
	]
	assert rows("group", "cost", group_by="Channel", currency=other) == [("Google", None), ("Partner", 7)]
	assert other in report()["message"]
	assert report(currency=other, channel="Partner")["message"] is None


@pytest.mark.parametrize("doctype", ["Sales Invoice", "Sales Order"])
def test_revenue_return_and_the_value_of_a_lead(doctype: str):
	mine, returning = make_customer("Mine").name, make_customer("Returning").name
	currency = company_currency()
	converted("2026-01-02", customer=mine, inbox_price=50, inbox_price_currency=currency, inbox_charged=1)
	lead("2026-01-02")
	converted("2026-01-10", customer=returning, source="Search")
	converted("2026-02-10", customer=returning, source="Fair")
	for customer, on, amount in (
		(mine, "2026-01-02", 1000),  # before it was converted
		(mine, "2026-01-03", 100),
		(mine, "2026-06-01", 20),
		(mine, "2026-06-02", -10),
		(returning, "2026-02-01", 5),
		(returning, "2026-02-11", 7),
		(make_customer("Other").name, "2026-02-11", 999),
	):
		sell(customer, on, amount, doctype)
	sell(mine, "2026-02-11", 999, {"Sales Order": "Sales Invoice"}.get(doctype, "Sales Order"))

	found = rows("group", "revenue", "return", "lead_value", sales=doctype)
	assert found == [
		("2026-01", 115, 230, pytest.approx(115 / 3)),
		("2026-02", 7, None, 7),
		("2026-03", 0, None, None),
	]
	by_source = rows("group", "revenue", sales=doctype, group_by="Source", to_date="2026-02-28")
	assert dict(by_source) == {"Search": 5, "Fair": 7, None: 110}


def test_who_may_not_read_invoices_sees_no_revenue():
	customer = make_customer().name
	converted("2026-01-02", customer=customer)
	sell(customer, "2026-01-03", 100, "Sales Invoice")
	assert rows("revenue")[0] == (100,)
	frappe.set_user(make_user("sales@example.com"))
	shown = report(sales="Sales Invoice")
	assert [row["revenue"] for row in shown["result"]] == [None] * 3
	assert "Sales Invoice" in shown["message"]


def test_the_funnel_counts_whoever_came_further_in_each_stage_before():
	lead("2026-01-01")
	lifecycle.set_stage(lead("2026-01-02"), {"inbox_mql_on": "2026-01-03 10:00:00"})
	lifecycle.set_stage(lead("2026-01-02"), {"inbox_sql_on": "2026-01-03 10:00:00"})
	converted("2026-01-04")
	shown = report(FUNNEL, interval="Quarter")
	fields = ("leads", "mql", "mql_rate", "sql", "sql_rate", "converted", "customer_rate", "conversion_rate")
	assert [tuple(row[field] for field in fields) for row in shown["result"]] == [
		(4, 3, 75, 2, 66.7, 1, 50, 25)
	]
	assert shown["chart"]["data"]["datasets"][0]["values"] == [4, 3, 2, 1]
	assert {figure["label"]: figure["value"] for figure in shown["report_summary"]} == {
		"Leads": 4,
		"Lead to Marketing Qualified": "75%",
		"Marketing to Sales Qualified": "66.7%",
		"Sales Qualified to Customer": "50%",
	}


def test_converted_leads_lead_to_their_records():
	name = make_business_lead().name
	made = convert(name, quotation=False)
	today = frappe.utils.nowdate()
	shown = report(LIST, from_date=today, to_date=today)
	(row,) = shown["result"]
	assert (row["lead"], row["customer"], row["opportunity"]) == (name, made.customer, made.opportunity)
	assert (row["contact"], row["converted_by"]) == (made.contact, "Administrator")
	assert row["company_name"] == "Phan Plumbing" and row["time_to_convert"] >= 0
	links = {column["fieldname"]: column["options"] for column in shown["columns"] if column.get("options")}
	assert [links[part] for part in ("customer", "contact", "opportunity", "quotation")] == [
		*("Customer", "Contact", "Opportunity", "Quotation"),
	]
	assert sum(shown["chart"]["data"]["datasets"][0]["values"]) == 1


def opportunity(party: Any, status: str, on: str = "2026-01-15", **values: Any) -> str:
	name = make_opportunity(party, **values).name
	frappe.db.set_value("Opportunity", name, {"status": status, "transaction_date": on})
	return name


def test_opportunities_of_leads_beside_the_others():
	customer, origin = make_customer(), frappe.get_doc("Lead", lead("2026-01-01", channel="Google"))
	opportunity(origin, "Lost")
	for status in ("Converted", "Converted", "Open"):
		name = opportunity(customer, status)
		frappe.db.set_value("Opportunity", name, "inbox_lead", origin.name)
	for status in ("Converted", "Lost", "Closed", "Quotation"):
		opportunity(customer, status)
	opportunity(customer, "Converted", "2026-04-01")
	fields = [
		f"{side}_{what}" for side in ("lead", "other") for what in ("won", "lost", "undecided", "win_rate")
	]
	assert rows(*fields, name=WINS)[0] == (2, 1, 1, 66.7, 1, 2, 1, 33.3)
	assert rows(*fields, name=WINS)[1] == (0, 0, 0, None, 0, 0, 0, None)
	assert rows("group", "lead_won", "other_won", name=WINS, group_by="Channel") == [
		("Google", 2, 0),
		(None, 0, 1),
	]
	assert rows("lead_won", "other_won", name=WINS, channel="Google")[0] == (2, 0)
	chart = report(WINS)["chart"]["data"]
	assert chart["labels"] == ["2026-01"]
	assert {bar["name"]: bar["values"] for bar in chart["datasets"]} == {
		"From Leads": [66.7],
		"Others": [33.3],
	}


def test_the_chart_leaves_out_what_could_not_be_divided():
	converted("2026-01-02")
	lead("2026-03-02")
	chart = report()["chart"]
	assert (chart["type"], chart["data"]["labels"]) == ("line", ["2026-01", "2026-03"])
	assert chart["data"]["datasets"] == [{"name": "Conversion Rate", "values": [100, 0]}]


@pytest.mark.parametrize("name", [RATE, FUNNEL, LIST, WINS])
def test_nothing_is_shown_of_nothing(name: str):
	shown = report(name, from_date="2020-01-01", to_date="2020-01-31")
	assert (shown["result"], shown["chart"], shown["report_summary"] or []) == ([], None, [])


@pytest.mark.parametrize("name", [RATE, FUNNEL, LIST, WINS])
def test_dates_in_the_wrong_order_are_refused(name: str):
	with pytest.raises(frappe.ValidationError, match="first day"):
		report(name, from_date="2026-04-01")


def test_a_choice_that_there_is_not_is_refused():
	for wrong in ({"group_by": "Mood"}, {"interval": "Decade"}, {"count_by": "Luck"}, {"sales": "Lead"}):
		with pytest.raises(frappe.ValidationError, match="Choose one of"):
			report(**wrong)


def test_a_user_gets_the_figures_of_the_leads_they_may_see():
	user = make_user("south@example.com")
	for territory in ("South", "100% North"):
		frappe.get_doc(doctype="Territory", territory_name=territory).insert(ignore_if_duplicate=True)
	converted("2026-01-01", territory="100% North")
	converted("2026-01-01", territory="South")
	lead("2026-01-01", territory="South")
	for territory in ("100% North", "South"):
		opportunity(make_customer(territory), "Converted", territory=territory)
	filters = {"interval": "Quarter"}
	assert rows("leads", "converted", **filters) == [(3, 2)]
	frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="100% North").insert()
	frappe.set_user(user)
	assert "100% North" in lead_conditions()
	assert rows("leads", "converted", **filters) == [(1, 1)]
	assert rows("leads", "converted", name=FUNNEL, **filters) == [(1, 1)]
	assert len(report(LIST)["result"]) == 1
	assert rows("other_won", name=WINS, **filters) == [(1,)]


@pytest.mark.parametrize("name", [RATE, FUNNEL, LIST, WINS])
def test_who_has_no_right_to_leads_gets_no_figures(name: str):
	frappe.set_user(make_user("stranger@example.com", "Employee"))
	with pytest.raises(frappe.PermissionError):
		report(name)


def test_typed_visits_are_checked():
	with pytest.raises(frappe.ValidationError, match="first day"):
		visits("2026-02-01", "2026-01-01", visitors=1)
	with pytest.raises(frappe.ValidationError, match="visitors, sessions or a cost"):
		visits("2026-01-01", "2026-01-01")
	with pytest.raises(frappe.ValidationError, match="no Source named Moon"):
		visits("2026-01-01", "2026-01-01", visitors=1, source="Moon")
	with pytest.raises(frappe.ValidationError, match="no Campaign named"):
		visits("2026-01-01", "2026-01-01", visitors=1, campaign="Moon")
	assert (
		visits("2026-01-01", "2026-01-01", visitors=1, source="search", campaign="Spring").source == "Search"
	)
