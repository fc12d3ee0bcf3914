from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_inbox.reseller.vendor.google_settings_rules import (
	KEY_FIELDS,
	Fault,
	account_fault,
	administrator_fault,
	key_fault,
)

KEY = {
	"type": "service_account",
	"client_email": "lead-inbox@project.iam.gserviceaccount.com",
	"private_key": "-----BEGIN PRIVATE KEY-----",
	"token_uri": "https://oauth2.googleapis.com/token",
}


@pytest.mark.parametrize(
	("account", "fault"),
	[
		("", None),
		("accounts/C012abcde", None),
		("C012abcde", Fault.NOT_AN_ACCOUNT),
		("accounts/012", Fault.NOT_AN_ACCOUNT),
		("accounts/C012/customers/S1", Fault.NOT_AN_ACCOUNT),
		("accounts/C012\n", Fault.NOT_AN_ACCOUNT),
	],
)
def test_an_account_is_named_as_google_does(account, fault):
	assert account_fault(account) is fault


def test_an_administrator_has_an_address():
	assert administrator_fault("") is administrator_fault("admin@reseller.example.com") is None
	assert administrator_fault("admin") is Fault.NOT_AN_ADDRESS


def test_a_key_is_the_whole_file():
	assert key_fault("") is key_fault(json.dumps(KEY)) is key_fault(json.dumps(KEY, indent=2)) is None


@pytest.mark.parametrize("name", ["type", *KEY_FIELDS])
@pytest.mark.parametrize("value", [None, "", 7, {}])
def test_a_key_that_lacks_something_is_none(name, value):
	assert key_fault(json.dumps({**KEY, name: value})) is Fault.NOT_A_KEY


@pytest.mark.parametrize(
	"address",
	[
		"http://oauth2.googleapis.com/token",
		"https://169.254.169.254/token",
		"https://oauth2.googleapis.com.evil.example/token",
		"https://oauth2.googleapis.com@evil.example/token",
		"https://oauth2.googleapis.com:8443/token",
		"https://[::1",
		"file:///etc/passwd",
	],
)
def test_a_key_does_not_send_this_server_elsewhere(address):
	assert key_fault(json.dumps({**KEY, "token_uri": address})) is Fault.NOT_GOOGLES


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_is_pasted_is_judged(text):
	assert key_fault(text) in (None, Fault.NOT_A_KEY, Fault.NOT_GOOGLES)
