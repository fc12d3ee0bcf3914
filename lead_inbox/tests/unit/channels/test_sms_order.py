from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.sms_order import START_WORDS, STOP_WORDS, sms_order

marks = st.text(st.sampled_from(" \t\n.!?,;:-_'\"()*👍✋️"), max_size=6)
words = st.sampled_from(sorted(STOP_WORDS | START_WORDS))


@pytest.mark.parametrize(
	"text",
	[
		"STOP",
		"stop",
		" Stop. ",
		"STOP ALL",
		"Stop!!",
		"“stop”",
		"UNSUBSCRIBE",
		"Cancel",
		"END",
		"quit",
		"ＳＴＯＰ",
		"Stopp",
		"ARRÊT",
		"arre\u0302t",
		"STOP ✋️",
		"στοπ",
		"ΣΤΟΠ",
		"СТОП",
		"Hủy",
		"ยกเลิก",
	],
)
def test_orders_to_stop(text: str) -> None:
	assert sms_order(text) == "Stop"


@pytest.mark.parametrize("text", ["START", "start.", "Unstop"])
def test_orders_to_start_again(text: str) -> None:
	assert sms_order(text) == "Start"


@pytest.mark.parametrize(
	"text",
	[
		"",
		"...",
		"Stop by at five",
		"Please stop",
		"don't stop",
		"yes",
		"stop1",
		"Huy",
		"I want to cancel",
		"the end",
	],
)
def test_ordinary_messages(text: str) -> None:
	assert sms_order(text) is None


@given(marks, words, marks, st.booleans())
def test_case_and_marks_around_the_word_do_not_count(before: str, word: str, after: str, upper: bool) -> None:
	expected = "Stop" if word in STOP_WORDS else "Start"
	assert sms_order(before + (word.upper() if upper else word) + after) == expected


@given(words, st.text(st.characters(whitelist_categories=("Lu", "Ll", "Lo")), min_size=1), st.booleans())
def test_a_sentence_with_the_word_in_it_is_no_order(word: str, other: str, first: bool) -> None:
	sentence = f"{word} {other}" if first else f"{other} {word}"
	joined = "".join(sentence.casefold().split())
	if joined not in STOP_WORDS | START_WORDS:  # "stop all" is one
		assert sms_order(sentence) is None


@given(st.text())
def test_any_text_is_an_order_or_none(text: str) -> None:
	assert sms_order(text) in ("Stop", "Start", None)


def test_a_word_in_a_long_text_of_marks_is_no_order() -> None:
	assert sms_order("." * 1_000_000 + "stop") is None
