"""Files as exports leave them, and what opening them gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lead_inbox.audit.files.opening import opened
from lead_inbox.audit.rows import Row


@contextmanager
def written(content: str | bytes, name: str = "export.csv") -> Iterator[Path]:
	"""A file of its own for each example of a property."""
	with TemporaryDirectory() as folder:
		path = Path(folder) / name
		path.write_bytes(content if isinstance(content, bytes) else content.encode())
		yield path


def rows_in(content: str | bytes) -> list[Row]:
	"""All rows of a file with this content. Raises Unreadable."""
	with written(content) as path, opened(path) as rows:
		return list(rows.rows)


def columns_in(content: str | bytes) -> tuple[str, ...]:
	"""The columns of a file with this content. Raises Unreadable."""
	with written(content) as path, opened(path) as rows:
		return rows.columns


def notes_in(content: str | bytes) -> tuple[str, ...]:
	"""What was assumed to read a file with this content. Raises Unreadable."""
	with written(content) as path, opened(path) as rows:
		return rows.notes
