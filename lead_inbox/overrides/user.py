"""Frappe's User: what is kept under a user's name follows to the new one."""

from __future__ import annotations

from typing import Any

from lead_inbox.bookings.services import claims


def after_rename(_doc: Any, _method: str | None, old: str, new: str, _merge: bool = False) -> None:
	claims.rename_user(old, new)
