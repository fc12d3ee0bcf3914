from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.findings import AgingDay, Conversions
from lead_inbox.audit.report import charts
from lead_inbox.audit.report.tables import Wait
from lead_inbox.inbox.rules import Status

COUNTS = st.integers(min_value=0, max_value=10**7)
SHARE = r"(-?[\d.]+)%"


def rectangles(chart: str) -> list[tuple[float, float, float, float, str]]:
	"""Return left, top, width (in percent) and height of each rectangle, and its color."""
	found = re.findall(
		rf'<rect x="{SHARE}" y="(-?[\d.]+)" width="{SHARE}" height="([\d.]+)" class="([\w-]+)"', chart
	)
	return [(float(x), float(y), float(w), float(h), kind) for x, y, w, h, kind in found]


@given(st.lists(COUNTS, min_size=6, max_size=6))
def test_the_states_fill_the_bar_without_overlap(counts: list[int]) -> None:
	states = dict(zip((status.value for status in Status), counts, strict=True))
	place = 0.0
	for left, _top, width, _height, kind in rectangles(charts.state_bar(states)):
		assert left == pytest.approx(place, abs=0.01)
		assert kind.startswith("state-")
		place = left + width
	assert place == pytest.approx(100 if sum(counts) else 0, abs=0.02)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=15))
def test_columns_stay_in_the_chart_and_are_as_high_as_their_numbers(days: list[tuple[int, int]]) -> None:
	shown = [AgingDay(date(2026, 1, 1) + timedelta(n), *counts) for n, counts in enumerate(days)]
	highest = max(map(sum, days))
	drawn = rectangles(charts.aging_columns(shown))

	assert len(drawn) == sum(bool(count) for day in days for count in day)
	assert all(left >= 0 and left + width <= 100.01 for left, _top, width, _height, _kind in drawn)
	assert all(top >= charts.TOP - 0.02 for _left, top, *_rest in drawn)
	total = sum(height for _left, _top, _width, height, _kind in drawn)
	if highest:
		expected = sum(map(sum, days)) / highest * charts.PLOT
		assert total == pytest.approx(expected, abs=0.02 * len(drawn))


def test_quiet_leads_stand_on_top_of_unanswered_ones() -> None:
	unanswered, quiet = rectangles(charts.aging_columns([AgingDay(date(2026, 1, 1), 30, 10)]))

	assert (unanswered[4], quiet[4]) == ("unanswered", "quiet")
	assert unanswered[1] + unanswered[3] == pytest.approx(charts.TOP + charts.PLOT, abs=0.02)
	assert quiet[1] + quiet[3] == pytest.approx(unanswered[1], abs=0.02)


def test_what_became_of_a_month_stands_within_its_column() -> None:
	drawn = rectangles(charts.month_columns([Conversions("2026-03", 40, 30, 10, 20, 2)], True))
	leads, *inner = drawn

	assert [kind for *_place, kind in drawn] == ["leads", "answered", "booked", "converted"]
	assert all(leads[0] < left and left + width < leads[0] + leads[2] for left, _t, width, _h, _k in inner)
	assert inner[0][3] == pytest.approx(leads[3] * 30 / 40, abs=0.02)


def test_bookings_nobody_tells_of_are_not_drawn() -> None:
	drawn = rectangles(charts.month_columns([Conversions("2026-03", 40, 30, 0, 0, 2)], False))

	assert [kind for *_place, kind in drawn] == ["leads", "answered"]


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=10**9))
def test_waits_of_any_length_stand_on_the_scale_in_their_order(first: int, second: int) -> None:
	median, ninetieth = sorted((first, second))
	wait = Wait("First response", False, 2, median, ninetieth)
	marks = charts.marks_for([wait])
	line = charts.wait_line(wait, marks)
	places = [float(place) for place in re.findall(rf'<circle cx="{SHARE}"', line)]

	assert len(marks) >= 2
	assert 0 <= places[1] <= places[0] <= 100
