"""Reads a JSON text of any length value by value, holding no more than one value of it."""

from __future__ import annotations

import re
from json import JSONDecodeError
from typing import Literal, TextIO

from lead_inbox.audit.files.json_values import DECODER

# Characters. A lead's texts have a hundredth of that.
LONGEST_VALUE = 4_000_000

BrokenBecause = Literal["cut off", "too long", "no JSON"]

_CHUNK = 1 << 18
_LONGEST_TOKEN = len("\\ud83d\\ude00")  # of those that are no JSON without their last character
_CLOSING = frozenset("]}")
_SPACE = re.compile(r"[ \t\n\r]*")


class BrokenJson(ValueError):
	"""Here the text stops being JSON, and nothing tells where it may start again."""

	def __init__(self, because: BrokenBecause) -> None:
		super().__init__(because)
		self.because = because


class JsonWindow:
	"""A piece of the text, moved forward by what is taken from it."""

	def __init__(self, text: TextIO) -> None:
		self._text = text
		self._piece = ""
		self._position = 0
		self._at_end = False

	def peek(self) -> str:
		"""The next character that is no white space, "" at the end of the text."""
		while True:
			self._position = _SPACE.match(self._piece, self._position).end()
			if self._position < len(self._piece):
				return self._piece[self._position]
			if self._at_end:
				return ""
			self._lengthen()

	def take(self, expected: str) -> str:
		"""The next character, which is one of those expected. Raises BrokenJson."""
		character = self.peek()
		if not character:
			raise BrokenJson("cut off")
		if character not in expected:
			raise BrokenJson("no JSON")
		self._position += 1
		return character

	def value(self) -> object:
		"""The next value, whole. Raises BrokenJson."""
		if not self.peek():
			raise BrokenJson("cut off")
		while True:
			try:
				value, end = DECODER.raw_decode(self._piece, self._position)
			except JSONDecodeError as error:
				self._refuse_unless_cut(error)
			except (ValueError, RecursionError):
				raise BrokenJson("no JSON") from None
			else:
				# A number may go on after the end of the piece.
				if end < len(self._piece) or self._at_end:
					self._position = end
					return value
			self._lengthen()

	def starts_with(self, pattern: re.Pattern[str], longest: int) -> bool:
		"""Whether the text goes on with the pattern, which needs at most so many characters."""
		self.peek()
		while len(self._piece) - self._position < longest and not self._at_end:
			self._lengthen()
		return pattern.match(self._piece, self._position) is not None

	def _refuse_unless_cut(self, error: JSONDecodeError) -> None:
		"""Raises BrokenJson unless the value may go on after the end of the piece."""
		in_a_string = error.msg.startswith("Unterminated string")
		left = self._piece[error.pos :]
		if not in_a_string and (len(left) > _LONGEST_TOKEN or not _CLOSING.isdisjoint(left)):
			raise BrokenJson("no JSON")
		if self._at_end:
			raise BrokenJson("cut off")

	def _lengthen(self) -> None:
		"""Twice as long each time, so that a long value is not parsed once for each piece of it."""
		kept = self._piece[self._position :]
		if len(kept) > LONGEST_VALUE:
			raise BrokenJson("too long")
		read = self._text.read(max(_CHUNK, len(kept)))
		self._at_end = not read
		self._piece = kept + read
		self._position = 0
