from __future__ import annotations

import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.report import words


@pytest.mark.parametrize(
	("seconds", "said"),
	[
		(None, "–"),
		(0, "0 s"),
		(59, "59 s"),
		(60, "1 min"),
		(3599, "59 min"),
		(2 * 3600 + 5 * 60 + 59, "2 h 5 min"),
		(7200, "2 h"),
		(86400 + 3 * 3600, "1 d 3 h"),
		(12 * 86400 + 5 * 3600, "12 d"),
	],
)
def test_a_wait_is_said_in_at_most_two_units(seconds: int | None, said: str) -> None:
	assert words.elapsed(seconds) == said


@given(st.integers(min_value=0, max_value=10**9))
def test_business_time_is_never_said_in_days(seconds: int) -> None:
	assert not words.business(seconds).endswith(" d")


def test_a_long_business_wait_is_said_in_hours() -> None:
	assert words.business(30 * 3600 + 600) == "30 h"


@pytest.mark.parametrize(
	("part", "whole", "said"),
	[
		(0, 0, "–"),
		(0, 7, "0 %"),
		(1, 1000, "< 1 %"),
		(999, 1000, "> 99 %"),
		(7, 7, "100 %"),
		(1, 3, "33 %"),
	],
)
def test_a_share_never_hides_the_few(part: int, whole: int, said: str) -> None:
	assert words.percent(part, whole) == said


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_number_above_a_column_is_at_most_four_characters_and_never_too_big(value: int) -> None:
	said = words.short_number(value)

	assert len(said) <= 4
	unit = {"k": 10**3, "M": 10**6, "G": 10**9}.get(said[-1], 1)
	number = float(said.rstrip("kMG")) * unit
	assert value * 0.9 <= number <= value + 1e-6 * unit


def test_a_moment_is_said_alike_in_every_locale() -> None:
	assert words.moment(datetime(2026, 5, 3, 9, 7)) == "3 May 2026 09:07"


def test_the_rest_of_a_list_is_told_only_where_there_is_one() -> None:
	assert words.more(50, 50) == ""
	assert words.more(1061, 50) == "And 1,011 more: --format json lists them all."


@given(st.text())
def test_what_is_shown_gives_no_orders_to_a_terminal_and_turns_no_text_around(text: str) -> None:
	shown = words.printable(text)

	assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
	assert not set("\u202e\u2066\u200f") & set(shown)


@pytest.mark.parametrize("name", ["Γιώργος Παπαδάκης", "Trần Văn An", "👩‍👧 Ada", "O'Neill & Søn <i>"])
def test_names_are_shown_as_they_are(name: str) -> None:
	assert words.printable(name) == name
