"""Reads the values of one payload, so that each parser only says which value goes where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from lead_inbox.channels import clean, values
from lead_inbox.channels.event import Direction, MalformedEvent

T = TypeVar("T")

EXTRA_COUNT = 100  # entries of LeadEvent.extra; the stored Lead Event still has all that arrived
EXTRA_DEPTH = 10
FAULT_COUNT = 20  # a sender that gets this much wrong will not read more
_MORE = "…"


class PayloadReader:
	"""Cleans values and collects what is wrong with them, to report every fault of a payload at once.

	`name` is the source's own name of the value. Call raise_faults() when all is read.
	"""

	def __init__(self) -> None:
		self.faults: dict[str, str] = {}
		self.extra: dict[str, str] = {}

	def line(self, name: str, value: object, limit: int = clean.LINE_LIMIT) -> str:
		"""A text on one line. One that is too long is cut, and kept whole in `extra`."""
		text = self._convert(name, value, values.to_text, "")
		whole = clean.one_line(text, clean.TEXT_LIMIT)
		if len(whole) > limit:
			self.keep(name, whole)
		return clean.one_line(whole, limit)

	def lines(self, name: str, value: object, limit: int = clean.TEXT_LIMIT) -> str:
		"""A text with its line breaks. One that is too long is cut, and kept up to TEXT_LIMIT in `extra`."""
		text = self._convert(name, value, values.to_text, "")
		whole = clean.many_lines(text)
		if len(whole) > limit:
			self.keep(name, whole)
		return clean.many_lines(whole, limit)

	def identifier(self, name: str, value: object) -> str:
		"""An opaque id, uncut."""
		return clean.identifier(self._convert(name, value, values.to_text, ""))

	def address(self, name: str, value: object) -> str:
		"""A link. What is no http(s) address is kept in `extra`, where it is only text."""
		text = self._convert(name, value, values.to_text, "")
		address = clean.web_address(text)
		if not address:
			self.keep(name, text)
		return address

	def moment(self, name: str, value: object, zone: ZoneInfo) -> datetime | None:
		"""A point in time, aware; `zone` applies when the value names none."""
		return self._convert(name, value, lambda given: values.to_moment(given, zone), None)

	def amount(self, name: str, value: object) -> Decimal | None:
		"""A sum of money."""
		return self._convert(name, value, values.to_amount, None)

	def seconds(self, name: str, value: object) -> int:
		"""A duration in seconds."""
		return self._convert(name, value, values.to_seconds, 0)

	def direction(self, name: str, value: object) -> Direction:
		"""Which way a message or call went."""
		return self._convert(name, value, values.to_direction, "In")

	def flag(self, name: str, value: object) -> bool:
		"""A yes or no."""
		return self._convert(name, value, values.to_flag, False)

	def keep(self, label: str, text: str) -> None:
		"""Adds to `extra`; an empty text is left out, a label in use gets a number."""
		text = clean.many_lines(text)
		if not text or _MORE in self.extra:
			return
		if len(self.extra) == EXTRA_COUNT:
			self.extra[_MORE] = _MORE
			return
		label = clean.one_line(label, clean.LINE_LIMIT - 6) or "?"
		self.extra[self._unused(label)] = text

	def keep_all(self, payload: object, known: set[str]) -> None:
		"""Adds every value within `payload` that is not at one of the `known` paths."""
		for path, value in leaves(payload):
			if path not in known:
				self.keep(path, _leaf_text(value))

	def fault(self, name: str, message: str) -> None:
		"""Notes what is wrong with a value; the first fault of a name counts."""
		if len(self.faults) < FAULT_COUNT:
			self.faults.setdefault(clean.one_line(name), message)

	def raise_faults(self) -> None:
		"""Raises MalformedEvent when anything was wrong."""
		if self.faults:
			raise MalformedEvent(self.faults)

	def _convert(self, name: str, value: object, convert: Callable[[object], T], otherwise: T) -> T:
		try:
			return convert(value)
		except values.WrongValue as error:
			self.fault(name, error.message)
			return otherwise

	def _unused(self, label: str) -> str:
		numbered, number = label, 1
		while numbered in self.extra:
			number += 1
			numbered = f"{label} ({number})"
		return numbered


def as_object(payload: object) -> dict[str, object]:
	"""The payload when it is an object. Raises MalformedEvent."""
	if not isinstance(payload, dict):
		raise MalformedEvent({"body": values.NOT_AN_OBJECT})
	return payload


def leaves(payload: object) -> Iterator[tuple[str, object]]:
	"""Every single value within nested objects and lists by its dotted path, in the order of the text.

	A stack, not recursion, because a sender chooses how deep its payload is nested.
	"""
	stack: list[tuple[str, object, int]] = [("", payload, 0)]
	while stack:
		path, value, depth = stack.pop()
		children = list(_children(value))
		if not children or depth == EXTRA_DEPTH:
			yield path, _MORE if children else value
			continue
		prefix = f"{path}." if path else ""
		stack.extend((f"{prefix}{key}", child, depth + 1) for key, child in reversed(children))


def _children(value: object) -> Iterator[tuple[object, object]]:
	if isinstance(value, dict):
		yield from value.items()
	elif isinstance(value, list):
		yield from enumerate(value)


def _leaf_text(value: object) -> str:
	if isinstance(value, bool):
		return "true" if value else "false"
	try:
		return values.to_text(value)
	except values.WrongValue:
		return ""  # an empty list or object; or an integer too long to print
