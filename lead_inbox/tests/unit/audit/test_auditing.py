"""An audit of files, as a user asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from lead_inbox.audit.auditing import audit
from lead_inbox.audit.findings import Fault, Findings
from lead_inbox.audit.told import Unreadable
from lead_inbox.tests.unit.audit.exports import AS_OF, SETTINGS, days_ago

SAMPLES = Path(__file__).parents[3] / "audit" / "samples"


def _lines(path: Path, *events: dict[str, object] | str) -> Path:
	path.parent.mkdir(exist_ok=True)
	path.write_text("\n".join(event if isinstance(event, str) else json.dumps(event) for event in events))
	return path


def _event(number: int, days: float = 1, **values: object) -> dict[str, object]:
	return {"id": str(number), "occurred_at": days_ago(days).isoformat(), "message": "Hello", **values}


def _audited(*paths: Path) -> tuple[Findings, list[Fault]]:
	with audit(paths, SETTINGS) as (findings, lists):
		return findings, list(lists.faults())


def test_each_row_that_cannot_be_read_is_told_with_its_reason(tmp_path: Path) -> None:
	path = _lines(tmp_path / "a.jsonl", _event(1), "{oops", {"id": "2", "message": "When?"}, _event(3))
	findings, faults = _audited(path)
	(facts,) = findings.files
	assert (facts.rows, facts.events, facts.unreadable, findings.leads) == (4, 2, 2, 2)
	assert [(fault.file, fault.row) for fault in faults] == [("a.jsonl", 2), ("a.jsonl", 3)]
	assert "JSON" in faults[0].reason
	assert "occurred_at" in faults[1].reason
	assert sum(findings.faults_by_reason.values()) == findings.faults == 2


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_it(tmp_path: Path) -> None:
	good = _lines(tmp_path / "good.jsonl", _event(1))
	findings, faults = _audited(tmp_path / "missing.csv", good)
	assert findings.leads == 1
	assert [(fault.file, fault.row) for fault in faults] == [("missing.csv", 0)]
	assert [facts.unreadable for facts in findings.files] == [1, 0]


@pytest.mark.parametrize(
	("content", "said"),
	[
		("", "empty"),
		("color,size\nred,2\n", "known"),
		('{"id": "1", "direction": "in", "message": "Hi"}\n', "occurred_at"),
		("id,occurred_at,message\n", "no leads"),
	],
)
def test_when_nothing_can_be_read_the_reasons_are_said(tmp_path: Path, content: str, said: str) -> None:
	path = tmp_path / "leads.csv"
	path.write_text(content)
	with pytest.raises(Unreadable, match=said) as raised, audit([path], SETTINGS):
		pass
	assert "leads.csv" in str(raised.value)


def test_of_many_reasons_the_first_are_said(tmp_path: Path) -> None:
	path = _lines(tmp_path / "a.jsonl", *[{"direction": "in", "message": "Hi"}] * 40)
	with pytest.raises(Unreadable) as raised, audit([path], SETTINGS):
		pass
	lines = str(raised.value).splitlines()
	assert len(lines) == 12
	assert lines[-1] == "… 30 more"


def test_what_happened_after_the_date_of_the_audit_is_left_out_and_counted(tmp_path: Path) -> None:
	path = _lines(tmp_path / "a.jsonl", _event(1, 1), _event(2, 0), _event(3, -0.001), _event(4, -9))
	findings, _faults = _audited(path)
	assert (findings.leads, findings.files[0].later) == (2, 2)


def test_tests_of_a_source_make_no_leads(tmp_path: Path) -> None:
	findings, _faults = _audited(_lines(tmp_path / "a.jsonl", _event(1), _event(2, is_test=True)))
	assert (findings.leads, findings.files[0].set_aside) == (1, 1)


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
	paths = [_lines(tmp_path / folder / "a.jsonl", _event(number)) for number, folder in enumerate("xy")]
	findings, _faults = _audited(*paths)
	assert [facts.name for facts in findings.files] == [str(path) for path in paths]


def test_a_lead_in_two_exports_of_its_source_is_one_lead(tmp_path: Path) -> None:
	first = _lines(tmp_path / "may.jsonl", _event(1), _event(2))
	second = _lines(tmp_path / "june.jsonl", _event(2), _event(3))
	findings, _faults = _audited(first, second)
	assert (findings.leads, [facts.repeated for facts in findings.files]) == (3, [0, 1])


def test_a_name_of_a_file_need_not_be_text(tmp_path: Path) -> None:
	path = tmp_path / "m\udcfcller.jsonl"
	try:
		_lines(path, _event(1))
	except (OSError, UnicodeError):
		pytest.skip("This file system takes no such names.")
	findings, _faults = _audited(path)
	assert findings.files[0].name == "m\ufffdller.jsonl"


def test_the_audit_says_how_far_it_is(tmp_path: Path) -> None:
	said: list[str] = []
	with audit([_lines(tmp_path / "a.jsonl", _event(1))], SETTINGS, said.append):
		pass
	assert said == ["Replaying events: 0 %", "Counting"]


def _without_files(findings: Findings) -> Findings:
	return replace(findings, files=())


def _all_of(paths: Iterable[Path]) -> tuple[object, ...]:
	with audit(list(paths), SETTINGS) as (findings, lists):
		faults = sorted(lists.faults(), key=lambda fault: (fault.file, fault.row))
		return _without_files(findings), list(lists.unanswered()), list(lists.joined()), faults


def test_the_shipped_samples_tell_the_same_in_any_order() -> None:
	paths = sorted(path for path in SAMPLES.iterdir() if path.is_file())
	assert _all_of(paths) == _all_of(reversed(paths))


def test_all_of_the_shipped_samples_can_be_audited() -> None:
	findings, faults = _audited(*sorted(path for path in SAMPLES.iterdir() if path.is_file()))
	assert all(facts.events for facts in findings.files)
	assert sum(findings.states.values()) == findings.leads == findings.counts.leads
	assert findings.faults == len(faults)
	assert findings.as_of == AS_OF
