"""Lists and objects in requests: what is none is refused with words, never with a stack trace (PA-7)."""

from __future__ import annotations

import frappe
import pytest

from lead_inbox.api import arguments

WORDS = {"none": "Select at least one lead.", "too_many": "Select at most {0} leads."}


@pytest.mark.parametrize("value", ['["a", "b", "a"]', ["a", "b", "a"]])
def test_names_come_as_json_or_as_a_list_and_count_once(value):
	assert arguments.names(value, 3, **WORDS) == ["a", "b"]


@pytest.mark.parametrize("value", [None, "", "a", "{", "{}", "[]", "[1]", "null", "7", '["a", null]', {}, []])
def test_what_is_no_list_of_names_is_refused(value):
	with pytest.raises(frappe.ValidationError, match="Select at least one lead"):
		arguments.names(value, 3, **WORDS)


def test_too_many_names_are_refused_with_their_limit():
	with pytest.raises(frappe.ValidationError, match="Select at most 3 leads"):
		arguments.names(["a", "b", "c", "d"], 3, **WORDS)


def test_texts_may_be_left_out():
	assert arguments.texts(None, 2, "No") == arguments.texts("[]", 2, "No") == []
	for value in ("{", "[1]", ["a", "b", "c"]):
		with pytest.raises(frappe.ValidationError, match="No"):
			arguments.texts(value, 2, "No")


@pytest.mark.parametrize(
	("value", "found"), [(None, {}), ("", {}), ("{}", {}), ('{"a": 1}', {"a": 1}), ({"a": 1}, {"a": 1})]
)
def test_an_object_comes_as_json_or_as_one(value, found):
	assert arguments.mapping(value) == found


@pytest.mark.parametrize("value", ["{", "[]", "x", "null", [1]])
def test_what_is_no_object_is_refused(value):
	with pytest.raises(frappe.ValidationError, match="object"):
		arguments.mapping(value)
