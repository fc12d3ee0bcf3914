"""Consents, transfer tokens and instructions of customers who come from elsewhere: requirement RS-4."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import add_days, getdate, now_datetime
from frappe.utils.file_manager import save_file

from lead_inbox import tasks
from lead_inbox.reseller import consents, customers, readiness, reading
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.records import RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	doc_of,
	make_family,
	make_reseller_customer,
	record_consent,
)

TOKEN = "a-transfer-token-of-the-customer"


@pytest.fixture
def family() -> str:
	return make_family("Workspace", consent_instructions="Open the console.\nAccept <us>.")


@pytest.fixture
def imported(family) -> str:
	"""An import whose form has been checked."""
	return make_reseller_customer("Checked", family=family, origin="Import")


def only_consent(name: str):
	(row,) = doc_of(name).consents
	return row


class TestConsent:
	def test_it_tells_who_when_and_what_shows_it(self, imported, family):
		row = only_consent(imported)
		assert (row.product_family, row.given_by, row.evidence) == (family, "Mali Georgiou", "Mail of today")
		assert (row.given_on, row.expires_on, row.recorded_by) == (getdate(), None, "Administrator")

	def test_its_file_is_one_that_was_attached_to_the_customer(self, imported, family):
		with pytest.raises(ResellerRefused, match="Attach it again"):
			record_consent(imported, family, attachment="javascript:alert(1)")
		other = save_file(
			"consent.txt", b"Agreed", "Reseller Customer", make_reseller_customer(), is_private=1
		)
		with pytest.raises(ResellerRefused, match="Attach it again"):
			record_consent(imported, family, attachment=other.file_url)
		own = save_file("own-consent.txt", b"Agreed, too", "Reseller Customer", imported, is_private=1)
		record_consent(imported, family, attachment=own.file_url)
		assert doc_of(imported).consents[-1].attachment == own.file_url

	def test_it_is_good_as_long_as_its_family_says(self):
		monthly = make_family(consent_good_for_days=30)
		name = make_reseller_customer(family=monthly, origin="Import")
		assert only_consent(name).expires_on == add_days(getdate(), 29)

	def test_a_customer_without_one_waits_for_it(self, family):
		name = make_reseller_customer(family=family, origin="Import")
		consents.withdraw(name, only_consent(name).name)
		doc = doc_of(name)
		assert (doc.waits_for, doc.waits_for_what) == ("Customer", "consent to purchase")
		assert "withdrawn" in reading.one(name)["consent_refusal"]

	def test_without_one_there_is_no_import(self, imported):
		consents.withdraw(imported, only_consent(imported).name)
		with pytest.raises(ResellerRefused, match="withdrawn"):
			readiness.refuse_unless_ready(doc_of(imported))

	def test_with_an_expired_one_there_is_no_import(self, imported):
		row = only_consent(imported)
		frappe.db.set_value(row.doctype, row.name, "expires_on", add_days(getdate(), -1))
		with pytest.raises(ResellerRefused, match="expired"):
			readiness.refuse_unless_ready(doc_of(imported))

	def test_whom_it_expires_for_waits_for_a_new_one_and_somebody_is_told_once(self, imported, family):
		jun = make_user("jun@company.example")
		lasting = make_reseller_customer("Checked", family=family, origin="Import")
		for name in (imported, lasting):
			frappe.db.set_value(RESELLER_CUSTOMER, name, "owner", jun, update_modified=False)
		row = only_consent(imported)
		frappe.db.set_value(row.doctype, row.name, "expires_on", add_days(getdate(), -1))
		assert doc_of(imported).waits_for_what == "the account", "nobody has saved it since"
		tasks.follow_up_resellers()
		tasks.follow_up_resellers()
		doc = doc_of(imported)
		assert (doc.status, doc.waits_for, doc.waits_for_what) == (
			"Checked",
			"Customer",
			"consent to purchase",
		)
		assert doc_of(lasting).waits_for_what == "the account"
		told = frappe.get_all("Notification Log", {"for_user": jun}, ["document_name", "subject"])
		assert [row.document_name for row in told] == [imported]
		assert "has expired" in told[0].subject

	def test_the_last_day_counts(self, imported):
		row = only_consent(imported)
		frappe.db.set_value(row.doctype, row.name, "expires_on", getdate())
		readiness.refuse_unless_ready(doc_of(imported))

	def test_that_of_another_family_does_not_count(self, imported, family):
		consents.withdraw(imported, only_consent(imported).name)
		record_consent(imported, make_family())
		assert readiness.lacking(doc_of(imported))

	def test_a_new_one_replaces_a_withdrawn_one(self, imported, family):
		consents.withdraw(imported, only_consent(imported).name)
		record_consent(imported, family, evidence="A second mail")
		assert readiness.lacking(doc_of(imported)) == []
		consent = [
			check for check in reading.one(imported)["checks"] if check["subject"] == "Consent to Purchase"
		]
		assert (consent[0]["result"], consent[0]["evidence"]) == ("Passed", "A second mail")

	def test_a_new_customer_needs_none(self, family):
		name = make_reseller_customer("Checked", family=family)
		readiness.refuse_unless_ready(doc_of(name))
		assert reading.one(name)["consent_refusal"] is None

	@pytest.mark.parametrize(
		"values",
		[
			{"given_by": " "},
			{"evidence": ""},
			{"given_on": 1},
			{"expires_on": -1},
			{"family": "No such family"},
		],
		ids=["nobody", "no evidence", "to come", "ends before it begins", "no family"],
	)
	def test_what_is_no_consent_is_refused(self, imported, family, values):
		"""Days are counted from today."""
		told = {
			field: add_days(getdate(), value) if isinstance(value, int) else value
			for field, value in values.items()
		}
		given = {"family": family, "given_by": "Mali", "given_on": getdate(), "evidence": "Mail", **told}
		with pytest.raises(ResellerRefused):
			consents.record(imported, **given)
		assert len(doc_of(imported).consents) == 1

	def test_withdrawing_twice_keeps_the_first_day(self, imported):
		row = only_consent(imported)
		frappe.db.set_value(row.doctype, row.name, "withdrawn_on", add_days(getdate(), -3))
		consents.withdraw(imported, row.name)
		assert only_consent(imported).withdrawn_on == add_days(getdate(), -3)

	def test_who_has_an_account_may_still_withdraw(self, imported):
		customers.note_account(imported, account_of(imported))
		consents.withdraw(imported, only_consent(imported).name)
		assert doc_of(imported).status == "Imported"


class TestToken:
	def test_it_is_kept_as_a_secret(self, imported):
		consents.set_token(imported, TOKEN, None)
		assert TOKEN not in frappe.as_json(doc_of(imported).as_dict())
		assert TOKEN not in frappe.as_json(reading.one(imported))
		assert doc_of(imported).get_password("transfer_token") == TOKEN

	def test_no_history_tells_it(self, imported):
		consents.set_token(imported, TOKEN, None)
		versions = frappe.get_all("Version", {"docname": imported}, pluck="data", order_by="creation asc")
		assert TOKEN not in " ".join(versions)

	def test_it_ends(self, imported):
		consents.set_token(imported, TOKEN, now_datetime() + timedelta(hours=1))
		assert reading.one(imported)["token"]["is_good"]
		ended = now_datetime() - timedelta(minutes=1)
		frappe.db.set_value("Reseller Customer", imported, "transfer_token_expires_on", ended)
		token = reading.one(imported)["token"]
		assert (token["is_set"], token["is_good"]) == (True, False)

	def test_one_that_has_ended_is_refused(self, imported):
		with pytest.raises(ResellerRefused, match="expired"):
			consents.set_token(imported, TOKEN, now_datetime() - timedelta(minutes=1))

	def test_one_that_is_too_long_is_refused(self, imported):
		with pytest.raises(ResellerRefused):
			consents.set_token(imported, "x" * 513, None)

	def test_it_can_be_forgotten(self, imported):
		consents.set_token(imported, TOKEN, now_datetime() + timedelta(hours=1))
		consents.set_token(imported, "", None)
		assert not doc_of(imported).get_password("transfer_token", raise_exception=False)
		assert reading.one(imported)["token"] == {"is_set": False, "is_good": False, "expires_on": None}

	def test_another_change_keeps_it(self, imported):
		consents.set_token(imported, TOKEN, None)
		customers.save_step(imported, Step.CUSTOMER, {"organization_name": "Delta Mills"})
		assert doc_of(imported).get_password("transfer_token") == TOKEN

	def test_it_is_forgotten_once_the_account_is_ours(self, imported):
		consents.set_token(imported, TOKEN, None)
		customers.note_account(imported, account_of(imported))
		doc = doc_of(imported)
		assert not doc.transfer_token and not doc.get_password("transfer_token", raise_exception=False)


class TestInstructions:
	def test_a_lead_gets_them_in_its_conversation(self, family):
		lead = make_lead(email_id="mali@gmail.com").name
		name = make_reseller_customer(family=family, origin="Import", lead=lead)
		consents.send_instructions(name)
		(message,) = frappe.get_all(
			"Lead Message", {"lead": lead}, ["direction", "recipient", "content"], order_by="creation asc"
		)
		assert (message.direction, message.recipient) == ("Out", "mali@gmail.com")
		assert "Open the console." in message.content

	def test_whom_the_user_may_not_mail_gets_no_message(self, family):
		lead = make_lead(email_id="mali@gmail.com").name
		name = make_reseller_customer(family=family, origin="Import", lead=lead)
		frappe.set_user(make_user("stock@company.example", "Stock User"))
		with pytest.raises(frappe.PermissionError):
			consents.send_instructions(name)

	def test_a_lead_without_an_address_gets_them_where_the_form_says(self, family):
		lead = make_lead(email_id=None, phone="+302821055555").name
		name = make_reseller_customer(family=family, origin="Import", lead=lead)
		consents.send_instructions(name)
		assert frappe.db.count("Email Queue", {"reference_name": name}) == 1

	def test_who_is_no_lead_gets_a_mail_where_mail_arrives(self, imported):
		consents.send_instructions(imported)
		(mail,) = frappe.get_all(
			"Email Queue", {"reference_name": imported}, ["name", "message"], order_by="creation asc"
		)
		recipients = frappe.get_all(
			"Email Queue Recipient", {"parent": mail.name}, pluck="recipient", order_by="name asc"
		)
		assert recipients == ["mali@gmail.com"]
		assert "Accept &lt;us&gt;" in mail.message

	def test_without_instructions_there_is_nothing_to_send(self):
		name = make_reseller_customer(origin="Import")
		with pytest.raises(ResellerRefused, match="instructions"):
			consents.send_instructions(name)

	def test_without_an_address_nothing_is_sent(self, family):
		name = make_reseller_customer(family=family, primary_email="", alternate_email="")
		with pytest.raises(ResellerRefused, match="address"):
			consents.send_instructions(name)
