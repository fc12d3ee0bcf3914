"""Where the header of a table is, and what separates its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lead_inbox.audit.files.records import RecordReader
from lead_inbox.audit.told import Unreadable

# Google Ads writes a title and a period above the header, a template of ERPNext its instructions.
MOST_BEFORE_HEADER = 20

NO_TABLE = (
	"No columns were found: cells have to be separated by commas, semicolons, tabs or vertical bars, "
	"with the names of the columns above them. Export the leads as CSV or JSON."
)

_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Layout:
	"""before_header: how many records stand above it. columns: each name once, none empty."""

	separator: str
	before_header: int
	columns: tuple[str, ...]


@dataclass(frozen=True)
class _Reading:
	"""The first records as a separator would have them. width: how many cells they usually have, 2 or more."""

	separator: str
	records: Sequence[Sequence[str]]
	width: int
	header: int

	@property
	def regularity(self) -> int:
		"""How many records are as wide as the header should be."""
		return sum(len(cells) == self.width for cells in self.records)


def layout_of(lines: Sequence[str | None]) -> Layout:
	"""lines: the first ones of a table, as lines_of() has them. Raises Unreadable when they are no table."""
	readings = [reading for separator in _SEPARATORS if (reading := _reading(lines, separator))]
	if not readings:
		raise Unreadable(NO_TABLE)
	best = _best(readings)
	return Layout(best.separator, best.header, _names(best.records[best.header]))


def _best(readings: Sequence[_Reading]) -> _Reading:
	"""Texts hold other separators, but the names of the columns hardly do: the header that comes first is the one.

	Not that of a separator which few rows have as often: it stands in titles.
	"""
	most = max(reading.regularity for reading in readings)
	regular = [reading for reading in readings if reading.regularity * 2 > most]
	return min(regular, key=lambda reading: (reading.header, -reading.regularity * reading.width))


def _reading(lines: Sequence[str | None], separator: str) -> _Reading | None:
	records = [cells for cells, _fault in RecordReader(iter(lines), separator)]
	width = _usual_width(records)
	header = _header(records, width)
	return None if width < 2 or header is None else _Reading(separator, records, width, header)


def _usual_width(records: Sequence[Sequence[str]]) -> int:
	"""That of most records which have several cells; of two that are as frequent, the wider one."""
	widths = Counter(len(cells) for cells in records if len(cells) > 1)
	return max(widths, key=lambda width: (widths[width], width), default=1)


def _header(records: Sequence[Sequence[str]], width: int) -> int | None:
	"""The first record with a name in most columns. A spreadsheet fills up titles with empty cells."""
	full = [
		number
		for number, cells in enumerate(records[: MOST_BEFORE_HEADER + 1])
		if sum(bool(cell.strip()) for cell in cells) * 2 > width
	]
	return next((number for number in full if len(records[number]) == width), full[0] if full else None)


def _names(header: Sequence[str]) -> tuple[str, ...]:
	names: list[str] = []
	for position, cell in enumerate(header, start=1):
		name = " ".join(cell.split()) or f"Column {position}"
		names.append(name if name not in names else f"{name} ({position})")
	return tuple(names)
