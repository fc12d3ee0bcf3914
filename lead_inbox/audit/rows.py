"""The rows of a file, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
	"""number: of the row as a spreadsheet counts it (CSV: header and empty ones too), the line (JSON Lines) or the
	entry (JSON), from 1.

	values: texts by column for a table; for JSON whatever the entry is. fault: why there are no values, "" if there
	are.
	"""

	number: int
	values: Mapping[str, object] = field(default_factory=dict)
	fault: str = ""


@dataclass(frozen=True)
class Rows:
	"""An opened file. columns: of a table as its header has them, () for JSON. notes: what was assumed to read it."""

	columns: tuple[str, ...]
	rows: Iterator[Row]
	notes: tuple[str, ...] = ()
