"""Setting up a channel: what an administrator is told and spared. Requirement PA-3."""

import frappe
import pytest

from lead_inbox.tests.integration.builders import SECRET, make_channel, make_user


def messages() -> str:
	return str(frappe.local.message_log)


def test_a_new_webhook_channel_shows_its_secret_once():
	channel = make_channel(signing_secret="")
	secret = channel.get_password("signing_secret")
	assert secret.startswith("whsec_") and secret in messages()

	frappe.local.message_log = []
	frappe.get_doc("Lead Channel", channel.name).save()
	assert secret not in messages()
	assert secret not in str(frappe.get_doc("Lead Channel", channel.name).as_dict())


def test_rotating_keeps_the_present_secret_valid():
	channel = make_channel()
	channel.rotate_signing_secret()
	channel = frappe.get_doc("Lead Channel", channel.name)

	assert channel.get_password("previous_signing_secret") == SECRET
	assert channel.get_password("signing_secret") != SECRET


def test_only_who_may_change_channels_may_rotate():
	channel = make_channel()
	frappe.set_user(make_user("jun@company.example"))
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Lead Channel", channel.name).rotate_signing_secret()


@pytest.mark.parametrize(
	("values", "words"),
	[
		({"signing_secret": "hunter2"}, "must be whsec_"),
		({"provider": "Google Ads Lead Form", "google_key": ""}, "Enter the Google Key"),
		({"time_zone": "Mars/Olympus"}, "is not a time zone"),
		({"field_map": [{"source_path": "a..b", "target_field": "name"}]}, "is not a path"),
		({"field_map": [{"source_path": "a", "target_field": "shoe_size"}]}, "is not a field of an event"),
	],
)
def test_a_mistake_is_refused_with_what_to_do(values, words):
	with pytest.raises(frappe.ValidationError, match=words):
		make_channel(**values)


def test_the_address_to_send_to_is_shown():
	assert make_channel("Phone & Chat").door_url.endswith("webhook.receive/Phone%20%26%20Chat")


def test_the_lead_source_of_a_channel_is_made():
	make_channel(source="Trade fair")
	field = frappe.get_meta("Lead").get_field("source") or frappe.get_meta("Lead").get_field("utm_source")
	assert frappe.db.exists(field.options, "Trade fair")
