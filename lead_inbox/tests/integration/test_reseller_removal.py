"""Reseller Customers follow what they are tied to: merged, converted, renamed, deleted, erased (RS-8, IN-3, IN-11)."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.notifications import get_open_count
from frappe.utils import add_days, getdate
from frappe.website.doctype.personal_data_download_request.personal_data_download_request import get_user_data

from lead_inbox.conversion.undoing import undo
from lead_inbox.inbox import privacy
from lead_inbox.inbox.merging import merging
from lead_inbox.reseller import consents, customers
from lead_inbox.reseller.check_rules import Result, Subject
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.ties import business
from lead_inbox.reseller.ties.tie_rules import TieChoice
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import (
	NONE,
	convert,
	existing,
	make_address,
	make_business_lead,
	make_contact,
	make_customer,
)
from lead_inbox.tests.integration.reseller_builders import (
	doc_of,
	make_family,
	make_reseller_customer,
	record_consent,
)

ADMINISTRATOR = {"first_name": "Naree", "last_name": "Phan"}


@pytest.fixture
def lead() -> str:
	return make_business_lead(email_id="naree@phan.example").name


@pytest.fixture
def other() -> str:
	return make_lead(first_name="N.", email_id="n@phan.example").name


def ties_of(name: str) -> tuple[str | None, str | None, str | None]:
	"""lead, customer and CRM id."""
	doc = doc_of(name)
	return (doc.lead, doc.customer, doc.crm_id)


class TestConverting:
	def test_it_gets_the_customer_that_its_lead_becomes(self, lead):
		name = make_reseller_customer(lead=lead)
		converted = convert(lead, opportunity=NONE)

		assert ties_of(name) == (lead, converted.customer, converted.customer)
		assert doc_of(name).contact == converted.contact

	def test_taken_back_it_is_the_lead_s_alone_and_the_customer_goes(self, lead):
		name = make_reseller_customer(lead=lead)
		converted = convert(lead, opportunity=NONE)
		undo.undo(converted.conversion)

		assert ties_of(name) == (lead, None, lead)
		assert doc_of(name).contact is None
		assert not frappe.db.exists("Customer", converted.customer)

	def test_a_customer_that_it_had_before_stays(self, lead):
		theirs = make_customer("Phan Holding").name
		name = make_reseller_customer(lead=lead, customer=theirs)
		converted = convert(lead, opportunity=NONE)
		assert ties_of(name)[1] == theirs
		undo.undo(converted.conversion)

		assert ties_of(name)[1] == theirs

	def test_what_the_vendor_was_told_to_call_it_stays(self, lead):
		name = make_reseller_customer("Created", lead=lead)
		customer = convert(lead, opportunity=NONE).customer

		assert ties_of(name) == (lead, customer, lead)

	def test_a_conversion_by_tying_can_be_taken_back_too(self, lead):
		name = make_reseller_customer(lead=lead, address_line1="")
		business.tie(name, TieChoice())
		conversion = frappe.db.get_value("Lead Conversion", {"lead": lead})
		undo.undo(conversion)

		assert ties_of(name)[:2] == (lead, None)
		assert frappe.db.get_value("Lead", lead, "inbox_converted") == 0


class TestMerging:
	def test_it_goes_to_the_winner_and_back(self, lead, other):
		name = make_reseller_customer(lead=other)
		merge = merging.merge(lead, other)
		assert ties_of(name)[0] == lead
		merging.unmerge(merge)

		assert ties_of(name)[0] == other

	def test_it_has_the_winner_s_customer_while_it_is_the_winner_s(self, lead, other):
		name = make_reseller_customer(lead=other)
		customer = convert(lead, opportunity=NONE).customer
		merge = merging.merge(lead, other)
		assert ties_of(name)[:2] == (lead, customer)
		merging.unmerge(merge)

		assert ties_of(name)[:2] == (other, None)


class TestDeleting:
	def test_without_its_lead_it_stays(self, lead):
		draft = make_reseller_customer(lead=lead)
		served = make_reseller_customer("Created", lead=lead)
		frappe.delete_doc("Lead", lead)

		assert ties_of(draft) == (None, None, None)
		assert ties_of(served) == (None, None, lead)  # so the vendor knows it

	def test_a_draft_lets_go_of_its_customer(self):
		customer = make_customer().name
		name = make_reseller_customer(customer=customer)
		frappe.delete_doc("Customer", customer)

		assert ties_of(name) == (None, None, None)

	def test_a_customer_that_the_vendor_serves_is_not_deleted(self):
		customer = make_customer().name
		name = make_reseller_customer("Created", customer=customer)

		with pytest.raises(frappe.LinkExistsError):
			frappe.delete_doc("Customer", customer)
		assert name in str(frappe.local.message_log)

	def test_a_customer_that_has_gone_elsewhere_does_not_keep_it(self):
		customer = make_customer().name
		name = make_reseller_customer("Transferred Out", customer=customer)
		frappe.delete_doc("Customer", customer)

		assert ties_of(name)[1] is None

	def test_of_a_lead_s_customer_the_lead_stays(self, lead):
		name = make_reseller_customer(lead=lead)
		customer = convert(lead, opportunity=NONE).customer
		frappe.delete_doc("Customer", customer)

		assert ties_of(name) == (lead, None, lead)

	def test_a_contact_and_an_address_go_and_what_they_said_stays(self):
		customer = make_customer().name
		contact, address = make_contact(customer).name, make_address("Customer", customer).name
		name = make_reseller_customer("Created", contact=contact, address=address, **ADMINISTRATOR)
		frappe.delete_doc("Contact", contact)
		frappe.delete_doc("Address", address)

		doc = doc_of(name)
		assert (doc.contact, doc.address, doc.first_name) == (None, None, "Naree")


class TestRenaming:
	def test_it_follows_a_customer_s_new_name(self):
		customer = make_customer().name
		draft = make_reseller_customer(customer=customer)
		served = make_reseller_customer("Created", customer=customer)
		new = frappe.rename_doc("Customer", customer, "Phan and Daughters")

		assert ties_of(draft) == (None, new, new)
		assert ties_of(served) == (None, new, customer)

	def test_it_goes_to_the_customer_that_another_became_a_part_of(self):
		customer, whole = make_customer().name, make_customer("Phan Holding").name
		name = make_reseller_customer(customer=customer)
		frappe.rename_doc("Customer", customer, whole, merge=True)

		assert ties_of(name) == (None, whole, whole)


class TestPersonalData:
	def test_of_an_erased_lead_a_draft_names_nobody(self, lead):
		family = make_family()
		name = make_reseller_customer(
			"Checked", family, origin="Import", lead=lead, organization_name="Naree Phan", **ADMINISTRATOR
		)
		consents.set_token(name, "a-secret-token", None)
		make_attachment(name)
		doc_of(name).add_comment("Comment", "Naree called")
		row = doc_of(name).checks[0]
		customers.answer_check(
			name, Subject(row.subject), row.product or "", Result.PASSED, "WHOIS: Naree Phan"
		)
		privacy.erase(lead)

		doc = doc_of(name)
		assert (doc.status, doc.organization_name) == ("Draft", "[erased]")
		personal = ("first_name", "last_name", "primary_email", "alternate_email", "phone", "address_line1")
		assert [doc.get(field) or None for field in personal] == [None] * len(personal)
		assert [(row.given_by, row.evidence) for row in doc.consents] == [("[erased]", "[erased]")]
		assert "Naree" not in str(doc.as_dict())
		assert not doc.transfer_token and not doc.get_password("transfer_token", raise_exception=False)
		left = str(traces_of(name))
		assert "Naree" not in left and "mali@gmail.com" not in left and "signed-consent" not in left

	def test_the_organization_stays_and_so_does_what_was_asked(self, lead):
		name = make_reseller_customer(lead=lead, organization_name="Phan Plumbing", **ADMINISTRATOR)
		privacy.erase(lead)

		doc = doc_of(name)
		assert (doc.organization_name, doc.country, doc.waits_for_what) == (
			"Phan Plumbing",
			"Greece",
			"the form",
		)

	def test_whom_a_lead_without_a_company_was_named_after_is_nobody_whatever_the_administrator_is_called(
		self, lead
	):
		frappe.db.set_value("Lead", lead, "company_name", None)
		name = make_reseller_customer(
			lead=lead, organization_name="Naree Phan", **{**ADMINISTRATOR, "first_name": "Mali"}
		)
		privacy.erase(lead)

		assert "Naree" not in str(doc_of(name).as_dict())

	def test_a_customer_with_an_account_stays_as_it_is(self, lead):
		name = make_reseller_customer("Created", lead=lead, **ADMINISTRATOR)
		before = doc_of(name).as_dict()
		privacy.erase(lead)

		assert doc_of(name).as_dict() == before

	def test_who_has_gone_elsewhere_is_erased_with_what_they_answered(self, lead):
		name = make_reseller_customer("Transferred Out", lead=lead, **ADMINISTRATOR)
		doc = customers.hold(name)
		doc.append("detail_checks", {"outcome": "Changed", "note": "Naree told us", "changes": '["Naree"]'})
		customers.settle(doc)
		privacy.erase(lead)

		assert "Naree" not in str(doc_of(name).as_dict())
		assert doc_of(name).status == "Transferred Out"

	@pytest.mark.parametrize("field", ["primary_email", "alternate_email"])
	def test_a_request_for_personal_data_finds_it_by_either_address(self, field):
		name = make_reseller_customer("Created", **ADMINISTRATOR)
		assert name in get_user_data(doc_of(name).get(field))

	def test_a_request_to_delete_personal_data_redacts_it(self):
		name = make_reseller_customer(**ADMINISTRATOR)
		email = doc_of(name).alternate_email
		make_user(email, "Customer")
		request = frappe.get_doc(doctype="Personal Data Deletion Request", email=email).insert()
		request._anonymize_data()

		doc = doc_of(name)
		redacted = ("title", "first_name", "last_name", "alternate_email", "phone", "city")
		left = [doc.get(field) for field in redacted]
		assert not {"Naree", "Phan", email, "+302821055555", "Chania"} & set(left)


class TestConnections:
	def test_a_lead_and_its_customer_show_it(self, lead):
		make_reseller_customer(lead=lead)
		customer = convert(lead, opportunity=NONE).customer
		make_reseller_customer(customer=customer)

		assert connections_of("Lead", lead)[RESELLER_CUSTOMER] == 1
		assert connections_of("Customer", customer)[RESELLER_CUSTOMER] == 2

	def test_its_orders_are_shown_with_it(self):
		shown = connections_of(RESELLER_CUSTOMER, make_reseller_customer())

		assert shown == {"Quotation": 0, "Sales Order": 0, "Reseller Vendor Request": 0}


def test_a_consent_ends_all_the_same_after_its_lead_is_gone(lead):
	family = make_family()
	name = make_reseller_customer(family=family, origin="Import", lead=lead)
	frappe.delete_doc("Lead", lead)
	record_consent(name, family, expires_on=add_days(getdate(), 5))

	assert len(doc_of(name).consents) == 2


def test_an_existing_customer_of_an_undone_conversion_is_let_go(lead):
	customer = make_customer("Phan Holding").name
	name = make_reseller_customer(lead=lead)
	converted = convert(lead, customer=existing(customer), opportunity=NONE)
	assert ties_of(name)[1] == customer
	undo.undo(converted.conversion)

	assert ties_of(name)[1] is None
	assert frappe.db.exists("Customer", customer)


def make_attachment(name: str) -> None:
	frappe.get_doc(
		doctype="File",
		file_name="signed-consent.txt",
		content="Signed",
		attached_to_doctype=RESELLER_CUSTOMER,
		attached_to_name=name,
		is_private=1,
	).insert()


def traces_of(name: str) -> list[Any]:
	"""What is kept of a customer beside its document."""
	return [
		frappe.get_all("Version", filters={"docname": name}, fields=["data"], order_by="creation asc"),
		frappe.get_all("File", filters={"attached_to_name": name}, fields=["file_name"], order_by="name asc"),
		doc_of(name).as_dict(),
	]


def connections_of(doctype: str, name: str) -> dict[str, int]:
	"""How many records of each kind a form shows as connected."""
	try:
		found = get_open_count(doctype, name)["count"]["external_links_found"]
	finally:
		frappe.db.set_execution_timeout(0)  # it allows itself a second a query, and leaves it so
	return {row["doctype"]: row["count"] for row in found}
