from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels import clean
from lead_inbox.tests.unit.channels.strategies import texts


@given(texts, st.integers(10, 200))
def test_a_line_is_clean_and_cleaning_it_again_changes_nothing(text: str, limit: int) -> None:
	line = clean.one_line(text, limit)
	assert len(line) <= limit
	assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in line)
	assert clean.one_line(line, limit) == line


@given(texts, st.integers(10, 200))
def test_lines_are_clean_and_cleaning_them_again_changes_nothing(text: str, limit: int) -> None:
	lines = clean.many_lines(text, limit)
	assert len(lines) <= limit
	assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in lines if letter not in "\t\n")
	assert clean.many_lines(lines, limit) == lines


@pytest.mark.parametrize(
	("text", "line"),
	[
		("  Ada \t Lovelace\r\n ", "Ada Lovelace"),
		("Ada\x00 \x07Lovelace", "Ada Lovelace"),
		("exe.\u202etxt", "exe.txt"),
		("half \ud83d pair", "half pair"),
		("one\u2028two\x85three", "one two three"),
		("<script>", "<script>"),
		("👩‍🔧 नमस्ते", "👩‍🔧 नमस्ते"),
	],
)
def test_one_line(text: str, line: str) -> None:
	assert clean.one_line(text) == line


def test_a_cut_is_visible() -> None:
	assert clean.one_line("x" * 141) == "x" * 139 + "…"
	assert clean.one_line("x" * 140) == "x" * 140
	assert clean.many_lines("x" * 200, 100).endswith("\n[…]")


def test_line_breaks_of_every_system_stay() -> None:
	assert clean.many_lines("a\r\nb\rc\u2028d  \n\n\n\n e\x00") == "a\nb\nc\nd\n\n e"


def test_an_id_is_never_cut() -> None:
	assert clean.identifier(" " + "7" * 5000 + "\n") == "7" * 5000


@pytest.mark.parametrize("address", ["https://calls.example/1.mp3", "http://10.0.0.1/a?b=c#d"])
def test_web_addresses_stay(address: str) -> None:
	assert clean.web_address(f" {address}\n") == address


@pytest.mark.parametrize(
	"address",
	[
		"javascript:alert(1)",
		"java\nscript:alert(1)",
		"javascript://calls.example/%0aalert(1)",
		"ftp://calls.example/1.mp3",
		"data:text/html,x",
		"//calls.example/1.mp3",
		"https://",
		"https://[::1",
		"https://a b",
		'https://a.example/"onmouseover="alert(1)',
		"https://a.example/<b>",
		"https://a.example/" + "x" * 1000,
		"",
	],
)
def test_what_is_no_safe_link_is_dropped(address: str) -> None:
	assert clean.web_address(address) == ""
