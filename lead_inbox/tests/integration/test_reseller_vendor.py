"""Accounts that Google makes, by Google's own client, against a program on this machine that keeps state: RS-9."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import frappe
import grpc
import pytest
from frappe.realtime import get_doc_room
from frappe.utils import add_days, getdate, now_datetime
from frappe.utils.background_jobs import get_redis_connection_without_auth

from lead_inbox import tasks
from lead_inbox.reseller import consents, customers, reading
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.records import REQUEST, RESELLER_CUSTOMER, SETTINGS
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.vendor import (
	answering,
	comparing,
	details,
	google_channel,
	google_settings,
	requests,
	vendors,
	words,
)
from lead_inbox.reseller.vendor.google_channel import GoogleChannel
from lead_inbox.reseller.vendor.interface import VendorError, Why
from lead_inbox.reseller.vendor.vendor_rules import WAITS, Action
from lead_inbox.tests.doubles import cloud_channel
from lead_inbox.tests.doubles.cloud_channel import Kind
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.reseller_builders import doc_of, make_family, make_reseller_customer
from lead_inbox.tests.perf.database import recorded

TOKEN = "good-token"
KEY = json.dumps(
	{
		"type": "service_account",
		"client_email": "lead-inbox@project.iam.gserviceaccount.com",
		"private_key": "a-very-private-key",
		"token_uri": "https://oauth2.googleapis.com/token",
	}
)
NEVER_SHOWN = (TOKEN, "a-very-private-key")


@pytest.fixture
def google(monkeypatch):
	"""Google, and a site that is set up for it. Nobody signs in on this machine."""
	with cloud_channel.served() as double:
		monkeypatch.setattr(
			google_channel, "connect", lambda account, _key, _subject: GoogleChannel(double.client(), account)
		)
		set_up()
		yield double


def set_up(**values):
	settings = frappe.get_doc(SETTINGS)
	known = {
		google_settings.ACCOUNT: cloud_channel.ACCOUNT,
		google_settings.ADMINISTRATOR: "admin@reseller-example.com",
		google_settings.KEY: KEY,
	}
	settings.update({**known, **values}).save()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


@pytest.fixture
def family():
	return make_family(connection=vendors.GOOGLE)


def asked(family, action=Action.CREATE, **values):
	"""A Checked customer of whom the vendor is to be asked."""
	name = make_reseller_customer("Checked", family, **values)
	requests.ask(name, action)
	frappe.db.commit()
	return name


def imported(family, **values):
	return asked(family, Action.IMPORT, origin="Import", **values)


def elsewhere(google, name, **values):
	"""Let somebody else serve a customer."""
	doc = doc_of(name)
	row = {
		"domain": doc.primary_email.partition("@")[2],
		"email": doc.primary_email,
		"existing": True,
		"owned": False,
		"customer_cloud_identity_id": "C9",
		"customer_type": Kind.TEAM if doc.customer_type == "Team" else Kind.DOMAIN,
	}
	google.elsewhere.append({**row, **values})


def answer():
	assert answering.answer_due(60)


def make_due(name):
	"""As if the waiting time had passed."""
	past = now_datetime() - timedelta(seconds=1)
	frappe.db.set_value(REQUEST, {"reseller_customer": name, "status": "Waiting"}, "next_attempt_on", past)
	frappe.db.commit()


def newest(name, *fields):
	rows = frappe.get_all(
		REQUEST, {"reseller_customer": name}, [*fields, "creation"], order_by="creation desc", limit=1
	)
	return tuple(rows[0][field] for field in fields)


def waits(name):
	return (doc_of(name).waits_for, doc_of(name).waits_for_what)


def timeline(name):
	return frappe.get_all(
		"Comment",
		{"reference_doctype": RESELLER_CUSTOMER, "reference_name": name, "comment_type": "Info"},
		pluck="content",
		order_by="creation asc",
	)


def alerts_of(user):
	fields = ["subject", "email_content", "document_name"]
	return frappe.get_all("Notification Log", {"for_user": user}, fields, order_by="creation asc")


class TestOpening:
	def test_a_new_customer_gets_an_account_and_its_identity(self, google, family):
		name = asked(family)
		assert waits(name) == ("Vendor", "the account")
		answer()

		doc = doc_of(name)
		(made,) = google.customers.values()
		assert (doc.status, doc.vendor_account) == ("Created", made.name)
		assert doc.cloud_identity_id == made.cloud_identity_id
		assert doc.vendor_console.startswith("https://admin.google.com/")
		assert waits(name) == ("Us", "an order")
		assert frappe.get_all(REQUEST, {"reseller_customer": name}, pluck="status") == ["Done", "Done"]
		assert made.name in timeline(name)[0] and made.cloud_identity_id in timeline(name)[1]

	def test_google_is_told_what_the_form_says(self, google, family):
		name = asked(family, crm_id="CUST-1", postal_code="731 32")
		answer()
		doc, (made,) = doc_of(name), google.customers.values()
		assert (made.org_display_name, made.domain) == (doc.organization_name, doc.domain)
		assert made.correlation_id == "CUST-1" and made.alternate_email == doc.alternate_email
		assert made.primary_contact_info.email == doc.primary_email
		assert made.primary_contact_info.phone == doc.phone
		address = made.org_postal_address
		assert (address.region_code, address.postal_code) == ("GR", "731 32")
		assert list(address.address_lines) == [doc.address_line1]

	def test_an_international_domain_goes_out_as_dns_knows_it(self, google, family):
		domain = f"bücher-{frappe.generate_hash(length=8)}.de"
		name = asked(family, domain=domain, primary_email=f"admin@{domain}")
		answer()
		(made,) = google.customers.values()
		assert made.domain.startswith("xn--") and made.domain == reading.ascii_domain(doc_of(name))

	def test_a_team_gets_one_too(self, google, family):
		name = asked(family, customer_type="Team")
		answer()
		(made,) = google.customers.values()
		assert made.cloud_identity_info.customer_type == Kind.TEAM
		assert doc_of(name).cloud_identity_id == made.cloud_identity_id

	def test_teams_of_one_erpnext_customer_get_an_account_each(self, google, family):
		first = asked(family, customer_type="Team", primary_email="mali@gmail.com", crm_id="CUST-1")
		answer()
		second = asked(family, customer_type="Team", primary_email="mali@gmail.com", crm_id="CUST-1")
		answer()
		assert len(google.customers) == 2
		assert doc_of(first).vendor_account != doc_of(second).vendor_account

	def test_the_identity_of_an_educational_institution_is_left_to_a_person(self, google, family):
		name = asked(family, is_educational=1)
		answer()
		assert doc_of(name).status == "Created" and not doc_of(name).cloud_identity_id
		assert "provision_cloud_identity" not in google.calls
		assert "educational institution" in timeline(name)[0]

	def test_an_account_that_is_there_already_is_taken_as_it_is(self, google, family):
		name = asked(family)
		there = google.add(domain=doc_of(name).domain)
		answer()
		assert doc_of(name).vendor_account == there.name
		assert "create_customer" not in google.calls

	def test_a_domain_that_another_serves_is_not_made(self, google, family):
		name = asked(family)
		elsewhere(google, name)
		answer()
		status, error = newest(name, "status", "error")
		assert status == "Failed" and "import" in error
		assert doc_of(name).status == "Checked" and waits(name) == ("Us", "an error of the vendor")


class TestImport:
	def test_a_customer_of_another_is_taken_over(self, google, family):
		name = imported(family)
		elsewhere(google, name)
		answer()
		assert (doc_of(name).status, doc_of(name).cloud_identity_id) == ("Imported", "C9")
		assert not google.elsewhere

	def test_what_is_lacking_is_a_token_and_after_it_is_entered_all_goes_well(self, google, family):
		name = imported(family)
		elsewhere(google, name, needs_token=True)
		answer()
		status, error = newest(name, "status", "error")
		assert status == "Failed" and "transfer token" in error

		consents.set_token(name, TOKEN, None)
		requests.retry(name)
		make_due(name)
		answer()
		assert doc_of(name).status == "Imported" and not doc_of(name).transfer_token

	def test_a_token_that_has_expired_is_not_sent(self, google, family):
		name = imported(family)
		elsewhere(google, name, needs_token=True)
		consents.set_token(name, TOKEN, now_datetime() + timedelta(hours=1))
		frappe.db.set_value(RESELLER_CUSTOMER, name, "transfer_token_expires_on", add_days(getdate(), -1))
		answer()
		assert newest(name, "trouble") == ("token needed",)

	def test_who_takes_the_consent_back_while_the_vendor_is_asked_is_not_imported(self, google, family):
		name = imported(family)
		elsewhere(google, name)
		consents.withdraw(name, doc_of(name).consents[0].name)
		answer()
		assert google.elsewhere and not google.calls
		status, error = newest(name, "status", "error")
		assert status == "Failed" and "withdrawn" in error

	def test_of_several_teams_the_one_that_is_meant_is_taken(self, google, family):
		name = imported(family, customer_type="Team")
		elsewhere(google, name)
		elsewhere(google, name, customer_cloud_identity_id="C10")
		answer()
		assert "Cloud Identity ID" in newest(name, "error")[0]

		customers.save_step(name, Step.CUSTOMER, {"cloud_identity_id": "C10"})
		customers.finish_form(name)
		requests.retry(name)
		make_due(name)
		answer()
		assert (doc_of(name).status, doc_of(name).cloud_identity_id) == ("Imported", "C10")

	@pytest.mark.parametrize("origin", ["Import", "New"])
	def test_a_team_that_comes_back_gets_the_account_that_it_had(self, google, family, origin):
		values = {"customer_type": "Team", "primary_email": "boss@delta-mills.com"}
		left = asked(family, **values)
		answer()
		customers.transfer_out(left, "Found a nearer one")
		name = imported(family, **values) if origin == "Import" else asked(family, **values)
		answer()
		assert doc_of(name).vendor_account == doc_of(left).vendor_account
		assert len(google.customers) == 1


class TestTrouble:
	@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED])
	def test_what_passes_is_waited_for(self, google, family, code):
		name = asked(family)
		google.failures = [code]
		answer()
		status, attempts, next_attempt_on, error = newest(
			name, "status", "attempts", "next_attempt_on", "error"
		)
		assert (status, attempts) == ("Waiting", 1) and error
		assert timedelta(seconds=30) < next_attempt_on - now_datetime() <= timedelta(minutes=1)
		assert waits(name) == ("Vendor", "the account") and not timeline(name)

		make_due(name)
		answer()
		assert doc_of(name).status == "Created" and newest(name, "error") == (None,)

	@pytest.mark.parametrize("customer_type", ["Domain", "Team"])
	def test_what_was_made_although_the_answer_was_lost_is_found(self, google, family, customer_type):
		name = asked(family, customer_type=customer_type)
		google.lost_answers = 1
		answer()
		assert doc_of(name).status == "Checked"
		make_due(name)
		answer()
		assert doc_of(name).vendor_account in google.customers and len(google.customers) == 1

	def test_an_identity_that_was_made_although_the_answer_was_lost_is_found(self, google, family):
		name = asked(family)
		google.on_done = lambda method: setattr(google, "lost_answers", int(method.startswith("provision")))
		answer()
		assert doc_of(name).status == "Created" and not doc_of(name).cloud_identity_id
		make_due(name)
		answer()
		assert doc_of(name).cloud_identity_id
		assert google.calls.count("provision_cloud_identity") == 1

	def test_an_account_without_an_identity_stays_when_google_refuses_that(self, google, family):
		name = asked(family)
		google.taken_addresses.add(doc_of(name).primary_email)
		answer()
		assert doc_of(name).status == "Created" and waits(name) == ("Us", "an error of the vendor")
		assert newest(name, "action", "status") == ("Provision", "Failed")
		google.taken_addresses.clear()
		requests.retry(name)
		answer()
		assert doc_of(name).cloud_identity_id and waits(name) == ("Us", "an order")

	def test_after_the_last_attempt_a_person_is_asked_and_may_have_it_tried_again(self, google, family):
		name = asked(family)
		google.failures = [grpc.StatusCode.UNAVAILABLE] * 20
		for _attempt in range(10):
			make_due(name)
			answer()
		assert newest(name, "status", "attempts") == ("Failed", len(WAITS) + 1)
		assert len(google.calls) == len(WAITS) + 1

		google.failures.clear()
		requests.retry(name)
		assert waits(name) == ("Vendor", "the account")
		answer()
		assert doc_of(name).status == "Checked", "Google may show late what an attempt has made."
		make_due(name)
		answer()
		assert doc_of(name).status == "Created"

	def test_what_google_refuses_is_told_whoever_looks_after_the_customer(self, google, family):
		owner = make_user("mali@company.example")
		frappe.set_user(owner)
		name = asked(family)
		frappe.set_user("Administrator")
		google.failures = [grpc.StatusCode.INVALID_ARGUMENT]
		answer()
		(told,) = alerts_of(owner)
		assert told.document_name == name and "Delta Mills" in told.subject
		assert "try again later" in told.email_content, "Google's own words."
		assert "try again later" in timeline(name)[0]

	def test_a_customer_who_is_deleted_while_the_vendor_is_asked_keeps_no_other_waiting(
		self, google, family, monkeypatch
	):
		logged = frappe.db.count("Error Log")
		gone = asked(family)
		answer()
		requests.ask(gone, Action.COMPARE)
		other = asked(family)
		call = answering._call

		def overtaken(*arguments):
			monkeypatch.setattr(answering, "_call", call)
			customers.transfer_out(gone, "Found a nearer one")
			frappe.delete_doc(RESELLER_CUSTOMER, gone)
			frappe.db.commit()
			return call(*arguments)

		monkeypatch.setattr(answering, "_call", overtaken)
		answer()
		assert not frappe.db.exists(RESELLER_CUSTOMER, gone) and doc_of(other).status == "Created"
		assert frappe.db.count("Error Log") == logged

	def test_one_customers_trouble_keeps_no_other_waiting(self, google, family):
		first, second = asked(family), asked(family)
		google.failures = [grpc.StatusCode.INVALID_ARGUMENT]
		answer()
		assert {doc_of(first).status, doc_of(second).status} == {"Checked", "Created"}

	def test_a_request_that_a_worker_has_is_no_others(self, google, family, monkeypatch):
		class Killed(BaseException):
			pass

		def die(*_arguments):
			raise Killed

		name = asked(family)
		with monkeypatch.context() as patched:
			patched.setattr(customers, "note_account", die)
			with pytest.raises(Killed):
				answering.answer_due(60)
		frappe.db.rollback()
		assert len(google.customers) == 1 and doc_of(name).status == "Checked"
		answer()
		assert doc_of(name).status == "Checked", "Nobody else takes it up at once."
		make_due(name)
		answer()
		assert doc_of(name).status == "Created" and len(google.customers) == 1

	def test_a_worker_that_comes_back_late_spoils_nothing(self, google, family, monkeypatch):
		"""Its time was over, another one has failed meanwhile: what it brings is written down all the same."""
		name = asked(family)
		call = answering._call

		def overtaken(*arguments):
			account = call(*arguments)
			monkeypatch.setattr(answering, "_call", call)
			google.failures = [grpc.StatusCode.UNAVAILABLE]
			make_due(name)
			answer()
			return account

		monkeypatch.setattr(answering, "_call", overtaken)
		answer()
		assert doc_of(name).status == "Created" and len(google.customers) == 1
		assert set(frappe.get_all(REQUEST, {"reseller_customer": name}, pluck="status")) == {"Done"}

	def test_an_answer_that_we_fail_to_deal_with_is_asked_for_again_and_shows_no_secret(
		self, google, family, monkeypatch
	):
		name = imported(family)
		elsewhere(google, name, needs_token=True)
		consents.set_token(name, TOKEN, None)

		def fail(*_arguments):
			raise RuntimeError("We are wrong")

		with monkeypatch.context() as patched:
			patched.setattr(GoogleChannel, "bring_in", fail)
			answer()
		request, status, attempts = newest(name, "name", "status", "attempts")
		assert (status, attempts) == ("Waiting", 1)
		(logged,) = frappe.get_all("Error Log", {"reference_name": request}, pluck="error")
		assert "We are wrong" in logged and not any(secret in logged for secret in NEVER_SHOWN)
		make_due(name)
		answer()
		assert doc_of(name).status == "Imported"


class TestAsking:
	def test_one_request_is_open_for_a_customer(self, google, family):
		name = make_reseller_customer("Checked", family)
		assert requests.ask(name, Action.CREATE) == requests.ask(name, Action.CREATE)
		assert frappe.db.count(REQUEST, {"reseller_customer": name}) == 1

	def test_a_worker_is_woken_once_the_request_is_there(self, google, family, jobs):
		frappe.cache.delete(frappe.cache.make_key(requests.WAKING.key))
		name = make_reseller_customer("Checked", family)
		requests.ask(name, Action.CREATE)
		assert requests.WAKING.method not in [method for method, _arguments in jobs]
		frappe.db.commit()
		assert requests.WAKING.method in [method for method, _arguments in jobs]
		tasks.ask_vendors()
		assert doc_of(name).status == "Created"

	def test_who_is_not_checked_is_not_asked_for(self, google, family):
		with pytest.raises(ResellerRefused):
			requests.ask(make_reseller_customer("Draft", family), Action.CREATE)
		with pytest.raises(ResellerRefused):
			requests.ask(make_reseller_customer("Created", family), Action.CREATE)

	def test_who_comes_from_elsewhere_is_not_created(self, google, family):
		name = make_reseller_customer("Checked", family, origin="Import")
		with pytest.raises(ResellerRefused):
			requests.ask(name, Action.CREATE)

	def test_a_family_by_hand_asks_nobody(self):
		family = make_family()
		assert vendors.vendor_of(family) is None and vendors.vendor_of(None) is None
		with pytest.raises(ResellerRefused, match="by hand"):
			requests.ask(make_reseller_customer("Checked", family), Action.CREATE)

	def test_only_what_has_failed_is_asked_again(self, google, family):
		name = make_reseller_customer("Checked", family)
		with pytest.raises(ResellerRefused):
			requests.retry(name)
		requests.ask(name, Action.CREATE)
		with pytest.raises(ResellerRefused):
			requests.retry(name)

	def without_identity(self, google, family):
		"""A customer who has got an account and, by Google's refusal, no identity."""
		name = asked(family)
		google.taken_addresses.add(doc_of(name).primary_email)
		answer()
		assert newest(name, "action", "status") == ("Provision", "Failed")
		google.taken_addresses.clear()
		return name

	def test_a_comparison_is_in_nobodys_way(self, google, family):
		name = self.without_identity(google, family)
		requests.ask(name, Action.COMPARE)
		requests.retry(name)
		assert waits(name) == ("Vendor", "the account")
		answer()
		assert doc_of(name).cloud_identity_id and waits(name) == ("Us", "an order")
		assert not frappe.db.exists(REQUEST, {"reseller_customer": name, "status": "Waiting"})

	@pytest.mark.parametrize("is_gone", [True, False])
	def test_a_comparison_that_had_to_make_way_spoils_nothing(self, google, family, monkeypatch, is_gone):
		"""A worker is at it in this moment: what it brings is of the time before."""
		name = self.without_identity(google, family)
		told = len(timeline(name))
		requests.ask(name, Action.COMPARE)
		call = answering._call

		def overtaken(*arguments):
			account = call(*arguments)
			monkeypatch.setattr(answering, "_call", call)
			requests.retry(name)
			frappe.db.commit()
			if is_gone:
				raise VendorError(Why.ACCOUNT_GONE)
			return account

		monkeypatch.setattr(answering, "_call", overtaken)
		answer()
		assert doc_of(name).cloud_identity_id and waits(name) == ("Us", "an order")
		assert newest(name, "action", "status") == ("Provision", "Done")
		assert len(timeline(name)) == told + 1, "Of the identity alone."

	def test_whose_request_has_failed_may_be_corrected_and_asked_for_again(self, google, family):
		name = asked(family)
		google.failures = [grpc.StatusCode.INVALID_ARGUMENT]
		answer()
		customers.save_step(name, Step.CUSTOMER, {"organization_name": "Delta Mills SA"})
		with pytest.raises(ResellerRefused):
			requests.retry(name)
		customers.finish_form(name)
		requests.retry(name)
		make_due(name)
		answer()
		(made,) = google.customers.values()
		assert made.org_display_name == "Delta Mills SA"

	def test_open_forms_hear_of_each_answer(self, google, family):
		with get_redis_connection_without_auth().pubsub() as ear:
			ear.subscribe("events")
			assert ear.get_message(timeout=10)["type"] == "subscribe"
			name = asked(family)
			assert room_of(name) in rooms(ear)
			google.failures = [grpc.StatusCode.UNAVAILABLE]
			answer()
			assert room_of(name) in rooms(ear)
			make_due(name)
			answer()
			assert room_of(name) in rooms(ear)


def room_of(name):
	return get_doc_room(RESELLER_CUSTOMER, name)


def rooms(ear):
	said = iter(lambda: ear.get_message(ignore_subscribe_messages=True, timeout=0.2), None)
	events = [json.loads(message["data"]) for message in said]
	return {event["room"] for event in events if event["namespace"] == frappe.local.site}


class TestComparing:
	def test_what_the_vendor_has_made_of_an_account_is_noted(self, google, family):
		name = asked(family, customer_type="Team", primary_email="office@delta-mills.com")
		answer()
		(made,) = google.customers.values()
		made.cloud_identity_info.customer_type = Kind.DOMAIN
		made.cloud_identity_info.primary_domain = "delta-mills.com"
		requests.ask(name, Action.COMPARE)
		assert waits(name) == ("Us", "an order"), "Nobody waits for a comparison."
		answer()
		doc = doc_of(name)
		assert (doc.customer_type, doc.domain, doc.is_domain_verified) == ("Domain", "delta-mills.com", 1)

	def test_each_account_is_compared_once_a_week(self, google, family):
		name = asked(family)
		answer()
		calls = len(google.calls)
		tasks.compare_with_vendors()
		answer()
		assert len(google.calls) == calls
		for _week in range(2):
			last = now_datetime() - comparing.EVERY - timedelta(hours=1)
			frappe.db.set_value(RESELLER_CUSTOMER, name, "vendor_checked_on", last)
			tasks.compare_with_vendors()
			answer()
			assert now_datetime() - doc_of(name).vendor_checked_on < timedelta(minutes=1)
		assert google.calls[calls:] == ["get_customer"] * 2
		assert frappe.db.count(REQUEST, {"reseller_customer": name, "action": "Compare"}) == 1

	def looked_after(self, family, **values):
		"""A customer with an account, and the user who is told of it."""
		owner = make_user("mali@company.example")
		frappe.set_user(owner)
		name = asked(family, **values)
		frappe.set_user("Administrator")
		answer()
		return name, owner

	def compare(self, name):
		requests.ask(name, Action.COMPARE)
		frappe.db.commit()
		answer()

	def test_an_account_that_is_gone_is_told_of_once_with_what_to_do(self, google, family):
		name, owner = self.looked_after(family)
		google.customers.clear()
		for _week in range(3):
			self.compare(name)
		(told,) = alerts_of(owner)
		assert "does not know the account" in told.subject
		assert "console" in told.email_content and "transfer it out" in told.email_content
		assert "new customer" not in told.email_content
		assert told.email_content.split(".")[0] in timeline(name)[-1]

	def test_a_line_that_is_down_is_not_told_of(self, google, family):
		name, owner = self.looked_after(family)
		google.failures = [grpc.StatusCode.PERMISSION_DENIED]
		self.compare(name)
		assert newest(name, "status") == ("Failed",) and not alerts_of(owner)

	def test_an_account_that_is_gone_again_is_news(self, google, family):
		name, owner = self.looked_after(family)
		accounts = dict(google.customers)
		for known in ({}, accounts, {}):
			google.customers = dict(known)
			self.compare(name)
		assert len(alerts_of(owner)) == 2
		assert frappe.db.count(REQUEST, {"reseller_customer": name, "action": "Compare"}) == 1

	def test_a_comparison_that_has_failed_is_made_again_after_a_week(self, google, family):
		name = asked(family)
		answer()
		google.customers.clear()
		google.calls.clear()
		last = now_datetime() - comparing.EVERY - timedelta(hours=1)
		frappe.db.set_value(RESELLER_CUSTOMER, name, "vendor_checked_on", last)
		for _day in range(3):
			tasks.compare_with_vendors()
			answer()
		assert google.calls == ["get_customer"]

	def test_what_we_can_not_take_over_is_told_of_once(self, google, family):
		"""A team has become a customer by domain, and another customer of ours has that domain."""
		name, owner = self.looked_after(family, customer_type="Team", primary_email="boss@grown-mills.com")
		other = make_reseller_customer("Draft", family, domain="grown-mills.com")
		(made,) = google.customers.values()
		made.cloud_identity_info.customer_type = Kind.DOMAIN
		for _week in range(2):
			self.compare(name)
		assert doc_of(name).customer_type == "Team"
		(told,) = alerts_of(owner)
		assert "could not be noted" in told.subject and other in told.email_content

	def test_who_leaves_while_being_compared_is_not_spoken_of(self, google, family, monkeypatch):
		name, owner = self.looked_after(family)
		call = answering._call

		def overtaken(*arguments):
			customers.transfer_out(name, "Found a nearer one")
			frappe.db.commit()
			return call(*arguments)

		monkeypatch.setattr(answering, "_call", overtaken)
		self.compare(name)
		assert doc_of(name).status == "Transferred Out" and not alerts_of(owner)
		assert not frappe.db.exists(REQUEST, {"reseller_customer": name, "action": "Compare"})

	def test_a_comparison_of_an_account_that_is_corrected_meanwhile_says_nothing(
		self, google, family, monkeypatch
	):
		name, owner = self.looked_after(family)
		right, call = doc_of(name).vendor_account, answering._call
		frappe.db.set_value(
			RESELLER_CUSTOMER, name, "vendor_account", f"{cloud_channel.ACCOUNT}/customers/S0"
		)

		def overtaken(*arguments):
			customers.correct_account(name, right, "", "")
			frappe.db.commit()
			return call(*arguments)

		monkeypatch.setattr(answering, "_call", overtaken)
		self.compare(name)
		assert not alerts_of(owner)
		assert not frappe.db.exists(REQUEST, {"reseller_customer": name, "action": "Compare"})

	def test_a_form_that_was_open_during_a_comparison_may_be_saved(self, google, family):
		name = asked(family)
		answer()
		opened = doc_of(name)
		self.compare(name)
		opened.lead = make_lead().name
		opened.save()
		assert opened.lead and doc_of(name).vendor_checked_on > opened.creation

	def test_a_comparison_that_finds_nothing_new_leaves_no_trace_in_the_history(self, google, family):
		name = asked(family)
		answer()
		last = now_datetime() - timedelta(days=8)
		frappe.db.set_value(RESELLER_CUSTOMER, name, "vendor_checked_on", last, update_modified=False)
		before, versions = doc_of(name), frappe.db.count("Version", {"docname": name})
		self.compare(name)
		assert now_datetime() - doc_of(name).vendor_checked_on < timedelta(minutes=1)
		assert doc_of(name).modified == before.modified
		assert frappe.db.count("Version", {"docname": name}) == versions

	def test_who_has_gone_or_is_by_hand_is_not_compared(self, google, family):
		make_reseller_customer("Transferred Out", family)
		make_reseller_customer("Created", make_family())
		frappe.db.set_value(RESELLER_CUSTOMER, {"name": ["is", "set"]}, "vendor_checked_on", None)
		assert comparing._due() == []


class TestSettings:
	@pytest.mark.parametrize(
		("field", "value", "said"),
		[
			(google_settings.ACCOUNT, "C0123", "accounts/"),
			(google_settings.ADMINISTRATOR, "admin", "e-mail address"),
			(google_settings.KEY, "{}", "whole JSON file"),
			(google_settings.KEY, KEY.replace("oauth2.googleapis.com", "evil.example"), "lead to Google"),
		],
	)
	def test_what_can_not_be_right_is_refused_in_words(self, field, value, said):
		with pytest.raises(frappe.ValidationError, match=said):
			set_up(**{field: value})

	def test_the_key_is_kept_encrypted_and_survives_another_save(self):
		set_up()
		settings = frappe.get_doc(SETTINGS)
		assert set(settings.get(google_settings.KEY)) == {"*"}
		settings.save()
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		assert google_settings.stored().key == KEY
		assert "a-very-private-key" not in repr(google_settings.stored())

	def test_a_connection_that_is_not_set_up_says_so(self, google, family):
		set_up(**{google_settings.KEY: ""})
		name = asked(family)
		answer()
		status, error = newest(name, "status", "error")
		assert status == "Failed" and "tab Reselling" in error

	def test_a_site_without_googles_library_says_how_to_install_it(self, family, monkeypatch):
		set_up()
		monkeypatch.setitem(sys.modules, "google.cloud.channel_v1", None)
		monkeypatch.delattr("google.cloud.channel_v1")
		monkeypatch.delitem(sys.modules, google_channel.__name__)
		monkeypatch.delattr(sys.modules["lead_inbox.reseller.vendor"], "google_channel")
		with pytest.raises(VendorError) as raised:
			vendors.vendor_of(family)
		assert raised.value.why is Why.NO_LIBRARY
		name = asked(family)
		answer()
		assert "lead_inbox[google]" in newest(name, "error")[0]

	def test_a_stored_key_makes_googles_own_client(self, family):
		set_up()
		with pytest.raises(VendorError) as raised:
			vendors.vendor_of(family)  # the test's key is of the right form and no key
		assert raised.value.why is Why.KEY_UNREADABLE


@pytest.mark.parametrize("why", list(Why))
def test_each_reason_has_words(why):
	assert words.said(VendorError(why, "their words")).endswith("their words")


@pytest.mark.parametrize("code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION])
def test_no_secret_is_anywhere(google, family, monkeypatch, code):
	def refuse(request):
		raise cloud_channel.Refused(code, f"auth_token {request.auth_token} can't be used")

	monkeypatch.setattr(google, "import_customer", refuse, raising=False)
	owner = make_user("mali@company.example")
	frappe.set_user(owner)
	name = imported(family)
	frappe.set_user("Administrator")
	elsewhere(google, name, needs_token=True)
	consents.set_token(name, "wrong-token", None)
	answer()
	assert newest(name, "status") == ("Failed",) and "be used" in newest(name, "error")[0]
	shown = json.dumps(
		[
			frappe.get_doc(REQUEST, {"reseller_customer": name}).as_dict(),
			doc_of(name).as_dict(),
			timeline(name),
			alerts_of(owner),
			frappe.get_all("Email Queue", pluck="message"),
			frappe.get_all("Version", {"docname": name}, pluck="data"),
			frappe.get_all("Error Log", pluck="error"),
			frappe.get_doc(SETTINGS).as_dict(),
		],
		default=str,
	)
	assert "wrong-token" not in shown and "a-very-private-key" not in shown


class TestPlans:
	"""The database says by what it finds what is asked for often.

	Frappe names an index after its column when it makes the table, and adds "_index" when it comes later.
	"""

	def test_teams_with_an_address(self, family):
		doc = doc_of(make_reseller_customer("Checked", family, customer_type="Team"))
		with recorded() as statements:
			details.details_of(doc, "key")
		(statement,) = [text for text in statements if "`vendor_account`" in text]
		assert ",primary_email" in plan_of(statement).possible_keys

	def test_whom_a_party_keeps_waiting(self):
		plan = plan_of("select name from `tabReseller Customer` where waits_for = 'Vendor'")
		assert plan.key.removesuffix("_index") == "waits_for"


def plan_of(statement):
	(plan,) = frappe.db.sql("explain " + statement.replace("%", "%%"), (), as_dict=True)
	return plan
