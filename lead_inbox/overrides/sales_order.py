"""ERPNext's Sales Order of a reseller's customer: only what it may buy, and the record knows of it."""

from __future__ import annotations

from typing import Any

from lead_inbox.reseller.orders import ordering


def validate(doc: Any, _method: str | None = None) -> None:
	ordering.check(doc)


def on_submit(doc: Any, _method: str | None = None) -> None:
	ordering.note_submitted(doc)


def on_cancel(doc: Any, _method: str | None = None) -> None:
	ordering.note_cancelled(doc)
