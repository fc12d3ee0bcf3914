"""One row of a bulk conversion: its lead is converted and its result written in one transaction.

So a worker that dies has either done both or nothing, and whatever happens to one lead leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime, strip_html

from lead_inbox.conversion.bulk import bulk_rules
from lead_inbox.conversion.bulk.bulk_rules import CustomerMode, RowStatus
from lead_inbox.conversion.making import converting
from lead_inbox.conversion.making.converting import Converted
from lead_inbox.conversion.records import BULK_ROW
from lead_inbox.conversion.rules import Origin

ATTEMPTS = 5
ROW_FIELDS = (
	*("name", "lead", "bulk_conversion", "company_key", "owner_user", "qualification"),
	*("customer_mode", "customer", "contact_mode", "contact", "opportunity_mode"),
)
# What another transaction was at in the same moment; tried again, it is seen and used.
PASSING = (frappe.QueryDeadlockError, frappe.QueryTimeoutError, frappe.DuplicateEntryError)
# Errors whose words are meant for users. All others are for the Error Log.
FOR_USERS = (frappe.ValidationError, frappe.PermissionError, frappe.NameError)


def convert_next(run: str) -> bool:
	"""Convert the next pending row of a run as the user of the session; return False when none is left.

	Commits, whatever comes of it. What fails is undone, and its row says why.
	"""
	for attempt in range(1, ATTEMPTS + 1):
		frappe.db.commit()  # what others committed meanwhile must be seen
		row = _hold_next(run)
		if not row:
			return False
		try:
			_convert(row)
			break
		except PASSING as error:
			words = _words_of(error)
			frappe.db.rollback()
			if attempt == ATTEMPTS:
				_fail(row, words or _("Others are changing the same records. Retry it in a while."))
		except Exception as error:  # whatever it is, it is this lead's alone
			words = _words_of(error)
			frappe.db.rollback()
			_fail(row, words or _log_unexpected(row, error))
			break
	frappe.db.commit()
	frappe.clear_messages()
	return True


def _hold_next(run: str) -> frappe._dict | None:
	"""Rows that another worker has in hand are passed over."""
	table = frappe.qb.DocType(BULK_ROW)
	query = (
		frappe.qb.from_(table)
		.select(*(table[field] for field in ROW_FIELDS))
		.where((table.bulk_conversion == run) & (table.status == RowStatus.PENDING.value))
		.orderby(table.position)
		.limit(1)
		.for_update(skip_locked=True)
	)
	rows = query.run(as_dict=True)
	return rows[0] if rows else None


def _convert(row: frappe._dict) -> None:
	frappe.has_permission("Lead", ptype="read", doc=row.lead, throw=True)
	choice = bulk_rules.choice_of(row, _shared_customer(row))
	converted = converting.convert(row.lead, choice, origin=Origin.BULK, bulk_conversion=row.bulk_conversion)
	_write(row, _result(row, converted))


def _shared_customer(row: Mapping[str, Any]) -> str:
	"""The Customer that one of the company's rows has made for all of them. One worker is on a run at a time."""
	if row["customer_mode"] != CustomerMode.SHARED.value:
		return ""
	rows, customer = frappe.qb.DocType(BULK_ROW), frappe.qb.DocType("Customer")
	found = (
		frappe.qb.from_(rows)
		.join(customer)
		.on(customer.name == rows.customer)
		.select(customer.name)
		.where(rows.bulk_conversion == row["bulk_conversion"])
		.where(rows.company_key == row["company_key"])
		.where(rows.customer_mode == CustomerMode.SHARED.value)
		.orderby(rows.position)
		.limit(1)
	).run(pluck=True)
	return found[0] if found else ""


def _result(row: Mapping[str, Any], converted: Converted) -> dict[str, Any]:
	is_shared = row["customer_mode"] == CustomerMode.SHARED.value
	return {
		"status": RowStatus.CONVERTED.value,
		"conversion": converted.conversion,
		"customer": converted.customer if is_shared else row["customer"],
		"error": None,
	}


def _fail(row: Mapping[str, Any], words: str) -> None:
	_write(row, {"status": RowStatus.FAILED.value, "error": words})


def _write(row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
	frappe.db.set_value(BULK_ROW, row["name"], {**values, "modified": now_datetime()}, update_modified=False)


def _words_of(error: Exception) -> str:
	"""Return the words of an error that is meant for users, else nothing."""
	if not isinstance(error, FOR_USERS):
		return ""
	if isinstance(error, frappe.MandatoryError):  # its own text is for programs
		said = [str(message.get("message") or "") for message in frappe.get_message_log()]
	else:
		said = [str(error) or frappe.flags.error_message or ""]
	words = " ".join(dict.fromkeys(filter(None, (strip_html(sentence).strip() for sentence in said))))
	if not words and isinstance(error, frappe.PermissionError):
		return _("You have no right to do this. Ask your administrator for it.")
	return words


def _log_unexpected(row: Mapping[str, Any], error: Exception) -> str:
	log = frappe.log_error(
		_("A lead could not be converted"), reference_doctype="Lead", reference_name=row["lead"]
	)
	said = strip_html(str(error)) or type(error).__name__
	return _("An unexpected error: {0} (see Error Log {1}).").format(said[:300], log.name)
