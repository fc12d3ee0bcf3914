"""Exports write the same moment in many ways; an audit has to read the right one, or say that it can't."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.files.date_shapes import MONTHS, UNKNOWN_ZONE
from lead_inbox.audit.files.dates import A_NUMBER, NO_MOMENT, DateReader
from lead_inbox.audit.told import Unreadable

ATHENS = ZoneInfo("Europe/Athens")
FIVE_PAST_THREE = datetime(2026, 11, 28, 15, 5, tzinfo=ATHENS)


def read(value: object, *learnt: str) -> datetime | None:
	reader = DateReader(ATHENS)
	reader.learn(learnt)
	return reader.read(value)


@pytest.mark.parametrize(
	"written",
	[
		"2026-11-28T15:05:00",
		"2026-11-28 15:05:00",
		" 2026-11-28 15:05 ",
		"2026/11/28 15:05",
		"11/28/2026 3:05 PM",
		"11/28/26 3:05 pm",
		"11/28/2026, 3:05:00\N{NARROW NO-BREAK SPACE}PM",
		"28/11/2026 15:05",
		"28.11.2026 15:05:00",
		"28.11.26, 15:05",
		"28-11-2026 15:05",
		"28-Nov-2026 15:05",
		"28 November 2026 at 3:05 p.m.",
		"Nov 28, 2026, 3:05 PM",
		"November 28th, 2026 3:05 PM",
		"Saturday, November 28, 2026 at 3:05 PM",
		"2026-11-28T15:05:00+02:00",
		"2026-11-28T13:05:00Z",
		"2026-11-28 13:05:00 UTC",
		"2026-11-28 08:05:00 America/New_York",
		"Nov 28, 2026, 8:05 AM EST",
		"11/28/2026 18:35 GMT+5:30",
		"Sat, 28 Nov 2026 08:05:00 -0500",
		"Sat Nov 28 2026 15:05:00 GMT+0200 (Eastern European Standard Time)",
		1795871100,
		"1795871100",
		1795871100000,
		1795871100.0,
		Decimal("1795871100"),
	],
)
def test_each_way_to_write_a_moment_is_read(written: object) -> None:
	assert read(written) == FIVE_PAST_THREE


@pytest.mark.parametrize("written", [None, "", "  ", "-", "--", "N/A"])
def test_what_says_nothing_is_no_moment(written: object) -> None:
	assert read(written) is None


@pytest.mark.parametrize(
	("written", "reason"),
	[
		("yesterday", NO_MOMENT),
		("30/30/2026", NO_MOMENT),
		("2026-02-30", NO_MOMENT),
		("2026-11-28 25:00", NO_MOMENT),
		("11/28/2026 13:05 PM", NO_MOMENT),
		("11/28/1826", NO_MOMENT),
		("28 Brumaire 2026", NO_MOMENT),
		("2026-11-28 " + "9" * 1000, NO_MOMENT),
		(True, NO_MOMENT),
		(["2026-11-28"], NO_MOMENT),
		("46354.62", A_NUMBER),
		(46354, A_NUMBER),
		("20261128", A_NUMBER),
		("11/28/2026 3:05 PM IST", UNKNOWN_ZONE),
		("11/28/2026 15:05 Europe/Atlantis", UNKNOWN_ZONE),
		("11/28/2026 15:05 ../../etc/passwd", NO_MOMENT),
		("11/28/2026 15:05 GMT+99", UNKNOWN_ZONE),
	],
)
def test_what_is_no_moment_is_refused_in_words(written: object, reason: str) -> None:
	with pytest.raises(Unreadable) as refusal:
		read(written)
	assert str(refusal.value) == reason


@pytest.mark.parametrize(("written", "hour"), [("12:30 AM", 0), ("12:30 PM", 12), ("1:30 PM", 13)])
def test_noon_and_midnight_of_a_clock_of_twelve(written: str, hour: int) -> None:
	moment = read(f"11/28/2026 {written}")
	assert moment and (moment.hour, moment.minute) == (hour, 30)


@pytest.mark.parametrize(
	("learnt", "month"),
	[
		((), 3),
		(("28/11/2026",), 4),
		(("11/28/2026 3:05 PM",), 3),
		(("28.11.2026",), 3),
		(("28/28/2026", "hi"), 3),
	],
)
def test_other_dates_of_the_file_show_the_order_of_day_and_month(learnt: tuple[str, ...], month: int) -> None:
	moment = read("3/4/2026 10:00", *learnt)
	assert moment and moment.month == month


@pytest.mark.parametrize(
	("written", "month"), [("3/4/2026", 3), ("3.4.2026", 4), ("3-4-2026", 4), ("3-4-2026 5:00 PM", 3)]
)
def test_where_nothing_shows_the_order_the_custom_does_and_a_note_says_so(written: str, month: int) -> None:
	reader = DateReader(ATHENS)
	moment = reader.read(written)
	assert moment and moment.month == month
	assert reader.notes[0].startswith("Nothing shows for sure what 3")
	assert f"1 such date was read with the {'month' if month == 3 else 'day'} first" in reader.notes[0]


def test_a_file_that_shows_the_order_needs_no_note() -> None:
	reader = DateReader(ATHENS)
	reader.learn(["28/11/2026 15:05"])
	reader.read("3/4/2026 10:00")
	reader.read("2026-03-04 10:00")
	reader.read("4/4/2026 10:00")
	assert reader.notes == ()


def test_a_file_that_contradicts_itself_is_noted_and_clear_dates_are_read_as_they_are() -> None:
	reader = DateReader(ATHENS)
	reader.learn(["28/11/2026", "27/11/2026", "11/28/2026"])
	moments = [reader.read(text) for text in ("28/11/2026 1:00", "11/28/2026 1:00", "3/4/2026 1:00")]
	assert [moment and (moment.month, moment.day) for moment in moments] == [(11, 28), (11, 28), (4, 3)]
	assert len(reader.notes) == 1 and "the day first" in reader.notes[0]


def test_dates_without_a_time_of_day_are_noted() -> None:
	reader = DateReader(ATHENS)
	moments = [reader.read(text) for text in ("2026-11-28", "28.11.2026", "Nov 28, 2026")]
	assert moments == [datetime(2026, 11, 28, tzinfo=ATHENS)] * 3
	assert reader.notes == (
		"3 dates without a time of day: midnight was taken, so waits that begin or end there are inexact.",
	)


MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2998, 12, 31)).map(
	lambda moment: moment.replace(microsecond=0)
)


@given(MOMENTS)
def test_a_moment_means_the_same_in_every_style(moment: datetime) -> None:
	day, clock = moment.day, f"{moment:%H:%M:%S}"
	month, year = MONTHS[moment.month - 1].title(), f"{moment.year:04}"
	half = f"{moment.hour % 12 or 12}:{moment:%M:%S} {'PM' if moment.hour >= 12 else 'AM'}"
	expected = moment.replace(tzinfo=ATHENS)
	for text in (
		moment.isoformat(),
		f"{year}/{moment.month}/{day} {clock}",
		f"{month} {day}, {year}, {half}",
		f"{day}-{month}-{year} {clock}",
	):
		assert read(text) == expected
	assert read(f"{moment.month}/{day}/{year} {half}", "12/31/2026") == expected
	assert read(f"{day}/{moment.month}/{year} {clock}", "31/12/2026") == expected


@given(MOMENTS, st.integers(-14 * 60, 14 * 60))
def test_an_offset_counts_more_than_the_zone(moment: datetime, minutes: int) -> None:
	expected = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
	assert read(expected.isoformat()) == expected
	assert read(f"{moment.month}/{moment.day}/{moment.year} {expected:%H:%M:%S %z}", "12/31/2026") == expected


@given(
	st.one_of(
		st.text(),
		st.floats(),
		st.integers(),
		st.from_regex(r"\d+[/.-]\d+[/.-]\d+( \d+:\d+.*)?", fullmatch=True),
	)
)
def test_any_value_is_a_moment_or_is_refused(value: object) -> None:
	try:
		moment = read(value)
	except Unreadable as refusal:
		assert str(refusal) in (NO_MOMENT, A_NUMBER, UNKNOWN_ZONE)
	else:
		assert moment is None or moment.tzinfo is not None
