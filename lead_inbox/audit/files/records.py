"""From lines to the records of a table, going on after a broken one."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from lead_inbox.audit.files.lines import LONGEST_LINE

# Characters: a quotation mark that is never closed would make one record of all that follows.
LONGEST_RECORD = LONGEST_LINE

TOO_LONG = (
	"The row, or a cell in it, is too long to be a lead. Check the file's quotation marks and line breaks."
)
MISQUOTED = "A quotation mark is never closed, or stands within a cell without being doubled. Correct it, or export again."
HAS_NUL = "The row holds a NUL character, so the file is damaged there. Export it again."

_NUL, _IN_ITS_PLACE = "\0", "\N{REPLACEMENT CHARACTER}"


class _BrokenRecord(Exception):
	def __init__(self, reason: str) -> None:
		super().__init__(reason)
		self.reason = reason


class RecordReader:
	"""Iterates over (cells, fault): the cells of a record, or none and why not. An empty line has neither.

	lines: as lines_of() has them.
	"""

	def __init__(self, lines: Iterator[str | None], separator: str) -> None:
		self._lines = _RecordLines(lines)
		self._records = csv.reader(self._lines, delimiter=separator, strict=True)
		self._separator = separator

	def __iter__(self) -> RecordReader:
		return self

	def __next__(self) -> tuple[list[str], str]:
		self._lines.begin()
		try:
			cells = next(self._records)
		except _BrokenRecord as error:
			self._lines.read_again()
			return [], error.reason
		except csv.Error:
			return [], self._fault()
		return ([], HAS_NUL) if self._lines.had_nul else (cells, "")

	def split_swallowed(self, width: int) -> None:
		"""Call this for a record of the wrong width: a quotation mark too many may have swallowed the next records.

		They are read again, each as a record of its own, if one of them has `width` cells.
		"""
		swallowed = csv.reader(self._lines.after_first, delimiter=self._separator, strict=True)
		try:
			any_whole = any(len(cells) == width for cells in swallowed)
		except csv.Error:
			return
		if any_whole:
			self._lines.read_again()

	def _fault(self) -> str:
		if self._lines.is_long_line:
			return TOO_LONG
		self._lines.read_again()
		return MISQUOTED


class _RecordLines:
	"""Feeds a csv.reader, which asks for a second line of a record only within quotation marks.

	had_nul: whether the record holds a NUL character, which Python 3.10 would not read.
	"""

	def __init__(self, lines: Iterator[str | None]) -> None:
		self._lines = lines
		self._again: deque[str | None] = deque()
		self._taken: list[str] = []
		self._size = 0
		self.had_nul = False

	def begin(self) -> None:
		"""What comes next is a new record."""
		self._taken = []
		self._size = 0
		self.had_nul = False

	@property
	def after_first(self) -> list[str]:
		"""The lines of the record but for its first one."""
		return self._taken[1:]

	@property
	def is_long_line(self) -> bool:
		"""Whether it is one line, of which a cell could be too long for a csv.reader."""
		return len(self._taken) == 1 and self._size > csv.field_size_limit()

	def read_again(self) -> None:
		"""Takes the record for its first line only: the other ones come again."""
		self._again.extendleft(reversed(self.after_first))

	def __iter__(self) -> _RecordLines:
		return self

	def __next__(self) -> str:
		line = self._next_line()
		self._size += len(line)
		if self._taken and self._size > LONGEST_RECORD:
			self._again.appendleft(line)
			raise _BrokenRecord(MISQUOTED)
		self._taken.append(line)
		if _NUL not in line:
			return line
		self.had_nul = True
		return line.replace(_NUL, _IN_ITS_PLACE)

	def _next_line(self) -> str:
		try:
			line = self._again.popleft() if self._again else next(self._lines)
		except StopIteration:
			if self._taken:
				raise _BrokenRecord(MISQUOTED) from None
			raise
		if line is None and self._taken:
			self._again.appendleft(None)
			raise _BrokenRecord(MISQUOTED)
		if line is None:
			raise _BrokenRecord(TOO_LONG)
		return line
