"""What a conversion consists of, before any of it is stored. The preview tells it, converting does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lead_inbox.conversion.rules import Choice


@dataclass
class Request:
	"""One lead to convert, and what stands in the way.

	lead: the Lead document. owner: a User who is to have the records, None for nobody.
	for_update: existing records are read to be written, so they are locked.
	forbidden, problems: why it can't be done, in words for the user. missing: fields that will be asked for,
	unless something fills them while the record is saved. notices: what else the user ought to know.
	"""

	lead: Any
	choice: Choice
	for_update: bool
	owner: str | None = None
	forbidden: list[str] = field(default_factory=list)
	problems: list[str] = field(default_factory=list)
	missing: list[str] = field(default_factory=list)
	notices: list[str] = field(default_factory=list)


@dataclass
class Record:
	"""A document of the conversion.

	doc: a draft, or a stored document with its empty fields filled in memory.
	values: what the lead gives it, by field. moves: the document leaves the lead for the Customer.
	freely: the right to convert is enough to write it.
	"""

	doc: Any
	values: dict[str, Any]
	moves: bool = False
	freely: bool = False

	@property
	def is_new(self) -> bool:
		return bool(self.doc.is_new())

	@property
	def is_written(self) -> bool:
		return bool(self.is_new or self.values or self.moves)


@dataclass
class Plan:
	"""All that one conversion makes, links and fills. A part that can't be is None, and is a problem."""

	request: Request
	customer: Record | None
	contact: Record | None
	opportunity: Record | None
	contacts: list[str]
	addresses: list[str]
