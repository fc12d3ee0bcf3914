"""Google's Cloud Channel by Google's own client, against a program on this machine that keeps state: RS-9."""

from __future__ import annotations

import dataclasses
import json
from http.server import BaseHTTPRequestHandler

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from lead_inbox.reseller.rules import CustomerType, Origin
from lead_inbox.reseller.vendor import google_channel
from lead_inbox.reseller.vendor.google_channel import GoogleChannel, connect
from lead_inbox.reseller.vendor.interface import Details, Sought, VendorError, Why
from lead_inbox.reseller.vendor.opening import as_seen_from, give_identity, open_account
from lead_inbox.reseller.vendor.vendor_rules import Trouble
from lead_inbox.tests.doubles import cloud_channel
from lead_inbox.tests.doubles.cloud_channel import ACCOUNT, Kind
from lead_inbox.tests.doubles.loopback import served

DELTA = Details(
	Sought("RES-1", CustomerType.DOMAIN, "delta-mills.com", "admin@delta-mills.com"),
	organization_name="Delta Mills Ltd.",
	country="GR",
	alternate_email="mali@gmail.com",
	phone="+302821055555",
)
TEAM = Details(
	Sought("RES-2", CustomerType.TEAM, primary_email="mali@gmail.com"), organization_name="Mali", country="TH"
)
ELSEWHERE = {
	"domain": "delta-mills.com",
	"email": "root@delta-mills.com",
	"existing": True,
	"owned": False,
	"customer_cloud_identity_id": "C9",
	"customer_type": Kind.DOMAIN,
}
TEAM_ELSEWHERE = {
	**ELSEWHERE,
	"domain": "gmail.com",
	"email": "mali@gmail.com",
	"customer_cloud_identity_id": "C7",
	"customer_type": Kind.TEAM,
}
NEW, IMPORT = Origin.NEW, Origin.IMPORT


@pytest.fixture
def google():
	with cloud_channel.served() as double:
		double.vendor = GoogleChannel(double.client(), ACCOUNT)
		yield double


def about(details: Details, **values) -> Details:
	return dataclasses.replace(details, sought=dataclasses.replace(details.sought, **values))


def why_of(google, details=DELTA, origin=NEW, token="") -> Why:
	with pytest.raises(VendorError) as raised:
		open_account(google.vendor, details, origin, token)
	assert token == "" or token not in str(raised.value)
	return raised.value.why


def test_a_new_customer_is_made_with_all_that_google_asks_for(google):
	account = open_account(google.vendor, DELTA, NEW)
	(customer,) = google.customers.values()

	assert account.name == customer.name and account.domain == "delta-mills.com"
	assert customer.org_postal_address.region_code == "GR" and customer.correlation_id == "RES-1"
	assert customer.primary_contact_info.email == "admin@delta-mills.com"


@pytest.mark.parametrize("details", [DELTA, TEAM])
def test_what_was_made_although_the_answer_was_lost_is_found(google, details):
	google.lost_answers = 1
	assert why_of(google, details) is Why.UNREACHABLE
	account = open_account(google.vendor, details, NEW)

	assert list(google.customers) == [account.name]


def test_a_team_is_found_by_the_id_that_an_earlier_request_gave_it(google):
	google.lost_answers = 1
	assert why_of(google, TEAM) is Why.UNREACHABLE
	renamed = about(TEAM, our_id="CUST-7", former_ids=frozenset({"RES-2"}))
	assert open_account(google.vendor, renamed, NEW).name in google.customers
	assert len(google.customers) == 1


def test_what_was_made_is_not_made_again(google):
	assert open_account(google.vendor, DELTA, NEW) == open_account(google.vendor, DELTA, NEW)
	assert google.calls.count("create_customer") == 1


def test_what_google_does_not_show_yet_is_waited_for(google):
	google.is_slow_to_show = True
	google.add(domain="delta-mills.com")
	assert why_of(google) is Why.NOT_SHOWN_YET
	google.is_slow_to_show = False
	assert open_account(google.vendor, DELTA, NEW).name in google.customers


def test_a_domain_that_another_serves_is_not_made(google):
	google.elsewhere.append(ELSEWHERE)
	assert why_of(google) is Why.SERVED_BY_ANOTHER
	assert not google.customers


def test_a_customer_of_another_is_taken_over(google):
	google.elsewhere.append(ELSEWHERE)
	assert open_account(google.vendor, DELTA, IMPORT).cloud_identity_id == "C9"
	assert not google.elsewhere


@pytest.mark.parametrize(("token", "why"), [("", Why.TOKEN_NEEDED), ("old-token", Why.TOKEN_REFUSED)])
def test_who_has_to_agree_does_so_by_a_token(google, token, why):
	google.elsewhere.append({**ELSEWHERE, "needs_token": True})
	assert why_of(google, DELTA, IMPORT, token) is why
	assert open_account(google.vendor, DELTA, IMPORT, google.token).cloud_identity_id == "C9"


@pytest.mark.parametrize("code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION])
def test_google_may_repeat_a_token_and_we_do_not(google, code):
	def refuse(request):
		raise cloud_channel.Refused(code, f"auth_token {request.auth_token} can't be used")

	google.elsewhere.append(ELSEWHERE)
	google.import_customer = refuse
	with pytest.raises(VendorError) as raised:
		open_account(google.vendor, DELTA, IMPORT, "a-token")
	assert raised.value.theirs == "auth_token … can't be used"


@pytest.mark.parametrize("code", [grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT])
def test_an_account_that_google_does_not_know_is_gone(google, code):
	google.failures = [code]
	with pytest.raises(VendorError) as raised:
		google.vendor.read(f"{ACCOUNT}/customers/S1")
	assert raised.value.why is Why.ACCOUNT_GONE and not raised.value.theirs


def test_an_import_whose_answer_was_lost_is_found(google):
	google.elsewhere.append(ELSEWHERE)
	google.lost_answers = 1
	assert why_of(google, DELTA, IMPORT) is Why.UNREACHABLE
	assert open_account(google.vendor, DELTA, IMPORT).cloud_identity_id == "C9"
	assert google.calls.count("import_customer") == 1


def test_a_team_whose_import_was_not_written_down_is_found_without_its_id(google):
	google.elsewhere.append(TEAM_ELSEWHERE)
	first = open_account(google.vendor, TEAM, IMPORT)
	assert open_account(google.vendor, TEAM, IMPORT) == first
	assert google.calls.count("import_customer") == 1


def test_nobody_is_imported_who_is_not_there(google):
	assert why_of(google, DELTA, IMPORT) is Why.NO_SUCH_ACCOUNT


def test_an_import_goes_to_the_customer_of_ours_that_waits_for_it(google):
	ours = google.add(domain="delta-mills.com")
	google.elsewhere.append(ELSEWHERE)
	account = open_account(google.vendor, DELTA, IMPORT)
	assert (account.name, account.cloud_identity_id) == (ours.name, "C9")


def test_an_import_that_would_overwrite_a_customer_of_ours_is_left_to_a_person(google):
	google.add(domain="delta-mills.com", org_postal_address={"region_code": "TH"})
	google.elsewhere.append(ELSEWHERE)
	assert why_of(google, DELTA, IMPORT) is Why.OURS_DIFFERS
	assert google.elsewhere


def test_of_several_teams_the_one_that_is_meant_is_taken(google):
	google.elsewhere += [TEAM_ELSEWHERE, {**TEAM_ELSEWHERE, "customer_cloud_identity_id": "C8"}]
	assert why_of(google, TEAM, IMPORT) is Why.SEVERAL_ACCOUNTS
	meant = about(TEAM, cloud_identity_id="C8")
	assert open_account(google.vendor, meant, IMPORT).cloud_identity_id == "C8"


def test_two_teams_of_one_address_are_two(google):
	first = open_account(google.vendor, TEAM, NEW)
	other = about(TEAM, our_id="RES-3")
	assert open_account(google.vendor, other, NEW).name != first.name


def test_two_teams_of_one_address_are_two_when_the_first_has_its_identity(google):
	first = give_identity(google.vendor, open_account(google.vendor, TEAM, NEW).name, TEAM)
	other = about(TEAM, our_id="RES-3", taken=frozenset({first.name}))
	assert open_account(google.vendor, other, NEW).name != first.name


@pytest.mark.parametrize("has_identity", [True, False])
def test_a_team_with_addresses_of_a_domain_is_not_taken_for_the_domains_account(google, has_identity):
	team = about(TEAM, primary_email="office@delta-mills.com")
	account = open_account(google.vendor, team, NEW)
	if has_identity:
		give_identity(google.vendor, account.name, team)
		made = open_account(google.vendor, DELTA, NEW)
	else:
		google.customers[account.name].cloud_identity_info = {"customer_type": Kind.TEAM}
		made = open_account(google.vendor, about(DELTA, taken=frozenset({account.name})), NEW)
	assert made.name != account.name


@pytest.mark.parametrize(
	("code", "trouble"),
	[
		(grpc.StatusCode.UNAVAILABLE, Trouble.TRANSIENT),
		(grpc.StatusCode.DEADLINE_EXCEEDED, Trouble.TRANSIENT),
		(grpc.StatusCode.RESOURCE_EXHAUSTED, Trouble.TRANSIENT),
		(grpc.StatusCode.INTERNAL, Trouble.TRANSIENT),
		(grpc.StatusCode.UNKNOWN, Trouble.TRANSIENT),
		(grpc.StatusCode.UNAUTHENTICATED, Trouble.NOT_PERMITTED),
		(grpc.StatusCode.PERMISSION_DENIED, Trouble.NOT_PERMITTED),
		(grpc.StatusCode.INVALID_ARGUMENT, Trouble.REFUSED),
		(grpc.StatusCode.FAILED_PRECONDITION, Trouble.REFUSED),
	],
)
@pytest.mark.parametrize("calls_before", [0, 1, 2])
def test_an_error_of_any_call_leaves_nothing_and_can_be_repeated(google, code, trouble, calls_before):
	fail_after(google, calls_before, code)
	assert trouble_of(google) is trouble
	assert open_account(google.vendor, DELTA, NEW).domain == "delta-mills.com"
	assert len(google.customers) == 1


def fail_after(google, calls_before: int, code: grpc.StatusCode) -> None:
	"""Let the call that follows so many others fail."""
	answer = google.answer

	def counting(method, request, context):
		if len(google.calls) == calls_before:
			google.failures = [code]
		return answer(method, request, context)

	google.answer = counting


def trouble_of(google) -> Trouble:
	with pytest.raises(VendorError) as raised:
		open_account(google.vendor, DELTA, NEW)
	return raised.value.trouble


def test_a_line_that_is_down_may_be_up_later(google):
	down = GoogleChannel(cloud_channel.client_of("127.0.0.1:1"), ACCOUNT)
	with pytest.raises(VendorError) as raised:
		down.read(f"{ACCOUNT}/customers/S1")
	assert raised.value.why is Why.UNREACHABLE


def test_what_google_does_not_accept_is_said_in_its_words(google):
	with pytest.raises(VendorError, match="region_code is required"):
		open_account(google.vendor, dataclasses.replace(DELTA, country=""), NEW)


def test_an_account_gets_the_identity_that_its_administrator_signs_in_with(google):
	account = open_account(google.vendor, DELTA, NEW)
	identified = give_identity(google.vendor, account.name, DELTA)
	assert identified.cloud_identity_id and identified.customer_type is CustomerType.DOMAIN
	assert identified.console.startswith("https://admin.google.com/")
	assert google.vendor.read(account.name) == identified


def test_an_identity_that_was_made_although_the_answer_was_lost_is_found(google):
	account = open_account(google.vendor, DELTA, NEW)
	google.lost_answers = 1
	with pytest.raises(VendorError):
		give_identity(google.vendor, account.name, DELTA)
	assert give_identity(google.vendor, account.name, DELTA).cloud_identity_id
	assert google.calls.count("provision_cloud_identity") == 1


def test_an_administrator_who_has_another_account_is_told_of(google):
	account = open_account(google.vendor, DELTA, NEW)
	google.taken_addresses.add("admin@delta-mills.com")
	with pytest.raises(VendorError) as raised:
		give_identity(google.vendor, account.name, DELTA)
	assert (raised.value.why, raised.value.trouble) == (Why.ADDRESS_TAKEN, Trouble.REFUSED)


def test_an_identity_that_takes_google_long_is_looked_for_later(google, monkeypatch):
	monkeypatch.setattr(google_channel, "PROVISION_SECONDS", 0.05)
	google.is_slow_to_provision = True
	account = open_account(google.vendor, DELTA, NEW)
	with pytest.raises(VendorError) as raised:
		give_identity(google.vendor, account.name, DELTA)
	assert (raised.value.why, raised.value.trouble) == (Why.IDENTITY_IN_THE_MAKING, Trouble.TRANSIENT)
	assert give_identity(google.vendor, account.name, DELTA).cloud_identity_id


def test_a_team_that_has_become_an_account_by_domain_has_verified_it(google):
	account = give_identity(google.vendor, open_account(google.vendor, TEAM, NEW).name, TEAM)
	assert not as_seen_from(account, CustomerType.TEAM).is_domain_verified
	google.customers[account.name].cloud_identity_info.customer_type = Kind.DOMAIN
	grown = google.vendor.read(account.name)
	assert as_seen_from(grown, CustomerType.TEAM).is_domain_verified
	assert not as_seen_from(grown, CustomerType.DOMAIN).is_domain_verified, "Google does not say."


def test_all_accounts_are_read_page_by_page(google):
	for number in range(120):
		google.add(domain=f"customer{number}.com")
	assert len({account.domain for account in google.vendor.accounts()}) == 120
	assert google.calls.count("list_customers") == 3


@pytest.mark.parametrize("key", ["", "{", "{}", "[]", "null", '"key"', "7"])
def test_a_key_that_is_none_is_refused(key):
	with pytest.raises(VendorError) as raised:
		connect(ACCOUNT, key, "admin@reseller.example")
	assert raised.value.why is Why.KEY_UNREADABLE


class SignIn(BaseHTTPRequestHandler):
	"""Where a service account signs in; refuses everybody."""

	def do_POST(self) -> None:
		body = json.dumps({"error": "invalid_grant", "error_description": "Invalid signature"}).encode()
		self.send_response(400)
		self.send_header("Content-Type", "application/json")
		self.send_header("Content-Length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *arguments: object) -> None:
		"""Nobody reads it."""


def key_for(sign_in: str) -> str:
	private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
		serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
	)
	return json.dumps(
		{
			"type": "service_account",
			"client_email": "lead-inbox@reseller.example",
			"private_key": private.decode(),
			"private_key_id": "1",
			"token_uri": sign_in,
		}
	)


def test_a_key_that_google_does_not_take_asks_for_a_person():
	with served(SignIn) as port:
		vendor = connect(ACCOUNT, key_for(f"http://127.0.0.1:{port}/token"), "admin@reseller.example")
		with pytest.raises(VendorError) as raised:
			vendor.read(f"{ACCOUNT}/customers/S1")
	assert (raised.value.why, raised.value.trouble) == (Why.SIGN_IN_REFUSED, Trouble.NOT_PERMITTED)


def test_where_one_signs_in_may_be_down_too():
	vendor = connect(ACCOUNT, key_for("http://127.0.0.1:1/token"), "admin@reseller.example")
	with pytest.raises(VendorError) as raised:
		vendor.read(f"{ACCOUNT}/customers/S1")
	assert (raised.value.why, raised.value.trouble) == (Why.UNREACHABLE, Trouble.TRANSIENT)
