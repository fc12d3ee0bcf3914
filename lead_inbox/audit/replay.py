"""The past of all leads, event by event, as the inbox would have had it.

What inbox/intake.py and inbox/lifecycle.py do on a site, with the same rules: an event finds its lead or makes one,
its happening moves the lead's state and clock, an answer ends the waits. Leads are aged when they are touched next,
which comes to the same as the job that runs all the time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from lead_inbox.audit.appointments import Appointments
from lead_inbox.audit.known_leads import KnownLeads, Lead
from lead_inbox.audit.settings import Settings
from lead_inbox.audit.stored_events import StoredEvent, as_stored, local_moment
from lead_inbox.audit.wait_counts import WaitCounts
from lead_inbox.inbox import rules
from lead_inbox.inbox.clock_rules import clock_changes
from lead_inbox.inbox.match_rules import By
from lead_inbox.inbox.response.wait_rules import waited
from lead_inbox.inbox.rules import Decision, Happening, Situation, Status

TURNS_PER_NEWS = 20_000
# After these nobody waits for an answer to what was said before.
SETTLING = (*rules.ENDS_CALL_BACK, Happening.BOOKED)
# Columns of a lead that tell what became of it once.
OUTCOMES = {
	Happening.BOOKED: "booked",
	Happening.CONVERTED: "converted",
	Happening.DECLINED: "declined",
}


class Replay:
	"""What it counts on the way.

	joins: events that found a lead. set_aside: events that made none, by file. first_responses, replies: how long
	customers waited for the first answer, and for one to what they said after it.
	"""

	def __init__(self, work: sqlite3.Connection, settings: Settings, progress: Callable[[str], None]) -> None:
		self.joins: Counter[By] = Counter()
		self.set_aside: Counter[int] = Counter()
		self.first_responses = WaitCounts()
		self.replies = WaitCounts()
		self._work = work
		self._settings = settings
		self._progress = progress
		self._leads = KnownLeads(work)
		self._appointments = Appointments(work)
		self._rests = (
			(Happening.WENT_UNANSWERED, settings.days.unanswered),
			(Happening.WENT_QUIET, settings.days.quiet),
		)

	def run(self) -> None:
		"""Replay all events of the work file up to the audit's date. For one call."""
		self._put_in_order()
		(total,) = self._work.execute("select count(*) from turn").fetchone()
		for number, (instant, event, is_afterwards) in enumerate(self._turns()):
			if number % TURNS_PER_NEWS == 0:
				self._progress(f"Replaying events: {100 * number // total} %")
			if is_afterwards:
				self._end(event, local_moment(instant, self._settings))
			else:
				self._take(event)
		self._rest_all()

	def _put_in_order(self) -> None:
		"""An event has its turn when it happened, and what came afterwards when its lead was touched.

		Where the source does not say when that was, it is after all that the source tells of the lead. What customers
		say comes before what we say at the same time: many exports know the minute only. The rest of the order is any
		that does not depend on the order of the files.
		"""
		self._work.execute(
			"create index event_thread on event (thread_key, instant) where thread_key is not null"
		)
		self._work.execute(
			"""
			insert into turn (instant, event, is_afterwards)
			select instant, id, is_afterwards from (
				select instant, is_ours as speaker, row, place, key, id, 0 as is_afterwards from event
				union all
				select max(instant, coalesce(
					touched, (select max(said.instant) from event said where said.thread_key = event.thread_key), instant
				)), 2, row, place, key, id, 1 from event where afterwards != ''
			) order by instant, speaker, row, place, key
			"""
		)

	def _turns(self) -> Iterator[tuple[int, StoredEvent, int]]:
		rows = self._work.execute(
			"""
			select turn.instant, turn.is_afterwards, event.*
			from turn cross join event on event.id = turn.event order by turn.id
			"""
		)
		for instant, is_afterwards, *event in rows:
			yield instant, StoredEvent._make(event), is_afterwards

	def _take(self, event: StoredEvent) -> None:
		found = self._leads.find(event)
		if event.is_wipe or (event.is_no_lead and not found):
			self._take_without_message(event, found[0] if found else None)
			return
		on = datetime.fromisoformat(event.happened_on)
		lead = self._join(event, on, *found) if found else self._leads.create(event)
		if not (found and event.is_silent):
			self._hear(event, lead, on)
		happening = self._appointments.told(event, lead["id"])
		if happening:
			self._happen(lead, happening, on)
		self._touch(event, lead)
		self._leads.write(lead)

	def _take_without_message(self, event: StoredEvent, number: int | None) -> None:
		if number is None:
			self.set_aside[event.file] += 1
			return
		lead = self._leads.read(number)
		self._leads.erase(lead)
		self._leads.write(lead)

	def _join(self, event: StoredEvent, on: datetime, number: int, by: By) -> Lead:
		"""An event of the customer that only its number or address joins would have been a lead of its own."""
		lead = self._leads.read(number)
		self._age(lead, on)
		self._leads.complete(lead, event.contacts)
		self.joins[by] += 1
		if by is not By.THREAD and Happening(event.happening) in rules.HEARD_FROM:
			lead["joined"] += 1
			self._work.execute("insert into part values (?, ?, ?)", (number, event.id, by.value))
		return lead

	def _hear(self, event: StoredEvent, lead: Lead, on: datetime) -> None:
		self._leads.note_thread(event, lead)
		if event.is_waiting:
			self._work.execute(
				"insert into waiting values (?, ?, ?)", (lead["id"], event.happened_on, event.id)
			)
		happening = Happening(event.happening)
		self._happen(lead, happening, on)
		if happening in rules.HUMAN_RESPONSES:
			self._answer(lead, on)

	def _touch(self, event: StoredEvent, lead: Lead) -> None:
		"""Until it was touched last a lead did not age, whatever was done with it."""
		if event.afterwards:
			self._work.execute("insert into lead_of values (?, ?)", (event.id, lead["id"]))
		if event.touched is not None:
			touched_on = local_moment(event.touched, self._settings)
			for column in ("inbox_last_interaction_on", "inbox_aging_from"):
				lead[column] = max(lead[column], touched_on)

	def _end(self, event: StoredEvent, on: datetime) -> None:
		"""Let what happened afterwards happen. Nobody knows when, so it is no answer that is measured."""
		found = self._work.execute("select lead from lead_of where event = ?", (event.id,)).fetchone()
		if not found:
			return
		lead = self._leads.read(found[0])
		self._age(lead, on)
		for happening in event.happenings_afterwards:
			is_done = self._happen(lead, happening, on)
			if is_done and happening in rules.HUMAN_RESPONSES:
				lead["inbox_first_response_on"] = lead["inbox_first_response_on"] or on
			if is_done and happening in SETTLING:
				self._end_waiting(lead, event.happened_on if event.touched is None else as_stored(on))
		self._leads.write(lead)

	def _happen(self, lead: Lead, happening: Happening, on: datetime) -> bool:
		"""Let something happen to a lead; return whether it did, or is not possible in the lead's state."""
		answered = bool(lead["inbox_first_response_on"])
		decision = rules.decide(Situation(Status(lead["inbox_status"]), answered=answered), happening)
		if decision.refused:
			return False
		lead.update(clock_changes(lead, happening, on))
		_move(lead, decision)
		if happening in OUTCOMES:
			lead[OUTCOMES[happening]] = 1
		return True

	def _answer(self, lead: Lead, on: datetime) -> None:
		"""Measure how long the customer waited for what a person said or took."""
		calendar = self._settings.calendar
		if not lead["inbox_first_response_on"]:
			self.first_responses.add(*waited(lead["inbox_arrived_on"], on, calendar))
			lead["inbox_first_response_on"] = on
		for sent_on in self._end_waiting(lead, as_stored(on)):
			if sent_on > lead["inbox_first_response_on"]:
				self.replies.add(*waited(sent_on, on, calendar))

	def _end_waiting(self, lead: Lead, until: str) -> list[datetime]:
		"""Return when those messages were sent up to a moment that wait no more."""
		which = (lead["id"], until)
		rows = self._work.execute(
			"select sent_on from waiting where lead = ? and sent_on <= ?", which
		).fetchall()
		if rows:
			self._work.execute("delete from waiting where lead = ? and sent_on <= ?", which)
		return [datetime.fromisoformat(sent_on) for (sent_on,) in rows]

	def _age(self, lead: Lead, now: datetime) -> None:
		for happening, days in self._rests:
			ages_from, _reason = rules.AGING[happening]
			if lead["inbox_status"] == ages_from and lead["inbox_aging_from"] <= rules.cutoff(now, days):
				_move(lead, rules.decide(Situation(ages_from), happening))
				return

	def _rest_all(self) -> None:
		"""Age the leads that nobody touches any more, in two statements."""
		for happening, days in self._rests:
			ages_from, _reason = rules.AGING[happening]
			rests = rules.decide(Situation(ages_from), happening)
			cutoff = as_stored(rules.cutoff(self._settings.as_of, days))
			self._work.execute(
				"""
				update lead set inbox_status = ?, inbox_reason = ?
				where inbox_status = ? and inbox_aging_from <= ?
				""",
				(rests.status, rests.reason, ages_from, cutoff),
			)


def _move(lead: Lead, decision: Decision) -> None:
	"""Give a lead the state that was decided."""
	if rules.is_move(decision, lead["inbox_status"], lead["inbox_reason"]):
		lead.update(inbox_status=decision.status, inbox_reason=decision.reason)
