"""JSON texts turned into values as the app's own endpoints do, one value of many."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn

from lead_inbox.audit.rows import Row

NOT_AN_OBJECT = "The entry is no JSON object, so it is no lead."


def _refuse(_constant: str) -> NoReturn:
	raise ValueError("NaN and Infinity are no JSON")


# Raises ValueError for what is no JSON, RecursionError for what is nested too deep.
DECODER = json.JSONDecoder(parse_constant=_refuse)


def row_of(number: int, value: object) -> Row:
	"""A row of whatever an entry turned out to be."""
	return Row(number, value) if isinstance(value, Mapping) else Row(number, fault=NOT_AN_OBJECT)
