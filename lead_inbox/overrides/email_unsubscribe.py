"""Frappe's Email Unsubscribe, which the link in a mail makes."""

from __future__ import annotations

from typing import Any

from lead_inbox.inbox.contact import refusals


def after_insert(doc: Any, _method: str | None = None) -> None:
	refusals.unsubscribed(doc)


def on_trash(doc: Any, _method: str | None = None) -> None:
	refusals.subscribed_again(doc)
