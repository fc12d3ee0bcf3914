"""What users have read of two leads that become one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import get_datetime, now_datetime

from lead_inbox.inbox.merging import merge_rules
from lead_inbox.inbox.merging.merge_rules import Seen
from lead_inbox.inbox.rules import Status

COLUMNS = ("name", "creation", "modified", "owner", "modified_by", "lead", "user", "read_on")


def join(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> dict[str, list[str | None]]:
	"""Move the winner's markers to where the two conversations are read as one.

	winner, loser: name and state fields of before the merge. Returns, by user, when the winner was read
	before and after; markers that stay are missing.
	"""
	on_winner, on_loser = _markers(winner["name"]), _markers(loser["name"])
	changed = {}
	for user in {**on_winner, **on_loser}:
		before = on_winner.get(user)
		after = merge_rules.joined_marker(
			Seen(_heard_on(winner), before), Seen(_heard_on(loser), on_loser.get(user))
		)
		if after != before:
			changed[user] = [before and str(before), after and str(after)]
	_write(winner["name"], {user: after for user, (_before, after) in changed.items()})
	return changed


def part(winner: str, changed: Mapping[str, list[str | None]]) -> None:
	"""Give back the winner's markers, but for users who have read it since, or marked it unread."""
	present = {user: str(read_on) for user, read_on in _markers(winner).items()}
	_write(winner, {user: before for user, (before, after) in changed.items() if present.get(user) == after})


def _heard_on(lead: Mapping[str, Any]) -> datetime | None:
	"""When there was last something to read, as the list shows it."""
	arrived_on = lead["inbox_arrived_on"] if lead["inbox_status"] == Status.NEW.value else None
	return lead["inbox_last_inbound_on"] or arrived_on


def _markers(lead: str) -> dict[str, datetime]:
	rows = frappe.get_all(
		"Lead Read Marker", filters={"lead": lead}, fields=["user", "read_on"], order_by="user asc"
	)
	return {row.user: row.read_on for row in rows}


def _write(lead: str, read_on: Mapping[str, str | None]) -> None:
	"""Set when users have read a lead; None for never."""
	if not read_on:
		return
	frappe.db.delete("Lead Read Marker", {"lead": lead, "user": ["in", list(read_on)]})
	now = now_datetime()
	rows = [
		(frappe.generate_hash(length=10), now, now, user, user, lead, user, get_datetime(moment))
		for user, moment in read_on.items()
		if moment
	]
	if rows:
		frappe.db.bulk_insert("Lead Read Marker", COLUMNS, rows)
