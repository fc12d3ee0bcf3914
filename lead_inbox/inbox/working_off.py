"""Doing what is due, one thing after the other: what jobs and the scheduler have in common."""

from __future__ import annotations

import time
from collections.abc import Callable


def work_off(due: Callable[[], list[str]], act: Callable[[str], None], seconds: float) -> bool:
	"""Do what is due in the order in which it is found; return False when the time ran out before the work.

	due: returns a batch of names. It is asked again until it has nothing new: what could not be done stays
	due, and is left for the next run. act: does one and settles its own trouble, which must keep no other
	waiting.
	"""
	ends_at = time.monotonic() + seconds
	seen: set[str] = set()
	while names := [name for name in due() if name not in seen]:
		for name in names:
			if time.monotonic() > ends_at:
				return False
			seen.add(name)
			act(name)
	return True
