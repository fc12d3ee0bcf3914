"""Closed days, typed, from a list or from a calendar's file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click import BadParameter
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.options.calendar_file import WrongCalendar, days_of_calendar
from lead_inbox.audit.options.holidays import read_holidays

CHRISTMAS, BOXING_DAY, NEW_YEAR = date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)


def calendar(*events: str) -> str:
	blocks = (f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
	return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(blocks)}END:VCALENDAR\r\n"


def test_dates_separated_by_commas(tmp_path: Path) -> None:
	assert read_holidays("2026-12-25, 2027-01-01,", tmp_path) == {CHRISTMAS, NEW_YEAR}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_with_a_date_a_line(encoding: str, tmp_path: Path) -> None:
	text = "# closed\n2026-12-25 Christmas\n\n2026-12-26;Boxing Day\r\n 2027-01-01 \n"
	(tmp_path / "closed.txt").write_text(text, encoding=encoding)
	assert read_holidays("closed.txt", tmp_path) == {CHRISTMAS, BOXING_DAY, NEW_YEAR}


def test_a_calendar_is_known_by_what_is_in_it(tmp_path: Path) -> None:
	text = calendar("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christ\r\n mas")
	(tmp_path / "days").write_bytes(text.encode())
	assert read_holidays("days", tmp_path) == {CHRISTMAS, BOXING_DAY}


def test_an_event_without_an_end_is_one_day() -> None:
	assert list(days_of_calendar(calendar("DTSTART;VALUE=DATE:20261225"))) == [CHRISTMAS]


def test_a_folded_line_is_one(tmp_path: Path) -> None:
	assert list(days_of_calendar(calendar("DTSTART;VALUE=DATE:2026\r\n 1225"))) == [CHRISTMAS]


@pytest.mark.parametrize(
	"event",
	[
		"DTSTART:20261225T090000Z\r\nRRULE:FREQ=DAILY",
		"DTSTART;VALUE=DATE:20261225\r\nSTATUS:CANCELLED",
		"SUMMARY:Nothing",
	],
)
def test_an_appointment_or_a_cancelled_day_is_no_holiday(event: str) -> None:
	assert list(days_of_calendar(calendar(event))) == []


@pytest.mark.parametrize(
	("event", "reason"),
	[
		("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY", "repeats"),
		("DTSTART;VALUE=DATE:20261399", "no day 20261399"),
		("DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:29990101", "longer than a year"),
	],
)
def test_days_that_cant_be_told_are_refused(event: str, reason: str) -> None:
	with pytest.raises(WrongCalendar, match=reason):
		list(days_of_calendar(calendar(event)))


@pytest.mark.parametrize(
	("content", "reason"),
	[
		("2026-12-25\nChristmas\n", "Line 2 does not begin with a date"),
		("2026-12-255\n", "Line 1 does not begin with a date"),
		("2026-02-30\n", "There is no day 2026-02-30"),
		(calendar("DTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=YEARLY"), "repeats"),
	],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(content: str, reason: str, tmp_path: Path) -> None:
	(tmp_path / "closed.txt").write_text(content)
	with pytest.raises(BadParameter, match=reason):
		read_holidays("closed.txt", tmp_path)


def test_what_is_neither_dates_nor_a_file_is_refused(tmp_path: Path) -> None:
	(tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
	for text in ("2026-02-30", "christmas", "", ".", "picture.png", "a\0b"):
		with pytest.raises(BadParameter, match=r"Write dates like 2026-12-25,2027-01-01"):
			read_holidays(text, tmp_path)


@given(text=st.text(alphabet=st.characters(exclude_characters="/")))
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
	try:
		read_holidays(text, Path("/nowhere"))
	except BadParameter:
		return
	assert text.strip(", ")
