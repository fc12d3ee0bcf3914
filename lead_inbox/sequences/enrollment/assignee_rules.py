"""Who does a step when the one who should can't (SQ-4). Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def first_available(wanted: Iterable[str | None], is_available: Callable[[str], bool]) -> str | None:
	"""Return the first of the wanted users who can do it, None when nobody can: then it is unassigned."""
	return next((user for user in wanted if user and is_available(user)), None)
