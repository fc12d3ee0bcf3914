"""The rows of a CSV file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TextIO

from lead_inbox.audit.files.layout import Layout, layout_of
from lead_inbox.audit.files.lines import lines_of
from lead_inbox.audit.files.records import RecordReader
from lead_inbox.audit.rows import Row, Rows

TOO_FEW = "The row has fewer cells than the header."
TOO_MANY = "The row has more cells than the header. A cell with the separator in it needs quotation marks."

_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 1_000_000


def table_rows(text: TextIO) -> Rows:
	"""text: opened with newline="". Raises Unreadable when it is no table."""
	lines = lines_of(text)
	sample = _sample(lines)
	layout = layout_of(sample)
	records = RecordReader(chain(sample, lines), layout.separator)
	return Rows(layout.columns, _rows(records, layout), _notes(layout))


def _sample(lines: Iterator[str | None]) -> list[str | None]:
	sample: list[str | None] = []
	characters = 0
	for line in islice(lines, _SAMPLE_LINES):
		sample.append(line)
		characters += len(line or "")
		if characters > _SAMPLE_CHARACTERS:
			break
	return sample


def _notes(layout: Layout) -> tuple[str, ...]:
	if layout.before_header == 0:
		return ()
	header = layout.before_header + 1
	return (f"The names of the columns were found in row {header}; what stands above was passed over.",)


def _rows(records: RecordReader, layout: Layout) -> Iterator[Row]:
	"""Numbered as a spreadsheet numbers them: empty ones count."""
	width = len(layout.columns)
	after_header = islice(records, layout.before_header + 1, None)
	for number, (cells, fault) in enumerate(after_header, start=layout.before_header + 2):
		if fault:
			yield Row(number, fault=fault)
		elif not any(map(str.strip, cells)):
			continue
		elif misfit := _misfit(cells, width):
			records.split_swallowed(width)
			yield Row(number, fault=misfit)
		else:
			yield Row(number, dict(zip(layout.columns, cells, strict=False)))


def _misfit(cells: list[str], width: int) -> str:
	if len(cells) == width:
		return ""
	if len(cells) < width:
		return TOO_FEW
	return TOO_MANY if any(cells[width:]) else ""
