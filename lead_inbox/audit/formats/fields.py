"""The values of a row by names that differ only in how they are written: `Lead Type`, `lead_type`, `leadType`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from lead_inbox.audit.told import Unreadable
from lead_inbox.channels.reader import PayloadReader

# Distinct names that are kept folded: an export has a few dozen, one whose entries have keys of their own any number.
REMEMBERED = 4096
ROUNDED = "A spreadsheet has rounded the id, so leads can't be told apart by it. Export again, and don't save it as CSV there."
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)


@lru_cache(REMEMBERED)
def folded(name: str) -> str:
	"""Return a name without regard to case, spaces and punctuation."""
	return "".join(letter for letter in name.casefold() if letter.isalnum())


def names_of(columns: Sequence[str], first: object) -> frozenset[str]:
	"""Return the folded names that an export has: a table's columns, else the keys of its first entry.

	Of a dotted path the part before the dot counts: it names an object in a table of flattened ones.
	"""
	written = columns or (first if isinstance(first, Mapping) else ())
	return frozenset(folded(str(name).partition(".")[0]) for name in written)


def object_of(values: object) -> Mapping[str, object]:
	"""Return an entry that is an object. Raises Unreadable: JSON may have anything in the place of a row."""
	if not isinstance(values, Mapping):
		raise Unreadable("The entry is no JSON object.")
	return values


def exact(identifier: object) -> object:
	"""Return an id as it is. Raises Unreadable for one such as 7.30023E+11, which others have too."""
	if isinstance(identifier, str) and _ROUNDED.fullmatch(identifier.strip()):
		raise Unreadable(ROUNDED)
	return identifier


def entries_of(values: object) -> Iterator[tuple[str, object]]:
	"""Yield the names and values of an object, nothing for what is none."""
	if isinstance(values, Mapping):
		yield from values.items()


def nested(values: object) -> dict[str, object]:
	"""Return values by dotted paths as objects in each other, as JSON has them."""
	whole: dict[str, object] = {}
	for path, value in entries_of(values):
		*parents, last = path.split(".")
		place = whole
		for parent in parents:
			inner = place.get(parent)
			if not isinstance(inner, dict):
				inner = place[parent] = {}
			place = inner
		if not isinstance(place.get(last), dict):
			place[last] = value
	return whole


class Fields:
	"""Looks values up by folded names. What is empty is not there; the first of several columns of a name counts."""

	def __init__(self, values: object) -> None:
		self._whole = values
		self._values: dict[str, tuple[str, object]] = {}
		for name, value in entries_of(values):
			if value is not None and value != "":
				self._values.setdefault(folded(name), (name, value))

	def __len__(self) -> int:
		return len(self._values)

	def __contains__(self, name: str) -> bool:
		return name in self._values

	def get(self, *names: str) -> tuple[str, object]:
		"""Return the export's own name and the value of the first of the names that is there, else ("", None)."""
		return next((self._values[name] for name in names if name in self._values), ("", None))

	def has_column(self, *names: str) -> bool:
		"""Whether one of the names is a column, be it an empty one."""
		return any(folded(written) in names for written, _value in entries_of(self._whole))

	def inner(self, *names: str) -> Fields:
		"""Return the fields of an object within, none where there is no such object."""
		return Fields(self.get(*names)[1])

	def items(self) -> Iterator[tuple[str, str, object]]:
		"""Yield each folded name, the export's own, and the value."""
		for name, (written, value) in self._values.items():
			yield name, written, value

	def word(self, *names: str) -> str:
		"""Return a word of a fixed vocabulary, folded; empty where there is none."""
		value = self.get(*names)[1]
		return folded(str(value)) if isinstance(value, (str, int, float)) else ""

	def line(self, reader: PayloadReader, *names: str) -> str:
		return reader.line(*self.get(*names))

	def lines(self, reader: PayloadReader, *names: str) -> str:
		return reader.lines(*self.get(*names))

	def identifier(self, reader: PayloadReader, *names: str) -> str:
		"""Return an id. Raises Unreadable for one that a spreadsheet has rounded."""
		name, value = self.get(*names)
		return reader.identifier(name, exact(value))
