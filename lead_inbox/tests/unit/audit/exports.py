"""Exports as the tests of the audit draw them, and what an audit of them finds; no files are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lead_inbox.audit.findings import FileFacts, Findings, Joined, Unanswered
from lead_inbox.audit.lists import StoredLists
from lead_inbox.audit.measuring import measure
from lead_inbox.audit.replay import Replay
from lead_inbox.audit.settings import Settings
from lead_inbox.audit.stored_events import forget_repeated, insert, stored
from lead_inbox.audit.told import Source, Told
from lead_inbox.audit.workfile import work_file
from lead_inbox.channels.event import CallDetails, LeadEvent, Person
from lead_inbox.inbox.response.working_time import Calendar
from lead_inbox.inbox.rules import AgingDays

ATHENS = ZoneInfo("Europe/Athens")
AS_OF = datetime(2026, 6, 30, 12)
SETTINGS = Settings(AS_OF, Calendar(ATHENS, ATHENS), AgingDays(unanswered=15, quiet=15), country="GR")
ANSWERED = CallDetails(answered=True, duration_seconds=60)
MISSED = CallDetails(answered=False)


@dataclass(frozen=True)
class Found:
	"""An audit with its lists read."""

	findings: Findings
	unanswered: list[Unanswered]
	joined: list[Joined]


def told(
	external_id: str,
	on: datetime,
	*,
	phones: Sequence[str] = (),
	emails: Sequence[str] = (),
	name: str = "",
	source: Source = Source.EVENTS,
	afterwards: tuple = (),
	touched_on: datetime | None = None,
	**event: object,
) -> Told:
	"""A message from a customer. on, touched_on: local times in Athens."""
	person = Person(full_name=name, phones=tuple(phones), emails=tuple(emails))
	event = {"kind": "Message", "text": "Hello", **event}
	return Told(
		source,
		LeadEvent(external_id=external_id, person=person, occurred_on=on.replace(tzinfo=ATHENS), **event),
		afterwards=afterwards,
		touched_on=touched_on and touched_on.replace(tzinfo=ATHENS),
	)


def days_ago(days: float) -> datetime:
	return AS_OF - timedelta(days=days)


def audited(*files: Sequence[Told], settings: Settings = SETTINGS, names: Sequence[str] = ()) -> Found:
	"""Audit files that tell these events, one a row. names: of the files, by default a, b and so on."""
	names = names or "abcdefgh"[: len(files)]
	facts = [FileFacts(name) for name in names]
	with work_file() as work:
		for number, events in enumerate(files):
			rows = [stored(one, settings, number, names[number], row, 0) for row, one in enumerate(events, 2)]
			insert(work, rows)
			facts[number].events = len(rows)
		for file, repeated in forget_repeated(work):
			facts[file].repeated = repeated
		replay = Replay(work, settings, lambda text: None)
		replay.run()
		lists = StoredLists(work, settings, facts)
		findings = measure(work, settings, replay, facts)
		return Found(findings, list(lists.unanswered()), list(lists.joined()))
