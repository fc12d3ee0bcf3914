"""What the booking page reads from a browser, and the days that it shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.pages import page_rules
from lead_inbox.bookings.pages.page_rules import Step, by_day, moment_text, read, week_of

TODAY = date(2026, 11, 25)
dates = st.dates(date(2020, 1, 1), date(2030, 1, 1))
horizons = st.integers(0, 400).map(lambda days: timedelta(days=days))


class TestReading:
	def test_takes_what_its_own_links_say(self):
		asked = read(
			{"service": " Visit ", "from": "2026-11-26", "start": "2026-11-27T10:05", "step": "move"}
		)

		assert (asked.service, asked.since) == ("Visit", date(2026, 11, 26))
		assert (asked.starts_on, asked.step) == (datetime(2026, 11, 27, 10, 5), Step.MOVE)

	@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
	def test_a_start_is_read_as_it_was_written(self, moment):
		moment = moment.replace(second=0, microsecond=0)
		assert read({"start": moment_text(moment)}).starts_on == moment

	@given(st.dictionaries(st.sampled_from(["service", "from", "start", "step", "key"]), st.text()))
	def test_never_fails_on_what_a_browser_sends(self, sent):
		asked = read(sent)
		assert len(asked.key) <= page_rules.KEY_LENGTH

	@pytest.mark.parametrize(
		"start",
		["", "soon", "2026-13-01T10:00", "2026-11-27T10:00+01:00", "0001-01-01T00:00", "9999-12-31T23:59"],
	)
	def test_a_moment_of_another_clock_or_none_at_all_is_not_asked(self, start):
		assert read({"start": start}).starts_on is None

	@pytest.mark.parametrize("value", [None, 3, ["x"], {}])
	def test_what_is_no_text_is_not_sent(self, value):
		assert read({"service": value, "from": value, "step": value}) == read({})


class TestWeeks:
	def test_begins_today_unless_another_day_is_asked_for(self):
		week = week_of(None, TODAY, timedelta(days=60))
		assert (week.first, week.until) == (TODAY, TODAY + timedelta(days=7))
		assert week.earlier is None and week.later == TODAY + timedelta(days=7)

	@given(st.none() | dates, horizons)
	def test_shows_no_day_that_is_past_and_begins_on_one_that_can_be_booked(self, since, horizon):
		week = week_of(since, TODAY, horizon)
		assert TODAY <= week.first <= TODAY + horizon
		assert week.until - week.first == timedelta(days=7)

	@given(horizons)
	def test_going_on_comes_to_every_day_that_can_be_booked_and_ends(self, horizon):
		seen: set[date] = set()
		week = week_of(None, TODAY, horizon)
		while True:
			seen |= {week.first + timedelta(days=number) for number in range(7)}
			if not week.later:
				break
			week = week_of(week.later, TODAY, horizon)
		assert {TODAY + timedelta(days=number) for number in range(horizon.days + 1)} <= seen

	@given(dates, horizons)
	def test_there_is_an_earlier_week_exactly_after_today(self, since, horizon):
		week = week_of(since, TODAY, horizon)
		assert (week.earlier is None) == (week.first == TODAY)
		assert week.earlier is None or TODAY <= week.earlier < week.first


@given(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1))))
def test_by_day_keeps_all_in_order(moments):
	days = by_day((moment, moment) for moment in moments)

	assert [moment for of_day in days.values() for moment in of_day] == sorted(moments)
	assert all(moment.date() == day for day, of_day in days.items() for moment in of_day)
