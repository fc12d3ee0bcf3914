"""What a format is: how one kind of export is recognized and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from lead_inbox.audit.formats.fields import Fields
from lead_inbox.audit.told import Source, Told, Unreadable
from lead_inbox.channels import clean

if TYPE_CHECKING:
	from lead_inbox.audit.files.dates import DateReader

MOST_NOTES = 20  # of a file: a column of the wrong kind would fill the report


@dataclass(frozen=True)
class Context:
	"""What a format may know of the audit and of the file that is read.

	zone: of times without an offset. country: ISO code of numbers without a country code, "" for none. dates: of
	this file, which has learned from its first rows. notes: what the reading has assumed, each sentence once.
	"""

	zone: ZoneInfo
	country: str
	dates: DateReader
	notes: dict[str, None] = field(default_factory=dict)

	def note(self, sentence: str) -> None:
		"""Keep a sentence for the users of the report."""
		if len(self.notes) < MOST_NOTES:
			self.notes.setdefault(sentence)


@dataclass(frozen=True)
class Need:
	"""A column without which an export can't be read. words: what users call it. names: folded, any will do."""

	words: str
	names: frozenset[str]


class Format(Protocol):
	"""One kind of export.

	name: for users. needs: the columns that it can't do without.
	"""

	source: Source
	name: str
	needs: tuple[Need, ...]

	def recognizes(self, columns: Sequence[str], first: object) -> bool:
		"""Whether an export is of this kind. first: its first entry, a mapping of texts for a table."""

	def moments(self, values: Mapping[str, object]) -> Iterator[object]:
		"""Yield the dates of a row as written, for DateReader.learn(); none for what is no row."""

	def read(self, values: Mapping[str, object], context: Context) -> list[Told]:
		"""Return what a row tells, nothing for one that is no data.

		Raises Unreadable or MalformedEvent, whose texts have no personal data.
		"""


def missing(needs: Sequence[Need], names: frozenset[str]) -> tuple[str, ...]:
	"""Return what users call the needed columns that are not among an export's folded names."""
	return tuple(need.words for need in needs if need.names.isdisjoint(names))


def moment_of(fields: Fields, context: Context, what: str, *names: str) -> datetime:
	"""Return a moment that a row can't do without, aware. Raises Unreadable.

	what: the words for it, such as `when the lead arrived`.
	"""
	moment = context.dates.read(fields.get(*names)[1])
	if moment is None:
		raise Unreadable(f"The row does not say {what}. Without a date it has no place among the others.")
	return moment


def optional_moment(fields: Fields, context: Context, *names: str) -> datetime | None:
	"""Return a moment that a row can do without, None where it has none. What is no moment is noted and left out."""
	column, value = fields.get(*names)
	try:
		return context.dates.read(value)
	except Unreadable:
		context.note(f"The column {clean.one_line(column)} has values that are no dates. They are left out.")
		return None
