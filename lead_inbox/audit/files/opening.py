"""Opens a file that somebody wants to have audited, whatever it turns out to be."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, TextIO

from lead_inbox.audit.files.content import HEAD, refuse_foreign
from lead_inbox.audit.files.encoding import encoding_of
from lead_inbox.audit.files.json_rows import is_json, json_rows
from lead_inbox.audit.files.tables import table_rows
from lead_inbox.audit.rows import Row, Rows
from lead_inbox.audit.told import Unreadable

MISSING = "There is no such file. Check its name and folder."
FOLDER = "This is a folder. Name the files in it, such as leads/*.csv."
FORBIDDEN = "You may not read this file. Ask its owner, or copy it to where you may."
NO_FILE = "This is no ordinary file. Save what it gives to a file, and name that."
EMPTY = "The file is empty. Export the leads again."
FAILING = "The disk or the network failed while the file was read. Copy it to this computer and try again."


@contextmanager
def opened(path: Path) -> Iterator[Rows]:
	"""The rows of a table or of JSON, read while they are asked for; closed with the file.

	Raises Unreadable when the whole file can't be read. What is wrong with a row is the row's own fault, and if
	reading fails half-way, that of a last row.
	"""
	with _opened(path) as file:
		try:
			rows = _rows(file)
		except OSError:
			raise Unreadable(FAILING) from None
		yield replace(rows, rows=_while_it_lasts(rows.rows))


def _opened(path: Path) -> BinaryIO:
	try:
		hindrance = _hindrance(path)
		if not hindrance:
			return path.open("rb")
	except PermissionError:
		hindrance = FORBIDDEN
	except (OSError, ValueError):  # no file has a name as long as that, or with a NUL in it
		hindrance = MISSING
	raise Unreadable(hindrance)


def _hindrance(path: Path) -> str:
	if path.is_dir():
		return FOLDER
	return NO_FILE if path.exists() and not path.is_file() else ""


def _rows(file: BinaryIO) -> Rows:
	refuse_foreign(file.read(HEAD))
	encoding = encoding_of(file)
	file.seek(0)
	text = io.TextIOWrapper(file, encoding.name, encoding.errors, newline="")
	head = _head(text)
	rows = json_rows(text) if is_json(head) else table_rows(text)
	notes = (encoding.note,) if encoding.note else ()
	return replace(rows, notes=notes + rows.notes)


def _head(text: TextIO) -> str:
	"""The first characters, and the text is at its beginning again. Raises Unreadable when there are none."""
	head = text.read(HEAD)
	while head and head.isspace():
		head = text.read(HEAD)
	if not head:
		raise Unreadable(EMPTY)
	text.seek(0)
	return head.lstrip()


def _while_it_lasts(rows: Iterator[Row]) -> Iterator[Row]:
	number = 0
	try:
		for row in rows:
			number = row.number
			yield row
	except OSError:
		yield Row(number + 1, fault=FAILING)
