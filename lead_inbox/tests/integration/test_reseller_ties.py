"""A Reseller Customer begins with a lead or a Customer, and has its Customer, Contact and Address (RS-8, CO-3)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
import requests
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from lead_inbox.api import reseller_ties as api
from lead_inbox.conversion.matching.matching import Match
from lead_inbox.conversion.rules import Mode, Pick
from lead_inbox.inbox.merging import merging
from lead_inbox.reseller import customers
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import Origin
from lead_inbox.reseller.ties import business, from_customer, from_lead, likeness, places
from lead_inbox.reseller.ties.tie_rules import TieChoice
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import (
	NONE,
	convert,
	linked_with,
	make_business_lead,
	make_contact,
	make_customer,
)
from lead_inbox.tests.integration.reseller_builders import doc_of, make_family, make_reseller_customer

DOMAIN = "phan-plumbing.com"
EMAIL = f"naree@{DOMAIN}"
HIDDEN_LEVEL = 7
NAMES = {"first_name": "Naree", "last_name": "Phan"}
PLACE = {
	"address_line1": "1 Pipe Street",
	"city": "Oakland",
	"state": "CA",
	"postal_code": "94607",
	"country": "United States",
}
PHAN = {
	"organization_name": "Phan Plumbing",
	"domain": DOMAIN,
	"primary_email": f"admin@{DOMAIN}",
	"alternate_email": "naree@gmail.com",
	"phone": "+14155550123",
	**NAMES,
	**PLACE,
}


def make_address(link_doctype: str, link_name: str, **values: Any) -> str:
	address = frappe.get_doc(
		**{
			"doctype": "Address",
			"address_title": "Workshop",
			"address_type": "Billing",
			"address_line1": "1 Pipe Street",
			"city": "Oakland",
			"state": "CA",
			"pincode": "94607",
			"country": "United States",
			"links": [{"link_doctype": link_doctype, "link_name": link_name}],
			**values,
		}
	)
	return address.insert().name


@pytest.fixture
def hidden_addresses() -> str:
	"""A sales person who may not see the e-mail addresses of leads."""
	make_property_setter(
		"Lead", "email_id", "permlevel", HIDDEN_LEVEL, "Int", validate_fields_for_doctype=False
	)
	frappe.clear_cache(doctype="Lead")
	return make_user("jun@company.example")


def begun(**values: Any) -> str:
	return make_reseller_customer(**{**PHAN, **values})


def begun_with(lead: str, **values: Any) -> str:
	"""One for which the lead was chosen on the form, which fills in nothing else."""
	doc = doc_of(begun(**values))
	doc.lead = lead
	doc.save()
	return doc.name


def existing(name: str) -> Pick:
	return Pick(Mode.EXISTING, name)


def subset(values: dict[str, Any], *fields: str) -> dict[str, Any]:
	return {field: values.get(field) for field in fields}


class TestBeginningWithALead:
	def test_it_begins_with_what_the_lead_says(self):
		lead = make_business_lead(email_id=EMAIL, website="https://elsewhere.com")
		address = make_address("Lead", lead.name)

		assert from_lead.values(lead.name) == {
			**NAMES,
			**PLACE,
			"address": address,
			"lead": lead.name,
			"contact": frappe.db.get_value(
				"Dynamic Link", {"link_name": lead.name, "parenttype": "Contact"}, "parent"
			),
			"crm_id": lead.name,
			"organization_name": "Phan Plumbing",
			"domain": DOMAIN,
			"primary_email": EMAIL,
			"phone": "+14155550123",
		}

	def test_free_mail_is_the_address_outside_of_the_domain_of_the_site(self):
		lead = make_business_lead(email_id="naree.phan@gmail.com", website=f"https://www.{DOMAIN}/about")

		found = from_lead.values(lead.name)
		assert subset(found, "domain", "primary_email", "alternate_email") == {
			"domain": DOMAIN,
			"primary_email": None,
			"alternate_email": "naree.phan@gmail.com",
		}

	def test_without_an_address_it_has_the_lead_s_city(self):
		lead = make_business_lead(email_id=EMAIL, city="Oakland", state="CA")

		found = from_lead.values(lead.name)
		assert subset(found, "city", "state", "country", "address_line1", "address") == {
			"city": "Oakland",
			"state": "CA",
			"country": "United States",
			"address_line1": None,
			"address": None,
		}

	def test_a_person_is_an_organization_of_one(self):
		lead = make_lead(first_name="Maria", last_name="Lopez", email_id="maria.lopez@gmail.com")

		assert from_lead.values(lead.name)["organization_name"] == "Maria Lopez"

	def test_of_a_converted_lead_it_has_the_customer(self):
		lead = make_business_lead(email_id=EMAIL).name
		converted = convert(lead, opportunity=NONE)

		found = from_lead.values(lead)
		assert subset(found, "lead", "customer", "contact", "crm_id") == {
			"lead": lead,
			"customer": converted.customer,
			"contact": converted.contact,
			"crm_id": converted.customer,
		}

	def test_of_a_merged_lead_it_says_where_to_go(self):
		winner, loser = make_business_lead(email_id=EMAIL).name, make_lead(first_name="N.").name
		merging.merge(winner, loser)

		with pytest.raises(frappe.ValidationError, match=f"merged into {winner}"):
			from_lead.values(loser)

	def test_a_draft_takes_all_of_it(self):
		lead = make_business_lead(email_id=EMAIL)
		make_address("Lead", lead.name)
		values = from_lead.values(lead.name)

		doc = doc_of(customers.begin(Origin.NEW, {**values, "product_family": make_family()}))
		assert {field: doc.get(field) for field in values} == values

	def test_what_the_user_may_not_see_is_not_told(self, hidden_addresses):
		lead = make_business_lead(email_id=EMAIL, website=f"https://{DOMAIN}")
		frappe.set_user(hidden_addresses)

		found = from_lead.values(lead.name)
		assert subset(found, "primary_email", "alternate_email") == dict.fromkeys(
			("primary_email", "alternate_email")
		)
		assert found["domain"] == DOMAIN  # of the site, which is no secret


class TestBeginningWithACustomer:
	def test_it_begins_with_the_primary_contact_and_address(self):
		customer = make_customer(website=f"https://{DOMAIN}")
		make_contact(customer.name, "Other")
		contact = make_contact(
			customer.name,
			"Naree",
			last_name="Phan",
			email_ids=[{"email_id": "naree@gmail.com", "is_primary": 1}, {"email_id": EMAIL}],
			phone_nos=[{"phone": "(415) 555-0123", "is_primary_phone": 1}],
		).name
		address = make_address("Customer", customer.name)
		customer.update({"customer_primary_contact": contact, "customer_primary_address": address})
		customer.save()

		assert from_customer.values(customer.name) == {
			**NAMES,
			**PLACE,
			"address": address,
			"contact": contact,
			"customer": customer.name,
			"crm_id": customer.name,
			"organization_name": "Phan Plumbing",
			"domain": DOMAIN,
			"primary_email": EMAIL,
			"alternate_email": "naree@gmail.com",
			"phone": "+14155550123",
		}

	def test_without_anybody_it_has_the_name(self):
		customer = make_customer().name

		assert from_customer.values(customer) == {
			"customer": customer,
			"crm_id": customer,
			"organization_name": "Phan Plumbing",
		}

	def test_it_names_the_lead_that_the_customer_was(self):
		lead = make_business_lead(email_id=EMAIL).name
		customer = convert(lead, opportunity=NONE).customer

		assert from_customer.values(customer)["lead"] == lead

	def test_a_disabled_customer_is_refused(self):
		customer = make_customer(disabled=1).name

		with pytest.raises(frappe.ValidationError, match="disabled"):
			from_customer.values(customer)

	def test_a_contact_and_an_address_that_the_user_may_not_read_are_not_told(self):
		customer = make_customer(website=f"https://{DOMAIN}").name
		make_contact(customer, "Naree", email_ids=[{"email_id": EMAIL, "is_primary": 1}])
		make_address("Customer", customer)
		other = make_customer("Other").name
		theirs = {
			"Contact": make_contact(other, "N.").name,
			"Address": make_address("Customer", other, address_line1="9 Hill Road"),
		}
		jun = make_user("jun@company.example")
		for allow, for_value in theirs.items():
			frappe.get_doc(doctype="User Permission", user=jun, allow=allow, for_value=for_value).insert()
		frappe.set_user(jun)

		assert from_customer.values(customer) == {
			"customer": customer,
			"crm_id": customer,
			"organization_name": "Phan Plumbing",
			"domain": DOMAIN,
		}


class TestMatching:
	def test_customers_are_found_as_those_of_a_lead_are(self):
		by_name = make_customer("Phan Plumbing Inc.").name
		by_mail = make_customer("Another Name").name
		make_contact(by_mail, email_ids=[{"email_id": "NAREE@gmail.com", "is_primary": 1}])
		make_customer("Nobody")

		assert {match.name: match.reasons for match in likeness.customers(doc_of(begun()))} == {
			by_name: ("Same company name",),
			by_mail: ("One of its contacts has the same e-mail address",),
		}

	def test_the_customer_of_the_same_domain_comes_first(self):
		customer = make_customer("The Holding").name
		make_customer("Phan Plumbing")
		begun(customer=customer)

		found = likeness.customers(doc_of(begun()))
		assert (found[0].name, found[0].reasons) == (
			customer,
			("It has this domain with another product family",),
		)

	def test_what_only_the_lead_knows_finds_its_customer_too(self):
		lead = make_business_lead(email_id="naree@phan.example").name
		customer = make_customer("Another Name").name
		make_contact(customer, email_ids=[{"email_id": "naree@phan.example", "is_primary": 1}])

		found = likeness.customers(doc_of(begun(lead=lead, organization_name="Unlike")))
		assert customer in [match.name for match in found]

	def test_contacts_are_found_by_address_and_by_name_at_the_customer(self):
		customer = make_customer("Another Name").name
		namesake = make_contact(customer, "Phan", last_name="Naree").name
		by_mail = make_contact(
			make_customer("Third").name, "N.", email_ids=[{"email_id": "naree@gmail.com", "is_primary": 1}]
		).name

		found = {match.name: match.reasons for match in likeness.contacts(doc_of(begun()), customer)}
		assert found == {
			by_mail: ("Same e-mail address",),
			namesake: ("Same name, and a contact of this customer",),
		}

	def test_addresses_are_found_the_same_place_first(self):
		customer = make_customer().name
		other = make_address("Customer", customer, address_line1="9 Hill Road")
		same = make_address("Customer", customer, address_line1="Pipe Street 1")

		found = places.matches(doc_of(begun()), customer)
		assert found == [
			Match(same, "Pipe Street 1, Oakland, 94607, United States", ("The same place",)),
			Match(other, "9 Hill Road, Oakland, 94607, United States", ("An address of the customer",)),
		]

	def test_the_door_tells_all_that_may_be_chosen_and_the_lead_that_is_open(self):
		customer, lead = make_customer().name, make_business_lead(email_id=EMAIL).name
		name = begun(lead=lead)

		found = api.get_matches(name)
		assert found["lead"] == lead
		assert found["tied"] == {"customer": None, "contact": None, "address": None}
		assert [match["name"] for match in found["customers"]] == [customer]

	def test_of_a_converted_lead_its_customer_comes_first_and_no_new_one_is_offered(self):
		lead = make_business_lead(email_id=EMAIL, company_name="The Holding").name
		customer = convert(lead, opportunity=NONE).customer
		make_customer("Phan Plumbing")

		found = api.get_matches(begun_with(lead))
		assert (found["lead"], found["became"]) == (None, customer)
		first = found["customers"][0]
		assert (first["name"], first["reasons"][0]) == (customer, "Its lead became this customer")

	def test_a_disabled_customer_of_its_lead_comes_first_too_and_is_refused_in_words(self):
		lead = make_business_lead(email_id=EMAIL, company_name="The Holding").name
		customer = convert(lead, opportunity=NONE).customer
		frappe.db.set_value("Customer", customer, "disabled", 1)
		make_customer("Phan Plumbing")
		name = begun_with(lead)

		assert api.get_matches(name)["customers"][0]["name"] == customer
		with pytest.raises(ResellerRefused, match="disabled"):
			business.tie(name, TieChoice())

	def test_of_a_customer_it_tells_who_has_the_address(self):
		customer, other = make_customer().name, make_customer("Other").name
		contact = make_contact(customer, email_ids=[{"email_id": "NAREE@gmail.com", "is_primary": 1}]).name
		name = begun()

		found = api.get_matches(name, customer)
		assert found["same_contact"] == contact
		assert contact in [match["name"] for match in found["contacts"]]
		assert api.get_matches(name, other)["same_contact"] is None
		assert api.get_matches(name)["same_contact"] is None

	def test_what_the_user_may_not_read_is_not_told(self):
		make_customer()
		name = begun()
		frappe.set_user(make_user("stranger@company.example", "Purchase User"))

		assert likeness.customers(frappe.get_doc("Reseller Customer", name)) == []


class TestTying:
	def test_customer_contact_and_address_are_made(self):
		name = begun()
		tied = business.tie(name, TieChoice())

		customer = frappe.get_doc("Customer", tied.customer)
		assert (customer.customer_name, customer.customer_type) == ("Phan Plumbing", "Company")
		assert customer.customer_primary_contact == tied.contact
		assert customer.customer_primary_address == tied.address
		contact = frappe.get_doc("Contact", tied.contact)
		assert (contact.full_name, contact.phone) == ("Naree Phan", "+14155550123")
		assert contact.email_id == "naree@gmail.com"  # the other one is not set up yet
		assert {row.email_id for row in contact.email_ids} == {"naree@gmail.com", f"admin@{DOMAIN}"}
		address = frappe.get_doc("Address", tied.address)
		assert (address.address_line1, address.pincode, address.country) == (
			"1 Pipe Street",
			"94607",
			"United States",
		)
		for doctype, record in (("Contact", tied.contact), ("Address", tied.address)):
			assert linked_with(doctype, record) == {("Customer", tied.customer)}
		doc = doc_of(name)
		assert (doc.customer, doc.contact, doc.address) == (tied.customer, tied.contact, tied.address)
		assert doc.crm_id == tied.customer

	def test_once_more_it_makes_nothing(self):
		name = begun()
		first = business.tie(name, TieChoice())
		counts = [frappe.db.count(doctype) for doctype in ("Customer", "Contact", "Address")]

		assert business.tie(name, TieChoice()) == first
		assert [frappe.db.count(doctype) for doctype in ("Customer", "Contact", "Address")] == counts

	def test_of_what_is_there_only_empty_fields_are_filled(self):
		customer = make_customer()
		contact = make_contact(
			customer.name, "N.", email_ids=[{"email_id": "theirs@phan.example", "is_primary": 1}]
		).name
		customer.reload()
		customer.update({"customer_primary_contact": contact})
		customer.save()
		name = begun()

		tied = business.tie(name, TieChoice(existing(customer.name), existing(contact)))
		assert tied.contact == contact
		doc = frappe.get_doc("Contact", contact)
		assert (doc.first_name, doc.email_id, doc.phone) == ("N.", "theirs@phan.example", "+14155550123")
		after = frappe.get_doc("Customer", customer.name)
		assert (after.customer_name, after.customer_primary_contact) == ("Phan Plumbing", contact)
		assert after.customer_primary_address == tied.address

	def test_an_address_that_the_customer_has_is_not_made_again(self):
		customer = make_customer().name
		address = make_address("Customer", customer, address_line1="Pipe Street 1")

		assert business.tie(begun(), TieChoice(existing(customer))).address == address

	def test_a_contact_that_the_customer_has_is_not_made_again(self):
		customer = make_customer().name
		make_contact(customer, "Other", email_ids=[{"email_id": "other@phan.example", "is_primary": 1}])
		contact = make_contact(customer, email_ids=[{"email_id": "Naree@Gmail.com", "is_primary": 1}]).name
		count = frappe.db.count("Contact")

		assert business.tie(begun(), TieChoice(existing(customer))).contact == contact
		assert business.tie(begun(customer=customer), TieChoice()).contact == contact
		assert frappe.db.count("Contact") == count

	def test_the_contact_that_it_has_is_kept_whoever_else_has_the_address(self):
		customer = make_customer().name
		make_contact(customer, email_ids=[{"email_id": "naree@gmail.com", "is_primary": 1}])
		own = make_contact(customer, "N.").name

		assert business.tie(begun(contact=own), TieChoice(existing(customer))).contact == own

	def test_a_contact_of_the_customer_that_the_user_may_not_read_is_not_taken(self):
		customer = make_customer().name
		theirs = make_contact(customer, email_ids=[{"email_id": "naree@gmail.com", "is_primary": 1}]).name
		seen = make_contact(make_customer("Other").name, "N.").name
		name = begun(first_name="", last_name="")
		jun = make_user("jun@company.example")
		frappe.get_doc(doctype="User Permission", user=jun, allow="Contact", for_value=seen).insert()
		frappe.set_user(jun)

		found = api.get_matches(name, customer)
		assert found["same_contact"] is None
		assert theirs not in [match["name"] for match in found["contacts"]]
		choice = TieChoice(existing(customer), address=Pick(Mode.NONE))
		assert business.tie(name, choice).contact == ""

	def test_what_is_not_wanted_is_not_made(self):
		tied = business.tie(begun(), TieChoice(contact=Pick(Mode.NONE), address=Pick(Mode.NONE)))

		assert (tied.contact, tied.address) == ("", "")
		assert frappe.db.get_value("Customer", tied.customer, "customer_primary_contact") is None

	def test_without_a_name_or_a_street_there_is_nobody_and_nowhere(self):
		name = begun(first_name="", last_name="", address_line1="")

		tied = business.tie(name, TieChoice())
		assert (tied.contact, tied.address) == ("", "")

	def test_a_customer_that_is_there_already_is_kept(self):
		customer, other = make_customer().name, make_customer("Other").name
		name = begun(customer=customer)

		with pytest.raises(ResellerRefused, match="already"):
			business.tie(name, TieChoice(existing(other)))
		assert business.tie(name, TieChoice()).customer == customer

	@pytest.mark.parametrize("part", ["customer", "contact", "address"])
	def test_a_record_that_is_gone_is_refused(self, part):
		with pytest.raises(ResellerRefused, match="does not exist any more"):
			business.tie(begun(), TieChoice(**{part: existing("Gone")}))

	def test_a_disabled_customer_is_refused(self):
		with pytest.raises(ResellerRefused, match="disabled"):
			business.tie(begun(), TieChoice(existing(make_customer(disabled=1).name)))

	def test_nobody_makes_what_they_may_not_create(self):
		name = begun()
		frappe.set_user(make_user("manager@company.example", "Sales Manager"))

		with pytest.raises(frappe.PermissionError):
			business.tie(name, TieChoice())
		assert doc_of(name).customer is None

	def test_the_door_reads_a_choice_and_refuses_what_is_none(self):
		customer = make_customer().name
		name = begun()

		tied = api.tie(name, {"customer": {"mode": "existing", "name": customer}})
		assert tied["customer"] == customer
		with pytest.raises(frappe.ValidationError):
			api.tie(name, {"customer": {"mode": "none"}})

	def test_who_may_only_read_ties_nothing(self):
		name = begun()
		frappe.set_user(make_user("stranger@elsewhere.example", "Purchase User"))

		with pytest.raises(frappe.PermissionError):
			api.tie(name)


class TestTyingWithALead:
	def test_the_lead_becomes_the_customer_and_nothing_is_made_twice(self):
		lead = make_business_lead(email_id=EMAIL).name
		own = frappe.db.get_value("Dynamic Link", {"link_name": lead, "parenttype": "Contact"}, "parent")
		name = begun(lead=lead)

		tied = business.tie(name, TieChoice())
		became = frappe.db.get_value(
			"Lead",
			lead,
			["inbox_converted", "inbox_customer", "inbox_contact", "inbox_opportunity"],
			as_dict=True,
		)
		assert (became.inbox_converted, became.inbox_customer) == (1, tied.customer)
		assert (became.inbox_contact, became.inbox_opportunity) == (own, None)
		assert tied.contact == own
		assert frappe.db.count("Customer", {"customer_name": "Phan Plumbing"}) == 1
		assert ("Customer", tied.customer) in linked_with("Address", tied.address)
		doc = doc_of(name)
		assert (doc.lead, doc.customer, doc.contact) == (lead, tied.customer, own)
		assert doc.crm_id == tied.customer

	def test_it_becomes_the_customer_that_was_chosen(self):
		lead, customer = make_business_lead(email_id=EMAIL).name, make_customer("Phan Holding").name
		name = begun(lead=lead)

		assert business.tie(name, TieChoice(existing(customer))).customer == customer
		assert frappe.db.get_value("Lead", lead, "inbox_customer") == customer

	def test_the_lead_of_a_person_learns_the_organization(self):
		lead = make_lead(first_name="Naree", last_name="Phan", email_id=EMAIL).name

		customer = business.tie(begun(lead=lead), TieChoice()).customer
		assert frappe.db.get_value("Customer", customer, ["customer_name", "customer_type"]) == (
			"Phan Plumbing",
			"Company",
		)

	def test_the_lead_s_address_is_the_customer_s(self):
		lead = make_business_lead(email_id=EMAIL).name
		address = make_address("Lead", lead)

		tied = business.tie(begun(lead=lead), TieChoice())
		assert tied.address == address
		assert linked_with("Address", address) == {("Lead", lead), ("Customer", tied.customer)}

	def test_a_lead_that_was_converted_meanwhile_is_not_converted_again(self):
		lead = make_business_lead(email_id=EMAIL).name
		name = begun(lead=lead)
		converted = convert(lead, opportunity=NONE)

		tied = business.tie(name, TieChoice())
		assert (tied.customer, tied.contact) == (converted.customer, converted.contact)
		assert frappe.db.count("Customer", {"customer_name": "Phan Plumbing"}) == 1

	def test_a_lead_that_is_a_customer_already_makes_no_second_one(self):
		lead = make_business_lead(email_id=EMAIL).name
		converted = convert(lead, opportunity=NONE)
		name = begun_with(lead, organization_name="Phan & Daughters")
		counts = [frappe.db.count(doctype) for doctype in ("Customer", "Contact")]

		tied = business.tie(name, TieChoice())
		assert (tied.customer, tied.contact) == (converted.customer, converted.contact)
		assert linked_with("Contact", tied.contact) == {("Lead", lead), ("Customer", tied.customer)}
		assert [frappe.db.count(doctype) for doctype in ("Customer", "Contact")] == counts
		assert doc_of(name).customer == converted.customer

	def test_nor_does_one_that_was_merged_into_it(self):
		winner, loser = make_business_lead(email_id=EMAIL).name, make_lead(first_name="N.").name
		merging.merge(winner, loser)
		converted = convert(winner, opportunity=NONE)
		name = begun_with(loser, crm_id=loser)

		tied = business.tie(name, TieChoice())
		assert (tied.customer, tied.contact) == (converted.customer, converted.contact)
		doc = doc_of(name)
		assert (doc.lead, doc.customer, doc.crm_id) == (winner, converted.customer, converted.customer)

	def test_of_one_that_was_merged_away_the_winner_becomes_the_customer(self):
		winner, loser = make_business_lead(email_id=EMAIL).name, make_lead(first_name="N.").name
		merging.merge(winner, loser)
		name = begun_with(loser)

		assert api.get_matches(name)["lead"] == winner
		customer = business.tie(name, TieChoice()).customer
		assert frappe.db.get_value("Lead", winner, "inbox_customer") == customer

	def test_another_customer_than_the_lead_s_is_taken_when_it_is_chosen(self):
		lead = make_business_lead(email_id=EMAIL).name
		converted = convert(lead, opportunity=NONE)
		other = make_customer("Phan Holding").name

		assert business.tie(begun_with(lead), TieChoice(existing(other))).customer == other
		assert frappe.db.get_value("Lead", lead, "inbox_customer") == converted.customer

	def test_who_converted_the_lead_with_a_contact_of_the_customer_has_that_one(self):
		lead, customer = make_business_lead(email_id=EMAIL).name, make_customer("Phan Holding").name
		contact = make_contact(customer, "N.").name
		convert(
			lead,
			customer={"mode": "existing", "name": customer},
			contact={"mode": "existing", "name": contact},
			opportunity=NONE,
		)

		assert business.tie(begun_with(lead), TieChoice()).contact == contact

	def test_a_contact_of_the_chosen_customer_is_not_joined_by_the_lead_s(self):
		lead, customer = make_business_lead(email_id=EMAIL).name, make_customer("Phan Holding").name
		contact = make_contact(customer, email_ids=[{"email_id": EMAIL, "is_primary": 1}]).name

		assert business.tie(begun(lead=lead), TieChoice(existing(customer))).contact == contact
		assert frappe.db.get_value("Lead", lead, "inbox_contact") == contact
		linked = {"link_name": customer, "parenttype": "Contact"}
		assert frappe.get_all("Dynamic Link", linked, pluck="parent") == [contact]

	def test_nobody_outside_is_asked_meanwhile(self, monkeypatch):
		"""ERPNext looks up an avatar while it validates; test mode hides that, so it is switched off here."""
		asked = []
		name = begun(lead=make_lead(first_name="Naree", last_name="Phan", email_id=EMAIL).name)
		monkeypatch.setattr(requests, "get", lambda *args, **_options: asked.append(args))
		monkeypatch.setitem(frappe.flags, "in_test", False)
		business.tie(name, TieChoice())

		assert asked == []

	def test_what_stands_in_the_way_of_the_conversion_stands_in_the_way_here(self):
		name = begun(lead=make_business_lead(email_id=EMAIL).name)
		frappe.set_user(make_user("manager@company.example", "Sales Manager"))

		with pytest.raises(frappe.PermissionError, match="no right to create"):
			business.tie(name, TieChoice())

	def test_all_is_undone_when_the_second_half_fails(self):
		lead = make_business_lead(email_id=EMAIL).name
		name = begun(lead=lead)
		frappe.db.commit()

		with pytest.raises(ResellerRefused):
			business.tie(name, TieChoice(address=existing("Gone")))
		frappe.db.rollback()
		assert frappe.db.get_value("Lead", lead, "inbox_converted") == 0
