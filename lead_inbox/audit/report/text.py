"""The report for a terminal, or plain where it goes elsewhere."""

from __future__ import annotations

import re
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from lead_inbox.audit.findings import Findings, Lists
from lead_inbox.audit.report import sections, words
from lead_inbox.audit.report.sections import Section
from lead_inbox.audit.report.tables import Column, Table

# A wider one is hard to read, and a file or a pipe has no width of its own.
WIDEST, PLAIN_WIDTH = 100, 80
LONGEST_BAR = 12
# A row of these needs the words of its last column more than a bar.
FEWEST_COLUMNS_WITHOUT_BAR = 6
QUIET = "dim"
PADDING = re.compile(r" +\n")


def write(findings: Findings, lists: Lists, out: TextIO) -> None:
	console = _console(out)
	begun = sections.beginnings(lists)
	_say(console, sections.TITLE, "bold")
	for sentence in sections.basis(findings):
		_say(console, sentence, QUIET)
	for section in sections.sections(findings, begun):
		_write_section(console, section)
	console.print()
	_say(console, sections.PRIVACY, QUIET)


def _console(out: TextIO) -> Console:
	console = Console(file=_Output(out), highlight=False, markup=False, emoji=False)
	console.width = min(console.width, WIDEST) if console.is_terminal else PLAIN_WIDTH
	return console


class _Output:
	"""An output as rich needs it: "?" for what its encoding has no character for, and no line is padded."""

	def __init__(self, out: TextIO) -> None:
		self._out = out
		self.encoding = out.encoding or "utf-8"

	def write(self, text: str) -> int:
		plain = PADDING.sub("\n", text)
		return self._out.write(plain.encode(self.encoding, "replace").decode(self.encoding))

	def flush(self) -> None:
		self._out.flush()

	def isatty(self) -> bool:
		return self._out.isatty()

	def fileno(self) -> int:
		return self._out.fileno()


def _write_section(console: Console, section: Section) -> None:
	console.print()
	_say(console, section.title, "bold")
	_say(console, section.finding)
	for table in section.tables:
		if table.rows:
			console.print()
			console.print(_grid(table, "#" if console.options.ascii_only else "█"))
	last = tuple(filter(None, (section.rest, *section.notes)))
	if last and section.tables:
		console.print()
	for sentence in last:
		_say(console, sentence, QUIET)


def _say(console: Console, sentence: str, style: str = "") -> None:
	console.print(Text(words.printable(sentence), style=style))


def _grid(table: Table, block: str) -> Grid:
	grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="")
	bars = _bars(table, block)
	for column in table.columns:
		_add_column(grid, column)
	if bars:
		grid.add_column("", no_wrap=True)
	for position, row in enumerate(table.rows):
		cells = [Text(words.printable(cell)) for cell in row]
		grid.add_row(*cells, *bars[position : position + 1])
	return grid


def _add_column(grid: Grid, column: Column) -> None:
	justify = "right" if column.is_number else "left"
	grid.add_column(column.name, justify=justify, no_wrap=not column.is_long, overflow="fold")


def _bars(table: Table, block: str) -> list[str]:
	"""Return for each row a bar of blocks; none where they say nothing or there is no room."""
	longest = max(table.bars, default=0)
	if not longest or len(table.columns) >= FEWEST_COLUMNS_WITHOUT_BAR:
		return []
	return [block * max(round(LONGEST_BAR * bar / longest), 1 if bar else 0) for bar in table.bars]
