"""The rows of JSON Lines: an object on each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lead_inbox.audit.files.json_values import DECODER, row_of
from lead_inbox.audit.rows import Row

LINE_TOO_LONG = "The line is too long to be a lead."
NO_JSON = "The line is no JSON. It may be cut off, or have a quotation mark or a comma too many or too few."


def has_text(line: str | None) -> bool:
	"""Whether a line is not empty."""
	return line is None or not line.isspace()


def line_rows(lines: Iterable[str | None]) -> Iterator[Row]:
	"""lines: as lines_of() has them. A line that can't be read is a fault, and the next one is read."""
	for number, line in enumerate(lines, start=1):
		if line is None:
			yield Row(number, fault=LINE_TOO_LONG)
		elif has_text(line):
			yield _row(number, line)


def _row(number: int, line: str) -> Row:
	try:
		return row_of(number, DECODER.decode(line))
	except (ValueError, RecursionError):
		return Row(number, fault=NO_JSON)
