"""The HTTP doors under good and bad input: requirements IN-8, PA-3, PA-5 and PA-7."""

import json
import time

import frappe
import pytest

from lead_inbox.tests.integration.builders import (
	delete_channels,
	make_channel,
	signed_headers,
	wait_until_processed,
)
from tools.services import wait_until

HOOK = "/api/method/lead_inbox.api.v1.webhook.receive/"
GOOGLE = "/api/method/lead_inbox.api.v1.google_lead_form.receive/"
GOOD = {"type": "message", "name": "Naree Phan", "phone": "+14155550123", "message": "It drips"}


CHANNELS = {
	"Partner": {},
	"Switched off": {"enabled": 0},
	"On holiday": {"paused_until": "2999-01-01"},
	"Calls only": {"message_leads": 0},
	"Google Ads": {"provider": "Google Ads Lead Form"},
}


def set_up() -> None:
	for name, values in CHANNELS.items():
		make_channel(name, **values)


@pytest.fixture
def partners(live_site):
	live_site.run(set_up)
	yield live_site
	wait_until_processed(live_site)
	live_site.run(delete_channels, *CHANNELS)


def post(partners, payload, channel="Partner", event_id="evt_1", **options):
	body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
	headers = {**signed_headers(body, event_id, **options.pop("signing", {})), **options.pop("headers", {})}
	return partners.request("POST", HOOK + channel, body=body, headers=headers)


def code_of(answer) -> tuple[int, str]:
	assert answer.headers["Content-Type"] == "application/json"
	assert "Traceback" not in answer.body.decode() and "exc" not in answer.json
	assert answer.json["message"]
	return answer.status, answer.json["code"]


def event(partners, **filters) -> frappe._dict:
	return partners.run(
		lambda: frappe.db.get_value(
			"Lead Event", filters, ["status", "reason", "lead", "payload"], as_dict=True
		)
	)


def test_a_signed_event_is_stored_answered_and_becomes_a_lead(partners):
	answer = post(partners, GOOD)

	assert answer.status == 202
	assert wait_until(lambda: event(partners, name=answer.json["event"]).status == "Processed", 20)
	assert partners.run(frappe.db.count, "Lead") == 1


def test_half_a_surrogate_pair_costs_nobody_a_lead(partners):
	"""JSON can escape one, no database can hold it."""
	answer = post(partners, {**GOOD, "message": "Water \ud800 on the floor"})

	assert answer.status == 202
	assert wait_until(lambda: event(partners, name=answer.json["event"]).status == "Processed", 20)
	assert (
		partners.run(frappe.db.get_value, "Lead Message", {"direction": "In"}, "content")
		== "Water  on the floor"
	)


def test_a_repetition_is_the_same_event(partners):
	first, second = post(partners, GOOD), post(partners, GOOD)
	assert (first.status, second.status) == (202, 200)
	assert first.json == second.json


def test_another_body_under_the_same_id_is_refused(partners):
	post(partners, GOOD)
	assert code_of(post(partners, {**GOOD, "name": "Somebody else"})) == (422, "id_reused")


@pytest.mark.parametrize(
	("headers", "code"),
	[
		({"webhook-signature": ""}, "signature_missing"),
		({"webhook-signature": "v1,AAAA"}, "signature_invalid"),
		({"webhook-signature": "v1,ÿÿÿ"}, "signature_invalid"),
		({"webhook-timestamp": "yesterday"}, "signature_invalid"),
		({"webhook-id": "evt_other"}, "signature_invalid"),
	],
)
def test_what_is_not_signed_by_the_partner_is_refused_and_not_stored(partners, headers, code):
	assert code_of(post(partners, GOOD, headers=headers)) == (401, code)
	assert partners.run(frappe.db.count, "Lead Event") == 0


# An event of the future comes nearer while it is sent. The very limit is the signature rules' own test.
@pytest.mark.parametrize("seconds", [-301, 360])
def test_a_stale_or_future_event_is_refused(partners, seconds):
	answer = post(partners, GOOD, signing={"timestamp": int(time.time()) + seconds})
	assert code_of(answer) == (401, "timestamp_expired")


@pytest.mark.parametrize(
	("body", "expected"),
	[
		(b"{not json", (400, "malformed_json")),
		(b"\xff\xfe{}", (400, "invalid_encoding")),
		(b"", (400, "malformed_json")),
		(b'"a text"', (422, "invalid")),
		(b"[1, 2]", (422, "invalid")),
		(b"null", (422, "invalid")),
		(b'{"type": "message", "name": {"first": "Ada"}}', (422, "invalid")),
		(b'{"type": "message", "message": "nobody"}', (422, "invalid")),
	],
)
def test_a_body_that_can_not_be_used_gets_its_code(partners, body, expected):
	assert code_of(post(partners, body)) == expected


def test_the_fields_that_are_wrong_are_named(partners):
	answer = post(partners, {"type": "message", "message": "nobody"})
	assert set(answer.json["fields"]) == {"name", "phone", "email"}


def test_an_event_that_can_not_be_used_is_kept_and_taken_when_mended(partners):
	post(partners, {"type": "message", "message": "nobody"})
	assert event(partners, event_id="evt_1").status == "Rejected"

	assert post(partners, GOOD).status == 202
	assert wait_until(lambda: event(partners, event_id="evt_1").status == "Processed", 20)


def test_two_megabytes_are_too_large(partners):
	assert code_of(post(partners, {**GOOD, "message": "x" * 2_000_000})) == (413, "too_large")


def test_other_content_types_are_refused(partners):
	assert code_of(post(partners, GOOD, headers={"Content-Type": "text/plain"})) == (415, "not_json")


def test_an_unknown_channel_is_not_found(partners):
	assert code_of(post(partners, GOOD, channel="No such")) == (404, "channel_not_found")
	assert code_of(post(partners, GOOD, channel="Google Ads")) == (404, "channel_not_found")


@pytest.mark.parametrize(
	("channel", "code"),
	[("Switched off", "channel_off"), ("On holiday", "channel_paused"), ("Calls only", "messages_off")],
)
def test_what_arrives_on_a_closed_channel_is_kept_and_can_be_accepted_by_hand(partners, channel, code):
	assert code_of(post(partners, GOOD, channel=channel)) == (409, code)
	kept = event(partners, channel=channel)
	assert kept.status == "Rejected" and kept.reason

	partners.run(lambda: frappe.get_doc("Lead Event", {"channel": channel}).take_up())
	assert wait_until(lambda: event(partners, channel=channel).status == "Processed", 20)


def test_the_old_secret_works_while_it_is_rotated(partners):
	old = "whsec_" + "b2xkIHNlY3JldCBvZiB0aGUgcGFydG5lciwgbG9uZyE="
	partners.run(
		lambda: frappe.get_doc("Lead Channel", "Partner").update({"previous_signing_secret": old}).save()
	)
	assert post(partners, GOOD, signing={"secret": old}).status == 202


def google(partners, payload):
	headers = {"Content-Type": "application/json"}
	return partners.request("POST", GOOGLE + "Google Ads", body=json.dumps(payload).encode(), headers=headers)


def submitted_form(**values):
	columns = {
		"FULL_NAME": "Ada Lovelace",
		"EMAIL": "ada@example.com",
		"PHONE_NUMBER": "+14155550123",
		"SEATS": "40",
	}
	return {
		"lead_id": "TeSter-123",
		"user_column_data": [
			{"column_id": name, "string_value": value, "column_name": name.title()}
			for name, value in columns.items()
		],
		"api_version": "1.0",
		"form_id": 40000000000,
		"campaign_id": "123456",
		"google_key": "key",
		"is_test": False,
		"gcl_id": "abc",
		**values,
	}


def test_google_s_form_is_answered_as_google_expects(partners):
	answer = google(partners, submitted_form())

	assert (answer.status, answer.json) == (200, {})
	assert wait_until(lambda: event(partners, channel="Google Ads").status == "Processed", 20)
	assert partners.run(frappe.db.get_value, "Lead", {}, ["lead_name", "email_id", "inbox_type"]) == (
		"Ada Lovelace",
		"ada@example.com",
		"Form",
	)
	assert "40" in partners.run(frappe.db.get_value, "Lead Message", {}, "content")


def test_google_s_repetition_and_test_are_answered_alike_and_make_no_second_lead(partners):
	google(partners, submitted_form())
	assert (
		google(partners, submitted_form()).status,
		google(partners, submitted_form(is_test=True, lead_id="t")).status,
	) == (200, 200)
	assert wait_until(lambda: event(partners, status="Test"), 20)
	assert wait_until(lambda: partners.run(frappe.db.count, "Lead") == 1, 20)


@pytest.mark.parametrize("key", ["wrong", "", None, 7, "kéy"])
def test_a_wrong_google_key_is_refused(partners, key):
	assert code_of(google(partners, submitted_form(google_key=key))) == (401, "key_invalid")


def test_google_s_key_is_not_kept_with_the_event(partners):
	google(partners, submitted_form())
	assert "google_key" not in event(partners, channel="Google Ads").payload


def test_a_get_is_refused_in_the_doors_own_form(partners):
	answer = partners.request("GET", HOOK + "Partner")
	assert code_of(answer) == (403, "refused")
