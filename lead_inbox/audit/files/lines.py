"""The lines of a text, however long one is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

# Characters; the longest text that a lead may hold is a tenth of it.
LONGEST_LINE = 1_000_000

_LINE_ENDS = ("\n", "\r")


def lines_of(text: TextIO) -> Iterator[str | None]:
	"""Each line with its end as it is written; None for one that is too long, which is never held as a whole."""
	while line := text.readline(LONGEST_LINE):
		if len(line) < LONGEST_LINE or line.endswith(_LINE_ENDS):
			yield line
		else:
			_skip_line(text)
			yield None


def _skip_line(text: TextIO) -> None:
	while (part := text.readline(LONGEST_LINE)) and not part.endswith(_LINE_ENDS):
		pass
