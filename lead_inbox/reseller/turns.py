"""One Reseller Customer is written after the other, whoever writes."""

from __future__ import annotations

import frappe

from lead_inbox.reseller.records import RESELLER_CUSTOMER


def take_turn() -> None:
	"""Wait until no other transaction writes a Reseller Customer; none will until this one ends.

	As Frappe reads and saves a document with rows, it locks ranges of their tables, which reach into the rows of
	other customers: two who add rows to different customers would be each other's deadlock. Writing takes a
	moment, and nobody waits for a vendor in it. The row that all have in common is that of the DocType.
	"""
	frappe.db.get_value("DocType", RESELLER_CUSTOMER, "name", for_update=True)
