"""Opening hours as people type them."""

from __future__ import annotations

from datetime import time

import pytest
from click import BadParameter
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.options.hours import DAYS, read_hours
from lead_inbox.inbox.response.working_time import END_OF_DAY, Hours, have_overlap

NINE_TO_FIVE = ((time(9), time(17)),)


def open_on(*days: str, hours: tuple[Hours, ...] = NINE_TO_FIVE) -> tuple[tuple[Hours, ...], ...]:
	return tuple(hours if day[:3] in days else () for day in DAYS)


@pytest.mark.parametrize(
	"text",
	[
		"Mon-Fri 09:00-17:00",
		"mon-fri 9-17",
		"Monday - Friday 09:00 \u2013 17:00",
		"Mon Tue Wed-Fri 09:00-17:00",
		"Fri 9:00-17:00, Mon-Thu 9:00-17:00",
	],
)
def test_a_working_week_in_several_spellings(text: str) -> None:
	assert read_hours(text) == open_on("Mon", "Tue", "Wed", "Thu", "Fri")


def test_a_break_and_another_day() -> None:
	week = read_hours("Mon 13:30-17:00 09:00-12:30, Sat 10:00-13:00")
	assert week[0] == ((time(9), time(12, 30)), (time(13, 30), time(17)))
	assert week[5] == ((time(10), time(13)),)
	assert [bool(hours) for hours in week] == [True, False, False, False, False, True, False]


def test_days_go_on_over_the_weekend() -> None:
	assert read_hours("Sat-Mon 09:00-17:00") == open_on("Sat", "Sun", "Mon")


@pytest.mark.parametrize("closes", ["24:00", "00:00", "24"])
def test_the_end_of_the_day_is_midnight(closes: str) -> None:
	assert read_hours(f"Sun 20:00-{closes}")[6] == ((time(20), END_OF_DAY),)


@pytest.mark.parametrize(
	("text", "reason"),
	[
		("", "needs days and then hours"),
		("Mon-Fri", "needs days and then hours"),
		("09:00-17:00", "needs days and then hours"),
		("Mon 09:00-17:00,", "needs days and then hours"),
		("Mond\u00e9 09:00-17:00", "is not a day of the week"),
		("T 09:00-17:00", "is not a day of the week"),
		("Mon 09:00", "is not from a time to a time"),
		("Mon 09:00-25:00", "is not from a time to a time"),
		("Mon 9am-5pm", "is not from a time to a time"),
		("Mon 22:00-06:00", "closes before it opens"),
		("Mon 09:00-09:00", "closes before it opens"),
		("Mon 09:00-12:00 11:00-17:00", "The hours of Monday overlap"),
		("Mon-Fri 09:00-17:00, Fri 16:00-18:00", "The hours of Friday overlap"),
	],
)
def test_what_are_no_hours_is_refused_with_an_example(text: str, reason: str) -> None:
	with pytest.raises(BadParameter, match=reason) as refused:
		read_hours(text)
	assert '"Mon-Fri 09:00-12:30 13:30-17:00, Sat 10:00-13:00"' in refused.value.message


@given(text=st.text(alphabet="MonTueSatFri0123459: -,\u2013x\0"))
def test_whatever_is_typed_is_a_sound_week_or_refused_in_words(text: str) -> None:
	try:
		week = read_hours(text)
	except BadParameter:
		return
	assert len(week) == len(DAYS)
	assert any(week)
	assert all(hours == tuple(sorted(hours)) and not have_overlap(hours) for hours in week)
