"""ERPNext's Customer: one that was made of a lead converts the lead, whoever made it.

ERPNext itself marks that lead as Converted by db.set_value, which tells no hook.
"""

from __future__ import annotations

from typing import Any

import frappe

from lead_inbox.conversion.making import converting
from lead_inbox.conversion.mapping import mapping
from lead_inbox.conversion.matching import company_keys
from lead_inbox.conversion.undoing import undo
from lead_inbox.reseller.ties import following as reseller_ties


def validate(doc: Any, _method: str | None = None) -> None:
	"""Keep ERPNext from linking all Contacts of the lead and copying its history while it inserts.

	The conversion links what was chosen, and copies nothing. Runs after ERPNext's own validate, which sets
	the flag.
	"""
	if doc.flags.lead_inbox_conversion:
		doc.flags.is_new_doc = False
	company_keys.keep(doc)


def after_rename(doc: Any, _method: str | None, old: str, new: str, *_merge: Any) -> None:
	company_keys.keep_after_rename(doc)
	reseller_ties.customer_renamed(old, new)


def after_mapping(doc: Any, _method: str | None = None, source: Any = None) -> None:
	"""Runs when ERPNext makes one of another document, before anybody has saved it."""
	mapping.follow_mapper(source, doc)


def on_update(doc: Any, _method: str | None = None) -> None:
	"""Runs after each save, an insert too."""
	if not doc.lead_name or doc.flags.lead_inbox_conversion:
		return
	converted = frappe.db.get_value("Lead", doc.lead_name, "inbox_converted")
	if converted == 0:
		converting.adopt_customer(doc)


def on_trash(doc: Any, _method: str | None = None) -> None:
	undo.customer_deleted(doc.name)
	reseller_ties.customer_deleted(doc.name)
