"""What a user changes about the rows of a bulk conversion before it is started, or before it is retried."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika.terms import Criterion

from lead_inbox.conversion.bulk import bulk_rules, run_state
from lead_inbox.conversion.bulk.bulk_rules import (
	ContactMode,
	CustomerMode,
	LeftOut,
	OpportunityMode,
	RowStatus,
)
from lead_inbox.conversion.records import BULK_ROW

MODES = {"customer_mode": CustomerMode, "contact_mode": ContactMode, "opportunity_mode": OpportunityMode}
RECORDS = {
	"customer": ("Customer", "customer_mode", CustomerMode.EXISTING),
	"contact": ("Contact", "contact_mode", ContactMode.EXISTING),
}
FIELDS = frozenset(("owner_user", "qualification", "status", *MODES, *RECORDS))


def change_rows(
	run: str, values: Mapping[str, Any], rows: Collection[str] | None = None, status: str | None = None
) -> int:
	"""Change what is wanted of rows; return how many could be changed.

	values: as api/bulk_conversion.change_rows describes them. rows: names, None for all. status: only rows
	in it. Rows that are converted stay as they are, and so do those that can't be taken in when they are to
	be. The caller has checked the right to write the run. Raises frappe.ValidationError for what no row may
	have.
	"""
	run_state.hold_changeable(run)
	columns = _checked(dict(values))
	table = frappe.qb.DocType(BULK_ROW)
	conditions = []
	if rows is not None:
		conditions.append(table.name.isin(list(rows)))
	if status:
		conditions.append(table.status == status)
	if columns.get("customer_mode") == CustomerMode.SHARED.value:
		conditions.append(table.company_key != "")
	return _update(run, columns, *conditions)


def set_company(run: str, company_key: str, mode: str, customer: str) -> int:
	"""Settle which Customer the leads of one company get; return how many rows were changed.

	customer: the existing one, else empty. The caller has checked the right to write the run.
	"""
	run_state.hold_changeable(run)
	if not company_key:
		frappe.throw(_("Choose a company."))
	table = frappe.qb.DocType(BULK_ROW)
	columns = _checked({"customer_mode": mode, "customer": customer})
	return _update(run, columns, table.company_key == company_key)


def _update(run: str, columns: Mapping[str, Any], *conditions: Criterion) -> int:
	table = frappe.qb.DocType(BULK_ROW)
	condition = (table.bulk_conversion == run) & (table.status != RowStatus.CONVERTED.value)
	condition = Criterion.all([condition, *conditions])
	if columns.get("status") == RowStatus.PENDING.value:
		condition &= (table.status == RowStatus.LEFT_OUT.value) & _not_final(table)
	elif columns.get("status") == RowStatus.LEFT_OUT.value:
		condition &= table.status != RowStatus.LEFT_OUT.value
	query = frappe.qb.update(table).where(condition)
	stamps = {"modified": now_datetime(), "modified_by": frappe.session.user}
	for column, value in {**columns, **stamps}.items():
		query = query.set(table[column], value)
	query.run()
	return frappe.db._cursor.rowcount


def _not_final(table: Any) -> Criterion:
	return table.left_out_because.notin([reason.value for reason in bulk_rules.FINAL])


def _checked(values: dict[str, Any]) -> dict[str, Any]:
	"""Return the columns to write; raises frappe.ValidationError with words for the user."""
	if unknown := sorted(set(values) - FIELDS):
		frappe.throw(_("This can't be changed: {0}.").format(", ".join(unknown)))
	for field, modes in MODES.items():
		if field in values and values[field] not in [mode.value for mode in modes]:
			frappe.throw(_("Choose one of {0}.").format(", ".join(_(mode.value) for mode in modes)))
	for field, (doctype, mode_field, existing) in RECORDS.items():
		if field in values or mode_field in values:
			values |= _record(doctype, field, mode_field, existing.value, values)
	if values.get("owner_user"):
		_check_owner(values["owner_user"])
	if values.get("qualification"):
		_check_qualification(values["qualification"])
	return values | _status_columns(values)


def _record(
	doctype: str, field: str, mode_field: str, existing: str, values: Mapping[str, Any]
) -> dict[str, Any]:
	"""A row names a record exactly when it is to use an existing one."""
	name = values.get(field)
	mode = values.get(mode_field) or existing
	if mode != existing:
		return {mode_field: mode, field: None}
	if not name:
		frappe.throw(_("Choose an existing {0}.").format(_(doctype)))
	if not frappe.db.exists(doctype, name):
		frappe.throw(_("{0} {1} does not exist any more. Choose another one.").format(_(doctype), name))
	frappe.has_permission(doctype, ptype="read", doc=name, throw=True)
	return {mode_field: mode, field: name}


def _check_owner(user: str) -> None:
	known = frappe.db.get_value("User", user, ["enabled", "user_type"], as_dict=True)
	if not known or not known.enabled or known.user_type != "System User":
		frappe.throw(_("{0} can't own records: choose a user who is enabled and uses the desk.").format(user))


def _check_qualification(value: str) -> None:
	options = (frappe.get_meta("Lead").get_field("qualification_status").options or "").split("\n")
	if value not in options:
		frappe.throw(_("Choose one of {0}.").format(", ".join(_(option) for option in options if option)))


def _status_columns(values: Mapping[str, Any]) -> dict[str, Any]:
	if "status" not in values:
		return {}
	if values["status"] == RowStatus.PENDING.value:
		return {"left_out_because": "", "same_as": None, "error": None}
	if values["status"] == RowStatus.LEFT_OUT.value:
		return {"left_out_because": LeftOut.BY_HAND.value, "same_as": None, "error": None}
	frappe.throw(_("Choose one of {0}.").format(f"{_('Pending')}, {_('Left Out')}"))
