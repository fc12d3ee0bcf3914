"""What a reseller's customer goes through, and who may write it: requirements RS-5, RS-7 and RS-8."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import frappe
import pytest
from frappe.utils import add_days, getdate

from lead_inbox.reseller import by_hand, customers, reading
from lead_inbox.reseller.form_rules import Fault, Step
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.rules import CustomerType, Status
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	doc_of,
	make_family,
	make_product,
	make_reseller_customer,
	record_consent,
)

DOMAIN = "delta-mills.com"


def status_of(name: str) -> str:
	return doc_of(name).status


def waits_of(name: str) -> tuple[str, str]:
	doc = doc_of(name)
	return doc.waits_for, doc.waits_for_what


def history_of(name: str) -> dict[str, tuple[Any, Any]]:
	"""What the newest version says has changed, by field."""
	data = frappe.get_last_doc("Version", {"docname": name}).get_data()
	return {field: (before, then) for field, before, then in data["changed"]}


def make_request(name: str, status: str, action: str = "Create") -> None:
	values = {"reseller_customer": name, "action": action, "status": status}
	frappe.get_doc(doctype="Reseller Vendor Request", **values).insert()
	customers.settle(customers.hold(name))


class TestLife:
	def test_from_the_account_to_being_active(self):
		name = make_reseller_customer("Checked")
		seen = []
		for act in (
			lambda: customers.note_account(name, account_of(name)),
			lambda: customers.note_order(name),
			lambda: customers.accept_terms(name, getdate()),
			lambda: customers.activate(name),
		):
			act()
			seen.append((status_of(name), *waits_of(name)))
		assert seen == [
			("Created", "Us", "an order"),
			("Ordered", "Customer", "the terms of service"),
			("Terms Accepted", "Us", "activation"),
			("Active", "Nobody", "nothing"),
		]
		assert doc_of(name).terms_accepted_on == getdate()

	@pytest.mark.parametrize("status", [status.value for status in Status if status is not Status.IMPORTED])
	def test_the_builder_goes_the_whole_way(self, status):
		assert status_of(make_reseller_customer(status)) == status

	def test_an_import_is_imported(self):
		assert status_of(make_reseller_customer("Imported", origin="Import")) == "Imported"

	@pytest.mark.parametrize(
		("status", "act"),
		[
			("Draft", lambda name: customers.note_account(name, account_of(name))),
			("Checked", customers.note_order),
			("Created", lambda name: customers.accept_terms(name, getdate())),
			("Ordered", customers.activate),
			("Created", lambda name: customers.suspend(name, "Did not pay")),
			("Active", customers.resume),
			("Checked", lambda name: customers.transfer_out(name, "Left")),
			("Transferred Out", lambda name: customers.note_account(name, account_of(name))),
		],
	)
	def test_nothing_is_skipped(self, status, act):
		name = make_reseller_customer(status)
		with pytest.raises(ResellerRefused):
			act(name)
		assert status_of(name) == status

	def test_a_later_order_changes_nothing(self):
		name = make_reseller_customer("Active")
		customers.note_order(name)
		assert status_of(name) == "Active"

	def test_an_order_that_is_withdrawn_can_be_made_again(self):
		name = make_reseller_customer("Ordered", origin="Import")
		customers.withdraw_order(name)
		assert status_of(name) == "Imported"

	def test_terms_are_not_accepted_on_a_day_to_come(self):
		name = make_reseller_customer("Ordered")
		with pytest.raises(ResellerRefused):
			customers.accept_terms(name, add_days(getdate(), 1))
		assert status_of(name) == "Ordered"

	def test_whose_order_was_cancelled_while_suspended_is_not_asked_for_terms(self):
		name = make_reseller_customer("Ordered")
		customers.suspend(name, "Did not pay")
		customers.resume(name)
		assert (status_of(name), waits_of(name)) == ("Created", ("Us", "an order"))

	@pytest.mark.parametrize("act", [customers.suspend, customers.transfer_out])
	def test_a_reason_is_kept_in_the_timeline(self, act):
		name = make_reseller_customer("Active")
		with pytest.raises(ResellerRefused, match="why"):
			act(name, "  ")
		act(name, "Owes <us> money")
		said = frappe.get_all("Comment", {"reference_name": name}, pluck="content", order_by="creation asc")
		assert said == ["Owes &lt;us&gt; money"]

	def test_since_when_it_waits_is_that_of_the_matter(self):
		name = make_reseller_customer("Created")
		long_ago = datetime(2026, 1, 1)
		frappe.db.set_value("Reseller Customer", name, "waits_since", long_ago)
		customers.settle(customers.hold(name))
		assert doc_of(name).waits_since == long_ago
		customers.note_order(name)
		assert doc_of(name).waits_since > long_ago

	@pytest.mark.parametrize(
		("status", "asked", "waits"),
		[
			("Checked", "Waiting", ("Vendor", "the account")),
			("Checked", "Failed", ("Us", "an error of the vendor")),
			("Checked", "Done", ("Us", "the account")),
			("Ordered", "Failed", ("Customer", "the terms of service")),
		],
	)
	def test_it_waits_for_the_vendor_while_that_is_asked(self, status, asked, waits):
		name = make_reseller_customer(status)
		make_request(name, asked)
		assert waits_of(name) == waits

	def test_an_error_is_over_once_the_account_was_noted_by_hand(self):
		name = make_reseller_customer("Checked")
		make_request(name, "Failed")
		customers.note_account(name, account_of(name, cloud_identity_id=""))
		assert waits_of(name) == ("Us", "an order")
		make_request(name, "Failed", action="Provision")
		assert waits_of(name) == ("Us", "an error of the vendor")

	def test_nobody_waits_for_a_comparison(self):
		name = make_reseller_customer("Created")
		make_request(name, "Waiting", action="Compare")
		assert waits_of(name) == ("Us", "an order")

	def test_tips_and_details_are_waited_for_at_the_end(self):
		tips = [{"topic": "Language", "instructions": "Set it."}]
		name = make_reseller_customer("Active", family=make_family(setup_tips=tips))
		assert waits_of(name) == ("Us", "setup")
		doc = customers.hold(name)
		doc.details_due_on = getdate()
		customers.settle(doc)
		assert waits_of(name) == ("Customer", "a check of the details")


class TestAccount:
	def test_what_the_vendor_says_is_taken_over(self):
		name = make_reseller_customer("Checked", domain=DOMAIN)
		console = "https://console.example/C1"
		customers.note_account(
			name, account_of(name, cloud_identity_id="C1", console=console, is_domain_verified=True)
		)
		doc = doc_of(name)
		assert (doc.cloud_identity_id, doc.vendor_console, doc.is_domain_verified) == ("C1", console, 1)
		assert reading.one(name)["vendor"]["account"] == doc.vendor_account

	def test_the_same_account_again_changes_nothing(self):
		name = make_reseller_customer("Ordered")
		doc = doc_of(name)
		same = account_of(name, name=doc.vendor_account, cloud_identity_id=doc.cloud_identity_id)
		customers.note_account(name, same)
		assert (status_of(name), doc_of(name).cloud_identity_id) == ("Ordered", doc.cloud_identity_id)

	def test_an_identity_that_came_later_is_added(self):
		name = make_reseller_customer("Checked")
		customers.note_account(name, account_of(name, cloud_identity_id=""))
		customers.note_account(name, account_of(name, cloud_identity_id="C2"))
		assert (status_of(name), doc_of(name).cloud_identity_id) == ("Created", "C2")

	def test_another_account_is_refused(self):
		name = make_reseller_customer("Created")
		with pytest.raises(ResellerRefused, match="another account"):
			customers.note_account(name, account_of(name, name="accounts/C1/customers/other"))

	def test_tips_of_the_family_are_there_with_the_account(self):
		tips = [{"topic": "Language", "instructions": "Set it."}, {"topic": "Time Zone"}]
		name = make_reseller_customer("Created", family=make_family(setup_tips=tips))
		assert [tip["topic"] for tip in reading.one(name)["tips"]] == ["Language", "Time Zone"]

	def test_one_identity_is_one_customer_of_a_family(self):
		family = make_family()
		first = make_reseller_customer("Checked", family=family, customer_type="Team")
		second = make_reseller_customer("Checked", family=family, customer_type="Team")
		customers.note_account(first, account_of(first, cloud_identity_id="C3"))
		with pytest.raises(ResellerRefused, match=first):
			customers.note_account(second, account_of(second, cloud_identity_id="C3"))

	def test_by_hand_it_is_noted_with_what_was_typed(self):
		name = make_reseller_customer("Checked", domain=DOMAIN)
		by_hand.note_account(name, " C0123 ", "C4", "https://console.example", is_domain_verified=True)
		doc = doc_of(name)
		assert (doc.status, doc.vendor_account, doc.cloud_identity_id) == ("Created", "C0123", "C4")
		assert (doc.is_domain_verified, doc.domain) == (1, DOMAIN)

	def test_what_was_mistyped_of_it_is_mended(self):
		family = make_family()
		other = make_reseller_customer("Created", family=family)
		name = make_reseller_customer("Checked", family=family)
		by_hand.note_account(name, "C0124", "C4", "", is_domain_verified=False)
		by_hand.correct_account(name, " C0123 ", "", "https://console.example")
		doc = doc_of(name)
		assert (doc.vendor_account, doc.cloud_identity_id, doc.vendor_console, doc.status) == (
			*("C0123", None, "https://console.example"),
			"Created",
		)
		with pytest.raises(ResellerRefused, match=other):
			by_hand.correct_account(name, "C0123", doc_of(other).cloud_identity_id, "")
		with pytest.raises(ResellerRefused, match="no account yet"):
			by_hand.correct_account(make_reseller_customer("Checked"), "C0123", "", "")
		make_request(name, "Waiting", action="Provision")
		with pytest.raises(ResellerRefused, match="Wait for its answer"):
			by_hand.correct_account(name, "C0125", "", "")

	@pytest.mark.parametrize(
		"console", ["javascript://x/%0aalert(1)", 'https://x.example/"onmouseover="alert(1)']
	)
	def test_what_is_no_address_is_no_console(self, console):
		name = make_reseller_customer("Checked")
		with pytest.raises(ResellerRefused, match="https"):
			by_hand.note_account(name, "C0123", "C4", console, is_domain_verified=False)
		customers.note_account(name, account_of(name, console=console))
		assert not doc_of(name).vendor_console

	@pytest.mark.parametrize(
		("status", "account"), [("Draft", "C0123"), ("Checked", " "), ("Created", "C0123")]
	)
	def test_by_hand_it_is_refused_unless_all_is_checked_and_said(self, status, account):
		name = make_reseller_customer(status)
		with pytest.raises(ResellerRefused):
			by_hand.note_account(name, account, "", "", is_domain_verified=False)
		assert status_of(name) == status

	def test_by_hand_an_import_needs_its_consent_still(self):
		name = make_reseller_customer("Checked", origin="Import")
		row = doc_of(name).consents[0]
		frappe.db.set_value(row.doctype, row.name, "expires_on", add_days(getdate(), -1))
		with pytest.raises(ResellerRefused, match="expired"):
			by_hand.note_account(name, "C0123", "", "", is_domain_verified=False)


class TestTeams:
	def test_a_verified_team_is_a_customer_by_domain(self):
		family = make_family()
		vault = make_product(family, "Vault", needs_verified_domain=1)
		name = make_reseller_customer("Active", family=family, customer_type="Team")
		(offered,) = reading.one(name)["products"]
		assert offered["name"] == vault and "verify" in offered["refusal"]

		customers.verify_domain(name, f"https://www.{DOMAIN}/")
		doc = doc_of(name)
		assert (doc.customer_type, doc.domain, doc.is_domain_verified) == ("Domain", DOMAIN, 1)
		assert reading.one(name)["products"][0]["refusal"] is None
		assert history_of(name)["customer_type"] == ("Team", "Domain")

	def test_the_vendor_may_say_so(self):
		name = make_reseller_customer("Created", customer_type="Team")
		facts = {"customer_type": CustomerType.DOMAIN, "domain": DOMAIN, "is_domain_verified": True}
		customers.note_account(name, account_of(name, **facts))
		assert (doc_of(name).customer_type, doc_of(name).domain) == ("Domain", DOMAIN)

	def test_a_domain_that_another_customer_has_can_t_be_verified(self):
		family = make_family()
		first = make_reseller_customer(family=family, domain=DOMAIN)
		team = make_reseller_customer("Created", family=family, customer_type="Team")
		with pytest.raises(ResellerRefused, match=first):
			customers.verify_domain(team, DOMAIN)

	@pytest.mark.parametrize("domain", ["gmail.com", "co.uk", "no domain", ""])
	def test_what_is_no_domain_can_t_be_verified(self, domain):
		name = make_reseller_customer("Created", customer_type="Team")
		with pytest.raises(ResellerRefused):
			customers.verify_domain(name, domain)

	def test_there_has_to_be_an_account(self):
		with pytest.raises(ResellerRefused, match="no account"):
			customers.verify_domain(make_reseller_customer("Checked", customer_type="Team"), DOMAIN)

	def test_a_customer_by_domain_verifies_its_own(self):
		name = make_reseller_customer("Created", domain=DOMAIN)
		with pytest.raises(ResellerRefused, match="details first"):
			customers.verify_domain(name, "delta-mills.eu")
		customers.verify_domain(name, DOMAIN)
		assert doc_of(name).is_domain_verified == 1


class TestDetails:
	def test_changes_are_kept_with_their_history(self):
		name = make_reseller_customer("Active")
		changed = customers.update_details(name, {"organization_name": "Delta Mills S.A.", "city": "Chania"})
		assert changed == ["organization_name"]
		assert doc_of(name).title == "Delta Mills S.A."
		assert history_of(name)["organization_name"] == ("Delta Mills Ltd.", "Delta Mills S.A.")

	def test_what_is_wrong_is_refused_by_the_name_of_its_field(self):
		name = make_reseller_customer("Active", domain=DOMAIN)
		with pytest.raises(ResellerRefused, match="Alternate E-mail"):
			customers.update_details(name, {"alternate_email": f"mali@{DOMAIN}", "city": "Athens"})
		assert doc_of(name).city == "Chania"

	def test_with_a_new_domain_the_address_is_judged_by_it(self):
		name = make_reseller_customer("Active", domain=DOMAIN)
		same_address = {"domain": "delta-mills.eu", "primary_email": f"admin@{DOMAIN}"}
		with pytest.raises(ResellerRefused, match="Primary E-mail"):
			customers.update_details(name, same_address)
		customers.update_details(name, {**same_address, "primary_email": "admin@delta-mills.eu"})
		assert doc_of(name).domain == "delta-mills.eu"

	def test_a_new_domain_is_not_the_one_that_was_verified(self):
		name = make_reseller_customer("Active", domain=DOMAIN)
		customers.verify_domain(name, DOMAIN)
		customers.update_details(name, {"domain": "delta-mills.eu", "primary_email": "admin@delta-mills.eu"})
		assert not doc_of(name).is_domain_verified

	def test_a_former_team_keeps_its_address(self):
		name = make_reseller_customer("Active", customer_type="Team")
		customers.verify_domain(name, DOMAIN)
		email = doc_of(name).primary_email
		customers.update_details(name, {"primary_email": email, "city": "Athens"})
		assert doc_of(name).city == "Athens"

	def test_what_a_customer_is_can_t_be_changed_so(self):
		name = make_reseller_customer("Active")
		customers.update_details(
			name, {"customer_type": "Team", "status": "Draft", "product_family": make_family()}
		)
		assert (doc_of(name).customer_type, status_of(name)) == ("Domain", "Active")

	def test_without_an_account_there_is_the_form(self):
		with pytest.raises(ResellerRefused):
			customers.update_details(make_reseller_customer("Draft"), {"city": "Athens"})


class TestComingBack:
	def test_who_has_gone_may_come_back_as_a_new_customer(self):
		family = make_family()
		gone = make_reseller_customer("Transferred Out", family=family, domain=DOMAIN)
		back = make_reseller_customer("Checked", family=family, domain=DOMAIN, origin="Import")
		customers.note_account(back, account_of(back, cloud_identity_id=doc_of(gone).cloud_identity_id))
		assert (status_of(gone), status_of(back)) == ("Transferred Out", "Imported")

	def test_a_renamed_family_still_has_each_domain_once(self):
		family = make_family("Workspace Old")
		first = make_reseller_customer("Created", family=family, domain=DOMAIN)
		frappe.rename_doc("Reseller Product Family", family, "Workspace New")
		second = make_reseller_customer(family="Workspace New", organization_name="")
		assert customers.save_step(second, Step.CUSTOMER, {"domain": DOMAIN})["domain"] is Fault.TAKEN
		before = doc_of(first)
		customers.settle(customers.hold(first))
		after = doc_of(first)
		assert (after.domain_key, after.identity_key) == (before.domain_key, before.identity_key)

	def test_families_with_a_customer_in_common_are_not_merged(self):
		families = [make_family("Workspace A"), make_family("Workspace B")]
		for family in families:
			make_reseller_customer(family=family, domain=DOMAIN)
		with pytest.raises(ResellerRefused, match="both product families"):
			frappe.rename_doc("Reseller Product Family", *families, merge=True)


class TestOthersWriting:
	"""With the form of the DocType, generic REST, imports and the console."""

	def save(self, name: str, **values: Any) -> None:
		frappe.get_doc("Reseller Customer", name).update(values).save()

	@pytest.mark.parametrize(
		("field", "value"),
		[
			("status", "Created"),
			("waits_for", "Nobody"),
			("is_domain_verified", 1),
			("vendor_account", "accounts/C1/customers/x"),
			("domain_key", "delta-mills.com|Other"),
			("identity_key", "C1|Other"),
			("terms_accepted_on", date(2026, 1, 1)),
			("transfer_token", "mine"),
			("checks", [{"subject": "Registered Domain", "result": "Passed", "evidence": "I say so"}]),
			("consents", []),
			("tips", [{"topic": "Mine"}]),
		],
	)
	@pytest.mark.parametrize("status", ["Draft", "Created"])
	def test_what_is_the_writer_s_is_refused(self, status, field, value):
		name = make_reseller_customer(status, origin="Import")
		before = doc_of(name).as_dict()
		with pytest.raises(ResellerRefused, match="can't be changed here"):
			self.save(name, **{field: value})
		assert doc_of(name).as_dict() == before

	def test_a_draft_s_fields_are_filled_in_by_the_same_rules(self):
		name = make_reseller_customer(domain=DOMAIN)
		self.save(name, domain="https://www.delta-mills.eu/", primary_email="admin@delta-mills.eu", city="")
		assert (doc_of(name).domain, doc_of(name).city) == ("delta-mills.eu", "")
		with pytest.raises(ResellerRefused, match="Domain"):
			self.save(name, domain="gmail.com")

	def test_a_checked_customer_becomes_a_draft(self):
		name = make_reseller_customer("Checked")
		self.save(name, city="Athens")
		assert status_of(name) == "Draft"

	def test_once_the_account_is_there_nothing_of_the_form_is_changed(self):
		name = make_reseller_customer("Created")
		with pytest.raises(ResellerRefused, match="closed"):
			self.save(name, city="Athens")

	@pytest.mark.parametrize("status", ["Draft", "Active"])
	def test_saving_it_as_it_is_changes_nothing(self, status):
		name = make_reseller_customer(status, origin="Import")
		sent = frappe.parse_json(frappe.as_json(doc_of(name).as_dict()))
		frappe.get_doc(sent).save()
		assert status_of(name) == status

	def test_a_customer_of_erpnext_may_be_tied_at_any_time(self):
		name, customer = make_reseller_customer("Active"), make_customer().name
		self.save(name, customer=customer)
		assert doc_of(name).customer == customer

	def test_a_new_one_is_a_draft(self):
		doc = frappe.get_doc(
			doctype="Reseller Customer", product_family=make_family(), domain=f"www.{DOMAIN}"
		)
		doc.insert()
		assert (doc.status, doc.domain, doc.waits_for_what) == ("Draft", DOMAIN, "the form")
		assert [row.subject for row in doc.checks] == ["Registered Domain"]

	@pytest.mark.parametrize(
		"values",
		[
			{"status": "Active"},
			{"domain": "gmail.com"},
			{"is_domain_verified": 1},
			{"customer_type": "Person"},
			{"origin": ""},
		],
	)
	def test_a_new_one_is_no_way_around_the_form(self, values):
		with pytest.raises(ResellerRefused):
			frappe.get_doc(doctype="Reseller Customer", product_family=make_family(), **values).insert()

	def test_a_taken_domain_is_refused_with_the_name_of_who_has_it(self):
		family = make_family()
		first = make_reseller_customer(family=family, domain=DOMAIN)
		with pytest.raises(ResellerRefused, match=first):
			frappe.get_doc(doctype="Reseller Customer", product_family=family, domain=DOMAIN).insert()


class TestDeleting:
	@pytest.mark.parametrize("status", ["Draft", "Checked", "Transferred Out"])
	def test_while_there_is_no_account_it_goes_with_its_requests(self, status):
		name = make_reseller_customer(status)
		frappe.get_doc(
			doctype="Reseller Vendor Request", reseller_customer=name, action="Create", status="Failed"
		).insert()
		frappe.delete_doc("Reseller Customer", name)
		assert not frappe.db.exists("Reseller Customer", name)
		assert not frappe.db.exists("Reseller Vendor Request", {"reseller_customer": name})

	@pytest.mark.parametrize("status", ["Created", "Active", "Suspended"])
	def test_with_an_account_somebody_has_to_look_after_it(self, status):
		name = make_reseller_customer(status)
		with pytest.raises(ResellerRefused, match="Transfer it out"):
			frappe.delete_doc("Reseller Customer", name)
		assert frappe.db.exists("Reseller Customer", name)

	def test_while_the_vendor_is_asked_it_stays(self):
		name = make_reseller_customer("Checked")
		make_request(name, "Waiting")
		with pytest.raises(ResellerRefused, match="being asked"):
			frappe.delete_doc("Reseller Customer", name)


class TestCatalog:
	def test_a_family_is_for_somebody(self):
		with pytest.raises(frappe.ValidationError, match="type of customers"):
			make_family(for_domains=0, for_teams=0)

	@pytest.mark.parametrize(
		("field", "number"),
		[("consent_good_for_days", 2**31 - 1), ("terms_reminder_days", -1), ("details_every_months", 121)],
	)
	def test_its_days_and_months_are_such_that_anybody_lives_to_see(self, field, number):
		with pytest.raises(frappe.ValidationError, match="enter a number from 0"):
			make_family(**{field: number})

	def test_what_is_sold_has_an_item_and_is_for_somebody(self):
		family = make_family()
		with pytest.raises(frappe.ValidationError, match="Item"):
			make_product(family, item=None)
		with pytest.raises(frappe.ValidationError, match="type of customers"):
			make_product(family, for_domains=0, for_teams=0)

	def test_what_only_stands_in_the_way_needs_neither(self):
		assert make_product(make_family(), for_sale=0, for_domains=0, for_teams=0)

	def test_a_product_out_of_use_is_neither_sold_nor_asked_about(self):
		family = make_family()
		make_product(family, enabled=0)
		make_product(family, for_sale=0, enabled=0)
		shown = reading.one(make_reseller_customer(family=family))
		assert shown["products"] == []
		assert [check["product"] for check in shown["checks"]] == [""]


def test_an_import_of_two_families_needs_a_consent_for_each():
	family = make_family()
	name = make_reseller_customer("Checked", family=make_family(), origin="Import")
	record_consent(name, family)
	assert len(reading.one(name)["consents"]) == 2
