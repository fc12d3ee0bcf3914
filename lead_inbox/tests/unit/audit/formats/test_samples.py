"""The files that come with the command, read as it reads them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from lead_inbox.audit.files.opening import opened
from lead_inbox.audit.formats.registry import FORMATS, recognize
from lead_inbox.audit.rows import Row
from lead_inbox.audit.told import Told, Unreadable
from lead_inbox.channels.event import MalformedEvent
from lead_inbox.channels.keys import key_of
from lead_inbox.channels.phone import to_e164
from lead_inbox.tests.unit.audit.formats.reading import context

FOLDER = Path(str(files("lead_inbox.audit"))) / "samples"
SAMPLES = sorted(path.name for path in FOLDER.iterdir())


def read(name: str) -> tuple[str, list[Told], list[str]]:
	"""The format of a sample, what it tells, and why its other rows can't be read."""
	with opened(FOLDER / name) as rows:
		entries = list(rows.rows)
		known = recognize(rows.columns, next(row.values for row in entries if not row.fault))
		told, reasons = [], []
		for row in entries:
			try:
				told += known.read(_values(row), context())
			except (Unreadable, MalformedEvent) as error:
				reasons.append(str(error))
	return known.name, told, reasons


def _values(row: Row) -> Mapping[str, object]:
	if row.fault:
		raise Unreadable(row.fault)
	return row.values


def all_told() -> Iterator[tuple[str, Told]]:
	for name in SAMPLES:
		yield from ((name, told) for told in read(name)[1])


def test_there_is_one_of_each_kind() -> None:
	assert sorted(read(name)[0] for name in SAMPLES) == sorted(known.name for known in FORMATS)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_shows_leads_and_what_can_not_be_read(name: str) -> None:
	_format, told, reasons = read(name)
	assert 40 <= len(told) <= 150
	assert 2 <= len(reasons) <= 3


def test_some_leads_and_some_people_are_in_several_files() -> None:
	files_of_events: dict[str, set[str]] = {}
	files_of_phones: dict[str, set[str]] = {}
	for name, told in all_told():
		files_of_events.setdefault(key_of(told.source.value, told.event.external_id), set()).add(name)
		for phone in told.event.person.phones:
			files_of_phones.setdefault(to_e164(phone, None) or "", set()).add(name)
	assert Counter(len(names) for names in files_of_events.values())[2] >= 10
	assert Counter(len(names) for names in files_of_phones.values())[2] >= 20


def test_nobody_in_them_is_real() -> None:
	for _name, told in all_told():
		person = told.event.person
		assert all((to_e164(phone, None) or "")[5:10] == "55501" for phone in person.phones)
		assert all(email.rpartition("@")[2].startswith("example.") for email in person.emails)
