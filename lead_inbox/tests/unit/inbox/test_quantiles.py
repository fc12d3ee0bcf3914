"""Medians and percentiles of counted values: requirement IN-9."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.response.quantiles import quantile


@pytest.mark.parametrize(
	("values", "median", "ninetieth"),
	[
		([7], 7, 7),
		([1, 2], 1, 2),
		([1, 2, 3], 2, 3),
		([1, 1, 1, 9], 1, 9),
		(list(range(1, 11)), 5, 9),
		(list(range(1, 101)), 50, 90),
	],
)
def test_a_quantile_is_the_smallest_value_that_so_many_do_not_exceed(
	values: list[int], median: int, ninetieth: int
) -> None:
	counts = sorted(Counter(values).items())
	assert (quantile(counts, 0.5), quantile(counts, 0.9)) == (median, ninetieth)


def test_nothing_has_no_median() -> None:
	assert quantile([], 0.5) is None


@given(st.lists(st.integers(0, 50), min_size=1), st.sampled_from([0.1, 0.5, 0.9, 1]))
def test_it_occurred_and_no_smaller_one_would_do(values: list[int], share: float) -> None:
	found = quantile(sorted(Counter(values).items()), share)
	wanted = share * len(values)
	assert found in values
	assert sum(value <= found for value in values) >= wanted
	assert sum(value < found for value in values) < wanted
