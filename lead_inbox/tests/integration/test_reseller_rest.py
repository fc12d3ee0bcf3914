"""Reseller Customers by REST for partners: what they can do, what they are told, what stays closed (PA-1 to PA-7).

Most knock at the doors in this process, as a request would; the last tests do so over HTTP.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import frappe
import pytest
from frappe import client, realtime
from frappe.desk import query_report, reportview
from frappe.desk.form import load
from frappe.desk.search import search_link
from frappe.utils import getdate, set_request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.wrappers import Response

from lead_inbox.api.v1 import reseller_customers as door
from lead_inbox.conversion.rules import Mode, Pick
from lead_inbox.reseller import consents, customers
from lead_inbox.reseller.check_rules import Result, Subject
from lead_inbox.reseller.form_rules import Step
from lead_inbox.reseller.partners.request_rules import CONSENT_FIELDS, FIELDS
from lead_inbox.reseller.records import FAMILY, PRODUCT, RESELLER_CUSTOMER
from lead_inbox.reseller.rules import Origin
from lead_inbox.reseller.ties import business
from lead_inbox.reseller.ties.tie_rules import TieChoice
from lead_inbox.tests.integration.builders import make_lead, make_user
from lead_inbox.tests.integration.conversion_builders import make_customer
from lead_inbox.tests.integration.reseller_builders import make_family, make_product
from tools.live import Answer, ServedSite

DOOR = "/api/method/lead_inbox.api.v1.reseller_customers."
REQUESTS = 12
WORKSPACE = "Workspace of the tests"
NONPROFIT = "Workspace for Nonprofits of the tests"
DELTA = {
	"product_family": WORKSPACE,
	"customer_type": "domain",
	"organization_name": "Delta Mills Ltd.",
	"domain": "https://www.delta-mills.com/",
	"primary_email": "admin@delta-mills.com",
	"crm_id": "P-17",
	"first_name": "Mali",
	"last_name": "Srisai",
	"alternate_email": "mali@elsewhere.example",
	"phone": "+30 2821 055555",
	"address_line1": "12 Mill Road",
	"city": "Chania",
	"postal_code": "73100",
	"country": "GR",
}
CONSENT = {"given_by": "Mali Srisai", "given_on": "2024-03-05", "evidence": "Signed order form No. 17"}
INTERNAL = ("token", "_key", "evidence", "vendor_account", "owner", "recorded_by", "lead", "partner_request")
JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
	max_leaves=12,
)
HOSTILE = st.dictionaries(st.sampled_from([*FIELDS, *CONSENT_FIELDS, "origin"]), JSON, max_size=8) | JSON


def make_what_is_sold() -> None:
	make_family(WORKSPACE)
	make_product(WORKSPACE, NONPROFIT, for_sale=0)


@dataclass(frozen=True)
class Partner:
	"""Somebody who knocks at the doors in this process."""

	user: str

	def create(self, payload: object, key: str = "1", **headers: str) -> tuple[int, dict[str, Any]]:
		sent = {"Content-Type": "application/json", "Idempotency-Key": key, **headers}
		return self.knock(door.create, "POST", "create", payload, sent)

	def get(self, name: str) -> tuple[int, dict[str, Any]]:
		return self.knock(door.get, "GET", f"get/{name}")

	def list(self, **arguments: Any) -> tuple[int, dict[str, Any]]:
		return self.knock(door.get_list, "GET", "get_list", query_string=arguments)

	def consent(self, name: str, payload: object) -> tuple[int, dict[str, Any]]:
		sent = {"Content-Type": "application/json"}
		return self.knock(door.record_consent, "POST", f"record_consent/{name}", payload, sent)

	def created(self, key: str = "1", **values: Any) -> dict[str, Any]:
		status, told = self.create({**DELTA, **values}, key)
		assert status == 201
		return told

	def knock(
		self,
		method: Callable[[], Response],
		verb: str,
		path: str,
		payload: object = None,
		headers: dict[str, str] | None = None,
		**options: Any,
	) -> tuple[int, dict[str, Any]]:
		"""Status and JSON of the answer. What a refused request or a GET has written is undone, as by Frappe."""
		body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
		frappe.db.commit()  # what was there before the request
		set_request(
			method=verb, path=DOOR + path, data=body if verb == "POST" else None, headers=headers, **options
		)
		frappe.set_user(self.user)
		try:
			answer = method()
		finally:
			frappe.set_user("Administrator")
			frappe.local.request = None
		frappe.db.commit() if verb == "POST" and answer.status_code < 400 else frappe.db.rollback()
		assert answer.mimetype == "application/json"
		return answer.status_code, json.loads(answer.get_data())


@pytest.fixture
def partner() -> Partner:
	make_what_is_sold()
	return Partner(make_user("ada@partner.example", "Lead Partner"))


@pytest.fixture
def stranger(partner: Partner) -> Partner:
	return Partner(make_user("eve@other.example", "Lead Partner"))


def of_staff(**values: Any) -> str:
	"""A customer that somebody of the reseller has entered."""
	kind = {"product_family": WORKSPACE, "organization_name": "Omega Ltd."}
	return customers.begin(Origin.NEW, {**kind, **values})


def refused(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
	status, told = answer
	assert told["message"] and "exc" not in told
	return status, told["code"]


def fault_codes(told: dict[str, Any]) -> dict[str, str]:
	assert all(fault["message"] for fault in told["faults"].values())
	return {field: fault["code"] for field, fault in told["faults"].items()}


def row(name: str) -> Any:
	return frappe.get_doc(RESELLER_CUSTOMER, name)


def count() -> int:
	return frappe.db.count(RESELLER_CUSTOMER)


def test_all_that_a_form_asks_for_is_sent_in_one_request(partner):
	status, told = partner.create(DELTA)

	assert status == 201
	assert (told["status"], told["origin"], told["faults"]) == ("draft", "new", {})
	assert {field: told[field] for field in DELTA} == {
		**DELTA,
		"domain": "delta-mills.com",
		"phone": "+302821055555",
		"country": "Greece",
	}
	assert [(asked["code"], asked["product"], asked["result"]) for asked in told["open_requirements"]] == [
		("registered_domain", "", "open"),
		("other_product", NONPROFIT, "open"),
	]
	assert (told["waits_for"]["party"], told["waits_for"]["matter"]) == ("us", "form")
	assert told["created_on"][-6] in "+-"  # the zone
	assert (row(told["name"]).owner, row(told["name"]).domain) == (partner.user, "delta-mills.com")


def test_what_is_wrong_is_told_beside_its_field_and_left_out(partner):
	told = partner.created(
		organization_name="",
		domain="gmail.com",
		primary_email="nobody",
		alternate_email="",
		phone="2821055555",
		city="x" * 256,
		country="",
	)
	assert fault_codes(told) == {
		"organization_name": "missing",
		"domain": "free_mail",
		"primary_email": "not_an_address",
		"alternate_email": "missing",
		"phone": "no_country_code",
		"city": "too_long",
		"country": "missing",
	}
	assert not any(told[field] for field in told["faults"])
	assert told["address_line1"] == DELTA["address_line1"]


def test_addresses_are_judged_by_the_domain(partner):
	told = partner.created(primary_email="admin@elsewhere.example", alternate_email="x@mail.delta-mills.com")
	assert fault_codes(told) == {"primary_email": "elsewhere", "alternate_email": "on_the_domain"}
	assert not (told["primary_email"] or told["alternate_email"])


def test_a_team_is_known_by_its_address(partner):
	team = {"product_family": WORKSPACE, "customer_type": "team", "country": "Thailand"}
	status, told = partner.create({**team, "organization_name": "Mali", "primary_email": "mali@gmail.com"})
	assert (status, told["customer_type"], told["faults"]) == (201, "team", {})


def test_an_import_waits_for_consent_until_it_is_recorded(partner):
	told = partner.created(origin="import")
	assert told["consent_refusal"]["code"] == "none"
	assert "consent" in [asked["code"] for asked in told["open_requirements"]]

	status, told = partner.consent(told["name"], {**CONSENT, "expires_on": "2999-01-01"})
	assert (status, told["consent_refusal"]) == (201, None)
	assert "consent" not in [asked["code"] for asked in told["open_requirements"]]
	assert told["consents"] == [
		{
			"product_family": WORKSPACE,
			"given_by": "Mali Srisai",
			"given_on": "2024-03-05",
			"expires_on": "2999-01-01",
			"withdrawn_on": None,
		}
	]
	(kept,) = row(told["name"]).consents
	assert (kept.evidence, kept.recorded_by) == (CONSENT["evidence"], partner.user)


def test_an_expired_consent_is_told_of(partner):
	name = partner.created(origin="import")["name"]
	_status, told = partner.consent(name, {**CONSENT, "expires_on": "2024-03-06"})
	assert told["consent_refusal"]["code"] == "expired"


# Once


def test_the_same_request_again_is_the_same_customer_and_the_same_answer(partner):
	first = partner.created()
	assert partner.create(dict(reversed(DELTA.items()))) == (200, first)
	assert count() == 1


def test_faults_are_told_again_as_they_were(partner):
	of_staff(domain="taken.example.com")
	wrong = {"domain": "taken.example.com", "phone": "1", "city": "x" * 256, "primary_email": "nobody"}
	first = partner.created(**wrong)
	assert fault_codes(first) == {
		"domain": "taken",
		"phone": "no_country_code",
		"city": "too_long",
		"primary_email": "not_an_address",
	}
	assert partner.create({**DELTA, **wrong}) == (200, first)


def test_a_fault_is_told_no_more_when_somebody_has_mended_it(partner):
	first = partner.created(phone="1")
	frappe.db.set_value(RESELLER_CUSTOMER, first["name"], "phone", "+302821055555")
	status, told = partner.create({**DELTA, "phone": "1"})
	assert (status, told["faults"], told["phone"]) == (200, {}, "+302821055555")


def test_another_request_with_the_same_key_is_refused(partner):
	partner.created()
	assert refused(partner.create({**DELTA, "city": "Athens"})) == (422, "key_reused")
	assert count() == 1


def test_a_key_belongs_to_its_partner(partner, stranger):
	mine = partner.created()
	status, theirs = stranger.create({**DELTA, "domain": "epsilon.example.com"})
	assert status == 201 and theirs["name"] != mine["name"]


def test_the_database_refuses_a_second_customer_with_a_key(partner):
	first, second = partner.created(), of_staff()
	key = frappe.db.get_value(RESELLER_CUSTOMER, first["name"], "partner_key")
	with pytest.raises(Exception, match="Duplicate entry"):
		frappe.db.set_value(RESELLER_CUSTOMER, second, "partner_key", key)


@pytest.mark.parametrize("key", ["", "  "])
def test_a_request_without_a_key_is_refused(partner, key):
	assert refused(partner.create(DELTA, key)) == (400, "key_missing")


def test_a_consent_that_is_sent_twice_is_recorded_once(partner):
	name = partner.created(origin="import")["name"]
	odd = {**CONSENT, "evidence": "<b>Signed</b> & kept\nby <script>alert(1)</script>Mali"}
	status, first = partner.consent(name, odd)
	assert status == 201
	assert partner.consent(name, odd) == (200, first)
	assert partner.consent(name, {**odd, "given_on": "2024-03-06"})[0] == 201
	assert len(row(name).consents) == 2
	assert "<script" not in row(name).consents[0].evidence


def test_a_consent_is_the_same_however_its_family_is_spelled(partner):
	name = partner.created(origin="import")["name"]
	again = {**CONSENT, "product_family": WORKSPACE.upper()}
	answers = [partner.consent(name, sent) for sent in (again, again, CONSENT)]
	assert [status for status, _told in answers] == [201, 200, 200]
	assert [consent["product_family"] for consent in answers[-1][1]["consents"]] == [WORKSPACE]


def test_another_end_of_a_consent_is_refused_in_words(partner):
	name = partner.created(origin="import")["name"]
	partner.consent(name, {**CONSENT, "expires_on": "2999-03-01"})
	for day in ("2998-03-01", "2999-12-31"):
		assert refused(partner.consent(name, {**CONSENT, "expires_on": day})) == (409, "consent_differs")
	status, told = partner.consent(name, CONSENT)  # without an end it says nothing else
	assert (status, [consent["expires_on"] for consent in told["consents"]]) == (200, ["2999-03-01"])


def test_the_end_that_the_family_gave_a_consent_is_its_own(partner):
	frappe.db.set_value(FAMILY, WORKSPACE, "consent_good_for_days", 31)
	name = partner.created(origin="import")["name"]
	partner.consent(name, CONSENT)
	assert partner.consent(name, {**CONSENT, "expires_on": "2024-04-04"})[0] == 200
	assert refused(partner.consent(name, {**CONSENT, "expires_on": "2999-03-01"})) == (409, "consent_differs")
	frappe.db.set_value(FAMILY, WORKSPACE, "consent_good_for_days", 62)
	assert partner.consent(name, CONSENT)[0] == 200


def test_the_end_that_somebody_of_the_reseller_corrected_is_known(partner):
	name = partner.created(origin="import")["name"]
	partner.consent(name, {**CONSENT, "expires_on": "2999-03-01"})
	day, evidence = getdate(CONSENT["given_on"]), CONSENT["evidence"]
	consents.record(name, WORKSPACE, CONSENT["given_by"], day, evidence, expires_on=getdate("2999-12-31"))
	assert partner.consent(name, {**CONSENT, "expires_on": "2999-12-31"})[0] == 200


def test_another_end_does_not_bring_back_a_consent_that_was_withdrawn(partner):
	name = partner.created(origin="import")["name"]
	partner.consent(name, CONSENT)
	consents.withdraw(name, row(name).consents[0].name)
	assert refused(partner.consent(name, {**CONSENT, "expires_on": "2999-03-01"})) == (409, "consent_differs")
	assert partner.get(name)[1]["consent_refusal"]["code"] == "withdrawn"


def test_a_consent_that_was_withdrawn_does_not_come_back_by_a_repetition(partner):
	name = partner.created(origin="import")["name"]
	partner.consent(name, CONSENT)
	consents.withdraw(name, row(name).consents[0].name)
	status, told = partner.consent(name, CONSENT)
	assert (status, told["consent_refusal"]["code"], len(told["consents"])) == (200, "withdrawn", 1)


# What is refused


def test_a_family_and_a_country_are_known_however_they_are_spelled(partner):
	of_staff(domain="taken.example.com")
	taken = {"domain": "taken.example.com", "primary_email": "admin@taken.example.com"}
	spelled = {"product_family": WORKSPACE.upper(), "country": "gREECE", **taken}
	told = partner.created(**spelled)
	assert (told["product_family"], told["country"]) == (WORKSPACE, "Greece")
	assert fault_codes(told) == {"domain": "taken"}
	assert partner.create({**DELTA, **spelled}) == (200, told)


def test_a_domain_of_another_customer_is_told_without_telling_whose(partner, stranger):
	other = of_staff(domain="delta-mills.com", organization_name="Secret Buyer Inc.")
	told = partner.created()
	assert fault_codes(told) == {"domain": "taken"} and not told["domain"]
	assert other not in json.dumps(told) and "Secret Buyer" not in json.dumps(told)


def test_an_identity_of_another_customer_is_a_conflict(partner):
	other = of_staff(cloud_identity_id="C0123")
	before = count()
	answer = partner.create({**DELTA, "cloud_identity_id": "C0123"})
	assert refused(answer) == (409, "taken") and other not in json.dumps(answer[1])
	assert count() == before
	assert partner.create({**DELTA, "cloud_identity_id": "C0124"})[0] == 201  # the key is free


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"product_family": "No such"}, "product_family"),
		({"country": "ZZ"}, "country"),
		({"country": "Atlantis"}, "country"),
		({"customer_type": "crowd"}, "customer_type"),
		({"origin": 7}, "origin"),
		({"organization_name": {"name": "Delta"}}, "organization_name"),
		({"status": "active"}, "status"),
		({"transfer_token": "secret"}, "transfer_token"),
		({"customer": "Delta"}, "customer"),
	],
)
def test_what_can_not_be_meant_is_refused_and_named(partner, changes, field):
	answer = partner.create({**DELTA, **changes})
	assert refused(answer) == (422, "invalid")
	assert list(answer[1]["fields"]) == [field]
	assert count() == 0


def test_a_family_for_customers_of_one_type_takes_no_other_and_needs_none_named(partner):
	frappe.db.set_value(FAMILY, WORKSPACE, "for_domains", 0)
	answer = partner.create(DELTA)
	assert refused(answer) == (422, "invalid") and list(answer[1]["fields"]) == ["customer_type"]
	assert partner.created(customer_type="")["customer_type"] == "team"


def test_a_text_that_grows_too_long_when_it_is_made_safe_is_left_out(partner):
	grows = "<b>" + "&" * 250
	told = partner.created(organization_name=grows, origin="import")
	assert told["faults"]["organization_name"]["code"] == "too_long" and not told["organization_name"]
	name = told["name"]
	assert refused(partner.consent(name, {**CONSENT, "given_by": grows})) == (422, "invalid")


def test_a_family_that_is_not_in_use_any_more_takes_nobody(partner):
	frappe.db.set_value(FAMILY, WORKSPACE, "enabled", 0)
	assert refused(partner.create(DELTA)) == (422, "invalid")


@pytest.mark.parametrize(
	("changes", "field"),
	[
		({"given_on": "2999-01-01"}, "given_on"),
		({"given_on": "tomorrow"}, "given_on"),
		({"evidence": ""}, "evidence"),
		({"product_family": "No such"}, "product_family"),
		({"attachment": "/private/files/payroll.pdf"}, "attachment"),
	],
)
def test_a_consent_that_proves_nothing_is_refused(partner, changes, field):
	name = partner.created(origin="import")["name"]
	answer = partner.consent(name, {**CONSENT, **changes})
	assert refused(answer) == (422, "invalid")
	assert list(answer[1]["fields"]) == [field]
	assert not row(name).consents


def test_a_consent_needs_a_family(partner):
	name = partner.created(product_family="")["name"]
	answer = partner.consent(name, CONSENT)
	assert refused(answer) == (422, "invalid") and list(answer[1]["fields"]) == ["product_family"]
	assert partner.consent(name, {**CONSENT, "product_family": WORKSPACE})[0] == 201


@pytest.mark.parametrize(
	("body", "expected"),
	[
		(b"{not json", (400, "malformed_json")),
		(b"", (400, "malformed_json")),
		(b'{"domain": NaN}', (400, "malformed_json")),
		(b"\xff\xfe{}", (400, "invalid_encoding")),
		(b"[" * 100_000, (400, "malformed_json")),
		(b"[1]", (422, "invalid")),
		(b"null", (422, "invalid")),
		(b'"x"', (422, "invalid")),
		(b'{"city": "' + b"x" * 1_100_000 + b'"}', (413, "too_large")),
	],
)
def test_a_body_that_can_not_be_used_gets_its_code(partner, body, expected):
	name = partner.created()["name"]
	assert refused(partner.create(body, "2")) == expected
	assert refused(partner.consent(name, body)) == expected


def test_other_content_types_are_refused(partner):
	assert refused(partner.create(DELTA, **{"Content-Type": "text/plain"})) == (415, "not_json")


@pytest.mark.parametrize(
	("roles", "expected"),
	[
		(None, (401, "not_signed_in")),
		(("Customer",), (403, "no_partner")),
		(("Sales User",), (403, "no_partner")),
		(("Sales Manager",), (403, "no_partner")),
	],
)
def test_who_is_no_partner_gets_nothing(partner, roles, expected):
	name = partner.created()["name"]
	anybody = Partner(make_user("anybody@company.example", *roles) if roles else "Guest")
	for answer in (
		anybody.create(DELTA, "2"),
		anybody.create(b"{not json", "2"),
		anybody.get(name),
		anybody.list(),
		anybody.consent(name, CONSENT),
	):
		assert refused(answer) == expected
	assert count() == 1 and not row(name).consents


# Reading


def test_a_partner_reads_what_has_become_of_its_customer(partner):
	told = partner.created()
	name = told["name"]
	for asked in told["open_requirements"]:
		subject = Subject[asked["code"].upper()]
		customers.answer_check(name, subject, asked["product"], Result.PASSED, "Seen by us")
	customers.finish_form(name)

	status, told = partner.get(name)
	assert (status, told["status"], told["open_requirements"]) == (200, "checked", [])
	assert told["waits_for"]["matter"] == "account"


def test_what_we_alone_work_with_is_not_told(partner):
	name = partner.created(origin="import")["name"]
	consents.set_token(name, "token-of-the-customer", None)
	consents.record(name, WORKSPACE, "Mali", getdate("2024-03-05"), "A note among us")
	frappe.db.set_value(RESELLER_CUSTOMER, name, "vendor_account", "accounts/C1/customers/S1")
	answers = [partner.get(name), partner.list(), partner.create({**DELTA, "origin": "import"})]
	for status, told in answers:
		text = json.dumps(told)
		assert status == 200
		assert not [word for word in INTERNAL if f'{word}"' in text]
		for value in ("token-of-the-customer", "A note among us", "accounts/C1", partner.user):
			assert value not in text


def test_the_names_of_our_lead_and_customer_are_not_told_as_the_partners_id(partner):
	name = partner.created(crm_id="")["name"]
	lead, customer, other = make_lead(first_name="Mali").name, buyer("Mali & Co."), buyer("Srisai & Co.")
	frappe.db.set_value(RESELLER_CUSTOMER, name, {"lead": lead, "crm_id": lead})
	assert ids_told(partner, name) == {""}
	business.tie(name, TieChoice(customer=Pick(Mode.EXISTING, customer)))
	assert row(name).crm_id == customer  # as the vendor is to know it
	assert ids_told(partner, name) == {""}
	doc = row(name)
	doc.customer = other
	doc.save()
	assert ids_told(partner, name) == {""}
	frappe.rename_doc("Customer", other, "Renamed & Co.")
	assert ids_told(partner, name) == {""}


def test_what_we_call_it_at_the_vendor_is_not_told(partner):
	name = partner.created()["name"]
	customers.save_step(name, Step.CUSTOMER, {"crm_id": "Ours-1"})
	assert ids_told(partner, name) == {DELTA["crm_id"]}


def test_an_id_that_is_no_good_is_a_fault_and_not_kept(partner):
	told = partner.created(crm_id="x" * 141)
	assert (told["faults"]["crm_id"]["code"], told["crm_id"]) == ("too_long", "")
	assert ids_told(partner, told["name"]) == {""}


def buyer(name: str) -> str:
	return make_customer(name).name


def ids_told(partner: Partner, name: str) -> set[str]:
	_status, page = partner.list()
	return {partner.get(name)[1]["crm_id"], *(entry["crm_id"] for entry in page["reseller_customers"])}


def test_what_is_not_ones_own_is_not_there(partner, stranger):
	mine, of_us = partner.created()["name"], of_staff()
	for name in (mine, of_us, "RES-2026-99999", "", "%", "../x", "' or 1=1 -- ", "\x00", "x" * 5000, "é😀"):
		assert refused(stranger.get(name)) == (404, "not_found"), name
		assert refused(stranger.consent(name, CONSENT)) == (404, "not_found"), name
	assert refused(partner.get(of_us)) == (404, "not_found")
	assert partner.get(mine)[0] == 200
	assert not row(mine).consents and not row(of_us).consents


def listed(partner: Partner, **arguments: Any) -> tuple[list[str], str | None]:
	status, told = partner.list(**arguments)
	assert status == 200
	return [entry["name"] for entry in told["reseller_customers"]], told["next_cursor"]


def test_a_list_is_read_page_by_page_and_holds_ones_own_alone(partner, stranger):
	names = [partner.created(str(number), domain=f"delta{number}.example.com")["name"] for number in range(7)]
	same_moment = {"creation": "2026-03-02 12:00:00.5"}
	frappe.db.set_value(RESELLER_CUSTOMER, {"name": ["in", names[2:5]]}, same_moment)
	of_staff()
	stranger.created(domain="epsilon.example.com")

	first, cursor = listed(partner, limit=3)
	partner.created("later", domain="later.example.com")  # turns up on no page that comes
	second, cursor = listed(partner, limit=3, cursor=cursor)
	third, cursor = listed(partner, limit=3, cursor=cursor)
	assert [*first, *second, *third] == [*reversed(names[5:]), *reversed(names[:2]), *reversed(names[2:5])]
	assert cursor is None
	assert listed(stranger)[0] == [name for name in listed(stranger)[0] if row(name).owner == stranger.user]


def test_an_empty_list_is_one(partner):
	assert partner.list() == (200, {"reseller_customers": [], "next_cursor": None})


@pytest.mark.parametrize("arguments", [{"limit": "many"}, {"limit": 101}, {"cursor": "x"}, {"owner": "eve"}])
def test_a_list_that_nobody_can_read_is_refused(partner, arguments):
	answer = partner.list(**arguments)
	assert refused(answer) == (422, "invalid") and list(answer[1]["fields"]) == list(arguments)


def test_an_entry_of_a_list_says_what_it_waits_for(partner):
	told = partner.created()
	_status, page = partner.list()
	(entry,) = page["reseller_customers"]
	assert entry == {field: told[field] for field in entry}
	assert {"name", "status", "waits_for", "organization_name", "domain", "crm_id"} <= set(entry)


@settings(
	max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(payload=HOSTILE, field=st.sampled_from([*FIELDS, "origin"]), value=JSON, name=st.text(max_size=20))
def test_whatever_is_sent_is_answered(partner, payload, field, value, name):
	mine = partner.create(DELTA)[1]["name"]
	key = frappe.generate_hash(length=10)
	for status, _told in (
		partner.create(payload, key),
		partner.create({**DELTA, field: value}, key + "2"),
		partner.consent(mine, payload),
		partner.consent(mine, {**CONSENT, "evidence": value}),
		partner.get(name.replace("?", "")),
		partner.list(cursor=name),
	):
		assert status < 500


# Other doors


def doors_of_frappe(name: str) -> dict[str, Callable[[], Any]]:
	wanted: dict[str, Any] = {"doctype": RESELLER_CUSTOMER}
	columns = {**wanted, "fields": ["name", "transfer_token"], "filters": []}
	values = {"status": "Active"}
	return {
		"get": lambda: client.get(RESELLER_CUSTOMER, name),
		"get_list": lambda: client.get_list(RESELLER_CUSTOMER),
		"get_list of consents": lambda: client.get_list(
			"Reseller Customer Consent", parent=RESELLER_CUSTOMER
		),
		"get_count": lambda: client.get_count(RESELLER_CUSTOMER),
		"get_value": lambda: client.get_value(RESELLER_CUSTOMER, "transfer_token", {"name": name}),
		"set_value": lambda: client.set_value(RESELLER_CUSTOMER, name, values),
		"insert": lambda: client.insert({**wanted, "origin": "New"}),
		"delete": lambda: client.delete(RESELLER_CUSTOMER, name),
		"getdoc": lambda: load.getdoc(RESELLER_CUSTOMER, name),
		"search_link": lambda: search_link(RESELLER_CUSTOMER, "Delta"),
		"reportview": lambda: with_arguments(reportview.get, columns),
		"export": lambda: with_arguments(reportview.export_query, {**columns, "file_format_type": "CSV"}),
		"subscribe": lambda: realtime.can_subscribe_doc(RESELLER_CUSTOMER, name),
		"subscribe to all": lambda: realtime.can_subscribe_doctype(RESELLER_CUSTOMER),
		"families": lambda: client.get_list(FAMILY),
		"products": lambda: client.get_list(PRODUCT),
		"requests": lambda: client.get_list("Reseller Vendor Request"),
		"versions": lambda: client.get_list("Version", filters={"docname": name}),
		"report": lambda: run_report("Reseller Customers Waiting"),
	}


def with_arguments(method: Callable[[], Any], arguments: dict[str, Any]) -> Any:
	frappe.local.form_dict = frappe._dict(arguments)
	return method()


def run_report(name: str) -> Any:
	return query_report.run(name)


@pytest.mark.parametrize("way", doors_of_frappe(""))
def test_a_partner_comes_to_its_customers_by_no_other_door(partner, way):
	name = partner.created()["name"]
	before = row(name).as_dict()
	frappe.set_user(partner.user)
	with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
		doors_of_frappe(name)[way]()
	frappe.set_user("Administrator")
	assert row(name).as_dict() == before and count() == 1


def test_files_of_a_customer_are_closed_to_its_partner(partner):
	name = partner.created()["name"]
	attached = {"attached_to_doctype": RESELLER_CUSTOMER, "attached_to_name": name, "is_private": 1}
	file = frappe.get_doc(doctype="File", file_name="contract.txt", content="secret", **attached).insert()
	frappe.set_user(partner.user)
	assert not frappe.has_permission("File", doc=file.name)
	assert client.get_list("File", filters={"attached_to_name": name}) == []
	with pytest.raises(frappe.PermissionError):
		client.attach_file("x.txt", "eA==", RESELLER_CUSTOMER, name)


# Over HTTP


@dataclass(frozen=True)
class Caller:
	"""A partner who signs in with an API key and secret."""

	site: ServedSite
	key: str

	def create(self, payload: object, key: str = "1", **headers: str) -> Answer:
		return self.ask("POST", DOOR + "create", payload, **{"Idempotency-Key": key, **headers})

	def ask(self, verb: str, path: str, payload: object = None, **headers: str) -> Answer:
		body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
		signed = {"Authorization": f"token {self.key}"} if self.key else {}
		sent = {**signed, "Content-Type": "application/json", **headers}
		return self.site.request(verb, path, body if verb == "POST" else None, sent)


def let_in(email: str) -> str:
	"""Return a partner's key and secret, as an administrator hands them over."""
	user = frappe.get_doc("User", make_user(email, "Lead Partner"))
	user.update({"api_key": f"key-of-{email}", "api_secret": "secret"})
	user.save()
	return f"key-of-{email}:secret"


@pytest.fixture
def caller(live_site) -> Iterator[Caller]:
	live_site.run(make_what_is_sold)
	yield Caller(live_site, live_site.run(let_in, "ada@partner.example"))


def told_by(answer: Answer) -> tuple[int, str]:
	assert answer.headers["Content-Type"] == "application/json"
	assert "Traceback" not in answer.body.decode()
	return refused((answer.status, answer.json))


def domains() -> list[str | None]:
	return frappe.get_all(RESELLER_CUSTOMER, pluck="domain", order_by="name asc")


def test_one_request_that_is_sent_many_times_at_once_is_one_customer(caller):
	with ThreadPoolExecutor(REQUESTS) as threads:
		answers = list(threads.map(lambda _number: caller.create(DELTA), range(REQUESTS)))

	assert Counter(answer.status for answer in answers) == {201: 1, 200: REQUESTS - 1}
	assert len({answer.body for answer in answers}) == 1
	assert caller.site.run(domains) == ["delta-mills.com"]


def test_of_many_who_enter_a_domain_at_once_one_has_it(caller):
	with ThreadPoolExecutor(REQUESTS) as threads:
		answers = list(threads.map(lambda number: caller.create(DELTA, str(number)), range(REQUESTS)))

	assert {answer.status for answer in answers} <= {201, 409}
	having = [answer.json for answer in answers if answer.status == 201 and not answer.json["faults"]]
	assert len(having) == 1
	for answer in answers:
		if answer.status == 201 and answer.json not in having:
			assert fault_codes(answer.json) == {"domain": "taken"}
	assert Counter(caller.site.run(domains))["delta-mills.com"] == 1


def test_what_a_partner_does_over_http(caller):
	made = caller.create({**DELTA, "origin": "import"})
	assert (made.status, made.json["status"]) == (201, "draft")
	name = made.json["name"]
	assert caller.ask("POST", f"{DOOR}record_consent/{name}", CONSENT).status == 201
	read = caller.ask("GET", f"{DOOR}get/{name}")
	assert read.status == 200 and len(read.json["consents"]) == 1
	page = caller.ask("GET", f"{DOOR}get_list?limit=1")
	assert [entry["name"] for entry in page.json["reseller_customers"]] == [name]


def test_who_signs_in_wrongly_gets_401_in_json(caller):
	for key in ("key-of-ada@partner.example:wrong", "nobody:secret", "no colon", ":"):
		assert told_by(Caller(caller.site, key).create(DELTA))[0] == 401, key
	assert told_by(Caller(caller.site, "").create(DELTA)) == (401, "not_signed_in")
	assert caller.site.run(domains) == []


def test_wrong_verbs_and_bodies_are_refused_in_json(caller):
	assert told_by(caller.ask("GET", DOOR + "create")) == (403, "refused")
	assert told_by(caller.ask("POST", DOOR + "get_list", {})) == (403, "refused")
	for body in (b"{not json", b"", b"\xff\xfe", b'{"city": NaN}'):
		assert told_by(caller.create(body))[0] == 400, body
	assert told_by(caller.create(b"7"))[0] == 422  # Frappe's own refusal, restated
	assert told_by(caller.create(DELTA, **{"Content-Type": "text/plain"})) == (415, "not_json")


@settings(
	max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(payload=HOSTILE, field=st.sampled_from([*FIELDS, "origin"]), value=JSON)
def test_whatever_is_sent_is_answered_in_json_and_never_by_a_broken_server(caller, payload, field, value):
	name = caller.create(DELTA).json["name"]
	key = frappe.generate_hash(length=10)
	for answer in (
		caller.create(payload, key),
		caller.create({**DELTA, field: value}, key + "2"),
		caller.ask("POST", f"{DOOR}record_consent/{name}", payload),
	):
		assert answer.status < 500
		assert answer.headers["Content-Type"] == "application/json"


def test_a_partner_sees_nothing_through_any_other_door(caller):
	name = caller.create({**DELTA, "organization_name": "Delta Mills Ltd."}).json["name"]
	doors = [
		f"/api/resource/Reseller Customer/{name}",
		"/api/resource/Reseller Customer",
		"/api/resource/Reseller Customer Consent?parent=Reseller Customer",
		"/api/resource/Reseller Product Family",
		"/api/resource/Reseller Product",
		"/api/resource/Reseller Vendor Request",
		f"/api/v2/document/Reseller Customer/{name}",
		"/api/v2/document/Reseller Customer",
		f"/api/method/frappe.client.get?doctype=Reseller Customer&name={name}",
		"/api/method/frappe.client.get_count?doctype=Reseller Customer",
		f"/api/method/frappe.client.get_password?doctype=Reseller Customer&name={name}&fieldname=transfer_token",
		"/api/method/frappe.desk.search.search_link?doctype=Reseller Customer&txt=",
		'/api/method/frappe.desk.reportview.get?doctype=Reseller Customer&fields=["name"]',
		f"/api/method/frappe.desk.form.load.getdoc?doctype=Reseller Customer&name={name}",
		f"/api/method/frappe.realtime.can_subscribe_doc?doctype=Reseller Customer&docname={name}",
		"/api/method/frappe.realtime.can_subscribe_doctype?doctype=Reseller Customer",
		"/api/method/frappe.desk.query_report.run?report_name=Reseller Customers Waiting",
		f"/api/method/lead_inbox.api.resellers.get?name={name}",
		f"/api/method/lead_inbox.api.reseller_ties.get_matches?name={name}",
	]
	for path in doors:
		answer = caller.ask("GET", path)
		assert answer.status >= 400, path
		assert "Delta Mills" not in answer.body.decode(), path
