from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.phone import fold_email, is_email, to_e164
from lead_inbox.tests.unit.channels.strategies import texts

REGIONS = st.sampled_from(["US", "DE", "GB", "IT", "IN", "AR", "us", "ZZ", "", None])
NUMBERS = st.text("0123456789+-() .xABC#", max_size=25) | texts


@pytest.mark.parametrize(
	("number", "region", "normal"),
	[
		("+1 (415) 555-2671", None, "+14155552671"),
		("(415) 555-2671", "US", "+14155552671"),
		("415.555.2671", "us", "+14155552671"),
		("(415) 555-2671 ext. 12", "US", "+14155552671"),
		("(415) 555-2671 x12", "US", "+14155552671"),
		("0151 23456789", "DE", "+4915123456789"),
		("0049 151 23456789", "DE", "+4915123456789"),
		("0049 151 23456789", "US", "+4915123456789"),
		("0049 151 23456789", None, "+4915123456789"),
		("+0049 151 23456789", None, "+4915123456789"),
		("020 7946 0000", "GB", "+442079460000"),
		("+39 06 698 1234", "DE", "+39066981234"),
		("tel:+49-30-123456", "US", "+4930123456"),
		("1-800-FLOWERS", "US", "+18003569377"),
		("٠١٥١٢٣٤٥٦٧٨٩", "DE", "+4915123456789"),
		("+1 200 555 0100", None, "+12005550100"),  # in no numbering plan: a tracking or test number
		("+683 4002", None, "+6834002"),
	],
)
def test_ways_to_write_a_number(number: str, region: str | None, normal: str) -> None:
	assert to_e164(number, region) == normal


@pytest.mark.parametrize(
	("number", "region"),
	[
		("", "US"),
		("call me maybe", "US"),
		("Call 5551234 now", "US"),
		("anonymous", "DE"),
		("555-2671", "US"),  # a local number: every town has it
		("911", "US"),
		("112", "DE"),
		("1234", "DE"),  # possible there, but a service code
		("0151 23456789", None),
		("0151 23456789", "ZZ"),
		("+999 123456789", "US"),
		("+1 415 555 2671 000 000 000", "US"),
		("9" * 300, "US"),
		("\ud800", "US"),
	],
)
def test_what_is_no_number(number: str, region: str | None) -> None:
	assert to_e164(number, region) is None


@given(NUMBERS, REGIONS, REGIONS)
def test_a_normal_number_is_its_own_normal_form_everywhere(
	number: str, region: str | None, other: str | None
) -> None:
	normal = to_e164(number, region)
	if normal:
		assert re.fullmatch(r"\+[1-9][0-9]{6,16}", normal, re.ASCII)
		assert to_e164(normal, other) == normal


@given(texts)
def test_folding_is_done_once(address: str) -> None:
	assert fold_email(fold_email(address)) == fold_email(address)


def test_case_and_composition_do_not_tell_addresses_apart() -> None:
	assert fold_email("  Ada@Example.COM ") == "ada@example.com"
	assert fold_email("RENE\u0301@example.com") == fold_email("ren\u00e9@example.com")


@pytest.mark.parametrize("address", ["ada@example.com", "A.B+c@sub.example.co.uk", "o'hara@a-b.de"])
def test_addresses(address: str) -> None:
	assert is_email(address)


@pytest.mark.parametrize(
	"address",
	[
		"",
		"ada",
		"ada@example",
		"@example.com",
		"a b@example.com",
		"ada@@example.com",
		"ada@example..com",
		"ada@example.com\n",
		"Ada <ada@example.com>",
		"<script>@example.com",
		"a" * 140 + "@example.com",
	],
)
def test_what_is_no_address(address: str) -> None:
	assert not is_email(address)
