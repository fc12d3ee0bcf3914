"""Records that a lead is already are found before another one is made (requirement CO-3)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from lead_inbox.conversion.matching import company_keys, matching
from lead_inbox.inbox.contact.masking import NUMBER_FIELDS
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.conversion_builders import (
	make_business_lead,
	make_contact,
	make_customer,
	make_opportunity,
)

EMAIL, PHONE = "naree@phan.example", "+14155550123"
UNLIKE = {"company_name": "Another Name Altogether"}
HIDDEN_LEVEL = 7


def make_territory() -> str:
	return frappe.get_doc(doctype="Territory", territory_name="Elsewhere").insert().name


def found(lead: Any) -> dict[str, tuple[str, ...]]:
	return {match.name: match.reasons for match in matching.customers(lead.name)}


def found_contacts(lead: Any, customer: str | None = None) -> dict[str, tuple[str, ...]]:
	return {match.name: match.reasons for match in matching.contacts(lead.name, customer)}


@pytest.mark.parametrize("spelling", ["PHAN PLUMBING", "Phàn Plumbing, Ltd.", "The Phan Plumbing Company"])
def test_a_customer_is_found_by_other_spellings_of_its_name(spelling):
	customer = make_customer(spelling)
	assert found(make_business_lead()) == {customer.name: ("Same company name",)}


@pytest.mark.parametrize(
	"spelling", ["Plumbing Phan", "PhanPlumbing", "Phan Pllumbing", "Phan-Plumbing & Co"]
)
def test_a_customer_is_found_by_likely_spellings(spelling):
	make_customer(spelling)
	assert list(found(make_business_lead(company_name="Phan Plumbing")).values()) in (
		[("A company name that is spelled alike",)],
		[("Same company name",)],
	)


@pytest.mark.parametrize("other", ["Phan Plumming", "Phan", "Phan Plumbing West", "Tran Plumbing"])
def test_another_company_is_not_found(other):
	make_customer(other)
	assert found(make_business_lead(company_name="Phan Plumbing")) == {}


@pytest.mark.parametrize(
	"slip", ["Fitzgreald Motorhomes", "Fitzgerald Mtorhomes", "Fitzgerald Mottorhomes Inc."]
)
def test_a_slip_in_a_long_word_is_found(slip):
	customer = make_customer(slip)
	assert list(found(make_business_lead(company_name="Fitzgerald Motorhomes"))) == [customer.name]


def test_a_column_that_folds_signs_does_not_make_two_companies_one():
	make_customer("ハハ商店")
	assert found(make_business_lead(company_name="パパ商店")) == {}


def test_a_person_without_a_company_is_found_by_the_same_name_alone():
	customer = make_customer("Naree Phan", customer_type="Individual")
	make_customer("Nareee Phan", customer_type="Individual")
	assert found(make_business_lead(company_name=None)) == {customer.name: ("Same name",)}


def test_a_customer_is_found_by_an_address_of_its_contacts_that_is_not_the_main_one():
	customer = make_customer("Somebody Else")
	make_contact(
		customer.name,
		email_ids=[{"email_id": "main@else.example", "is_primary": 1}, {"email_id": EMAIL.upper()}],
	)
	lead = make_business_lead(**UNLIKE, phone=None, mobile_no=None)
	assert found(lead) == {customer.name: ("One of its contacts has the same e-mail address",)}


def test_an_address_with_another_accent_is_another_address():
	"""Frappe refuses such addresses today; its columns take them for one."""
	make_contact(make_customer("Somebody Else").name, email_ids=[{"email_id": EMAIL}])
	lead = make_business_lead(**UNLIKE, email_id=None, phone=None, mobile_no=None)
	frappe.db.set_value("Lead", lead.name, "email_id", "nareé@phan.example")
	assert found(lead) == {}


@pytest.mark.parametrize("written", ["+14155550123", "(415) 555-0123", "+1-4155550123", "4155550123"])
def test_a_customer_is_found_by_a_number_in_each_usual_way_to_write_it(written):
	frappe.db.set_single_value("System Settings", "country", "United States")
	customer = make_customer("Somebody Else")
	make_contact(customer.name, phone_nos=[{"phone": written}])
	lead = make_business_lead(**UNLIKE, email_id=None, mobile_no=None)
	assert found(lead) == {customer.name: ("One of its contacts has the same phone number",)}


def test_a_number_in_an_unusual_way_is_found_among_customers_of_the_name():
	customer = make_customer()
	make_contact(customer.name, phone_nos=[{"phone": "+1 41-55-55-01-23"}])
	assert found(make_business_lead()) == {
		customer.name: ("Same company name", "One of its contacts has the same phone number")
	}


def test_a_customer_is_found_by_an_earlier_lead_of_the_same_number():
	customer = make_customer("Somebody Else")
	earlier = make_business_lead(**UNLIKE, email_id=None)
	frappe.db.set_value("Lead", earlier.name, "inbox_customer", customer.name)
	reasons = found(make_business_lead(company_name="A Third Name", email_id=None, mobile_no=None))
	assert reasons == {customer.name: ("Another lead with the same phone number became this customer",)}


def test_the_customer_that_the_lead_names_is_found():
	customer = make_customer("Somebody Else")
	reasons = found(make_business_lead(customer=customer.name))
	assert reasons == {customer.name: ("The lead names it as its customer",)}


def test_the_best_match_comes_first_and_a_disabled_one_last():
	disabled = make_customer(disabled=1)
	by_name = make_customer("Phan Plumbing Ltd")
	by_both = make_customer("Phan Plumbing Inc.")
	for customer in (disabled, by_both):
		make_contact(customer.name, email_ids=[{"email_id": EMAIL}])
	matches = matching.customers(make_business_lead().name)
	assert [match.name for match in matches] == [by_both.name, by_name.name, disabled.name]
	assert matches[0].label == "Phan Plumbing Inc."
	assert [match.details["disabled"] for match in matches] == [0, 0, 1]


def test_only_customers_and_contacts_that_the_user_may_read_are_found():
	ours, theirs = (
		make_customer(territory="United States"),
		make_customer("Phan Plumbing Ltd", territory=make_territory()),
	)
	for customer in (ours, theirs):
		make_contact(customer.name, email_ids=[{"email_id": EMAIL}])
	lead = make_business_lead()
	make_opportunity(theirs)
	user, stranger = make_user("jun@company.example"), make_user("nobody@company.example", "Blogger")
	frappe.get_doc(
		doctype="User Permission",
		user=user,
		allow="Territory",
		for_value="United States",
		apply_to_all_doctypes=0,
		applicable_for="Customer",
	).insert()
	frappe.set_user(user)
	assert list(found(lead)) == [ours.name]
	frappe.set_user(stranger)
	assert found(lead) == {}
	assert found_contacts(lead, ours.name) == {}
	assert matching.opportunities(lead.name, theirs.name) == []


def test_a_contact_is_found_by_address_number_and_name_within_the_customer():
	customer = make_customer()
	by_email = make_contact(customer.name, "Somebody", email_ids=[{"email_id": EMAIL}])
	by_number = make_contact(customer.name, "Anybody", phone_nos=[{"phone": "+1 41-55-55-01-23"}])
	by_name = make_contact(customer.name, "Phan", last_name="Naree")
	make_contact(customer.name, "Nobody")
	assert found_contacts(make_business_lead(), customer.name) == {
		by_email.name: ("Same e-mail address",),
		by_number.name: ("Same phone number",),
		by_name.name: ("Same name, and a contact of this customer",),
	}


def test_a_name_alone_finds_no_contact_of_other_customers():
	make_contact(make_customer().name, "Naree", last_name="Phan")
	assert found_contacts(make_business_lead(), make_customer("Somebody Else").name) == {}


def test_the_lead_s_own_contact_is_not_offered_as_another_one():
	lead = make_business_lead()
	own = frappe.db.get_value("Dynamic Link", {"link_doctype": "Lead", "link_name": lead.name}, "parent")
	assert own
	assert own not in found_contacts(lead)


def test_who_may_not_see_how_to_reach_customers_sees_masks():
	customer = make_customer()
	make_contact(
		customer.name,
		email_ids=[{"email_id": EMAIL, "is_primary": 1}],
		phone_nos=[{"phone": PHONE, "is_primary_mobile_no": 1}],
	)
	lead = make_business_lead()
	for field in ("email_id", *NUMBER_FIELDS):
		make_property_setter(
			"Lead", field, "permlevel", HIDDEN_LEVEL, "Int", validate_fields_for_doctype=False
		)
	frappe.clear_cache(doctype="Lead")
	frappe.set_user(make_user("jun@company.example"))
	match = matching.contacts(lead.name, customer.name)[0]
	assert match.reasons == ("Same e-mail address", "Same phone number")
	assert match.details == {"email": "n•••@•••.example", "phone": "•••23", "company": None}


def test_open_opportunities_of_the_lead_and_of_the_customer_are_offered():
	lead, customer = make_business_lead(), make_customer()
	of_lead, of_customer = make_opportunity(lead), make_opportunity(customer)
	make_opportunity(customer, status="Lost")
	make_opportunity(make_customer("Somebody Else"))
	names = [row["name"] for row in matching.opportunities(lead.name, customer.name)]
	assert names == [of_lead.name, of_customer.name]
	assert [row["name"] for row in matching.opportunities(lead.name, None)] == [of_lead.name]


def key_of(customer: str) -> str:
	return frappe.db.get_value("Customer", customer, company_keys.KEY)


def test_a_customer_keeps_the_key_of_its_name():
	customer = make_customer("Phan Plumbing, Ltd.")
	assert key_of(customer.name) == "phan plumbing"
	customer.customer_name = "Phan Heating GmbH"
	customer.save()
	assert key_of(customer.name) == "phan heating"


def test_a_renamed_customer_has_the_key_of_its_new_name():
	frappe.db.set_default("cust_master_name", "Customer Name")
	customer = make_customer()
	renamed = frappe.rename_doc("Customer", customer.name, "Phan Heating GmbH")
	assert key_of(renamed) == "phan heating"


def test_customers_that_were_there_before_get_their_keys():
	names = [make_customer(f"Phan Plumbing {number} Ltd").name for number in range(3)]
	frappe.db.sql("update `tabCustomer` set inbox_company_key = null")
	modified = frappe.db.get_value("Customer", names[0], "modified")
	company_keys.refresh()
	assert [key_of(name) for name in names] == [f"phan plumbing {number}" for number in range(3)]
	assert frappe.db.get_value("Customer", names[0], "modified") == modified
