"""A row that ERPNext's Update Items adds to a submitted Quotation or Sales Order.

Only such rows are inserted as documents of their own; the others are checked with their document.
"""

from __future__ import annotations

from typing import Any

from lead_inbox.reseller.orders import ordering


def before_insert(doc: Any, _method: str | None = None) -> None:
	ordering.note_added(doc.parenttype, doc.parent, doc.item_code)
