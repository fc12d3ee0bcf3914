"""The times of a lead that something which happens to it moves (IN-4, IN-6). Pure.

Moments are naive and of one zone, the site's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lead_inbox.inbox import rules
from lead_inbox.inbox.rules import Happening, Status


def clock_changes(lead: Mapping[str, Any], happening: Happening, on: datetime) -> dict[str, Any]:
	"""Return the state fields of Lead that change. They only move forward, whatever order news comes in.

	lead: its state fields before.
	"""
	changes: dict[str, Any] = {}
	status = Status(lead["inbox_status"]) if lead["inbox_status"] else None
	if happening in (*rules.FROM_CUSTOMER, *rules.HUMAN_RESPONSES, Happening.CALL_ATTEMPTED):
		changes["inbox_last_interaction_on"] = max(lead["inbox_last_interaction_on"] or on, on)
	if rules.restarts_clock(happening, status):
		start = rules.clock_start(on, lead["inbox_snoozed_until"], happening)
		changes["inbox_aging_from"] = max(lead["inbox_aging_from"] or start, start)
	if happening in rules.FROM_CUSTOMER:
		changes["inbox_last_inbound_on"] = max(lead["inbox_last_inbound_on"] or on, on)
		if lead["inbox_snoozed_until"]:
			changes |= {"inbox_snoozed_until": None, "inbox_aging_from": on}
	call_back_on = rules.call_back_since(lead["inbox_call_back_on"], happening, on)
	if call_back_on != lead["inbox_call_back_on"]:
		changes["inbox_call_back_on"] = call_back_on
	return changes
