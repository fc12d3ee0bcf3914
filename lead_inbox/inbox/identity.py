"""Who a lead is: the keys by which an arrival finds the lead it belongs to (IN-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import frappe
import phonenumbers

from lead_inbox.channels.phone import fold_email, to_e164
from lead_inbox.inbox.match_rules import MOST_CANDIDATES, match
from lead_inbox.inbox.rules import Candidate, Status

PHONE_KEY_FIELDS = {"inbox_phone_e164": "phone", "inbox_mobile_e164": "mobile_no"}
MAX_MERGES = 20  # in a row: more than any person's leads, fewer than a circle that somebody made by hand
MATCH_FIELDS = (
	"name",
	"email_id",
	"inbox_status",
	"inbox_reason",
	"inbox_merged_into",
	"inbox_last_interaction_on",
	"creation",
)


def region_of(country: str | None) -> str | None:
	"""Return the ISO code of a Country, by default of the site's, for numbers without a code."""
	country = country or frappe.db.get_single_value("System Settings", "country", cache=True)
	code = frappe.get_cached_value("Country", country, "code") if country else None
	return code.upper() if code else None


def phone_keys(doc: Mapping[str, Any]) -> dict[str, str | None]:
	"""Return the E.164 form of a Lead's numbers, None where one is missing or isn't a number."""
	numbers = {key: doc.get(source) for key, source in PHONE_KEY_FIELDS.items()}
	if not any(numbers.values()):
		return dict.fromkeys(numbers)
	region = region_of(doc.get("country"))
	return {key: to_e164(number, region) if number else None for key, number in numbers.items()}


def number_beginnings(digits: str) -> tuple[str, ...]:
	"""Return how an E.164 number may begin whose first digits a user types, at home or from abroad."""
	region = region_of(None)
	home = phonenumbers.country_code_for_region(region) if region else 0
	abroad = (f"+{digits.removeprefix('00')}",)
	return (*abroad, f"+{home}{digits.lstrip('0')}") if home else abroad


def match_lead(thread_key: str | None, phones: Iterable[str], emails: Iterable[str]) -> str | None:
	"""Return the lead that an arrival belongs to: by thread, else by phone, else by e-mail.

	thread_key: hash of the source's thread or lead id. phones: in E.164. Each step is one indexed
	query; the first that finds a lead decides. A lead that was merged away leads to its winner.
	"""
	found = match(_StoredLeads(), thread_key, list(phones), [fold_email(email) for email in emails])
	return found[0] if found else None


class _StoredLeads:
	"""The leads of the site, for match_rules.py."""

	def of_thread(self, thread_key: str) -> list[Candidate]:
		names = frappe.get_all(
			"Lead Message",
			filters={"thread_key": thread_key},
			pluck="lead",
			order_by="creation desc",
			limit=1,
		)
		return _candidates({"name": names[0]}) if names else []

	def of_phones(self, phones: Sequence[str]) -> Iterator[list[Candidate]]:
		for key in PHONE_KEY_FIELDS:
			yield _candidates({key: ["in", phones]})

	def of_emails(self, emails: Sequence[str]) -> list[Candidate]:
		"""The column's collation folds accents as well as case, so the answer is compared once more."""
		return _candidates({"email_id": ["in", emails]}, lambda row: fold_email(row.email_id or "") in emails)


def _candidates(filters: dict[str, Any], accepts: Any = None) -> list[Candidate]:
	rows = frappe.get_all(
		"Lead",
		filters=filters,
		fields=MATCH_FIELDS,
		order_by="creation desc",
		limit=MOST_CANDIDATES,
	)
	accepted = [row for row in rows if accepts is None or accepts(row)]
	return [
		Candidate(
			row.name,
			Status(row.inbox_status) if row.inbox_status else None,
			row.inbox_reason or "",
			row.inbox_last_interaction_on or row.creation,
		)
		for row in _with_winners(accepted)
	]


def _with_winners(rows: list[frappe._dict]) -> list[frappe._dict]:
	"""Put winners in the place of leads that were merged away; one whose winner is gone stays."""
	for _turn in range(MAX_MERGES):
		wanted = sorted({row.inbox_merged_into for row in rows if row.inbox_merged_into})
		if not wanted:
			break
		found = frappe.get_all(
			"Lead", filters={"name": ["in", wanted]}, fields=MATCH_FIELDS, order_by="name asc"
		)
		winners = {row.name: row for row in found}
		if not winners:
			break
		rows = list(
			{row.name: row for row in (winners.get(row.inbox_merged_into, row) for row in rows)}.values()
		)
	return rows


def hold(lead: str) -> str:
	"""Lock a lead until the transaction ends and return its name; the winner's if it was merged away.

	A merge that was committed a moment ago is seen, and none begins before the transaction ends.
	"""
	return winner_of(lead, for_update=True)


def winner_of(lead: str, for_update: bool = False) -> str:
	"""Return the lead as which a merged one goes on; the lead itself when it was not merged away.

	for_update: lock each lead on the way; without it, the answer may be a merge behind.
	"""
	for _turn in range(MAX_MERGES):
		winner = frappe.db.get_value("Lead", lead, "inbox_merged_into", for_update=for_update)
		if not winner or not frappe.db.exists("Lead", winner):
			break
		lead = winner
	return lead


def merged_into(lead: str) -> list[str]:
	"""Return the leads that have become a part of this one, directly or by a merge of a merge."""
	found: dict[str, None] = {}
	wanted = [lead]
	for _turn in range(MAX_MERGES):
		wanted = frappe.get_all(
			"Lead Merge",
			filters={"winner": ["in", wanted], "undone_on": ["is", "not set"]},
			pluck="loser",
			order_by="loser asc",
		)
		wanted = [name for name in wanted if name not in found and name != lead]
		if not wanted:
			break
		found |= dict.fromkeys(wanted)
	return list(found)
