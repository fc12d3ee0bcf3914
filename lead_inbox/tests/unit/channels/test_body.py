from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.body import BodyError, read_json


def test_json_of_any_type() -> None:
	assert read_json('{"name": "René"}'.encode()) == {"name": "René"}
	assert read_json(b" 7 ") == 7


@pytest.mark.parametrize(
	("body", "code"),
	[
		(b"", "malformed_json"),
		(b"{", "malformed_json"),
		(b"<html>", "malformed_json"),
		(b"\xff\xfe", "invalid_encoding"),
		('{"a": "b"}'.encode("utf-16"), "invalid_encoding"),
		(b'{"a": NaN}', "malformed_json"),
		(b'{"a": -Infinity}', "malformed_json"),
		(b"[" * 500_000, "malformed_json"),
		(b"9" * 5000, "malformed_json"),
	],
)
def test_what_is_no_json(body: bytes, code: str) -> None:
	with pytest.raises(BodyError) as caught:
		read_json(body)
	assert caught.value.code == code


@given(st.binary())
def test_any_bytes_are_json_or_an_error_with_a_code(body: bytes) -> None:
	try:
		read_json(body)
	except BodyError as error:
		assert error.code in ("invalid_encoding", "malformed_json")
