"""HTML to plain text, for mail that has no text part.

Not with html.parser: broken markup of 100 kB, which anybody can mail in, keeps that busy for minutes.
Everything here takes time in proportion to the length of the markup.
"""

from __future__ import annotations

import re
from html import unescape

_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BLOCK = re.compile(
	"address|article|blockquote|body|d[dlt]|div|fieldset|footer|form|h[1-6r]|header|li|main|nav|ol|p|pre"
	"|section|table|tr|ul"
)
_TAG = re.compile(
	r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]{0,20})[^<>]*>|<(?P<comment>!--)|<[!?][^<>]*>",
	re.IGNORECASE | re.ASCII,
)
_SPACES = re.compile(r"\s+")


def to_text(markup: str) -> str:
	"""The words of the markup, with line breaks where a reader would see them; uncleaned. Never raises."""
	text = _Text()
	place = 0
	while tag := _TAG.search(markup, place):
		text.add(_unescape(markup[place : tag.start()]))
		name = (tag["name"] or "").lower()
		if tag["comment"]:
			place = _end_of("-->", markup, tag.end())
		elif name in _UNSEEN and not tag["close"]:
			place = _end_of_unseen(name, markup, tag.end())
		else:
			text.mark(name, closing=bool(tag["close"]))
			place = tag.end()
	text.add(_unescape(markup[place:]))
	return text.whole()


def _unescape(words: str) -> str:
	try:
		return unescape(words)
	except ValueError:  # `&#` and more digits than Python converts
		return words


def _end_of(mark: str, markup: str, start: int) -> int:
	found = markup.find(mark, start)
	return len(markup) if found < 0 else found + len(mark)


def _end_of_unseen(name: str, markup: str, start: int) -> int:
	"""Where text is seen again. A head may be left open; the body closes it."""
	end = r"</head\b|<body\b" if name == "head" else rf"</{name}\b"
	found = re.compile(rf"(?={end})", re.IGNORECASE).search(markup, start)
	return found.end() if found else len(markup)


class _Text:
	def __init__(self) -> None:
		self._parts: list[str] = []
		self._open_pre = 0

	def whole(self) -> str:
		return "".join(self._parts)

	def add(self, words: str) -> None:
		"""Adds text from between tags; only within <pre> do its line breaks mean anything."""
		if not self._open_pre:
			words = _SPACES.sub(" ", words)
			words = words.lstrip() if self._is_at_line_start() else words
		if words:
			self._parts.append(words)

	def mark(self, tag: str, closing: bool) -> None:
		"""Adds the white space that a tag stands for."""
		if tag == "br":
			self._parts.append("\n")
		elif tag in ("td", "th") and closing:
			self._parts.append(" ")
		elif _BLOCK.fullmatch(tag) and not self._is_at_line_start():
			self._parts.append("\n\n" if tag == "p" and closing else "\n")
		if tag == "pre":
			self._open_pre = max(0, self._open_pre + (-1 if closing else 1))

	def _is_at_line_start(self) -> bool:
		return not self._parts or self._parts[-1].endswith("\n")
