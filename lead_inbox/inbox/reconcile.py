"""What ERPNext writes on leads without telling anybody, brought in line within the hour (IN-5)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.query_builder.functions import Coalesce

from lead_inbox.inbox import lifecycle
from lead_inbox.inbox.rules import Happening, Reason, Status

BATCH = 500


def reconcile() -> None:
	"""Run by the scheduler. Each lead is a transaction of its own."""
	_restore_do_not_contact()
	_restore_converted()
	for status, reason, happening in (
		("Converted", Reason.CONVERTED, Happening.CONVERTED),
		("Do Not Contact", Reason.DO_NOT_CONTACT, Happening.CONTACT_REFUSED),
	):
		for lead in _not_closed_as(status, reason):
			lifecycle.apply(lead, happening)
			frappe.db.commit()


def _restore_do_not_contact() -> None:
	"""A person's change of status goes through Document.save and reopens the lead in the inbox. So a
	lead that the inbox still holds closed was changed by a job, and the person's word stands."""
	_set_status_back(Reason.DO_NOT_CONTACT, "Do Not Contact")


def _restore_converted() -> None:
	"""ERPNext's daily job opens converted leads that have an Event today, although their Customer exists."""
	_set_status_back(
		Reason.CONVERTED, "Converted", lambda lead: frappe.db.exists("Customer", {"lead_name": lead})
	)


def _set_status_back(reason: Reason, status: str, holds: Any = None) -> None:
	lead = frappe.qb.DocType("Lead")
	names = (
		frappe.qb.from_(lead)
		.select(lead.name)
		.where(
			(lead.inbox_status == Status.CLOSED.value)
			& (lead.inbox_reason == reason.value)
			& (lead.status != status)
		)
		.orderby(lead.name)
		.limit(BATCH)
	).run(pluck=True)
	for name in names:
		if holds is None or holds(name):
			frappe.db.set_value("Lead", name, "status", status, update_modified=False)
			frappe.db.commit()


def _not_closed_as(status: str, reason: Reason) -> list[str]:
	lead = frappe.qb.DocType("Lead")
	returned = (lead.inbox_status == Status.ACTIVE.value) & (lead.inbox_reason == Reason.RETURNED.value)
	closed = (lead.inbox_status == Status.CLOSED.value) & (lead.inbox_reason == reason.value)
	return (
		frappe.qb.from_(lead)
		.select(lead.name)
		.where((lead.status == status) & ((Coalesce(lead.inbox_status, "") == "") | ~(returned | closed)))
		.orderby(lead.name)
		.limit(BATCH)
	).run(pluck=True)
