"""What partners send about Reseller Customers, read from JSON: types, slips, cursors."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.channels.event import MalformedEvent
from lead_inbox.reseller.partners.request_rules import (
	CONSENT_FIELDS,
	FIELDS,
	Consent,
	Place,
	cursor,
	key_of,
	read_consent,
	read_creation,
	read_page,
)
from lead_inbox.reseller.rules import Origin

CUSTOMER = {
	"origin": "import",
	"product_family": "Workspace",
	"customer_type": "team",
	"organization_name": "Delta\u0000 Mills\nLtd.",
	"postal_code": 73100,
	"is_educational": True,
}
CONSENT = {
	"given_by": "Mali Srisai",
	"given_on": "2026-03-02",
	"evidence": "Signed order form\nNo. 17",
	"expires_on": "2026-03-31",
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON = st.recursive(
	SCALARS,
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
	max_leaves=8,
)


def faults(read, payload) -> dict[str, str]:
	with pytest.raises(MalformedEvent) as raised:
		read(payload)
	return raised.value.fields


def test_a_customer_is_read_with_clean_texts():
	creation = read_creation(CUSTOMER)
	assert creation.origin is Origin.IMPORT
	assert set(creation.values) == set(FIELDS)
	assert {field: value for field, value in creation.values.items() if value} == {
		"product_family": "Workspace",
		"customer_type": "Team",
		"organization_name": "Delta Mills Ltd.",
		"postal_code": "73100",
		"is_educational": True,
	}


def test_what_is_not_sent_is_left_to_the_form():
	creation = read_creation({})
	assert creation.origin is Origin.NEW
	assert not any(creation.values.values())


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"origin": "elsewhere"}, "origin"),
		({"customer_type": "crowd"}, "customer_type"),
		({"organization_name": ["Delta"]}, "organization_name"),
		({"is_educational": "perhaps"}, "is_educational"),
		({"phone": True}, "phone"),
		({"organisation_name": "Delta"}, "organisation_name"),
		({"status": "active"}, "status"),
		({"transfer_token": "secret"}, "transfer_token"),
		({"lead": "CRM-LEAD-2026-00001"}, "lead"),
	],
)
def test_what_can_not_be_meant_is_named(changes, field):
	assert set(faults(read_creation, {**CUSTOMER, **changes})) == {field}


def test_the_same_request_has_the_same_digest_however_it_is_written():
	again = {field: CUSTOMER[field] for field in reversed(CUSTOMER)} | {"origin": " IMPORT ", "city": None}
	assert read_creation(again).digest == read_creation(CUSTOMER).digest
	assert read_creation({**CUSTOMER, "city": "Chania"}).digest != read_creation(CUSTOMER).digest
	assert read_creation({**CUSTOMER, "origin": "new"}).digest != read_creation(CUSTOMER).digest


def test_a_key_is_of_one_user_alone():
	assert key_of("ada@partner.example", "1") == key_of("ada@partner.example", "1")
	assert len({key_of("ada", "1"), key_of("ada", "2"), key_of("eve", "1"), key_of("ada1", "")}) == 4


def test_a_consent_is_read():
	assert read_consent(CONSENT) == Consent(
		"", "Mali Srisai", date(2026, 3, 2), "Signed order form\nNo. 17", date(2026, 3, 31)
	)


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"given_by": " "}, "given_by"),
		({"given_by": "x" * 256}, "given_by"),
		({"evidence": None}, "evidence"),
		({"evidence": "x" * 10_001}, "evidence"),
		({"given_on": ""}, "given_on"),
		({"given_on": "2026-02-30"}, "given_on"),
		({"given_on": "20260302"}, "given_on"),
		({"given_on": "0001-01-01"}, "given_on"),
		({"given_on": 20260302}, "given_on"),
		({"expires_on": "2026-03-01"}, "expires_on"),
		({"attachment": "/private/files/payroll.pdf"}, "attachment"),
	],
)
def test_what_is_wrong_with_a_consent_is_named(changes, field):
	assert set(faults(read_consent, {**CONSENT, **changes})) == {field}


def test_a_page_has_a_usual_size_and_a_greatest():
	assert (read_page({}).limit, read_page({}).after) == (50, None)
	assert read_page({"limit": "100"}).limit == 100


@pytest.mark.parametrize(
	("arguments", "field"),
	[
		({"limit": "0"}, "limit"),
		({"limit": "101"}, "limit"),
		({"limit": "-1"}, "limit"),
		({"limit": "١"}, "limit"),
		({"limit": "9" * 5000}, "limit"),
		({"cursor": "nonsense"}, "cursor"),
		({"cursor": "W10"}, "cursor"),
		({"cursor": "WzEsMl0"}, "cursor"),
		({"owner": "somebody"}, "owner"),
	],
)
def test_a_page_that_nobody_can_turn_to_is_refused(arguments, field):
	assert set(faults(read_page, arguments)) == {field}


@given(
	created_on=st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 31)),
	name=st.from_regex(r"RES-\d{4}-\d{5,7}", fullmatch=True),
)
def test_a_cursor_leads_back_to_its_place(created_on, name):
	place = Place(created_on, name)
	assert read_page({"cursor": cursor(place)}).after == place


@given(st.text(max_size=60))
def test_whatever_is_sent_as_a_cursor_is_a_place_or_refused(text):
	try:
		after = read_page({"cursor": text}).after
	except MalformedEvent as error:
		assert set(error.fields) == {"cursor"}
	else:
		assert not text or isinstance(after, Place)


@given(payload=st.dictionaries(st.sampled_from([*FIELDS, *CONSENT_FIELDS, "origin"]), JSON) | JSON)
@pytest.mark.parametrize("read", [read_creation, read_consent])
def test_whatever_is_sent_is_read_or_refused(read, payload):
	try:
		read(payload)
	except MalformedEvent as error:
		assert error.fields
