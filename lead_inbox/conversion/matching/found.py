"""The records that were found for a lead, each with its reasons in the order of their weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Found:
	"""Names of records and the words for why they were found.

	Weigh: the first reason that is given for a record is its strongest, so ask for the strongest first.
	"""

	def __init__(self) -> None:
		self.reasons: dict[str, list[str]] = {}

	def add(self, names: Iterable[str], reason: str) -> None:
		for name in names:
			reasons = self.reasons.setdefault(name, [])
			if reason not in reasons:
				reasons.append(reason)

	def drop(self, names: Iterable[str]) -> None:
		for name in names:
			self.reasons.pop(name, None)

	def ranked(self, readable: Mapping[str, object]) -> list[str]:
		"""Return those that may be read: what has more reasons first, then what was found first."""
		names = [name for name in self.reasons if name in readable]
		return sorted(names, key=lambda name: -len(self.reasons[name]))
