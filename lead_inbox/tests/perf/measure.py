"""Timing two sides in one run, and what their times say."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
	"median": statistics.median,
	"p95": lambda seconds: percentile(seconds, 95),
}


@dataclass(frozen=True)
class Comparison:
	"""One row of requirement QU-1. Times are seconds for one operation, in the order they were taken."""

	what: str
	against: str
	at_most: float
	size: str
	seconds: Sequence[float]
	seconds_against: Sequence[float]
	statistics: tuple[str, ...] = ("median",)

	def ratio(self, statistic: str) -> float:
		compute = STATISTICS[statistic]
		return compute(self.seconds) / compute(self.seconds_against)

	@property
	def is_within(self) -> bool:
		return all(self.ratio(statistic) <= self.at_most for statistic in self.statistics)


def percentile(seconds: Sequence[float], percent: float) -> float:
	"""The smallest time that at least `percent` of all times do not exceed."""
	ordered = sorted(seconds)
	return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def time_of(action: Callable[[], object]) -> float:
	started = time.perf_counter()
	action()
	return time.perf_counter() - started


def alternate(
	rounds: int, ours: Callable[[], Iterable[float]], theirs: Callable[[], Iterable[float]]
) -> tuple[list[float], list[float]]:
	"""Take turns, so that whatever else the machine does falls on both sides; each round swaps who is first."""
	taken: tuple[list[float], list[float]] = ([], [])
	for number in range(rounds):
		turns = [(taken[0], ours), (taken[1], theirs)]
		for seconds, side in turns if number % 2 == 0 else reversed(turns):
			seconds.extend(side())
	return taken
