"""What a review may say and when its customer is asked: requirement BO-8."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.bookings.reviewing.review_rules import (
	LONGEST,
	Fault,
	Refusal,
	Said,
	answer_fault,
	ask_on,
	asks,
	clean,
	fault_of,
	read,
	refusal,
)
from lead_inbox.bookings.rules import Status

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))


@pytest.mark.parametrize("stars", ["1", "2", "3", "4", "5"])
def test_one_to_five_stars_can_be_given_without_a_word(stars):
	said = read(stars, "")
	assert said == Said(int(stars), "")
	assert fault_of(said) is None


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "55", "5.0", "five", "1;drop", "٥", "⁵"])
def test_anything_else_is_no_choice_of_stars(stars):
	assert fault_of(read(stars, "Very good")) is Fault.NO_STARS


@given(st.text(max_size=8))
def test_whatever_is_sent_for_stars_there_are_none_or_one_to_five(text):
	assert read(text, "").stars in range(6)


def test_words_are_kept_as_they_were_written():
	words = "Très bien!\n\n<b>5 > 4</b> & \"quoted\" 'too' 🙂"
	assert read("5", f"  {words}\r\n").words == words


def test_what_nobody_can_see_goes():
	assert read("5", "Good\u202e\x00\u200b work\x07").words == "Good work"


def test_line_breaks_of_a_browser_count_once():
	words = "\r\n".join("x" for _ in range(LONGEST // 2))
	assert fault_of(read("4", words)) is None


def test_too_long_is_told_and_nothing_is_cut_off():
	said = read("4", "x" * (LONGEST + 1))
	assert fault_of(said) is Fault.TOO_LONG
	assert len(said.words) == LONGEST + 1


@given(st.text(max_size=LONGEST + 50))
def test_cleaning_twice_is_cleaning_once(text):
	once = clean(text)
	assert clean(once) == once
	assert len(once) <= len(text)


@pytest.mark.parametrize(
	("text", "fault"),
	[("Thank you", None), ("", Fault.EMPTY), (clean(" \n\u200b"), Fault.EMPTY), ("x" * 2001, Fault.TOO_LONG)],
)
def test_an_answer_says_something_and_not_too_much(text, fault):
	assert answer_fault(text) is fault


@pytest.mark.parametrize("status", Status)
def test_only_what_happened_is_reviewed_and_only_once(status):
	expected = None if status is Status.COMPLETED else Refusal.NOT_COMPLETED
	assert refusal(status, is_given=False) is expected
	assert refusal(status, is_given=True) is Refusal.GIVEN


@pytest.mark.parametrize("status", Status)
@given(wanted=st.booleans(), is_given=st.booleans())
def test_customers_are_asked_only_of_what_happened(status, wanted, is_given):
	expected = status is Status.COMPLETED and wanted and not is_given
	assert asks(status, wanted=wanted, is_given=is_given) is expected


@given(now=MOMENTS, ends_on=MOMENTS, after_hours=st.integers(0, 1000))
def test_nobody_is_asked_before_the_end_or_at_night(now, ends_on, after_hours):
	wanted = max(now, ends_on) + timedelta(hours=after_hours)
	due = ask_on(now, ends_on, after_hours)
	assert time(9) <= due.time() < time(21)
	assert wanted <= due < wanted + timedelta(hours=12, seconds=1)


@pytest.mark.parametrize(
	("ends_at", "asked_at"),
	[
		(datetime(2026, 3, 2, 18, 59), datetime(2026, 3, 2, 20, 59)),
		(datetime(2026, 3, 2, 19, 0), datetime(2026, 3, 3, 9, 0)),
		(datetime(2026, 3, 2, 23, 30), datetime(2026, 3, 3, 9, 0)),
		(datetime(2026, 3, 2, 6, 0), datetime(2026, 3, 2, 9, 0)),
		(datetime(2026, 12, 31, 22, 0), datetime(2027, 1, 1, 9, 0)),
	],
)
def test_a_question_that_would_come_at_night_waits_for_the_morning(ends_at, asked_at):
	assert ask_on(ends_at, ends_at, 2) == asked_at
