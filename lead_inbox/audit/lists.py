"""The long lists of an audit, read from the work file as they are asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from lead_inbox.audit.findings import Fault, FileFacts, Joined, Part, Unanswered
from lead_inbox.audit.settings import Settings
from lead_inbox.inbox.response.working_time import business_seconds, elapsed_seconds
from lead_inbox.inbox.rules import Status

# Their customers have been refused or have become others' business.
WAITS_FOR_NOBODY = (Status.DECLINED, Status.CLOSED)
_PART = "event.file_name, event.row, event.source, event.happened_on"


class StoredLists:
	"""Lists of findings.py."""

	def __init__(self, work: sqlite3.Connection, settings: Settings, files: Sequence[FileFacts]) -> None:
		self._work = work
		self._settings = settings
		self._files = files

	def unanswered(self) -> Iterator[Unanswered]:
		"""Those that wait longest first.

		All wait until the same moment, so the business time of each is that of the one before it without the time
		between the two: nobody looks through months of days for every lead.
		"""
		as_of, calendar = self._settings.as_of, self._settings.calendar
		rows = self._work.execute(
			"""
			select label, source, inbox_status, min(sent_on) as since from waiting join lead on lead.id = waiting.lead
			where inbox_status not in (?, ?) group by lead.id order by since, lead.id
			""",
			WAITS_FOR_NOBODY,
		)
		before: datetime | None = None
		business = 0
		for label, source, status, sent_on in rows:
			since = datetime.fromisoformat(sent_on)
			if before is None:
				business = business_seconds(since, as_of, calendar)
			else:
				business -= business_seconds(before, since, calendar)
			before = since
			elapsed = elapsed_seconds(since, as_of, calendar.site_zone)
			yield Unanswered(label, source, status, since, elapsed, business)

	def joined(self) -> Iterator[Joined]:
		"""Those with the most parts first."""
		leads = self._work.execute(
			"select id, label, first_event from lead where joined > 0 order by joined desc, id"
		)
		for number, label, first_event in leads:
			first = self._work.execute(f"select {_PART}, '' from event where id = ?", (first_event,))
			later = self._work.execute(
				f"""
				select {_PART}, part.found_by from part join event on event.id = part.event
				where part.lead = ? order by event.instant, event.row, event.place, event.key
				""",
				(number,),
			)
			yield Joined(label, tuple(_part(row) for rows in (first, later) for row in rows))

	def faults(self) -> Iterator[Fault]:
		"""In the order of files and rows."""
		for file, row, reason in self._work.execute("select * from fault order by file, row, rowid"):
			yield Fault(self._files[file].name, row, reason)


def _part(row: tuple[str, int, str, str, str]) -> Part:
	file, number, source, happened_on, by = row
	return Part(file, number, source, datetime.fromisoformat(happened_on), by)
