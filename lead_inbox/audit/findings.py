"""What an audit finds. Waits in seconds; moments naive, in the zone of the audit's settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from lead_inbox.inbox.response.wait_rules import Counts

LONGEST_LIST = 50  # of unanswered leads and of joined ones; the JSON report has all of them


@dataclass
class FileFacts:
	"""One file as it was read. rows: with data, the unreadable ones too. repeated: events that were known already.

	set_aside: events that make no lead, as of an answering machine. later: of after the audit's date, left out.
	notes: what was assumed, such as the order of day and month; sentences for users.
	"""

	name: str
	format: str = ""
	rows: int = 0
	events: int = 0
	repeated: int = 0
	set_aside: int = 0
	later: int = 0
	unreadable: int = 0
	notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fault:
	"""What could not be read. row: of the file, counted from 1 with its header; 0 for the whole file."""

	file: str
	row: int
	reason: str


@dataclass(frozen=True)
class Waits:
	"""How long customers waited. count: answered ones."""

	count: int
	elapsed_median: int | None
	elapsed_ninetieth: int | None
	business_median: int | None
	business_ninetieth: int | None


@dataclass(frozen=True)
class Unanswered:
	"""A lead whose customer waits for an answer. label: a name, a number or an address."""

	label: str
	source: str
	status: str
	since: datetime
	elapsed: int
	business: int


@dataclass(frozen=True)
class AgingDay:
	"""How many leads come to rest on a day if nobody touches them, by reason."""

	on: date
	unanswered: int
	quiet: int


@dataclass(frozen=True)
class Part:
	"""An event that was joined to a lead, or the first of the lead. by: thread, phone or e-mail; "" for the first."""

	file: str
	row: int
	source: str
	on: datetime
	by: str


@dataclass(frozen=True)
class Joined:
	"""Events that arrived as several leads and are one person. parts: the first one, then those joined to it."""

	label: str
	parts: tuple[Part, ...]


@dataclass(frozen=True)
class Conversions:
	"""What became of a group of leads. group: a source, or a month such as 2026-03."""

	group: str
	leads: int
	answered: int
	booked: int
	converted: int
	declined: int


@dataclass(frozen=True)
class Findings:
	"""All but the long lists. states: by status, all six. reasons: why leads are Inactive or Closed.

	joins: how many events were joined, by thread, phone and e-mail. tells_conversions: whether any source says
	what was booked or converted; where none does, rates would only be nought.
	"""

	as_of: datetime
	zone: str
	days: tuple[int, int]
	hours: str
	files: tuple[FileFacts, ...]
	leads: int
	states: dict[str, int]
	reasons: dict[str, int]
	unanswered: int
	aging: tuple[AgingDay, ...]
	counts: Counts
	first_response: Waits
	replies: Waits
	joins: dict[str, int]
	joined_leads: int
	by_source: tuple[Conversions, ...]
	by_month: tuple[Conversions, ...]
	tells_conversions: bool
	faults: int
	faults_by_reason: dict[str, int]


class Lists(Protocol):
	"""The long lists, read as they are asked for, so that a million entries need no memory."""

	def unanswered(self) -> Iterator[Unanswered]:
		"""Those that wait longest first."""

	def joined(self) -> Iterator[Joined]:
		"""Those with the most parts first."""

	def faults(self) -> Iterator[Fault]:
		"""In the order of files and rows."""
