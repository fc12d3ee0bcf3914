"""The reports on conversion, their charts, and the workspace that leads to them (CO-10)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, now_datetime, nowdate
from playwright.sync_api import Page, expect

from lead_inbox.inbox import lifecycle
from lead_inbox.tests.browser.conftest import OpenPage
from lead_inbox.tests.browser.inbox_page import AS_SARA, NARROW, WIDE
from lead_inbox.tests.integration.builders import make_lead
from tools.live import ServedSite

Screenshot = Callable[[Page, str], Path]
TABLES = ("Customer", "Opportunity", "Lead Visits")
REPORTS = {
	"lead-conversion-rate": ("Lead Conversion Rate", "37.5%"),
	"lead-funnel": ("Lead Funnel", "62.5%"),
	"converted-leads": ("Converted Leads", "Acme"),
	"win-rate": ("Lead Opportunity Win Rate", "50%"),
}


@pytest.fixture(autouse=True)
def showcase(served_site: ServedSite) -> None:
	served_site.run(stage)


def stage() -> None:
	"""Eight leads of the last weeks, of which three became customers, and what they are compared with."""
	for table in TABLES:
		frappe.db.delete(table)
	customer = frappe.get_doc(doctype="Customer", customer_name="Acme").insert().name
	for number in range(8):
		lead = make_lead(first_name=f"Person {number}", inbox_price=20 + number, inbox_charged=1).name
		frappe.db.set_value("Lead", lead, "inbox_arrived_on", add_days(now_datetime(), -9 * number - 2))
		if number < 5:
			lifecycle.set_stage(lead, {"inbox_mql_on": now_datetime(), "inbox_stage": "MQL"})
		if number < 3:
			lifecycle.note_conversion(
				lead,
				{
					"inbox_converted_on": now_datetime(),
					"inbox_converted_by": "Administrator",
					"inbox_customer": customer,
				},
			)
	last_days = {"from_date": add_days(nowdate(), -19), "to_date": nowdate()}
	frappe.get_doc(doctype="Lead Visits", visitors=200, sessions=300, cost=100, **last_days).insert()
	for status in ("Converted", "Lost"):
		opportunity = frappe.get_doc(
			doctype="Opportunity", opportunity_from="Customer", party_name=customer
		).insert()
		opportunity.db_set({"status": status, "inbox_lead": lead if status == "Lost" else None})
	opportunity = frappe.get_doc(
		doctype="Opportunity", opportunity_from="Customer", party_name=customer
	).insert()
	opportunity.db_set({"status": "Converted", "inbox_lead": lead})


def path_of(report: str, **filters: Any) -> str:
	query = "&".join(f"{name}={value}" for name, value in filters.items())
	return f"/app/query-report/{report.replace(' ', '%20')}?{query}"


@pytest.mark.parametrize("slug", REPORTS)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_report_shows_its_chart_and_figures(
	slug: str, size: dict[str, Any], open_page: OpenPage, screenshot: Screenshot
) -> None:
	report, figure = REPORTS[slug]
	page = open_page(
		path_of(report, interval="Quarter" if slug == "win-rate" else "Month"), **AS_SARA, **size
	)
	expect(page.locator(".page-container:visible .report-wrapper .dt-row").first).to_be_visible()
	expect(page.locator(".page-container:visible .chart-wrapper .frappe-chart")).to_be_visible()
	expect(page.locator(".page-container:visible .page-body")).to_contain_text(figure)
	screenshot(page, f"report-{slug}-{'wide' if size is WIDE else 'narrow'}")


def test_what_cannot_be_divided_stays_empty_and_a_source_can_be_chosen(open_page: OpenPage) -> None:
	page = open_page(path_of("Lead Conversion Rate", group_by="Owner"), **AS_SARA, **WIDE)
	report = page.locator(".page-container:visible .report-wrapper")
	expect(report.locator(".dt-row").first).to_be_visible()
	cells = report.locator(".dt-row-0 .dt-cell")
	heads = [head.strip() for head in report.locator(".dt-row-header .dt-cell").all_inner_texts()]
	assert cells.nth(heads.index("Leads ÷ Visitors")).inner_text().strip() == ""
	assert cells.nth(heads.index("Conversion Rate")).inner_text().strip() == "37.5%"
	source = page.locator(".page-form:visible [data-fieldname=source] input")
	source.click()
	expect(
		page.locator(".page-form:visible [data-fieldname=source] li", has_text="Cold Calling")
	).to_be_visible()


def test_the_workspace_shows_the_charts(open_page: OpenPage, screenshot: Screenshot) -> None:
	page = open_page("/app/lead-hub", **AS_SARA, **WIDE)
	for name in ("Lead Conversion Rate", "Lead Funnel"):
		chart = page.locator(".dashboard-widget-box", has_text=name)
		expect(chart.locator(".frappe-chart")).to_be_visible()
	expect(page.locator(".link-item", has_text="Lead Opportunity Win Rate")).to_be_visible()
	screenshot(page, "workspace-with-charts")


def test_visits_are_typed_in_with_a_source_of_the_list(open_page: OpenPage, screenshot: Screenshot) -> None:
	page = open_page("/app/lead-visits/new", viewport={"width": 1280, "height": 800})
	source = page.locator("[data-fieldname=source] input:visible")
	source.click()
	page.locator("[data-fieldname=source] li", has_text="Cold Calling").click()
	expect(source).to_have_value("Cold Calling")
	screenshot(page, "lead-visits")
