from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from lead_inbox.audit.findings import LONGEST_LIST, Unanswered
from lead_inbox.audit.report import json_report
from lead_inbox.tests.unit.audit.report import builder


def read(lists: builder.HeldLists, **changes: object) -> dict[str, Any]:
	out = io.StringIO()
	json_report.write(builder.findings(lists, **changes), lists, out)
	return json.loads(out.getvalue())


def test_all_lists_are_whole() -> None:
	report = read(builder.lists(LONGEST_LIST + 20, LONGEST_LIST + 21, LONGEST_LIST + 22))

	for key, length in (("unanswered", 20), ("joined", 21), ("faults", 22)):
		assert report[key]["count"] == len(report[key]["list"]) == LONGEST_LIST + length


def test_an_entry_has_the_keys_that_are_promised() -> None:
	report = read(builder.lists())

	assert report["unanswered"]["list"][0] == {
		"label": "Naree Phan 0",
		"source": "Google Local Services",
		"status": "New",
		"since": "2026-11-11T23:00:00",
		"elapsed_seconds": 400 * 3600,
		"business_seconds": 100 * 3600,
	}
	assert report["joined"]["list"][0]["parts"][1] == {
		"file": "forms.csv",
		"row": 3,
		"source": "Google Ads lead form",
		"on": "2026-11-20T15:00:00",
		"by": "phone",
	}
	assert report["faults"]["list"][0] == {
		"file": "leads.csv",
		"row": 10,
		"reason": "No date in Lead received.",
	}


def test_every_key_is_in_the_documentation() -> None:
	report = read(builder.lists())
	promised = json_report.__doc__ or ""

	assert [key for key in report if key not in promised] == []
	nested = (
		report["rules"],
		report["aging"][0],
		report["response"],
		report["files"][0],
		report["conversions"],
	)
	assert [key for part in nested for key in part if key not in promised] == []


def test_figures_are_numbers_and_nothing_measured_is_null() -> None:
	report = read(builder.lists())
	assert report["response"]["rate"] == 251 / 318
	assert report["response"]["first"]["business"] == {"median_seconds": 540, "ninetieth_seconds": 25200}
	assert report["conversions"]["by_source"][0]["conversion_rate"] == 0.3

	out = io.StringIO()
	json_report.write(builder.nothing(), builder.HeldLists(), out)
	empty = json.loads(out.getvalue())
	assert empty["response"]["first"]["elapsed"]["median_seconds"] is None
	assert empty["unanswered"] == {"count": 0, "list": []}


def test_any_name_survives_any_pipe() -> None:
	name = 'Γιώργος "G" \x1b \ud83d \u202e'
	lists = builder.HeldLists(waiting=(builder.waiting_lead(0, name),))
	out = io.StringIO()
	json_report.write(builder.findings(lists), lists, out)

	assert out.getvalue().isascii()
	assert "\x1b" not in out.getvalue()
	assert json.loads(out.getvalue())["unanswered"]["list"][0]["label"] == name


def test_a_long_list_is_written_while_it_is_read() -> None:
	"""Nothing is held back: each entry is out before the next one but one is asked for."""
	out = io.StringIO()
	behind: list[int] = []

	class Watched(builder.HeldLists):
		def unanswered(self) -> Iterator[Unanswered]:
			for position in range(300):
				written = out.getvalue().count("Naree Phan")
				behind.append(position - written)
				yield builder.waiting_lead(position)

	json_report.write(builder.findings(), Watched(), out)

	assert len(behind) == 300
	assert max(behind) <= 1
