from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.conversion.rules import Mode, Pick
from lead_inbox.reseller.contact_rules import alternate_email_fault, primary_email_fault
from lead_inbox.reseller.rules import CustomerType, Origin, Status, is_there
from lead_inbox.reseller.ties.tie_rules import (
	SITES_OF_OTHERS,
	TieChoice,
	crm_id,
	emails_by_field,
	emails_in_order,
	first_number,
	guessed_domain,
	is_person,
	is_same_place,
	is_whole_place,
	parse_choice,
)

WORKSHOP = {
	"address_line1": "1 Pipe Street",
	"city": "Oakland",
	"state": "CA",
	"postal_code": "94607",
	"country": "United States",
}
ADDRESSES = st.sampled_from(
	(
		*("maria@phan-plumbing.com", "office@mail.phan-plumbing.com", "maria@gmail.com"),
		*("maria@PHAN-Plumbing.com", "no address", "", "info@bücher.de"),
	)
)


@pytest.mark.parametrize(
	("emails", "website", "domain"),
	[
		(["maria@phan-plumbing.com"], "https://other.com", "phan-plumbing.com"),
		(["maria@gmail.com", "office@phan-plumbing.com"], "", "phan-plumbing.com"),
		(["maria@gmail.com"], "https://www.phan-plumbing.co.uk/about?x=1", "phan-plumbing.co.uk"),
		(["maria@gmail.com"], "shop.phan-plumbing.com", "phan-plumbing.com"),
		(["maria@mail.phan-plumbing.com"], "", "mail.phan-plumbing.com"),
		(["info@bücher.de"], "", "bücher.de"),
		(["maria@gmail.com"], "", None),
		(["maria@gmail.com"], "https://www.facebook.com/phanplumbing", None),
		(["maria@phan.nosuchending"], "not a site", None),
		([], "", None),
	],
)
def test_the_domain_is_that_of_the_mail_else_of_the_site(emails, website, domain):
	found = guessed_domain(emails, website)
	assert (found and found.shown) == domain


@pytest.mark.parametrize("site", sorted(SITES_OF_OTHERS))
def test_a_page_on_somebody_elses_site_is_no_domain_of_the_customer(site):
	assert guessed_domain([], f"https://www.{site}/phan-plumbing") is None


@given(st.lists(ADDRESSES), st.sampled_from(["", "phan-plumbing.com", "bücher.de"]))
def test_an_address_is_put_where_it_is_not_refused(emails, website):
	domain = guessed_domain(emails, website)
	ascii_domain = domain.ascii if domain else ""
	placed = emails_by_field(emails, domain)
	if "primary_email" in placed:
		assert primary_email_fault(placed["primary_email"], CustomerType.DOMAIN, ascii_domain) is None
	if "alternate_email" in placed:
		assert alternate_email_fault(placed["alternate_email"], CustomerType.DOMAIN, ascii_domain) is None


def test_each_address_has_its_place():
	emails = ["maria@gmail.com", "office@mail.phan-plumbing.com", "maria@phan-plumbing.com"]
	domain = guessed_domain([], "phan-plumbing.com")
	assert emails_by_field(emails, domain) == {
		"primary_email": "maria@phan-plumbing.com",
		"alternate_email": "maria@gmail.com",
	}


@pytest.mark.parametrize(
	("numbers", "region", "number"),
	[
		(["+1 415 555 2671"], None, "+14155552671"),
		(["(415) 555-2671"], "US", "+14155552671"),
		(["call me", "+44 20 7946 0958"], "US", "+442079460958"),
		(["+1 555"], "US", ""),
		([], "US", ""),
	],
)
def test_a_number_is_taken_when_the_vendor_takes_it(numbers, region, number):
	assert first_number(numbers, region) == number


@pytest.mark.parametrize(
	("origin", "customer_type", "first"),
	[
		(Origin.NEW, CustomerType.DOMAIN, "elsewhere"),
		(Origin.IMPORT, CustomerType.DOMAIN, "on it"),
		(Origin.NEW, CustomerType.TEAM, "on it"),
	],
)
def test_mail_goes_first_where_it_arrives(origin, customer_type, first):
	ordered = emails_in_order(origin, customer_type, "on it", "elsewhere")
	assert (ordered[0], set(ordered)) == (first, {"on it", "elsewhere"})


def test_an_address_that_is_given_twice_is_one():
	assert emails_in_order(Origin.NEW, CustomerType.TEAM, "same", "same") == ["same"]
	assert emails_in_order(Origin.NEW, CustomerType.TEAM, "", "") == []


@pytest.mark.parametrize(
	"other",
	[
		{},
		{"address_line1": "1, PIPE street"},
		{"address_line1": "Pipe Street 1"},
		{"state": "California"},
		{"postal_code": "946 07"},
		{"postal_code": ""},
		{"city": ""},
	],
)
def test_a_place_is_known_by_other_spellings(other):
	assert is_same_place(WORKSHOP, {**WORKSHOP, **other})


@pytest.mark.parametrize(
	"other",
	[
		{"address_line1": "2 Pipe Street"},
		{"address_line1": ""},
		{"city": "Berkeley"},
		{"postal_code": "94608"},
		{"country": "Canada"},
	],
)
def test_another_place_is_another(other):
	assert not is_same_place(WORKSHOP, {**WORKSHOP, **other})


@pytest.mark.parametrize("missing", ["address_line1", "city", "country"])
def test_without_a_street_a_city_and_a_country_there_is_no_address(missing):
	assert is_whole_place(WORKSHOP)
	assert not is_whole_place({**WORKSHOP, missing: " "})


@pytest.mark.parametrize("status", Status)
def test_what_the_vendor_was_told_to_call_a_customer_stays(status):
	known = is_there(status) or status is Status.TRANSFERRED_OUT
	assert crm_id("LEAD-1", "LEAD-1", "CUST-1", status) == ("LEAD-1" if known else "CUST-1")
	assert crm_id("Mine", "LEAD-1", "CUST-1", status) == "Mine"


def test_a_crm_id_that_is_empty_is_filled_with_what_came_first():
	assert crm_id("", None, "CUST-1", Status.DRAFT) == "CUST-1"


@pytest.mark.parametrize(
	("organization", "first_name", "last_name", "person"),
	[
		("Maria Diaz", "Maria", "Diaz", True),
		("MARIA DIAZ ", " Maria", "Diaz", True),
		("Diaz & Sons", "Maria", "Diaz", False),
		("", "", "", False),
	],
)
def test_an_organization_may_be_called_like_its_person(organization, first_name, last_name, person):
	assert is_person(organization, first_name, last_name) is person


def test_a_choice_that_leaves_all_out_is_the_usual_one():
	assert parse_choice({}) == TieChoice(Pick(Mode.NEW), Pick(Mode.OWN), Pick(Mode.OWN))


def test_a_choice_is_read():
	choice = parse_choice(
		{
			"customer": {"mode": "existing", "name": "CUST-1"},
			"contact": {"mode": "none"},
			"address": {"mode": "existing", "name": "Workshop-Billing"},
		}
	)
	assert choice == TieChoice(
		Pick(Mode.EXISTING, "CUST-1"), Pick(Mode.NONE), Pick(Mode.EXISTING, "Workshop-Billing")
	)


@pytest.mark.parametrize(
	"values",
	[
		{"customer": {"mode": "none"}},
		{"customer": {"mode": "existing"}},
		{"contact": {"mode": "new"}},
		{"address": "Workshop"},
		{"opportunity": {"mode": "new"}},
		{"contact": {"mode": "own", "name": "Maria"}},
	],
)
def test_what_is_no_choice_is_refused(values: dict[str, Any]):
	with pytest.raises(ValueError):
		parse_choice(values)
