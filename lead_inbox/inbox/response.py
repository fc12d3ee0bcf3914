"""How long a customer waited for us: written when a person answers, in elapsed and in business seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe


def first_response(row: frappe._dict, on: datetime, user: str) -> dict[str, Any]:
	"""Return the fields of Lead that the first response of a person sets; empty after the first.

	row: the lead's state fields. on: when it was answered, site time. user: who answered.
	"""
	if row.inbox_first_response_on:
		return {}
	return {"inbox_first_response_on": on, "inbox_first_response_by": user}


def answer_messages(lead: str, channel: str | None, on: datetime) -> None:
	"""Note on each inbound message that still waits that a person answered it."""
