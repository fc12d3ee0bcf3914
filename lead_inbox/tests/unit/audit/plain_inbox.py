"""The inbox as its requirements tell it, in lists and loops: what the audit's replay has to come to.

All leads are looked at for each event, and all are aged before each: slow, and easy to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lead_inbox.audit.settings import Settings
from lead_inbox.audit.told import Told
from lead_inbox.inbox import event_rules, rules
from lead_inbox.inbox.contact_keys import Contacts, contacts_of
from lead_inbox.inbox.response.working_time import business_seconds, elapsed_seconds
from lead_inbox.inbox.rules import Happening, Situation, Status


@dataclass
class PlainLead:
	number: int
	arrived_on: datetime
	phones: list[str | None] = field(default_factory=lambda: [None, None])
	email: str | None = None
	status: Status = Status.NEW
	reason: str = ""
	touched_on: datetime = datetime.min
	aging_from: datetime = datetime.min
	answered_on: datetime | None = None
	waiting: list[datetime] = field(default_factory=list)
	joined: int = 0


class PlainInbox:
	"""leads, and how long customers waited: (elapsed, business) seconds."""

	def __init__(self, settings: Settings) -> None:
		self.leads: list[PlainLead] = []
		self.first_responses: list[tuple[int, int]] = []
		self.replies: list[tuple[int, int]] = []
		self.joins: list[str] = []
		self._settings = settings
		self._threads: dict[tuple[str, str], PlainLead] = {}
		self._lead_of: dict[int, PlainLead] = {}

	def replay(self, events: Sequence[Told]) -> None:
		for _instant, _speaker, number, on in sorted(self._turns(events)):
			self._age(on)
			if number < len(events):
				self._take(number, events[number], on)
			else:
				self._end(number - len(events), events[number - len(events)], on)
		self._age(self._settings.as_of)

	def _turns(self, events: Sequence[Told]) -> Iterator[tuple[datetime, int, int, datetime]]:
		for number, told in enumerate(events):
			instant = told.event.occurred_on
			is_ours = event_rules.happening_of(told.event) not in rules.HEARD_FROM
			yield instant, int(is_ours), number, self._local(instant)
			if told.afterwards:
				end = told.touched_on or max(_moments_of_thread(told, events))
				end = max(end, instant)
				yield end, 2, len(events) + number, self._local(end)

	def _local(self, moment: datetime) -> datetime:
		return moment.astimezone(self._settings.zone).replace(tzinfo=None, fold=0)

	def _age(self, now: datetime) -> None:
		days = self._settings.days
		for lead in self.leads:
			if lead.status is Status.NEW and now - lead.aging_from >= timedelta(days=days.unanswered):
				lead.status, lead.reason = Status.INACTIVE, "Unanswered"
			elif lead.status is Status.ACTIVE and now - lead.aging_from >= timedelta(days=days.quiet):
				lead.status, lead.reason = Status.INACTIVE, "Quiet"

	def _take(self, number: int, told: Told, on: datetime) -> None:
		event, contacts = told.event, contacts_of(told.event.person, self._settings.country)
		by, lead = self._find(told, contacts)
		if event.source_status == "WIPED_OUT" and not told.afterwards:
			if lead:
				lead.phones, lead.email = [None, None], None
			return
		if not lead and event_rules.makes_no_lead(event):
			return
		is_new = lead is None
		if lead is None:
			lead = PlainLead(len(self.leads), on, touched_on=on, aging_from=on)
			self.leads.append(lead)
		else:
			self.joins.append(by)
			is_from_customer = event.direction == "In" and not (event.call and event.call.answered)
			lead.joined += by != "thread" and is_from_customer
		self._lead_of[number] = lead
		self._complete(lead, contacts)
		if is_new or not event.is_only_about_charge:
			self._hear(told, lead, on)
		if told.touched_on:
			until = self._local(told.touched_on)
			lead.touched_on, lead.aging_from = max(lead.touched_on, until), max(lead.aging_from, until)

	def _find(self, told: Told, contacts: Contacts) -> tuple[str, PlainLead | None]:
		if lead := self._threads.get(_thread(told)):
			return "thread", lead
		for place in (0, 1):
			if lead := _liveliest([lead for lead in self.leads if lead.phones[place] in contacts.phones]):
				return "phone", lead
		return "e-mail", _liveliest([lead for lead in self.leads if lead.email in contacts.emails])

	def _complete(self, lead: PlainLead, contacts: Contacts) -> None:
		for place, phone in enumerate(contacts.phones[:2]):
			lead.phones[place] = lead.phones[place] or phone
		free = [email for email in contacts.emails if all(other.email != email for other in self.leads)]
		lead.email = lead.email or next(iter(free), None)

	def _hear(self, told: Told, lead: PlainLead, on: datetime) -> None:
		if told.event.thread_id:
			self._threads[_thread(told)] = lead
		happening = event_rules.happening_of(told.event)
		if happening in rules.HEARD_FROM:
			lead.waiting.append(on)
		self._happen(lead, happening, on)
		if happening in rules.HUMAN_RESPONSES:
			if not lead.answered_on:
				lead.answered_on = on
				self.first_responses.append(self._waited(lead.arrived_on, on))
			self.replies += [
				self._waited(sent_on, on) for sent_on in lead.waiting if lead.answered_on < sent_on <= on
			]
			lead.waiting = [sent_on for sent_on in lead.waiting if sent_on > on]

	def _happen(self, lead: PlainLead, happening: Happening, on: datetime) -> bool:
		decision = rules.decide(Situation(lead.status, answered=bool(lead.answered_on)), happening)
		if decision.refused:
			return False
		if rules.restarts_clock(happening, lead.status):
			lead.aging_from = max(lead.aging_from, on)
		if happening in (*rules.FROM_CUSTOMER, *rules.HUMAN_RESPONSES, Happening.CALL_ATTEMPTED):
			lead.touched_on = max(lead.touched_on, on)
		if decision.status is not lead.status or decision.reason:
			lead.status, lead.reason = decision.status, decision.reason
		return True

	def _end(self, number: int, told: Told, on: datetime) -> None:
		lead = self._lead_of.get(number)
		if not lead:
			return
		until = on if told.touched_on else self._local(told.event.occurred_on)
		for happening in told.afterwards:
			if self._happen(lead, happening, on):
				if happening in rules.HUMAN_RESPONSES:
					lead.answered_on = lead.answered_on or on
				if happening in (*rules.ENDS_CALL_BACK, Happening.BOOKED):
					lead.waiting = [sent_on for sent_on in lead.waiting if sent_on > until]

	def _waited(self, since: datetime, on: datetime) -> tuple[int, int]:
		calendar = self._settings.calendar
		return elapsed_seconds(since, on, calendar.site_zone), business_seconds(since, on, calendar)


def _thread(told: Told) -> tuple[str, str] | None:
	return (told.source.value, told.event.thread_id) if told.event.thread_id else None


def _moments_of_thread(told: Told, events: Sequence[Told]) -> Iterator[datetime]:
	"""When all happened that the source tells in the same thread."""
	yield told.event.occurred_on
	if told.event.thread_id:
		yield from (other.event.occurred_on for other in events if _thread(other) == _thread(told))


def _liveliest(leads: Sequence[PlainLead]) -> PlainLead | None:
	return max(
		leads, key=lambda lead: (lead.status is not Status.CLOSED, lead.touched_on, lead.number), default=None
	)
