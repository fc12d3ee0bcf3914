"""What the workspace's number cards show. For users of the desk who may read Lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe
from frappe.utils import now_datetime

from lead_inbox.inbox.response import response_rates

NOTHING = "–"
COUNT_LIMIT = 1000
REPORT = ["query-report", "Lead Response Time"]


@frappe.whitelist(methods=["GET", "POST"])
def first_response(filters: str | dict | list | None = None) -> dict[str, Any] | str:
	"""Return the median of the team's first response over the last 90 days, in seconds.

	filters: what every card sends; these have none.
	"""
	frappe.has_permission("Lead", ptype="read", throw=True)
	summary = response_rates.summary()
	if not summary or summary["median_seconds"] is None:
		return NOTHING
	return {"value": summary["median_seconds"], "fieldtype": "Duration", "route": REPORT}


@frappe.whitelist(methods=["GET", "POST"])
def response_rate(filters: str | dict | list | None = None) -> dict[str, Any] | str:
	"""Return the share of leads of the last 90 days that the team answered, in percent."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	summary = response_rates.summary()
	if not summary:
		return NOTHING
	return {
		"value": round(100 * summary["rate"], 1),
		"fieldtype": "Percent",
		"precision": 1,
		"route": REPORT,
	}


@frappe.whitelist(methods=["GET", "POST"])
def to_call_back(filters: str | dict | list | None = None) -> dict[str, Any]:
	"""Return how many of the leads that the user may see wait to be called back, at most COUNT_LIMIT."""
	frappe.has_permission("Lead", ptype="read", throw=True)
	waiting = frappe.get_list(
		"Lead",
		# between, not "is set": Frappe wraps that column in ifnull, and the index could not be used
		filters={"inbox_call_back_on": ["between", [datetime(1900, 1, 1), now_datetime()]]},
		pluck="name",
		order_by="inbox_call_back_on asc",
		limit=COUNT_LIMIT,
	)
	return {
		"value": len(waiting),
		"fieldtype": "Int",
		"route": ["List", "Lead"],
		"route_options": {"inbox_call_back_on": ["is", "set"]},
	}
