"""What the desk asks of reseller customers, and who may: requirements RS-2 to RS-8 and QU-3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import frappe
import pytest
from frappe import client
from frappe.api import v1, v2
from frappe.utils import add_days, getdate, now_datetime

from lead_inbox.api import resellers
from lead_inbox.reseller.refusals import ResellerRefused
from lead_inbox.tests.integration.builders import make_user
from lead_inbox.tests.integration.conversion_builders import make_business_lead, make_customer
from lead_inbox.tests.integration.outgoing import as_user
from lead_inbox.tests.integration.reseller_builders import (
	account_of,
	doc_of,
	domain_values,
	make_family,
	make_product,
	make_reseller_customer,
)

NO_MOMENTS = (
	*("someday", "<b>2027</b>", "2027-13-01", "2027-02-30", "12", "1-1-1", " "),
	*("0000-00-00", "0001-01-01", "0999-12-31", "9999-12-31", "99999999999999999999"),
)
NO_DAY = "is no day"


@pytest.fixture
def family() -> str:
	tips = [{"topic": "Language", "instructions": "Set it."}]
	return make_family("Workspace", setup_tips=tips, consent_instructions="Open the console.")


@pytest.fixture
def sara() -> str:
	return make_user("sara@company.example")


@pytest.mark.parametrize(
	"doctype", ["Reseller Customer", "Reseller Product", "Reseller Product Family", "Reseller Vendor Request"]
)
def test_a_partner_has_no_other_door(doctype):
	partner = make_user("partner@elsewhere.example", "Lead Partner")
	for right in ("read", "write", "create", "delete"):
		assert not frappe.has_permission(doctype, ptype=right, user=partner)


def test_people_in_sales_work_on_customers_and_managers_set_up_what_is_sold(sara):
	manager = make_user("manager@company.example", "Sales Manager")
	rights = {
		(user, doctype): [
			right
			for right in ("read", "write", "create", "delete")
			if frappe.has_permission(doctype, ptype=right, user=user)
		]
		for user in (sara, manager)
		for doctype in ("Reseller Customer", "Reseller Product Family")
	}
	assert rights[(sara, "Reseller Customer")] == ["read", "write", "create"]
	assert rights[(manager, "Reseller Customer")] == ["read", "write", "create", "delete"]
	assert rights[(sara, "Reseller Product Family")] == ["read"]
	assert rights[(manager, "Reseller Product Family")] == ["read", "write", "create", "delete"]


class TestForm:
	def test_a_sales_person_goes_through_the_whole_form(self, family, sara):
		unsellable = make_product(family, "Workspace for Nonprofits", for_sale=0)
		values = domain_values("delta-mills.com")
		frappe.set_user(sara)
		name = resellers.begin("New", product_family=family)["name"]
		for step, fields in (
			("Customer", ("organization_name", "domain", "primary_email")),
			("Contact", ("first_name", "last_name", "country", "alternate_email", "phone")),
		):
			saved = resellers.save_step(
				name, step, frappe.as_json({field: values[field] for field in fields})
			)
			assert not set(saved["faults"]) & set(fields)
		resellers.answer_check(name, "Registered Domain", "Passed", "whois")
		resellers.answer_check(name, "Not on Another Product", "Passed", "Asked them", unsellable)
		assert resellers.finish_form(name)["status"] == "Checked"
		shown = resellers.open_account(
			name, {"name": "C0123", "cloud_identity_id": "C5", "is_domain_verified": 1}
		)
		assert (shown["status"], shown["is_open"], shown["vendor"]["account"]) == ("Created", False, "C0123")

	def test_the_reason_stands_beside_the_field(self, family):
		name = make_reseller_customer(family=family)
		shown = resellers.save_step(
			name, "Customer", {"domain": "gmail.com", "organization_name": "New Name"}
		)
		assert list(shown["faults"]) == ["domain"] and "mail service" in shown["faults"]["domain"]
		assert shown["values"]["organization_name"] == "New Name"

	def test_what_is_stored_is_judged_too(self, family):
		shown = resellers.begin("New", product_family=family)
		assert set(shown["faults"]) == {
			"organization_name",
			"domain",
			"primary_email",
			"alternate_email",
			*({"country"} if not shown["values"]["country"] else ()),
		}
		assert [step["step"] for step in shown["steps"]] == [
			"Kind",
			"Customer",
			"Requirements",
			"Contact",
			"Review",
		]

	def test_a_new_one_can_be_made_of_a_lead(self, family, sara):
		lead = make_business_lead(website="https://delta-mills.com", email_id="mali@delta-mills.com").name
		shown = as_user(sara, resellers.begin, "New", lead=lead, product_family=family)
		assert (shown["values"]["lead"], shown["values"]["domain"]) == (lead, "delta-mills.com")
		assert shown["values"]["product_family"] == family

	def test_a_new_one_can_be_made_of_a_customer(self, family):
		customer = make_customer("Delta Mills").name
		shown = resellers.begin("Import", customer=customer, product_family=family)
		assert (shown["values"]["customer"], shown["values"]["organization_name"]) == (
			customer,
			"Delta Mills",
		)
		assert (shown["origin"], shown["title"]) == ("Import", "Delta Mills")

	@pytest.mark.parametrize(
		("method", "arguments"),
		[
			(resellers.begin, {"origin": "Old"}),
			(resellers.save_step, {"step": "Payment", "values": {}}),
			(resellers.save_step, {"step": "Contact", "values": "[1]"}),
			(resellers.answer_check, {"subject": "Hair Color", "result": "Passed"}),
			(resellers.answer_check, {"subject": "Registered Domain", "result": "Maybe"}),
			(resellers.act, {"act": "create"}),
			(resellers.act, {"act": "dance"}),
			(resellers.set_token, {"token": "x", "expires_on": "someday"}),
			(resellers.record_consent, {"family": "W", "given_by": "M", "given_on": "", "evidence": "Mail"}),
			(resellers.record_consent, {"family": "W", "given_by": "M", "given_on": "soon", "evidence": "M"}),
			(resellers.withdraw_consent, {"row": "none"}),
			(resellers.tick_tip, {"row": "none", "done": 1}),
			(resellers.retry_request, {}),
			(resellers.open_account, {}),
		],
	)
	def test_what_makes_no_sense_is_refused_in_words(self, method, arguments):
		known = {} if method is resellers.begin else {"name": make_reseller_customer("Checked")}
		with pytest.raises(frappe.ValidationError) as refused:
			method(**known, **arguments)
		assert str(refused.value)

	@pytest.mark.parametrize("field", ["given_on", "expires_on"])
	@pytest.mark.parametrize("day", NO_MOMENTS)
	def test_what_is_no_day_is_refused_in_words(self, day, field):
		name = make_reseller_customer(origin="Import")
		given = {"family": doc_of(name).product_family, "given_by": "Mali", "evidence": "Mail"}
		with pytest.raises(frappe.ValidationError, match=NO_DAY) as refused:
			resellers.record_consent(name, **{"given_on": "2024-03-05", **given, field: day})
		assert "<b>" not in str(refused.value)

	@pytest.mark.parametrize("day", NO_MOMENTS)
	def test_terms_are_not_accepted_on_what_is_no_day(self, day):
		name = make_reseller_customer("Ordered")
		with pytest.raises(frappe.ValidationError, match=NO_DAY):
			resellers.act(name, "accept terms", on=day)
		assert not doc_of(name).terms_accepted_on

	@pytest.mark.parametrize(
		"moment", [*NO_MOMENTS, "2027-01-01T10:00:00Z", "2027-01-01 10:00:00+02:00", "2027-01-01 25:00:00"]
	)
	def test_what_is_no_moment_is_refused_in_words(self, moment):
		name = make_reseller_customer(origin="Import")
		with pytest.raises(frappe.ValidationError, match="is no moment") as refused:
			resellers.set_token(name, "a-secret-token", moment)
		assert "<b>" not in str(refused.value)
		assert not doc_of(name).transfer_token


class TestAfterwards:
	def test_what_happens_is_noted(self, family):
		name = make_reseller_customer("Ordered", family=family)
		assert (
			resellers.act(name, "accept terms", on=str(add_days(getdate(), -1)))["status"] == "Terms Accepted"
		)
		assert doc_of(name).terms_accepted_on == add_days(getdate(), -1)
		assert resellers.act(name, "activate")["status"] == "Active"
		assert resellers.act(name, "suspend", reason="Did not pay")["status"] == "Suspended"
		assert resellers.act(name, "resume")["status"] == "Active"
		assert resellers.act(name, "transfer out", reason="Left")["status"] == "Transferred Out"

	def test_only_what_may_be_done_is_offered(self, family, sara):
		name = make_reseller_customer("Active", family=family)
		assert as_user(sara, resellers.get, name)["acts"] == ["suspend", "transfer out"]
		reader = make_user("reader@company.example", "Customer")
		frappe.share.add("Reseller Customer", name, reader, read=1)
		shown = as_user(reader, resellers.get, name)
		assert (shown["acts"], shown["may_write"]) == ([], False)

	def test_a_tip_is_ticked_and_given_to_a_colleague(self, family, sara):
		name = make_reseller_customer("Active", family=family)
		(tip,) = resellers.get(name)["tips"]
		assert resellers.assign_tip(name, tip["name"], sara)["tips"][0]["assigned_to"] == sara
		(tip,) = as_user(sara, resellers.tick_tip, name, tip["name"], 1)["tips"]
		assert (tip["done"], tip["done_by"]) == (1, sara)

	def test_the_answer_about_details_is_kept(self, family):
		name = make_reseller_customer("Active", family=family)
		shown = resellers.answer_details(name, {"city": "Athens"}, "Moved in May")
		(check,) = shown["details"]["checks"]
		assert (check["outcome"], check["note"], shown["values"]["city"]) == (
			"Changed",
			"Moved in May",
			"Athens",
		)

	def test_a_team_s_domain_is_verified(self, family):
		name = make_reseller_customer("Active", family=family, customer_type="Team")
		shown = resellers.verify_domain(name, "delta-mills.com")
		assert (shown["values"]["customer_type"], shown["values"]["is_domain_verified"]) == ("Domain", 1)

	def test_products_tell_why_they_can_t_be_bought(self, family):
		make_product(family, "Starter")
		make_product(family, "For Teams", for_domains=0)
		draft = make_reseller_customer(family=family)
		assert all(product["refusal"] for product in resellers.get(draft)["products"])
		active = make_reseller_customer("Active", family=family)
		refusals = {
			product["product_name"]: product["refusal"] for product in resellers.get(active)["products"]
		}
		assert refusals["Starter"] is None and "type" in refusals["For Teams"]


class TestImport:
	@pytest.fixture
	def imported(self, family) -> str:
		return make_reseller_customer("Checked", family=family, origin="Import")

	def test_consents_are_recorded_and_withdrawn(self, imported, family):
		shown = resellers.record_consent(
			imported, family, "Mali", str(getdate()), "Mail", expires_on=str(add_days(getdate(), 10))
		)
		assert [row["given_by"] for row in shown["consents"]] == ["Mali Georgiou", "Mali"]
		for row in shown["consents"]:
			shown = resellers.withdraw_consent(imported, row["name"])
		assert shown["consent_refusal"] and all(row["withdrawn_on"] for row in shown["consents"])

	def test_without_consent_no_account_is_noted(self, imported):
		(row,) = resellers.get(imported)["consents"]
		resellers.withdraw_consent(imported, row["name"])
		with pytest.raises(ResellerRefused, match="withdrawn"):
			resellers.open_account(imported, {"name": "C0123"})

	def test_a_token_is_never_told(self, imported):
		ends = str(now_datetime().replace(year=2100, microsecond=0))
		shown = resellers.set_token(imported, "a-secret-token", ends)
		assert (shown["token"]["is_set"], shown["token"]["is_good"]) == (True, True)
		assert "a-secret-token" not in frappe.as_json(shown)

	def test_instructions_are_sent(self, imported):
		resellers.send_instructions(imported)
		assert frappe.db.exists("Email Queue", {"reference_name": imported})

	def test_a_waiting_customer_says_for_what(self, imported):
		waits = resellers.get(imported)["waits"]
		assert (waits["party"], waits["matter"]) == ("Us", "the account")
		assert account_of(imported).name


class TestRows:
	"""What people have said and shown is written by the customer's buttons alone, whatever door is tried."""

	@pytest.fixture
	def customer(self, family) -> str:
		name = make_reseller_customer("Active", family=family, origin="Import")
		resellers.answer_details(name, {}, "Asked by phone")
		return name

	@pytest.mark.parametrize(
		("table", "forged"),
		[
			("consents", {"given_by": "Nobody", "evidence": "None", "expires_on": "2099-01-01"}),
			("checks", {"result": "Failed", "evidence": "Nothing", "checked_by": "Administrator"}),
			("tips", {"done": 1, "done_by": "Administrator"}),
			("detail_checks", {"outcome": "Changed", "note": "Never asked"}),
		],
	)
	@pytest.mark.parametrize("role", ["Sales User", "Sales Manager"])
	def test_no_row_is_written_past_the_customer(self, customer, role, table, forged):
		user = make_user("forger@company.example", role)
		before = rows_of(customer, table)
		row = doc_of(customer).get(table)[0]
		doors = [
			lambda: rest(v1.update_doc, forged, row.doctype, row.name),
			lambda: rest(v2.update_doc, forged, row.doctype, row.name),
			lambda: rest(v1.create_doc, {**forged, **place_of(row)}, row.doctype),
			lambda: rest(v2.create_doc, {**forged, **place_of(row)}, row.doctype),
			lambda: rest(v1.delete_doc, {}, row.doctype, row.name),
			lambda: rest(v2.delete_doc, {}, row.doctype, row.name),
			lambda: client.save({**row.as_dict(), **forged}),
			lambda: client.insert({"doctype": row.doctype, **forged, **place_of(row)}),
			lambda: client.set_value(row.doctype, row.name, forged),
			lambda: client.delete(row.doctype, row.name),
		]
		for door in doors:
			with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
				as_user(user, door)
			assert rows_of(customer, table) == before

	def test_a_tip_of_a_family_is_changed_in_the_family(self, family):
		manager = make_user("manager@company.example", "Sales Manager")
		tip = frappe.get_doc("Reseller Product Family", family).setup_tips[0]
		with pytest.raises(frappe.ValidationError, match=family):
			as_user(manager, rest, v1.update_doc, {"topic": "Time Zone"}, tip.doctype, tip.name)
		changed = frappe.get_doc("Reseller Product Family", family)
		changed.setup_tips[0].topic = "Time Zone"
		as_user(manager, changed.save)
		assert frappe.db.get_value(tip.doctype, tip.name, "topic") == "Time Zone"

	def test_a_document_takes_its_rows_with_it(self, family):
		manager = make_user("manager@company.example", "Sales Manager")
		name = make_reseller_customer("Checked", family=family, origin="Import")
		as_user(manager, frappe.delete_doc, "Reseller Customer", name)
		as_user(manager, frappe.delete_doc, "Reseller Product Family", family)
		assert not frappe.db.exists("Reseller Customer Consent", {"parent": name})
		assert not frappe.db.exists("Reseller Customer Check", {"parent": name})
		assert not frappe.db.exists("Reseller Setup Tip", {"parent": family})


def rest(method: Callable[..., Any], values: dict[str, Any], *where: str) -> Any:
	"""Do what a request to Frappe's own REST does. values: its body."""
	frappe.local.form_dict = frappe._dict(values, data=frappe.as_json(values))
	return method(*where)


def rows_of(name: str, table: str) -> list[tuple[Any, ...]]:
	doctype = frappe.get_meta("Reseller Customer").get_field(table).options
	return frappe.get_all(doctype, {"parent": name}, ["*"], order_by="idx asc")


def place_of(row: Any) -> dict[str, Any]:
	return {field: row.get(field) for field in ("parent", "parenttype", "parentfield")}


def test_a_customer_that_is_gone_is_not_found():
	with pytest.raises(frappe.DoesNotExistError):
		resellers.get("RES-2026-99999")
