"""Text messages from the customer, and the orders in them: RE-9."""

from __future__ import annotations

import frappe
import pytest

from lead_inbox.inbox import events
from lead_inbox.tests.integration.builders import arrive, arrive_event, make_channel, make_lead, state_of

PHONE = "+14155550142"


@pytest.fixture(autouse=True)
def channel():
	return make_channel()


@pytest.fixture
def lead() -> str:
	return make_lead(mobile_no=PHONE).name


def text(words: str, **values: str) -> str:
	return arrive(type="sms", phone=PHONE, message=words, **values)


def refuses_sms(lead: str) -> bool:
	return bool(frappe.db.get_value("Lead", lead, "inbox_no_sms"))


def test_a_text_message_from_a_new_number_is_a_message_lead_with_an_sms():
	lead = text("Do you repair taps?")
	assert frappe.db.get_value("Lead", lead, ["inbox_type", "inbox_status"]) == ("Message", "New")
	assert frappe.db.get_value("Lead Message", {"lead": lead}, ["kind", "direction"]) == ("SMS", "In")


@pytest.mark.parametrize("words", ["STOP", "Stop all!", "arrêt"])
def test_stop_ends_text_messages_and_is_heard(lead, words):
	text(words)
	assert refuses_sms(lead)
	assert frappe.db.get_value("Lead", lead, ["inbox_no_calls", "inbox_no_mail"]) == (0, 0)
	assert frappe.db.get_value("Lead", lead, "inbox_last_inbound_on")
	assert frappe.db.count("Lead Message", {"lead": lead, "kind": "SMS", "direction": "In"}) == 1
	assert state_of(lead)[0] == "New"


def test_start_takes_stop_back(lead):
	text("STOP")
	text("Start")
	assert not refuses_sms(lead)


@pytest.mark.parametrize("words", ["Please stop by at five", "I had to cancel my holiday"])
def test_a_sentence_with_the_word_in_it_is_no_order(lead, words):
	text(words)
	assert not refuses_sms(lead)


def test_stop_in_another_kind_of_message_is_no_order(lead):
	arrive(type="message", phone=PHONE, message="STOP")
	assert not refuses_sms(lead)


def test_what_we_texted_is_no_order(lead):
	text("STOP", direction="out")
	assert not refuses_sms(lead)


@pytest.mark.parametrize("words", ["STOP", "start"])
def test_an_order_from_an_unknown_number_is_kept_and_makes_no_lead(words):
	event = arrive_event(type="sms", phone=PHONE, message=words)
	assert frappe.db.count("Lead") == 0
	status, reason = frappe.db.get_value("Lead Event", event, ["status", "reason"])
	assert status == events.PROCESSED and "text messages" in reason
