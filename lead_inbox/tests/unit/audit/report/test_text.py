from __future__ import annotations

import io
import re

import pytest

from lead_inbox.audit.findings import LONGEST_LIST, Findings, Lists, Waits
from lead_inbox.audit.report import text
from lead_inbox.inbox.response.wait_rules import Counts
from lead_inbox.tests.unit.audit.report import builder

NONE = Waits(0, None, None, None, None)


@pytest.fixture(autouse=True)
def no_wish_for_colors(monkeypatch: pytest.MonkeyPatch) -> None:
	for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
		monkeypatch.delenv(name, raising=False)


def written(findings: Findings, lists: Lists) -> str:
	out = io.StringIO()
	text.write(findings, lists, out)
	return out.getvalue()


def of(lists: builder.HeldLists) -> str:
	return written(builder.findings(lists), lists)


def test_it_is_plain_and_no_line_is_longer_than_eighty_columns() -> None:
	report = of(builder.lists(60, 60, 60))

	assert "\x1b" not in report
	assert max(map(len, report.splitlines())) <= 80
	assert not any(line.endswith(" ") for line in report.splitlines())


def test_it_says_how_many_leads_are_in_each_state_and_why_some_are_at_rest() -> None:
	lines = of(builder.lists()).splitlines()

	assert any(line.split()[:4] == ["Inactive", "150", "47", "%"] for line in lines)
	assert "Why leads are Inactive or Closed: Unanswered 40, Quiet 110, Converted 74" in "\n".join(lines)


def test_it_says_who_waits_and_since_when() -> None:
	report = of(builder.lists(waiting=2))

	assert "2 customers wait for an answer, the longest since 11 Nov 2026 23:00." in report
	assert "Naree Phan 1  Local Services  New    12 Nov 2026 00:00" in report


def test_it_says_how_long_customers_waited_elapsed_and_in_business_time() -> None:
	report = of(builder.lists())

	assert "79 % of 318 leads got an answer, half of them within 11 min." in report
	assert re.search(r"First response +251 +11 min +1 d 2 h\n", report)
	assert re.search(r"First response, business +251 +9 min +7 h\n", report)


def test_answers_of_which_nobody_knows_when_are_told_apart() -> None:
	lists = builder.lists()
	known = " ".join(written(builder.findings(lists, counts=Counts(320, 318, 260)), lists).split())
	unknown = written(builder.findings(lists, first_response=NONE, replies=NONE), lists)

	assert "got an answer; of the 251 where it is known when, half got it within 11 min." in known
	assert "79 % of 318 leads got an answer; when, these files do not tell." in unknown
	assert "Median" not in unknown


def test_who_is_always_open_reads_each_wait_once() -> None:
	lists = builder.lists()
	report = written(builder.findings(lists, hours=""), lists)

	assert "First response " in report
	assert ", business" not in report
	assert "Waits\n" in report


def test_it_says_why_events_were_joined_and_where_they_stand() -> None:
	lists = builder.HeldLists(people=(builder.person(0, "Ada Moss", by="e-mail"),))
	(line,) = [line for line in of(lists).splitlines() if "forms.csv row" in line]

	assert line.split() == ["20", "Nov", "2026", "15:00", "e-mail", "forms.csv", "row", "3"]


def test_a_long_list_is_cut_and_says_what_is_missing() -> None:
	report = of(builder.lists(LONGEST_LIST + 7, LONGEST_LIST + 8, LONGEST_LIST + 9))

	assert [line for line in report.splitlines() if line.startswith("And ")] == [
		f"And {rest} more: --format json lists them all." for rest in (7, 8, 9)
	]
	assert f"Naree Phan {LONGEST_LIST - 1} " in report
	assert f"Naree Phan {LONGEST_LIST} " not in report


def test_where_there_is_nothing_it_says_so() -> None:
	report = " ".join(written(builder.nothing(), builder.HeldLists()).split())

	assert "Nobody waits for an answer." in report
	assert "No lead comes to rest by Sat 12 Dec 2026." in report
	assert "No reply and no answered call is in these files" in report
	assert "No two leads were found to be the same person's." in report
	assert "These files do not tell which leads were booked or converted." in report
	assert "Every row could be read." in report
	assert "Converted " not in report.partition("What became of them")[2].partition("What was read")[0]


def test_a_name_gives_no_orders_to_the_terminal_nor_to_the_report() -> None:
	evil = "[bold]Eve[/bold] \x1b[2J\x1b]0;title\x07 :smile:"
	report = of(builder.HeldLists(waiting=(builder.waiting_lead(0, evil),)))

	assert "\x1b" not in report
	assert "\x07" not in report
	assert "[bold]Eve" in report
	assert ":smile:" in report


def test_a_terminal_gets_emphasis() -> None:
	class Terminal(io.StringIO):
		def isatty(self) -> bool:
			return True

	out = Terminal()
	lists = builder.lists()
	with pytest.MonkeyPatch.context() as environment:
		environment.setenv("TERM", "xterm-256color")
		environment.delenv("NO_COLOR", raising=False)
		text.write(builder.findings(lists), lists, out)

	assert "\x1b[1m" in out.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_old_terminal_gets_what_it_can_show(encoding: str) -> None:
	kept = io.BytesIO()
	out = io.TextIOWrapper(kept, encoding=encoding, newline="\n")
	lists = builder.HeldLists(waiting=(builder.waiting_lead(0, "Γιώργος"),))
	text.write(builder.findings(lists), lists, out)
	out.flush()

	report = kept.getvalue().decode(encoding)
	assert "???????" in report
	assert "###" in report
