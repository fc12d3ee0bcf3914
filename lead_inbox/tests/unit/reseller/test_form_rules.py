from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller import contact_rules, domain_rules
from lead_inbox.reseller.domain_rules import MAIL_BRANDS
from lead_inbox.reseller.form_rules import (
	FIELDS,
	Family,
	Fault,
	Step,
	all_faults,
	faults,
	first_open,
	longest,
	step_of,
	steps,
)
from lead_inbox.reseller.rules import CustomerType, Origin

WORKSPACE = Family(frozenset(CustomerType), asks_identifier=False)
ONLY_DOMAINS = Family(frozenset({CustomerType.DOMAIN}), asks_identifier=True)
GOOD = {
	"product_family": "Workspace",
	"customer_type": "Domain",
	"organization_name": "Delta Mills Ltd.",
	"domain": "delta-mills.com",
	"primary_email": "admin@delta-mills.com",
	"country": "Greece",
	"alternate_email": "mali@gmail.com",
	"phone": "+30 2821 055555",
}
TEAM = {
	**GOOD,
	"customer_type": "Team",
	"domain": "",
	"primary_email": "mali@gmail.com",
	"alternate_email": "",
}


@pytest.mark.parametrize("values", [GOOD, TEAM])
@pytest.mark.parametrize("origin", Origin)
def test_a_form_filled_in_well_has_no_fault(values, origin):
	assert all_faults(origin, values, WORKSPACE) == {}


@pytest.mark.parametrize("field", ["crm_id", "public_identifier", "postal_code", "city", "organization_name"])
def test_a_line_is_good_as_long_as_it_may_be(field):
	assert field not in all_faults(Origin.NEW, {**GOOD, field: "x" * longest(field)}, WORKSPACE)
	found = all_faults(Origin.NEW, {**GOOD, field: "x" * (longest(field) + 1)}, WORKSPACE)
	assert found == {field: contact_rules.Fault.TOO_LONG}


def test_only_an_import_asks_for_consent():
	assert Step.CONSENT in steps(Origin.IMPORT) and Step.CONSENT not in steps(Origin.NEW)
	assert steps(Origin.IMPORT)[-1] is Step.REVIEW


@pytest.mark.parametrize(
	("step", "changes", "field", "fault"),
	[
		(
			Step.KIND,
			{"customer_type": "Team", "public_identifier": "C0123"},
			"customer_type",
			Fault.TYPE_NOT_OFFERED,
		),
		(Step.KIND, {}, "public_identifier", Fault.MISSING),
		(
			Step.KIND,
			{"customer_type": "Crowd", "public_identifier": "C0123"},
			"customer_type",
			Fault.TYPE_NOT_OFFERED,
		),
		(Step.KIND, {"public_identifier": "x" * 141}, "public_identifier", contact_rules.Fault.TOO_LONG),
		(Step.CUSTOMER, {"cloud_identity_id": "x" * 141}, "cloud_identity_id", contact_rules.Fault.TOO_LONG),
		(Step.CUSTOMER, {"crm_id": "x" * 141}, "crm_id", contact_rules.Fault.TOO_LONG),
		(Step.CUSTOMER, {"organization_name": " "}, "organization_name", contact_rules.Fault.MISSING),
		(Step.CUSTOMER, {"domain": "co.uk"}, "domain", domain_rules.Fault.PUBLIC_SUFFIX),
		(Step.CUSTOMER, {"primary_email": "a@b.com"}, "primary_email", contact_rules.Fault.ELSEWHERE),
		(Step.CONTACT, {"country": None}, "country", contact_rules.Fault.MISSING),
		(Step.CONTACT, {"phone": "2821055555"}, "phone", contact_rules.Fault.NO_COUNTRY_CODE),
		(
			Step.CONTACT,
			{"alternate_email": "x@mail.delta-mills.com"},
			"alternate_email",
			contact_rules.Fault.ON_THE_DOMAIN,
		),
		(Step.CONTACT, {"city": "x" * 256}, "city", contact_rules.Fault.TOO_LONG),
		(Step.CONTACT, {"postal_code": "x" * 141}, "postal_code", contact_rules.Fault.TOO_LONG),
	],
)
def test_each_fault_is_told_beside_its_field(step, changes, field, fault):
	assert faults(step, {**GOOD, **changes}, ONLY_DOMAINS) == {field: fault}
	assert step_of(field) is step


def test_without_a_family_nothing_else_is_judged():
	assert faults(Step.KIND, {}, None) == {"product_family": Fault.MISSING}


@pytest.mark.parametrize(
	("email", "fault"),
	[
		("", contact_rules.Fault.MISSING),
		("nobody", contact_rules.Fault.NOT_AN_ADDRESS),
		("admin@delta-mills.com", None),
	],
)
def test_an_address_is_judged_before_the_domain_is_known(email, fault):
	found = faults(Step.CUSTOMER, {**GOOD, "domain": "co.uk", "primary_email": email}, WORKSPACE)
	assert found.pop("domain") is domain_rules.Fault.PUBLIC_SUFFIX
	assert found == ({"primary_email": fault} if fault else {})


@pytest.mark.parametrize(
	("domain", "fault"),
	[
		("", None),
		("delta-mills.com", None),
		("!! junk", domain_rules.Fault.NOT_A_DOMAIN),
		("co.uk", domain_rules.Fault.PUBLIC_SUFFIX),
		("delta.local", domain_rules.Fault.UNKNOWN_ENDING),
		("gmail.com", domain_rules.Fault.FREE_MAIL),
	],
)
def test_a_team_needs_no_domain_but_has_no_wrong_one(domain, fault):
	assert faults(Step.CUSTOMER, {**TEAM, "domain": domain}, WORKSPACE) == (
		{"domain": fault} if fault else {}
	)


@pytest.mark.parametrize(
	("primary", "alternate", "is_refused"),
	[
		("boss@acme-team.com", "info@acme-team.com", True),
		("boss@acme-team.com", "info@MAIL.acme-team.com", True),
		("boss@www.acme-team.com", "info@www.acme-team.com", True),
		("boss@acme-team.com", "boss@gmail.com", False),
		("boss@gmail.com", "boss.acme@gmail.com", False),
		("boss@hotmail.gr", "info@hotmail.gr", False),
		("boss@acme-team.com", "", False),
		("", "info@acme-team.com", False),
		("nobody", "info@acme-team.com", False),
	],
)
def test_the_other_address_of_a_team_is_not_where_its_first_one_is(primary, alternate, is_refused):
	values = {**TEAM, "primary_email": primary, "alternate_email": alternate}
	found = faults(Step.CONTACT, values, WORKSPACE)
	assert found == ({"alternate_email": contact_rules.Fault.ON_THE_DOMAIN} if is_refused else {})


def test_a_team_s_domain_counts_as_well():
	values = {**TEAM, "domain": "acme-team.com", "alternate_email": "info@acme-team.com"}
	assert faults(Step.CONTACT, values, WORKSPACE) == {"alternate_email": contact_rules.Fault.ON_THE_DOMAIN}


NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@given(person=NAMES, other=NAMES, label=NAMES, below=st.sampled_from(["", "mail.", "a.b."]))
def test_no_two_addresses_of_a_team_are_on_a_domain_of_its_own(person, other, label, below):
	own = f"{label}x-team.com"
	values = {**TEAM, "primary_email": f"{person}@{own}", "alternate_email": f"{other}@{below}{own}"}
	assert faults(Step.CONTACT, values, WORKSPACE) == {"alternate_email": contact_rules.Fault.ON_THE_DOMAIN}
	assert faults(Step.CONTACT, {**values, "alternate_email": f"{other}@not{own}"}, WORKSPACE) == {}


@given(
	person=NAMES,
	other=NAMES,
	service=st.sampled_from([*(f"{brand}.gr" for brand in sorted(MAIL_BRANDS)), "gmail.com", "live.gr"]),
)
def test_both_may_be_of_one_mail_service(person, other, service):
	values = {**TEAM, "primary_email": f"{person}@{service}", "alternate_email": f"{other}@{service}"}
	assert faults(Step.CONTACT, values, WORKSPACE) == {}


@given(written=st.text(max_size=40))
def test_what_is_wrong_with_a_domain_is_told_whatever_the_type(written):
	of_team, of_domain = (
		faults(Step.CUSTOMER, {**GOOD, "customer_type": kind, "domain": written}, WORKSPACE).get("domain")
		for kind in ("Team", "Domain")
	)
	assert of_team == (None if of_domain is domain_rules.Fault.EMPTY else of_domain)


def test_a_team_has_a_primary_address():
	assert faults(Step.CUSTOMER, {**TEAM, "primary_email": ""}, WORKSPACE) == {
		"primary_email": contact_rules.Fault.MISSING
	}


@given(
	st.dictionaries(
		st.sampled_from([field for fields in FIELDS.values() for field in fields]), st.text(max_size=30)
	)
)
def test_whatever_is_filled_in_is_judged_without_an_error(values):
	found = all_faults(Origin.IMPORT, values, WORKSPACE)
	assert all(step_of(field) for field in found)
	assert (first_open(found) is None) == (not found)
