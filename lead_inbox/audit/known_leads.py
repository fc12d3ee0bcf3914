"""The leads of an audit: how an event finds its lead, and what a lead has. In the work file.

They take numbers and addresses as inbox/leads.py and ERPNext do: two numbers, one address, which no other lead has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lead_inbox.audit.stored_events import StoredEvent, as_stored
from lead_inbox.inbox.contact_keys import Contacts
from lead_inbox.inbox.match_rules import MOST_CANDIDATES, By, match
from lead_inbox.inbox.personal_fields import REDACTED
from lead_inbox.inbox.rules import Candidate, Happening, Situation, Status, decide

_MOMENTS = (
	"inbox_arrived_on",
	"inbox_last_interaction_on",
	"inbox_aging_from",
	"inbox_first_response_on",
)
# What the app knows of a lead and no export tells.
_UNKNOWN: Mapping[str, None] = dict.fromkeys(
	("inbox_snoozed_until", "inbox_last_inbound_on", "inbox_call_back_on")
)
_CHANGING = (
	*("inbox_status", "inbox_reason", "inbox_last_interaction_on", "inbox_aging_from"),
	*("inbox_first_response_on", "phone", "mobile_no", "email_id", "label"),
	*("booked", "converted", "declined", "joined"),
)
_UPDATE = f"update lead set {', '.join(f'{column} = :{column}' for column in _CHANGING)} where id = :id"
# A row of the table `lead` by its columns, moments as such.
Lead = dict[str, Any]


class KnownLeads:
	"""Also the Leads of match_rules.py."""

	def __init__(self, work: sqlite3.Connection) -> None:
		self._work = work
		self._leads = work.cursor()
		self._leads.row_factory = sqlite3.Row

	def find(self, event: StoredEvent) -> tuple[int, By] | None:
		"""Return the lead that an event belongs to, and by what it was found."""
		contacts = event.contacts
		found = match(self, event.thread_key, contacts.phones, contacts.emails)
		return (int(found[0]), found[1]) if found else None

	def of_thread(self, thread_key: str) -> Sequence[Candidate]:
		found = self._work.execute("select lead from thread where key = ?", (thread_key,)).fetchone()
		return self._candidates("id = ?", found) if found else ()

	def of_phones(self, phones: Sequence[str]) -> Iterator[Sequence[Candidate]]:
		for column in ("phone", "mobile_no"):
			yield self._candidates(_is_one_of(column, phones), phones)

	def of_emails(self, emails: Sequence[str]) -> Sequence[Candidate]:
		return self._candidates(_is_one_of("email_id", emails), emails)

	def _candidates(self, condition: str, values: Sequence[object]) -> Sequence[Candidate]:
		rows = self._work.execute(
			f"""select id, inbox_status, inbox_reason, inbox_last_interaction_on from lead
			where {condition} order by id desc limit {MOST_CANDIDATES}""",
			values,
		)
		return [
			Candidate(f"{number:012}", Status(status), reason, datetime.fromisoformat(interaction))
			for number, status, reason, interaction in rows
		]

	def create(self, event: StoredEvent) -> Lead:
		"""Insert the lead of a first arrival and return it."""
		decision = decide(Situation(None), Happening.ARRIVED)
		phone, mobile = event.contacts.phone_and_mobile
		values = {
			"inbox_status": decision.status,
			"inbox_reason": decision.reason,
			**dict.fromkeys(
				("inbox_arrived_on", "inbox_last_interaction_on", "inbox_aging_from"), event.happened_on
			),
			"phone": phone,
			"mobile_no": mobile,
			"email_id": self._free_email(event.contacts),
			"label": event.label,
			"source": event.source,
			"first_event": event.id,
		}
		columns = ", ".join(values)
		added = self._work.execute(
			f"insert into lead ({columns}) values ({', '.join('?' * len(values))})", tuple(values.values())
		)
		return self.read(added.lastrowid or 0)

	def read(self, number: int) -> Lead:
		row = self._leads.execute("select * from lead where id = ?", (number,)).fetchone()
		lead = {**dict(row), **_UNKNOWN}
		for column in _MOMENTS:
			if lead[column]:
				lead[column] = datetime.fromisoformat(lead[column])
		return lead

	def write(self, lead: Lead) -> None:
		moments = {column: as_stored(lead[column]) for column in _MOMENTS if lead[column]}
		self._work.execute(_UPDATE, {**lead, **moments})

	def complete(self, lead: Lead, contacts: Contacts) -> None:
		"""Fill what a lead lacks from a later event; nothing is overwritten."""
		phone, mobile = contacts.phone_and_mobile
		lead["phone"] = lead["phone"] or phone
		lead["mobile_no"] = lead["mobile_no"] or mobile
		lead["email_id"] = lead["email_id"] or self._free_email(contacts)

	def erase(self, lead: Lead) -> None:
		"""Forget the person of a lead that its source has wiped."""
		lead.update(phone=None, mobile_no=None, email_id=None, label=REDACTED)

	def note_thread(self, event: StoredEvent, lead: Lead) -> None:
		"""Let later events of a thread find its lead."""
		if event.thread_key:
			self._work.execute(
				"insert into thread values (?, ?) on conflict (key) do update set lead = excluded.lead",
				(event.thread_key, lead["id"]),
			)

	def _free_email(self, contacts: Contacts) -> str | None:
		return next((email for email in contacts.emails if not self._is_taken(email)), None)

	def _is_taken(self, email: str) -> bool:
		return bool(self._work.execute("select 1 from lead where email_id = ?", (email,)).fetchone())


def _is_one_of(column: str, values: Sequence[object]) -> str:
	return f"{column} in ({', '.join('?' * len(values))})"
