"""What a vendor says it sells to through us, compared with who is here: the list of RS-9."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import frappe
import grpc
import pytest
from frappe.utils import now_datetime
from frappe.utils.background_jobs import create_job_id, get_redis_conn
from rq.job import Job, JobStatus

from lead_inbox.api import resellers
from lead_inbox.reseller.records import FAMILY, RESELLER_CUSTOMER
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.reseller.vendor import google_settings, listing, vendors
from lead_inbox.reseller.vendor.google_channel import PAGE, GoogleChannel
from lead_inbox.tests.doubles.cloud_channel import Kind
from lead_inbox.tests.integration import test_reseller_vendor as vendor_tests
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.reseller_builders import make_family, make_reseller_customer
from lead_inbox.tests.integration.test_reseller_vendor import alerts_of, set_up

google = vendor_tests.google  # Google's double, and a site that is set up for it
COLUMNS = ["Account", "Organization", "Domain", "Cloud Identity ID", "Type", "Reseller Customer", "To Do"]


@pytest.fixture
def family():
	"""What is attached to it is removed: a rollback leaves the files on the disk."""
	name = make_family(connection=vendors.GOOGLE)
	yield name
	for file in attached(name):
		frappe.delete_doc("File", file.name)


@pytest.fixture
def manager():
	return make_user("manager@company.example", "Sales Manager")


def attached(family):
	known = {"attached_to_doctype": FAMILY, "attached_to_name": family}
	return frappe.get_all("File", known, ["name", "file_name", "is_private"], order_by="creation asc")


def run(family, user):
	"""Let the job do its work as a worker does, and return what the list says, by account."""
	frappe.db.commit()
	frappe.set_user(user)
	listing.list_accounts(family, user)
	frappe.set_user("Administrator")
	return by_account(family) if attached(family) else {}


def by_account(family):
	content = frappe.get_doc("File", attached(family)[-1].name).get_content()
	rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
	assert list(rows[0]) == COLUMNS
	return {row["Account"]: row for row in rows}


def known(google, family, status="Created", **values):
	"""A customer whose account the vendor told of long ago, and lists."""
	name = make_reseller_customer(status, family)
	account = google.add(domain=frappe.db.get_value(RESELLER_CUSTOMER, name, "domain"), **values).name
	checked_on = now_datetime() - timedelta(days=1)
	frappe.db.set_value(RESELLER_CUSTOMER, name, {"vendor_account": account, "vendor_checked_on": checked_on})
	return name, account


class TestList:
	def test_all_pages_are_in_it(self, google, family, manager):
		for number in range(120):
			google.add(org_display_name=f"Mill {number}", domain=f"mill-{number}.com")
		found = run(family, manager)
		assert set(found) == set(google.customers) and len(found) == 120
		assert google.calls == ["list_customers"] * -(-120 // PAGE)

	def test_an_account_that_nobody_here_has(self, google, family, manager):
		made = google.add(
			org_display_name="Strange Mills",
			domain="strange.example.com",
			cloud_identity_id="C7",
			cloud_identity_info={"customer_type": Kind.TEAM},
		)
		_customer, account = known(google, family)
		found = run(family, manager)
		assert list(found[made.name].values())[:6] == [
			made.name,
			"Strange Mills",
			"strange.example.com",
			"C7",
			"Team",
			"",
		]
		assert found[made.name]["To Do"].startswith("Add a Reseller Customer")
		assert found[account]["To Do"] == "Nothing."
		(told,) = alerts_of(manager)
		assert told.document_name == family and "are listed" in told.subject
		assert "lists: 2" in told.email_content and "Reseller Customer here: 1" in told.email_content

	def test_an_account_that_the_vendor_lists_no_more(self, google, family, manager):
		customer, account = known(google, family)
		google.customers.clear()
		found = run(family, manager)
		assert found[account]["Reseller Customer"] == customer
		assert "does not list it any more" in found[account]["To Do"]
		assert "lists: 0" in alerts_of(manager)[0].email_content
		assert "any more: 1" in alerts_of(manager)[0].email_content

	def test_what_was_just_made_is_not_missed(self, google, family, manager):
		make_reseller_customer("Created", family)
		google.add(domain="elsewhere.example.com")
		assert len(run(family, manager)) == 1

	def test_who_has_gone_is_not_missed_and_is_told_of_while_it_is_listed(self, google, family, manager):
		customer, account = known(google, family, "Transferred Out")
		_gone, unlisted = known(google, family, "Transferred Out")
		del google.customers[unlisted]
		found = run(family, manager)
		assert list(found) == [account] and found[account]["Reseller Customer"] == customer
		assert found[account]["To Do"].startswith("It was transferred out here")

	def test_customers_of_another_family_are_not_this_ones(self, google, family, manager):
		other = make_family(connection=vendors.GOOGLE)
		customer, account = known(google, other)
		_missed, unlisted = known(google, other)
		del google.customers[unlisted]
		found = run(family, manager)
		assert list(found) == [account] and found[account]["Reseller Customer"] == customer
		assert "another product family" in found[account]["To Do"]

	def test_no_cell_is_a_formula(self, google, family, manager):
		made = google.add(org_display_name='=HYPERLINK("https://evil.example")', domain="@evil.example")
		found = run(family, manager)[made.name]
		assert found["Organization"].startswith("'=") and found["Domain"].startswith("'@")

	def test_nothing_is_open_or_read_while_the_vendor_is_asked(self, google, family, manager, monkeypatch):
		google.add(domain="mill.example.com")
		done, seen = [], []
		sql, commit, accounts = frappe.db.sql, frappe.db.commit, GoogleChannel.accounts

		def watched(vendor):
			seen.append((len(done), done[-1]))
			yield from accounts(vendor)
			seen.append((len(done), done[-1]))

		monkeypatch.setattr(frappe.db, "sql", lambda *args, **kw: [done.append("sql"), sql(*args, **kw)][1])
		monkeypatch.setattr(frappe.db, "commit", lambda: [commit(), done.append("commit")])
		monkeypatch.setattr(GoogleChannel, "accounts", watched)
		run(family, manager)
		before, after = seen
		assert before == after and before[1] == "commit"


class TestFile:
	def test_it_is_private_and_readable_for_who_may_read_the_family(self, google, family, manager):
		google.add(domain="mill.example.com")
		run(family, manager)
		(file,) = attached(family)
		assert file.is_private and file.file_name.endswith(".csv")
		seller = make_user("seller@company.example", "Sales User")
		stranger = make_user("stranger@company.example", "Accounts User")
		assert frappe.get_doc("File", file.name).has_permission("read", user=seller)
		assert not frappe.get_doc("File", file.name).has_permission("read", user=stranger)

	@pytest.mark.parametrize("has_changed", [True, False])
	def test_the_next_one_replaces_it_and_leaves_what_people_attached(
		self, google, family, manager, has_changed
	):
		google.add(domain="mill.example.com")
		run(family, manager)
		(first,) = attached(family)
		content = frappe.get_doc("File", first.name).get_content() + "my own notes"
		own = {"attached_to_doctype": FAMILY, "attached_to_name": family, "is_private": 1}
		noted = frappe.get_doc(doctype="File", file_name=first.file_name, content=content, **own).insert()
		if has_changed:
			google.add(domain="another.example.com")
		found = run(family, make_user("other@company.example", "Sales Manager"))
		assert len(found) == 1 + has_changed
		names = [file.name for file in attached(family)]
		assert len(names) == 2 and noted.name in names and first.name not in names
		assert frappe.get_doc("File", noted.name).get_content() == content


class TestTrouble:
	def test_an_error_is_told_in_words_and_the_last_list_stays(self, google, family, manager):
		for number in range(PAGE + 1):
			google.add(domain=f"mill-{number}.com")
		before = run(family, manager)
		google.failures = [grpc.StatusCode.UNAVAILABLE]
		assert run(family, manager) == before
		told = alerts_of(manager)[-1]
		assert "could not be listed" in told.subject and "could not be reached" in told.email_content
		assert "later" in told.email_content

	def test_a_line_that_breaks_between_two_pages_leaves_no_half_list(
		self, google, family, manager, monkeypatch
	):
		for number in range(PAGE + 1):
			google.add(domain=f"mill-{number}.com")
		page = google.list_customers

		def once(request):
			google.failures = [grpc.StatusCode.PERMISSION_DENIED]
			return page(request)

		monkeypatch.setattr(google, "list_customers", once)
		assert not run(family, manager)
		assert "no right to do this" in alerts_of(manager)[0].email_content

	def test_a_connection_that_is_not_set_up_says_so(self, google, family, manager):
		set_up(**{google_settings.KEY: ""})
		assert not run(family, manager)
		assert "tab Reselling" in alerts_of(manager)[0].email_content

	def test_our_own_error_is_logged_without_a_secret_and_told(self, google, family, manager, monkeypatch):
		def fail(_vendor):
			raise RuntimeError("We are wrong")

		monkeypatch.setattr(GoogleChannel, "accounts", fail)
		assert not run(family, manager)
		(logged,) = frappe.get_all("Error Log", {"reference_name": family}, pluck="error")
		assert "We are wrong" in logged and not any(secret in logged for secret in vendor_tests.NEVER_SHOWN)
		assert "Error Log" in alerts_of(manager)[0].email_content


class TestAsking:
	def test_a_job_is_queued_for_who_asks(self, family, manager, jobs):
		frappe.set_user(manager)
		assert resellers.list_vendor_accounts(family) is True
		assert (listing.JOB, {"family": family, "user": manager}) in jobs
		assert frappe.get_attr(listing.JOB) is listing.list_accounts

	@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.STARTED])
	def test_while_one_is_made_no_other_is_asked_for(self, family, jobs, status):
		job_id = create_job_id(listing.job_id_of(family))
		waiting = Job.create(print, id=job_id, connection=get_redis_conn())
		waiting.set_status(status)
		waiting.save()
		try:
			assert resellers.list_vendor_accounts(family) is False
			assert not [job for job in jobs if job[0] == listing.JOB]
		finally:
			waiting.delete()

	def test_who_may_not_write_the_family_is_refused(self, family, jobs):
		frappe.set_user(make_user("seller@company.example", "Sales User"))
		with pytest.raises(frappe.PermissionError):
			resellers.list_vendor_accounts(family)
		assert not [job for job in jobs if job[0] == listing.JOB]

	def test_a_family_by_hand_has_nobody_to_ask(self, manager, jobs):
		by_hand = make_family()
		frappe.set_user(manager)
		with pytest.raises(ResellerRefused, match="by hand"):
			resellers.list_vendor_accounts(by_hand)
		assert not [job for job in jobs if job[0] == listing.JOB]

	def test_a_family_that_is_by_hand_by_now_has_no_list(self, google, family, manager):
		frappe.get_doc(FAMILY, family).update({"connection": "By Hand"}).save()
		assert not run(family, manager) and not google.calls and not alerts_of(manager)
