"""What is left of a customer's number or address: requirement RE-3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.inbox.contact.mask_rules import mask_address, mask_any, mask_number


@pytest.mark.parametrize(
	("number", "masked"), [("+14155550123", "•••23"), ("030 123-45", "•••45"), ("112", "•••"), ("", "•••")]
)
def test_a_number_keeps_its_last_digits(number: str, masked: str) -> None:
	assert mask_number(number) == masked


@pytest.mark.parametrize(
	("address", "masked"),
	[
		("naree@customer.example", "n•••@•••.example"),
		("x@localhost", "x•••@•••"),
		("no address", "•••"),
	],
)
def test_an_address_keeps_its_first_letter(address: str, masked: str) -> None:
	assert mask_address(address) == masked


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_at_most_two_digits_of_a_number_are_left(number: str) -> None:
	assert sum(sign.isdigit() for sign in mask_any(number)) <= 2


@pytest.mark.parametrize(
	"title", ["Naree Phan", "Trần Văn An", "Delta Mills 24 Ltd.", "Route 66 12345 Diner"]
)
def test_a_name_stays(title: str) -> None:
	assert mask_any(title) == title
