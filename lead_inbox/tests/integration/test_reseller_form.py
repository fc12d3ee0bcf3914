"""The guided form of a new customer and of an import: requirements RS-1, RS-2 and RS-4."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from lead_inbox.reseller import (
	consent_rules,
	contact_rules,
	customers,
	domain_rules,
	form_rules,
	offer_rules,
	reading,
	words,
)
from lead_inbox.reseller.check_rules import Requirement, Result, Subject
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import Origin
from lead_inbox.reseller.waiting_rules import Matter, Party
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.reseller_builders import (
	doc_of,
	domain_values,
	make_family,
	make_product,
	make_reseller_customer,
	prove,
	record_consent,
	team_values,
)

DOMAIN = "delta-mills.com"
Wrong = contact_rules.Fault


@pytest.fixture
def family() -> str:
	return make_family("Workspace")


def begin(family: str | None = None, origin: Origin = Origin.NEW, **values: Any) -> str:
	return customers.begin(origin, {"product_family": family, **values})


def fill_in(name: str, values: dict[str, Any]) -> dict[str, Any]:
	"""Save all steps, and return the faults of all."""
	faults: dict[str, Any] = {}
	for step in form_rules.FIELDS:
		asked = {field: values[field] for field in form_rules.FIELDS[step] if field in values}
		if asked:
			faults |= customers.save_step(name, step, asked)
	return faults


def open_steps(name: str) -> list[str]:
	return [step["step"] for step in reading.one(name)["steps"] if not step["is_complete"]]


class TestBeginning:
	def test_nothing_has_to_be_known(self):
		doc = doc_of(begin())
		assert (doc.status, doc.origin, doc.customer_type) == ("Draft", "New", "Domain")
		assert (doc.waits_for, doc.waits_for_what) == ("Us", "the form")

	def test_what_is_known_is_filled_in(self, family):
		customer = make_customer("Delta Mills").name
		doc = doc_of(begin(family, customer=customer, **domain_values(DOMAIN)))
		assert (doc.domain, doc.customer, doc.crm_id) == (DOMAIN, customer, customer)
		assert doc.title == doc.organization_name

	def test_what_is_no_good_is_left_to_the_form(self, family):
		known = domain_values(DOMAIN, primary_email="mali@gmail.com", phone="2821055555")
		doc = doc_of(begin(family, **known))
		assert (doc.primary_email, doc.phone) == (None, None)
		assert doc.domain == DOMAIN

	def test_a_family_for_teams_begins_with_a_team(self):
		teams_only = make_family(for_domains=0)
		assert doc_of(begin(teams_only)).customer_type == "Team"

	def test_the_identifier_of_the_family_is_offered(self):
		asking = make_family(asks_identifier=1, public_identifier="C0123")
		assert doc_of(begin(asking)).public_identifier == "C0123"

	def test_a_user_s_own_default_is_no_tie(self, family):
		frappe.defaults.set_user_default("customer", make_customer("Somebody Else").name)
		assert not doc_of(begin(family)).customer

	def test_customers_are_numbered_within_the_year(self, family):
		first, second = begin(family), begin(family)
		assert (
			first.startswith("RES-") and int(second.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1
		)


class TestDomain:
	@pytest.mark.parametrize(
		"typed",
		[
			"https://delta-mills.com/about?x=1",
			"www.delta-mills.com",
			"delta-mills.com.",
			"  Delta-Mills.COM ",
			"http://www.delta-mills.com:8080",
		],
	)
	def test_the_address_of_a_site_says_the_domain(self, family, typed):
		name = begin(family)
		faults = customers.save_step(name, Step.CUSTOMER, {"domain": typed})
		assert "domain" not in faults
		assert doc_of(name).domain == DOMAIN

	def test_an_international_domain_is_shown_as_it_is_written_and_kept_apart_as_dns_knows_it(self, family):
		name = begin(family)
		customers.save_step(name, Step.CUSTOMER, {"domain": "Bücher-Müller.de"})
		assert doc_of(name).domain == "bücher-müller.de"
		assert reading.ascii_domain(doc_of(name)) == "xn--bcher-mller-thbg.de"
		other = begin(family)
		assert customers.save_step(other, Step.CUSTOMER, {"domain": "xn--bcher-mller-thbg.de"})["domain"] is (
			form_rules.Fault.TAKEN
		)

	@pytest.mark.parametrize(
		("typed", "fault"),
		[
			("delta mills", domain_rules.Fault.NOT_A_DOMAIN),
			("mali@delta-mills.com", domain_rules.Fault.NOT_A_DOMAIN),
			("co.uk", domain_rules.Fault.PUBLIC_SUFFIX),
			("delta-mills.nosuchending", domain_rules.Fault.UNKNOWN_ENDING),
			("gmail.com", domain_rules.Fault.FREE_MAIL),
		],
	)
	def test_what_is_no_registered_domain_is_refused_and_not_saved(self, family, typed, fault):
		name = begin(family, **domain_values(DOMAIN))
		assert customers.save_step(name, Step.CUSTOMER, {"domain": typed})["domain"] is fault
		assert doc_of(name).domain == DOMAIN

	def test_a_blank_is_saved_so_that_nobody_goes_on_with_the_old_one(self, family):
		name = begin(family, **domain_values(DOMAIN))
		faults = customers.save_step(name, Step.CUSTOMER, {"domain": " "})
		assert faults["domain"] is domain_rules.Fault.EMPTY
		assert not doc_of(name).domain

	def test_a_domain_that_is_there_already_is_refused_beside_its_field(self, family):
		make_reseller_customer(family=family, domain=DOMAIN)
		name = begin(family)
		assert customers.save_step(name, Step.CUSTOMER, {"domain": f"www.{DOMAIN}"})["domain"] is (
			form_rules.Fault.TAKEN
		)
		assert not doc_of(name).domain

	def test_another_family_may_have_the_same_domain(self, family):
		make_reseller_customer(family=family, domain=DOMAIN)
		assert make_reseller_customer("Created", family=make_family(), domain=DOMAIN)

	def test_a_family_in_which_the_domain_is_taken_is_refused_with_the_other_one_s_name(self, family):
		first = make_reseller_customer(family=family, domain=DOMAIN)
		name = make_reseller_customer(family=make_family(), domain=DOMAIN)
		with pytest.raises(ResellerRefused, match=first):
			customers.save_step(name, Step.KIND, {"product_family": family})

	def test_a_taken_domain_is_left_for_the_form_to_ask_for(self, family):
		make_reseller_customer(family=family, domain=DOMAIN)
		doc = doc_of(begin(family, **domain_values(DOMAIN)))
		assert (doc.domain, doc.organization_name) == (None, "Delta Mills Ltd.")
		faults = customers.save_step(doc.name, Step.CUSTOMER, {"domain": DOMAIN})
		assert faults["domain"] is form_rules.Fault.TAKEN

	def test_teams_may_share_a_domain(self, family):
		make_reseller_customer(family=family, domain=DOMAIN)
		team = make_reseller_customer("Created", family=family, customer_type="Team", domain=DOMAIN)
		assert doc_of(team).domain == DOMAIN


class TestContact:
	@pytest.mark.parametrize(
		("values", "field", "fault"),
		[
			({"primary_email": "mali@gmail.com"}, "primary_email", Wrong.ELSEWHERE),
			({"primary_email": "nobody"}, "primary_email", Wrong.NOT_AN_ADDRESS),
			({"alternate_email": f"mali@{DOMAIN}"}, "alternate_email", Wrong.ON_THE_DOMAIN),
			({"alternate_email": f"mali@mail.{DOMAIN}"}, "alternate_email", Wrong.ON_THE_DOMAIN),
			({"phone": "2821055555"}, "phone", Wrong.NO_COUNTRY_CODE),
			({"phone": "+30 2821 05555"}, "phone", Wrong.NOT_A_NUMBER),
			({"city": "x" * 256}, "city", Wrong.TOO_LONG),
		],
	)
	def test_what_the_vendor_would_not_take_or_would_drop_is_refused(self, family, values, field, fault):
		name = begin(family, **domain_values(DOMAIN))
		before = doc_of(name).get(field)
		assert fill_in(name, values) == {field: fault}
		assert doc_of(name).get(field) == before

	def test_a_team_without_a_primary_address_is_refused(self, family):
		name = begin(family, **team_values())
		assert customers.save_step(name, Step.CUSTOMER, {"primary_email": ""}) == {
			"primary_email": Wrong.MISSING
		}
		with pytest.raises(ResellerRefused, match="administrator signs in"):
			customers.finish_form(name)

	def test_a_number_is_kept_as_the_vendor_takes_it(self, family):
		name = begin(family)
		customers.save_step(name, Step.CONTACT, {"phone": "+30 2821-055 555"})
		assert doc_of(name).phone == "+302821055555"


class TestKind:
	def test_a_type_that_the_family_is_not_for_is_refused(self):
		name = begin(make_family(for_teams=0))
		faults = customers.save_step(name, Step.KIND, {"customer_type": "Team"})
		assert faults == {"customer_type": form_rules.Fault.TYPE_NOT_OFFERED}
		assert doc_of(name).customer_type == "Domain"

	def test_a_type_that_nobody_knows_is_refused(self, family):
		with pytest.raises(ResellerRefused):
			customers.save_step(begin(family), Step.KIND, {"customer_type": "Person"})

	def test_a_missing_identifier_is_refused_where_the_family_asks_for_it(self):
		asking = make_family(asks_identifier=1)
		name = begin()
		faults = customers.save_step(name, Step.KIND, {"product_family": asking})
		assert faults == {"public_identifier": Wrong.MISSING}
		assert doc_of(name).product_family == asking

	@pytest.mark.parametrize("choice", ["No such family", ""])
	def test_a_family_has_to_be_chosen(self, choice):
		faults = customers.save_step(begin(), Step.KIND, {"product_family": choice})
		assert faults == {"product_family": form_rules.Fault.MISSING}

	def test_a_family_that_is_out_of_use_can_t_be_chosen(self):
		retired = make_family(enabled=0)
		name = begin()
		assert "product_family" in customers.save_step(name, Step.KIND, {"product_family": retired})
		assert not doc_of(name).product_family

	def test_a_tick_can_be_taken_away(self, family):
		name = begin(family)
		customers.save_step(name, Step.KIND, {"is_educational": 1})
		customers.save_step(name, Step.KIND, {"product_family": family, "is_educational": 0})
		assert not doc_of(name).is_educational


class TestRequirements:
	@pytest.fixture
	def nonprofits(self, family) -> str:
		return make_product(family, "Workspace for Nonprofits", for_sale=0)

	def test_what_is_asked_hangs_on_the_type_the_family_and_the_origin(self, family, nonprofits):
		name = begin(family, Origin.IMPORT)
		asked = [(check["subject"], check["product"]) for check in reading.one(name)["checks"]]
		assert asked == [
			("Registered Domain", ""),
			("Not on Another Product", nonprofits),
			("Consent to Purchase", ""),
		]
		customers.save_step(name, Step.KIND, {"customer_type": "Team"})
		assert "Registered Domain" not in [check["subject"] for check in reading.one(name)["checks"]]

	def test_nothing_is_checked_while_a_requirement_is_open(self, family, nonprofits):
		name = begin(family, **domain_values())
		with pytest.raises(ResellerRefused, match=nonprofits):
			customers.finish_form(name)
		assert doc_of(name).status == "Draft"

	def test_a_requirement_that_fails_refuses_the_customer(self, family, nonprofits):
		name = begin(family, **domain_values())
		prove(name)
		customers.answer_check(name, Subject.OTHER_PRODUCT, nonprofits, Result.FAILED, "It is on their page")
		with pytest.raises(ResellerRefused, match="refuses such customers"):
			customers.finish_form(name)

	def test_a_yes_needs_its_evidence(self, family):
		name = begin(family, **domain_values())
		with pytest.raises(ResellerRefused, match="what shows it"):
			customers.answer_check(name, Subject.REGISTERED_DOMAIN, "", Result.PASSED, " ")

	def test_an_answer_tells_who_gave_it(self, family):
		name = begin(family, **domain_values())
		customers.answer_check(name, Subject.REGISTERED_DOMAIN, "", Result.PASSED, "whois")
		(check,) = reading.one(name)["checks"]
		assert (check["result"], check["evidence"]) == ("Passed", "whois")
		assert check["checked_by"] == "Administrator" and check["checked_on"]

	def test_what_was_found_out_holds_for_the_domain_of_then(self, family):
		name = make_reseller_customer("Checked", family=family, domain=DOMAIN)
		customers.save_step(
			name, Step.CUSTOMER, {"domain": "delta-mills.eu", "primary_email": "admin@delta-mills.eu"}
		)
		(check,) = reading.one(name)["checks"]
		assert (doc_of(name).status, check["result"]) == ("Draft", "Open")

	def test_what_is_not_asked_can_t_be_answered(self, family):
		name = begin(family, **team_values())
		with pytest.raises(ResellerRefused):
			customers.answer_check(name, Subject.REGISTERED_DOMAIN, "", Result.PASSED, "whois")

	def test_a_consent_can_t_be_asserted(self, family):
		name = begin(family, Origin.IMPORT, **domain_values())
		with pytest.raises(ResellerRefused, match="Record"):
			customers.answer_check(name, Subject.CONSENT, "", Result.PASSED, "They said so")


class TestFinishing:
	def test_a_form_without_faults_is_checked(self, family):
		name = begin(family, **domain_values())
		prove(name)
		customers.finish_form(name)
		doc = doc_of(name)
		assert (doc.status, doc.waits_for, doc.waits_for_what) == ("Checked", "Us", "the account")
		assert open_steps(name) == []

	def test_all_that_is_lacking_is_told_at_once(self, family):
		name = begin(family, Origin.IMPORT, **domain_values(organization_name="", country=""))
		frappe.db.set_value("Reseller Customer", name, "country", None)
		with pytest.raises(ResellerRefused) as refused:
			customers.finish_form(name)
		told = str(refused.value)
		assert "Organization Name" in told and "Country" in told
		assert "registered by this customer" in told and "agreed" in told
		assert open_steps(name) == ["Customer", "Requirements", "Consent", "Contact", "Review"]

	def test_a_change_of_the_form_makes_a_draft_again(self, family):
		name = make_reseller_customer("Checked", family=family)
		customers.save_step(name, Step.CONTACT, {"city": "Athens"})
		assert doc_of(name).status == "Draft"

	def test_saving_the_same_again_does_not(self, family):
		name = make_reseller_customer("Checked", family=family)
		customers.save_step(name, Step.CONTACT, {"city": doc_of(name).city, "phone": "+30 2821 055555"})
		assert doc_of(name).status == "Checked"

	def test_the_form_is_closed_once_the_account_is_there(self, family):
		name = make_reseller_customer("Created", family=family)
		with pytest.raises(ResellerRefused, match="closed"):
			customers.save_step(name, Step.CONTACT, {"city": "Athens"})
		with pytest.raises(ResellerRefused):
			customers.finish_form(name)

	def test_it_is_closed_while_the_vendor_is_asked(self, family):
		name = make_reseller_customer("Checked", family=family)
		frappe.get_doc(
			doctype="Reseller Vendor Request", reseller_customer=name, action="Create", status="Waiting"
		).insert()
		with pytest.raises(ResellerRefused, match="being asked"):
			customers.save_step(name, Step.CONTACT, {"city": "Athens"})

	def test_an_import_is_checked_with_its_consent(self, family):
		name = begin(family, Origin.IMPORT, **domain_values())
		prove(name)
		with pytest.raises(ResellerRefused, match="agreed"):
			customers.finish_form(name)
		record_consent(name, family)
		customers.finish_form(name)
		assert doc_of(name).status == "Checked"

	@pytest.mark.parametrize("text", ["<b>" + "&" * 140, "a < b " + "&" * 200, "<i></i>", "&" * 255])
	def test_a_name_that_grows_when_it_is_made_safe_is_taken_or_refused(self, family, text):
		name = begin(family)
		faults = customers.save_step(name, Step.CUSTOMER, domain_values() | {"organization_name": text})
		assert (doc_of(name).organization_name is None) == ("organization_name" in faults)
		assert doc_of(name).title


class TestWords:
	@pytest.mark.parametrize("fault", [*form_rules.Fault, *domain_rules.Fault, *contact_rules.Fault])
	def test_each_fault_has_a_sentence(self, fault):
		assert words.fault(fault, "city").endswith(".")

	@pytest.mark.parametrize("refusal", consent_rules.Refusal)
	def test_so_has_each_missing_consent(self, refusal):
		assert words.consent(refusal).endswith(".")

	@pytest.mark.parametrize("refusal", offer_rules.Refusal)
	def test_so_has_each_product_that_can_t_be_bought(self, refusal):
		assert words.offer(refusal).endswith(".")

	def test_all_that_is_waited_for_has_words(self):
		assert all(words.party(party) for party in Party)
		assert all(words.matter(matter) for matter in Matter)

	def test_each_requirement_has_its_question(self):
		asked = [words.question(Requirement(subject, "Workspace for Nonprofits")) for subject in Subject]
		assert all(question.endswith("?") for question in asked)
