"""From files to events in the work file."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from lead_inbox.audit.files.dates import DateReader
from lead_inbox.audit.files.opening import opened
from lead_inbox.audit.findings import FileFacts
from lead_inbox.audit.formats.base import Context, Format
from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.rows import Row, Rows
from lead_inbox.audit.settings import Settings
from lead_inbox.audit.stored_events import BATCH, StoredEvent, as_stored, forget_repeated, insert, stored
from lead_inbox.audit.told import Told, Unreadable
from lead_inbox.channels import clean
from lead_inbox.channels.event import MalformedEvent

Progress = Callable[[str], None]
SAMPLE = 1000  # rows that show how a file writes its dates
WHOLE_FILE = 0
WITHOUT_MOMENT = "The row does not say when it happened. Without a date it has no place among the others."
REASON_LENGTH = 500
ROWS_PER_NEWS = 5_000


def take_in(
	work: sqlite3.Connection, paths: Sequence[Path], settings: Settings, progress: Progress
) -> list[FileFacts]:
	"""Read files into the work file and return what each had. What can't be read is kept there with its reason."""
	facts = []
	for number, (path, name) in enumerate(zip(paths, _names(paths), strict=True)):
		facts.append(_Intake(work, settings, progress, number, FileFacts(name)).take_in(path))
	for file, repeated in forget_repeated(work):
		facts[file].repeated = repeated
	return facts


def _names(paths: Sequence[Path]) -> list[str]:
	"""What the report calls the files: with their folders only where two have one name."""
	known = Counter(path.name for path in set(paths))
	return [_as_text(path.name if known[path.name] == 1 else str(path)) for path in paths]


def _as_text(name: str) -> str:
	"""Names of files need not be text."""
	return os.fsencode(name).decode("utf-8", "replace")


class _Intake:
	"""One file on its way into the work file."""

	def __init__(
		self, work: sqlite3.Connection, settings: Settings, progress: Progress, number: int, facts: FileFacts
	) -> None:
		self._work = work
		self._settings = settings
		self._progress = progress
		self._number = number
		self._facts = facts
		self._as_of = as_stored(settings.as_of)
		self._events: list[StoredEvent] = []
		self._faults: list[tuple[int, int, str]] = []

	def take_in(self, path: Path) -> FileFacts:
		try:
			with opened(path) as rows:
				self._take_rows(rows)
		except Unreadable as error:
			self._fault(WHOLE_FILE, str(error))
		self._write()
		return self._facts

	def _take_rows(self, rows: Rows) -> None:
		facts, settings = self._facts, self._settings
		facts.notes += rows.notes
		sample = list(islice(rows.rows, SAMPLE))
		first = next((row.values for row in sample if not row.fault), None)
		known = recognize(rows.columns, first)
		facts.format = known.name
		context = Context(settings.zone, settings.country, _dates(known, sample, settings))
		try:
			for row in chain(sample, rows.rows):
				self._take_row(row, known, context)
		finally:
			facts.notes += [*context.dates.notes, *context.notes]

	def _take_row(self, row: Row, known: Format, context: Context) -> None:
		facts = self._facts
		try:
			told = _told(row, known, context)
		except (Unreadable, MalformedEvent) as error:
			facts.rows += 1
			self._fault(row.number, str(error))
			return
		facts.rows += bool(told)
		for place, one in enumerate(told):
			self._take(one, row.number, place)
		if facts.rows % ROWS_PER_NEWS == 0:
			self._progress(f"Reading {facts.name}: {facts.rows:,} rows")

	def _take(self, told: Told, row: int, place: int) -> None:
		facts = self._facts
		facts.events += 1
		if told.event.is_test or told.event.mail.nature != "Person":
			facts.set_aside += 1
			return
		event = stored(told, self._settings, self._number, facts.name, row, place)
		if event.happened_on > self._as_of:
			facts.later += 1
			return
		self._events.append(event)
		if len(self._events) == BATCH:
			self._write()

	def _fault(self, row: int, reason: str) -> None:
		self._facts.unreadable += 1
		self._faults.append((self._number, row, clean.one_line(reason, REASON_LENGTH)))
		if len(self._faults) == BATCH:
			self._write()

	def _write(self) -> None:
		insert(self._work, self._events)
		self._work.executemany("insert into fault values (?, ?, ?)", self._faults)
		self._events.clear()
		self._faults.clear()


def _told(row: Row, known: Format, context: Context) -> list[Told]:
	"""Return what a row tells. Raises Unreadable, MalformedEvent."""
	if row.fault:
		raise Unreadable(row.fault)
	told = known.read(row.values, context)
	if any(one.event.occurred_on is None for one in told):
		raise Unreadable(WITHOUT_MOMENT)
	return told


def _dates(known: Format, sample: Sequence[Row], settings: Settings) -> DateReader:
	dates = DateReader(settings.zone)
	dates.learn(_moments(known, sample))
	return dates


def _moments(known: Format, sample: Sequence[Row]) -> Iterator[object]:
	for row in sample:
		if not row.fault:
			yield from known.moments(row.values)
