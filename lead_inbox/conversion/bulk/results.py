"""What the form and the download show of a bulk conversion. Callers have checked the right to read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import frappe
from frappe import _

from lead_inbox.conversion.bulk import bulk_rules, companies, plans, run_state
from lead_inbox.conversion.bulk.bulk_rules import LeftOut, RunStatus
from lead_inbox.conversion.records import BULK, BULK_ROW, CONVERSION

CSV_PAGE = 500
# What a run shows while its rows are looked through, and what it shows as its result.
EDITED = (RunStatus.PREPARING, RunStatus.READY)
RECORDS = {
	"customer": ("Customer", "customer_name"),
	"contact": ("Contact", "full_name"),
	"opportunity": ("Opportunity", "title"),
	"quotation": ("Quotation", "title"),
}
LEAD_FIELDS = (
	*("name", "title", "lead_name", "company_name", "qualification_status"),
	*("inbox_assignee", "lead_owner"),
)
ROW_FIELDS = (
	*("name", "bulk_conversion", "position", "lead", "status", "company_key", "left_out_because", "same_as"),
	*("owner_user", "qualification", "customer_mode", "customer", "contact_mode", "contact"),
	*("opportunity_mode", "conversion", "error"),
)


def state(run: str) -> dict[str, Any]:
	"""Return how far a run is and what the user of the session may do with it."""
	fields = ["name", "status", "total", "started_on", "started_by", "finished_on", "problem"]
	found = frappe.db.get_value(BULK, run, fields, as_dict=True)
	may_write = frappe.has_permission(BULK, ptype="write", doc=run)
	return {
		**found,
		"counts": run_state.counts(run),
		"may_change": may_write,
		"may_start": may_write and frappe.has_permission(BULK, ptype="create"),
	}


def page(run: str, status: str | None, start: int, page_length: int) -> dict[str, Any]:
	"""Return a page of rows, those of one status if one is given, with all that is shown about the run.

	While the run is looked through, the rows of a company stand together where its first one is; a result is
	in the order of the selection.
	"""
	found = state(run)
	by = "group_position asc, position asc" if RunStatus(found["status"]) in EDITED else "position asc"
	filters = {"bulk_conversion": run, **({"status": status} if status else {})}
	rows = frappe.get_all(
		BULK_ROW, filters=filters, fields=list(ROW_FIELDS), order_by=by, limit_start=start, limit=page_length
	)
	counts = found["counts"]
	return {
		"state": found,
		"rows": _described(rows),
		"count": counts.get(status, 0) if status else sum(counts.values()),
		"companies": companies.of_page(run, [row.company_key for row in rows]),
		"plan": None if found["status"] == RunStatus.RUNNING.value else plans.of_run(run),
	}


def csv_lines(run: str) -> Iterator[bytes]:
	"""Give the result as a CSV file in UTF-8, page by page. It begins with a BOM, as Excel wants it."""
	columns = [
		"#",
		"Lead",
		"Name",
		"Company",
		"Status",
		"Customer",
		"Contact",
		"Opportunity",
		"Quotation",
		"Error",
	]
	yield b"\xef\xbb\xbf" + _csv([[_(column) for column in columns]])
	position = 0
	while rows := _rows_after(run, position):
		position = rows[-1].position
		yield _csv([_cells(row) for row in _described(rows)])


def _rows_after(run: str, position: int) -> list[frappe._dict]:
	return frappe.get_all(
		BULK_ROW,
		filters={"bulk_conversion": run, "position": [">", position]},
		fields=list(ROW_FIELDS),
		order_by="position asc",
		limit=CSV_PAGE,
	)


def _cells(row: Mapping[str, Any]) -> list[str]:
	made = [(row["made"].get(part) or {}).get("name", "") for part in RECORDS]
	about = row["about"] or {}
	named = [row["lead"], about.get("title"), about.get("company"), _(row["status"]), *made, row["words"]]
	return [str(row["position"]), *(bulk_rules.harmless(cell or "") for cell in named)]


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
	text = io.StringIO()
	csv.writer(text).writerows(lines)
	return text.getvalue().encode()


def _described(rows: Sequence[frappe._dict]) -> list[dict[str, Any]]:
	"""Add what the user of the session may read about the leads of rows and what became of them."""
	leads = _leads([row.lead for row in rows])
	made = _made([row.conversion for row in rows if row.conversion])
	owners = _full_names([*(row.owner_user for row in rows), *(lead["owner"] for lead in leads.values())])
	for lead in leads.values():
		lead["owner_name"] = owners.get(lead["owner"], "")
	wanted = {
		"customer_name": _titles("Customer", "customer_name", [row.customer for row in rows]),
		"contact_name": _titles("Contact", "full_name", [row.contact for row in rows]),
	}
	positions = _positions(rows)
	return [
		{
			**row,
			"about": leads.get(row.lead),
			"made": made.get(row.conversion, {}),
			"words": row.error or _why_left_out(row, positions),
			"may_be_taken_in": bulk_rules.may_be_taken_in(row.left_out_because),
			"owner_name": owners.get(row.owner_user, row.owner_user),
			"customer_name": wanted["customer_name"].get(row.customer, row.customer),
			"contact_name": wanted["contact_name"].get(row.contact, row.contact),
		}
		for row in rows
	]


def _leads(names: Sequence[str]) -> dict[str, dict[str, Any]]:
	rows = _readable("Lead", names, LEAD_FIELDS)
	return {
		row.name: {
			"title": row.lead_name or row.title or row.name,
			"company": row.company_name or "",
			"owner": row.inbox_assignee or row.lead_owner or "",
			"qualification": row.qualification_status or "",
		}
		for row in rows
	}


def _full_names(users: Sequence[str | None]) -> dict[str, str]:
	"""Whose names whoever uses the desk sees anyway."""
	filters = {"name": ["in", [*sorted({user for user in users if user}), ""]]}
	rows = frappe.get_all("User", filters=filters, fields=["name", "full_name"], order_by="name asc")
	return {row.name: row.full_name or row.name for row in rows}


def _made(conversions: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
	"""Return for each conversion the records that it made or used, with their titles."""
	rows = frappe.get_all(
		CONVERSION,
		filters={"name": ["in", [*conversions, ""]]},
		fields=["name", *RECORDS],
		order_by="name asc",
	)
	titles = {
		part: _titles(doctype, field, [row[part] for row in rows])
		for part, (doctype, field) in RECORDS.items()
	}
	return {
		row.name: {
			part: {"doctype": doctype, "name": row[part], "title": titles[part].get(row[part], row[part])}
			for part, (doctype, _field) in RECORDS.items()
			if row[part]
		}
		for row in rows
	}


def _titles(doctype: str, field: str, names: Sequence[str | None]) -> dict[str, str]:
	"""Of those only that the user may read: others are shown by their names."""
	return {row.name: row[field] or row.name for row in _readable(doctype, names, ["name", field])}


def _readable(doctype: str, names: Sequence[str | None], fields: Sequence[str]) -> list[frappe._dict]:
	wanted = sorted({name for name in names if name})
	if not wanted or not frappe.has_permission(doctype, ptype="read"):
		return []
	return frappe.get_list(
		doctype,
		filters={"name": ["in", wanted]},
		fields=list(fields),
		order_by="name asc",
		limit_page_length=0,
	)


def _positions(rows: Sequence[frappe._dict]) -> dict[str, int]:
	"""Return the positions of the rows that others are the same person as, by their leads."""
	doubles = [row for row in rows if row.same_as]
	if not doubles:
		return {}
	filters = {
		"bulk_conversion": doubles[0].bulk_conversion,
		"lead": ["in", [row.same_as for row in doubles]],
	}
	found = frappe.get_all(BULK_ROW, filters=filters, fields=["lead", "position"], order_by="position asc")
	return {row.lead: row.position for row in found}


def _why_left_out(row: Mapping[str, Any], positions: Mapping[str, int]) -> str:
	if not row["left_out_because"]:
		return ""
	sentence = {
		LeftOut.SAME_EMAIL: _("The same e-mail address as row {0}."),
		LeftOut.SAME_PHONE: _("The same phone number as row {0}."),
		LeftOut.CONVERTED: _("It was converted before."),
		LeftOut.MERGED: _("It was merged into another lead: convert that one."),
		LeftOut.UNKNOWN: _("It does not exist, or you have no right to read it."),
		LeftOut.BY_HAND: _("Left out by hand."),
	}[LeftOut(row["left_out_because"])]
	return sentence.format(positions.get(row["same_as"], "?"))
