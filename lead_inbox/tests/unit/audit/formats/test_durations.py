from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.formats.durations import seconds_of
from lead_inbox.audit.told import Unreadable


@pytest.mark.parametrize(
	("written", "seconds"),
	[
		("75", 75),
		(75, 75),
		("75.4", 75),
		("1:15", 75),
		("01:01:15", 3675),
		("1 min 15 s", 75),
		("1m15s", 75),
		("2 hours, 3 minutes", 7380),
		("45 seconds", 45),
		("0:00", 0),
		("", 0),
		(None, 0),
		("–", 0),
	],
)
def test_how_exports_write_a_duration(written: object, seconds: int) -> None:
	assert seconds_of(written) == seconds


@pytest.mark.parametrize(
	"written", ["long", "1:75", "-5", "1:2:3:4", "h", "12 Main St", "9" * 5000, "1" + " " * 100_000 + "x"]
)
def test_what_is_no_duration(written: str) -> None:
	with pytest.raises(Unreadable):
		seconds_of(written)


@given(st.integers(0, 9), st.integers(0, 59), st.integers(0, 59))
def test_all_ways_of_writing_mean_the_same(hours: int, minutes: int, seconds: int) -> None:
	total = hours * 3600 + minutes * 60 + seconds
	written = (f"{hours}:{minutes:02d}:{seconds:02d}", f"{hours} h {minutes} min {seconds} s", str(total))
	assert {seconds_of(one) for one in written} == {total}


@given(st.text())
def test_any_text_is_seconds_or_unreadable(text: str) -> None:
	with suppress(Unreadable):
		assert seconds_of(text) >= 0
