"""The rows of a JSON file of any form."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TextIO

from lead_inbox.audit.files.json_documents import document_rows, is_page
from lead_inbox.audit.files.json_lines import has_text, line_rows
from lead_inbox.audit.files.json_values import DECODER
from lead_inbox.audit.files.lines import lines_of
from lead_inbox.audit.rows import Rows

# A title in brackets above a table is no JSON.
_BEGINS = re.compile(r'\s*(?:\{|\[\s*(?:[\[{\]"\d]|$))')


def is_json(head: str) -> bool:
	"""head: the first characters of a text."""
	return _BEGINS.match(head) is not None


def json_rows(text: TextIO) -> Rows:
	"""text: seekable, at its beginning."""
	first = list(islice(filter(has_text, lines_of(text)), 2))
	text.seek(0)
	return Rows((), line_rows(lines_of(text)) if _are_json_lines(first) else document_rows(text))


def _are_json_lines(first: Sequence[str | None]) -> bool:
	"""Whether a line is an entry. The first one may be broken, but then it looks like one from end to end."""
	whole = [_value(line) for line in first]
	if isinstance(whole[0], Mapping):
		return not is_page(whole[0])
	line = (first[0] or "").strip()
	return line.startswith("{") and line.endswith("}") and isinstance(whole[-1], Mapping)


def _value(line: str | None) -> object:
	try:
		return DECODER.decode((line or "").strip())
	except (ValueError, RecursionError):
		return None
