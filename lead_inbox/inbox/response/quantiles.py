"""Medians and percentiles of values that were counted by the database. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def quantile(counts: Iterable[tuple[int, int]], share: float) -> int | None:
	"""Return the smallest value that at least `share` of all values do not exceed; None of no values.

	counts: values in rising order, each with how often it occurred. share: above 0, at most 1. So the
	answer is a value that occurred, never one between two.
	"""
	counted = list(counts)
	wanted = share * sum(times for _value, times in counted)
	seen = 0
	for value, times in counted:
		seen += times
		if seen >= wanted:
			return value
	return None
