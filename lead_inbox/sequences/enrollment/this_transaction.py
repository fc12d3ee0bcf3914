"""What was made in the present transaction: nobody else can see it, and it must not be taken for older.

Times can't tell: clocks are set back, and a transaction may take longer than a reply.
"""

from __future__ import annotations

from collections.abc import Iterable

import frappe

MADE = "lead_inbox_made_in_transaction"


def note(doctype: str, names: Iterable[str]) -> None:
	"""Remember documents until the transaction ends."""
	made = getattr(frappe.local, MADE, None)
	if made is None:
		made = set()
		setattr(frappe.local, MADE, made)
	if not made:
		for moment in (frappe.db.after_commit, frappe.db.after_rollback):
			moment.add(made.clear)
	made.update((doctype, name) for name in names)


def has_made(doctype: str, name: str) -> bool:
	return (doctype, name) in (getattr(frappe.local, MADE, None) or ())
