"""The rows of a JSON file that is one array, an object with an array in it, or several of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import TextIO

from lead_inbox.audit.files.json_values import row_of
from lead_inbox.audit.files.json_window import LONGEST_VALUE, BrokenBecause, BrokenJson, JsonWindow
from lead_inbox.audit.rows import Row

# What the answers of Google's and Frappe's interfaces, and of others, call the array of what was asked for.
ENTRY_LISTS = (
	"detailedLeadReports",
	"results",
	"data",
	"message",
	"leads",
	"conversations",
	"events",
	"rows",
)

BROKEN: dict[BrokenBecause, str] = {
	"cut off": "The file ends in the middle of an entry, so it is not complete. Export it again.",
	"too long": f"From here on nothing was read: an entry is longer than {LONGEST_VALUE:,} characters.",
	"no JSON": "From here on the file is no JSON, and nothing more of it was read. Export it again, or correct it.",
}

# Google's interface answers a search with an array of such objects.
_PAGE = re.compile(rf'\{{[ \t\r\n]*"(?:{"|".join(ENTRY_LISTS)})"[ \t\r\n]*:[ \t\r\n]*\[')
_PAGE_BEGINS_WITHIN = 200


def document_rows(text: TextIO) -> Iterator[Row]:
	"""Numbered as entries. Where the text stops being JSON, a last row says so."""
	number = 0
	try:
		for number, value in enumerate(_entries(JsonWindow(text)), start=1):
			yield row_of(number, value)
	except BrokenJson as error:
		yield Row(number + 1, fault=BROKEN[error.because])


def is_page(value: object) -> bool:
	"""Whether these are entries in an object, and no entry."""
	return isinstance(value, Mapping) and any(isinstance(value.get(name), list) for name in ENTRY_LISTS)


def _entries(window: JsonWindow) -> Iterator[object]:
	while start := window.peek():
		if start == "[":
			yield from _of_array(window)
		elif start == "{":
			yield from _of_object(window)
		else:
			raise BrokenJson("no JSON")


def _of_array(window: JsonWindow) -> Iterator[object]:
	for _position in _members(window, "[]"):
		if window.starts_with(_PAGE, _PAGE_BEGINS_WITHIN):
			yield from _of_object(window)
		else:
			yield window.value()


def _of_object(window: JsonWindow) -> Iterator[object]:
	"""The entries of its lists, or the object itself when it has none."""
	rest: dict[str, object] = {}
	has_lists = False
	for _position in _members(window, "{}"):
		name = _name(window)
		if name in ENTRY_LISTS and window.peek() == "[":
			has_lists = True
			for _entry in _members(window, "[]"):
				yield window.value()
		else:
			rest[name] = window.value()
	if not has_lists:
		yield rest


def _name(window: JsonWindow) -> str:
	name = window.value()
	if not isinstance(name, str):
		raise BrokenJson("no JSON")
	window.take(":")
	return name


def _members(window: JsonWindow, brackets: str) -> Iterator[int]:
	"""Stops before each member of an array or object, which has to be taken from the window before the next."""
	opening, closing = brackets
	window.take(opening)
	if window.peek() == closing:
		window.take(closing)
		return
	for position in count():
		yield position
		if window.take("," + closing) == closing:
			return
