"""Periods, shares and sums of the reports on conversion (CO-10)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.rates.rate_rules import (
	Figures,
	Interval,
	Outcomes,
	Visits,
	next_period,
	percent,
	period_label,
	period_start,
	periods,
	prorated,
	ratio,
	total,
)

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
intervals = st.sampled_from(Interval)


@pytest.mark.parametrize(
	("interval", "start", "label"),
	[
		(Interval.DAY, date(2027, 1, 1), "2027-01-01"),
		(Interval.WEEK, date(2026, 12, 28), "2026-W53"),
		(Interval.MONTH, date(2027, 1, 1), "2027-01"),
		(Interval.QUARTER, date(2027, 1, 1), "2027-Q1"),
	],
)
def test_a_day_belongs_to_a_period(interval: Interval, start: date, label: str) -> None:
	assert period_start(date(2027, 1, 1), interval) == start
	assert period_label(start, interval) == label


@given(days, st.integers(1, 400), intervals)
def test_periods_follow_each_other_and_hold_every_day_once(since: date, length: int, interval: Interval):
	until = since + timedelta(days=length)
	starts = periods(since, until, interval)
	assert starts[0] <= since < next_period(starts[0], interval)
	assert [next_period(start, interval) for start in starts[:-1]] == starts[1:]
	assert starts[-1] < until <= next_period(starts[-1], interval)
	assert len({period_label(start, interval) for start in starts}) == len(starts)


@given(days, st.integers(1, 200), st.integers(-50, 50), st.integers(1, 300), intervals)
def test_shares_of_all_periods_make_up_the_part_within(first, length, offset, span, interval) -> None:
	last = first + timedelta(days=length - 1)
	since = first + timedelta(days=offset)
	until = since + timedelta(days=span)
	whole = prorated(1000, first, last, since, until)
	parts = (
		prorated(1000, first, last, max(start, since), min(next_period(start, interval), until))
		for start in periods(since, until, interval)
	)
	assert sum(parts) == pytest.approx(whole)
	assert 0 <= whole <= 1000


def test_a_period_that_cuts_an_amount_gets_its_days() -> None:
	june_to_july = (date(2026, 6, 1), date(2026, 7, 30))  # sixty days
	assert prorated(600, *june_to_july, date(2026, 7, 1), date(2026, 8, 1)) == 300
	assert prorated(600, *june_to_july, date(2026, 1, 1), date(2027, 1, 1)) == 600
	assert prorated(600, *june_to_july, date(2026, 7, 31), date(2027, 1, 1)) == 0


def test_division_by_nothing_is_nothing() -> None:
	assert percent(1, 3) == 33.3
	assert (percent(0, 4), ratio(0, 4)) == (0, 0)
	assert [percent(4, 0), percent(4, None), percent(None, 4), ratio(1, 0), ratio(None, 0)] == [None] * 5
	assert Outcomes(undecided=3).win_rate is None
	assert Outcomes(won=1, lost=3, undecided=3).win_rate == 25


def test_counted_and_typed_visits_are_added_and_unknown_is_not_zero() -> None:
	assert (Figures().visitors, Figures().sessions) == (None, None)
	figures = Figures(counted=Visits(10, 20), typed=Visits(5.5, None))
	assert (figures.visitors, figures.sessions) == (15.5, 20)


def test_the_whole_is_the_sum_without_visits() -> None:
	one = Figures(leads=3, mql=2, sql=1, converted=1, times=Counter({60: 1}), cost=5.0, revenue=None)
	two = Figures(leads=1, converted=2, times=Counter({60: 1, 120: 1}), typed=Visits(9, 9), revenue=7.0)
	whole = total([one, two])
	assert (whole.leads, whole.mql, whole.sql, whole.converted) == (4, 2, 1, 3)
	assert (whole.cost, whole.revenue, whole.visitors) == (5, 7, None)
	assert (whole.time_to_convert(0.5), whole.time_to_convert(0.9)) == (60, 120)
	assert total([]).is_empty
