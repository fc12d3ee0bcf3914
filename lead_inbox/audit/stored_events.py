"""What an audit keeps of each event: what decides about its lead, and nothing of what was written.

An event that two files tell is kept once. Which of the two does not depend on the order of the files: the one that
tells most.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from lead_inbox.audit.settings import Settings
from lead_inbox.audit.told import Told
from lead_inbox.channels.event import BookingDetails, LeadEvent, Person
from lead_inbox.channels.keys import key_of
from lead_inbox.inbox import event_rules, rules
from lead_inbox.inbox.contact_keys import Contacts, contacts_of
from lead_inbox.inbox.rules import Happening

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MICROSECOND = timedelta(microseconds=1)
CONTACTS_REMEMBERED = 20_000
BATCH = 1000
LABEL_LENGTH = 140
NOBODY = "Unknown"
# No number in E.164 and no address has one.
_BETWEEN = " "


class StoredEvent(NamedTuple):
	"""A row of the table `event`.

	key: the same for the same event in another file. instant: microseconds since 1970, UTC. happened_on: the same in
	the audit's zone. is_ours: we speak, or both do. place: among the events of its row. is_waiting: the customer waits
	for an answer to it. is_silent: nobody says anything with it to a lead that there is. is_no_lead: it makes none.
	touched: an instant.
	"""

	id: int | None
	key: bytes
	instant: int
	happened_on: str
	is_ours: bool
	file: int
	file_name: str
	row: int
	place: int
	source: str
	happening: str
	is_waiting: bool
	is_silent: bool
	is_no_lead: bool
	is_wipe: bool
	thread_key: str | None
	phones: str
	emails: str
	label: str
	booking: str | None
	afterwards: str
	touched: int | None

	@property
	def contacts(self) -> Contacts:
		return Contacts(tuple(self.phones.split()), tuple(self.emails.split()))

	@property
	def happenings_afterwards(self) -> list[Happening]:
		return [Happening(value) for value in json.loads(self.afterwards)] if self.afterwards else []

	@property
	def booking_details(self) -> BookingDetails | None:
		return as_booking(self.booking) if self.booking else None


def stored(told: Told, settings: Settings, file: int, file_name: str, row: int, place: int) -> StoredEvent:
	"""Return what is kept of what a row tells. row, place: which row of the file, which event of the row."""
	event = told.event
	happening = event_rules.happening_of(event)
	contacts = _contacts(event.person.phones, event.person.emails, settings.country or None)
	happened_on = _occurred_on(event)
	return StoredEvent(
		id=None,
		key=_key(told),
		instant=instant_of(happened_on),
		happened_on=local_time(happened_on, settings),
		is_ours=happening not in rules.HEARD_FROM,
		file=file,
		file_name=file_name,
		row=row,
		place=place,
		source=told.source.value,
		happening=happening.value,
		is_waiting=happening in rules.HEARD_FROM,
		is_silent=event.is_only_about_charge,
		is_no_lead=event_rules.makes_no_lead(event) is not None,
		is_wipe=event.source_status == event_rules.WIPED_OUT and not told.afterwards,
		thread_key=key_of(told.source.value, event.thread_id) if event.thread_id else None,
		phones=_BETWEEN.join(contacts.phones),
		emails=_BETWEEN.join(contacts.emails),
		label=_label(event.person, contacts),
		booking=booking_text(event.booking) if event.booking and event.booking.external_id else None,
		afterwards=json.dumps([happening.value for happening in told.afterwards]) if told.afterwards else "",
		touched=_touched(told, settings),
	)


def local_time(moment: datetime, settings: Settings) -> str:
	"""Return an aware moment as the site's clock shows it, in a form that sorts. As in a database, without `fold`."""
	return as_stored(moment.astimezone(settings.zone).replace(tzinfo=None))


def local_moment(instant: int, settings: Settings) -> datetime:
	"""Return an instant as the site's clock shows it."""
	moment = EPOCH + instant * MICROSECOND
	return moment.astimezone(settings.zone).replace(tzinfo=None, fold=0)


def as_stored(naive: datetime) -> str:
	return naive.isoformat(" ")


def instant_of(moment: datetime) -> int:
	return (moment - EPOCH) // MICROSECOND


def insert(work: sqlite3.Connection, events: list[StoredEvent]) -> None:
	work.executemany(f"insert into event values ({', '.join('?' * len(StoredEvent._fields))})", events)


def forget_repeated(work: sqlite3.Connection) -> Iterator[tuple[int, int]]:
	"""Keep one of the events that are the same; yield each file and how many of its events an earlier one had."""
	work.execute("create index event_key on event (key)")
	work.execute("create temp table several as select key from event group by key having count(*) > 1")
	repeated = work.execute(
		"""
		select file, count(*) from (
			select file, row_number() over (partition by key order by id) as coming from event
			where key in (select key from several)
		) where coming > 1 group by file
		"""
	).fetchall()
	work.execute(
		"""
		delete from event where id in (
			select id from (
				select id, row_number() over (
					partition by key
					order by touched is null, touched desc, length(afterwards) desc, length(phones) + length(emails) desc,
						length(label) desc, instant, happening, thread_key, phones, emails, label, afterwards,
						file_name, row, place
				) as choice
				from event where key in (select key from several)
			) where choice > 1
		)
		"""
	)
	work.execute("drop index event_key")
	yield from repeated


def as_booking(text: str) -> BookingDetails:
	"""Return an appointment as far as it moves a lead: what it is about was not kept."""
	kept = json.loads(text)
	starts_on, ends_on, changed_on = (
		moment and datetime.fromisoformat(moment)
		for moment in (kept["starts_on"], kept["ends_on"], kept["changed_on"])
	)
	return BookingDetails(
		kept["id"], starts_on=starts_on, ends_on=ends_on, is_off=kept["is_off"], changed_on=changed_on
	)


def booking_text(details: BookingDetails) -> str:
	moments = {field: getattr(details, field) for field in ("starts_on", "ends_on", "changed_on")}
	return json.dumps(
		{
			"id": details.external_id,
			"is_off": details.is_off,
			**{field: moment and moment.isoformat() for field, moment in moments.items()},
		}
	)


def _occurred_on(event: LeadEvent) -> datetime:
	assert event.occurred_on  # what a format reads has one
	return event.occurred_on


def _key(told: Told) -> bytes:
	"""By the source's id. Without one all that is said is the key, whichever order the columns are in."""
	event = told.event
	if event.external_id:
		return bytes.fromhex(key_of(told.source.value, event.external_id))
	in_utc = _occurred_on(event).astimezone(timezone.utc)
	said = replace(event, occurred_on=in_utc, extra=dict(sorted(event.extra.items())))
	return bytes.fromhex(key_of(None, repr((told.source, said))))


def _touched(told: Told, settings: Settings) -> int | None:
	"""Nobody knows how a lead was on the audit's date that was touched since: it counts as touched then."""
	if not told.touched_on:
		return None
	latest = settings.as_of.replace(tzinfo=settings.zone)
	return instant_of(min(told.touched_on, latest))


@lru_cache(CONTACTS_REMEMBERED)
def _contacts(phones: tuple[str, ...], emails: tuple[str, ...], country: str | None) -> Contacts:
	return contacts_of(Person(phones=phones, emails=emails), country)


def _label(person: Person, contacts: Contacts) -> str:
	named = (person.full_name, person.first_name, person.company_name, *contacts.phones, *contacts.emails)
	return next(filter(None, named), NOBODY)[:LABEL_LENGTH]
