"""Erasing the person of a lead from what has begun with it (IN-11)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe.utils.file_manager import remove_all

from lead_inbox.inbox.personal_fields import PERSONAL_FIELDS, REDACTED
from lead_inbox.reseller import customers
from lead_inbox.reseller.records import CHECK, CONSENT, DETAIL_CHECK, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import THERE
from lead_inbox.reseller.ties import tie_rules


def erased(lead: str) -> None:
	"""A listener of the inbox: the person of a lead has been erased.

	Whoever has an account is our customer by a contract of their own, and stays so, as their Customer does.
	"""
	there = [status.value for status in THERE]
	for name in frappe.get_all(
		RESELLER_CUSTOMER,
		filters={"lead": lead, "status": ["not in", there]},
		pluck="name",
		order_by="name asc",
	):
		_erase(name)


def _erase(name: str) -> None:
	doc = customers.hold(name)
	is_person = tie_rules.is_person(doc.organization_name or "", doc.first_name or "", doc.last_name or "")
	if is_person or not frappe.db.get_value("Lead", doc.lead, "company_name"):
		doc.organization_name = REDACTED
	doc.update(dict.fromkeys(PERSONAL_FIELDS[RESELLER_CUSTOMER]))
	_erase_rows(doc)
	doc.update({"transfer_token": None, "transfer_token_expires_on": None})
	customers.settle(doc)
	_delete_traces(name)


def _erase_rows(doc: Any) -> None:
	for row in doc.checks:
		if row.evidence:
			row.update(dict.fromkeys(PERSONAL_FIELDS[CHECK], REDACTED))
	for row in doc.consents:
		row.update(dict.fromkeys(PERSONAL_FIELDS[CONSENT], REDACTED))
		row.attachment = None
	for row in doc.detail_checks:
		row.update(dict.fromkeys(PERSONAL_FIELDS[DETAIL_CHECK]))


def _delete_traces(name: str) -> None:
	"""Its attachments, and what its history and comments say of the person."""
	remove_all(RESELLER_CUSTOMER, name, from_delete=True)
	frappe.db.delete("Comment", {"reference_doctype": RESELLER_CUSTOMER, "reference_name": name})
	frappe.db.delete("Version", {"ref_doctype": RESELLER_CUSTOMER, "docname": name})
