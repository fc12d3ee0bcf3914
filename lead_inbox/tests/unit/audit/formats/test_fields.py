from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.audit.formats.base import MOST_NOTES
from lead_inbox.audit.formats.fields import Fields, folded, nested
from lead_inbox.tests.unit.audit.formats.reading import context


@pytest.mark.parametrize("written", ["Lead Type", "lead_type", "leadType", " LEAD-TYPE ", "Lead type:"])
def test_a_name_is_the_same_however_it_is_written(written: str) -> None:
	assert folded(written) == "leadtype"


def test_an_empty_column_gives_way_to_another_of_its_name() -> None:
	fields = Fields({"Phone": "", "phone": "1", "PHONE": "2", "Fax": None})
	assert fields.get("phone") == ("phone", "1")
	assert fields.get("fax", "phone")[1] == "1"
	assert fields.get("fax") == ("", None)
	assert ("fax" in fields, fields.has_column("fax")) == (False, True)


@pytest.mark.parametrize("order", [("call", "call.answered"), ("call.answered", "call")])
def test_a_column_named_like_an_object_leaves_the_object_whole(order: tuple[str, str]) -> None:
	values = {"call": "yes", "call.answered": "true"}
	assert nested({name: values[name] for name in order}) == {"call": {"answered": "true"}}


@given(
	st.dictionaries(
		st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join), st.integers(), max_size=8
	)
)
def test_paths_without_a_clash_are_found_again(values: dict[str, int]) -> None:
	whole = nested(values)
	for path, value in values.items():
		if any(other.startswith(f"{path}.") for other in values):
			continue
		place: object = whole
		for part in path.split("."):
			assert isinstance(place, dict)
			place = place[part]
		assert place == value


def test_a_file_gets_so_many_notes_and_each_once() -> None:
	reading = context()
	for number in (*range(1000), 1, 2):
		reading.note(f"Sentence {number}.")
	assert list(reading.notes) == [f"Sentence {number}." for number in range(MOST_NOTES)]
