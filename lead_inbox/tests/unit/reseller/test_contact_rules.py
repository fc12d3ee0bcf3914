from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.contact_rules import (
	LONGEST,
	Fault,
	alternate_email_fault,
	e164,
	line_fault,
	phone_fault,
	primary_email_fault,
)
from lead_inbox.reseller.rules import CustomerType

DOMAIN, TEAM = CustomerType.DOMAIN, CustomerType.TEAM
DELTA = "delta-mills.com"


@pytest.mark.parametrize("customer_type", CustomerType)
def test_every_customer_has_a_primary_address(customer_type):
	assert primary_email_fault(" ", customer_type, DELTA) is Fault.MISSING


@pytest.mark.parametrize(
	("email", "fault"),
	[
		(f"admin@{DELTA}", None),
		(f"Admin@{DELTA.upper()}", None),
		(f"admin@mail.{DELTA}", Fault.ELSEWHERE),
		("admin@elsewhere.com", Fault.ELSEWHERE),
		(f"admin@not{DELTA}", Fault.ELSEWHERE),
		("admin", Fault.NOT_AN_ADDRESS),
		(f"a..b@{DELTA}", Fault.NOT_AN_ADDRESS),
		(f"admin@{DELTA}\nbcc: x@y.com", Fault.NOT_AN_ADDRESS),
	],
)
def test_the_administrator_of_a_domain_signs_in_on_it(email, fault):
	assert primary_email_fault(email, DOMAIN, DELTA) is fault


def test_the_administrator_of_a_team_signs_in_with_any_address():
	assert primary_email_fault("mali@gmail.com", TEAM, "") is None


@pytest.mark.parametrize(
	("email", "fault"),
	[
		("mali@gmail.com", None),
		(f"mali@not{DELTA}", None),
		(f"mali@{DELTA}", Fault.ON_THE_DOMAIN),
		(f"mali@mail.{DELTA}", Fault.ON_THE_DOMAIN),
		(f"mali@MAIL.{DELTA.upper()}.", Fault.NOT_AN_ADDRESS),
		("mali@", Fault.NOT_AN_ADDRESS),
	],
)
def test_the_other_address_is_not_on_the_customers_domain(email, fault):
	assert alternate_email_fault(email, DOMAIN, DELTA) is fault


def test_a_domain_customer_needs_another_address_and_a_team_may_have_one():
	assert alternate_email_fault("", DOMAIN, DELTA) is Fault.MISSING
	assert alternate_email_fault("", TEAM) is None
	assert alternate_email_fault("nonsense", TEAM) is Fault.NOT_AN_ADDRESS


def test_an_international_domain_is_one_however_it_is_written():
	assert primary_email_fault("admin@müller.de", DOMAIN, "xn--mller-kva.de") is None
	assert alternate_email_fault("info@xn--mller-kva.de", DOMAIN, "xn--mller-kva.de") is Fault.ON_THE_DOMAIN


@pytest.mark.parametrize(
	("phone", "fault"),
	[
		("", None),
		("+30 2821 055 555", None),
		("+1 (415) 555-2671", None),
		("2821055555", Fault.NO_COUNTRY_CODE),
		("0030 2821 055555", Fault.NO_COUNTRY_CODE),
		("+", Fault.NOT_A_NUMBER),
		("+999 12345678", Fault.NOT_A_NUMBER),
		("+1 555", Fault.NOT_A_NUMBER),
		("+30 call me", Fault.NOT_A_NUMBER),
		("+30 2821 055555 ext. 12", Fault.NOT_A_NUMBER),
		("+302821055555x12", Fault.NOT_A_NUMBER),
		("+302821055555;ext=12", Fault.NOT_A_NUMBER),
	],
)
def test_a_number_that_would_be_dropped_is_refused(phone, fault):
	assert phone_fault(phone) is fault


@given(region=st.sampled_from(["US", "GR", "DE", "VN", "TH", "GB"]))
def test_every_good_number_is_sent_in_one_form(region):
	example = phonenumbers.example_number(region)
	written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
	sent = e164(written)
	assert phone_fault(written) is None and phone_fault(sent) is None
	assert sent == e164(sent) and sent[0] == "+" and sent[1:].isdigit()


@given(st.sampled_from(["ext. ", "x", ";ext=", " ext ", "#"]), st.integers(1, 9999))
def test_a_number_within_a_house_is_not_dropped_without_a_word(word, extension):
	assert e164(f"+30 2821 055555{word}{extension}") == ""


@given(st.text(max_size=40))
def test_whatever_is_written_is_a_number_or_refused(text):
	assert (phone_fault(text) is None) == (not text.strip() or bool(text.strip()[0] == "+" and e164(text)))


def test_a_line_may_be_as_long_as_the_vendor_takes():
	assert line_fault("x" * LONGEST, required=True) is None
	assert line_fault("x" * (LONGEST + 1), required=False) is Fault.TOO_LONG
	assert line_fault(" ", required=True) is Fault.MISSING
	assert line_fault("", required=False) is None
