"""What the tests of all formats share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from lead_inbox.audit.files.dates import DateReader
from lead_inbox.audit.formats.base import Context
from lead_inbox.audit.formats.registry import recognize
from lead_inbox.audit.told import Told

NEW_YORK = ZoneInfo("America/New_York")


def context() -> Context:
	return Context(zone=NEW_YORK, country="US", dates=DateReader(NEW_YORK))


def told(values: Mapping[str, object], columns: tuple[str, ...] = ()) -> Told:
	"""The only thing that a row tells, by the format that its own names speak for."""
	(only,) = recognize(columns, values).read(values, context())
	return only


def utc(*parts: int) -> datetime:
	return datetime(*parts, tzinfo=timezone.utc)


def table(**values: str) -> tuple[dict[str, object], tuple[str, ...]]:
	"""A row of a table with its columns; `_` stands for a space."""
	row: dict[str, object] = {name.replace("_", " "): value for name, value in values.items()}
	return row, tuple(row)
