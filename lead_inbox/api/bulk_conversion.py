"""Converting many leads, for the list and the form of Bulk Lead Conversion. Thin: check the right, call inward.

Who may create a Bulk Lead Conversion may convert in bulk (CO-9); what a row does is checked again, as the user
who started the run, when its turn comes.
"""

from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from lead_inbox.api import arguments
from lead_inbox.conversion.bulk import changes, results, runs, selection
from lead_inbox.conversion.records import BULK

LONGEST_PAGE = 500


@frappe.whitelist(methods=["POST"])
def prepare(leads: str | list) -> str:
	"""Make a bulk conversion of selected leads, to be looked through before it is started; return its name.

	leads: names, or JSON of them. What is wrong with one is said in its row.
	"""
	_may_convert_in_bulk()
	return selection.prepare(_names(leads))


@frappe.whitelist(methods=["GET"])
def get_rows(
	bulk_conversion: str, status: str | None = None, start: int = 0, page_length: int = 50
) -> dict[str, Any]:
	"""Return one page of rows with all that the form shows about the run.

	status: Pending, Converted, Failed or Left Out; without it, all.
	"""
	_may("read", bulk_conversion)
	return results.page(bulk_conversion, status or None, max(0, start), min(page_length, LONGEST_PAGE))


@frappe.whitelist(methods=["POST"])
def change_rows(
	bulk_conversion: str, values: str | dict, rows: str | list | None = None, status: str | None = None
) -> int:
	"""Change what is wanted of rows that are not converted; return how many there were.

	values: of owner_user, qualification, customer_mode with customer, contact_mode with contact,
	opportunity_mode, and status, which takes rows in (Pending) or leaves them out (Left Out).
	rows: names; without them, all rows of the run, or those of one status.
	"""
	_may("write", bulk_conversion)
	chosen = _names(rows) if rows else None
	return changes.change_rows(bulk_conversion, arguments.mapping(values), chosen, status or None)


@frappe.whitelist(methods=["POST"])
def set_company(bulk_conversion: str, company_key: str, mode: str, customer: str | None = None) -> int:
	"""Settle what becomes of all leads of one company: New, Shared or Existing. Returns how many there were."""
	_may("write", bulk_conversion)
	return changes.set_company(bulk_conversion, company_key, mode, customer or "")


@frappe.whitelist(methods=["POST"])
def start(bulk_conversion: str) -> None:
	"""Convert the rows that are pending, as the user of the session; also what a stopped run has left."""
	_may_convert_in_bulk()
	_may("write", bulk_conversion)
	runs.start(bulk_conversion)


@frappe.whitelist(methods=["POST"])
def retry(bulk_conversion: str) -> None:
	"""Convert the rows that failed once more, as the user of the session."""
	_may_convert_in_bulk()
	_may("write", bulk_conversion)
	runs.retry(bulk_conversion)


@frappe.whitelist(methods=["POST"])
def stop(bulk_conversion: str) -> None:
	"""End a run after the lead that is being converted; what is left can be started again."""
	_may("write", bulk_conversion)
	runs.stop(bulk_conversion)


@frappe.whitelist(methods=["GET"])
def get_csv(bulk_conversion: str) -> Response:
	"""Download the result, a line a lead in the order of the selection."""
	_may("read", bulk_conversion)
	disposition = f'attachment; filename="{frappe.scrub(bulk_conversion)}.csv"'
	return Response(
		results.csv_lines(bulk_conversion),
		content_type="text/csv; charset=utf-8",
		headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
	)


def _may_convert_in_bulk() -> None:
	frappe.has_permission(BULK, ptype="create", throw=True)


def _may(ptype: str, bulk_conversion: str) -> None:
	frappe.has_permission(BULK, ptype=ptype, doc=bulk_conversion, throw=True)


def _names(names: str | list) -> list[str]:
	none, too_many = _("Select at least one lead."), _("Select at most {0} leads.")
	return arguments.names(names, selection.MAX_LEADS, none=none, too_many=too_many)
