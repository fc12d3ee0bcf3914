"""Charges, feedback and disputes: requirement IN-10."""

from typing import Any

import frappe
import pytest

from lead_inbox.api import disputes, merges
from lead_inbox.inbox import privacy
from lead_inbox.tests.integration.builders import arrive, make_channel, make_lead, make_user, state_of


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


@pytest.fixture
def lead() -> str:
	return arrive(
		thread_id="t-1",
		name="Naree Phan",
		phone="+14155550123",
		email="naree@example.com",
		message="Hi",
		price="20.00",
		currency="USD",
		charged=True,
	)


def dispute(lead: str, **values: Any) -> Any:
	return frappe.get_doc(
		"Lead Dispute", disputes.file(lead, **{"kind": "Dispute", "reason": "Spam", **values})
	)


def feedback(lead: str, **values: Any) -> Any:
	return dispute(
		lead, kind="Feedback", **{"satisfaction": "Satisfied", "reason": "Booked Customer", **values}
	)


def decide(document: Any, result: str, **values: Any) -> Any:
	document.update({"result": result, **values})
	return document.save()


def credit_of(lead: str) -> str | None:
	return frappe.db.get_value("Lead", lead, "inbox_credit_state") or None


class TestTheSource:
	def test_says_that_a_lead_was_charged(self, lead):
		assert frappe.db.get_value("Lead", lead, ["inbox_charged", "inbox_price"]) == (1, 20)

	def test_has_the_last_word_on_charge_and_credit(self, lead):
		arrive(thread_id="t-1", charged=False, credit_state="credited", message="Something else too")
		assert frappe.db.get_value("Lead", lead, ["inbox_charged", "inbox_credit_state"]) == (0, "Credited")

	def test_that_is_silent_about_charges_changes_none(self, lead):
		arrive(thread_id="t-1", message="Another message")
		assert frappe.db.get_value("Lead", lead, "inbox_charged") == 1

	def test_speaking_of_money_is_not_the_customer_speaking(self, lead):
		messages = frappe.db.count("Lead Message", {"lead": lead})
		frappe.db.set_value("Lead", lead, "inbox_status", "Inactive")
		assert arrive(thread_id="t-1", credit_state="pending") == lead
		assert state_of(lead)[0] == "Inactive"
		assert frappe.db.count("Lead Message", {"lead": lead}) == messages
		assert credit_of(lead) == "Pending"

	def test_may_tell_the_price_with_the_charge_later(self):
		lead = arrive(thread_id="t-9", name="Ada", message="Hi")
		arrive(thread_id="t-9", charged=True, price=12, currency="EUR")
		assert frappe.db.get_value("Lead", lead, ["inbox_charged", "inbox_price"]) == (1, 12)

	@pytest.mark.parametrize(
		("word", "result", "amount"), [("credited", "Credited", 20), ("refused", "Refused", 0)]
	)
	def test_settles_the_open_dispute(self, lead, word, result, amount):
		filed = dispute(lead)
		arrive(thread_id="t-1", credit_state=word)
		filed.reload()
		assert (filed.result, filed.credited_amount, credit_of(lead)) == (result, amount, result)
		assert filed.decided_on

	def test_credits_the_lead_that_it_charged_though_that_was_merged(self, lead):
		winner = make_lead(first_name="Kept").name
		merges.merge(winner, lead)
		arrive(thread_id="t-1", credit_state="credited")
		assert (credit_of(lead), credit_of(winner)) == ("Credited", None)


class TestFiling:
	def test_channel_and_currency_are_the_lead_s(self, lead):
		filed = dispute(lead)
		assert (filed.channel, filed.currency, filed.result) == ("Partner", "USD", "Filed")
		assert credit_of(lead) == "Pending"

	def test_feedback_asks_for_no_credit_and_may_be_given_again(self, lead):
		feedback(lead)
		feedback(lead, satisfaction="Dissatisfied", reason="Not Ready to Book")
		assert credit_of(lead) is None

	def test_feedback_is_given_on_any_lead(self):
		assert feedback(make_lead().name).result == "Filed"

	def test_only_a_charge_can_be_disputed(self):
		lead = make_lead().name
		with pytest.raises(frappe.ValidationError, match="was not charged"):
			dispute(lead)
		assert "not charged" in disputes.get_reasons(lead)["no_dispute"]

	def test_a_price_is_a_charge_for_sources_that_say_no_more(self, lead):
		frappe.db.set_value("Lead", lead, "inbox_charged", 0)
		assert disputes.get_reasons(lead)["no_dispute"] is None
		assert dispute(lead).name

	@pytest.mark.parametrize(
		"values",
		[
			{"kind": "Dispute", "reason": "Booked Customer"},
			{"kind": "Feedback", "satisfaction": "Very Satisfied", "reason": "Spam"},
			{"kind": "Feedback", "satisfaction": "Dissatisfied", "reason": "High Value Service"},
			{"kind": "Feedback", "satisfaction": None, "reason": "Spam"},
			{"kind": "Dispute", "reason": "Other"},
			{"kind": "Dispute", "reason": "Other", "comment": "  "},
			{"kind": "Refund", "reason": "Spam"},
		],
	)
	def test_what_does_not_fit_is_refused(self, lead, values):
		with pytest.raises(frappe.ValidationError):
			dispute(lead, **values)

	def test_all_that_is_offered_is_taken(self, lead):
		offered = disputes.get_reasons(lead)
		for satisfaction, reasons in offered["feedback"].items():
			for reason in reasons:
				feedback(lead, satisfaction=satisfaction, reason=reason, comment="Because")
		for reason in offered["dispute"]:
			frappe.delete_doc("Lead Dispute", dispute(lead, reason=reason, comment="Because").name)

	def test_one_dispute_is_open_at_a_time(self, lead):
		first = dispute(lead)
		with pytest.raises(frappe.ValidationError, match="open already"):
			dispute(lead)
		assert "open already" in disputes.get_reasons(lead)["no_dispute"]
		decide(first, "Refused")
		assert dispute(lead, reason="Duplicate").name
		assert credit_of(lead) == "Pending"


class TestTheResult:
	def test_follows_through_to_a_credit_of_the_whole_price(self, lead):
		filed = dispute(lead)
		decide(filed, "Pending")
		assert (credit_of(lead), filed.decided_on) == ("Pending", None)
		decide(filed, "Credited")
		assert (filed.credited_amount, credit_of(lead)) == (20, "Credited")
		assert filed.decided_on

	def test_may_be_a_part_of_the_price(self, lead):
		assert decide(dispute(lead), "Credited", credited_amount=5).credited_amount == 5

	@pytest.mark.parametrize("amount", [20.01, -1])
	def test_is_at_most_the_price(self, lead, amount):
		with pytest.raises(frappe.ValidationError, match="at most the price"):
			decide(dispute(lead), "Credited", credited_amount=amount)

	def test_refused_is_no_money(self, lead):
		assert decide(dispute(lead), "Refused", credited_amount=5).credited_amount == 0
		assert credit_of(lead) == "Refused"

	@pytest.mark.parametrize("later", ["Filed", "Pending", "Refused"])
	def test_stays_once_it_is_decided(self, lead, later):
		credited = decide(dispute(lead), "Credited")
		with pytest.raises(frappe.ValidationError, match="can't change"):
			decide(credited, later)

	def test_of_feedback_may_be_a_credit_too(self, lead):
		decide(feedback(lead, satisfaction="Dissatisfied", reason="Spam"), "Credited")
		assert credit_of(lead) == "Credited"

	def test_a_lead_waits_for_nothing_when_its_open_dispute_is_deleted(self, lead):
		frappe.delete_doc("Lead Dispute", dispute(lead).name)
		assert credit_of(lead) is None


class TestPermissions:
	def test_a_sales_user_files_and_keeps_the_result(self, lead):
		frappe.set_user(make_user("sales@example.com"))
		decide(dispute(lead), "Pending")

	@pytest.fixture
	def reader(self) -> str:
		"""May read leads and disputes, and write disputes, but no lead."""
		frappe.get_doc(doctype="Role", role_name="Lead Reader").insert()
		for doctype, rights in {
			"Lead": {"read": 1},
			"Lead Dispute": {"read": 1, "write": 1, "create": 1},
			"Lead Merge": {"read": 1},
		}.items():
			frappe.get_doc(
				doctype="Custom DocPerm", parent=doctype, role="Lead Reader", permlevel=0, **rights
			).insert()
		frappe.clear_cache()
		return make_user("reader@example.com", "Lead Reader")

	def test_who_only_reads_leads_files_nothing(self, lead, reader):
		filed = dispute(lead)
		frappe.set_user(reader)
		assert frappe.get_list("Lead Dispute", pluck="name") == [filed.name]
		with pytest.raises(frappe.PermissionError):
			disputes.file(lead, "Dispute", "Spam")
		with pytest.raises(frappe.PermissionError):
			frappe.get_doc(
				doctype="Lead Dispute", lead=lead, kind="Feedback", satisfaction="Neutral", reason="Spam"
			).insert()
		with pytest.raises(frappe.PermissionError):
			decide(frappe.get_doc("Lead Dispute", filed.name), "Credited")

	def test_who_may_not_see_the_lead_sees_no_dispute(self, lead):
		filed = dispute(lead)
		user = make_user("south@example.com")
		for name in ("South", "North"):
			frappe.get_doc(doctype="Territory", territory_name=name).insert(ignore_if_duplicate=True)
		frappe.db.set_value("Lead", lead, "territory", "North")
		frappe.get_doc(doctype="User Permission", user=user, allow="Territory", for_value="South").insert()
		frappe.set_user(user)
		assert frappe.get_list("Lead Dispute", pluck="name") == []
		assert not frappe.has_permission("Lead Dispute", doc=filed.name)
		with pytest.raises(frappe.PermissionError):
			disputes.get_reasons(lead)


def test_a_lead_takes_its_disputes_along(lead):
	dispute(lead)
	frappe.delete_doc("Lead", lead)
	assert frappe.db.count("Lead Dispute") == 0


def test_what_was_written_about_a_person_is_erased_with_them(lead):
	filed = dispute(lead, reason="Other", comment="Naree was rude")
	assert filed.lead_email == "naree@example.com"
	privacy.erase(lead)
	filed.reload()
	assert (filed.comment, filed.lead_email, filed.reason) == (None, None, "Other")


def test_a_dispute_stays_with_the_lead_that_was_charged(lead):
	filed = dispute(lead)
	merge = merges.merge(make_lead(first_name="Kept").name, lead)
	decide(filed.reload(), "Credited")
	assert credit_of(lead) == "Credited"
	merges.unmerge(merge)
	assert credit_of(lead) == "Credited"
