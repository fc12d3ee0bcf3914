"""The same event in two files is one event, whichever file comes first."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from lead_inbox.audit.findings import Findings
from lead_inbox.audit.told import Told
from lead_inbox.inbox.rules import Happening
from lead_inbox.tests.unit.audit.exports import Found, audited, days_ago, told
from lead_inbox.tests.unit.audit.test_replay import exports

NAMES = ("first.csv", "second.csv", "third.csv")


def _same(found: Found) -> tuple:
	"""All that does not depend on the order of the files."""
	return _without_files(found.findings), found.unanswered, found.joined


def _without_files(findings: Findings) -> Findings:
	return replace(findings, files=())


@settings(max_examples=30)  # of up to six audits each
@given(st.lists(exports(), min_size=2, max_size=3))
def test_the_order_of_the_files_does_not_matter(files: list[list[Told]]) -> None:
	named = list(zip(NAMES, files, strict=False))
	found = [
		_same(audited(*(events for _name, events in order), names=[name for name, _events in order]))
		for order in permutations(named)
	]
	assert all(one == found[0] for one in found)


@settings(max_examples=50)
@given(exports())
def test_the_same_file_twice_changes_nothing_but_what_is_repeated(events: list[Told]) -> None:
	once = audited(events, names=["a"])
	twice = audited(events, events, names=["a", "a"])
	assert _same(twice) == _same(once)
	assert [facts.repeated for facts in twice.findings.files] == [0, len(events)]
	assert sum(facts.set_aside for facts in twice.findings.files) == once.findings.files[0].set_aside


def test_an_event_without_an_id_is_known_by_all_it_says() -> None:
	first = told("", days_ago(1), name="Ann", extra={"a": "1", "b": "2"})
	other_columns = told("", days_ago(1), name="Ann", extra={"b": "2", "a": "1"})
	found = audited([first, told("", days_ago(1), name="Bob")], [other_columns])
	assert found.findings.leads == 2
	assert [facts.repeated for facts in found.findings.files] == [0, 1]


def test_of_two_exports_of_a_lead_the_one_that_knows_more_counts() -> None:
	young = told("1", days_ago(5), touched_on=days_ago(4))
	old = told("1", days_ago(5), touched_on=days_ago(1), afterwards=(Happening.CONVERTED,))
	for files in permutations([[young], [old]]):
		assert audited(*files).findings.states["Closed"] == 1
