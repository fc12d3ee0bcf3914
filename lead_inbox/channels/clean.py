"""Hygiene of texts from outside, used by every parser before a text goes into a LeadEvent.

Cleaned text is still plain text as its author wrote it: `<script>` stays `<script>`. Escaping is up to
whoever renders or stores it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LINE_LIMIT = 140  # what a Data field holds
DESCRIPTION_LIMIT = 10_000  # fits a Small Text (65,535 bytes), even when every character gets HTML-escaped
TEXT_LIMIT = 100_000  # fits a Long Text; more would make the conversation slow to show
URL_LIMIT = 1_000

_CUT = "…"
_CUT_LINES = "\n[…]"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_HALF_PAIRS = "\ud800-\udfff"  # JSON can escape one, UTF-8 cannot hold it
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they make a text look like another
_INVISIBLE = "\u200b\u2060\ufeff"
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
	chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_HARMFUL = re.compile(f"[{_CONTROLS}{_HALF_PAIRS}{_BIDI_CONTROLS}{_INVISIBLE}{_NO_CHARACTERS}]")
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK_LINES = re.compile("\n{3,}")


def one_line(value: str, limit: int = LINE_LIMIT) -> str:
	"""The text on one line, white space collapsed, with `…` in the place of what exceeds `limit`."""
	harmless = value if _is_plain(value) else _HARMFUL.sub("", _LINE_BREAK.sub(" ", value))
	line = " ".join(harmless.split())
	return line if len(line) <= limit else line[: limit - len(_CUT)].rstrip() + _CUT


def many_lines(value: str, limit: int = TEXT_LIMIT) -> str:
	"""The text with its line breaks, at most one blank line in a row; `[…]` marks what exceeds `limit`."""
	text = value.strip() if _is_plain(value) else _clean_lines(value)
	return text if len(text) <= limit else text[: limit - len(_CUT_LINES)].rstrip() + _CUT_LINES


def _is_plain(value: str) -> bool:
	"""Whether a text is one line of letters, digits and signs that are all harmless, as most are."""
	return value.isascii() and value.isprintable()


def _clean_lines(value: str) -> str:
	text = _HARMFUL.sub("", _LINE_BREAK.sub("\n", value))
	text = "\n".join(line.rstrip() for line in text.split("\n"))
	return _BLANK_LINES.sub("\n\n", text).strip()


def identifier(value: str) -> str:
	"""An opaque id without what a database cannot store. Never cut: two ids may differ at their end."""
	return _HARMFUL.sub("", value).replace("\t", "").replace("\n", "").strip()


def full_name(first_name: str, last_name: str) -> str:
	"""Both on one line; either may be empty."""
	return one_line(f"{first_name} {last_name}")


def web_address(value: str) -> str:
	"""The address when it is http(s) and fits, else an empty text: `javascript:` must not become a link,
	nor a quotation mark the end of its attribute where a page does not escape it."""
	address = _HARMFUL.sub("", value).strip()
	if len(address) > URL_LIMIT or any(character.isspace() or character in '"<>' for character in address):
		return ""
	try:
		parts = urlsplit(address)
	except ValueError:
		return ""
	return address if parts.scheme in ("http", "https") and parts.hostname else ""
