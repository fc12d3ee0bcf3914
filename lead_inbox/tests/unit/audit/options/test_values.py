"""Days, zone, country and date of the audit as people type them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click import BadParameter
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.options import values
from lead_inbox.audit.options.values import (
	read_as_of,
	read_country,
	read_days,
	read_zone,
	zone_of_machine,
)
from lead_inbox.inbox.rules import AgingDays

ATHENS = ZoneInfo("Europe/Athens")


@pytest.mark.parametrize(
	("text", "days"),
	[("14,30", AgingDays(14, 30)), (" 7 , 9 ", AgingDays(7, 9)), ("15", AgingDays(15, 15))],
)
def test_days(text: str, days: AgingDays) -> None:
	assert read_days(text) == days


@pytest.mark.parametrize("text", ["", "0,30", "14,0", "14;30", "-3", "1.5", "14,30,60", "99999", "two"])
def test_days_that_are_none_are_refused_with_an_example(text: str) -> None:
	with pytest.raises(BadParameter, match="such as 14,30"):
		read_days(text)


@pytest.mark.parametrize("text", ["", "Athens", "Europe", "../../etc/passwd", "/etc/passwd", "UTC+2", "\0"])
def test_a_zone_that_there_is_not_is_refused_with_an_example(text: str) -> None:
	with pytest.raises(BadParameter, match="Europe/Athens"):
		read_zone(text)


def test_a_zone_has_a_name() -> None:
	assert read_zone("Europe/Athens") == ATHENS


@pytest.mark.parametrize("name", ["Europe/Athens", ":Europe/Athens"])
def test_the_zone_of_the_machine_is_the_one_it_is_set_to(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("TZ", name)
	assert zone_of_machine() == ATHENS


def test_a_machine_without_a_variable_says_it_by_a_link(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	link = tmp_path / "localtime"
	monkeypatch.setattr(values, "ZONE_LINK", link)
	monkeypatch.setenv("TZ", "<+02>-2")
	assert zone_of_machine() == ZoneInfo("UTC")
	link.symlink_to("/usr/share/zoneinfo/Europe/Athens")
	assert zone_of_machine() == ATHENS


def test_a_country_is_two_letters() -> None:
	assert read_country("gr") == "GR"


@pytest.mark.parametrize("text", ["", "Greece", "ZZ", "001"])
def test_a_country_that_there_is_not_is_refused_with_an_example(text: str) -> None:
	with pytest.raises(BadParameter, match="such as GR"):
		read_country(text)


@pytest.mark.parametrize(
	("text", "moment"),
	[
		("2026-11-28", datetime(2026, 11, 28, 23, 59, 59)),
		("2026-11-28T14:00", datetime(2026, 11, 28, 14)),
		("2026-11-28 14:00:05", datetime(2026, 11, 28, 14, 0, 5)),
		("2026-11-28T14:00Z", datetime(2026, 11, 28, 16)),
		("2026-06-28T14:00+00:00", datetime(2026, 6, 28, 17)),
	],
)
def test_a_date_is_its_end_and_a_moment_is_told_in_the_zone(text: str, moment: datetime) -> None:
	assert read_as_of(text, ATHENS) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "28.11.2026", "2026-02-30", "2026-11-28T25:00"])
def test_a_date_that_is_none_is_refused_with_an_example(text: str) -> None:
	with pytest.raises(BadParameter, match="like 2026-11-28"):
		read_as_of(text, ATHENS)


@pytest.mark.parametrize("read", [read_days, read_zone, read_country, lambda text: read_as_of(text, ATHENS)])
@given(text=st.text())
def test_whatever_is_typed_is_read_or_refused_in_words(read: Callable[[str], object], text: str) -> None:
	try:
		read(text)
	except BadParameter as error:
		assert error.message.endswith((".", "30, each 1 to 3650."))
